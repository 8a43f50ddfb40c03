package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

func historyCommand() *cli.Command {
	return &cli.Command{
		Name:        "history",
		Usage:       "list stored scans, the latest first",
		ArgsUsage:   "[SITE]",
		Description: "SITE is a host, a registrable domain or the address of a landing page.",
		Flags:       []cli.Flag{dbFlag(), listFormatFlag()},
		Action:      runHistory,
	}
}

// listFormats are the formats of commands that print a list and no report.
func listFormats() []string { return []string{"table", "json"} }

func listFormatFlag() cli.Flag {
	return &cli.StringFlag{Name: "format", Value: listFormats()[0], Usage: "`FORMAT`: " + strings.Join(listFormats(), ", ")}
}

func runHistory(ctx context.Context, cmd *cli.Command) (err error) {
	if err := atMost(cmd, 1); err != nil {
		return err
	}
	format := cmd.String("format")
	if err := oneOf(cmd, "format", format, listFormats()); err != nil {
		return err
	}
	db, err := openStored(ctx, cmd)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	entries, err := db.History(ctx, store.Filter{Site: cmd.Args().First()})
	if err != nil {
		return err
	}
	w := cmd.Root().Writer
	if format == "json" {
		return writeIndented(w, entries)
	}
	if len(entries) == 0 {
		where := cmd.String("db")
		if site := cmd.Args().First(); site != "" {
			where += " of " + site
		}
		_, err = fmt.Fprintf(w, "There are no scans in %s.\n", printable(where))
		return err
	}
	return writeHistory(w, entries)
}

func writeHistory(w io.Writer, entries []store.Entry) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SCAN\tSTARTED (UTC)\tSITE\tOUTCOME\tCOOKIES\tPOTENTIAL VIOLATIONS")
	for _, e := range entries {
		cookies := fmt.Sprint(e.Cookies)
		if e.Outcome != evidence.Complete {
			cookies = "≥ " + cookies // what could be seen, not what there is
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.Started.UTC().Format(time.DateTime), printable(shortURL(e.Site.URL)), e.Outcome, cookies, violations(e))
	}
	return t.Flush()
}

// violations lists the severities that occur, gravest first.
func violations(e store.Entry) string {
	if e.Violations == nil {
		return "not audited"
	}
	var parts []string
	for _, s := range audit.Severities() {
		if n := e.Violations[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", ")
	case e.Outcome != evidence.Complete:
		return "none in what was seen"
	}
	return "none"
}

// shortURL is the address without what is the same in nearly all of them.
func shortURL(address string) string {
	return strings.TrimSuffix(strings.TrimPrefix(address, "https://"), "/")
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
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
		return report.WriteValue(w, entries)
	}
	if len(entries) == 0 {
		where := store.NameOf(cmd.String("db"))
		if site := cmd.Args().First(); site != "" {
			where += " of " + site
		}
		_, err = fmt.Fprintf(w, "There are no scans in %s.\n", printable(where))
		return err
	}
	return writeHistory(w, entries)
}

// maxSite keeps a line within 80 columns.
const maxSite = 28

func writeHistory(w io.Writer, entries []store.Entry) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SCAN\tSITE\tOUTCOME\tCOOKIES\tVIOLATIONS")
	n := idLength(entries)
	for _, e := range entries {
		cookies := fmt.Sprint(e.Cookies)
		if e.Outcome != evidence.Complete {
			cookies += "+" // what could be seen, not what there is
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", e.ID[:min(n, len(e.ID))], report.Fit(printable(shortURL(e.Site.URL)), maxSite), e.Outcome, cookies, violations(e))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n"+wrap("A scan is named after its start (UTC). Violations are potential ones, with the gravest "+
		"severity. A + and \"none seen\" stand for a scan that could not look at everything.", ""))
	return err
}

// idLength is how much of an ID tells the entries apart: at least its date and
// time. Commands take the beginning of an ID for the whole.
func idLength(entries []store.Entry) int {
	for n := len("20060102T150405"); ; n++ {
		seen, longer := map[string]bool{}, false
		for _, e := range entries {
			longer = longer || len(e.ID) > n
			seen[e.ID[:min(n, len(e.ID))]] = true
		}
		if len(seen) == len(entries) || !longer {
			return n
		}
	}
}

// violations says how many there are and how grave the worst is.
func violations(e store.Entry) string {
	if e.Violations == nil {
		return "no audit"
	}
	total, worst := 0, audit.Severity("")
	for _, s := range audit.Severities() {
		if n := e.Violations[s]; n > 0 {
			total += n
			worst = cmp.Or(worst, s)
		}
	}
	switch {
	case total > 0:
		return fmt.Sprintf("%d (%s)", total, worst)
	case e.Outcome != evidence.Complete:
		return "none seen"
	}
	return "none"
}

// shortURL is the address without what is the same in nearly all of them.
func shortURL(address string) string {
	return strings.TrimSuffix(strings.TrimPrefix(address, "https://"), "/")
}

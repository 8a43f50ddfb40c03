package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
	"cookieaudit/report"
)

func declareCommand() *cli.Command {
	return &cli.Command{
		Name:      "declare",
		Usage:     "write the corrected cookie table, ready to publish",
		ArgsUsage: "[SCAN]",
		Description: "SCAN is an ID, the beginning of one, or a site, whose latest scan is taken. The table holds\n" +
			"what the scan saw, with the providers and purposes that the policy states, and what the\n" +
			"policy declares beside. What only the owner of the site can know stands as\n" +
			report.ToComplete + " and is listed on stderr, as is a name that the table cannot say so\n" +
			"that a machine reads it again. The exit code is 4 where the scan is incomplete.",
		Flags: append(auditFlags(),
			&cli.StringFlag{Name: "format", Value: tableFormats()[0], Usage: "`FORMAT`: " + strings.Join(tableFormats(), ", ")},
			&cli.StringFlag{Name: "out", Usage: "write to `FILE`; its extension chooses the format", TakesFile: true},
			&cli.BoolFlag{Name: "prune", Usage: "leave out what the policy declares and the scan did not see"},
			dbFlag(), quietFlag(),
		),
		Action: runDeclare,
	}
}

func tableFormats() []string {
	var names []string
	for _, f := range report.TableFormats() {
		names = append(names, f.Name)
	}
	return names
}

func runDeclare(ctx context.Context, cmd *cli.Command) error {
	format, err := tableFormat(cmd)
	if err != nil {
		return err
	}
	r, err := storedReport(ctx, cmd)
	if err != nil {
		return err
	}
	table := report.NewCookieTable(r, report.TableOptions{Prune: cmd.Bool("prune")})
	if err := writeTable(cmd, format, table); err != nil {
		return err
	}
	if !cmd.Bool("quiet") {
		misread, err := misreadRows(format, table)
		if err != nil {
			return err
		}
		for _, name := range misread {
			table.Open = append(table.Open, fmt.Sprintf("%s: whoever compares the table with the site by machine will not find this name in it", name))
		}
		tellOpen(cmd.Root().ErrWriter, table)
	}
	if r.Scan.Outcome == evidence.Complete {
		return nil
	}
	e := &resultError{code: exitIncomplete}
	if !cmd.Bool("quiet") {
		e.why = "the scan is incomplete: the table may lack what could not be seen"
	}
	return e
}

// tableFormat is the format that was asked for, by name or by the file's
// extension.
func tableFormat(cmd *cli.Command) (report.TableFormat, error) {
	name, out := cmd.String("format"), cmd.String("out")
	for _, f := range report.TableFormats() {
		if cmd.IsSet("format") && f.Name == name || !cmd.IsSet("format") && out != "" && strings.HasSuffix(out, f.Extension) {
			return f, nil
		}
	}
	if !cmd.IsSet("format") && out == "" {
		return report.TableFormats()[0], nil
	}
	if !cmd.IsSet("format") {
		return report.TableFormat{}, usagef(cmd, "--out %s: no format has this extension; name one with --format", out)
	}
	return report.TableFormat{}, oneOf(cmd, "format", name, tableFormats())
}

func writeTable(cmd *cli.Command, f report.TableFormat, t *report.CookieTable) error {
	out := cmd.String("out")
	if out == "" {
		return f.Write(cmd.Root().Writer, t)
	}
	file, err := os.Create(out)
	if err != nil {
		return fmt.Errorf("write the cookie table: %w", err)
	}
	return errors.Join(f.Write(file, t), file.Close())
}

// misreadRows are the names that our own reader does not find in the table again.
// Tables are read by their looks, and a cookie may be called "a, b" or "Name".
func misreadRows(f report.TableFormat, t *report.CookieTable) ([]string, error) {
	var b bytes.Buffer
	if err := f.Write(&b, t); err != nil {
		return nil, err
	}
	doc, err := policy.Read(policy.Input{URL: "cookies" + f.Extension, Body: b.Bytes()})
	if err != nil {
		return nil, fmt.Errorf("read the cookie table again: %w", err)
	}
	var names []string
	for _, r := range t.Rows {
		if !slices.ContainsFunc(doc.Declarations, func(d evidence.Declaration) bool { return d.Name == r.Name }) {
			names = append(names, r.Name)
		}
	}
	return names, nil
}

// tellOpen lists what a person has to complete before the table is published.
func tellOpen(w io.Writer, t *report.CookieTable) {
	if len(t.Open) == 0 {
		return
	}
	fmt.Fprintf(w, "Before you publish it (%s):\n", report.Plural(len(t.Open), "open point"))
	for _, o := range t.Open {
		fmt.Fprint(w, wrap(printable(o), "  "))
	}
}

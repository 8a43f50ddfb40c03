package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

func diffCommand() *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "what changed between two scans",
		ArgsUsage: "OLD NEW | SITE",
		Description: "OLD and NEW are IDs of stored scans, the beginning of one, a site, whose latest scan is\n" +
			"taken, or a report saved with --format json=FILE, such as a baseline. With SITE alone its\n" +
			"latest scan is compared with the one before.\n\n" +
			"The exit code is 3 where violations are new or have become graver, from --fail-on on, and 4\n" +
			"where the newer scan is incomplete.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Value: diffFormats()[0], Usage: "`FORMAT`: " + strings.Join(diffFormats(), ", ")},
			dbFlag(), failOnFlag(string(audit.High)), quietFlag(),
		},
		Action: runDiff,
	}
}

func diffFormats() []string {
	var names []string
	for _, f := range report.DiffFormats() {
		names = append(names, f.Name)
	}
	return names
}

func runDiff(ctx context.Context, cmd *cli.Command) error {
	severity, err := failOn(cmd)
	if err != nil {
		return err
	}
	if err := oneOf(cmd, "format", cmd.String("format"), diffFormats()); err != nil {
		return err
	}
	older, newer, err := diffReports(ctx, cmd)
	if err != nil {
		return err
	}
	d := report.Compare(older, newer)
	for _, f := range report.DiffFormats() {
		if f.Name == cmd.String("format") {
			if err := f.Write(cmd.Root().Writer, d, tableOptions(cmd)); err != nil {
				return err
			}
		}
	}
	return diffResult(d, severity, cmd.Bool("quiet"))
}

// diffResult returns nil, or the error that carries the exit code.
func diffResult(d *report.Diff, severity audit.Severity, quiet bool) error {
	worse := 0
	if severity != "" {
		worse = d.NewAtLeast(severity)
	}
	var e *resultError
	switch {
	case worse > 0:
		e = &resultError{exitViolations, fmt.Sprintf("%s of severity %s or above, new or graver", report.Plural(worse, "potential violation"), severity)}
	case d.New.Outcome != evidence.Complete:
		e = &resultError{exitIncomplete, "the newer scan is incomplete"}
	default:
		return nil
	}
	if quiet {
		e.why = ""
	}
	return e
}

// diffReports finds the two reports that the arguments name, the older first.
func diffReports(ctx context.Context, cmd *cli.Command) (older, newer *report.Report, err error) {
	switch cmd.Args().Len() {
	case 0:
		return nil, nil, usagef(cmd, "two scans are missing: cookieaudit diff OLD NEW")
	case 1:
		return latestTwo(ctx, cmd, cmd.Args().First())
	}
	if err := atMost(cmd, 2); err != nil {
		return nil, nil, err
	}
	if older, err = namedReport(ctx, cmd, cmd.Args().Get(0)); err != nil {
		return nil, nil, err
	}
	newer, err = namedReport(ctx, cmd, cmd.Args().Get(1))
	return older, newer, err
}

// latestTwo compares the latest scan of a site with the one before.
func latestTwo(ctx context.Context, cmd *cli.Command, site string) (older, newer *report.Report, err error) {
	db, err := openStored(ctx, cmd)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	entries, err := db.History(ctx, store.Filter{Site: site, Limit: 2})
	if err != nil {
		return nil, nil, err
	}
	if len(entries) < 2 {
		return nil, nil, fmt.Errorf("%s holds %s of %q, and two are needed: name them as cookieaudit diff OLD NEW",
			store.NameOf(cmd.String("db")), report.Plural(len(entries), "scan"), site)
	}
	if older, err = loadReport(ctx, cmd, db, entries[1].ID); err != nil {
		return nil, nil, err
	}
	newer, err = loadReport(ctx, cmd, db, entries[0].ID)
	return older, newer, err
}

// namedReport reads a report from a JSON file or makes it from a stored scan.
func namedReport(ctx context.Context, cmd *cli.Command, name string) (_ *report.Report, err error) {
	if r, err := savedReport(name); r != nil || err != nil {
		return r, err
	}
	db, err := openStored(ctx, cmd)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return loadReport(ctx, cmd, db, name)
}

// savedReport reads a report that was written as JSON; nil where there is no
// such file.
func savedReport(path string) (*report.Report, error) {
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !strings.HasSuffix(path, ".json"):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the saved report: %w", err)
	}
	var r report.Report
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("read the saved report %s: %w", path, err)
	}
	if r.Schema != report.Schema {
		return nil, fmt.Errorf("%s is no report of this tool: its schema is %q, not %s; write one with --format json=FILE", path, r.Schema, report.Schema)
	}
	if len(r.Only) > 0 {
		return nil, fmt.Errorf("%s was written with --only: what it leaves out would look new; write it without", path)
	}
	return &r, nil
}

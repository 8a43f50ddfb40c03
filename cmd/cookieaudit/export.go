package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/report"
)

func exportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write a stored scan as CSV",
		ArgsUsage: "[SCAN]",
		Description: "SCAN is an ID, the beginning of one, or a site, whose latest scan is taken.\n" +
			"One kind goes to stdout or to --out FILE; with --out DIR every kind is written as KIND.csv.\n\n" +
			"A spreadsheet may take a name such as 1e5 or 0012 in CSV for a number; it leaves names as they\n" +
			"are in what cookieaudit report --format xlsx=FILE writes.",
		Flags: append(auditFlags(),
			&cli.StringFlag{Name: "kind", Usage: "`KIND` of rows: " + strings.Join(texts(report.CSVKinds()), ", ") + " (default: cookies; all with --out DIR)"},
			&cli.BoolFlag{Name: "columns", Usage: "say what stands in each column, and write nothing else"},
			&cli.StringFlag{Name: "out", Usage: "`FILE|DIR` to write to (DIR: ends in / or exists)", TakesFile: true},
			&cli.BoolFlag{Name: "bom", Usage: "begin with a byte order mark, which Excel needs to read UTF-8"},
			onlyFlag(), dbFlag(),
		),
		Action: runExport,
	}
}

func runExport(ctx context.Context, cmd *cli.Command) error {
	out, toDir := cmd.String("out"), isDir(cmd.String("out"))
	kinds := report.CSVKinds()
	switch k := cmd.String("kind"); {
	case k != "":
		kind, err := report.ParseCSVKind(k)
		if err != nil {
			return usagef(cmd, "--kind: %w", err)
		}
		kinds = []report.CSVKind{kind}
	case !toDir && !cmd.Bool("columns"):
		kinds = []report.CSVKind{report.CSVCookies}
	}
	if cmd.Bool("columns") {
		return tellColumns(cmd.Root().Writer, kinds)
	}
	only, err := onlyRules(cmd)
	if err != nil {
		return err
	}
	r, err := storedReport(ctx, cmd)
	if err != nil {
		return err
	}
	r = r.OnlyRules(only)
	if toDir {
		if err := os.MkdirAll(out, 0o750); err != nil {
			return fmt.Errorf("make the folder for the CSV files: %w", err)
		}
	}
	opts := report.Options{BOM: cmd.Bool("bom")}
	if out == "" {
		return report.WriteCSV(cmd.Root().Writer, kinds[0], opts, r)
	}
	for _, kind := range kinds {
		path := out
		if toDir {
			path = filepath.Join(out, string(kind)+".csv")
		}
		if err := exportTo(path, kind, opts, r); err != nil {
			return err
		}
	}
	return nil
}

// tellColumns says what stands in each column of the files.
func tellColumns(w io.Writer, kinds []report.CSVKind) error {
	for _, kind := range kinds {
		if _, err := fmt.Fprintf(w, "%s.csv\n", kind); err != nil {
			return err
		}
		for _, c := range report.CSVColumns(kind) {
			if _, err := fmt.Fprintf(w, "  %-18s %s\n", c.Name, c.About); err != nil {
				return err
			}
		}
	}
	return nil
}

func exportTo(path string, kind report.CSVKind, opts report.Options, r *report.Report) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return errors.Join(report.WriteCSV(f, kind, opts, r), f.Close())
}

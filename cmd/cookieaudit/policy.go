package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/urfave/cli/v3"

	"cookieaudit/crawler"
	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
	"cookieaudit/report"
)

// policyFormats are the formats of the policy command: declarations have a
// table of their own, so that CSV makes sense.
func policyFormats() []string { return append(listFormats(), "csv") }

func policyCommand() *cli.Command {
	return &cli.Command{
		Name:        "policy",
		Usage:       "print what a cookie policy declares and promises",
		ArgsUsage:   "URL|FILE|-",
		Description: "Reads a policy from the web, from a file or, with -, from stdin: HTML, markdown, text, CSV, JSON, YAML or PDF (with pdftotext of poppler-utils). Nothing is scanned.",
		Flags: append(browserFlags(),
			&cli.StringFlag{Name: "format", Value: policyFormats()[0], Usage: "`FORMAT`: " + strings.Join(policyFormats(), ", ")},
			&cli.BoolFlag{Name: "explain", Usage: "say which text gave each field (table and json)"}),
		Action: runPolicy,
	}
}

func runPolicy(ctx context.Context, cmd *cli.Command) (err error) {
	if err := atMost(cmd, 1); err != nil {
		return err
	}
	format := cmd.String("format")
	if err := oneOf(cmd, "format", format, policyFormats()); err != nil {
		return err
	}
	if cmd.Bool("explain") && format == "csv" {
		return usagef(cmd, "--explain has no columns in csv: use --format table or json")
	}
	source := cmd.Args().First()
	if source == "" {
		return usagef(cmd, "a policy is missing: name a URL, a file, or - for stdin")
	}
	c, err := crawler.New(ctx, browserConfig(cmd))
	if err != nil {
		return usagef(cmd, "%w", err)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	doc, err := c.ReadPolicy(ctx, source)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w (an address begins with https://)", err)
	}
	if err != nil {
		return policyError(source, err)
	}
	w := cmd.Root().Writer
	p := report.NewPolicy(doc.PolicyDocument, doc.Declarations, doc.Claims, cmd.Bool("explain"))
	switch format {
	case "json":
		return report.WritePolicyJSON(w, p)
	case "csv":
		return report.WriteCSV(w, report.CSVDeclarations, report.Options{}, withoutScan(doc))
	}
	return report.WritePolicyTable(w, p, tableOptions(cmd))
}

// policyError says what to do about a policy that could not be read.
func policyError(source string, err error) error {
	if !strings.Contains(err.Error(), source) {
		err = fmt.Errorf("%s: %w", source, err)
	}
	switch {
	case errors.Is(err, policy.ErrBinary):
		return fmt.Errorf("%w (readable are HTML, markdown, text, CSV, JSON, YAML and PDF: save the document as one of these)", err)
	case errors.Is(err, policy.ErrEmpty):
		return fmt.Errorf("%w (a page that scripts write is read by its address, not from a saved file)", err)
	}
	return err
}

// withoutScan is the report of a scan that looked at nothing but the policy, so
// that the rows are those of an export.
func withoutScan(doc *policy.Document) *report.Report {
	return report.New(&evidence.Scan{
		Site:         evidence.Site{URL: doc.URL},
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Found: true, Looked: []string{doc.URL}},
		Policies:     []evidence.PolicyDocument{doc.PolicyDocument},
		Declarations: doc.Declarations,
	}, nil)
}

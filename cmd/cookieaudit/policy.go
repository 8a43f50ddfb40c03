package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"text/tabwriter"

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
		Description: "Reads a policy from the web, from a file or, with -, from stdin. Nothing is scanned.",
		Flags: append(browserFlags(),
			&cli.StringFlag{Name: "format", Value: policyFormats()[0], Usage: "`FORMAT`: " + strings.Join(policyFormats(), ", ")}),
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
		return fmt.Errorf("%s: %w", source, err)
	}
	w := cmd.Root().Writer
	switch format {
	case "json":
		return writeIndented(w, newPolicyText(doc))
	case "csv":
		return report.WriteCSV(w, report.CSVDeclarations, report.Options{}, policyReport(doc))
	}
	return writePolicy(w, doc)
}

// A policyText is the JSON of the policy command, in the shapes of the report's.
type policyText struct {
	Document     report.Policy          `json:"document"`
	Declarations []evidence.Declaration `json:"declarations"`
	Claims       []evidence.Claim       `json:"claims"`
	DeclaresNone bool                   `json:"declares_none"`
}

func newPolicyText(doc *policy.Document) policyText {
	r := policyReport(doc)
	p := policyText{
		Document: r.Policies[0], Claims: r.Claims, DeclaresNone: doc.DeclaresNone,
		Declarations: make([]evidence.Declaration, len(r.Declarations)),
	}
	for i := range r.Declarations {
		p.Declarations[i] = r.Declarations[i].Declaration
	}
	return p
}

// policyReport is the report of a scan that has looked at nothing but the policy.
func policyReport(doc *policy.Document) *report.Report {
	return report.New(&evidence.Scan{
		Site:         evidence.Site{URL: doc.URL},
		Outcome:      evidence.Complete,
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Found: true, Looked: []string{doc.URL}},
		Policies:     []evidence.PolicyDocument{doc.PolicyDocument},
		Declarations: doc.Declarations,
		Claims:       doc.Claims,
	}, nil)
}

func writePolicy(w io.Writer, doc *policy.Document) error {
	fmt.Fprintf(w, "%s\n%s\n\n", printable(cmp.Or(doc.Title, "(without a title)")), printable(doc.URL))
	switch {
	case len(doc.Declarations) > 0:
		fmt.Fprintf(w, "Declares %s\n\n", plural(len(doc.Declarations), "cookie or storage item"))
		if err := writeDeclarations(w, doc.Declarations); err != nil {
			return err
		}
	case doc.DeclaresNone:
		fmt.Fprintln(w, "Says that no cookies are used.")
	default:
		fmt.Fprintln(w, "Names no cookie that could be read.")
	}
	if len(doc.Claims) > 0 {
		fmt.Fprintf(w, "\nPromises\n")
	}
	for _, c := range doc.Claims {
		fmt.Fprintf(w, "\n  %s (%s)\n%s", c.Kind, c.Scope, wrap(printable(c.Quote), textWidth, "    "))
	}
	return nil
}

func writeDeclarations(w io.Writer, ds []evidence.Declaration) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tSTORAGE\tPURPOSE\tLIFETIME\tPROVIDER OR HOST")
	for _, d := range ds {
		cells := []string{d.Name, string(d.Storage), string(d.Category), cmp.Or(d.Lifetime, "not stated"), cmp.Or(d.Provider, d.Host)}
		for i, c := range cells {
			cells[i] = strings.Join(strings.Fields(printable(c)), " ")
		}
		fmt.Fprintln(t, strings.Join(cells, "\t"))
	}
	return t.Flush()
}

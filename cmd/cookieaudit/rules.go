package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

func rulesCommand() *cli.Command {
	return &cli.Command{
		Name:        "rules",
		Usage:       "show the rules and the law that they rest on",
		ArgsUsage:   "[ID]",
		Description: "Without ID it lists the rules, with one it shows everything about it.",
		Flags:       []cli.Flag{listFormatFlag()},
		Action:      runRules,
	}
}

func runRules(_ context.Context, cmd *cli.Command) error {
	if err := atMost(cmd, 1); err != nil {
		return err
	}
	format := cmd.String("format")
	if err := oneOf(cmd, "format", format, listFormats()); err != nil {
		return err
	}
	all := rules.All()
	if id := cmd.Args().First(); id != "" {
		i := slices.IndexFunc(all, func(r audit.Rule) bool { return strings.EqualFold(r.ID, id) })
		if i < 0 {
			return usagef(cmd, "there is no rule %q; cookieaudit rules lists them", id)
		}
		all = all[i : i+1]
	}
	w := cmd.Root().Writer
	switch {
	case format == "json":
		return report.WriteValue(w, describeRules(all))
	case len(all) == 1 && cmd.Args().Present():
		return writeRule(w, &all[0])
	}
	return listRules(w, all)
}

// A ruleText is a rule without its check.
type ruleText struct {
	ID          string           `json:"id"`
	Title       string           `json:"title"`
	Severity    audit.Severity   `json:"severity"`
	Certainty   audit.Certainty  `json:"certainty"`
	Needs       []evidence.Phase `json:"needs"`
	NeedsPolicy bool             `json:"needs_policy"`
	Condition   string           `json:"condition"`
	Control     string           `json:"control"`
	Remediation string           `json:"remediation"`
	Citations   []law.Citation   `json:"citations"`
}

func describeRules(all []audit.Rule) []ruleText {
	out := make([]ruleText, len(all))
	for i, r := range all {
		out[i] = ruleText{
			ID: r.ID, Title: r.Title, Severity: r.Severity, Certainty: r.Certainty,
			Needs: append([]evidence.Phase{}, r.Needs...), NeedsPolicy: r.NeedsPolicy,
			Condition: r.Condition, Control: r.Control, Remediation: r.Remediation,
			Citations: append([]law.Citation{}, r.Cites...),
		}
	}
	return out
}

func listRules(w io.Writer, all []audit.Rule) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "RULE\tSEVERITY\tTITLE")
	for _, r := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\n", r.ID, r.Severity, r.Title)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "\nA finding is potential non-compliance: the tool observes, a person judges.")
	return err
}

// textWidth is the width of running text, in columns.
const textWidth = 78

func writeRule(w io.Writer, r *audit.Rule) error {
	needs := texts(r.Needs)
	if r.NeedsPolicy {
		needs = append(needs, "the site's policy")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\nSeverity:  %s\nCertainty: %s\n", r.ID, r.Title, r.Severity, r.Certainty)
	if len(needs) > 0 {
		fmt.Fprintf(&b, "Looks at:  %s\n", strings.Join(needs, ", "))
	}
	for _, part := range []struct{ title, text string }{
		{"Violated when", r.Condition}, {"Guard against false alarms", r.Control}, {"What to do", r.Remediation},
	} {
		if part.text != "" {
			fmt.Fprintf(&b, "\n%s\n%s", part.title, wrap(part.text, "  "))
		}
	}
	b.WriteString("\nRests on\n")
	for _, c := range r.Cites {
		name := c.Instrument.Name
		if c.Provision != "" {
			name += ", " + c.Provision
		}
		fmt.Fprintf(&b, "%s    %s; text of %s, checked %s\n    %s\n",
			wrap(name, "  "), c.Instrument.Authority, c.Instrument.Date, c.AsOf, c.Instrument.URL)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks text into indented lines of at most textWidth columns.
func wrap(text, indent string) string {
	return indent + strings.Join(report.Wrap(text, textWidth-len(indent)), "\n"+indent) + "\n"
}

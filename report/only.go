package report

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"cookieaudit/audit"
)

// MatchRule reports whether a rule's ID is named by a pattern: the ID itself, or
// one with "*" and "?" in it.
func MatchRule(pattern, id string) bool {
	ok, err := path.Match(strings.ToUpper(pattern), id)
	return err == nil && ok
}

// OnlyRules returns the report with the findings of some rules. Result, counts,
// score and what the scan saw stay those of the whole, and every format says
// that findings are left out.
func (r *Report) OnlyRules(patterns []string) *Report {
	if len(patterns) == 0 {
		return r
	}
	out := *r
	out.Only, out.Findings, out.all = patterns, []audit.Finding{}, nil
	for _, f := range r.Findings {
		bare := f
		bare.Evidence, bare.Citations = nil, nil
		out.all = append(out.all, bare)
		if slices.ContainsFunc(patterns, func(p string) bool { return MatchRule(p, f.Rule) }) {
			out.Findings = append(out.Findings, f)
		}
	}
	return &out
}

// judged are the findings of the whole scan.
func (r *Report) judged() []audit.Finding {
	if len(r.Only) > 0 {
		return r.all
	}
	return r.Findings
}

// OnlyNotice says that findings are left out; empty where none are.
func (r *Report) OnlyNotice() string {
	if len(r.Only) == 0 {
		return ""
	}
	return fmt.Sprintf("Only the findings of %s are shown here. Result, counts and score are those of all rules.", r.onlyText())
}

func (r *Report) onlyText() string {
	names := make([]string, len(r.Only))
	for i, p := range r.Only {
		names[i] = prose(p)
	}
	return strings.Join(names, ", ")
}

// notices are what has to be known of a report before anything that stands in it.
func (r *Report) notices() []string {
	var out []string
	for _, n := range []string{r.ValuesNotice(), r.OnlyNotice()} {
		if n != "" {
			out = append(out, n)
		}
	}
	return out
}

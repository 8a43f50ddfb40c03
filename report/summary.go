package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// WriteSummary writes one row per report: outcome, cookies, third-party cookies,
// cookies that the policy declares, violations by severity and rules that could
// not tell; then why scans are not complete. A "?" stands for what could not be
// looked at, a "+" behind a number for a lower bound.
func WriteSummary(w io.Writer, reports []*Report, o Options) error {
	t := newTerminal(o)
	columns := []gridColumn{
		{Head: "SITE", Min: 14, Shrink: true}, {Head: "OUTCOME"}, {Head: "COOKIES", Right: true}, {Head: "3RD", Right: true}, {Head: "DECL", Right: true},
	}
	for _, sev := range audit.Severities() {
		columns = append(columns, gridColumn{Head: strings.ToUpper(string(sev[:1])), Right: true})
	}
	columns = append(columns, gridColumn{Head: "?", Right: true})
	var rows [][]string
	for _, r := range reports {
		rows = append(rows, r.summaryRow())
	}
	t.line(bold, fmt.Sprintf("SUMMARY (%s)", Plural(len(reports), "site")))
	if err := t.grid(columns, t.gridWidths(columns, rows), rows); err != nil {
		return err
	}
	t.wrapped(dim, "  ", "3RD: cookies of third parties. DECL: cookies that the policy declares. C, H, M, L, I: potential violations, critical, high, medium, low, info. ?: rules that could not tell; in a row, what could not be looked at. +: a lower bound.")
	if n, flag := leftOut(reports); n > 0 {
		t.wrapped(plain, "  ", fmt.Sprintf("%s phases that were not asked for, and stand in no column: nothing is known of what they look for. %s asks for them.", needs(n), flag))
	}
	for _, r := range reports {
		if r.Scan.Outcome != evidence.Complete {
			t.wrapped(redB, "! ", identifier(r.siteName())+": "+cmp.Or(prose(r.shortWhy()), "no reason was recorded"))
		}
	}
	return t.flush(w)
}

// shortWhy is why the scan is not complete, each reason once.
func (r *Report) shortWhy() string {
	if !toldBy(r.Scan.Why, r.Coverage.Gaps) {
		return r.Scan.Why
	}
	var parts []string
	for _, g := range shortGaps(r.Coverage.Gaps) {
		if part := g.label() + ": " + g.Why; g.Area != "scan" && g.Why != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "; ")
}

// outcomeWord is outcomeText for a narrow column.
func outcomeWord(o evidence.Outcome) string {
	if o == evidence.Unavailable {
		return "NOT SEEN"
	}
	return outcomeText(o)
}

func (r *Report) siteName() string { return cmp.Or(r.Scan.Site.Host, r.Scan.Site.URL) }

func (r *Report) summaryRow() []string {
	n := r.Summary.Cookies
	declared := r.countText(n.Declared)
	if n.Seen > 0 && n.Unknown == n.Seen {
		declared = "?"
	}
	row := []string{identifier(r.siteName()), outcomeWord(r.Scan.Outcome), r.countText(n.Seen), r.countText(n.ThirdParty), declared}
	for _, sev := range audit.Severities() {
		row = append(row, r.violationCount(sev))
	}
	return append(row, r.verdictCount(r.Summary.CouldNotTell()))
}

// countText writes a count of things seen: "?" where nothing was looked at.
func (r *Report) countText(n int) string {
	switch {
	case !r.Coverage.looked():
		return "?"
	case !r.Coverage.scannedWhole():
		return fmt.Sprintf("%d+", n)
	default:
		return fmt.Sprint(n)
	}
}

// verdictCount writes a count of findings: "?" where no rule was asked.
func (r *Report) verdictCount(n int) string {
	if len(r.judged()) == 0 {
		return "?"
	}
	return fmt.Sprint(n)
}

// ViolationTotal writes how many violations there are: "?" where nothing could be
// looked at or no rule was asked, with a "+" where rules could not tell.
func (r *Report) ViolationTotal() string {
	switch {
	case !r.Coverage.looked(), len(r.judged()) == 0:
		return "?"
	case r.Summary.CouldNotTell() > 0:
		return fmt.Sprintf("%d+", r.Summary.Verdicts[audit.Violation])
	default:
		return fmt.Sprint(r.Summary.Verdicts[audit.Violation])
	}
}

// violationCount writes how many violations of a severity there are: "?" where
// no rule of it could answer, with a "+" where some could not. Zero without a
// mark means that there are none.
func (r *Report) violationCount(sev audit.Severity) string {
	answered, open, asked := false, false, true
	for _, f := range r.judged() {
		if f.Severity == sev {
			answered = answered || f.Verdict != audit.Inconclusive
			open = open || f.CouldNotTell()
			asked = asked && len(f.NotRequested) == 0
		}
	}
	switch {
	case !r.Coverage.looked(), len(r.judged()) == 0, (open || !asked) && !answered:
		return "?"
	case open:
		return fmt.Sprintf("%d+", r.Summary.Violations[sev])
	default:
		return fmt.Sprint(r.Summary.Violations[sev])
	}
}

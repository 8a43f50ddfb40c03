package report

import (
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// Summary counts what the report holds. The counts are of what was seen; where
// Coverage has gaps they are lower bounds.
type Summary struct {
	// Headline says the result in one sentence, gaps included.
	Headline string `json:"headline"`
	// Verdicts counts findings: one per violation, and one for every rule that
	// passed, could not tell or did not apply.
	Verdicts map[audit.Verdict]int `json:"verdicts"`
	// NotRequested counts those inconclusive rules that need only phases which the
	// scan was not asked to visit.
	NotRequested int `json:"not_requested"`
	// Violations counts the violations of each severity.
	Violations map[audit.Severity]int `json:"violations"`
	// Worst is the gravest severity among the violations, nil where there are none.
	Worst        *audit.Severity `json:"worst"`
	Cookies      CookieCounts    `json:"cookies"`
	Storage      int             `json:"storage"`
	Requests     int             `json:"requests"`
	Declarations DeclaredCounts  `json:"declarations"`
}

// CookieCounts counts the cookies that were seen, refused ones included.
type CookieCounts struct {
	Seen       int `json:"seen"`
	Stored     int `json:"stored"`
	FirstParty int `json:"first_party"`
	ThirdParty int `json:"third_party"`
	Before     int `json:"before"` // written or held before any answer
	Declared   int `json:"declared"`
	Undeclared int `json:"undeclared"`
	Unknown    int `json:"unknown"`
}

// DeclaredCounts counts declarations.
type DeclaredCounts struct {
	Total    int `json:"total"`
	Observed int `json:"observed"`
}

// verdicts lists the verdicts in the order in which they are told.
func verdicts() []audit.Verdict {
	return []audit.Verdict{audit.Violation, audit.Inconclusive, audit.Pass, audit.NotApplicable}
}

func summarize(r *Report) Summary {
	s := Summary{Verdicts: map[audit.Verdict]int{}, Violations: map[audit.Severity]int{}, Storage: len(r.Storage), Requests: len(r.Requests)}
	for _, v := range verdicts() {
		s.Verdicts[v] = 0
	}
	for _, sev := range audit.Severities() {
		s.Violations[sev] = 0
	}
	for _, f := range r.Findings {
		s.Verdicts[f.Verdict]++
		if len(f.NotRequested) > 0 {
			s.NotRequested++
		}
		if f.Verdict == audit.Violation {
			s.Violations[f.Severity]++
		}
	}
	if sev, ok := r.Worst(); ok {
		s.Worst = &sev
	}
	for i := range r.Cookies {
		s.Cookies.add(r, &r.Cookies[i])
	}
	s.Declarations.Total = len(r.Declarations)
	for _, d := range r.Declarations {
		if d.Observed {
			s.Declarations.Observed++
		}
	}
	s.Headline = headline(r, s)
	return s
}

func (n *CookieCounts) add(r *Report, c *Cookie) {
	n.Seen++
	if c.Stored {
		n.Stored++
	}
	if c.Party == evidence.Third {
		n.ThirdParty++
	} else {
		n.FirstParty++
	}
	if s := r.sighting(c, evidence.Before); s == Seen || s == AfterAnswer {
		n.Before++
	}
	switch c.Declared {
	case audit.Declared:
		n.Declared++
	case audit.Undeclared:
		n.Undeclared++
	default:
		n.Unknown++
	}
}

// Worst returns the gravest severity among the violations, and false where
// there are none.
func (r *Report) Worst() (audit.Severity, bool) {
	for _, sev := range audit.Severities() {
		for _, f := range r.judged() {
			if f.Verdict == audit.Violation && f.Severity == sev {
				return sev, true
			}
		}
	}
	return "", false
}

// CountAtLeast counts the violations that are as grave as sev or graver and that
// nobody has accepted.
func (r *Report) CountAtLeast(sev audit.Severity) int {
	n := 0
	for _, f := range r.judged() {
		if f.Verdict == audit.Violation && f.Accepted == nil && f.Severity.AtLeast(sev) {
			n++
		}
	}
	return n
}

// headline never says "none" without saying of what.
func headline(r *Report, s Summary) string {
	n := s.Verdicts[audit.Violation]
	if n == 0 && !r.Coverage.looked() {
		return "The site could not be looked at: nothing is known about its cookies"
	}
	if len(r.judged()) == 0 {
		return "The scan was not audited: no rule was asked"
	}
	var b strings.Builder
	if n == 0 {
		b.WriteString("No potential violation found")
	} else {
		fmt.Fprintf(&b, "%s: %s", Plural(n, "potential violation"), severityCounts(s.Violations))
	}
	switch {
	case r.Scan.Outcome != evidence.Complete && n == 0:
		b.WriteString(" in the part of the site that could be looked at")
	case r.Scan.Outcome != evidence.Complete:
		b.WriteString("; part of the site could not be looked at")
	case len(r.Coverage.Gaps) > 0:
		b.WriteString("; not everything could be proven")
	}
	if k := s.CouldNotTell(); k > 0 {
		fmt.Fprintf(&b, "; %s could not tell", Plural(k, "rule"))
	}
	if k := s.NotRequested; k > 0 {
		fmt.Fprintf(&b, "; %s phases that were not asked for", needs(k))
	}
	return b.String()
}

// CouldNotTell counts the rules that were asked and could not answer.
func (s Summary) CouldNotTell() int { return s.Verdicts[audit.Inconclusive] - s.NotRequested }

func needs(n int) string {
	if n == 1 {
		return "1 rule needs"
	}
	return fmt.Sprintf("%d rules need", n)
}

// severityCounts lists the severities that occur, gravest first.
func severityCounts(n map[audit.Severity]int) string {
	var parts []string
	for _, sev := range audit.Severities() {
		if n[sev] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[sev], sev))
		}
	}
	return strings.Join(parts, ", ")
}

// Plural says "1 site", "3 sites" or "2 addresses".
func Plural(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "s"):
		return fmt.Sprintf("%d %ses", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func elsewhere(name string, category evidence.Category, sites int) evidence.ClassElsewhere {
	return evidence.ClassElsewhere{Name: name, Category: category, Sites: sites}
}

func compared(classes ...evidence.ClassElsewhere) func(*evidence.Scan) {
	return func(s *evidence.Scan) { s.Corpus = &evidence.Corpus{Classes: classes} }
}

func TestPurposeOutlier(t *testing.T) {
	t.Parallel()
	row := func(name string, c evidence.Category) func(*evidence.Scan) {
		return declares(classed(declaration(name, "", "", noLength), c))
	}
	nine, one := elsewhere("zq1", evidence.Analytics, 9), elsewhere("zq1", evidence.Marketing, 1)
	unsure := classed(declaration("zq1", "", "", noLength), evidence.Necessary)
	unsure.Unsure = "two classes stand in one cell"
	judge(t, rules.PurposeOutlier, []verdictCase{
		{
			name: "nine of ten say otherwise", scan: newScan(row("zq1", evidence.Necessary), compared(nine, one)), want: audit.Violation,
			subjects: rows("zq1"), severity: audit.Low, certainty: audit.Possible, says: []string{"necessary", "10 other sites", "9 call it analytics"},
		},
		{
			name: "and so do we", scan: newScan(row("_ga", evidence.Necessary), compared(elsewhere("_ga", evidence.Analytics, 10))), want: audit.Violation,
			subjects: rows("_ga"), severity: audit.Low, certainty: audit.Likely,
		},
		{
			name: "only what differs", scan: newScan(row("zq1", evidence.Necessary), row("zq2", evidence.Analytics), compared(nine, one, elsewhere("zq2", evidence.Analytics, 12))),
			want: audit.Violation, subjects: rows("zq1"),
		},
		{name: "as most do", scan: newScan(row("zq1", evidence.Analytics), compared(nine, one)), want: audit.Pass},
		{name: "another row says what most do", scan: newScan(row("zq1", evidence.Analytics), row("zq1", evidence.Necessary), compared(nine, one)), want: audit.Pass},
		{
			name: "two thirds and no more", want: audit.Pass,
			scan: newScan(row("zq1", evidence.Necessary), compared(elsewhere("zq1", evidence.Analytics, 8), elsewhere("zq1", evidence.Marketing, 4))),
		},
		{name: "the others are wrong", scan: newScan(row("_ga", evidence.Analytics), compared(elsewhere("_ga", evidence.Necessary, 20))), want: audit.Pass},
		{name: "two words for what needs no consent", scan: newScan(row("PHPSESSID", evidence.Functional), compared(elsewhere("PHPSESSID", evidence.Necessary, 20))), want: audit.Pass},
		{name: "cut short", scan: newScan(row("zq1", evidence.Analytics), compared(nine, one), cutShort), want: audit.Inconclusive},
		{name: "nobody looked", scan: newScan(row("zq1", evidence.Necessary)), want: audit.Inconclusive},
		{name: "not looked for", scan: newScan(noPolicy(evidence.Unavailable), compared()), want: audit.Inconclusive},
		{name: "nine sites", scan: newScan(row("zq1", evidence.Necessary), compared(nine)), want: audit.NotApplicable},
		{name: "no class", scan: newScan(row("zq1", evidence.UnknownCategory), compared(nine, one)), want: audit.NotApplicable},
		{name: "not read with certainty", scan: newScan(declares(unsure), compared(nine, one)), want: audit.NotApplicable},
		{name: "no policy", scan: newScan(noPolicy(evidence.Complete), compared()), want: audit.NotApplicable},
	})
}

// cutShort: some of the site's policies could not be read.
func cutShort(s *evidence.Scan) {
	s.PolicySearch.Outcome, s.PolicySearch.Why = evidence.Partial, "a page did not answer"
}

package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func TestDeclaredNotObserved(t *testing.T) {
	t.Parallel()
	gone := declares(declaration("gone", ".mill.test", "1 year", 365*days))
	pixel := declaration("px.gif", "", "", noLength)
	pixel.Storage = evidence.KindPixel
	both := func(s *evidence.Scan) {
		s.Storage = []evidence.StorageItem{{Kind: evidence.KindLocalStorage, Origin: "https://www.mill.test", Key: "gone", Site: "mill.test"}}
	}
	judge(t, rules.DeclaredNotObserved, []verdictCase{
		{
			name: "never seen", scan: newScan(gone, declares(declaration("sid", "", "session", 0)), with(cookie("sid", "mill.test", 0))), want: audit.Violation,
			subjects: subject(audit.SubjectDeclaration, "gone", ".mill.test"), severity: audit.Info, says: []string{`"gone"`, ".mill.test"},
		},
		{name: "a row in two languages is one", scan: newScan(gone, gone), want: audit.Violation, subjects: subject(audit.SubjectDeclaration, "gone", ".mill.test")},
		{name: "seen", scan: newScan(gone, with(cookie("gone", "mill.test", 60))), want: audit.Pass},
		{name: "seen by the row's twin", scan: newScan(gone, gone, with(cookie("gone", "mill.test", 60))), want: audit.Pass},
		{name: "seen in another kind of storage", scan: newScan(gone, both), want: audit.Pass},
		{name: "a pixel", scan: newScan(declares(pixel)), want: audit.Pass},
		{name: "accepting failed", scan: newScan(gone, asked(map[evidence.Phase]evidence.ConsentResult{evidence.Accept: evidence.Failed})), want: audit.Inconclusive},
		{name: "a visit was cut short", scan: newScan(gone, outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive},
		{name: "accepting was not asked for", scan: newScan(gone, func(s *evidence.Scan) { s.Visits = s.Visits[:2] }), want: audit.Inconclusive},
		{name: "names no cookie", scan: newScan(), want: audit.NotApplicable},
		{name: "no policy", scan: newScan(noPolicy(evidence.Complete)), want: audit.NotApplicable},
	})
}

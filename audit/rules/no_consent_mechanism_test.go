package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func TestNoConsentMechanism(t *testing.T) {
	t.Parallel()
	tracker := with(cookie("id", "kite.test", 60))
	none := func(s *evidence.Scan) { s.Banner = &evidence.Banner{} }
	nobody := asked(map[evidence.Phase]evidence.ConsentResult{evidence.Reject: evidence.NoBanner, evidence.Accept: evidence.NoBanner})
	site := subject(audit.SubjectSite, "", "mill.test")
	judge(t, rules.NoConsentMechanism, []verdictCase{
		{
			name: "no banner in three visits", scan: newScan(tracker, none, nobody), want: audit.Violation, subjects: site,
			severity: audit.High, certainty: audit.Likely, says: []string{"3 visits", `"id"`},
		},
		{name: "web storage", scan: newScan(none, nobody, func(s *evidence.Scan) {
			s.Storage = []evidence.StorageItem{{Kind: evidence.KindLocalStorage, Origin: "https://kite.test", Key: "visitor", Site: "kite.test", Party: evidence.Third, Phases: []evidence.Phase{evidence.Before}}}
		}), want: audit.Violation, subjects: site, says: []string{`"visitor"`}},
		{name: "a notice is a banner", scan: newScan(tracker, asked(map[evidence.Phase]evidence.ConsentResult{evidence.Reject: evidence.NoRejectOffered})), want: audit.Pass},
		{name: "a banner that came late", scan: newScan(tracker, none), want: audit.Pass},
		{name: "not looked for", scan: newScan(tracker, nobody, func(s *evidence.Scan) { s.Banner = nil }), want: audit.Inconclusive},
		{name: "looked for once", scan: newScan(tracker, none, func(s *evidence.Scan) { s.Visits = s.Visits[:1] }), want: audit.Inconclusive, says: []string{"only one visit"}},
		{
			name: "the search failed", scan: newScan(tracker, none, asked(map[evidence.Phase]evidence.ConsentResult{evidence.Reject: evidence.NoBanner, evidence.Accept: evidence.Failed})),
			want: audit.Inconclusive, says: []string{"did not react"},
		},
		{name: "cut short", scan: newScan(none, nobody, outcome(evidence.Before, evidence.Partial)), want: audit.Inconclusive},
		{name: "nothing needs consent", scan: newScan(with(cookie("PHPSESSID", "www.mill.test", 0)), none, nobody), want: audit.NotApplicable},
	})
}

package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func TestUndeclaredCookie(t *testing.T) {
	t.Parallel()
	judge(t, rules.UndeclaredCookie, []verdictCase{
		{
			name: "purpose unknown", scan: newScan(with(cookie("bucket", "www.mill.test", 7*days))), want: audit.Violation,
			subjects: cookies("bucket", "www.mill.test"), severity: audit.Medium, certainty: audit.Confirmed, says: []string{`"bucket"`, "purpose unknown", "7 days", "no policy names it"},
		},
		{
			name: "needs consent", scan: newScan(with(cookie("id", "kite.test", 60, only(evidence.Accept), answered(900)))), want: audit.Violation,
			subjects: cookies("id", "kite.test"), severity: audit.High,
		},
		{
			name: "a near miss", scan: newScan(with(cookie("_ga_ABC123", "mill.test", 60)), declares(declaration("_ga", "", "2 years", 730*days))), want: audit.Violation,
			subjects: cookies("_ga_ABC123", "mill.test"), certainty: audit.Likely, says: []string{`Close, but not the same: "_ga"`},
		},
		{
			name: "its name stands in prose that was not understood", want: audit.Violation, scan: newScan(with(cookie("kite_uid", "mill.test", 60)), policyText("We measure with kite_uid, for a year.")),
			subjects: cookies("kite_uid", "mill.test"), severity: audit.Low, certainty: audit.Possible, says: []string{"We measure with kite_uid, for a year"},
		},
		{
			name: "its name may be a common word", want: audit.Violation, scan: newScan(with(cookie("basket", "mill.test", 60)), policyText("It keeps your basket.")),
			subjects: cookies("basket", "mill.test"), severity: audit.Medium, certainty: audit.Likely,
		},
		{
			name: "its name is part of another", want: audit.Violation, scan: newScan(with(cookie("kite_uid", "mill.test", 60)), policyText("We set kite_uid_old, my-kite_uid and kite_uid*.")),
			subjects: cookies("kite_uid", "mill.test"), severity: audit.Medium, certainty: audit.Confirmed,
		},
		{name: "set and deleted again", scan: newScan(with(cookie("probe", "mill.test", 60, func(k *evidence.Cookie) {
			k.Writes = append(k.Writes, evidence.Write{Phase: evidence.Before, Deletes: true})
		}))), want: audit.Violation, subjects: cookies("probe", "mill.test")},
		{name: "only the jar knew it", scan: newScan(with(cookie("bucket", "mill.test", 60, jarOnly))), want: audit.Violation, subjects: cookies("bucket", "mill.test")},
		{name: "one of two policies could not be read", scan: newScan(with(cookie("bucket", "mill.test", 60)), func(s *evidence.Scan) {
			s.PolicySearch.Outcome, s.PolicySearch.Why = evidence.Partial, "/privacy gave 500"
		}), want: audit.Violation, subjects: cookies("bucket", "mill.test"), severity: audit.Low, certainty: audit.Possible, says: []string{"/privacy gave 500"}},
		{name: "declared", scan: newScan(with(cookie("bucket", "www.mill.test", 60)), declares(declaration("bucket", ".mill.test", "", noLength))), want: audit.Pass},
		{name: "refused by the browser", scan: newScan(with(cookie("bucket", "mill.test", 60, refused))), want: audit.Pass},
		{name: "a phase was cut short", scan: newScan(outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive, says: []string{"accept"}},
		{name: "accepting failed", scan: newScan(asked(map[evidence.Phase]evidence.ConsentResult{evidence.Accept: evidence.Failed})), want: audit.Inconclusive, says: []string{"did not react"}},
		{name: "accepting was not asked for", scan: newScan(func(s *evidence.Scan) { s.Visits = s.Visits[:2] }), want: audit.Inconclusive},
		{name: "a notice has nothing to accept", scan: newScan(func(s *evidence.Scan) { s.Banner = &evidence.Banner{Found: true} },
			asked(map[evidence.Phase]evidence.ConsentResult{evidence.Accept: evidence.Failed})), want: audit.Pass},
		{name: "the policy cannot be read", scan: newScan(with(cookie("bucket", "mill.test", 60)), policyText(" ")), want: audit.Inconclusive},
		{name: "the search for a policy failed", scan: newScan(with(cookie("bucket", "mill.test", 60)), noPolicy(evidence.Unavailable)), want: audit.Inconclusive},
		{name: "no policy", scan: newScan(with(cookie("bucket", "mill.test", 60)), noPolicy(evidence.Complete)), want: audit.NotApplicable},
	})
}

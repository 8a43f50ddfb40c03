package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func TestPolicyNotFound(t *testing.T) {
	t.Parallel()
	sid := with(cookie("PHPSESSID", "www.mill.test", 0))
	judge(t, rules.PolicyNotFound, []verdictCase{
		{
			name: "cookies and no policy", scan: newScan(sid, noPolicy(evidence.Complete)), want: audit.Violation, subjects: subject(audit.SubjectSite, "", "mill.test"),
			severity: audit.Medium, certainty: audit.Likely, says: []string{"1 cookie", `"PHPSESSID"`, "2 pages"},
		},
		{name: "found", scan: newScan(sid), want: audit.Pass},
		{name: "found, not read", scan: newScan(sid, policyText("")), want: audit.Pass},
		{name: "the search was cut short", scan: newScan(sid, noPolicy(evidence.Partial)), want: audit.Inconclusive, says: []string{"no answer"}},
		{name: "no cookie in what was seen", scan: newScan(noPolicy(evidence.Complete), outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive},
		{name: "no cookie", scan: newScan(noPolicy(evidence.Complete)), want: audit.NotApplicable},
		{name: "none that the browser took", scan: newScan(with(cookie("a", "mill.test", 60, refused)), noPolicy(evidence.Complete)), want: audit.NotApplicable},
	})
}

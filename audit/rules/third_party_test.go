package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func TestThirdPartyNotDisclosed(t *testing.T) {
	t.Parallel()
	text := policyText
	storage := func(s *evidence.Scan) {
		s.Storage = []evidence.StorageItem{{Kind: evidence.KindLocalStorage, Origin: "https://a.finch.test", Key: "chat", Site: "finch.test", Party: evidence.Third, Phases: []evidence.Phase{evidence.Accept}}}
	}
	listed := declaration("LB", "mill.test stats.milling.test", "session", 0)
	judge(t, rules.ThirdPartyNotDisclosed, []verdictCase{
		{
			name: "nobody names it", scan: newScan(with(cookie("a", "x.adlane.test", 60), cookie("b", "adlane.test", 60))), want: audit.Violation,
			subjects: subject(audit.SubjectProvider, "Adlane", "adlane.test"), severity: audit.High, says: []string{"Adlane (adlane.test)", "2 items", `"a", "b"`},
		},
		{name: "nobody knows who it is", scan: newScan(with(cookie("a", "quux.test", 60))), want: audit.Violation, subjects: subject(audit.SubjectProvider, "quux.test", "quux.test")},
		{
			name: "two domains of one organisation", scan: newScan(with(cookie("a", "doubleclick.net", 60), cookie("b", "2mdn.net", 60))), want: audit.Violation,
			subjects: subject(audit.SubjectProvider, "DoubleClick", "2mdn.net"),
		},
		{name: "web storage", scan: newScan(storage), want: audit.Violation, subjects: subject(audit.SubjectProvider, "Finch", "finch.test"), says: []string{`"chat"`}},
		{
			name: "the name inside another word", scan: newScan(with(cookie("a", "adlane.test", 60)), text("Our Adlanes are wide. See notadlane.test.")), want: audit.Violation,
			subjects: subject(audit.SubjectProvider, "Adlane", "adlane.test"),
		},
		{
			name: "a name that is a word too", scan: newScan(with(cookie("a", "segment.com", 60)), text("We segment our readers.")), want: audit.Violation,
			subjects: subject(audit.SubjectProvider, "Segment", "segment.com"),
		},
		{name: "one of two policies could not be read", scan: newScan(with(cookie("a", "adlane.test", 60)), func(s *evidence.Scan) {
			s.PolicySearch.Outcome, s.PolicySearch.Why = evidence.Partial, "/privacy gave 500"
		}), want: audit.Violation, subjects: subject(audit.SubjectProvider, "Adlane", "adlane.test"), severity: audit.Medium, certainty: audit.Possible},
		{name: "named", scan: newScan(with(cookie("a", "adlane.test", 60)), text("Advertising by ADLANE, Inc.")), want: audit.Pass},
		{name: "named by an alias", scan: newScan(with(cookie("a", "kite.test", 60)), text("We count with Kite.")), want: audit.Pass},
		{name: "named by its domain", scan: newScan(with(cookie("a", "x.adlane.test", 60)), text("Cookies of cdn.adlane.test are set.")), want: audit.Pass},
		{name: "an unknown one by the name of its domain", scan: newScan(with(cookie("a", "grey-heron.test", 60)), text("Hosted by Grey Heron Ltd.")), want: audit.Pass},
		{name: "named in a row only", scan: newScan(with(cookie("a", "adlane.test", 60)), text("Cookies"), declares(evidence.Declaration{Name: "z", Provider: "Adlane"})), want: audit.Pass},
		{name: "the site's name under another ending", scan: newScan(with(cookie("a", "mill.example", 60))), want: audit.Pass},
		{name: "the site's own files", scan: newScan(with(cookie("a", "millstatic.test", 60), cookie("b", "cdn-mill.test", 60))), want: audit.Pass},
		{name: "listed beside the site's host", scan: newScan(with(cookie("a", "stats.milling.test", 60)), declares(listed)), want: audit.Pass},
		{name: "refused by the browser", scan: newScan(with(cookie("a", "adlane.test", 60, refused))), want: audit.Pass},
		{name: "the site itself", scan: newScan(with(cookie("a", "shop.mill.test", 60))), want: audit.Pass},
		{name: "accepting failed", scan: newScan(asked(map[evidence.Phase]evidence.ConsentResult{evidence.Accept: evidence.Failed})), want: audit.Inconclusive},
		{name: "the policy cannot be read", scan: newScan(with(cookie("a", "adlane.test", 60)), text("")), want: audit.Inconclusive},
		{name: "no policy", scan: newScan(noPolicy(evidence.Complete)), want: audit.NotApplicable},
	})
}

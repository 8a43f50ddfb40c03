package audit_test

import (
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

func TestProfileChangesARule(t *testing.T) {
	t.Parallel()
	violated := func(*audit.Case) audit.Result { return audit.Result{Violations: []audit.Finding{{Message: "wrong"}}} }
	tests := []struct {
		name      string
		change    audit.Change
		verdict   audit.Verdict
		severity  audit.Severity
		certainty audit.Certainty
		cites     int
	}{
		{"nothing", audit.Change{}, audit.Violation, audit.High, audit.Likely, 1},
		{"off", audit.Change{Off: "no such law"}, audit.NotApplicable, audit.High, audit.Likely, 1},
		{"at most", audit.Change{AtMost: audit.Info}, audit.Violation, audit.Info, audit.Likely, 1},
		{"a cap above", audit.Change{AtMost: audit.Critical}, audit.Violation, audit.High, audit.Likely, 1},
		{"raised", audit.Change{Severity: audit.Critical, Certainty: audit.Confirmed}, audit.Violation, audit.Critical, audit.Confirmed, 1},
		{"law added", audit.Change{Cites: []law.Citation{law.France, law.GDPR13}}, audit.Violation, audit.High, audit.Likely, 2},
	}
	for _, tt := range tests {
		k := known{audit.Purpose{Category: evidence.Analytics}}
		e := audit.Engine{Rules: []audit.Rule{rule(violated)}, Classifier: k, Matcher: k, Profile: audit.Profile{Name: "here", AsOf: "2026-11-21", Changes: map[string]audit.Change{"A_RULE": tt.change}}}
		j := e.Judge(seen(evidence.Complete))
		f := j.Findings[0]
		if f.Verdict != tt.verdict || f.Severity != tt.severity || f.Certainty != tt.certainty || len(f.Citations) != tt.cites {
			t.Errorf("%s: %s %s %s, %d citations", tt.name, f.Verdict, f.Severity, f.Certainty, len(f.Citations))
		}
		if j.Profile.Name != "here" || j.Profile.AsOf != "2026-11-21" {
			t.Errorf("%s: %+v", tt.name, j.Profile)
		}
	}
}

func TestSuppressions(t *testing.T) {
	t.Parallel()
	violated := func(*audit.Case) audit.Result {
		return audit.Result{Violations: []audit.Finding{{Subject: audit.Subject{Name: "lb1"}}}}
	}
	fits := audit.Suppression{Rule: "A_RULE", Site: "example.*", Subject: "lb*", Acceptance: audit.Acceptance{Reason: "known", Owner: "a team", Expires: "2026-11-21"}}
	day := func(s string) time.Time {
		d, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	with := func(change func(*audit.Suppression)) audit.Suppression {
		s := fits
		change(&s)
		return s
	}
	tests := []struct {
		name string
		s    audit.Suppression
		at   string
		want bool
	}{
		{"fits", fits, "2026-11-20T10:00:00Z", true},
		{"on its last day", fits, "2026-11-21T23:00:00Z", true},
		{"expired", fits, "2026-11-22T00:00:00Z", false},
		{"another rule", with(func(s *audit.Suppression) { s.Rule = "B_RULE" }), "2026-11-20T10:00:00Z", false},
		{"another site", with(func(s *audit.Suppression) { s.Site = "example.net" }), "2026-11-20T10:00:00Z", false},
		{"another subject", with(func(s *audit.Suppression) { s.Subject = "session" }), "2026-11-20T10:00:00Z", false},
		{"any site and subject", with(func(s *audit.Suppression) { s.Site, s.Subject = "", "" }), "2026-11-20T10:00:00Z", true},
		{"no date", with(func(s *audit.Suppression) { s.Expires = "" }), "2026-11-20T10:00:00Z", false},
	}
	for _, tt := range tests {
		k := known{audit.Purpose{Category: evidence.Analytics}}
		e := audit.Engine{Rules: []audit.Rule{rule(violated)}, Classifier: k, Matcher: k, Suppressions: []audit.Suppression{tt.s}}
		s := seen(evidence.Complete)
		s.Started = day(tt.at)
		fs := e.Judge(s).Findings
		if len(fs) != 1 || fs[0].Verdict != audit.Violation || (fs[0].Accepted != nil) != tt.want {
			t.Errorf("%s: %+v", tt.name, fs)
		}
	}
}

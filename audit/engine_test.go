package audit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// known classifies everything alike and matches nothing.
type known struct{ audit.Purpose }

func (k known) Cookie(*evidence.Scan, *evidence.Cookie) audit.Purpose           { return k.Purpose }
func (k known) Storage(*evidence.Scan, *evidence.StorageItem) audit.Purpose     { return k.Purpose }
func (k known) Request(*evidence.Scan, *evidence.Request) audit.Purpose         { return k.Purpose }
func (k known) Host(*evidence.Scan, *evidence.ResolvedHost) audit.Purpose       { return k.Purpose }
func (k known) Declaration(*evidence.Scan, *evidence.Declaration) audit.Purpose { return k.Purpose }

func (known) Match(s *evidence.Scan, cookies, storage []audit.Purpose) (c, st []audit.Match, observed []bool) {
	for range cookies {
		c = append(c, audit.Match{State: audit.Undeclared})
	}
	for range storage {
		st = append(st, audit.Match{State: audit.Declared})
	}
	return c, st, make([]bool, len(s.Declarations))
}

func rule(check func(*audit.Case) audit.Result) audit.Rule {
	return audit.Rule{
		ID: "A_RULE", Title: "A rule", Severity: audit.High, Certainty: audit.Likely, Remediation: "mend it",
		Needs: []evidence.Phase{evidence.Before}, Cites: []law.Citation{law.GDPR13}, Check: check,
	}
}

func seen(o evidence.Outcome) *evidence.Scan {
	return &evidence.Scan{
		Site:         evidence.Site{Domain: "example.org"},
		Visits:       []evidence.Visit{{Phase: evidence.Before, Outcome: o, Why: "it stopped"}},
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Found: true},
	}
}

func judged(r audit.Rule, s *evidence.Scan) []audit.Finding {
	k := known{audit.Purpose{Category: evidence.Analytics, Confidence: 0.9}}
	e := audit.Engine{Rules: []audit.Rule{r}, Classifier: k, Matcher: k}
	return e.Judge(s).Findings
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	pass := func(*audit.Case) audit.Result { return audit.Result{} }
	violated := func(*audit.Case) audit.Result { return audit.Result{Violations: []audit.Finding{{Message: "wrong"}}} }
	unsure := func(*audit.Case) audit.Result { return audit.Result{Inconclusive: "unsure"} }
	without := func(*audit.Case) audit.Result { return audit.Result{NotApplicable: "nothing there"} }
	reads := func(check func(*audit.Case) audit.Result) audit.Rule {
		r := rule(check)
		r.NeedsPolicy = true
		return r
	}
	search := func(o evidence.Outcome, found bool) *evidence.Scan {
		s := seen(evidence.Complete)
		s.PolicySearch = evidence.PolicySearch{Outcome: o, Found: found, Why: "no answer"}
		return s
	}
	tests := []struct {
		name string
		rule audit.Rule
		scan *evidence.Scan
		want audit.Verdict
		says string
	}{
		{"pass", rule(pass), seen(evidence.Complete), audit.Pass, "nothing found"},
		{"violation", rule(violated), seen(evidence.Complete), audit.Violation, "wrong"},
		{"inconclusive", rule(unsure), seen(evidence.Complete), audit.Inconclusive, "unsure"},
		{"not applicable", rule(without), seen(evidence.Complete), audit.NotApplicable, "nothing there"},
		{"nothing found in part of a phase", rule(pass), seen(evidence.Partial), audit.Inconclusive, "phase before was cut short: it stopped"},
		{"a violation in part of a phase", rule(violated), seen(evidence.Partial), audit.Violation, "wrong"},
		{"a phase that could not be looked at", rule(violated), seen(evidence.Unavailable), audit.Inconclusive, "phase before could not be looked at: it stopped"},
		{"a phase that was not asked for", rule(pass), &evidence.Scan{}, audit.Inconclusive, "the scan was not asked for phase before"},
		{"no policy", reads(violated), search(evidence.Complete, false), audit.NotApplicable, "no policy was found to compare with"},
		{"policy not looked for", reads(violated), search(evidence.Unavailable, false), audit.Inconclusive, "the policy could not be looked for: no answer"},
		{"policies in part, nothing found", reads(pass), search(evidence.Partial, true), audit.Inconclusive, "the search for policies was cut short: no answer"},
		{"policies in part, a violation", reads(violated), search(evidence.Partial, true), audit.Violation, "wrong"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := judged(tt.rule, tt.scan)
			if len(got) != 1 || got[0].Verdict != tt.want || got[0].Message != tt.says {
				t.Errorf("want %s %q, got %+v", tt.want, tt.says, got)
			}
		})
	}
}

// A phase that was not asked for is told apart from one that could not be
// looked at, and a rule that lacks both could not tell.
func TestNotRequested(t *testing.T) {
	t.Parallel()
	needs := func(ps ...evidence.Phase) audit.Rule {
		r := rule(func(*audit.Case) audit.Result { return audit.Result{} })
		r.Needs = ps
		return r
	}
	left := rule(func(*audit.Case) audit.Result {
		return audit.Result{Inconclusive: "not accepted", NotRequested: []evidence.Phase{evidence.Accept}}
	})
	tests := []struct {
		name string
		rule audit.Rule
		scan *evidence.Scan
		want []evidence.Phase
	}{
		{"all that the rule needs", needs(evidence.Before), seen(evidence.Complete), nil},
		{"one phase of two", needs(evidence.Before, evidence.Return), seen(evidence.Complete), []evidence.Phase{evidence.Return}},
		{"two phases", needs(evidence.Withdraw, evidence.Return), seen(evidence.Complete), []evidence.Phase{evidence.Withdraw, evidence.Return}},
		{"one not seen, one not asked for", needs(evidence.Before, evidence.Return), seen(evidence.Unavailable), nil},
		{"a check that needs more", left, seen(evidence.Complete), []evidence.Phase{evidence.Accept}},
		{"cut short", needs(evidence.Before), seen(evidence.Partial), nil},
	}
	for _, tt := range tests {
		got := judged(tt.rule, tt.scan)
		if diff := cmp.Diff(tt.want, got[0].NotRequested); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if asked := len(tt.want) == 0; got[0].CouldNotTell() != (asked && got[0].Verdict == audit.Inconclusive) || !asked && got[0].Verdict == audit.Pass {
			t.Errorf("%s: %+v", tt.name, got[0])
		}
	}
}

func TestFindingsAreCompleted(t *testing.T) {
	t.Parallel()
	own := audit.Finding{Severity: audit.Low, Certainty: audit.Possible, Remediation: "other", Citations: []law.Citation{law.GDPR7}}
	r := rule(func(*audit.Case) audit.Result { return audit.Result{Violations: []audit.Finding{{}, own}} })
	got := judged(r, seen(evidence.Complete))
	want := []audit.Finding{
		{
			Rule: "A_RULE", Title: "A rule", Verdict: audit.Violation, Severity: audit.High, Certainty: audit.Likely, Remediation: "mend it",
			Evidence: []audit.Exhibit{}, Citations: []law.Citation{law.GDPR13},
		},
		{
			Rule: "A_RULE", Title: "A rule", Verdict: audit.Violation, Severity: audit.Low, Certainty: audit.Possible, Remediation: "other",
			Evidence: []audit.Exhibit{}, Citations: []law.Citation{law.GDPR7},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// An answer about the site names it, as a violation about the site does: else
// two scans could not be compared.
func TestAnswersNameTheSite(t *testing.T) {
	t.Parallel()
	r := rule(func(*audit.Case) audit.Result { return audit.Result{} })
	want := audit.Subject{Kind: audit.SubjectSite, Domain: "example.org"}
	if diff := cmp.Diff(want, judged(r, seen(evidence.Complete))[0].Subject); diff != "" {
		t.Error(diff)
	}
}

func TestAssessmentsRunParallelToTheScan(t *testing.T) {
	t.Parallel()
	s := seen(evidence.Complete)
	s.Cookies, s.Storage, s.Requests = make([]evidence.Cookie, 2), make([]evidence.StorageItem, 1), make([]evidence.Request, 3)
	s.Declarations = make([]evidence.Declaration, 4)
	k := known{audit.Purpose{Category: evidence.Analytics}}
	var got *audit.Case
	e := audit.Engine{Rules: []audit.Rule{rule(func(c *audit.Case) audit.Result { got = c; return audit.Result{} })}, Classifier: k, Matcher: k}
	j := e.Judge(s)
	if len(j.Cookies) != 2 || len(j.Storage) != 1 || len(j.Requests) != 3 || len(j.Observed) != 4 {
		t.Errorf("%+v", j)
	}
	if got.Cookies[1].Match.State != audit.Undeclared || got.Storage[0].Match.State != audit.Declared || got.Requests[2].Match.State != audit.NotKnown {
		t.Errorf("%+v", got)
	}
}

func TestSeverities(t *testing.T) {
	t.Parallel()
	tests := []struct {
		s, t  audit.Severity
		at    bool
		lower audit.Severity
	}{
		{audit.Critical, audit.High, true, audit.High},
		{audit.High, audit.High, true, audit.Medium},
		{audit.Medium, audit.High, false, audit.Low},
		{audit.Low, audit.Info, true, audit.Info},
		{audit.Info, audit.Info, true, audit.Info},
	}
	for _, tt := range tests {
		if tt.s.AtLeast(tt.t) != tt.at || tt.s.Lower() != tt.lower {
			t.Errorf("%s: at least %s %v, lower %s", tt.s, tt.t, tt.s.AtLeast(tt.t), tt.s.Lower())
		}
	}
}

func TestNonExempt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		p    audit.Purpose
		want bool
	}{
		{audit.Purpose{Category: evidence.Analytics, Confidence: 0.7}, true},
		{audit.Purpose{Category: evidence.Analytics, Confidence: 0.69}, false},
		{audit.Purpose{Category: evidence.Functional, Confidence: 0.9}, true},
		{audit.Purpose{Category: evidence.Functional, Confidence: 0.9, Exempt: true}, false},
		{audit.Purpose{Category: evidence.Necessary, Confidence: 0.9}, false},
		{audit.Purpose{Category: evidence.UnknownCategory, Confidence: 0.9}, false},
	}
	for _, tt := range tests {
		if got := tt.p.NonExempt(); got != tt.want {
			t.Errorf("%+v: %v", tt.p, got)
		}
	}
}

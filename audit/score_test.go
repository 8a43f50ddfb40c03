package audit_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// Fixing a finding never lowers the score, and a hundred is for a site without
// open violations only.
func TestScoreIsMonotone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	certainties := []audit.Certainty{audit.Confirmed, audit.Likely, audit.Possible}
	for range 500 {
		fs := []audit.Finding{{Rule: "PASSES", Verdict: audit.Pass}}
		for i := range 1 + r.IntN(40) {
			fs = append(fs, audit.Finding{
				Rule: string(rune('A' + i/3)), Verdict: audit.Violation,
				Severity: audit.Severities()[r.IntN(5)], Certainty: certainties[r.IntN(3)],
			})
		}
		before := audit.ScoreOf(fs)
		for i := range fs {
			if fs[i].Verdict != audit.Violation {
				continue
			}
			fixed := slices.Delete(slices.Clone(fs), i, i+1)
			accepted := slices.Clone(fs)
			accepted[i].Accepted = &audit.Acceptance{}
			if a, b := audit.ScoreOf(fixed), audit.ScoreOf(accepted); a.Value < before.Value || b.Value != a.Value || b.Accepted != 1 {
				t.Fatalf("%d became %d by fixing, %d by accepting %+v", before.Value, a.Value, b.Value, fs[i])
			}
		}
		grave := slices.ContainsFunc(fs, func(f audit.Finding) bool { return f.Verdict == audit.Violation && f.Severity != audit.Info })
		if before.Value < 0 || before.Value > 100 || (before.Value == 100) == grave {
			t.Fatalf("%d of %+v", before.Value, fs)
		}
	}
}

func TestScoreNeedsAnAnswer(t *testing.T) {
	t.Parallel()
	if s := audit.ScoreOf([]audit.Finding{{Rule: "A", Verdict: audit.Inconclusive}, {Rule: "B", Verdict: audit.NotApplicable}}); s != nil {
		t.Errorf("%+v", s)
	}
	s := audit.ScoreOf([]audit.Finding{
		{Rule: "A", Verdict: audit.Violation, Severity: audit.High, Certainty: audit.Confirmed},
		{Rule: "A", Verdict: audit.Violation, Severity: audit.High, Certainty: audit.Confirmed},
		{Rule: "B", Verdict: audit.Pass},
		{Rule: "C", Verdict: audit.Inconclusive},
		{Rule: "D", Verdict: audit.NotApplicable},
		{Rule: "E", Verdict: audit.Inconclusive, NotRequested: []evidence.Phase{evidence.Withdraw}},
	})
	if s.Value != 71 || s.Answered != 2 || s.Open != 2 || s.NotRequested != 1 {
		t.Errorf("%+v", s)
	}
}

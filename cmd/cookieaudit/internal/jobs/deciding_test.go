package jobs

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

type fixedDecisions struct {
	all []audit.Decision
	err error
}

func (f fixedDecisions) Decisions(context.Context) ([]audit.Decision, error) { return f.all, f.err }

type fixedAuditor struct{ j *audit.Judgement }

func (f fixedAuditor) Judge(*evidence.Scan) *audit.Judgement { return f.j }

func TestDecisionsHoldForTheNextScan(t *testing.T) {
	t.Parallel()
	judged := &audit.Judgement{Findings: []audit.Finding{{Rule: "UNDECLARED_COOKIE", Verdict: audit.Violation, Severity: audit.High, Certainty: audit.Confirmed}}}
	scan := &evidence.Scan{Site: evidence.Site{Host: "a.test", Domain: "a.test"}, Started: time.Date(2026, time.May, 20, 0, 0, 0, 0, time.UTC)}
	decision := func(expires, withdrawnBy string) []audit.Decision {
		return []audit.Decision{{
			Suppression: audit.Suppression{Rule: "UNDECLARED_COOKIE", Acceptance: audit.Acceptance{ID: "d1", Expires: expires}}, WithdrawnBy: withdrawnBy,
		}}
	}
	tests := map[string]struct {
		from     fixedDecisions
		accepted bool
	}{
		"none":                {fixedDecisions{}, false},
		"one":                 {fixedDecisions{all: decision("2026-05-20", "")}, true},
		"expired":             {fixedDecisions{all: decision("2026-05-19", "")}, false},
		"withdrawn":           {fixedDecisions{all: decision("2026-12-31", "ann")}, false},
		"they cannot be read": {fixedDecisions{err: errors.New("gone")}, false},
	}
	for name, test := range tests {
		j := newDeciding(t.Context(), fixedAuditor{judged}, test.from, slog.New(slog.DiscardHandler)).Judge(scan)
		if got := j.Findings[0].Accepted != nil; got != test.accepted || test.accepted != (j.Score != nil && j.Score.Value == 100) {
			t.Errorf("%s: accepted %t, score %v", name, got, j.Score)
		}
	}
	if j := newDeciding(t.Context(), fixedAuditor{}, fixedDecisions{}, slog.New(slog.DiscardHandler)).Judge(scan); j != nil {
		t.Error("a judgement where there is none")
	}
}

package crawler

import (
	"fmt"
	"slices"

	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/evidence"
)

// opposites proves answers by both of their visits together. Many sites keep the
// choice under a name of their own, which nothing in one visit tells from any other
// answer: where the same entry came to say no with the refusal and yes with the
// acceptance, each in a fresh profile, it is the record of the choice.
func (s *scan) opposites() {
	no, yes := s.resultOf(evidence.Reject), s.resultOf(evidence.Accept)
	if no == nil || yes == nil || !taken(no.visit.Consent) || !taken(yes.visit.Consent) {
		return
	}
	i := slices.IndexFunc(no.said, func(w consent.Said) bool {
		opposite := w
		opposite.Yes = true
		return !w.Yes && slices.Contains(yes.said, opposite)
	})
	if i < 0 {
		return
	}
	w := no.said[i]
	for _, r := range []*result{no, yes} {
		if c := &r.visit.Consent; c.Result == evidence.Clicked {
			c.Result, c.Why = evidence.Verified, ""
			c.Proof = fmt.Sprintf("banner gone; %s %s came to say no with the refusal and yes with the acceptance", w.Kind, w.Name)
		}
	}
}

// resultOf is what came of a phase, nil where it was not visited.
func (s *scan) resultOf(p evidence.Phase) *result {
	i := slices.IndexFunc(s.results, func(r result) bool { return r.visit.Phase == p })
	if i < 0 {
		return nil
	}
	return &s.results[i]
}

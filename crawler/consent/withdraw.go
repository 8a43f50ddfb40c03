package consent

import (
	"context"

	"cookieaudit/crawler/evidence"
)

// Withdraw takes an acceptance back that was given on an earlier visit of the
// page: it brings the choice back as a visitor would, refuses everything, and
// proves that it took. Of the two results the second says how the choice was
// reached. Its errors are those of Answer.
func Withdraw(ctx context.Context, p Page, o Options) (evidence.Consent, evidence.Reopening, error) {
	s := &session{page: p, o: o, want: RejectAll, withdraws: true, banner: &evidence.Banner{}}
	s.consent = evidence.Consent{By: detection}
	var err error
	if s.before, err = readState(ctx, p, ""); err != nil {
		return s.consent, evidence.Reopening{}, err
	}
	if o.Recipe != nil && len(o.Recipe.Withdraw) > 0 {
		way, err := s.withdrawByRecipe(ctx)
		if err != nil || s.consent.Result != evidence.Failed || !o.instead(s.consent.Why) {
			return s.consent, way, err
		}
		s.consent, s.stuck = evidence.Consent{By: detection}, false
	}
	f, way, err := s.reopen(ctx)
	switch {
	case err != nil:
		if s.consent.Result == "" {
			s.fail(err.Error())
		}
	case f != nil:
		s.consent.CMP = managerOf(f.Marks)
		err = s.reject(ctx, f)
		if s.consent.Result == evidence.NoRejectOffered {
			s.consent.Why = "the choice came back, but " + s.consent.Why
		}
	case way.Reached: // the control itself takes the consent back
		err = s.finish(ctx, "", 1)
	default:
		s.consent = evidence.Consent{Result: evidence.NotReachable, Why: way.Why}
	}
	return s.consent, way, err
}

// withdrawByRecipe takes the user's steps back to the choice and through it.
func (s *session) withdrawByRecipe(ctx context.Context) (evidence.Reopening, error) {
	s.consent.By = recipe
	err := s.through(ctx, "", s.o.Recipe.Withdraw)
	way := evidence.Reopening{By: recipe, Reached: s.consent.Result != evidence.Failed}
	if way.Reached {
		way.Clicks = max(s.consent.Clicks-1, 1) // the last one is the answer
	} else {
		way.Why = s.consent.Why
	}
	return way, err
}

// Shows tells what the page's state says now of an answer that was given before:
// true or false, and nil where nothing that can be read says either.
func Shows(ctx context.Context, p Page, want Choice) (kept *bool, why string, err error) {
	now, err := readState(ctx, p, "")
	if err != nil {
		return nil, "", err
	}
	pr := compare(state{}, now, want)
	yes, no := true, false
	switch {
	case len(pr.against) > 0:
		return &no, pr.against[0], nil
	case len(pr.agrees) > 0:
		return &yes, pr.agrees[0], nil
	}
	return nil, "no state that could be read shows the answer", nil
}

package crawler

import (
	"context"
	"errors"
	"fmt"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/evidence"
)

// again is what phases do on a further visit of the landing page, after the
// first answer: take it back, or come back another day.
func (t *tour) again(ctx context.Context, landing string) error {
	switch {
	case t.visit.Phase == evidence.Withdraw && t.visit.Earlier != nil && taken(*t.visit.Earlier):
		return t.further(ctx, landing, landing, t.withdraw)
	case t.visit.Phase == evidence.Return && taken(t.visit.Consent):
		t.v.Forget()
		return t.further(ctx, landing, "", t.comeBack)
	}
	return nil
}

// further opens the landing page once more and deals with its banner there.
func (t *tour) further(ctx context.Context, landing, referrer string, do func(context.Context) error) error {
	t.progress(t.visit.Phase, "landing page again")
	return t.onPage(ctx, landing, referrer, func(ctx context.Context) error {
		if err := t.v.Settle(ctx); err != nil {
			return err
		}
		if err := t.withBanner(ctx, do); err != nil {
			return err
		}
		return t.rest(ctx)
	})
}

// withdraw takes the acceptance back, as a visitor would who looks for the way.
func (t *tour) withdraw(ctx context.Context) error {
	// What lies below the first screen may be made when it comes into view.
	if err := t.v.Scroll(ctx); err != nil {
		return err
	}
	c, way, err := consent.Withdraw(ctx, answerPage{consentPage{t.v}, t}, t.bannerOptions())
	t.visit.Consent, t.visit.Reopening = c, &way
	return err
}

// comeBack looks at what became of the answer on a later visit.
func (t *tour) comeBack(ctx context.Context) error {
	r := &evidence.ReturnVisit{AtMS: t.page().AtMS}
	t.visit.Returned = r
	page := consentPage{t.v}
	o := t.bannerOptions()
	o.Seen = nil // it is no stage of an answer
	b, err := consent.Detect(ctx, page, o)
	if errors.Is(err, consent.ErrNoStatedBanner) {
		b, err = consent.Detect(ctx, page, consent.Options{}) // another one may be there
	}
	switch {
	case errors.Is(err, browser.ErrGone) || ctx.Err() != nil:
		return err
	case err != nil:
		r.Why = "the banner could not be looked for: " + err.Error()
	default:
		there := b == nil || b.Found // nil: one that cannot be described
		r.Banner, t.page().Banner = &there, &there
	}
	kept, why, err := consent.Shows(ctx, page, consent.RejectAll)
	if err != nil {
		return err
	}
	if kept == nil && t.visit.Consent.Result == evidence.Verified {
		lost := false
		kept, why = &lost, fmt.Sprintf("what showed the answer is gone (%s)", t.visit.Consent.Proof)
	}
	r.Kept, r.Why = kept, also(r.Why, why)
	return t.picture(ctx, "returned")
}

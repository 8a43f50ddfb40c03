package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/evidence"
)

// bannerTimeout bounds the dealings with a banner in real time, or half of the
// page's time where that is more: a page that hangs, or that asks its server
// without end, slows every look at it.
const bannerTimeout = 30 * time.Second

var errBannerTimeout = errors.New("not done in time")

// stirred is how long a banner may take to come to a visitor who has stirred, in page
// time, beside the two seconds and more that Scroll gives the page: four in all, as
// long as managers were seen to take that load others first.
const stirred = 2 * time.Second

// consent looks for the banner and gives the phase's answer. Where no banner
// comes by itself, it may come to a visitor who stirs.
func (t *tour) consent(parent context.Context) error {
	return t.withBanner(parent, func(ctx context.Context) error {
		err := t.answer(ctx, t.bannerOptions())
		if err == nil && t.banner != nil && !t.banner.Found || errors.Is(err, consent.ErrNoStatedBanner) {
			if err = t.v.Scroll(ctx); err == nil {
				o := t.bannerOptions()
				o.Within = stirred
				err = t.answer(ctx, o)
			}
		}
		if err == nil && t.banner != nil {
			t.page().Banner = &t.banner.Found
		}
		return err
	})
}

// withBanner bounds the dealings with a banner. What keeps them from being done
// makes the phase partial; only a browser that is gone ends it.
func (t *tour) withBanner(parent context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(parent, max(bannerTimeout, t.pageTime()/2), errBannerTimeout)
	defer cancel()
	err := do(ctx)
	t.logBanner()
	switch {
	case errors.Is(err, browser.ErrGone) || stopped(parent):
		return err
	case err != nil:
		if c := &t.visit.Consent; c.Result == "" { // it had begun to answer
			c.Result, c.Why = evidence.Failed, err.Error()
		}
		t.incomplete("the banner could not be looked for: " + err.Error())
	case t.visit.Consent.Result == evidence.Failed && t.visit.Phase != evidence.Close:
		// A banner that does not close is no answer that was owed.
		t.incomplete("the banner was not answered: " + t.visit.Consent.Why)
	}
	return nil
}

// logBanner tells the log what came of the banner.
func (t *tour) logBanner() {
	if t.banner == nil {
		t.v.Log("banner", "not looked for to the end")
		return
	}
	found := "no banner"
	if t.banner.Found {
		found = "a banner"
	}
	c := t.visit.Consent
	t.v.Log("banner", fmt.Sprintf("%s; %s; %s", found, c.Result, also(c.Proof, c.Why)))
}

// stopped reports whether a page is left because the scan is, and not because its
// own time was up.
func stopped(page context.Context) bool {
	return page.Err() != nil && !errors.Is(context.Cause(page), errPageTime)
}

func (t *tour) answer(ctx context.Context, o consent.Options) (err error) {
	page := answerPage{consentPage{t.v}, t}
	o.Allow = t.c.Choose
	switch t.visit.Phase {
	case evidence.Reject, evidence.Return:
		t.visit.Consent, t.banner, err = consent.Answer(ctx, page, consent.RejectAll, o)
	case evidence.Accept:
		t.visit.Consent, t.banner, err = consent.Answer(ctx, page, consent.AcceptAll, o)
	case evidence.Choose:
		t.visit.Chosen = nil // the answer may be tried twice
		for _, c := range t.c.Choose {
			t.visit.Chosen = append(t.visit.Chosen, string(c))
		}
		t.visit.Consent, t.banner, err = consent.Answer(ctx, page, consent.ChooseSome, o)
	case evidence.Withdraw:
		var c evidence.Consent
		c, t.banner, err = consent.Answer(ctx, earlierPage{page.consentPage}, consent.AcceptAll, o)
		t.visit.Earlier = &c
		// Until it is taken back, the acceptance is all there is to tell of.
		t.visit.Consent = evidence.Consent{Result: c.Result, CMP: c.CMP, Why: c.Why}
		if taken(c) {
			t.visit.Consent = evidence.Consent{Result: evidence.NotAsked, CMP: c.CMP, Why: "the acceptance was not taken back"}
		}
	case evidence.Close:
		t.visit.Consent, t.banner, err = consent.Answer(ctx, page, consent.JustClose, o)
	case evidence.Before, evidence.GPC:
		t.banner, err = consent.Detect(ctx, page, o)
	}
	return err
}

// bannerOptions are how the banners of this site are dealt with.
func (t *tour) bannerOptions() consent.Options {
	return consent.Options{
		Recipe: t.recipe(t.site), Seen: t.seen,
		Said: func(said []consent.Said) { t.said = said },
		Note: func(text string) {
			if !slices.Contains(t.visit.Notes, text) { // an answer may be tried twice
				t.visit.Notes = append(t.visit.Notes, text)
			}
		},
	}
}

// taken reports whether an answer was given, as far as that is known.
func taken(c evidence.Consent) bool {
	return c.Result == evidence.Clicked || c.Result == evidence.Verified
}

// page is the entry of the page that is visited now.
func (t *tour) page() *evidence.Page { return &t.visit.Pages[len(t.visit.Pages)-1] }

// seen takes down what the page states and shows at a stage of the dealings with
// its banner.
func (t *tour) seen(ctx context.Context, at consent.Stage) error {
	if err := t.state(ctx); err != nil {
		return err
	}
	return t.picture(ctx, string(at))
}

// state takes down what the page states about consent.
func (t *tour) state(ctx context.Context) error {
	p := t.page()
	return t.watch.Look(ctx, consentPage{t.v}, consent.Moment{Page: p.URL, PageMS: p.AtMS, AfterAnswer: t.answered})
}

// picture takes a screenshot. One that cannot be taken is no loss to what the
// phase saw.
func (t *tour) picture(ctx context.Context, stage string) error {
	if t.c.NoScreenshots {
		return nil
	}
	png, err := t.v.Screenshot(ctx)
	switch {
	case errors.Is(err, browser.ErrGone) || ctx.Err() != nil:
		return err
	case err != nil:
		t.visit.Notes = append(t.visit.Notes, fmt.Sprintf("no screenshot (%s): %v", stage, err))
		return nil
	}
	t.v.Log("screenshot", fmt.Sprintf("%s, %d bytes", stage, len(png)))
	t.visit.Screenshots = append(t.visit.Screenshots, evidence.Screenshot{Phase: t.visit.Phase, Stage: stage, AtMS: t.v.Now(), PNG: png})
	return nil
}

// look looks at a page that has come to rest: what it states, and whether a
// banner is there, which after an answer should not be.
func (t *tour) look(ctx context.Context) error {
	if err := t.state(ctx); err != nil {
		return err
	}
	p := t.page()
	if t.ground != nil && t.banner.NavigationGrants == nil && len(t.visit.Pages) > 1 {
		var err error
		if t.banner.NavigationGrants, err = t.granted(ctx, "after going on to "+p.URL); err != nil {
			return err
		}
	}
	if p.Banner != nil {
		return nil
	}
	form, there, err := consent.Present(ctx, consentPage{t.v}, t.bannerOptions())
	switch {
	case errors.Is(err, browser.ErrGone) || ctx.Err() != nil:
		return err
	case err != nil:
		return nil //nolint:nilerr // Banner stays nil: it could not be looked at
	}
	// Choices that stand in the text of a page are no banner, unless that is how
	// this site asks.
	there = there && (form != inText || t.banner != nil && t.banner.Form == inText)
	p.Banner = &there
	return nil
}

// inText is the form of a banner in the flow of the page.
const inText = "static"

// scroll reads the page to its end. In the phase without an answer it watches
// whether that alone makes the site's state grant.
func (t *tour) scroll(ctx context.Context) error {
	b := t.banner
	if t.visit.Phase != evidence.Before || b == nil || !b.Found || b.ScrollGrants != nil {
		return t.v.Scroll(ctx)
	}
	ground, err := consent.TakeGround(ctx, consentPage{t.v})
	if err != nil {
		return err
	}
	if err := t.v.Scroll(ctx); err != nil {
		return err
	}
	t.ground = &ground
	b.ScrollGrants, err = t.granted(ctx, "after scrolling")
	return err
}

// granted reports whether the state has come to grant without a click since the
// ground was taken. It is asked once: what grants already cannot come to.
func (t *tour) granted(ctx context.Context, what string) (*bool, error) {
	proof, granted, err := t.ground.Granted(ctx, consentPage{t.v})
	if err != nil {
		return nil, err
	}
	if granted {
		t.banner.GrantProof = what + ": " + proof
		t.ground = nil
	}
	return &granted, nil
}

// asksAgain notes a banner that comes back although it was answered.
func (t *tour) asksAgain() {
	if !taken(t.visit.Consent) || len(t.visit.Pages) == 0 {
		return
	}
	again, looked := 0, 0
	for _, p := range t.visit.Pages[1:] {
		if p.Banner != nil && p.AtMS > t.visit.Consent.AtMS {
			looked++
			if *p.Banner {
				again++
			}
		}
	}
	if again > 0 {
		t.visit.Notes = append(t.visit.Notes, fmt.Sprintf("the banner came up again on %d of %d pages after it was answered", again, looked))
	}
}

// consentPage shows a visit to the consent package.
type consentPage struct{ *browser.Visit }

func (p consentPage) Frames() []consent.Frame {
	var out []consent.Frame
	for _, f := range p.Visit.Frames() {
		out = append(out, f)
	}
	return out
}

func (p consentPage) Cookies(ctx context.Context) ([]consent.StoredCookie, error) {
	jar, err := p.Visit.Cookies(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]consent.StoredCookie, len(jar))
	for i, c := range jar {
		out[i] = consent.StoredCookie(c)
	}
	return out, nil
}

// answerPage is a page on which the phase's answer is given.
type answerPage struct {
	consentPage
	t *tour
}

func (p answerPage) MarkAnswer(ctx context.Context) error {
	p.t.answered = true
	return p.consentPage.MarkAnswer(ctx)
}

// earlierPage is a page on which an answer is given that a later one takes back.
type earlierPage struct{ consentPage }

func (p earlierPage) MarkAnswer(ctx context.Context) error { return p.MarkEarlier(ctx) }

package consent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"cookieaudit/crawler/evidence"
)

// A Choice is what a visitor says to a banner.
type Choice string

// The choices.
const (
	RejectAll Choice = "reject"
	AcceptAll Choice = "accept"
	// ChooseSome allows the categories of Options.Allow and refuses the others.
	ChooseSome Choice = "choose"
	// JustClose says nothing: it closes the banner, where that has a control for it.
	JustClose Choice = "close"
)

// whole reports whether a choice is one that autoconsent can make.
func (c Choice) whole() bool { return c == RejectAll || c == AcceptAll }

// maxLayers is how many layers of settings are opened in search of a refusal.
const maxLayers = 3

// detection is what evidence.Consent.By says of clicks found by this package.
const detection = "detection"

// A Stage is a moment in the dealings with a banner.
type Stage string

// The stages, as evidence.Screenshot names them.
const (
	FirstLayer Stage = "first_layer" // the banner is there, nothing was clicked
	Settings   Stage = "settings"    // a further layer was opened
	Reopened   Stage = "reopened"    // the choice was brought back after an answer
	Answered   Stage = "answered"
	// ClosedBanner: the banner was closed without an answer.
	ClosedBanner Stage = "closed"
)

// Options say how a banner is dealt with.
type Options struct {
	// Allow are the categories that ChooseSome allows.
	Allow []evidence.Category
	// Recipe is the user's way to answer this site's banner; nil for none.
	Recipe *Recipe
	// Note takes what went otherwise than the user asked for; nil for nobody.
	Note func(string)
	// Said takes what came to say yes or no with a refusal or an acceptance that
	// nothing contradicts; nil for nobody.
	Said func([]Said)
	// Within is how long a banner may take to come, in page time; default six seconds.
	Within time.Duration
	// Seen is called at every stage that is reached, while the page is as it then
	// is; nil for nobody. Its error ends the dealings.
	Seen func(context.Context, Stage) error
}

func (o Options) seen(ctx context.Context, at Stage) error {
	if o.Seen == nil {
		return nil
	}
	return o.Seen(ctx, at)
}

// instead notes that a recipe could not be followed, and reports whether detection
// may do what it was to do.
func (o Options) instead(why string) bool {
	if !o.Recipe.Fallback {
		return false
	}
	if o.Note != nil {
		o.Note("the recipe could not be followed, so detection was used: " + why)
	}
	return true
}

// Detect waits for a banner and describes its first layer. It looks only. A page
// that shows none within its time (Options.Within) has none: the result is then not
// Found. It is nil where only autoconsent knows that there is one, which
// cannot describe it. The error wraps ErrNotLooked where the page could not be
// seen.
// It wraps ErrNoStatedBanner where a recipe states a banner that did not come.
func Detect(ctx context.Context, p Page, o Options) (*evidence.Banner, error) {
	if o.Recipe != nil && o.Recipe.Banner != "" {
		f, err := o.Recipe.stated(ctx, p)
		switch {
		case err == nil:
			banner := describe(ctx, p, f)
			return banner, o.seen(ctx, FirstLayer)
		case !errors.Is(err, ErrNoStatedBanner) || !o.instead(err.Error()):
			return nil, err
		}
	}
	f, _, err := await(ctx, p, o.Within)
	if err != nil {
		return nil, err
	}
	if f == nil {
		a, err := newAgent(ctx, p)
		if a != nil || err != nil {
			return nil, err
		}
		return &evidence.Banner{}, nil
	}
	banner := describe(ctx, p, f)
	return banner, o.seen(ctx, FirstLayer)
}

// Present takes one look at a page: whether a banner is there now, and its form
// as evidence.Banner has it.
func Present(ctx context.Context, p Page, o Options) (form string, there bool, err error) {
	if o.Recipe != nil && o.Recipe.Banner != "" {
		if f, err := boxed(ctx, p, o.Recipe.Banner); f != nil || err != nil {
			return "stated", f != nil, err
		}
	}
	l, err := search(ctx, p)
	if err != nil {
		return "", false, err
	}
	if f := l.best(); f != nil {
		return f.Form, true, nil
	}
	return "", false, nil
}

// Answer waits for a banner, answers it and proves the answer. The banner is as
// Detect describes it, with what lies behind the settings where they were
// opened. Everything that a site can cause is a result; an error means that the
// page could not be looked at or the context ended, and the result then says
// what was done until then.
// A recipe that has steps for the answer wins over detection; where the banner
// that it states did not come the error wraps ErrNoStatedBanner.
func Answer(ctx context.Context, p Page, want Choice, o Options) (evidence.Consent, *evidence.Banner, error) {
	if len(o.Recipe.steps(want)) > 0 {
		c, banner, err := byRecipe(ctx, p, want, o)
		failed := err == nil && c.Result == evidence.Failed || errors.Is(err, ErrNoStatedBanner)
		if !failed || !o.instead(c.Why) {
			return c, banner, err
		}
	}
	f, blind, err := await(ctx, p, o.Within)
	if err != nil {
		return evidence.Consent{Result: evidence.Failed, Why: err.Error()}, nil, err
	}
	if f == nil {
		a, err := newAgent(ctx, p)
		if err != nil {
			return evidence.Consent{Result: evidence.Failed, Why: err.Error()}, nil, err
		}
		if a != nil && want.whole() {
			if err := o.seen(ctx, FirstLayer); err != nil {
				return evidence.Consent{Result: evidence.Failed, Why: err.Error()}, nil, err
			}
			c, err := a.answer(ctx, want, o)
			return c, nil, err
		}
		c := evidence.Consent{Result: evidence.NoBanner}
		if blind > 0 {
			c.Why = fmt.Sprintf("%d frames could not be looked at", blind)
		}
		return c, &evidence.Banner{}, nil
	}
	s := &session{page: p, o: o, want: want, banner: describe(ctx, p, f)}
	s.consent = evidence.Consent{CMP: s.banner.CMP, By: detection}
	if s.before, err = readState(ctx, p, f.frame.URL()); err != nil {
		return s.consent, s.banner, err
	}
	if err = o.seen(ctx, FirstLayer); err != nil {
		return s.consent, s.banner, err
	}
	switch want {
	case RejectAll:
		err = s.reject(ctx, f)
	case AcceptAll:
		err = s.accept(ctx, f)
	case ChooseSome:
		err = s.choose(ctx, f)
	case JustClose:
		err = s.close(ctx, f)
	}
	if err == nil && s.stuck && want.whole() {
		err = s.ask(ctx)
	}
	return s.consent, s.banner, err
}

// ask lets autoconsent try what own detection could not do. What a visitor would
// have to click stays unknown.
func (s *session) ask(ctx context.Context) error {
	a, err := newAgent(ctx, s.page)
	if a == nil || err != nil {
		return err
	}
	c, err := a.answer(ctx, s.want, s.o)
	if c.Result == evidence.Verified || c.Result == evidence.Clicked {
		c.CMP = cmp.Or(s.consent.CMP, c.CMP)
		s.consent = c
	}
	return err
}

// await polls for a banner in chunks of page time, and looks once more a chunk
// after it was first seen, when its layout is final. It looks into closed shadow
// roots before it gives up: on most pages there are none, and reading the whole
// document costs as much as several looks.
func await(ctx context.Context, p Page, within time.Duration) (*found, int, error) {
	within = cmp.Or(within, lateBanner)
	var blind int
	var lookErr error
	looked := false
	step := chunk
	for waited := time.Duration(0); ; waited += step {
		see := lookAt
		if waited == 4*chunk {
			step = 2 * chunk // most have come by now
		}
		if waited >= within {
			see = search
		}
		l, err := see(ctx, p)
		switch {
		case err == nil:
			looked, blind = true, l.blind
		case !errors.Is(err, ErrNotLooked):
			return nil, 0, err
		default:
			lookErr = err // a document may be on its way out
		}
		if f := l.best(); f != nil {
			return settled(ctx, p, f)
		}
		if waited >= within && looked {
			return nil, blind, nil
		}
		if waited >= within {
			return nil, 0, lookErr
		}
		if err := p.Advance(ctx, step); err != nil {
			return nil, 0, fmt.Errorf("wait for a banner: %w", err)
		}
	}
}

// settled looks again one chunk later: banners slide in, and buttons come after
// the text.
func settled(ctx context.Context, p Page, first *found) (*found, int, error) {
	if err := p.Advance(ctx, chunk); err != nil {
		return nil, 0, fmt.Errorf("wait for the banner to settle: %w", err)
	}
	l, err := lookAt(ctx, p)
	if err != nil && !errors.Is(err, ErrNotLooked) {
		return nil, 0, err
	}
	if f := l.best(); f != nil {
		return f, l.blind, nil
	}
	return first, l.blind, nil
}

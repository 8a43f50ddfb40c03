package consent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cookieaudit/crawler/evidence"
)

// recipe is what evidence.Consent.By says of clicks that the user stated.
const recipe = "recipe"

// A Recipe is how a user says that the banner of a site is answered. It wins over
// detection, but its answer is proved like any other.
type Recipe struct {
	// Banner is a CSS selector of the banner's box; empty where detection finds it.
	Banner string
	// Accept, Reject, Choose and Withdraw are the steps of an answer; those of Choose
	// allow the categories of Options.Allow, whichever the user asks for. An answer
	// without steps is left to detection.
	Accept, Reject, Choose, Withdraw []Step
	// Fallback lets detection answer where the recipe cannot be followed.
	Fallback bool
}

// A Step of a recipe clicks or waits: exactly one field beside Name is set.
type Step struct {
	// Name is what messages call it.
	Name string
	// Click and Shown are CSS selectors: of what is clicked, and of what is waited
	// for until it is visible.
	Click, Shown string
	// Address is waited for until it holds of the page's address.
	Address func(string) bool
	// Time is waited for, on the page's clock.
	Time time.Duration
}

// stepTime is how long the page may take, on its own clock, until a step can be
// done.
const stepTime = lateBanner

var (
	// ErrNoStatedBanner says that the page does not show the banner of the recipe.
	// Whether it has another one is not known.
	ErrNoStatedBanner = errors.New("the recipe's banner did not come")
	errNoElement      = fmt.Errorf("no visible element fits within %s of the page's time", stepTime)
	errNoAddress      = fmt.Errorf("the page has another address after %s of its time", stepTime)
	errGone           = errors.New("the element went away before it was clicked")
)

// steps are those of an answer; a nil recipe has none.
func (r *Recipe) steps(want Choice) []Step {
	switch {
	case r == nil:
		return nil
	case want == RejectAll:
		return r.Reject
	case want == AcceptAll:
		return r.Accept
	case want == ChooseSome:
		return r.Choose
	}
	return nil
}

// stated waits for the banner of a recipe. Its controls are read as those of any
// banner are; that it is one is the user's word.
func (r *Recipe) stated(ctx context.Context, p Page) (*found, error) {
	var f *found
	err := until(ctx, p, func() (bool, error) {
		var err error
		f, err = boxed(ctx, p, r.Banner)
		return f != nil, err
	})
	if errors.Is(err, errNoElement) {
		return nil, fmt.Errorf("%w: for %s %w", ErrNoStatedBanner, r.Banner, err)
	}
	return f, err
}

// until looks again and again while the page lives, and says errNoElement where
// what it looks for does not come.
func until(ctx context.Context, p Page, look func() (bool, error)) error {
	for waited := time.Duration(0); ; waited += chunk {
		there, err := look()
		if there || err != nil {
			return err
		}
		if waited >= stepTime {
			return errNoElement
		}
		if err := p.Advance(ctx, chunk); err != nil {
			return fmt.Errorf("wait for %w", err)
		}
	}
}

// boxed returns the first visible box that a CSS selector fits, in whichever
// frame; nil where there is none now.
func boxed(ctx context.Context, p Page, selector string) (*found, error) {
	look := func() (*found, error) {
		for _, f := range p.Frames() {
			got, err := probe(ctx, f, question{Box: selector})
			switch {
			case ctx.Err() != nil:
				return nil, fmt.Errorf("look for %s: %w", selector, context.Cause(ctx))
			case err != nil: // the document is on its way out
			case got.Bad:
				return nil, fmt.Errorf("%s is not a CSS selector", selector)
			case len(got.Candidates) > 0:
				c := got.Candidates[0]
				v, _ := judge(c)
				return &found{frame: f, lang: languageOf(c, got.Lang), candidate: c, verdict: v}, nil
			}
		}
		return nil, nil
	}
	f, err := look()
	if f != nil || err != nil {
		return f, err
	}
	if fresh, err := p.Reveal(ctx); fresh == 0 || err != nil {
		return nil, nil //nolint:nilerr // a document that cannot be looked at shows nothing
	}
	return look()
}

// follow takes the steps of a recipe. The answer is the last click, but for an
// acceptance the first one: what a site does between the two is never held
// against it.
func (s *session) follow(ctx context.Context, steps []Step) error {
	answer := 1
	if s.want != AcceptAll {
		answer = 0
		for i := range steps {
			if steps[i].Click != "" {
				answer++
			}
		}
	}
	for i := range steps {
		step := &steps[i]
		if step.Click != "" {
			answer--
		}
		if err := s.take(ctx, step, step.Click != "" && answer == 0); err != nil {
			return fmt.Errorf("recipe: %s: %w", step.Name, err)
		}
	}
	return nil
}

// take does one step; final is true for the click that is the answer.
func (s *session) take(ctx context.Context, step *Step, final bool) error {
	switch {
	case step.Time > 0:
		return s.page.Advance(ctx, step.Time)
	case step.Address != nil:
		err := until(ctx, s.page, func() (bool, error) {
			frames := s.page.Frames()
			return len(frames) > 0 && frames[0].Top() && step.Address(frames[0].URL()), nil
		})
		if errors.Is(err, errNoElement) {
			err = errNoAddress
		}
		return err
	}
	var at *found
	err := until(ctx, s.page, func() (there bool, err error) {
		at, err = boxed(ctx, s.page, step.Click+step.Shown)
		return at != nil, err
	})
	if err != nil || step.Click == "" {
		return err
	}
	if final {
		if err := s.mark(ctx); err != nil {
			return err
		}
	}
	n, err := s.click(ctx, at.frame, target{Path: at.Path, Text: at.Label})
	if n == 0 && err == nil {
		err = errGone
	}
	return err
}

// byRecipe answers by the steps of a recipe. A step that cannot be done makes the
// answer failed; it is no error.
func byRecipe(ctx context.Context, p Page, want Choice, o Options) (evidence.Consent, *evidence.Banner, error) {
	s := &session{page: p, o: o, want: want, banner: &evidence.Banner{}}
	s.consent = evidence.Consent{By: recipe}
	f, err := o.Recipe.firstLayer(ctx, p)
	if err != nil {
		s.fail(err.Error())
		return s.consent, nil, err
	}
	var described *evidence.Banner // nil: only the recipe knows that there is one
	where := ""
	if f != nil {
		s.banner = describe(ctx, p, f)
		described, where, s.consent.CMP = s.banner, f.frame.URL(), s.banner.CMP
	}
	if s.before, err = readState(ctx, p, where); err != nil {
		return s.consent, described, err
	}
	if err := o.seen(ctx, FirstLayer); err != nil {
		return s.consent, described, err
	}
	err = s.through(ctx, where, o.Recipe.steps(want))
	return s.consent, described, err
}

// firstLayer waits for the banner that the recipe states, or else for one that
// detection finds; nil where there is none of the latter.
func (r *Recipe) firstLayer(ctx context.Context, p Page) (*found, error) {
	if r.Banner != "" {
		return r.stated(ctx, p)
	}
	f, _, err := await(ctx, p, lateBanner)
	return f, err
}

// through takes steps and judges what came of them. What they leave undone is not
// added by detection.
func (s *session) through(ctx context.Context, where string, steps []Step) error {
	if err := s.follow(ctx, steps); err != nil {
		s.fail(err.Error())
		if ctx.Err() != nil {
			return fmt.Errorf("follow the recipe: %w", context.Cause(ctx))
		}
		return nil
	}
	left, err := s.remaining(ctx)
	if err != nil {
		return err
	}
	if left == nil && s.o.Recipe.Banner != "" {
		if left, err = boxed(ctx, s.page, s.o.Recipe.Banner); err != nil {
			return err
		}
	}
	if err := s.weigh(ctx, where, left != nil); err != nil {
		return err
	}
	// What took effect at the first click is on the first layer, whatever the
	// control is called.
	if c := &s.consent; c.Result == evidence.Verified && c.Clicks == 1 && !s.withdraws {
		switch s.want {
		case RejectAll:
			s.banner.FirstLayerReject = true
		case AcceptAll:
			s.banner.FirstLayerAccept, s.banner.ClicksAccept = true, &c.Clicks
		}
	}
	return s.o.seen(ctx, Answered)
}

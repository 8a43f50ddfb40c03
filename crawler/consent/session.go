package consent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cookieaudit/crawler/evidence"
)

// A session is the answering of one banner.
type session struct {
	page Page
	o    Options
	want Choice
	// withdraws: an answer that was given before is taken back.
	withdraws bool
	banner    *evidence.Banner
	consent   evidence.Consent
	before    state
	// pressed is the role of the last control that was clicked, label what it says.
	pressed role
	label   string
	// byHand says that the mouse was used.
	byHand bool
	// stuck says that the banner could not be dealt with, not that it offers
	// nothing.
	stuck bool
	// marked: the answer was announced to the page.
	marked bool
}

func (s *session) fail(why string) {
	s.consent.Result, s.consent.Why, s.stuck = evidence.Failed, why, true
}

// press gives the answer: it clicks the first control of a role. Where the page
// was redrawn since it was looked at, it looks again, once.
func (s *session) press(ctx context.Context, f *found, r role) error {
	// What closes the banner behind an answer is no answer.
	if r != closes || !s.marked {
		if err := s.mark(ctx); err != nil {
			return err
		}
	}
	c := f.pick(r)
	s.pressed, s.label = r, c.label()
	n, err := s.click(ctx, f.frame, target{Path: c.Path, Text: c.Text})
	if n > 0 || err != nil {
		return err
	}
	again, err := s.layer(ctx, func(g *found) bool { return g.has(r) })
	if again == nil || err != nil {
		return err
	}
	c = again.pick(r)
	_, err = s.click(ctx, again.frame, target{Path: c.Path, Text: c.Text})
	return err
}

// mark announces the answer and notes its moment. Opening the settings is none, turning a switch is.
func (s *session) mark(ctx context.Context) error {
	if err := s.page.MarkAnswer(ctx); err != nil {
		s.fail("the page went away before the answer")
		return fmt.Errorf("answer the banner: %w", err)
	}
	s.marked, s.consent.AtMS = true, s.page.Now()
	return nil
}

// click sends clicks and counts them. A document
// that goes away under the click took it: many banners reload the page.
func (s *session) click(ctx context.Context, f Frame, targets ...target) (int, error) {
	n, err := act(ctx, f, targets)
	if ctx.Err() != nil {
		s.fail("ended while clicking")
		return 0, fmt.Errorf("answer the banner: %w", context.Cause(ctx))
	}
	if err != nil {
		n = len(targets)
		s.consent.Why = "the document went away under the click"
	}
	s.consent.Clicks += n
	return n, nil
}

// finish waits until the banner is gone, takes the further steps that some ask
// for, and judges the outcome. where is the address of the document that held
// the banner.
func (s *session) finish(ctx context.Context, where string, layer int) error {
	left, err := s.remaining(ctx)
	for step := 0; err == nil && left != nil && step < maxSteps; step++ {
		var more bool
		if more, err = s.further(ctx, left, layer); !more || err != nil {
			break
		}
		left, err = s.remaining(ctx)
	}
	if err != nil {
		return err
	}
	if err := s.weigh(ctx, where, left != nil); err != nil {
		return err
	}
	if clicks := s.consent.Clicks; s.consent.Result != evidence.Failed && s.want == AcceptAll && (s.banner.FirstLayerAccept || layer > 1) {
		s.banner.ClicksAccept = &clicks
	}
	return s.o.seen(ctx, Answered)
}

// weigh reads the state after the answer and says what came of it.
func (s *session) weigh(ctx context.Context, where string, stillThere bool) error {
	p, err := s.proven(ctx, where)
	if err == nil && !stillThere && len(p.agrees)+len(p.against) == 0 {
		// Some keep the record a moment after the banner went.
		if err := s.page.Advance(ctx, keeping); err != nil {
			return fmt.Errorf("wait for a record of the answer: %w", err)
		}
		p, err = s.proven(ctx, where)
	}
	if err != nil {
		return err
	}
	s.conclude(stillThere, p)
	if s.o.Said != nil && !stillThere && len(p.against) == 0 {
		s.o.Said(p.said)
	}
	if clicks := s.consent.Clicks; s.consent.Result != evidence.Failed && s.want == RejectAll {
		s.banner.ClicksReject = &clicks
	}
	return nil
}

// proven reads the state and compares it with that before the answer.
func (s *session) proven(ctx context.Context, where string) (proof, error) {
	after, err := readState(ctx, s.page, where)
	switch {
	case err != nil:
		return proof{}, err
	case s.want == ChooseSome:
		return compareChoice(s.before, after, s.o.Allow), nil
	case s.withdraws:
		return compareWithdrawal(s.before, after), nil
	}
	p := compare(s.before, after, s.want)
	p.said = saidSince(s.before, after)
	return p, nil
}

// maxSteps bounds what is clicked after the answer itself.
const maxSteps = 3

// further takes the next step where a banner stays after an answer, and reports
// whether there was one to take.
func (s *session) further(ctx context.Context, left *found, layer int) (bool, error) {
	answer := map[Choice]role{RejectAll: reject, AcceptAll: accept}[s.want]
	switch {
	case s.pressed == answer && !left.has(save) && left.has(answer) && left.pick(answer).label() != s.label:
		return true, s.press(ctx, left, answer) // "Are you sure?"
	case s.pressed != save && s.pressed != closes && left.has(save) && (layer > 1 || left.has(toggle)):
		// "Reject all" often only turns switches off, or opens them.
		if answer != "" {
			if err := s.turn(ctx, left, every(s.want == AcceptAll)); err != nil {
				return false, err
			}
		}
		return true, s.press(ctx, left, save)
	case s.pressed != closes && layer > 1 && left.has(closes):
		return true, s.press(ctx, left, closes) // settings that take effect at once stay open
	case !s.byHand && left.has(s.pressed) && left.pick(s.pressed).label() == s.label:
		return true, s.again(ctx, left)
	}
	return false, nil
}

// again gives the answer with the mouse: some banners heed trusted events only.
// A visitor has to click once, so it is not counted twice. It comes second
// because it may hit what lies above the control, which the page can move there
// at any time.
func (s *session) again(ctx context.Context, left *found) error {
	s.byHand = true
	if err := s.mark(ctx); err != nil {
		return err
	}
	c := left.pick(s.pressed)
	err := aim(ctx, left.frame, target{Path: c.Path, Text: c.Text})
	if ctx.Err() != nil {
		s.fail("ended while clicking")
		return fmt.Errorf("answer the banner: %w", context.Cause(ctx))
	}
	if err != nil {
		s.consent.Why = "the mouse cannot reach the control"
	}
	return nil
}

// remaining returns the banner that is still there after it had time to go, or
// nil. What merely confirms the answer ("Your choice was saved. Hide") is gone. It
// looks once more after it went: some come back. After a click with the mouse it
// looks twice more, since the page's clock goes on before the event arrives.
func (s *session) remaining(ctx context.Context) (*found, error) {
	var left *found
	looks, enough := 0, 2 // looks in a row that saw no banner
	if s.byHand {
		enough = 3
	}
	for waited := time.Duration(0); waited < fading; waited += chunk {
		if err := s.page.Advance(ctx, chunk); err != nil {
			return nil, fmt.Errorf("wait for the banner to go: %w", err)
		}
		l, err := lookAt(ctx, s.page)
		if errors.Is(err, ErrNotLooked) {
			continue
		}
		if err != nil {
			return nil, err
		}
		left = nil
		for i := range l.found {
			g := &l.found[i]
			there := g.has(accept) || g.has(reject) || g.has(save) && g.has(toggle) || s.pressed == acknowledge && g.has(acknowledge)
			if there && (left == nil || g.has(save) && g.has(toggle) || !left.has(save)) {
				left = g
			}
		}
		if left != nil {
			looks = 0
		} else if looks++; looks == enough {
			return nil, nil
		}
	}
	return left, nil
}

// conclude turns what was seen into a result. A site whose state says otherwise
// was answered all the same: what it does then is the answer's doing.
func (s *session) conclude(stillThere bool, p proof) {
	c := &s.consent
	switch {
	case stillThere && s.withdraws && len(p.agrees) > 0 && len(p.against) == 0:
		// Many sites forget the answer that is taken back, and ask anew.
		c.Result, c.Proof = evidence.Verified, "the site asks anew; "+strings.Join(p.agrees, "; ")
	case stillThere:
		s.fail("the banner is still there")
	case len(p.against) > 0:
		c.Result, c.Why = evidence.Clicked, "the site's state says otherwise: "+strings.Join(p.against, "; ")
	case len(p.agrees) > 0:
		c.Result, c.Why = evidence.Verified, ""
		c.Proof = "banner gone; " + strings.Join(p.agrees, "; ")
	default:
		c.Result = evidence.Clicked
		if c.Why == "" {
			c.Why = "the banner is gone, but no state that could be read shows the answer"
		}
	}
}

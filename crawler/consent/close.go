package consent

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// close closes the banner by a control that does nothing else, and tells whether
// the site's state grants after that: closing a banner says neither yes nor no.
func (s *session) close(ctx context.Context, f *found) error {
	c := f.closer()
	if c == nil {
		s.consent.Result = evidence.NoCloseOffered
		return nil
	}
	if err := s.mark(ctx); err != nil {
		return err
	}
	s.pressed, s.label = closes, c.label()
	if _, err := s.click(ctx, f.frame, target{Path: c.Path, Text: c.Text}); err != nil {
		return err
	}
	left, err := s.remaining(ctx)
	if err == nil && left != nil && left.closer() != nil && left.closer().label() == s.label {
		if err = s.again(ctx, left); err == nil {
			left, err = s.remaining(ctx)
		}
	}
	if err != nil {
		return err
	}
	if left != nil {
		s.fail(fmt.Sprintf("the banner is still there after %q was clicked", clip(s.label, 80)))
		return nil
	}
	if err := s.sinceClosed(ctx, f.frame.URL()); err != nil {
		return err
	}
	s.consent.Result, s.consent.Why = evidence.Closed, ""
	return s.o.seen(ctx, ClosedBanner)
}

// sinceClosed compares the site's state with that before the banner was closed.
func (s *session) sinceClosed(ctx context.Context, where string) error {
	// Some keep what they make of it a moment after the banner went.
	if err := s.page.Advance(ctx, keeping); err != nil {
		return fmt.Errorf("wait for what closing the banner sets: %w", err)
	}
	after, err := readState(ctx, s.page, where)
	if err != nil {
		return err
	}
	by := grantedSince(s.before, after)
	yes := len(by) > 0
	s.banner.CloseGrants = &yes
	if yes {
		s.consent.Proof = strings.Join(by, "; ")
		s.banner.GrantProof = "after closing: " + s.consent.Proof
	}
	return nil
}

// closer returns the control that closes a banner and is nothing else, or nil:
// "Hide details" closes something else.
func (f *found) closer() *control {
	for i := range f.Controls {
		if c := &f.Controls[i]; f.roles[i] == closes && c.onlyCloses() {
			return c
		}
	}
	return nil
}

// onlyCloses reports whether nothing in the label of a closing control is a word
// of another role.
func (c *control) onlyCloses() bool {
	if isCross(c.Name) || isCross(c.Text) && c.Name == "" {
		return true
	}
	return !slices.ContainsFunc(words().controls, func(w controlWords) bool {
		return w.role != closes && (w.phrases.longest(padded(c.Name)) > 0 || w.phrases.longest(padded(c.Text)) > 0)
	})
}

package consent

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// choose allows some categories: it opens the settings, sets each switch whose
// category its label tells, turns the others off, and saves. Where no switch has
// a category that was asked for, nothing is answered.
func (s *session) choose(ctx context.Context, f *found) error {
	for layer := 1; ; layer++ {
		if f.has(save) && f.has(toggle) {
			if missing := s.missing(f); len(missing) > 0 {
				s.consent.Result = evidence.NoChoiceOffered
				s.consent.Why = "no switch for " + strings.Join(missing, ", ")
				return nil
			}
			if err := s.turn(ctx, f, s.wrong); err != nil {
				return err
			}
			if err := s.press(ctx, f, save); err != nil {
				return err
			}
			return s.finish(ctx, f.frame.URL(), layer)
		}
		next, err := s.deeper(ctx, f, layer)
		if err != nil {
			return err
		}
		if next == nil {
			s.consent.Result = evidence.NoChoiceOffered
			s.consent.Why = fmt.Sprintf("no switches on %d layers", layer)
			return nil
		}
		f = next
	}
}

// missing names the categories that no switch of a layer is for.
func (s *session) missing(f *found) []string {
	var out []string
	for _, c := range s.o.Allow {
		there := false
		for i := range f.Controls {
			there = there || f.roles[i] == toggle && categoryOf(f.Controls[i].Name) == c
		}
		if !there {
			out = append(out, string(c))
		}
	}
	return out
}

// wrong returns what to click so that the switches of a layer are as chosen.
func (s *session) wrong(f *found, _ int) []target {
	var out []target
	for i := range f.Controls {
		allow := f.roles[i] == toggle && slices.Contains(s.o.Allow, categoryOf(f.Controls[i].Name))
		if t, ok := switchTarget(f, i, allow); ok {
			out = append(out, t)
		}
	}
	return out
}

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
	return s.give(ctx, f, way{
		wrong: s.wrong,
		unfit: func(f *found) string {
			if missing := s.missing(f); len(missing) > 0 {
				return "no switch for " + strings.Join(missing, ", ")
			}
			return ""
		},
		none: func(_ *found, layer int) {
			s.consent.Result = evidence.NoChoiceOffered
			s.consent.Why = fmt.Sprintf("no switches on %d layers", layer)
		},
	})
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

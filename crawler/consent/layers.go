package consent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cookieaudit/crawler/evidence"
)

// A way says how an answer is given: on the first layer that offers it, by a
// control, else by switches and "save", else behind the settings.
type way struct {
	// press are the roles of the controls that give it, the best first.
	press []role
	// wrong returns which switches of a layer have to be clicked.
	wrong func(f *found, round int) []target
	// unfit says why the switches of a layer cannot give it; empty where they can.
	unfit func(*found) string
	// none records that no layer offers it.
	none func(last *found, layer int)
}

// reject refuses everything optional.
func (s *session) reject(ctx context.Context, f *found) error {
	return s.give(ctx, f, way{press: []role{reject}, wrong: every(false), none: s.noReject})
}

// accept accepts everything. Where a notice has only "OK", that is what a visitor
// who agrees would click.
func (s *session) accept(ctx context.Context, f *found) error {
	return s.give(ctx, f, way{press: []role{accept, acknowledge}, wrong: every(true), none: func(*found, int) { s.fail("the banner offers no acceptance") }})
}

// give answers, layer by layer.
func (s *session) give(ctx context.Context, f *found, w way) error {
	for layer := 1; ; layer++ {
		for _, r := range w.press {
			if f.has(r) {
				if err := s.press(ctx, f, r); err != nil {
					return err
				}
				return s.finish(ctx, f.frame.URL(), layer)
			}
		}
		if f.has(save) && f.has(toggle) {
			return s.save(ctx, f, w, layer)
		}
		next, err := s.deeper(ctx, f, layer)
		if err != nil {
			return err
		}
		if next == nil {
			w.none(f, layer)
			return nil
		}
		f = next
	}
}

// save sets the switches of a layer and saves them.
func (s *session) save(ctx context.Context, f *found, w way, layer int) error {
	if w.unfit != nil {
		if why := w.unfit(f); why != "" {
			s.consent.Result, s.consent.Why = evidence.NoChoiceOffered, why
			return nil
		}
	}
	if err := s.turn(ctx, f, w.wrong); err != nil {
		return err
	}
	if err := s.press(ctx, f, save); err != nil {
		return err
	}
	return s.finish(ctx, f.frame.URL(), layer)
}

// noReject records that no layer offered a refusal.
func (s *session) noReject(f *found, layer int) {
	s.consent.Result = evidence.NoRejectOffered
	switch {
	case layer > 1:
		s.consent.Why = fmt.Sprintf("no refusal on %d layers", layer)
	case f.has(settings):
		s.consent.Why, s.stuck = "the settings did not open", true
	default:
		s.consent.Why = "the banner offers no refusal and no settings"
	}
}

// deeper opens the settings of a layer and adds what they show to the banner;
// nil where there is nothing more to open.
func (s *session) deeper(ctx context.Context, f *found, layer int) (*found, error) {
	if layer >= maxLayers || !f.has(settings) {
		return nil, nil
	}
	next, err := s.open(ctx, f)
	if err != nil || next == nil {
		return nil, err
	}
	next.measure(ctx)
	addLayer(s.banner, next, layer+1, f)
	return next, s.o.seen(ctx, Settings)
}

// every returns what to click so that every optional switch of a layer is on, or
// off: first the one that is for all, where there is one.
func every(on bool) func(f *found, round int) []target {
	return func(f *found, round int) []target {
		var targets []target
		for i := range f.Controls {
			t, ok := switchTarget(f, i, on)
			if ok && round == 0 && f.Controls[i].Kind != "radio" && words().all.in(padded(f.Controls[i].Name)) {
				return []target{t}
			}
			if ok {
				targets = append(targets, t)
			}
		}
		return targets
	}
}

// turn clicks the switches of a layer that are not as they should be. Redrawing
// pages may need a further round.
func (s *session) turn(ctx context.Context, f *found, wrong func(f *found, round int) []target) error {
	for round := range 3 {
		targets := wrong(f, round)
		if len(targets) == 0 {
			return nil
		}
		if err := s.mark(ctx); err != nil {
			return err
		}
		if _, err := s.click(ctx, f.frame, targets...); err != nil {
			return err
		}
		again, err := s.layer(ctx, func(g *found) bool { return g.has(save) && g.has(toggle) })
		if err != nil {
			return err
		}
		if again == nil {
			return nil
		}
		*f = *again
	}
	return nil
}

// switchTarget returns what to click to turn a switch on or off: itself, or of
// radio buttons the one that says so.
func switchTarget(f *found, i int, on bool) (target, bool) {
	c := &f.Controls[i]
	said := labelRole(c.Name)
	switch {
	case f.roles[i] != toggle || c.Locked:
		return target{}, false
	case c.Kind == "radio":
		grants := said == accept || said == other && words().all.in(padded(c.Name)) // "All cookies"
		return target{Path: c.Path, Set: "on"}, !c.Checked && (said == reject && !on || grants && on)
	case !c.optional():
		return target{}, false
	case objects(c.Name):
		on = !on
	}
	return target{Path: c.Path, Set: map[bool]string{true: "on", false: "off"}[on]}, c.Checked != on
}

// objects reports whether a switch refuses where it is on ("I do not want these
// cookies"). "Enable or disable all services" does not.
func objects(label string) bool {
	text := padded(label)
	for _, or := range words().or {
		if first, _, both := strings.Cut(text, or); both && labelRole(first) != reject {
			return false
		}
	}
	return labelRole(label) == reject || words().opposed.in(text)
}

// open clicks the settings and returns the layer that came, or nil.
func (s *session) open(ctx context.Context, f *found) (*found, error) {
	tried := 0
	for i := range f.Controls {
		if f.roles[i] != settings || tried == 2 {
			continue
		}
		tried++
		c := &f.Controls[i]
		clicks := s.consent.Clicks
		if _, err := s.click(ctx, f.frame, target{Path: c.Path, Text: c.Text}); err != nil {
			return nil, err
		}
		s.pressed = settings
		next, err := s.layer(ctx, func(g *found) bool {
			return g.has(reject) || g.has(save) && g.has(toggle) || g.has(settings) && squeeze(g.Text) != squeeze(f.Text)
		})
		if err != nil || next != nil {
			return next, err
		}
		s.consent.Clicks = clicks // it opened nothing
	}
	return nil, nil
}

// layer waits for a layer that offers something, the best such one.
func (s *session) layer(ctx context.Context, offers func(*found) bool) (*found, error) {
	for waited := time.Duration(0); waited < 3*chunk; waited += chunk {
		if err := s.page.Advance(ctx, chunk); err != nil {
			return nil, fmt.Errorf("wait for the settings: %w", err)
		}
		l, err := lookAt(ctx, s.page)
		if errors.Is(err, ErrNotLooked) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var best *found
		for i := range l.found {
			if g := &l.found[i]; offers(g) && (best == nil || g.layerRank() > best.layerRank()) {
				best = g
			}
		}
		if best != nil {
			return best, nil
		}
	}
	return nil, nil
}

// layerRank prefers the layer with a refusal, then the one with switches.
func (f *found) layerRank() int {
	n := f.score
	if f.has(reject) {
		n += 100
	}
	if f.has(save) && f.has(toggle) {
		n += 50
	}
	return n
}

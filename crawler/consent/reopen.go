package consent

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"slices"

	"cookieaudit/crawler/evidence"
)

// A reopener is a control that may lead back to the choice.
type reopener struct {
	control
	Marks  string `json:"marks"`
	Floats bool   `json:"floats"`

	frame    Frame
	score    int
	withdraw bool // it says that it takes the consent back at once
}

// maxReopeners is how many controls are tried: the manager's own link and icon
// come first by far, and every further click is one that a visitor might not
// make.
const maxReopeners = 4

// reopenMarks are ids and classes by which managers mark such a control:
// "ot-sdk-show-settings", "cky-btn-revisit", "cmplz-manage-consent", "cc-revoke".
var reopenMarks = regexp.MustCompile(`(?i)(cookie|consent|privacy|cmp|cmplz|cky|gdpr|rgpd|didomi|iubenda|osano|axeptio|klaro|orejime|tarteaucitron)\w*[-_ ]?\w*[-_]?(setting|prefer|manage|manager|revok|revisit|reopen|open|show|toggle|widget|icon|float|trigger|change|update|withdraw|badge|fab)|ot-sdk-show-settings|cc-revoke|CookiebotWidget|iubenda-(tp|cs-preferences)|data-cc|optanon-(toggle|show)|fc-(consent|preference)`)

// rank judges how likely a control leads back to the choice; 0 is not at all.
func (r *reopener) rank() int {
	label := padded(r.label())
	w := choiceWords()
	r.withdraw = w.withdraw.in(label)
	role, leaves := labelRole(r.label()), r.Href != ""
	about := words().cookie.in(label) || words().privacy.in(label)
	marked := reopenMarks.MatchString(r.Marks)
	var n int
	switch {
	case role == accept, role == reject, role == veto:
		return 0
	case r.withdraw, w.reopen.in(label):
		n = 10
	case role == settings && about:
		n = 9
	case role == learn && !marked: // policies are read, not set
		return 0
	case marked:
		n = 6
	case r.Floats && hinted(r.Marks):
		n = 5
	case words().cookie.in(label) && len([]rune(r.label())) <= 20 && !leaves:
		n = 3
	case r.Floats && about:
		n = 3
	default:
		return 0
	}
	if marked {
		n += 2
	}
	if leaves {
		n -= 2 // what goes to another page may be the policy
	}
	return max(n, 1)
}

// reopeners returns the likeliest ways back to the choice, best first.
func reopeners(ctx context.Context, p Page) ([]reopener, error) {
	var out []reopener
	for _, f := range p.Frames() {
		got, err := probe(ctx, f, question{Reopen: true})
		if ctx.Err() != nil {
			return nil, fmt.Errorf("look for a way back to the choice: %w", context.Cause(ctx))
		}
		if err != nil {
			if f.Top() {
				return nil, fmt.Errorf("look for a way back to the choice: %w: %w", ErrNotLooked, err)
			}
			continue
		}
		for _, r := range got.Reopeners {
			r.frame = f
			if r.score = r.rank(); r.score > 0 && !r.Locked {
				out = append(out, r)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b reopener) int { return cmp.Compare(b.score, a.score) })
	return out[:min(len(out), maxReopeners)], nil
}

//go:embed reopen.js
var reopenJS string

// reopen brings the choice back, by a control that a visitor can click or else
// by the manager's interface for scripts. The result is nil where nothing did.
func (s *session) reopen(ctx context.Context) (*found, evidence.Reopening, error) {
	var r evidence.Reopening
	ways, err := reopeners(ctx, s.page)
	if err != nil {
		return nil, r, err
	}
	offers := func(g *found) bool {
		return g.has(reject) || g.has(save) && g.has(toggle) || g.has(settings) || g.has(accept)
	}
	for i := range ways {
		w := &ways[i]
		if w.withdraw {
			if err := s.mark(ctx); err != nil {
				return nil, r, err
			}
		}
		n, err := s.click(ctx, w.frame, target{Path: w.Path, Text: w.Text})
		if err != nil {
			return nil, r, err
		}
		r.Clicks += n
		f, err := s.layer(ctx, offers)
		if err != nil {
			return nil, r, err
		}
		if f != nil || w.withdraw {
			r.Reached, r.By, r.Label, r.Clicks = true, "control", clip(w.label(), maxLabel), n
			s.consent.Clicks = n
			s.pressed = settings
			return f, r, s.o.seen(ctx, Reopened)
		}
	}
	s.consent.Clicks, r.Clicks = 0, 0
	return s.reopenByScript(ctx, r, len(ways), offers)
}

// reopenByScript calls what managers offer to scripts for a link that the site
// was to add: nothing on the page leads there.
func (s *session) reopenByScript(ctx context.Context, r evidence.Reopening, tried int, offers func(*found) bool) (*found, evidence.Reopening, error) {
	r.Why = "no control on the page leads back to the choice"
	if tried > 0 {
		r.Why = fmt.Sprintf("%d controls were clicked, none brought the choice back", tried)
	}
	for _, f := range s.page.Frames() {
		if !f.Top() {
			continue
		}
		var called string
		if err := eval(ctx, f.EvalMain, reopenJS, &called); err != nil || called == "" {
			continue // a page whose scripts throw has no such interface
		}
		g, err := s.layer(ctx, offers)
		if err != nil {
			return nil, r, err
		}
		if g != nil {
			r.By, r.Label = "api", clip(called, maxLabel)
			s.consent.Why = "only " + r.Label + " brought the choice back"
			return g, r, s.o.seen(ctx, Reopened)
		}
	}
	return nil, r, nil
}

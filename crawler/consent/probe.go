package consent

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
)

//go:embed probe.js
var probeJS string

//go:embed act.js
var actJS string

// hint matches ids, classes and labels that banners carry. It decides only
// where to look closer.
const hint = `cookie|consent|gdpr|rgpd|dsgvo|ccpa|\bcmp|cmp\b|privacy-?(bar|banner|notice|popup|modal|overlay|layer|dialog)|onetrust|didomi|truste|usercentrics|klaro|orejime|tarteaucitron|axeptio|iubenda|kakor|avtal-?cookies|datenschutz`

var (
	errEvalTimeout = errors.New("evaluation time-out")
	// ErrNotLooked says that the page's top-level document could not be looked at,
	// so that nothing is known about a banner.
	ErrNotLooked = errors.New("page could not be looked at")
)

// A probed is what the probe reports of one document.
type probed struct {
	Candidates []candidate `json:"candidates"`
	// Hidden are the addresses of iframes that cannot be seen.
	Hidden []string `json:"hidden"`
	Lang   string   `json:"lang"`
	// Reopeners are reported in place of candidates where they are asked for.
	Reopeners []reopener `json:"reopeners"`
	// Bad: the selector that was asked about is none.
	Bad bool `json:"bad"`
}

// A candidate is a box that may be a banner.
type candidate struct {
	Form     string    `json:"form"` // dialog, fixed, overlay, hinted, static, frame
	Text     string    `json:"text"`
	Marks    string    `json:"marks"` // ids and classes
	Controls []control `json:"controls"`
	Fields   int       `json:"fields"` // inputs that ask for text
	X        int       `json:"x"`
	Y        int       `json:"y"`
	Width    int       `json:"width"`
	Height   int       `json:"height"`
	// Path and Label name the box as a control, where a selector asked for it.
	Path  []int  `json:"path"`
	Label string `json:"label"`
}

// A look is one glance at all frames of a page.
type look struct {
	found []found
	// blind counts the frames that could not be looked at.
	blind int
}

// A found is a candidate that was judged to be a banner, and where it is.
type found struct {
	frame Frame
	lang  string
	candidate
	verdict
	// places are of the controls, empty until they are measured.
	places                []*place
	viewWidth, viewHeight int
}

// search is lookAt that looks into closed shadow roots too where it sees no banner
// without.
func search(ctx context.Context, p Page) (look, error) {
	l, err := glance(ctx, p)
	if err != nil || len(l.found) > 0 {
		return l, err
	}
	fresh, err := p.Reveal(ctx)
	if ctx.Err() != nil {
		return look{}, fmt.Errorf("look for a banner: %w", context.Cause(ctx))
	}
	if err != nil {
		l.blind++
	}
	if fresh == 0 {
		return l, nil
	}
	return glance(ctx, p)
}

// lookAt looks at every frame, and into closed shadow roots where the site was
// found to have any. It fails only where the top-level document cannot be seen.
func lookAt(ctx context.Context, p Page) (look, error) {
	if p.Closed() {
		return search(ctx, p)
	}
	return glance(ctx, p)
}

func glance(ctx context.Context, p Page) (look, error) {
	var l look
	hidden := map[string]bool{}
	seenTop := false
	var topErr error
	for _, f := range p.Frames() {
		got, err := probe(ctx, f, question{})
		if err != nil {
			if ctx.Err() != nil {
				return look{}, fmt.Errorf("look for a banner: %w", context.Cause(ctx))
			}
			if f.Top() {
				topErr = err
			}
			l.blind++
			continue
		}
		seenTop = seenTop || f.Top()
		for _, h := range got.Hidden {
			hidden[h] = true
		}
		if !f.Top() && hidden[f.URL()] {
			continue
		}
		l.found = append(l.found, judgeAll(f, got)...)
	}
	if !seenTop {
		return l, errors.Join(ErrNotLooked, topErr)
	}
	return l, nil
}

// A question says what the probe looks for: banners, where it is zero.
type question struct {
	// Reopen asks for ways back to the choice.
	Reopen bool `json:"reopen"`
	// Box asks for the first visible element that a CSS selector fits.
	Box string `json:"box"`
}

// probe looks at one document. The probe is kept in the world of our own, which the
// page does not see: sending and compiling it takes three times as long as a look.
func probe(ctx context.Context, f Frame, q question) (probed, error) {
	options, err := json.Marshal(struct {
		Topic string `json:"topic"`
		Hint  string `json:"hint"`
		Top   bool   `json:"top"`
		question
	}{words().topic, hint, f.Top(), q})
	if err != nil {
		return probed{}, fmt.Errorf("encode probe options: %w", err)
	}
	var got *probed
	err = eval(ctx, f.Eval, `Object.hasOwn(globalThis, "probe") ? probe(`+string(options)+`) : null`, &got)
	if got == nil && err == nil {
		got = new(probed)
		err = eval(ctx, f.Eval, "(globalThis.probe = "+probeJS+")("+string(options)+")", got)
	}
	if err != nil {
		return probed{}, err
	}
	return *got, nil
}

// best returns the likeliest banner, or nil.
func (l look) best() *found {
	var best *found
	for i := range l.found {
		if best == nil || l.found[i].score > best.score {
			best = &l.found[i]
		}
	}
	return best
}

// eval runs one evaluation under a time-out of its own.
func eval(ctx context.Context, run func(context.Context, string, any) error, expression string, out any) error {
	ctx, cancel := context.WithTimeoutCause(ctx, evalTimeout, errEvalTimeout)
	defer cancel()
	return run(ctx, expression, out)
}

// A target tells act.js what to click.
type target struct {
	Path []int  `json:"path"`
	Text string `json:"text"`
	// Set is "on" or "off" for switches: one that is so already is left alone.
	Set string `json:"set,omitempty"`
}

// aim presses the mouse on a control, unless something lies over it.
func aim(ctx context.Context, f Frame, t target) error {
	list, err := json.Marshal([]target{t})
	if err != nil {
		return fmt.Errorf("encode the target: %w", err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, evalTimeout, errEvalTimeout)
	defer cancel()
	return f.Click(ctx, actJS+"("+string(list)+", true)")
}

// act clicks controls of a frame and returns how many were there to be clicked.
func act(ctx context.Context, f Frame, targets []target) (int, error) {
	list, err := json.Marshal(targets)
	if err != nil {
		return 0, fmt.Errorf("encode targets: %w", err)
	}
	var n int
	if err := eval(ctx, f.Eval, actJS+"("+string(list)+")", &n); err != nil {
		return 0, fmt.Errorf("click in %s: %w", f.URL(), err)
	}
	return n, nil
}

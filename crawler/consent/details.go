package consent

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
)

//go:embed shown.js
var shownJS string

// maxDetails is how many controls are tried for what the banner says of its
// cookies: the settings, and in them the lists of one category after another.
const maxDetails = 8

// Details waits for a banner, opens its settings and what further details they
// offer, and returns the HTML of everything that came to be seen by that: some sites
// publish their list of cookies there alone. It is empty where there is no banner or
// nothing opened. Nothing is answered. The error wraps ErrNotLooked where the page
// could not be seen.
func Details(ctx context.Context, p Page, o Options) (string, error) {
	f, _, err := await(ctx, p, o.Within)
	if f == nil || err != nil {
		return "", err
	}
	if err := noteShown(ctx, p); err != nil {
		return "", err
	}
	tried := map[string]bool{}
	for len(tried) < maxDetails {
		c := f.untried(tried)
		if c == nil {
			break
		}
		tried[c.label()] = true
		if _, err := act(ctx, f.frame, []target{{Path: c.Path, Text: c.Text}}); err != nil && ctx.Err() != nil {
			return "", fmt.Errorf("open the details of the banner: %w", context.Cause(ctx))
		}
		if err := p.Advance(ctx, chunk); err != nil {
			return "", fmt.Errorf("wait for the details of the banner: %w", err)
		}
		l, err := lookAt(ctx, p)
		if err != nil {
			return "", err
		}
		if next := l.best(); next != nil {
			f = next
		}
	}
	if len(tried) == 0 {
		return "", nil
	}
	return shown(ctx, p)
}

// untried returns the first control for settings or details that was not clicked
// yet, by its label.
func (f *found) untried(tried map[string]bool) *control {
	for i := range f.Controls {
		if c := &f.Controls[i]; f.roles[i] == settings && !tried[c.label()] {
			return c
		}
	}
	return nil
}

// noteShown notes what can be seen in every frame. A frame that cannot be looked at
// shows nothing later.
func noteShown(ctx context.Context, p Page) error {
	for _, f := range p.Frames() {
		var none string
		if err := eval(ctx, f.Eval, shownJS+"(false)", &none); err != nil && ctx.Err() != nil {
			return fmt.Errorf("look at the page behind the banner: %w", context.Cause(ctx))
		}
	}
	return nil
}

// shown returns the HTML of what came to be seen since noteShown.
func shown(ctx context.Context, p Page) (string, error) {
	var parts []string
	for _, f := range p.Frames() {
		var html string
		err := eval(ctx, f.Eval, shownJS+"(true)", &html)
		switch {
		case err != nil && ctx.Err() != nil:
			return "", fmt.Errorf("read the details of the banner: %w", context.Cause(ctx))
		case err == nil && html != "":
			parts = append(parts, html)
		}
	}
	return strings.Join(parts, "\n"), nil
}

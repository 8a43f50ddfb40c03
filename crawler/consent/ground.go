package consent

import (
	"context"
	"strings"
)

// A Ground is the state of a page's consent at a moment, to tell later what has
// changed without a click.
type Ground struct{ state state }

// TakeGround reads the state now.
func TakeGround(ctx context.Context, p Page) (Ground, error) {
	s, err := readState(ctx, p, "")
	return Ground{s}, err
}

// Granted reports whether the state has come to grant since, and what shows it.
// Only what clearly grants counts: an entry that may as well record that a
// notice was seen does not.
func (g Ground) Granted(ctx context.Context, p Page) (shown string, yes bool, err error) {
	now, err := readState(ctx, p, "")
	if err != nil {
		return "", false, err
	}
	by := grantedSince(g.state, now)
	return strings.Join(by, "; "), len(by) > 0, nil
}

// grantedSince lists what of a state has come to grant.
func grantedSince(before, after state) []string {
	var by []string
	changes(before, after, func(source string, r reading) {
		if r == granted {
			by = append(by, source)
		}
	})
	return by
}

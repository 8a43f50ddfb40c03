package consent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cookieaudit/crawler/evidence"
)

// A Choice is what a visitor says to a banner.
type Choice string

// The choices.
const (
	RejectAll Choice = "reject"
	AcceptAll Choice = "accept"
)

// maxLayers is how many layers of settings are opened in search of a refusal.
const maxLayers = 3

// detection is what evidence.Consent.By says of clicks found by this package.
const detection = "detection"

// Detect waits for a banner and describes its first layer. It looks only. A page
// that shows none within six seconds of its own time has none: the result is
// then not Found. The error wraps ErrNotLooked where the page could not be seen.
func Detect(ctx context.Context, p Page) (*evidence.Banner, error) {
	f, _, err := await(ctx, p)
	if err != nil {
		return nil, err
	}
	if f == nil {
		return &evidence.Banner{}, nil
	}
	return describe(f), nil
}

// Answer waits for a banner, answers it and proves the answer. The banner is as
// Detect describes it, with what lies behind the settings where they were
// opened. Everything that a site can cause is a result; an error means that the
// page could not be looked at or the context ended, and the result then says
// what was done until then.
func Answer(ctx context.Context, p Page, want Choice) (evidence.Consent, *evidence.Banner, error) {
	f, blind, err := await(ctx, p)
	if err != nil {
		return evidence.Consent{Result: evidence.Failed, Why: err.Error()}, nil, err
	}
	if f == nil {
		c := evidence.Consent{Result: evidence.NoBanner}
		if blind > 0 {
			c.Why = fmt.Sprintf("%d frames could not be looked at", blind)
		}
		return c, &evidence.Banner{}, nil
	}
	s := &session{page: p, want: want, banner: describe(f)}
	s.consent = evidence.Consent{CMP: s.banner.CMP, By: detection}
	if s.before, err = readState(ctx, p, f.frame.URL()); err != nil {
		return s.consent, s.banner, err
	}
	if want == RejectAll {
		err = s.reject(ctx, f)
	} else {
		err = s.accept(ctx, f)
	}
	return s.consent, s.banner, err
}

// await polls for a banner in chunks of page time, and looks once more a chunk
// after it was first seen, when its layout is final.
func await(ctx context.Context, p Page) (*found, int, error) {
	var blind int
	var lookErr error
	looked := false
	for waited := time.Duration(0); ; waited += chunk {
		l, err := lookAt(ctx, p)
		switch {
		case err == nil:
			looked, blind = true, l.blind
		case !errors.Is(err, ErrNotLooked):
			return nil, 0, err
		default:
			lookErr = err // a document may be on its way out
		}
		if f := l.best(); f != nil {
			return settled(ctx, p, f)
		}
		if waited >= lateBanner && looked {
			return nil, blind, nil
		}
		if waited >= lateBanner {
			return nil, 0, lookErr
		}
		if err := p.Advance(ctx, chunk); err != nil {
			return nil, 0, fmt.Errorf("wait for a banner: %w", err)
		}
	}
}

// settled looks again one chunk later: banners slide in, and buttons come after
// the text.
func settled(ctx context.Context, p Page, first *found) (*found, int, error) {
	if err := p.Advance(ctx, chunk); err != nil {
		return nil, 0, fmt.Errorf("wait for the banner to settle: %w", err)
	}
	l, err := lookAt(ctx, p)
	if err != nil && !errors.Is(err, ErrNotLooked) {
		return nil, 0, err
	}
	if f := l.best(); f != nil {
		return f, l.blind, nil
	}
	return first, l.blind, nil
}

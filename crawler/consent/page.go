package consent

import (
	"context"
	"time"
)

// A Frame is one document of a page, cross-site iframes too.
type Frame interface {
	// URL is the document's address.
	URL() string
	// Top is true for the page's top-level document.
	Top() bool
	// Eval runs an expression in an isolated world of the frame, awaits it where
	// it is a promise, and decodes its JSON value into out.
	Eval(ctx context.Context, expression string, out any) error
	// EvalMain is Eval in the page's own world. What comes back is untrusted.
	EvalMain(ctx context.Context, expression string, out any) error
	// Click presses the mouse on the element that an expression yields in the
	// isolated world: the page's events are trusted.
	Click(ctx context.Context, expression string) error
}

// A Page is a page that is open in a browser context of its own.
type Page interface {
	// Frames returns the present frames, the top-level one first.
	Frames() []Frame
	Clock
	Shadows
	// MarkAnswer is called just before the click that answers: what the site
	// begins after it counts as after the answer.
	MarkAnswer(ctx context.Context) error
	// Cookies returns the cookies of the context's jar.
	Cookies(ctx context.Context) ([]StoredCookie, error)
}

// A Clock is the time of a page.
type Clock interface {
	// Advance lets the page live for d of its own time, virtual or real.
	Advance(ctx context.Context, d time.Duration) error
	// Now is the time on the page's clock, in milliseconds since the phase's
	// first navigation.
	Now() int64
}

// Shadows are the closed shadow roots of a page.
type Shadows interface {
	// Reveal lets Frame.Eval see into the page's closed shadow roots, as
	// element.shadowRoot, and returns how many it did not see before. It costs
	// tens of milliseconds of real time.
	Reveal(ctx context.Context) (int, error)
	// Closed reports whether there were any on the pages that Reveal looked at.
	Closed() bool
}

// A StoredCookie is a cookie of a jar, as far as a proof needs it.
type StoredCookie struct {
	Name, Domain, Value string
}

const (
	// chunk is the piece of page time between two looks.
	chunk = 500 * time.Millisecond
	// lateBanner is how long a banner may take to come, in page time. Managers
	// that load others first were measured at up to 4 s.
	lateBanner = 6 * time.Second
	// fading is how long an answered banner may take to go, in page time.
	fading = 2 * time.Second
	// keeping is how long a site may take to keep a record behind that, in page time.
	keeping = time.Second
	// evalTimeout bounds one evaluation in real time: a page can block its thread.
	evalTimeout = 5 * time.Second
)

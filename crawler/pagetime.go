package crawler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// A page has a certain real time, Config.PageTimeout, for everything together: a
// site that is slow, or that never comes to an end, must not hold up the rest. Its
// shares leave time for what comes after: a page that loads for ever is still
// looked at, one that never comes to rest is still read and left in order.
const (
	// loadShare is how much of it loading may take.
	loadShare = 2. / 3
	// livingShare is when the page is left at the latest.
	livingShare = 5. / 6
	// waits is what a page is waited for on purpose where time is not accelerated:
	// two looks for a banner of 6 s each, 10 s to come to rest, two scrolls of up
	// to 5 s, and as much again for a banner's answer to show.
	waits = 40 * time.Second
)

var errPageTime = errors.New("the page's time was up")

// pageTime is the real time of one page.
func (c *Crawler) pageTime() time.Duration {
	if c.c.Settle == Real {
		return c.c.PageTimeout + waits
	}
	return c.c.PageTimeout
}

// living returns the context of what is done with a page before it is left.
func (c *Crawler) living(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, share(c.pageTime(), livingShare), errPageTime)
}

func share(d time.Duration, part float64) time.Duration { return time.Duration(float64(d) * part) }

// onPage opens a page, lets look do with it what there is to do, and leaves it. A
// page that took all its time is left with what was seen until then, and that makes
// the phase partial; an error is the browser's or the scan's end.
func (t *tour) onPage(ctx context.Context, address, referrer string, look func(context.Context) error) error {
	if err := t.v.NewTab(ctx); err != nil {
		return err
	}
	whole, cancel := context.WithTimeoutCause(ctx, t.pageTime(), errPageTime)
	defer cancel()
	living, cancel := t.living(ctx)
	defer cancel()
	ok, err := t.open(living, address, referrer)
	if err == nil && ok && t.v.Ended() == "" {
		err = look(living)
	}
	ended := t.v.Ended()
	switch {
	case errors.Is(err, browser.ErrGone) || ctx.Err() != nil:
		return errors.Join(err, context.Cause(ctx))
	case !ok && err != nil:
		return err
	case !ok:
		return t.snapshot(whole)
	case ended != "":
		t.cut(ended)
		return t.snapshot(whole)
	case living.Err() != nil:
		t.cut(fmt.Sprintf("left before it had come to rest: its %s were up", t.pageTime()))
	case err != nil:
		return err
	}
	if err := t.v.Hide(whole); err != nil && !errors.Is(err, errPageTime) {
		return err
	}
	return t.snapshot(whole)
}

// snapshot takes stock of what is stored.
func (t *tour) snapshot(ctx context.Context) error {
	err := t.v.Snapshot(ctx)
	if errors.Is(err, browser.ErrStorage) {
		t.cut(browser.ErrStorage.Error())
		return nil
	}
	return err
}

// cut notes why the page which is visited now was not seen to its end.
func (t *tour) cut(why string) {
	p := &t.visit.Pages[len(t.visit.Pages)-1]
	if strings.Contains(p.Why, why) {
		return // it ended while it loaded
	}
	p.Outcome, p.Why = p.Outcome.Worse(evidence.Partial), also(p.Why, why)
	t.incomplete(fmt.Sprintf("%s: %s", p.URL, why))
}

// links reads the links of the visited page, as it was left.
func (t *tour) links(ctx context.Context) ([]discover.Link, error) {
	html, _, err := t.v.Markup(ctx)
	switch {
	case errors.Is(err, browser.ErrGone) || ctx.Err() != nil:
		return nil, errors.Join(err, context.Cause(ctx))
	case err != nil:
		return nil, nil //nolint:nilerr // a page whose script never ends has no links to read
	}
	links, _ := discover.Links(t.v.Top().URL(), []byte(html)) // only a bad address fails
	return links, nil
}

package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// attempts is how often a phase is begun: a browser that died may have died of
// something else.
const attempts = 2

// closeTimeout bounds the disposal of a browser context.
const closeTimeout = 5 * time.Second

// phase visits the site in one phase. A browser that dies is replaced once; what
// the better attempt saw is kept. Only a browser that cannot be started at all
// is a failure of the tool.
func (s *scan) phase(ctx context.Context, p evidence.Phase) result {
	if p == evidence.Close && p != s.leader() && !s.plan.closes(ctx) {
		return result{idle: true}
	}
	var kept result
	var err error
	for n := 1; n <= attempts; n++ {
		var b *browser.Browser
		if b, err = s.browser(ctx); err != nil {
			if kept.record == nil {
				return result{failed: err}
			}
			break
		}
		var r result
		r, err = s.attempt(ctx, b, p)
		if kept.record == nil || len(r.visit.Pages) >= len(kept.visit.Pages) {
			kept = r
		}
		kept.visit.Attempts = n
		if !errors.Is(err, browser.ErrGone) || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		kept.cutShort(ctx, err)
	}
	return kept
}

// cutShort notes that an attempt ended before its time.
func (r *result) cutShort(ctx context.Context, err error) {
	why := err.Error()
	switch {
	case ctx.Err() != nil:
		why = "the scan was stopped: " + context.Cause(ctx).Error()
	case errors.Is(err, browser.ErrGone):
		r.visit.BrowserDied = true
		why = fmt.Sprintf("the browser died in each of %d attempts", r.visit.Attempts)
	}
	outcome := evidence.Partial
	if len(r.visit.Pages) == 0 {
		outcome = evidence.Unavailable
	}
	r.visit.Outcome = r.visit.Outcome.Worse(outcome)
	if ctx.Err() != nil {
		r.visit.Why = why // whatever else went wrong came of being stopped
		return
	}
	r.visit.Why = also(r.visit.Why, why)
}

// also adds one more reason to those that are known.
func also(why, more string) string { return strings.TrimPrefix(why+"; "+more, "; ") }

// attempt visits the site once in a context of its own.
func (s *scan) attempt(ctx context.Context, b *browser.Browser, p evidence.Phase) (result, error) {
	r := result{
		record: &browser.Record{},
		visit: evidence.Visit{
			Phase: p, Started: time.Now().UTC(), Outcome: evidence.Complete, Pages: []evidence.Page{},
			Consent: evidence.Consent{Result: evidence.NotAsked},
		},
	}
	v, err := b.NewVisit(ctx, s.visitOptions(p))
	if err != nil {
		return r, err
	}
	t := &tour{scan: s, v: v, result: &r}
	err = t.run(ctx)
	t.asksAgain()
	r.visit.Signals = t.watch.Signals
	r.record, r.capture = v.Record(), v.Capture()
	for _, why := range v.Missed() {
		t.incomplete(why)
	}
	consentMode(&r.visit, r.record.Requests)
	r.visit.Notes = append(r.visit.Notes, v.Notes()...)
	r.visit.TookMS = time.Since(r.visit.Started).Milliseconds()
	s.closeVisit(ctx, v)
	return r, err
}

// closeVisit disposes of a browser context, also when the scan was stopped.
func (c *Crawler) closeVisit(ctx context.Context, v *browser.Visit) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if err := v.Close(ctx); err != nil {
		c.c.Log.Debug("browser context not closed", "error", err)
	}
}

// A tour is one attempt at a phase.
type tour struct {
	*scan
	*result
	v *browser.Visit
	// watch keeps what the site states about consent; ground is its state before
	// anything was done, nil where it does not matter; answered is true after the
	// answer.
	watch    consent.Watch
	ground   *consent.Ground
	answered bool
}

func (t *tour) run(ctx context.Context) error {
	phase := t.visit.Phase
	if ok, err := t.login(ctx); !ok {
		return err
	}
	t.progress(phase, "landing page")
	err := t.onPage(ctx, t.site.URL, "", t.land)
	if err != nil || t.visit.Pages[0].Outcome == evidence.Unavailable {
		return err
	}
	links, err := t.follow(ctx)
	if err != nil {
		return err
	}
	landing := address(t.visit.Pages[0])
	var addresses []string
	if phase != evidence.Close { // the page that was closed on, loaded again, is enough
		addresses = t.pages(ctx, landing, links)
	}
	if err := t.again(ctx, landing); err != nil {
		return err
	}
	if t.visit.Consent.Clicks > 0 && phase != evidence.Return {
		// What an answer changed shows when the page is loaded again.
		addresses = append([]string{landing}, addresses...)
	}
	for i, a := range addresses {
		t.progress(phase, fmt.Sprintf("page %d of %d", i+2, len(addresses)+1))
		if err := t.onPage(ctx, a, landing, t.rest); err != nil {
			return err
		}
	}
	return nil
}

// follow returns the links of the landing page, which is the one that is visited
// now: as the leader saw it, so that they are read in one phase only, and as this
// phase did where the leader has seen none.
func (t *tour) follow(ctx context.Context) ([]discover.Link, error) {
	if t.visit.Phase != t.leader() {
		if _, links, ok := t.plan.wait(ctx); ok {
			return links, nil
		}
	}
	links, err := t.links(ctx)
	if err == nil && t.visit.Phase == t.leader() {
		t.plan.offer(t.visit.Pages[0], links, t.banner)
	}
	return links, err
}

// land is what is done on the landing page.
func (t *tour) land(ctx context.Context) error {
	if err := t.v.Idle(ctx); err != nil {
		return err
	}
	t.progress(t.visit.Phase, "banner")
	if err := t.consent(ctx); err != nil {
		return err
	}
	return t.rest(ctx)
}

// address is where a page was seen: its own address where it did not tell.
func address(p evidence.Page) string { return cmp.Or(p.FinalURL, p.URL) }

// siteAt is the site as its landing page showed it: a redirect may have led to
// another host or domain of the same owner.
func siteAt(site evidence.Site, landing string) evidence.Site {
	if at, err := discover.ParseSite(landing); err == nil {
		return at
	}
	return site
}

// open visits a page and reports whether there is something to look at. A
// missing page beside the landing page is the site's own affair; one that could
// not be looked at makes the phase partial.
func (t *tour) open(ctx context.Context, address, referrer string) (bool, error) {
	p, err := t.v.Open(ctx, address, referrer, share(t.pageTime(), loadShare))
	if err != nil {
		return false, err
	}
	landing := len(t.visit.Pages) == 0
	t.visit.Pages = append(t.visit.Pages, p)
	switch {
	case p.Outcome == evidence.Complete:
	case landing:
		t.visit.Outcome, t.visit.Why = p.Outcome, p.Why
	case p.Outcome == evidence.Unavailable && p.Status >= 400 && !refusesForNow(p.Status):
		t.visit.Notes = append(t.visit.Notes, fmt.Sprintf("%s: %s", p.URL, p.Why))
	default:
		t.incomplete(fmt.Sprintf("%s: %s", p.URL, p.Why))
	}
	return p.Outcome != evidence.Unavailable, nil
}

// refusesForNow reports whether a status says that a server does not answer now,
// or not to this visitor any more (RFC 6585, section 4; RFC 9110, section 15.6):
// what it would have shown is not known.
func refusesForNow(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// incomplete notes one more reason why the phase did not see everything.
func (t *tour) incomplete(why string) {
	t.visit.Outcome = t.visit.Outcome.Worse(evidence.Partial)
	t.visit.Why = also(t.visit.Why, why)
}

// rest lets a page come to rest and reads it to its end.
func (t *tour) rest(ctx context.Context) error {
	if err := t.v.Settle(ctx); err != nil {
		return err
	}
	t.arrive(ctx)
	if err := t.look(ctx); err != nil {
		return err
	}
	return t.scroll(ctx)
}

// arrive brings the entry of the visited page up to date: a script or a refresh
// may have led on to another one.
func (t *tour) arrive(ctx context.Context) {
	p := t.page()
	now := t.v.Arrived(ctx, *p)
	switch {
	case now.Outcome == p.Outcome:
	case len(t.visit.Pages) == 1: // as open notes what came of the landing page
		t.incomplete(now.Why)
	default:
		t.incomplete(fmt.Sprintf("%s: %s", now.URL, now.Why))
	}
	*p = now
}

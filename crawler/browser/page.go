package browser

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"

	"cookieaudit/crawler/evidence"
)

const (
	openTimeout = 15 * time.Second // a new tab on a busy machine
	evalTimeout = 5 * time.Second  // one evaluation; a page may be in an endless loop
	// stall is how long the network may be silent while a page loads before the
	// page counts as hanging.
	stall = 8 * time.Second
)

var (
	errOpenTimeout = errors.New("the browser opened no tab within 15 s")
	errEvalTimeout = errors.New("the page did not answer within 5 s")
	errPageTimeout = errors.New("time-out")
)

// Open visits a page in a new tab and waits for its load event, at most for
// timeout. What came of it stands in the page's Outcome; an error means that
// the browser itself failed.
func (v *Visit) Open(ctx context.Context, address, referrer string, timeout time.Duration) (evidence.Page, error) {
	if !v.fresh {
		if err := v.newTab(ctx); err != nil {
			return evidence.Page{}, err
		}
	}
	v.fresh = false
	v.mu.Lock()
	at := v.rec.begin(address, time.Now())
	v.arrival = arrival{touched: v.touched}
	v.mu.Unlock()
	p := evidence.Page{URL: address, AtMS: at, Outcome: evidence.Complete}
	load, cancel := context.WithTimeoutCause(ctx, timeout, errPageTimeout)
	defer cancel()
	nav, err := cdp.Call(load, v.page, page.Navigate, page.NavigateParams{URL: address, Referrer: referrer})
	p.Status = v.status()
	var why string
	switch {
	case errors.Is(err, errPageTimeout):
		v.page.post(page.StopLoading.Method, nil)
		why = fmt.Sprintf("no answer within %s", timeout.Round(100*time.Millisecond))
	case err != nil:
		return v.failed(p, err)
	case nav.IsDownload:
		why = "the address is a download, not a page"
	case nav.ErrorText != "" && p.Status != 0:
		why = fmt.Sprintf("no page came: HTTP %d, %s", p.Status, nav.ErrorText)
	case nav.ErrorText != "":
		why = explain(nav.ErrorText)
	default:
		why = v.waitLoad(load, timeout)
		return v.loaded(ctx, p, why)
	}
	p.Outcome, p.Why = evidence.Unavailable, why
	return p, nil
}

// failed tells a page that took its renderer down from a browser that is gone.
func (v *Visit) failed(p evidence.Page, err error) (evidence.Page, error) {
	if why := v.Ended(); why != "" {
		p.Outcome, p.Why = evidence.Partial, why
		return p, nil
	}
	return p, fmt.Errorf("open %s: %w", p.URL, err)
}

// NewTab opens the tab for the next page, which Open does by itself. Whoever
// counts a page's time opens it before: how long that takes is not the page's
// doing.
func (v *Visit) NewTab(ctx context.Context) error {
	err := v.newTab(ctx)
	v.fresh = err == nil
	return err
}

// newTab opens an empty, instrumented tab in place of the one before. A new tab
// has a clock of its own: after a budget of virtual time the old one stands.
func (v *Visit) newTab(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, openTimeout, errOpenTimeout)
	defer cancel()
	v.screens = 0
	v.mu.Lock()
	old := v.page
	v.page, v.blank, v.load, v.ended, v.endedBy, v.hangs = nil, "", newOnce(), newOnce(), "", false
	v.broken = make(chan string, 1)
	v.tabs++
	v.mu.Unlock()
	made, err := cdp.Call(ctx, v.b.root, target.CreateTarget, target.CreateTargetParams{URL: "about:blank", BrowserContextID: v.ctxID})
	if err != nil {
		return fmt.Errorf("open a tab: %w", err)
	}
	s, err := v.await(ctx, made.TargetID)
	if err != nil {
		return fmt.Errorf("open a tab: %w", err)
	}
	if old != nil {
		// Only now: a window closes with its last tab, and another one would take
		// full Chromium as much as a page does. The tab may have gone by itself.
		_, _ = cdp.Call(ctx, v.b.root, target.CloseTarget, target.CloseTargetParams{TargetID: old.info.TargetID})
	}
	// A barrier too: when this is answered, everything that attach sent is done.
	tree, err := cdp.Call(ctx, s, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return fmt.Errorf("instrument the tab: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.page, v.blank = s, tree.FrameTree.Frame.LoaderID
	return nil
}

// await returns the session of a target once it is attached. A window that the
// site opens meanwhile is recorded, not visited.
func (v *Visit) await(ctx context.Context, id target.ID) (*session, error) {
	for {
		v.mu.Lock()
		s := v.session(id)
		v.mu.Unlock()
		if s != nil {
			return s, nil
		}
		select {
		case <-v.attached:
		case <-v.b.done:
			return nil, ErrGone
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// loaded looks at what came of a page; why says why its load event did not come.
func (v *Visit) loaded(ctx context.Context, p evidence.Page, why string) (evidence.Page, error) {
	if why != "" {
		p.Outcome, p.Why = evidence.Partial, why
		v.mu.Lock()
		v.hangs = true
		v.mu.Unlock()
		v.unblock(ctx)
	}
	p.Status = v.status()
	var facts struct {
		URL   string `json:"url"`
		Title string `json:"title"`
	}
	const ask = `({url: location.href, title: document.title.slice(0, 300)})`
	v.mu.Lock()
	v.arrival.known = v.arrival.loader
	v.mu.Unlock()
	err := v.Top().Eval(ctx, ask, &facts)
	switch {
	case errors.Is(err, ErrGone):
		return p, err
	case err != nil && p.Outcome == evidence.Complete:
		p.Outcome, p.Why = evidence.Partial, "the page does not answer: "+err.Error()
	case err == nil:
		p.FinalURL, p.Title = facts.URL, facts.Title
	}
	if p.Status >= 400 {
		p.Outcome, p.Why = evidence.Unavailable, fmt.Sprintf("the server answered with an error page: HTTP %d", p.Status)
	}
	return p, nil
}

// waitLoad waits for the load event and says why it did not come.
func (v *Visit) waitLoad(ctx context.Context, timeout time.Duration) (why string) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-v.load.c:
			return ""
		case <-v.ended.c:
			return v.Ended()
		case text := <-v.broken:
			return "not loaded: it broke off: " + explain(text)
		case <-v.b.done:
			return ErrGone.Error()
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), errPageTimeout) {
				return fmt.Sprintf("not loaded within %s", timeout.Round(100*time.Millisecond))
			}
			return context.Cause(ctx).Error()
		case now := <-tick.C:
			v.mu.Lock()
			quiet, pending := v.rec.quiet(now), len(v.rec.inFlight)
			v.mu.Unlock()
			if quiet > stall && !v.o.Bare { // which knows of no request
				return stalled(pending)
			}
		}
	}
}

func stalled(pending int) string {
	if pending == 0 {
		return fmt.Sprintf("not loaded: nothing came for %s, and nothing was asked for", stall)
	}
	return fmt.Sprintf("not loaded: %d requests hang for %s", pending, stall)
}

// status is the HTTP status of the visited page's document, 0 where none came.
func (v *Visit) status() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.rec.pageStatus(cdp.FrameID(v.page.info.TargetID))
}

// explain turns a network error into words; the browser's own name stays, for
// whoever wants to look it up.
func explain(netError string) string {
	for _, e := range [...]struct{ part, words string }{
		{"NAME_NOT_RESOLVED", "the host name does not resolve"},
		{"CONNECTION_REFUSED", "the connection was refused"},
		{"CONNECTION_RESET", "the connection was reset"},
		{"CONNECTION_CLOSED", "the connection was closed without an answer"},
		{"CONNECTION_TIMED_OUT", "the connection timed out"},
		{"ADDRESS_UNREACHABLE", "the address cannot be reached"},
		{"INTERNET_DISCONNECTED", "there is no network"},
		{"TOO_MANY_REDIRECTS", "endless redirects"},
		{"EMPTY_RESPONSE", "the server sent nothing"},
		{"CERT_", "the certificate cannot be trusted (--insecure accepts it)"},
		{"SSL_", "TLS failed"},
		{"INVALID_RESPONSE", "the answer is not HTTP"},
		{"INVALID_REDIRECT", "the redirect is not valid"},
		{"ABORTED", "the server sent no page"},
		{"UNSAFE_PORT", "browsers refuse to connect to this port"},
	} {
		if strings.Contains(netError, e.part) {
			return e.words + " (" + netError + ")"
		}
	}
	return netError
}

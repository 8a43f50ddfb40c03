package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"

	"cookieaudit/crawler/evidence"
)

// VisitOptions say how a visit behaves.
type VisitOptions struct {
	// Phase is written into everything that the visit records.
	Phase evidence.Phase
	// RealTime lets pages live in real time instead of virtual time.
	RealTime bool
	// GPC sends Global Privacy Control: the header Sec-GPC with every request, and
	// navigator.globalPrivacyControl (W3C Global Privacy Control, sections 3 and 4).
	GPC bool
	// Start is the state that the visit begins in.
	Start Start
	// Bare loads pages and looks at nothing: what the browser costs by itself,
	// beside which the cost of a scan is measured.
	Bare bool
	// Trace keeps what Visit.Capture returns: some kilobytes for each request.
	Trace bool
	// KeepValues keeps the values of cookies and storage, which are hashed
	// otherwise.
	KeepValues bool
}

// A Visit is one browser context: a profile that nothing else has touched. It
// opens pages one after the other and records what they do.
type Visit struct {
	b     *Browser
	o     VisitOptions
	ctxID cdp.BrowserContextID
	mark  string // see newMark

	mu       sync.Mutex
	rec      recorder
	sessions []*session
	// attachments counts the sessions that there were.
	attachments int
	frames      map[cdp.FrameID]*frame
	attached    chan struct{} // holds a token after a session was added
	page        *session      // the page that is visited now
	blank       cdp.LoaderID  // the empty document that the page's tab began with
	fresh       bool          // the tab has shown no page yet; used by Open and NewTab alone
	screens     int           // that the page was scrolled by; used by NewTab and Scroll alone
	load        *once         // the page's load event
	arrival     arrival       // where the page is by itself
	ended       *once         // the visited page has no document any more
	broken      chan string   // holds why the visited page broke off while it came
	endedBy     string        // why
	closed      bool          // a page was found to have closed shadow roots
	hangs       bool          // the page waits for a request that does not end
	touched     bool          // the banner was acted upon: what follows is its doing
	answered    bool
	carry       map[string]map[string]string // sessionStorage by origin, for the next tab
	budgets     map[*session]*once
	notes       []string
	tabs        int                      // that were opened for pages
	windows     int                      // pages that are or were open, those that the site opened too
	dialogs     int                      // that the site opened
	seeding     bool                     // pages are made here, not loaded
	headers     network.Headers          // state the visitor's wishes with every request
	wish        string                   // states them to scripts
	proxied     map[fetch.RequestID]bool // requests whose proxy was given credentials
}

// A once is a signal that is given at most once.
type once struct {
	c chan struct{}
	o sync.Once
}

func newOnce() *once  { return &once{c: make(chan struct{})} }
func (o *once) fire() { o.o.Do(func() { close(o.c) }) }
func (o *once) fired() bool {
	select {
	case <-o.c:
		return true
	default:
		return false
	}
}

// NewVisit makes a fresh browser context. The caller must Close it.
func (b *Browser) NewVisit(ctx context.Context, o VisitOptions) (*Visit, error) {
	v := &Visit{
		b: b, o: o, mark: newMark(), frames: map[cdp.FrameID]*frame{},
		attached: make(chan struct{}, 1), load: newOnce(), ended: newOnce(), budgets: map[*session]*once{},
		carry: o.Start.session(),
	}
	v.rec = newRecorder(&v.o)
	v.headers, v.wish = v.wishes()
	made, err := cdp.Call(ctx, b.root, target.CreateBrowserContext,
		target.CreateBrowserContextParams{DisposeOnDetach: ptr(true), ProxyServer: o.Start.proxyServer(), ProxyBypassList: o.Start.proxyBypass()})
	if err != nil {
		return nil, fmt.Errorf("make a browser context: %w", err)
	}
	v.ctxID = made.BrowserContextID
	b.mu.Lock()
	b.visits[v.ctxID] = v
	b.mu.Unlock()
	_, err = cdp.Call(ctx, b.root, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorDeny, BrowserContextID: v.ctxID,
	})
	if err != nil {
		return nil, fmt.Errorf("refuse downloads: %w", err)
	}
	if err := v.begin(ctx); err != nil {
		return nil, errors.Join(err, v.Close(ctx))
	}
	return v, nil
}

// Close throws the context away, with every page in it.
func (v *Visit) Close(ctx context.Context) error {
	_, err := cdp.Call(ctx, v.b.root, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: v.ctxID})
	v.b.mu.Lock()
	delete(v.b.visits, v.ctxID)
	v.b.mu.Unlock()
	if err != nil {
		return fmt.Errorf("dispose of the browser context: %w", err)
	}
	return nil
}

func ptr[T any](v T) *T { return &v }

// browserUI is the type of targets that are pages of the browser's own windows.
const browserUI = "browser_ui"

// dispatch is the router's handler. A session belongs to the visit whose
// context its target lives in.
func (b *Browser) dispatch(s *session, ev any) {
	if e, ok := ev.(*target.EventAttachedToTarget); ok {
		b.mu.Lock()
		v := b.visits[e.TargetInfo.BrowserContextID]
		b.mu.Unlock()
		if v == nil || e.TargetInfo.Type == browserUI {
			// The browser's own first tab, its address bar, and what outlives its
			// visit. A target that is left paused would hang whoever waits for it.
			s.post(runtime.RunIfWaitingForDebugger.Method, nil)
			return
		}
		s.visit = v
		v.attach(s)
		return
	}
	if s.visit != nil {
		s.visit.event(s, ev)
	}
}

// Ended says why the visited page has no document any more; it is empty while it
// has one.
func (v *Visit) Ended() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.endedBy
}

// MarkAnswer notes that the banner is being answered now: what the site begins
// to write or to request from here on counts as after the answer. Everything
// that the pages have sent before is read first. The last call counts: an answer
// that takes several clicks is given by the last of them.
func (v *Visit) MarkAnswer(ctx context.Context) error { return v.act(ctx, true) }

// MarkEarlier notes that the banner is being answered in a way that a later
// answer takes back: only what follows that one counts as after the answer.
func (v *Visit) MarkEarlier(ctx context.Context) error { return v.act(ctx, false) }

func (v *Visit) act(ctx context.Context, final bool) error {
	v.mu.Lock()
	sessions := slices.Clone(v.documents())
	v.mu.Unlock()
	for _, s := range sessions {
		if err := evaluate(ctx, s, 0, "0", nil); err != nil && s == v.page {
			return fmt.Errorf("reach the page before the answer: %w", err)
		}
	}
	v.mu.Lock()
	text := "the banner is answered in a way that is taken back later"
	if final {
		text = "the banner is answered"
		if v.o.Phase == evidence.Close {
			text = "the banner is closed"
		}
		v.answered = true
		v.rec.notAnswered()
	}
	v.rec.trace.event(&v.rec, time.Now(), evidence.Event{Kind: "answer", Text: text})
	v.touched = true
	v.mu.Unlock()
	return nil
}

// Forget has the next page begin without the sessionStorage of the one before,
// as in a tab that a visitor opens on a later day.
func (v *Visit) Forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.carry = map[string]map[string]string{}
}

// documents are the sessions of the visited page: its own and those of the
// iframes that have a process of their own.
func (v *Visit) documents() []*session {
	var out []*session
	for _, s := range v.sessions {
		if s == v.page || s.kind() == "iframe" && s.within(v.page) {
			out = append(out, s)
		}
	}
	return out
}

func (s *session) within(t *session) bool {
	for p := s; p != nil; p = p.parent {
		if p == t {
			return true
		}
	}
	return false
}

// Now is the time in milliseconds since the visit's first navigation, on the
// page's clock.
func (v *Visit) Now() int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	at := v.rec.now(time.Now())
	if v.answered {
		v.rec.answeredAt = at
	}
	return at
}

// Notes are observations of the visit that are no failure.
func (v *Visit) Notes() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.notes)
}

// note keeps an observation once; v.mu is held.
func (v *Visit) note(text string) {
	const most = 50 // a page that opens dialogs for ever says nothing new
	if len(v.notes) < most && !slices.Contains(v.notes, text) {
		v.notes = append(v.notes, text)
	}
}

// carryScript fills the sessionStorage of a new tab with what the tab before
// it held, as a visitor who follows a link would keep it; v.mu is held.
func (v *Visit) carryScript() string {
	if len(v.carry) == 0 {
		return ""
	}
	data, err := json.Marshal(v.carry)
	if err != nil {
		return "" // a map of strings always encodes
	}
	return `(() => { try {
  const all = ` + string(data) + `, own = all[location.origin];
  if (own && sessionStorage.length === 0) for (const k of Object.keys(own)) Storage.prototype.setItem.call(sessionStorage, k, own[k]);
} catch { /* an opaque origin has no storage */ } })()`
}

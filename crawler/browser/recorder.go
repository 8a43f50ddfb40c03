package browser

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"golang.org/x/text/encoding/charmap"

	"cookieaudit/crawler/evidence"
)

// A recorder keeps what the events of a visit say, as raw as they come; what
// it means is worked out at the end, when all of it is known.
type recorder struct {
	phase    evidence.Phase
	start    *Start // what the user put in is not the site's
	rules    valueRules
	trace    *trace // nil unless the visit is to be traced
	pages    []pageClock
	requests map[network.RequestID]*request
	order    []*request // in the order in which they began
	// monotonic is when the clocks that count from a start showed nothing.
	monotonic time.Time
	placed    map[cdp.FrameID]time.Time // when an empty frame began, on the page's clock
	scripts   []*scriptWrite
	written   map[writeID]*scriptWrite // those whose outcome is awaited
	code      map[scriptID]*script
	made      map[cdp.FrameID]origin // who made each frame
	jars      []jarEntry
	jarReads  []time.Time // when the jar was read
	stores    []storeEntry
	inFlight  map[network.RequestID]bool
	// loginPages is how many of the pages are those of the user's login script.
	loginPages int
	// restored is true after a page was shown again from the back/forward cache.
	restored bool
	// answeredAt is the latest moment that was told of the answer to the banner.
	answeredAt int64
	lastNet    time.Time
	bodies     int // bytes of request bodies that are kept

	limits limits
	missed []string
	// What was kept of each kind.
	lines, writes, stored volume
}

func newRecorder(o *VisitOptions) recorder {
	return recorder{
		phase: o.Phase, start: &o.Start, rules: valueRules{o}, trace: newTrace(o), limits: visitLimits(), requests: map[network.RequestID]*request{}, inFlight: map[network.RequestID]bool{},
		written: map[writeID]*scriptWrite{}, code: map[scriptID]*script{}, made: map[cdp.FrameID]origin{}, placed: map[cdp.FrameID]time.Time{},
	}
}

// A request is one request with all its redirects.
type request struct {
	id     network.RequestID
	page   int // index into recorder.pages
	hops   []hop
	extras []extra
	top    bool // for the document of a page or window
	after  bool // begun after the banner was answered
	least  int64
	socket bool
	frame  cdp.FrameID
	sent   [][]string // names of the cookies that each hop carried
	doc    string
	kind   string
	from   origin
	final  *finalResponse
	asked  time.Time // for a document: when its last hop began, in real time
}

// A hop is one address of a request.
type hop struct {
	url     string
	wall    time.Time // on the page's clock; zero where at tells
	at      int64     // the moment, where the page's clock does not tell it
	noExtra bool      // the browser sends no raw headers for it
	body    string    // cut to maxBody
	referer string
}

// maxBody and maxBodies bound, in bytes, what is kept of what a page sends: one
// request, and all of a visit.
const (
	maxBody   = 64 << 10
	maxBodies = 16 << 20
)

type finalResponse struct {
	status   int
	hasExtra bool
	at       time.Time // real time
}

// extra is the raw head of one response, as far as it sets cookies.
type extra struct {
	status    int
	at        time.Time // real time
	date      time.Time // the server's clock; zero where it did not say
	lines     []string
	clears    bool                // Clear-Site-Data sweeps the site's cookies away
	blocked   map[string][]string // line → reasons
	partition string
}

type scriptWrite struct {
	report
	calls   []codeCall
	page    int
	reading time.Time // of the page's clock
	real    time.Time
	after   bool
	least   int64 // what comes after the answer has no moment before it
}

// A writeID is the number that the hook gave a write.
type writeID struct {
	session *session
	context runtime.ExecutionContextID
	number  int
}

// longLived are kinds of requests that do not end by themselves.
func longLived(kind string) bool {
	return kind == string(network.ResourceTypeEventSource) || kind == string(network.ResourceTypeWebSocket)
}

// request takes a request or a further hop of one, which began at a reading of the
// page's clock.
func (r *recorder) request(s *session, e *network.EventRequestWillBeSent, reading, now time.Time, answered bool) {
	q := r.of(e.RequestID)
	if len(q.hops) == 0 {
		q.after, q.doc, q.kind, q.frame, q.from = answered, e.DocumentURL, string(e.Type), e.FrameID, r.origin(s, e.Initiator, e.FrameID)
		q.least = r.answeredAt
		q.top = e.Type == network.ResourceTypeDocument && s.kind() == "page" && string(e.FrameID) == string(s.info.TargetID)
		r.list(q)
	} else {
		if e.RedirectResponse == nil {
			return // the same request, told by a second session
		}
		q.hops[len(q.hops)-1].noExtra = !e.RedirectHasExtraInfo
	}
	h := hop{url: r.bounded(e.Request.URL), wall: reading}
	if e.Type == network.ResourceTypeDocument {
		// Documents are asked for by the browser, whose clock is the real one.
		h.wall, h.at, q.asked = time.Time{}, r.now(now), fromEpoch(e.WallTime)
		if len(q.hops) > 0 {
			h.wall = q.hops[0].wall
		}
	}
	r.content(&h, e.Request)
	q.hops = append(q.hops, h)
	if !longLived(q.kind) && !strings.HasPrefix(e.Request.URL, "data:") {
		r.inFlight[e.RequestID] = true
	}
	r.lastNet = now
}

func (r *recorder) sent(e *network.EventRequestWillBeSentExtraInfo) {
	names := []string{}
	for _, c := range e.AssociatedCookies {
		if len(c.BlockedReasons) == 0 && c.Cookie != nil {
			names = append(names, clip(c.Cookie.Name))
		}
	}
	q := r.of(e.RequestID)
	q.sent = append(q.sent, names)
}

// cookies names the cookies that a hop carried: where the browser did not tell
// the hops apart, those that any of them carried.
func (q *request) cookies(hop int) []string {
	if len(q.sent) == len(q.hops) {
		return q.sent[hop]
	}
	var all []string
	for _, names := range q.sent {
		all = append(all, names...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// content keeps what a request says besides its address.
func (r *recorder) content(h *hop, q *network.Request) {
	for name, value := range q.Headers {
		if strings.EqualFold(name, "referer") {
			h.referer = fmt.Sprint(value)
		}
	}
	var body []byte
	for _, e := range q.PostDataEntries {
		body = append(body, e.Bytes...)
	}
	body = body[:min(len(body), maxBody, maxBodies-r.bodies)]
	h.body = string(body)
	r.bodies += len(body)
}

// of returns the request of an id; raw headers may come before the request.
func (r *recorder) of(id network.RequestID) *request {
	q := r.requests[id]
	if q == nil {
		q = &request{id: id, page: len(r.pages) - 1}
		if len(r.requests) < r.limits.requests {
			r.requests[id] = q
		} else {
			r.miss("more than %d requests: what came after is not recorded", r.limits.requests)
		}
	}
	return q
}

// list adds a request that begins, unless there are too many already.
func (r *recorder) list(q *request) {
	if r.requests[q.id] == q {
		r.order = append(r.order, q)
	}
}

// bounded cuts an address that is too long to be kept.
func (r *recorder) bounded(address string) string {
	return address[:min(len(address), r.limits.address)]
}

func (r *recorder) response(e *network.EventResponseReceived, now time.Time) {
	q := r.of(e.RequestID)
	q.final = &finalResponse{status: int(e.Response.Status), hasExtra: e.HasExtraInfo, at: now}
}

func (r *recorder) extra(e *network.EventResponseReceivedExtraInfo, now time.Time) {
	x := extra{status: int(e.StatusCode), at: now}
	for name, value := range e.Headers {
		switch strings.ToLower(name) {
		case "set-cookie":
			// Several lines of one name come joined by a line feed.
			x.lines = append(x.lines, strings.Split(headerText(fmt.Sprint(value)), "\n")...)
		case "date":
			x.date, _ = parseCookieDate(fmt.Sprint(value))
		case "clear-site-data":
			text := fmt.Sprint(value)
			x.clears = strings.Contains(text, `"cookies"`) || strings.Contains(text, `"*"`)
		}
	}
	x.lines = r.keepLines(x.lines)
	if len(x.lines) > 0 {
		x.blocked = map[string][]string{}
		for _, b := range e.BlockedCookies {
			line := headerText(b.CookieLine)
			for _, reason := range b.BlockedReasons {
				x.blocked[line] = append(x.blocked[line], string(reason))
			}
			if len(b.BlockedReasons) == 0 { // one that the protocol has no name for
				x.blocked[line] = append(x.blocked[line], "NotStored")
			}
		}
		if e.CookiePartitionKey != nil {
			x.partition = e.CookiePartitionKey.TopLevelSite
		}
	}
	q := r.of(e.RequestID)
	q.extras = append(q.extras, x)
}

// keepLines returns those of the Set-Cookie lines for which there is room.
func (r *recorder) keepLines(lines []string) []string {
	for i, line := range lines {
		if !r.lines.take(len(line), r.limits.lines, r.limits.lineBytes) {
			r.miss("more than %d Set-Cookie lines, or %d MiB of them: what came after is seen only where it was left in the jar",
				r.limits.lines, r.limits.lineBytes>>20)
			return lines[:i]
		}
	}
	return lines
}

// headerText reads a header as the cookie jar does, which takes its bytes for
// UTF-8. The protocol gives every byte as a character of its own, that of
// windows-1252 (measured on Chromium 156).
func headerText(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		c, known := byte(r), r <= 0xff
		if !known {
			c, known = charmap.Windows1252.EncodeRune(r)
		}
		if !known {
			return s
		}
		b = append(b, c)
	}
	if !utf8.Valid(b) {
		return s
	}
	return string(b)
}

func (r *recorder) finished(id network.RequestID, now time.Time) {
	if r.inFlight[id] {
		delete(r.inFlight, id)
		r.lastNet = now
	}
}

func (r *recorder) socket(s *session, e *network.EventWebSocketCreated, now time.Time, answered bool) {
	q := r.of(e.RequestID)
	q.socket, q.after, q.kind, q.from = true, answered, string(network.ResourceTypeWebSocket), r.origin(s, e.Initiator, "")
	q.hops = append(q.hops, hop{url: r.bounded(e.URL), at: r.now(now)})
	r.list(q)
}

// handshake takes the raw head of a WebSocket's answer, for which the browser
// sends no extra info and does not say what it refused.
func (r *recorder) handshake(e *network.EventWebSocketHandshakeResponseReceived, now time.Time) {
	x := extra{status: int(e.Response.Status), at: now}
	for name, value := range e.Response.Headers {
		if strings.EqualFold(name, "set-cookie") {
			for _, line := range strings.Split(fmt.Sprint(value), "\n") {
				x.lines = append(x.lines, headerText(strings.Trim(line, `"`)))
			}
		}
	}
	x.lines = r.keepLines(x.lines)
	q := r.of(e.RequestID)
	q.final = &finalResponse{status: x.status, hasExtra: true}
	q.extras = append(q.extras, x)
}

// notAnswered takes back that what was heard so far came after the answer.
func (r *recorder) notAnswered() {
	for _, w := range r.scripts {
		w.after = false
	}
	for _, q := range r.order {
		q.after = false
	}
}

// script takes a write that the hook has seen, of so many bytes.
func (r *recorder) script(id writeID, bytes int, w *scriptWrite) {
	if !r.writes.take(bytes, r.limits.writes, r.limits.writeBytes) {
		r.miss("scripts wrote more than %d times, or %d MiB: what came after is seen only where it was left in the jar",
			r.limits.writes, r.limits.writeBytes>>20)
		return
	}
	w.page, w.least = len(r.pages)-1, r.answeredAt
	r.scripts = append(r.scripts, w)
	r.written[id] = w
}

// outcome notes whether what a script wrote could be read back.
func (r *recorder) outcome(id writeID, o *report) {
	if w := r.written[id]; w != nil {
		w.Seen = o.Seen
		delete(r.written, id)
	}
}

// idle is how long nothing has been on its way; 0 while something is.
func (r *recorder) idle(now time.Time) time.Duration {
	last := r.lastNet
	for id := range r.inFlight {
		q := r.requests[id]
		if q == nil || q.kind != string(network.ResourceTypeFetch) || q.final == nil || now.Sub(q.final.at) < unread {
			return 0
		}
		if q.final.at.After(last) {
			last = q.final.at
		}
	}
	return now.Sub(last)
}

// unread is how long a fetch may take from its headers to the end of its body.
// One whose body nobody reads never ends, and what it sets it has set by then.
const unread = 500 * time.Millisecond

// quiet is how long the network has been still, whatever hangs.
func (r *recorder) quiet(now time.Time) time.Duration { return now.Sub(r.lastNet) }

func fromEpoch(t cdp.TimeSinceEpoch) time.Time {
	return time.UnixMicro(int64(t.Float64() * 1e6)).UTC()
}

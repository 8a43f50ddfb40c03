package browser

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"

	"cookieaudit/crawler/evidence"
)

// A trace keeps what a case file holds beside the record: every exchange with
// its heads and timings, and everything that was heard, in order. It is there
// where VisitOptions.Trace asks for it; all methods take a nil one, so that a
// visit without it pays nothing.
type trace struct {
	rules  valueRules
	wires  map[*request]*wire
	events []evidence.Event
	moment []func(*recorder) int64 // of each event, known at the end only
	chains map[string]evidence.CertificateChain
	cut    []string

	heads, logged volume
}

// What a trace keeps of a visit. The heads of 20,000 requests with a kilobyte
// each way are 40 MiB.
const (
	maxHeads      = 40_000
	maxHeadBytes  = 64 << 20
	maxEvents     = 200_000
	maxEventBytes = 64 << 20
	maxChains     = 200
)

// A wire is what a trace keeps of one request: its hops, and the raw heads,
// which come in the order of the hops, before or after their events.
type wire struct {
	hops           []evidence.Exchange
	began          []time.Time
	noExtra        []bool // the browser sends no raw heads for the hop
	sent, received []rawHead
}

type rawHead struct {
	fields  []evidence.Field
	cookies []evidence.WireCookie
	status  int
}

func newTrace(o *VisitOptions) *trace {
	if !o.Trace {
		return nil
	}
	return &trace{rules: valueRules{o}, wires: map[*request]*wire{}, chains: map[string]evidence.CertificateChain{}}
}

// of returns what is kept of a request; of one that the recorder has no room
// for it is forgotten again.
func (t *trace) of(r *recorder, q *request) *wire {
	w := t.wires[q]
	if w != nil {
		return w
	}
	w = &wire{}
	if r.requests[q.id] == q {
		t.wires[q] = w
	} else {
		t.leave("more requests than a visit keeps: what came after is not in the bundle")
	}
	return w
}

// hear takes an event that the recorder has taken already.
func (t *trace) hear(r *recorder, ev any, now time.Time) {
	if t == nil {
		return
	}
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		t.request(r, e, now)
	case *network.EventRequestWillBeSentExtraInfo:
		w := t.of(r, r.of(e.RequestID))
		if h := (rawHead{fields: t.fields(e.Headers), cookies: t.rules.sent(e.AssociatedCookies, now)}); t.room(h.fields) {
			w.sent = append(w.sent, h)
		}
	case *network.EventResponseReceived:
		q := r.of(e.RequestID)
		if w := t.of(r, q); len(w.hops) > 0 {
			t.answer(w, e.Response, now)
			w.noExtra[len(w.hops)-1] = !e.HasExtraInfo
			t.event(r, now, evidence.Event{Kind: "response", Request: string(q.id), URL: clip(e.Response.URL), Status: int(e.Response.Status)})
		}
	case *network.EventResponseReceivedExtraInfo:
		t.raw(r, r.of(e.RequestID), e.Headers, int(e.StatusCode), now)
	case *network.EventLoadingFinished:
		t.end(r, r.of(e.RequestID), now, int64(e.EncodedDataLength), "")
	case *network.EventLoadingFailed:
		text := e.ErrorText
		if e.BlockedReason != "" {
			text += " (" + string(e.BlockedReason) + ")"
		}
		t.end(r, r.of(e.RequestID), now, -1, text)
	case *network.EventWebSocketCreated:
		q := r.of(e.RequestID)
		t.begin(r, q, evidence.Exchange{Method: "GET", URL: r.bounded(e.URL)}, now)
	case *network.EventWebSocketHandshakeResponseReceived:
		q := r.of(e.RequestID)
		w := t.of(r, q)
		if len(w.hops) == 0 {
			return
		}
		x := &w.hops[len(w.hops)-1]
		x.Status, x.StatusText, x.Protocol = int(e.Response.Status), e.Response.StatusText, "http/1.1"
		x.Sent, x.SentRaw = t.fields(e.Response.RequestHeaders), len(e.Response.RequestHeaders) > 0
		t.raw(r, q, e.Response.Headers, x.Status, now)
		t.end(r, q, now, -1, "")
	}
}

// request takes a hop, and with it the answer that led to it.
func (t *trace) request(r *recorder, e *network.EventRequestWillBeSent, now time.Time) {
	q := r.of(e.RequestID)
	w := t.of(r, q)
	if len(w.hops) == len(q.hops) {
		return // told by a second session
	}
	if e.RedirectResponse != nil && len(w.hops) > 0 {
		t.answer(w, e.RedirectResponse, now)
		last := len(w.hops) - 1
		w.noExtra[last] = !e.RedirectHasExtraInfo
		w.hops[last].Redirect = r.bounded(e.Request.URL)
		t.event(r, now, evidence.Event{Kind: "response", Request: string(q.id), URL: clip(e.RedirectResponse.URL), Status: int(e.RedirectResponse.Status)})
		t.end(r, q, now, int64(e.RedirectResponse.EncodedDataLength), "")
	}
	x := evidence.Exchange{Method: e.Request.Method, URL: r.bounded(e.Request.URL)}
	if strings.HasPrefix(x.URL, "data:") {
		x.URL = clip(x.URL)
	}
	for _, entry := range e.Request.PostDataEntries {
		x.SentBytes += int64(len(entry.Bytes))
	}
	if e.Request.HasPostData && x.SentBytes == 0 {
		x.SentBytes = -1
	}
	if fields := t.fields(e.Request.Headers); t.room(fields) {
		x.Sent = fields
	}
	t.begin(r, q, x, now)
}

func (t *trace) begin(r *recorder, q *request, x evidence.Exchange, now time.Time) {
	w := t.of(r, q)
	x.Phase, x.Page, x.Request, x.Started, x.Type, x.Bytes = r.phase, q.page, string(q.id), now.UTC(), strings.ToLower(q.kind), -1
	x.Initiator = clip(q.from.address())
	w.hops, w.began, w.noExtra = append(w.hops, x), append(w.began, now), append(w.noExtra, false)
	hop := len(q.hops) - 1
	t.eventAt(now, evidence.Event{Kind: "request", Phase: r.phase, Request: x.Request, Method: x.Method, URL: clip(x.URL)},
		func(r *recorder) int64 { return r.begun(q, &q.hops[hop]) })
}

// answer takes what the browser tells of an answer to the last hop.
func (t *trace) answer(w *wire, p *network.Response, now time.Time) {
	x := &w.hops[len(w.hops)-1]
	x.Status, x.StatusText, x.Protocol, x.MIME = int(p.Status), clip(p.StatusText), p.Protocol, clip(p.MimeType)
	x.Address, x.Port = strings.Trim(p.RemoteIPAddress, "[]"), int(p.RemotePort)
	if p.ConnectionID > 0 {
		x.Connection = fmt.Sprintf("%.0f", p.ConnectionID)
	}
	switch {
	case p.FromServiceWorker:
		x.From = "service worker"
	case p.FromDiskCache, p.FromPrefetchCache:
		x.From = "cache"
	}
	if fields := t.fields(p.Headers); t.room(fields) {
		x.Received = fields
	}
	x.TLS, x.Timing = tlsOf(p.SecurityDetails), timingOf(p.Timing)
	x.TookMS = took(now.Sub(w.began[len(w.hops)-1]))
}

// raw takes the head of an answer as it came.
func (t *trace) raw(r *recorder, q *request, headers network.Headers, status int, now time.Time) {
	h := rawHead{fields: t.fields(headers), status: status}
	for _, line := range cookieLines(headers) {
		c, _ := parseSetCookie(line)
		h.cookies = append(h.cookies, t.rules.set(c, now))
		t.event(r, now, evidence.Event{Kind: "set-cookie", Request: string(q.id), Status: status, Text: clip(t.rules.raw(&c, line))})
	}
	if w := t.of(r, q); t.room(h.fields) {
		w.received = append(w.received, h)
	}
}

// end notes that a hop has come to its end.
func (t *trace) end(r *recorder, q *request, now time.Time, bytes int64, failure string) {
	w := t.wires[q]
	if w == nil || len(w.hops) == 0 {
		return
	}
	last := len(w.hops) - 1
	x := &w.hops[last]
	x.TookMS, x.Bytes, x.Error = took(now.Sub(w.began[last])), bytes, failure
	e := evidence.Event{Kind: "finished", Request: string(q.id)}
	if failure != "" {
		e.Kind, e.Text = "failed", failure
	}
	t.event(r, now, e)
}

// write logs what a script wrote.
func (t *trace) write(r *recorder, w *scriptWrite) {
	if t == nil {
		return
	}
	e := evidence.Event{Kind: "script-write", Phase: r.phase, URL: clip(w.URL)}
	switch {
	case w.Kind == "document.cookie":
		c, _ := parseSetCookie(w.Text)
		e.Text = w.Kind + " " + clip(t.rules.raw(&c, w.Text))
	case strings.HasPrefix(w.Kind, "cookieStore.") && w.Data != nil:
		_, raw := fromCookieStore(w, t.rules)
		e.Text = clip(raw)
	case w.Data != nil:
		e.Text = w.Kind + " " + clip(w.Data.Name)
	}
	if stack := plainCalls(w.calls); len(stack) > 0 {
		e.Script, e.Line = stack[0].URL, stack[0].Line
	}
	t.eventAt(w.real, e, func(r *recorder) int64 { return max(r.moment(w.page, w.reading), w.least) })
}

// Log adds to the log of a visit that is traced what only its user knows.
func (v *Visit) Log(kind, text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rec.trace.event(&v.rec, time.Now(), evidence.Event{Kind: kind, Text: clip(text)})
}

// clicked logs a click of ours.
func (v *Visit) clicked(f *Frame, x, y float64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rec.trace.event(&v.rec, time.Now(), evidence.Event{Kind: "click", URL: clip(f.url), Text: fmt.Sprintf("at %.0f, %.0f in the window of its document", x, y)})
}

func took(d time.Duration) *float64 { return ptr(max(0, float64(d.Microseconds())/1000)) }

// exchanges returns the hops of all requests with their raw heads.
func (t *trace) exchanges(r *recorder) []evidence.Exchange {
	var out []evidence.Exchange
	for _, q := range r.order {
		w := t.wires[q]
		if w == nil {
			continue
		}
		n := 0
		for i := range w.hops {
			x := &w.hops[i]
			if i < len(q.hops) {
				x.AtMS = r.begun(q, &q.hops[i])
			}
			if w.noExtra[i] {
				continue
			}
			if n < len(w.sent) {
				x.Sent, x.SentRaw, x.SentCookies = w.sent[n].fields, true, w.sent[n].cookies
			}
			if n < len(w.received) {
				x.Received, x.ReceivedRaw, x.SetCookies = w.received[n].fields, true, w.received[n].cookies
				if x.Status == 0 {
					x.Status = w.received[n].status
				}
			}
			n++
		}
		out = append(out, w.hops...)
	}
	return out
}

// event logs something that happens now.
func (t *trace) event(r *recorder, now time.Time, e evidence.Event) {
	if t == nil {
		return
	}
	e.Phase = r.phase
	at := r.now(now)
	t.eventAt(now, e, func(*recorder) int64 { return at })
}

func (t *trace) eventAt(now time.Time, e evidence.Event, moment func(*recorder) int64) {
	if !t.logged.take(len(e.URL)+len(e.Text)+len(e.Script)+100, maxEvents, maxEventBytes) {
		t.leave(fmt.Sprintf("more than %d events, or %d MiB of them: what came after is not in the log", maxEvents, maxEventBytes>>20))
		return
	}
	e.Time = now.UTC()
	t.events, t.moment = append(t.events, e), append(t.moment, moment)
}

// room takes a head, if there is room for it.
func (t *trace) room(fields []evidence.Field) bool {
	n := 0
	for _, f := range fields {
		n += len(f.Name) + len(f.Value)
	}
	if !t.heads.take(n, maxHeads*2, maxHeadBytes) {
		t.leave(fmt.Sprintf("more than %d MiB of heads: those that came after are not kept", maxHeadBytes>>20))
		return false
	}
	return true
}

// leave notes what is left out, once.
func (t *trace) leave(why string) {
	if !slices.Contains(t.cut, why) {
		t.cut = append(t.cut, why)
	}
}

// Capture returns what the visit heard beside its record; nil where nobody
// asked for a trace.
func (v *Visit) Capture() *evidence.Capture {
	v.mu.Lock()
	defer v.mu.Unlock()
	t := v.rec.trace
	if t == nil {
		return nil
	}
	c := &evidence.Capture{Exchanges: t.exchanges(&v.rec), Events: slices.Clone(t.events)}
	for i := range c.Events {
		c.Events[i].AtMS = t.moment[i](&v.rec)
	}
	for _, chain := range t.chains {
		c.Certificates = append(c.Certificates, chain)
	}
	slices.SortFunc(c.Certificates, func(a, b evidence.CertificateChain) int { return strings.Compare(a.Origin, b.Origin) })
	for _, why := range t.cut {
		c.Cut = append(c.Cut, fmt.Sprintf("%s: %s", v.rec.phase, why))
	}
	return c
}

package browser

import (
	"encoding/json"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// Every process of a browser has a virtual clock of its own: it starts with the
// first budget that one of its documents is given, and goes as fast as that
// document's timers let it. So the clock of a cross-site frame, or of a document
// that a page led on to, can be seconds before or behind that of the page
// (measured on Chromium 156). What is common to both is the moment at which the
// document was asked for: there the one clock is set by the other.

// setClock sets the clock of a session by the beginning of a document in it.
func (r *recorder) setClock(s *session, e *page.EventLifecycleEvent, now time.Time) {
	if len(r.pages) == 0 || r.monotonic.IsZero() {
		return
	}
	began := r.wall(e.Timestamp)
	if string(e.FrameID) != string(s.info.TargetID) {
		// An empty document, which a frame begins with in the process of the one around it.
		if _, known := r.placed[e.FrameID]; !known && len(r.placed) < maxFrames {
			r.placed[e.FrameID] = began.Add(s.shift)
		}
		return
	}
	q := r.requests[network.RequestID(e.LoaderID)]
	c := &r.pages[len(r.pages)-1]
	switch {
	case c.virtual && q != nil:
		// The page's clock stands while it waits for a document.
		s.shift = c.began.Add(time.Duration(r.begun(q, &q.hops[0])-c.at) * time.Millisecond).Sub(began)
	case c.virtual:
		s.shift = c.began.Add(c.lived).Sub(began)
	default:
		// In real time it began between two moments that are known.
		least := c.began
		if q != nil {
			least = q.asked
		}
		s.shift = 0
		if began.After(now) {
			s.shift = now.Sub(began)
		} else if began.Before(least) {
			s.shift = least.Sub(began)
		}
	}
}

// wall is a reading of a monotonic clock as time of day. Both go alike in every
// process, also where the time is virtual.
func (r *recorder) wall(t cdp.MonotonicTime) time.Time {
	return r.monotonic.Add(time.Duration(t.Float64() * float64(time.Second)))
}

// document is the session of the document that a worker was made by; the session
// itself where it has documents.
func (s *session) document() *session {
	for p := s; p != nil; p = p.parent {
		if p.kind() == "page" || p.kind() == "iframe" {
			return p
		}
	}
	return nil
}

// onPage turns a reading of the clock of a session's process into one of the
// clock of the visited page.
func (v *Visit) onPage(s *session, reading time.Time) time.Time {
	if d := s.document(); d != nil {
		return reading.Add(d.shift)
	}
	if v.page != nil { // a worker that several documents use
		return reading.Add(v.page.shift)
	}
	return reading
}

// askClock has the document of a session tell when the document of a request is
// asked for, of which the browser tells the real time only.
func (v *Visit) askClock(s *session, q *request) {
	shift := s.shift
	s.ask(runtime.Evaluate.Method, runtime.EvaluateParams{Expression: s.clock}, func(result []byte) {
		var answer struct {
			Result struct {
				Value float64 `json:"value"`
			} `json:"result"`
		}
		if json.Unmarshal(result, &answer) != nil || answer.Result.Value <= 0 {
			return
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		if s.shift != shift {
			return // the clock of another document
		}
		for i := range q.hops {
			q.hops[i].wall = time.UnixMilli(int64(answer.Result.Value)).Add(shift)
		}
	})
}

// request takes a request of a session's document or worker.
func (v *Visit) request(s *session, e *network.EventRequestWillBeSent, now time.Time) {
	if wall := fromEpoch(e.WallTime); v.rec.monotonic.IsZero() {
		v.rec.monotonic = wall.Add(-time.Duration(e.Timestamp.Float64() * float64(time.Second)))
	}
	q := v.rec.of(e.RequestID)
	first := len(q.hops) == 0
	v.rec.request(s, e, v.onPage(s, fromEpoch(e.WallTime)), now, v.answered)
	if !first || e.Type != network.ResourceTypeDocument {
		return
	}
	placed, known := v.rec.placed[q.frame]
	delete(v.rec.placed, q.frame)
	switch {
	case !v.rec.virtual() || s.document() != s:
	case known:
		q.hops[0].wall = placed
	default:
		v.askClock(s, q)
	}
}

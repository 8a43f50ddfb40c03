package browser

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

// A frame is one document of a visit.
type frame struct {
	id      cdp.FrameID
	parent  cdp.FrameID
	url     string
	session *session
	main    runtime.ExecutionContextID // the page's own world; 0 while there is none
	own     runtime.ExecutionContextID // ours; 0 until it is asked for
}

// event takes one event of one of the visit's sessions. It runs on the router's
// goroutine and must not wait.
func (v *Visit) event(s *session, ev any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := ev.(type) {
	case *target.EventDetachedFromTarget:
		v.detach(s, "the page closed its own window")
	case *runtime.EventConsoleAPICalled:
		v.report(s, e)
	case *debugger.EventScriptParsed:
		v.rec.parsed(s, e)
	case *debugger.EventPaused:
		v.atStart(s)
	case *page.EventLifecycleEvent:
		// The empty document that the tab began with has a load event too.
		if e.Name == "init" {
			v.rec.setClock(s, e, time.Now())
		}
		if e.Name == "load" && s == v.page && v.isTopID(e.FrameID) && e.LoaderID != v.blank {
			v.load.fire()
		}
	case *emulation.EventVirtualTimeBudgetExpired:
		if b := v.budgets[s]; b != nil {
			b.fire()
		}
	case *inspector.EventTargetCrashed:
		// A worker is said to crash when the last tab that uses it is closed.
		if k := s.kind(); k == "page" || k == "iframe" {
			s.gone.fire() // nothing answers there any more
			why := v.b.endOfRenderer()
			if s != v.page {
				v.rec.miss("in a frame or window: %s", why)
			}
			v.detach(s, why)
		}
	case *page.EventJavascriptDialogOpening:
		v.note("a " + string(e.Type) + " dialog was closed")
		if v.dialogs++; v.dialogs > v.rec.limits.dialogs {
			v.rec.miss("more than %d dialogs: the scripts that opened them were stopped", v.rec.limits.dialogs)
			s.post(runtime.TerminateExecution.Method, nil)
		}
		// Leaving a page is let happen; every other question is declined.
		s.post(page.HandleJavaScriptDialog.Method, page.HandleJavaScriptDialogParams{Accept: e.Type == page.DialogTypeBeforeunload})
	case *fetch.EventRequestPaused:
		v.held(s, e)
	case *fetch.EventAuthRequired:
		v.challenged(s, e)
	default:
		if !v.frameEvent(s, ev) {
			v.networkEvent(s, ev)
		}
	}
}

func (v *Visit) frameEvent(s *session, ev any) bool {
	switch e := ev.(type) {
	case *page.EventFrameAttached:
		v.frames[e.FrameID] = &frame{id: e.FrameID, parent: e.ParentFrameID, session: s}
		if around := v.frames[e.ParentFrameID]; around != nil {
			v.rec.framed(s, e, around.url)
		}
	case *page.EventFrameRequestedNavigation:
		if e.Reason != page.ClientNavigationReasonInitialFrameNavigation {
			delete(v.rec.placed, e.FrameID) // it was there before
		}
	case *page.EventFrameNavigated:
		f := v.frames[e.Frame.ID]
		if f == nil {
			f = &frame{id: e.Frame.ID}
			v.frames[e.Frame.ID] = f
		}
		f.parent, f.url, f.session, f.own = e.Frame.ParentID, e.Frame.URL, s, 0
		if e.Type == page.NavigationTypeBackForwardCacheRestore {
			v.hookAgain(s)
			v.rec.restored = true
			v.note("a page was shown again from the back/forward cache: what its scripts wrote at once is seen where it was stored, without who wrote it")
		}
		if v.isTop(f) && v.touched == v.arrival.touched {
			v.arrival.loader, v.arrival.url, v.arrival.unreachable = e.Frame.LoaderID, e.Frame.URL, e.Frame.UnreachableURL
		}
	case *page.EventFrameDetached:
		// A frame that moves to a process of its own is still there.
		if f := v.frames[e.FrameID]; f != nil && f.session == s && e.Reason != page.FrameDetachedReasonSwap {
			delete(v.frames, e.FrameID)
		}
	case *runtime.EventExecutionContextCreated:
		var aux struct {
			FrameID   cdp.FrameID `json:"frameId"`
			IsDefault bool        `json:"isDefault"`
		}
		if json.Unmarshal(e.Context.AuxData, &aux) != nil || !aux.IsDefault {
			return true
		}
		f := v.frames[aux.FrameID]
		if f == nil {
			f = &frame{id: aux.FrameID}
			v.frames[aux.FrameID] = f
		}
		f.session, f.main, f.own = s, e.Context.ID, 0
	case *runtime.EventExecutionContextsCleared:
		for _, f := range v.frames {
			if f.session == s {
				f.main, f.own = 0, 0
			}
		}
	case *runtime.EventExecutionContextDestroyed:
	default:
		return false
	}
	return true
}

func (v *Visit) networkEvent(s *session, ev any) {
	now := time.Now()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		v.request(s, e, now)
	case *network.EventRequestWillBeSentExtraInfo:
		v.rec.sent(e)
	case *network.EventResponseReceived:
		v.rec.response(e, now)
	case *network.EventResponseReceivedExtraInfo:
		v.rec.extra(e, now)
	case *network.EventLoadingFinished:
		v.rec.finished(e.RequestID, now)
	case *network.EventLoadingFailed:
		v.rec.finished(e.RequestID, now)
		if !e.Canceled && v.rec.isPage(e.RequestID, v.page) {
			select {
			case v.broken <- e.ErrorText:
			default:
			}
		}
	case *network.EventWebSocketCreated:
		v.rec.socket(s, e, now, v.answered)
	case *network.EventWebSocketWillSendHandshakeRequest:
		if q := v.rec.of(e.RequestID); len(q.hops) > 0 {
			q.hops[0].wall = v.onPage(s, fromEpoch(e.WallTime))
		}
	case *network.EventWebSocketHandshakeResponseReceived:
		v.rec.handshake(e, now)
	}
	v.rec.trace.hear(&v.rec, ev, now)
}

// report takes what the hook says; v.mu is held.
func (v *Visit) report(s *session, e *runtime.EventConsoleAPICalled) {
	var message string
	if len(e.Args) != 1 || json.Unmarshal(e.Args[0].Value, &message) != nil || !strings.HasPrefix(message, v.mark) {
		return
	}
	r, err := parseReport(message[len(v.mark):])
	if err != nil {
		v.note("a report of a write could not be read")
		v.b.log.Debug("hook", "error", err)
		return
	}
	if r.Kind == "" {
		v.rec.outcome(writeID{s, e.ExecutionContextID, r.Number}, r)
		return
	}
	if r.Unread {
		v.note("a script wrote with arguments that cannot be read without its notice (" + r.Kind + "): what came of it is seen where it is stored only")
		return
	}
	reading := v.onPage(s, time.UnixMilli(int64(r.At)))
	w := &scriptWrite{report: *r, reading: reading, calls: v.rec.reported(s, e.StackTrace, v.mark), real: time.Now(), after: v.answered}
	v.rec.script(writeID{s, e.ExecutionContextID, r.Number}, len(message), w)
	v.rec.trace.write(&v.rec, w)
}

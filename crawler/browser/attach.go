package browser

import (
	"slices"

	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

// asyncDepth is how many turns of the event loop a call stack reaches back:
// enough for a tag that a tag manager's timer loads.
const asyncDepth = 8

func autoAttach() target.SetAutoAttachParams {
	return target.SetAutoAttachParams{AutoAttach: true, WaitForDebuggerOnStart: true, Flatten: ptr(true)}
}

// attach instruments a target while it is paused and then lets it run. None of
// the answers is waited for: the browser works commands off in order.
func (v *Visit) attach(s *session) {
	v.mu.Lock()
	v.attachments++
	s.hook, s.clock = hook(v.mark, v.attachments), hookClock(v.mark, v.attachments)
	// A service worker is announced by its page and by the browser.
	s.spare = v.session(s.info.TargetID) != nil
	v.sessions = append(v.sessions, s)
	carry, wanted := v.carryScript(), v.admit(s)
	v.mu.Unlock()
	switch {
	case !wanted:
		v.b.root.post(target.CloseTarget.Method, target.CloseTargetParams{TargetID: s.info.TargetID})
	case !s.spare:
		v.instrument(s, carry)
	}
	s.post(runtime.RunIfWaitingForDebugger.Method, nil)
	select {
	case v.attached <- struct{}{}:
	default:
	}
}

// admit reports whether a target is looked at: of the windows that a site opens,
// not all are. v.mu is held.
func (v *Visit) admit(s *session) bool {
	if s.kind() != "page" || s.spare {
		return true
	}
	if v.windows++; v.windows <= v.tabs+v.rec.limits.windows {
		return true
	}
	v.rec.miss("more than %d windows were opened: those that came after were closed at once", v.rec.limits.windows)
	return false
}

// session is the session in use of a target, nil where there is none; v.mu is held.
func (v *Visit) session(id target.ID) *session {
	i := slices.IndexFunc(v.sessions, func(s *session) bool { return s.info.TargetID == id && !s.spare })
	if i < 0 {
		return nil
	}
	return v.sessions[i]
}

func (v *Visit) instrument(s *session, carry string) {
	if v.o.Bare { // the load event is all there is to know
		s.post(page.Enable.Method, page.EnableParams{})
		s.post(page.SetLifecycleEventsEnabled.Method, page.SetLifecycleEventsEnabledParams{Enabled: true})
		return
	}
	s.post(network.Enable.Method, network.EnableParams{MaxPostDataSize: ptr(int64(maxBody))})
	s.post(runtime.Enable.Method, nil)
	// The hook needs the debugger, and without it a request that a script makes
	// through an element, as most trackers do, has no call stack to say whose it is.
	s.post(debugger.Enable.Method, debugger.EnableParams{})
	s.post(debugger.SetAsyncCallStackDepth.Method, debugger.SetAsyncCallStackDepthParams{MaxDepth: asyncDepth})
	v.dress(s)
	switch s.kind() {
	case "page", "iframe", "webview":
		s.post(debugger.SetSkipAllPauses.Method, debugger.SetSkipAllPausesParams{Skip: true})
		s.post(page.Enable.Method, page.EnableParams{})
		s.post(page.SetLifecycleEventsEnabled.Method, page.SetLifecycleEventsEnabledParams{Enabled: true})
		// What is carried over is no write of this page: it comes before the hook.
		for _, script := range []string{carry, v.wish, s.hook} {
			if script != "" {
				s.post(page.AddScriptToEvaluateOnNewDocument.Method, page.AddScriptToEvaluateOnNewDocumentParams{
					Source: script, RunImmediately: ptr(true), IncludeCommandLineAPI: ptr(script == s.hook),
				})
			}
		}
		s.post(target.SetAutoAttach.Method, autoAttach())
	default:
		// A worker has not got all its functions yet: it is stopped once more,
		// before its first line.
		s.post(debugger.SetInstrumentationBreakpoint.Method, debugger.SetInstrumentationBreakpointParams{
			Instrumentation: debugger.SetInstrumentationBreakpointInstrumentationBeforeScriptExecution,
		})
		s.post(target.SetAutoAttach.Method, autoAttach()) // not every worker can have workers of its own
	}
}

// atStart hooks a worker that has stopped before its first line, and lets it
// run: nothing stops it again.
func (v *Visit) atStart(s *session) {
	s.post(runtime.Evaluate.Method, runtime.EvaluateParams{Expression: v.wish + s.hook, IncludeCommandLineAPI: ptr(true)})
	s.post(debugger.SetSkipAllPauses.Method, debugger.SetSkipAllPausesParams{Skip: true})
	s.post(debugger.Resume.Method, debugger.ResumeParams{})
}

// hookAgain hooks a document that is shown again from the back/forward cache: it
// runs on without being loaded, and the debugger has forgotten what it watched
// there (Chromium 156). What its scripts do at once is done before. v.mu is held.
func (v *Visit) hookAgain(s *session) {
	v.attachments++
	s.post(runtime.Evaluate.Method, runtime.EvaluateParams{Expression: hook(v.mark, v.attachments), IncludeCommandLineAPI: ptr(true)})
}

// detach forgets a session whose target has gone; v.mu is held.
func (v *Visit) detach(s *session, why string) {
	v.sessions = slices.DeleteFunc(v.sessions, func(t *session) bool { return t == s })
	for _, t := range v.sessions {
		if t.spare && !s.spare && t.info.TargetID == s.info.TargetID {
			t.spare = false
			v.instrument(t, "")
			v.atStart(t) // the worker has long begun
			break
		}
	}
	for id, f := range v.frames {
		if f.session == s {
			delete(v.frames, id)
		}
	}
	if s == v.page && !v.ended.fired() {
		v.endedBy = why
		v.ended.fire()
	}
}

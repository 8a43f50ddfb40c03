package browser

import (
	"bytes"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
)

// wanted reports whether the router decodes an event of a visit. Most of what
// the enabled domains send is of no use here, and decoding is what costs.
func wanted(msg *cdproto.Message, mark string) bool {
	switch string(msg.Method) {
	case runtime.ConsoleAPICalled.Method: // the hook's messages, not the page's
		return mark != "" && bytes.Contains(msg.Params, []byte(mark))
	case debugger.ScriptParsed.Method: // the page's code, not the hook's conditions
		return mark != "" && !bytes.Contains(msg.Params, []byte(mark))
	case target.AttachedToTarget.Method, target.DetachedFromTarget.Method,
		network.RequestWillBeSent.Method, network.RequestWillBeSentExtraInfo.Method,
		network.ResponseReceived.Method, network.ResponseReceivedExtraInfo.Method,
		network.LoadingFinished.Method, network.LoadingFailed.Method,
		network.WebSocketCreated.Method, network.WebSocketWillSendHandshakeRequest.Method, network.WebSocketHandshakeResponseReceived.Method,
		page.LifecycleEvent.Method, page.FrameAttached.Method, page.FrameRequestedNavigation.Method, page.FrameNavigated.Method, page.FrameDetached.Method,
		page.JavascriptDialogOpening.Method,
		debugger.Paused.Method, runtime.ExecutionContextCreated.Method,
		runtime.ExecutionContextDestroyed.Method, runtime.ExecutionContextsCleared.Method,
		fetch.RequestPaused.Method, fetch.AuthRequired.Method,
		emulation.VirtualTimeBudgetExpired.Method, inspector.TargetCrashed.Method:
		return true
	}
	return false
}

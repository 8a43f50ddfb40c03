package browser

import (
	"context"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
)

var errNoElement = errors.New("no element to click")

// Click moves the mouse to the middle of the element that an expression yields
// in our world of the frame, and presses and releases its button there, as a
// visitor does: the page's events are trusted, and whatever lies above the
// element takes them. It does not wait for what the page does with them.
func (f *Frame) Click(ctx context.Context, expression string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, evalTimeout, errEvalTimeout)
	defer cancel()
	s, world, err := f.world(ctx)
	if err != nil {
		return err
	}
	got, err := cdp.Call(ctx, s, runtime.Evaluate, runtime.EvaluateParams{Expression: expression, ContextID: world})
	if err != nil {
		return fmt.Errorf("find what to click: %w", err)
	}
	if got.Result == nil || got.Result.ObjectID == "" || got.ExceptionDetails != nil {
		return errNoElement
	}
	at, err := cdp.Call(ctx, s, dom.GetContentQuads, dom.GetContentQuadsParams{ObjectID: got.Result.ObjectID})
	if err != nil {
		return fmt.Errorf("find the place to click: %w", err)
	}
	if len(at.Quads) == 0 || len(at.Quads[0]) < 8 {
		return errNoElement
	}
	q := at.Quads[0] // its four corners
	x, y := (q[0]+q[4])/2, (q[1]+q[5])/2
	f.visit.clicked(f, x, y)
	// Their answers may have to wait for a frame, which a standing clock grants
	// to nobody.
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		e := input.DispatchMouseEventParams{Type: kind, X: x, Y: y}
		if kind != input.DispatchMouseEventTypeMouseMoved {
			e.Button, e.ClickCount = input.MouseButtonLeft, 1
		}
		s.post(input.DispatchMouseEvent.Method, e)
	}
	return nil
}

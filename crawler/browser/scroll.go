package browser

import (
	"context"
	"errors"
	"time"

	"github.com/chromedp/cdproto/input"
)

// How far and how fast a page is scrolled, however often it is. Twenty screens are
// more than most visitors see; a page that grows for ever must end somewhere.
const (
	maxScreens = 20
	perScreen  = 250 * time.Millisecond
	afterwards = 2 * time.Second
	// frameWait is how long a frame is waited for while the page's clock stands.
	// It comes all the same, within 10 to 30 ms; three slices of page time for each
	// screen cost as much as a tenth of a bare load (Chromium 156).
	frameWait = 100 * time.Millisecond
)

// scrollScript moves the page on by one screen, without the animation that the
// page may ask for, and says whether it moved. A page that did is waited for until
// it draws: what comes into view is told to it with a frame, and frames come in
// real time, 16 ms apart, so that of sixteen screens without a wait seven to ten
// were told (Chromium 156). A page in the background draws none.
const scrollScript = `(async () => {
	const e = document.scrollingElement || document.documentElement, from = e.scrollTop;
	e.scrollBy({top: innerHeight, behavior: "instant"});
	if (e.scrollTop <= from + 1) return false;
	if (!document.hidden) await new Promise((drawn) => requestAnimationFrame(drawn));
	return true;
})()`

// Scroll reads the page to its end, as a visitor does: the pointer moves, and
// screen follows screen. What lies below the first one is often loaded only when
// it comes into view; many sites hold all their tags back until the visitor
// stirs, and some hold back the banner. None of it is consent (EDPB Guidelines
// 05/2020).
func (v *Visit) Scroll(ctx context.Context) error {
	if err := v.stir(ctx); err != nil {
		return err
	}
	for ; v.screens < maxScreens; v.screens++ {
		moved, err := v.screen(ctx)
		if errors.Is(err, errEvalTimeout) && ctx.Err() == nil {
			v.mu.Lock()
			v.rec.miss("the page did not answer while it was scrolled: what only comes into view below was not seen")
			v.mu.Unlock()
		}
		if err != nil || !moved {
			break
		}
		if err := v.Advance(ctx, perScreen); err != nil {
			return err
		}
	}
	if err := v.Idle(ctx); err != nil {
		return err
	}
	if err := v.Advance(ctx, afterwards); err != nil {
		return err
	}
	return v.Idle(ctx)
}

// screen moves the page on by one screen and reports whether it moved.
func (v *Visit) screen(ctx context.Context) (moved bool, err error) {
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		err = v.Top().Eval(ctx, scrollScript, &moved)
	}()
	late := time.NewTimer(frameWait)
	defer late.Stop()
	select {
	case <-answered:
	case <-late.C:
		if err := v.advanceUntil(ctx, answered); err != nil {
			return false, err
		}
	}
	return moved, err
}

// stir moves the pointer in a corner, where nothing lies that opens under it.
// The browser answers when the page has drawn a frame, for which the page's
// clock has to run, so that the answer is not waited for.
func (v *Visit) stir(ctx context.Context) error {
	v.mu.Lock()
	s := v.page
	v.mu.Unlock()
	if s == nil {
		return nil
	}
	for at := range 3 {
		s.post(input.DispatchMouseEvent.Method, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: float64(1 + at), Y: 1})
	}
	return v.Advance(ctx, perScreen)
}

package browser

import (
	"context"
	"errors"
	"time"

	"github.com/chromedp/cdproto/emulation"
)

// How a page is given time to do what it will do by itself. Measured on a page
// with timers of 1 to 8 s: ten seconds of virtual time find what a wait of ten
// real seconds finds, in under one.
const (
	settleBudget = 10 * time.Second
	// budgetCap bounds the real time for a budget: a request that hangs stops
	// the virtual clock.
	budgetCap = 6 * time.Second
	// idleFor and idleCap: workers live in real time whatever the page's clock
	// does, so the network is given a moment to fall silent.
	idleFor = 150 * time.Millisecond
	idleCap = 2 * time.Second
)

var errBudgetTimeout = errors.New("the page's clock stood still")

// Advance lets the visited page live for d of its own time. It returns early,
// without an error, where the page's clock hangs or the page is gone.
func (v *Visit) Advance(ctx context.Context, d time.Duration) error {
	if v.o.RealTime {
		return sleep(ctx, d)
	}
	v.mu.Lock()
	v.rec.goVirtual(time.Now())
	v.mu.Unlock()
	limit, cancel := context.WithTimeoutCause(ctx, min(budgetCap, time.Second+d), errBudgetTimeout)
	defer cancel()
	advanced := map[*session]bool{}
	for range 3 { // frames that appear meanwhile get their time too
		granted := v.grant(d, advanced)
		if len(granted) == 0 {
			break
		}
		for s, b := range granted {
			select {
			case <-b.c:
			case <-s.gone.c:
			case <-limit.Done():
			}
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if limit.Err() != nil {
		v.stuck(ctx)
		return nil
	}
	v.mu.Lock()
	v.rec.live(d)
	v.mu.Unlock()
	return nil
}

const (
	// answerTime is a slice of page time, enough for one answer.
	answerTime = 20 * time.Millisecond
	// answerPause is the real time from one slice to the next: what is waited for
	// comes from other processes, which a page that lives on without a pause keeps
	// from their work.
	answerPause = 5 * time.Millisecond
)

// advanceUntil lets the visited page live in slices until it has answered: while
// its clock stands, its process does nothing. The answer must have an end of its
// own.
func (v *Visit) advanceUntil(ctx context.Context, answered <-chan struct{}) error {
	tick := time.NewTicker(answerPause)
	defer tick.Stop()
	for {
		if err := v.Advance(ctx, answerTime); err != nil {
			<-answered
			return err
		}
		select {
		case <-answered:
			return nil
		case <-tick.C:
		}
	}
}

// stuck is for a page whose clock did not use its budget up: it asks what the
// clock shows, and lets it go on without waiting for requests from now on.
func (v *Visit) stuck(ctx context.Context) {
	v.unblock(ctx)
	var clock float64
	err := v.Top().Eval(ctx, "Date.now()", &clock)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.hangs = true
	v.note("something that does not end, a request or a script, held up the page's virtual clock: it went on without waiting for it")
	if err == nil {
		v.rec.readClock(v.onPage(v.page, time.UnixMilli(int64(clock))))
	}
}

// grant gives a budget of virtual time to each document's process that has not
// had one, and returns what will tell when it is used up.
func (v *Visit) grant(d time.Duration, advanced map[*session]bool) map[*session]*once {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := map[*session]*once{}
	policy := emulation.VirtualTimePolicyPauseIfNetworkFetchesPending
	if v.hangs {
		policy = emulation.VirtualTimePolicyAdvance
	}
	for _, s := range v.documents() {
		if advanced[s] {
			continue
		}
		advanced[s] = true
		b := newOnce()
		v.budgets[s], out[s] = b, b
		s.post(emulation.SetVirtualTimePolicy.Method, emulation.SetVirtualTimePolicyParams{
			Policy: policy,
			Budget: ptr(float64(d.Milliseconds())),
			// Far above what a page needs, so that time is not forced on while
			// tasks are waiting.
			MaxVirtualTimeTaskStarvationCount: 100000,
		})
	}
	return out
}

// Idle waits until no request has been on its way for a moment, or the cap.
func (v *Visit) Idle(ctx context.Context) error {
	limit := time.Now().Add(idleCap)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-v.b.done:
			return ErrGone
		case now := <-tick.C:
			v.mu.Lock()
			idle := v.rec.idle(now)
			v.mu.Unlock()
			if idle >= idleFor || now.After(limit) {
				return nil
			}
		}
	}
}

// Settle gives the page the time that a visitor would spend on it.
func (v *Visit) Settle(ctx context.Context) error {
	if err := v.Idle(ctx); err != nil {
		return err
	}
	if err := v.Advance(ctx, settleBudget); err != nil {
		return err
	}
	return v.Idle(ctx)
}

// hide tells the page that the visitor leaves. On a real navigation away the
// last beacons and writes are lost to the protocol, so the events are made
// while the page still is observed.
const hideScript = `(() => {
	for (const [k, x] of [["visibilityState", "hidden"], ["hidden", true]])
		Object.defineProperty(document, k, {get: () => x, configurable: true});
	document.dispatchEvent(new Event("visibilitychange", {bubbles: true}));
	dispatchEvent(new PageTransitionEvent("pagehide", {persisted: false}));
})()`

// hideTimeout is what a page is given to be left; a visitor does not wait longer.
const hideTimeout = 2 * time.Second

var errHideTimeout = errors.New("the page does not let its visitor go")

// Hide makes the events of leaving in every document of the page.
func (v *Visit) Hide(ctx context.Context) error {
	limit, cancel := context.WithTimeoutCause(ctx, hideTimeout, errHideTimeout)
	defer cancel()
	for _, f := range v.Frames() {
		// A frame that is gone has nothing more to say.
		_ = f.EvalMain(limit, hideScript, nil)
	}
	if limit.Err() != nil && ctx.Err() == nil {
		v.unblock(ctx)
	}
	return v.Idle(ctx)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

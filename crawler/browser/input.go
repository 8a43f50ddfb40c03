package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

//go:embed input.js
var inputScript string

// lookAgain is how often a page is looked at for something that may come.
const lookAgain = 100 * time.Millisecond

// revealEvery is how many looks pass from one search for closed shadow roots to
// the next, which reads the whole document.
const revealEvery = 10

var (
	errSelector = errors.New("it is not a CSS selector")
	errPlain    = errors.New("a password field was to be filled with a text that stands in the script: use ${ENV:NAME} or ${FILE:PATH}")
)

// Fill puts a text into the first visible field that a CSS selector fits, in
// whichever frame, and waits for one at most for timeout. A password field takes
// a secret only.
func (v *Visit) Fill(ctx context.Context, selector, text string, secret bool, timeout time.Duration) error {
	return v.apply(ctx, selector, "fill", text, secret, timeout)
}

// Click clicks the first visible element that a CSS selector fits.
func (v *Visit) Click(ctx context.Context, selector string, timeout time.Duration) error {
	return v.apply(ctx, selector, "click", "", false, timeout)
}

// WaitFor waits until an element that a CSS selector fits is visible.
func (v *Visit) WaitFor(ctx context.Context, selector string, timeout time.Duration) error {
	return v.apply(ctx, selector, "find", "", false, timeout)
}

func (v *Visit) apply(ctx context.Context, selector, action, text string, secret bool, timeout time.Duration) error {
	args, err := json.Marshal([]any{selector, action, text, secret})
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	call := inputScript + "(..." + string(args) + ")"
	looks := 0
	var look func() (bool, error)
	look = func() (bool, error) {
		for _, f := range v.Frames() {
			var answer string
			if f.Eval(ctx, call, &answer) != nil {
				continue // the document is being replaced: what it says may hold the text
			}
			switch answer {
			case "done":
				return true, nil
			case "selector":
				return false, errSelector
			case "plain":
				return false, errPlain
			}
		}
		if looks++; looks%revealEvery != 1 {
			return false, nil
		}
		if fresh, err := v.Reveal(ctx); fresh == 0 || err != nil {
			return false, nil //nolint:nilerr // a document that is being replaced is looked at again
		}
		return look()
	}
	found, err := v.until(ctx, timeout, look)
	if err == nil && !found {
		err = fmt.Errorf("no visible element fits within %s", timeout)
	}
	return err
}

// WaitURL waits until the address of the visited page is one that fits.
func (v *Visit) WaitURL(ctx context.Context, fits func(string) bool, timeout time.Duration) error {
	ok, err := v.until(ctx, timeout, func() (bool, error) { return fits(v.Top().URL()), nil })
	if err == nil && !ok {
		err = fmt.Errorf("the page has another address after %s", timeout)
	}
	return err
}

// Pass lets real time pass.
func (v *Visit) Pass(ctx context.Context, d time.Duration) error { return sleep(ctx, d) }

// until looks again and again, and reports whether it came in time.
func (v *Visit) until(ctx context.Context, timeout time.Duration, look func() (bool, error)) (bool, error) {
	end := time.Now().Add(timeout)
	for {
		if ok, err := look(); ok || err != nil {
			return ok, err
		}
		select {
		case <-v.b.done:
			return false, ErrGone
		default:
		}
		if time.Now().After(end) {
			return false, nil
		}
		if err := sleep(ctx, lookAgain); err != nil {
			return false, err
		}
	}
}

// EndLogin says that what was visited so far was the user's login script.
func (v *Visit) EndLogin() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rec.loginPages = len(v.rec.pages)
}

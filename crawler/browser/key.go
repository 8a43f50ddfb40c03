package browser

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
)

// keyCode is the code on Windows, which Chrome goes by, of a key that does more
// than write a character; 0 for any other.
func keyCode(key string) int64 {
	switch key {
	case "Tab":
		return 9
	case "Enter":
		return 13
	case "Escape":
		return 27
	case " ":
		return 32
	case "ArrowLeft":
		return 37
	case "ArrowRight":
		return 39
	}
	return 0
}

// Press presses a key and releases it, as whoever uses a page without a mouse
// does: the events are trusted, and the browser does with them what it does with
// those of a keyboard. The key is Tab, Enter, Escape, ArrowLeft, ArrowRight or a
// character.
func (v *Visit) Press(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, evalTimeout, errEvalTimeout)
	defer cancel()
	code, text := keyCode(key), key
	switch {
	case key == "Enter":
		text = "\r"
	case code != 0 && key != " ":
		text = ""
	}
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: text, WindowsVirtualKeyCode: code}
	up := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key, WindowsVirtualKeyCode: code}
	for _, e := range []input.DispatchKeyEventParams{down, up} {
		if _, err := cdp.Call(ctx, v.page, input.DispatchKeyEvent, e); err != nil {
			return fmt.Errorf("press %s: %w", key, err)
		}
	}
	return nil
}

package browser

import (
	"context"
	"time"
)

// How far and how fast a page is scrolled. Ten screens are more than most
// visitors see; a page that grows for ever must end somewhere.
const (
	maxScreens = 10
	perScreen  = 250 * time.Millisecond
	afterwards = 2 * time.Second
)

// scrollScript moves the page on by one screen, without the animation that the
// page may ask for, and says whether it moved.
const scrollScript = `(() => {
	const e = document.scrollingElement || document.documentElement, from = e.scrollTop;
	e.scrollBy({top: innerHeight, behavior: "instant"});
	return e.scrollTop > from + 1;
})()`

// Scroll reads the page to its end, as a visitor does, and reports whether there
// was anything to scroll. What lies below the first screen is often loaded only
// when it comes into view, and some banners wait for it too. To scroll is no
// consent (EDPB Guidelines 05/2020, paragraph 86).
func (v *Visit) Scroll(ctx context.Context) (scrolled bool, err error) {
	for range maxScreens {
		moved := false
		// A page that does not answer is not scrolled; what it is like is said
		// where it is opened.
		if err := v.Top().Eval(ctx, scrollScript, &moved); err != nil || !moved {
			break
		}
		scrolled = true
		if err := v.Advance(ctx, perScreen); err != nil {
			return scrolled, err
		}
	}
	if !scrolled {
		return false, nil
	}
	if err := v.Idle(ctx); err != nil {
		return true, err
	}
	if err := v.Advance(ctx, afterwards); err != nil {
		return true, err
	}
	return true, v.Idle(ctx)
}

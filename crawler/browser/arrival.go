package browser

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"

	"cookieaudit/crawler/evidence"
)

// An arrival is where the visited page got to by itself: what a banner's answer
// leads to is no part of it.
type arrival struct {
	// touched is whether the banner had been acted upon when the page was opened.
	touched bool
	loader  cdp.LoaderID
	url     string
	// unreachable is the address that could not be loaded, where the browser
	// shows a page of its own instead.
	unreachable string
	// known is the document that the page's facts were read from.
	known cdp.LoaderID
}

// Arrived returns a page that Open returned as it is by now. Sites send visitors
// on after loading, by a script or by a refresh: the final address is then that
// of the document which they led to. A change of the address within one
// document, as single-page applications make it, is no arrival. A page that shows
// nothing by now, or a check in the site's stead, was not seen.
func (v *Visit) Arrived(ctx context.Context, p evidence.Page) evidence.Page {
	if p = v.ledOn(ctx, p); p.Outcome == evidence.Complete && v.page != nil {
		if why := v.unseen(ctx); why != "" {
			p.Outcome, p.Why = evidence.Partial, why
		}
	}
	return p
}

// ledOn returns a page with the address, status and title of the document that it
// led to.
func (v *Visit) ledOn(ctx context.Context, p evidence.Page) evidence.Page {
	v.mu.Lock()
	a := v.arrival
	v.arrival.known = a.loader
	v.mu.Unlock()
	if v.page == nil || a.loader == a.known {
		return p
	}
	if a.unreachable != "" || strings.HasPrefix(a.url, "chrome-error:") {
		p.Outcome = p.Outcome.Worse(evidence.Partial)
		p.Why = fmt.Sprintf("it led on to %s, which could not be loaded", clip(a.unreachable))
		return p
	}
	p.FinalURL, p.Status = a.url, v.status()
	if p.Status >= 400 {
		p.Outcome = p.Outcome.Worse(evidence.Partial)
		p.Why = fmt.Sprintf("it led on to %s: the server answered with an error page: HTTP %d", clip(a.url), p.Status)
	}
	var title string
	if err := v.Top().Eval(ctx, "document.title.slice(0, 300)", &title); err == nil {
		p.Title = title
	}
	return p
}

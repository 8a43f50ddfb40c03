package browser

import (
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"cookieaudit/crawler/evidence"
)

// A pageClock relates the clock of one visited page to the visit's own. Virtual
// time makes a page's clock run ahead of the real one.
type pageClock struct {
	url   string
	began time.Time // real time of the navigation
	at    int64     // the same moment in milliseconds since the first navigation
	// Once a page has had a budget of virtual time its clock moves with the next
	// budget only: lived is what it showed after the last one, counted from began.
	virtual bool
	lived   time.Duration
}

// begin starts a page and returns its moment.
func (r *recorder) begin(url string, now time.Time) int64 {
	c := pageClock{url: url, began: now, at: r.now(now)}
	r.pages = append(r.pages, c)
	r.lastNet = now
	clear(r.inFlight) // what the tab before left behind
	r.trace.event(r, now, evidence.Event{Kind: "navigation", URL: clip(url)})
	return c.at
}

// goVirtual notes that the page's clock moves by budgets from now on.
func (r *recorder) goVirtual(realTime time.Time) {
	if len(r.pages) == 0 {
		return
	}
	if c := &r.pages[len(r.pages)-1]; !c.virtual {
		c.virtual, c.lived = true, realTime.Sub(c.began)
	}
}

// virtual reports whether the page's clock moves by budgets.
func (r *recorder) virtual() bool { return len(r.pages) > 0 && r.pages[len(r.pages)-1].virtual }

// live notes that a budget has been used up.
func (r *recorder) live(budget time.Duration) {
	if len(r.pages) > 0 {
		r.pages[len(r.pages)-1].lived += budget
	}
}

// readClock takes a reading of the page's clock where a budget was not used up.
func (r *recorder) readClock(page time.Time) {
	if len(r.pages) > 0 {
		c := &r.pages[len(r.pages)-1]
		c.lived = max(c.lived, page.Sub(c.began))
	}
}

// now is the present moment of the visit: while a budget runs, the latest that
// is known for certain.
func (r *recorder) now(realTime time.Time) int64 {
	if len(r.pages) == 0 {
		return 0
	}
	c := r.pages[len(r.pages)-1]
	if c.virtual {
		return c.at + c.lived.Milliseconds()
	}
	return c.at + realTime.Sub(c.began).Milliseconds()
}

// moment turns a reading of a page's clock into milliseconds since the visit's
// first navigation. None comes before the page.
func (r *recorder) moment(page int, reading time.Time) int64 {
	if page < 0 || page >= len(r.pages) {
		return 0
	}
	c := r.pages[page]
	return c.at + max(0, reading.Sub(c.began).Milliseconds())
}

// begun is the moment at which a hop of a request was begun.
func (r *recorder) begun(q *request, h *hop) int64 {
	if h.wall.IsZero() {
		return h.at
	}
	return max(r.moment(q.page, h.wall), q.least)
}

// login reports whether a page is one of the user's login script.
func (r *recorder) login(page int) bool { return page < r.loginPages }

// pageURL is the address of a visited page.
func (r *recorder) pageURL(page int) string {
	if page < 0 || page >= len(r.pages) {
		return ""
	}
	return r.pages[page].url
}

// isPage reports whether a request is for the document of the visited page, and
// was answered.
func (r *recorder) isPage(id network.RequestID, page *session) bool {
	q := r.requests[id]
	return q != nil && page != nil && q.final != nil && q.kind == "Document" && q.frame == cdp.FrameID(page.info.TargetID)
}

// pageStatus is the status of the newest document that the top frame of the
// page that is visited now asked for, after all redirects; 0 where none came.
func (r *recorder) pageStatus(top cdp.FrameID) int {
	status := 0
	for _, q := range r.order {
		if q.page != len(r.pages)-1 || q.kind != "Document" || q.frame != top {
			continue
		}
		status = 0
		if q.final != nil {
			status = q.final.status
		} else if n := len(q.extras); n > 0 {
			status = q.extras[n-1].status
		}
	}
	return status
}

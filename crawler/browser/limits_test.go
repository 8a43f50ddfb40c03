package browser

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"

	"cookieaudit/crawler/evidence"
)

// What goes beyond a limit is not kept, and the visit says that there was more.
func TestWhatIsNotKeptIsSaid(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, time.March, 4, 5, 6, 7, 0, time.UTC)
	for _, tc := range []struct {
		name string
		fill func(r *recorder, n int)
		kept func(*Record) int
		says string
	}{
		{"requests", func(r *recorder, n int) {
			id := network.RequestID(fmt.Sprint(n))
			r.request(nil, &network.EventRequestWillBeSent{RequestID: id, Request: &network.Request{URL: fmt.Sprintf("https://a.test/%d", n)}}, now, now, false)
			r.sent(&network.EventRequestWillBeSentExtraInfo{RequestID: id, AssociatedCookies: []*network.AssociatedCookie{{}}})
		}, func(r *Record) int { return len(r.Requests) }, "3 requests"},
		{"lines", func(r *recorder, n int) {
			id := network.RequestID("1")
			if n == 0 {
				r.request(nil, &network.EventRequestWillBeSent{RequestID: id, Request: &network.Request{URL: "https://a.test/"}}, now, now, false)
			}
			r.extra(&network.EventResponseReceivedExtraInfo{RequestID: id, StatusCode: 200, Headers: network.Headers{"Set-Cookie": fmt.Sprintf("c%d=1", n)}}, now)
		}, func(r *Record) int { return len(r.Cookies) }, "3 Set-Cookie lines"},
		{"writes", func(r *recorder, n int) {
			r.script(writeID{number: n}, 10, &scriptWrite{report: report{Kind: "document.cookie", Text: fmt.Sprintf("c%d=1", n), URL: "https://a.test/"}, real: now})
		}, func(r *Record) int { return len(r.Cookies) }, "3 times"},
		{"storage", func(r *recorder, n int) {
			r.store(&storageReport{Origin: "https://a.test", Local: map[string]string{fmt.Sprint(n): "x"}})
		}, func(r *Record) int { return len(r.Storage) }, "3 keys"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			const most = 3
			v := &Visit{rec: newRecorder(&VisitOptions{Phase: evidence.Before})}
			v.rec.limits.requests, v.rec.limits.lines, v.rec.limits.writes, v.rec.limits.stored = most, most, most, most
			v.rec.begin("https://a.test/", now)
			for n := range most {
				tc.fill(&v.rec, n)
			}
			if got := tc.kept(v.Record()); got != most || len(v.Missed()) > 0 {
				t.Errorf("%d of %d were kept; missed: %q", got, most, v.Missed())
			}
			for n := range 1000 {
				tc.fill(&v.rec, most+n)
			}
			missed := v.Missed()
			if got := tc.kept(v.Record()); got != most || len(missed) != 1 || !strings.Contains(missed[0], tc.says) {
				t.Errorf("%d were kept, missed: %q, want %q", got, missed, tc.says)
			}
		})
	}
}

// An address of megabytes is cut.
func TestAddressesAreBounded(t *testing.T) {
	t.Parallel()
	r := newRecorder(&VisitOptions{Phase: evidence.Before})
	r.request(nil, &network.EventRequestWillBeSent{RequestID: "1", Request: &network.Request{URL: "data:," + strings.Repeat("x", 10<<20)}}, time.Now(), time.Now(), false)
	if n := len(r.order[0].hops[0].url); n > r.limits.address {
		t.Errorf("%d bytes are kept", n)
	}
}

package browser

import (
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"

	"cookieaudit/crawler/evidence"
)

// The clock of a page stands still between two budgets of virtual time, and the
// moments of the visit go on from page to page.
func TestClock(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	r := newRecorder(&VisitOptions{Phase: evidence.Before})
	check := func(what string, got, want int64) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %d ms, want %d", what, got, want)
		}
	}
	check("before any page", r.now(at(5)), 0)
	check("first page", r.begin("a", at(0)), 0)
	check("real time while loading", r.now(at(300)), 300)
	r.goVirtual(at(400))
	check("while the budget runs", r.now(at(405)), 400)
	r.live(500 * time.Millisecond)
	check("the budget is used up", r.now(at(410)), 900)
	check("the clock stands still", r.now(at(5000)), 900)
	r.goVirtual(at(6000))
	r.live(10 * time.Second)
	check("the next budget", r.now(at(6010)), 10900)
	r.readClock(at(10000))
	check("a clock that is known to be further", r.now(at(6010)), 10900)
	check("a timer of 8 s after the load", r.moment(0, at(8300)), 8300)
	check("a moment that a page has made up", r.moment(0, at(-99999)), 0)

	check("second page", r.begin("b", at(7000)), 10900)
	check("its own clock", r.moment(1, at(7250)), 11150)
	check("no such page", r.moment(9, at(0)), 0)
}

// The clock of a process is set when a document begins in it.
func TestClocksOfProcesses(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	for _, tc := range []struct {
		name    string
		virtual bool
		asked   time.Time // for the document, in real time; zero where nobody did
		page    time.Time // what the page's clock showed then
		shows   int       // what the process's clock shows when the document begins
		heard   int       // when that was heard, in real time
		want    time.Duration
	}{
		{name: "a process of its own", asked: at(100), shows: 150, heard: 160},
		{name: "a slow machine", asked: at(100), shows: 150, heard: 2500},
		{name: "one that ran ahead before", asked: at(100), shows: 20_000, heard: 160, want: -19840 * time.Millisecond},
		{name: "one that stood before", asked: at(100), shows: -5000, heard: 160, want: 5100 * time.Millisecond},
		{name: "virtual, behind the page", virtual: true, asked: at(700), page: at(8000), shows: 4500, heard: 720, want: 3500 * time.Millisecond},
		{name: "virtual, before the page", virtual: true, asked: at(700), page: at(2000), shows: 11_000, heard: 720, want: -9 * time.Second},
		{name: "virtual, nobody was heard to ask", virtual: true, shows: 300, heard: 720, want: 700 * time.Millisecond},
	} {
		r := newRecorder(&VisitOptions{Phase: evidence.Before})
		r.begin("a", at(0))
		r.monotonic = start
		if tc.virtual {
			r.goVirtual(at(400))
			r.live(600 * time.Millisecond)
		}
		if !tc.asked.IsZero() {
			q := r.of("doc")
			q.asked, q.hops = tc.asked, []hop{{wall: tc.page, at: r.now(tc.asked)}}
		}
		s := &session{info: &target.Info{TargetID: "frame", Type: "iframe"}}
		began := &page.EventLifecycleEvent{FrameID: "frame", LoaderID: "doc", Timestamp: cdp.MonotonicTime(float64(tc.shows) / 1000)}
		if r.setClock(s, began, at(tc.heard)); s.shift.Round(time.Millisecond) != tc.want {
			t.Errorf("%s: shift %s, want %s", tc.name, s.shift, tc.want)
		}
	}
}

// The page's clock and ours differ by a little; what is known to follow the
// answer is never told to come before it.
func TestNothingAfterTheAnswerIsBeforeIt(t *testing.T) {
	t.Parallel()
	began := time.Date(2027, time.March, 4, 5, 6, 7, 0, time.UTC)
	v := &Visit{rec: newRecorder(&VisitOptions{Phase: evidence.Accept}), answered: true}
	v.rec.begin("https://a.test/", began)
	v.rec.answeredAt = 1000
	v.rec.script(writeID{}, 3, &scriptWrite{
		report:  report{Kind: "document.cookie", Text: "a=1", URL: "https://a.test/", At: float64(began.UnixMilli() + 998)},
		reading: began.Add(998 * time.Millisecond), real: began, after: true,
	})
	if at := v.Record().Cookies[0].Writes[0].AtMS; at != 1000 {
		t.Errorf("written at %d ms, answered at 1000 ms", at)
	}
}

package browser

import (
	"testing"
	"time"

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
	r.setClock(at(7100), at(7090)) // a process of its own
	check("its own clock", r.moment(1, at(7250)), 11150)
	r.begin("c", at(8000))
	r.setClock(at(30000), at(8100)) // the process of the page before, whose clock runs ahead
	check("a clock that ran ahead", r.moment(2, at(30000)), r.pages[2].at+100)
	check("no such page", r.moment(9, at(0)), 0)
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
		report: report{Kind: "document.cookie", Text: "a=1", URL: "https://a.test/", At: float64(began.UnixMilli() + 998)},
		real:   began, after: true,
	})
	if at := v.Record().Cookies[0].Writes[0].AtMS; at != 1000 {
		t.Errorf("written at %d ms, answered at 1000 ms", at)
	}
}

package jobs

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

// A clock is set by a test.
type clock struct{ ns atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(0, c.ns.Load()).UTC() }

func (c *clock) set(t *testing.T, s string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	c.ns.Store(at.UnixNano())
}

// plan is two sites every day at 2:00, one of them every hour too.
func plan(t *testing.T) *Plan {
	t.Helper()
	var p Plan
	for _, s := range [][2]string{{"daily", "0 2 * * *"}, {"hourly", "0 * * * *"}} {
		made, err := config.NewSchedule(s[0], s[1], "UTC", 0)
		if err != nil {
			t.Fatal(err)
		}
		p.Schedules = append(p.Schedules, made)
	}
	p.Sites = []config.Site{
		{Site: site("a.example"), Schedules: []string{"daily"}, Options: config.DefaultOptions()},
		{Site: site("b.example"), Schedules: []string{"daily", "hourly"}, Options: config.DefaultOptions()},
	}
	return &p
}

// jobsOf counts the jobs that were put into the queue, by schedule and slot.
func jobsOf(t *testing.T, db *store.Store) map[string]int {
	t.Helper()
	rows, err := db.DB().QueryContext(t.Context(), `SELECT (args ->> 'schedule') || ' ' || (args ->> 'slot') FROM river_job WHERE kind = 'scan'`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := collect[string](rows)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, s := range all {
		out[s]++
	}
	return out
}

// Slots are put into the queue once: by two processes, after a restart, when
// some were missed, and when the clock jumps.
func TestSlots(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		var c clock
		dbs := []*store.Store{openStore(t, dsn), openStore(t, dsn)}
		openQueue(t, dbs[0], Options{})
		for _, step := range []struct {
			at, what string
			adds     map[string]int
		}{
			{"2026-03-01T00:30:00Z", "a new schedule begins with its next slot", nil},
			{"2026-03-01T00:59:59Z", "nothing is due", nil},
			{"2026-03-01T01:00:05Z", "an hour is due", map[string]int{"hourly 2026-03-01T01:00:00Z": 1}},
			{"2026-03-01T01:00:20Z", "it was done", nil},
			{"2026-03-01T02:00:05Z", "both are due", map[string]int{"hourly 2026-03-01T02:00:00Z": 1, "daily 2026-03-01T02:00:00Z": 2}},
			{"2026-03-05T12:30:00Z", "of what was missed in four days, the last runs once", map[string]int{"hourly 2026-03-05T12:00:00Z": 1, "daily 2026-03-05T02:00:00Z": 2}},
			{"2026-03-05T11:10:00Z", "the clock goes back: nothing runs again", nil},
			{"2026-03-05T12:00:10Z", "the same hour comes again: it is done already", nil},
			{"2026-03-05T13:00:10Z", "the next hour is due", map[string]int{"hourly 2026-03-05T13:00:00Z": 1}},
			{"2027-03-05T13:30:00Z", "the clock jumps a year ahead: one slot each", map[string]int{"hourly 2027-03-05T13:00:00Z": 1, "daily 2027-03-05T02:00:00Z": 2}},
			{"2026-03-05T13:31:00Z", "and back", nil},
			{"2026-03-05T14:00:10Z", "it goes on from there", map[string]int{"hourly 2026-03-05T14:00:00Z": 1}},
		} {
			c.set(t, step.at)
			before := jobsOf(t, dbs[0])
			for _, db := range dbs {
				o := Options{Plan: plan(t), Now: c.now}
				if err := openQueue(t, db, o).tick(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			after := jobsOf(t, dbs[1])
			for slot, n := range after {
				if n-before[slot] != step.adds[slot] {
					t.Errorf("%s, %s: %d jobs of %s were added, want %d", step.at, step.what, n-before[slot], slot, step.adds[slot])
				}
			}
			for slot := range step.adds {
				if after[slot] == 0 {
					t.Errorf("%s, %s: no job of %s was added", step.at, step.what, slot)
				}
			}
		}
	})
}

// The scheduled sites are scanned, once for each slot, by a queue that runs.
func TestScheduledScans(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		var c clock
		c.set(t, "2026-03-01T01:30:00Z")
		db := openStore(t, dsn)
		o := quick(func(_ context.Context, s evidence.Site) (*evidence.Scan, error) { return seen(s), nil })
		o.Plan, o.Now, o.TickEvery = plan(t), c.now, 50*time.Millisecond
		q := openQueue(t, db, o)
		if err := q.tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.set(t, "2026-03-01T02:00:30Z")
		start(t, q)
		eventually(t, "three turns are taken", func() (bool, error) {
			got := recorded(t, db)
			return got["https://a.example/"] == 1 && got["https://b.example/"] == 2, nil
		})
		next := q.Next([]string{"https://a.example/", "https://b.example/", "https://c.example/"})
		want := map[string]time.Time{"https://a.example/": time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), "https://b.example/": time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)}
		if diff := cmp.Diff(want, next); diff != "" {
			t.Error(diff)
		}
	})
}

func TestJitter(t *testing.T) {
	t.Parallel()
	s, err := config.NewSchedule("daily", "@daily", "UTC", 2*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	var first, second int
	for _, site := range sites(1000) {
		j := jitter(&s, site.URL)
		if j < 0 || j >= 2*time.Hour || j != jitter(&s, site.URL) {
			t.Fatalf("%s is scanned after %s", site.URL, j)
		}
		if j < time.Hour {
			first++
		} else {
			second++
		}
	}
	if first < 400 || second < 400 {
		t.Errorf("%d sites in the first hour, %d in the second", first, second)
	}
}

// A site whose time in a slot is still to come is scanned then, not in the next
// slot.
func TestNextTurn(t *testing.T) {
	t.Parallel()
	s, err := config.NewSchedule("daily", "0 2 * * *", "UTC", 2*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	const url = "https://a.example/"
	due := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	at := due.Add(jitter(&s, url))
	for now, want := range map[time.Time]time.Time{
		due.Add(-time.Minute): at, due: at, at.Add(-time.Second): at, at: at.AddDate(0, 0, 1), due.Add(3 * time.Hour): at.AddDate(0, 0, 1),
	} {
		if got := nextTurn(&s, url, now); !got.Equal(want) {
			t.Errorf("at %s the next turn is at %s, want %s", now, got, want)
		}
	}
}

// A job whose every attempt took its process along has its record too.
func TestSweep(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		db := openStore(t, dsn)
		q := openQueue(t, db, quick(nil))
		enqueue(t, q, "sweep", sites(3))
		if _, err := db.DB().ExecContext(t.Context(), `UPDATE river_job SET state = 'discarded', finalized_at = scheduled_at, attempt = 3`); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := q.sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		wantEachOnce(t, db, sites(3))
		p, err := q.Progress(t.Context(), "sweep")
		if err != nil || p.SetAside != 3 {
			t.Errorf("%+v %v", p, err)
		}
	})
}

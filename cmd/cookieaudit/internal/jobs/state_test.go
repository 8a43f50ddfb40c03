package jobs

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/riverqueue/river/rivertype"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/crawler/evidence"
)

// What the dashboard does: ask for a site, see its job, cancel it, try again
// what was set aside.
func TestJobs(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		var works atomic.Bool
		c := func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
			if !works.Load() {
				return nil, errBroken
			}
			return seen(s), nil
		}
		ctx := t.Context()
		db := openStore(t, dsn)
		o := quick(c)
		o.Retries = 0
		q := openQueue(t, db, o)
		now := func(hosts ...string) int {
			t.Helper()
			var list []config.Site
			for _, h := range hosts {
				list = append(list, config.Site{Site: site(h), Options: config.DefaultOptions()})
			}
			n, err := q.EnqueueNow(ctx, list, "operator", PriorityNow)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := now("a.example", "b.example"); n != 2 {
			t.Errorf("%d added, want 2", n)
		}
		if n := now("a.example", "c.example"); n != 1 {
			t.Errorf("%d added, want 1: the other one waits", n)
		}
		list, err := q.Jobs(ctx, nil, 2, 1)
		if err != nil || len(list) != 2 || list[0].URL != "https://b.example/" || list[1].URL != "https://a.example/" ||
			list[0].By != "now:operator" || list[0].Priority != PriorityNow || list[0].State != rivertype.JobStateAvailable {
			t.Fatalf("%+v %v", list, err)
		}
		if err := q.CancelJob(ctx, list[0].ID); err != nil {
			t.Error(err)
		}
		if err := q.CancelJob(ctx, list[0].ID); !errors.Is(err, ErrState) {
			t.Errorf("cancelling twice: %v", err)
		}
		if err := q.CancelJob(ctx, 1<<40); !errors.Is(err, ErrNoJob) {
			t.Errorf("cancelling what is not there: %v", err)
		}
		if err := q.RetryJob(ctx, list[1].ID); !errors.Is(err, ErrState) {
			t.Errorf("trying again what was not tried: %v", err)
		}
		start(t, q)
		eventually(t, "two are set aside", func() (bool, error) {
			s, err := q.States(ctx)
			return s[rivertype.JobStateDiscarded] == 2 && s[rivertype.JobStateCancelled] == 1, err
		})
		aside, err := q.Jobs(ctx, []rivertype.JobState{rivertype.JobStateDiscarded}, 10, 0)
		if err != nil || len(aside) != 2 || aside[0].Error == "" || aside[0].Worker == "" || aside[0].Started.IsZero() {
			t.Fatalf("%+v %v", aside, err)
		}
		works.Store(true)
		if err := q.RetryJob(ctx, aside[1].ID); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it is scanned", func() (bool, error) {
			s, err := q.States(ctx)
			return s[rivertype.JobStateCompleted] == 1, err
		})
		if got := recorded(t, db); got["https://a.example/"] != 2 || got["https://c.example/"] != 1 || got["https://b.example/"] != 0 {
			t.Errorf("%v", got)
		}
		if n := now("a.example"); n != 1 {
			t.Errorf("%d added, want 1: it is asked for again", n)
		}
	})
}

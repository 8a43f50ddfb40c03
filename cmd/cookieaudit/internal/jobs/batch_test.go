package jobs

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/crawler/evidence"
)

func enqueue(t testing.TB, q *Queue, name string, list []evidence.Site) int {
	t.Helper()
	b := Batch{Name: name, Priority: PriorityBatch}
	for _, s := range list {
		b.Sites = append(b.Sites, config.Site{Site: s, Options: config.DefaultOptions()})
	}
	n, err := q.Enqueue(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Two processes share a list: each site is scanned and recorded once, and the
// same list given again adds nothing, not even when the queue has forgotten its
// jobs.
func TestBatch(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		var mu sync.Mutex
		scanned := map[string]int{}
		c := func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
			mu.Lock()
			defer mu.Unlock()
			scanned[s.URL]++
			return seen(s), nil
		}
		db, other := openStore(t, dsn), openStore(t, dsn)
		q := openQueue(t, db, quick(c))
		list := sites(40)
		if n := enqueue(t, q, "sweep", list); n != 40 {
			t.Errorf("%d jobs were added, want 40", n)
		}
		start(t, q)
		start(t, openQueue(t, other, quick(c)))
		batchDone(t, q, "sweep")
		wantEachOnce(t, db, list)
		for url, n := range scanned {
			if n != 1 {
				t.Errorf("%s was scanned %d times", url, n)
			}
		}
		if n := enqueue(t, q, "sweep", append(slices.Clone(list), site("new.example"))); n != 1 {
			t.Errorf("the list and a new site added %d jobs, want 1", n)
		}
		batchDone(t, q, "sweep")
		eventually(t, "every job is completed", func() (bool, error) {
			s, err := q.States(t.Context())
			return s["completed"] == 41 && len(s) == 1, err
		})
		if _, err := db.DB().ExecContext(t.Context(), `DELETE FROM river_job`); err != nil {
			t.Fatal(err)
		}
		if n := enqueue(t, q, "sweep", list); n != 0 {
			t.Errorf("the list given again added %d jobs", n)
		}
		if n := enqueue(t, q, "again", list[:3]); n != 3 {
			t.Errorf("another batch of three added %d jobs", n)
		}
	})
}

// A batch that is cancelled stops at once, keeps what was done, and goes on
// when its list is given again.
func TestCancel(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		begun := make(chan string, 10)
		free := make(chan struct{})
		c := func(ctx context.Context, s evidence.Site) (*evidence.Scan, error) {
			begun <- s.URL
			select {
			case <-free:
				return seen(s), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		db := openStore(t, dsn)
		q := openQueue(t, db, quick(c))
		list := sites(10)
		enqueue(t, q, "sweep", list)
		stop := start(t, q)
		<-begun
		<-begun
		removed, err := q.Cancel(t.Context(), "sweep")
		if err != nil || removed != 8 {
			t.Errorf("%d jobs were taken out, want 8: %v", removed, err)
		}
		p, err := q.Progress(t.Context(), "sweep")
		if err != nil || !p.Cancelled || p.Done != 0 || p.Total != 10 || !p.Finished() {
			t.Errorf("%+v %v", p, err)
		}
		stop()
		if n := enqueue(t, q, "sweep", list); n != 10 {
			t.Errorf("%d jobs were added again, want 10", n)
		}
		close(free)
		again := openQueue(t, db, quick(func(_ context.Context, s evidence.Site) (*evidence.Scan, error) { return seen(s), nil }))
		start(t, again)
		batchDone(t, again, "sweep")
		wantEachOnce(t, db, list)
		if _, err := q.Cancel(t.Context(), "other"); !errors.Is(err, ErrNoBatch) {
			t.Errorf("cancelling what is not there: %v", err)
		}
	})
}

func TestProgress(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		db := openStore(t, dsn)
		q := openQueue(t, db, Options{})
		enqueue(t, q, "sweep", sites(10))
		began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for i, s := range sites(4) {
			if _, err := db.DB().ExecContext(t.Context(), `INSERT INTO runs (schedule, slot, url, scan, outcome, finished) VALUES ('batch:sweep', '', $1, '', $2, $3)`,
				s.URL, []string{"complete", "set_aside"}[i%2], began.Add(time.Duration(i)*10*time.Second).UnixMilli()); err != nil {
				t.Fatal(err)
			}
		}
		p, err := q.Progress(t.Context(), "sweep")
		if err != nil || p.Total != 10 || p.Done != 4 || p.SetAside != 2 || p.Cancelled || p.Finished() {
			t.Errorf("%+v %v", p, err)
		}
		if want := began.Add(90 * time.Second); !p.Ends.Equal(want) {
			t.Errorf("it ends at %s, want %s: four in 30 s, six to go", p.Ends, want)
		}
		all, err := q.Batches(t.Context(), 10)
		if err != nil || len(all) != 1 || all[0].Name != "sweep" {
			t.Errorf("%+v %v", all, err)
		}
	})
}

func TestBatchNames(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{"a": true, "eu-2026": true, "": false, "Sweep": false, "a b": false, "a-": false, "-a": false, "a:b": false} {
		if err := CheckBatchName(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

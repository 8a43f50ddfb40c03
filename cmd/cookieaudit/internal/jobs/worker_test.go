package jobs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

// A site at which every attempt fails gets a record that says so, after its
// retries; the others are scanned.
func TestPoison(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		var attempts atomic.Int32
		c := func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
			if s.Host == "s1.example" {
				attempts.Add(1)
				return nil, errBroken
			}
			return seen(s), nil
		}
		db := openStore(t, dsn)
		q := openQueue(t, db, quick(c))
		list := sites(3)
		enqueue(t, q, "sweep", list)
		start(t, q)
		batchDone(t, q, "sweep")
		wantEachOnce(t, db, list)
		if n := attempts.Load(); n != 3 {
			t.Errorf("%d attempts, want 3", n)
		}
		entries, err := db.History(t.Context(), store.Filter{Site: "s1.example"})
		if err != nil || len(entries) != 1 || entries[0].Outcome != evidence.Unavailable ||
			!strings.Contains(entries[0].Why, "set aside after 3 attempts") || !strings.Contains(entries[0].Why, errBroken.Error()) {
			t.Errorf("%+v %v", entries, err)
		}
		p, err := q.Progress(t.Context(), "sweep")
		if err != nil || p.SetAside != 1 || !p.Finished() {
			t.Errorf("%+v %v", p, err)
		}
		eventually(t, "the job is set aside in the queue", func() (bool, error) {
			s, err := q.States(t.Context())
			return s["discarded"] == 1 && s["completed"] == 2, err
		})
	})
}

// A site that works at the second attempt is recorded once.
func TestRetry(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		var attempts atomic.Int32
		c := func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
			if attempts.Add(1) == 1 {
				return nil, errBroken
			}
			return seen(s), nil
		}
		db := openStore(t, dsn)
		q := openQueue(t, db, quick(c))
		enqueue(t, q, "one", sites(1))
		start(t, q)
		batchDone(t, q, "one")
		wantEachOnce(t, db, sites(1))
	})
}

// A site that never comes to rest is recorded with what was seen, not tried
// again.
func TestSiteTimeout(t *testing.T) {
	t.Parallel()
	c := func(ctx context.Context, s evidence.Site) (*evidence.Scan, error) {
		<-ctx.Done()
		scan := seen(s)
		scan.Outcome, scan.Why = evidence.Partial, context.Cause(ctx).Error()
		return scan, nil
	}
	db := openStore(t, t.TempDir()+"/q.db")
	o := quick(c)
	o.SiteTimeout = 50 * time.Millisecond
	q := openQueue(t, db, o)
	enqueue(t, q, "one", sites(1))
	start(t, q)
	batchDone(t, q, "one")
	entries, err := db.History(t.Context(), store.Filter{})
	if err != nil || len(entries) != 1 || entries[0].Outcome != evidence.Partial || !strings.Contains(entries[0].Why, errSiteTimeout.Error()) {
		t.Errorf("%+v %v", entries, err)
	}
}

// A process that is told to end waits for its scan; where that takes too long,
// nothing of it is recorded and the site has its turn again.
func TestDrain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		db := openStore(t, dsn)
		begun, free := make(chan struct{}, 1), make(chan struct{})
		c := func(ctx context.Context, s evidence.Site) (*evidence.Scan, error) {
			begun <- struct{}{}
			select {
			case <-free:
			case <-ctx.Done():
			}
			return seen(s), nil
		}
		o := quick(c)
		o.Drain = 50 * time.Millisecond
		q := openQueue(t, db, o)
		enqueue(t, q, "one", sites(1))
		stop := start(t, q)
		<-begun
		stop()
		if n := len(recorded(t, db)); n != 0 {
			t.Errorf("%d sites are recorded", n)
		}
		o.Drain = patience
		next := openQueue(t, db, o)
		stop = start(t, next)
		<-begun
		time.AfterFunc(50*time.Millisecond, func() { close(free) })
		stop() // waits for the scan
		wantEachOnce(t, db, sites(1))
	})
}

// No two scans of one registrable domain run at once, in whichever process, and
// the delay lies between them.
func TestOneVisitPerDomain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		const delay = 100 * time.Millisecond
		var mu sync.Mutex
		visiting := false
		var ended time.Time
		c := func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
			mu.Lock()
			defer mu.Unlock()
			if visiting || time.Since(ended) < delay {
				t.Errorf("%s is visited %s after another site of the domain", s.URL, time.Since(ended))
			}
			visiting = true
			mu.Unlock()
			<-time.After(20 * time.Millisecond)
			mu.Lock()
			visiting, ended = false, time.Now()
			return seen(s), nil
		}
		var list []evidence.Site
		for _, host := range []string{"a.shop.example", "b.shop.example", "c.shop.example", "d.shop.example"} {
			s := site(host)
			s.Domain = "shop.example"
			list = append(list, s)
		}
		o := quick(c)
		o.Delay = delay
		db, other := openStore(t, dsn), openStore(t, dsn)
		q := openQueue(t, db, o)
		enqueue(t, q, "shop", list)
		start(t, q)
		start(t, openQueue(t, other, o))
		batchDone(t, q, "shop")
		wantEachOnce(t, db, list)
	})
}

// A lease is one's own until it is released or has run out; a time that no
// lease can have holds nothing.
func TestLease(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		db := openStore(t, dsn)
		q := openQueue(t, db, Options{})
		l := leases{db: q.db, delay: time.Hour, life: time.Hour}
		take := func(holder string) bool {
			t.Helper()
			ok, _, err := l.take(ctx, "shop.example", holder)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !take("a") || take("b") || !take("a") {
			t.Error("the lease is not a's")
		}
		if err := l.release(ctx, "shop.example", "b"); err != nil || take("b") {
			t.Errorf("b has released what is a's: %v", err)
		}
		if err := l.release(ctx, "shop.example", "a"); err != nil || take("b") {
			t.Errorf("the domain is not left alone for the delay: %v", err)
		}
		set := func(until time.Time) {
			t.Helper()
			if _, err := db.DB().ExecContext(ctx, `UPDATE leases SET holder = 'gone', until = $1`, until.UnixMilli()); err != nil {
				t.Fatal(err)
			}
		}
		set(time.Now().Add(-time.Second))
		if !take("c") {
			t.Error("a lease that has run out holds")
		}
		set(time.Now().Add(1000 * time.Hour))
		if !take("d") {
			t.Error("a lease of a wrong clock holds")
		}
	})
}

// A keeper is evidence whose folder has no room for some time.
type keeper struct {
	mu            sync.Mutex
	fails         int
	kept, dropped []string
}

func (k *keeper) Keep(_ context.Context, scan *evidence.Scan, _ *audit.Judgement) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fails--; k.fails >= 0 {
		return errBroken
	}
	k.kept = append(k.kept, scan.ID)
	return nil
}

func (k *keeper) Drop(scan *evidence.Scan) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dropped = append(k.dropped, scan.ID)
}

// A scan whose evidence cannot be kept is made again; where that helps nothing its
// record says that there is none.
func TestEvidence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ fails, kept int }{{0, 1}, {1, 1}, {100, 0}} {
		t.Run(fmt.Sprint(test.fails), func(t *testing.T) {
			t.Parallel()
			k := &keeper{fails: test.fails}
			db := openStore(t, t.TempDir()+"/q.db")
			o := quick(nil)
			o.Open = func(context.Context, config.Options) (Line, error) {
				c := crawl(func(_ context.Context, s evidence.Site) (*evidence.Scan, error) { return seen(s), nil })
				return Line{Crawler: c, Auditor: judge{}, Evidence: k, Close: func() error { return nil }}, nil
			}
			q := openQueue(t, db, o)
			enqueue(t, q, "one", sites(1))
			stop := start(t, q)
			batchDone(t, q, "one")
			stop()
			wantEachOnce(t, db, sites(1))
			scan, _, err := db.Latest(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			if has := slices.Contains(k.kept, scan.ID); len(k.kept) != test.kept || has != (test.kept == 1) || has == (len(scan.Notes) > 0) {
				t.Errorf("kept %v, recorded %s with %q", k.kept, scan.ID, scan.Notes)
			}
			if want := min(test.fails, 2) + 1; len(k.dropped) != want {
				t.Errorf("%d of %d scans were forgotten", len(k.dropped), want)
			}
		})
	}
}

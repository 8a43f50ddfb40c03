package jobs

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/crawler/evidence"
)

// A teller fails twice for every scan before it takes it.
type teller struct {
	mu    sync.Mutex
	calls map[string]int
}

func (a *teller) Alert(_ context.Context, scan string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.calls[scan]++; a.calls[scan] < 3 {
		return errors.New("the receiver is away")
	}
	return nil
}

// TestAlerts scans two sites in a process that knows nothing of alerts; the one
// that asked for the scans tells of each, again after an error.
func TestAlerts(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		db := openStore(t, dsn)
		a := &teller{calls: map[string]int{}}
		asks := quick(nil)
		asks.Tell, asks.Parallel = true, 0
		enqueue(t, openQueue(t, db, asks), "two", sites(2))
		nothing := func(_ context.Context, site evidence.Site) (*evidence.Scan, error) { return seen(site), nil }
		works := openQueue(t, db, quick(nothing))
		stop := start(t, works)
		batchDone(t, works, "two")
		stop()
		tells := quick(nothing)
		tells.Alerts = a
		start(t, openQueue(t, db, tells))
		eventually(t, "both are told of", func() (bool, error) {
			a.mu.Lock()
			defer a.mu.Unlock()
			told := 0
			for _, n := range a.calls {
				if n == 3 {
					told++
				}
			}
			return told == 2, nil
		})
	})
}

// A process is killed while it tells of a scan: another one does, minutes later.
func TestAlertKilled(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		db := openStore(t, dsn)
		a := &teller{calls: map[string]int{}}
		o := quick(func(_ context.Context, site evidence.Site) (*evidence.Scan, error) { return seen(site), nil })
		o.Alerts, o.SiteTimeout = a, config.DefaultSiteTimeout
		q := openQueue(t, db, o)
		enqueue(t, q, "one", sites(1))
		p := launch(t, telling, dsn)
		<-p.stays
		p.kill()
		later(t, q, alertTime+2*time.Minute)
		if err := q.expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		start(t, q)
		eventually(t, "the scan is told of", func() (bool, error) {
			a.mu.Lock()
			defer a.mu.Unlock()
			return len(a.calls) == 1, nil
		})
		wantEachOnce(t, db, sites(1))
	})
}

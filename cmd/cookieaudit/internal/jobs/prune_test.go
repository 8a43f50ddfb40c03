package jobs

import (
	"context"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

// A queue that runs deletes what is older than is kept, but not the latest scan
// of a site.
func TestRetention(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		db := openStore(t, dsn)
		now := time.Now().UTC()
		for i, s := range []evidence.Site{site("a.example"), site("a.example"), site("a.example"), site("b.example")} {
			scan := seen(s)
			scan.Started = now.AddDate(0, 0, -500+100*i) // 500, 400, 300 and 200 days ago
			scan.ID = evidence.NewScanID(scan.Started)
			if err := db.Save(t.Context(), scan, nil); err != nil {
				t.Fatal(err)
			}
		}
		o := quick(func(_ context.Context, s evidence.Site) (*evidence.Scan, error) { return seen(s), nil })
		o.Plan, o.Keep = &Plan{}, 100*24*time.Hour
		pruned := make(chan time.Time, 10)
		o.PruneEvidence = func(_ context.Context, before time.Time) (int, error) {
			pruned <- before
			return 0, nil
		}
		start(t, openQueue(t, db, o))
		if before := <-pruned; before.Before(now.Add(-o.Keep)) || before.After(time.Now().Add(-o.Keep)) {
			t.Errorf("evidence from before %s is deleted, %s after %s", before, o.Keep, now)
		}
		eventually(t, "one scan of each site is left", func() (bool, error) {
			left, err := db.History(t.Context(), store.Filter{})
			return len(left) == 2 && left[0].Site.Host == "b.example" && left[1].Site.Host == "a.example", err
		})
	})
}

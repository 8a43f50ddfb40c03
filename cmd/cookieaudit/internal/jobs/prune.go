package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"cookieaudit/cmd/cookieaudit/internal/store"
)

// A pruneWorker deletes what is older than is kept. The latest scan of a site
// stays: what it shows is what is known of the site. So do the runs, which say
// that a site has had its turn.
type pruneWorker struct {
	river.WorkerDefaults[pruneArgs]
	q *Queue
}

// Timeout lets the deleting of years of scans take its time, in batches.
func (w *pruneWorker) Timeout(*river.Job[pruneArgs]) time.Duration { return time.Hour }

// Work implements river.Worker.
func (w *pruneWorker) Work(ctx context.Context, _ *river.Job[pruneArgs]) error {
	q := w.q
	if q.o.Keep <= 0 {
		return nil
	}
	before := q.o.Now().Add(-q.o.Keep)
	n, err := q.db.Prune(ctx, store.PruneOptions{Before: before})
	if err != nil {
		return fmt.Errorf("delete scans from before %s: %w", before.Format(time.DateOnly), err)
	}
	bundles := 0
	if q.o.PruneEvidence != nil {
		if bundles, err = q.o.PruneEvidence(ctx, before); err != nil {
			return err
		}
	}
	q.o.Log.InfoContext(ctx, "old scans deleted", "before", before, "scans", n, "bundles", bundles)
	return nil
}

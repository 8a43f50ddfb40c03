package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"cookieaudit/cmd/cookieaudit/internal/store"
)

// An upkeepWorker sees to what workers leave behind that were killed. Every
// process that scans does it, so that a fleet needs none with a plan for it.
type upkeepWorker struct {
	river.WorkerDefaults[upkeepArgs]
	q *Queue
}

// Work implements river.Worker.
func (w *upkeepWorker) Work(ctx context.Context, _ *river.Job[upkeepArgs]) error {
	return errors.Join(w.q.expire(ctx), w.q.sweep(ctx), w.q.leases.forget(ctx))
}

// expire finds scans whose worker was killed or cut off: it works them no longer,
// because it has not renewed its lease. So it finds alerts that are told for
// longer than they may be. River rescues a job by the time at which
// it was begun, and can know no more than the longest that a scan may take; with
// that time set back it rescues these within half a minute, by its own rules.
func (q *Queue) expire(ctx context.Context) error {
	now, err := q.leases.now(ctx)
	if err != nil {
		return err
	}
	done, err := q.db.DB().ExecContext(ctx, `UPDATE river_job SET attempted_at = $1
		WHERE state = 'running' AND attempted_at > $1 AND (kind = 'alert' AND attempted_at < $2
			OR kind = 'scan' AND attempted_at < $3 AND NOT EXISTS (
				SELECT 1 FROM leases l WHERE l.domain = river_job.args ->> 'domain' AND l.until > $4
					AND l.holder = CAST(river_job.id AS text) || '/' || CAST(river_job.attempt AS text)))`,
		q.riverTime(now.Add(-2*q.o.Rescue)), q.riverTime(now.Add(-alertTime-time.Minute)), q.riverTime(now.Add(-q.leases.life)), now.UnixMilli())
	if err != nil {
		return fmt.Errorf("look for jobs whose worker fell silent: %w", err)
	}
	if n, err := done.RowsAffected(); n > 0 && err == nil {
		q.o.Log.WarnContext(ctx, "workers fell silent; what they did is done again", "jobs", n)
	}
	return nil
}

// riverTime is a time as River's tables have it.
func (q *Queue) riverTime(t time.Time) any {
	if q.db.Engine() == store.SQLite {
		return t.UTC().Format("2006-01-02 15:04:05.000")
	}
	return t
}

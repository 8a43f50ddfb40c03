package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/crawler/evidence"
)

// A tickWorker puts the slots that are due into the queue.
type tickWorker struct {
	river.WorkerDefaults[tickArgs]
	q *Queue
}

// Work implements river.Worker.
func (w *tickWorker) Work(ctx context.Context, _ *river.Job[tickArgs]) error {
	return w.q.tick(ctx)
}

// tick puts the latest slot of each schedule into the queue, unless that was
// done. Of several slots that were missed, while no process ran, only the last
// one is.
func (q *Queue) tick(ctx context.Context) error {
	var errs []error
	for _, s := range q.o.Plan.Schedules {
		if err := q.enter(ctx, &s, q.o.Now()); err != nil {
			errs = append(errs, fmt.Errorf("schedule %s: %w", s.Name, err))
		}
	}
	return errors.Join(errs...)
}

// enter puts the slot of a schedule that is due at a time into the queue: the
// mark that it was and its jobs in one transaction. Where several processes do
// it at once, one of them does.
func (q *Queue) enter(ctx context.Context, s *config.Schedule, now time.Time) error {
	due := s.Latest(now)
	if due.IsZero() {
		return nil
	}
	return q.db.Write(ctx, func(tx *sql.Tx) error {
		enter, err := q.mark(ctx, tx, s.Name, due, now)
		if err != nil || !enter {
			return err
		}
		params, err := q.slotJobs(ctx, tx, s, due, now)
		if err != nil {
			return err
		}
		n, err := q.insert(ctx, tx, params)
		if err == nil {
			q.o.Log.InfoContext(ctx, "slot entered", "schedule", s.Name, "slot", due, "jobs", n)
		}
		return err
	})
}

// mark moves the mark of a schedule to the slot that is due and reports whether
// that slot's jobs are now to be put into the queue. A schedule that is new
// begins with its next slot. A mark in the future was set by a clock that was
// wrong: it goes back, and what it stood for has its turn again when it comes;
// turns that were taken stay taken.
func (q *Queue) mark(ctx context.Context, tx *sql.Tx, schedule string, due, now time.Time) (bool, error) {
	done, err := tx.ExecContext(ctx, `INSERT INTO slots (schedule, slot) VALUES ($1, $2) ON CONFLICT DO NOTHING`, schedule, due.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("mark the slot: %w", err)
	}
	if n, err := done.RowsAffected(); n > 0 || err != nil {
		return false, err
	}
	done, err = tx.ExecContext(ctx, `UPDATE slots SET slot = $1 WHERE schedule = $2 AND slot < $1`, due.UnixMilli(), schedule)
	if err != nil {
		return false, fmt.Errorf("mark the slot: %w", err)
	}
	if n, err := done.RowsAffected(); n > 0 || err != nil {
		return n > 0, err
	}
	done, err = tx.ExecContext(ctx, `UPDATE slots SET slot = $1 WHERE schedule = $2 AND slot > $3`, due.UnixMilli(), schedule, now.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("mark the slot: %w", err)
	}
	if n, err := done.RowsAffected(); n > 0 && err == nil {
		q.o.Log.WarnContext(ctx, "the clock went back; the schedule goes on from now", "schedule", schedule, "slot", due)
	}
	return false, nil
}

// slotJobs are the jobs of one slot.
func (q *Queue) slotJobs(ctx context.Context, tx *sql.Tx, s *config.Schedule, due, now time.Time) ([]river.InsertManyParams, error) {
	slot := due.UTC().Format(time.RFC3339)
	done, err := takenURLs(ctx, tx, s.Name, slot)
	if err != nil {
		return nil, err
	}
	var turnsOf []config.Site
	for _, site := range q.o.Plan.Sites {
		if slices.Contains(site.Schedules, s.Name) {
			turnsOf = append(turnsOf, site)
		}
	}
	return q.turns(ctx, tx, turnsOf, s.Name, slot, done, func(site evidence.Site) (Priority, time.Time) {
		at := due.Add(jitter(s, site.URL))
		if !at.After(now) {
			at = time.Time{} // at once
		}
		return PriorityScheduled, at
	})
}

// turns are the jobs of sites that have not had their turn; when says how urgent
// a job is and from when on.
func (q *Queue) turns(
	ctx context.Context, tx *sql.Tx, sites []config.Site, schedule, slot string, done map[string]bool, when func(evidence.Site) (Priority, time.Time),
) ([]river.InsertManyParams, error) {
	var out []river.InsertManyParams
	// Neighbours mostly share their options.
	var last *config.Options
	var digest string
	for i := range sites {
		site := &sites[i]
		if done[site.URL] {
			continue
		}
		if last == nil || !reflect.DeepEqual(*last, site.Options) {
			var err error
			if digest, err = keepOptions(ctx, tx, site.Options); err != nil {
				return nil, err
			}
			last = &site.Options
		}
		priority, at := when(site.Site)
		out = append(out, q.scanJob(newScanArgs(site.Site, schedule, slot, digest), priority, at))
	}
	return out, nil
}

// jitter is how long after a slot a site is scanned: the same in every slot, and
// spread evenly.
func jitter(s *config.Schedule, url string) time.Duration {
	if s.Jitter <= 0 {
		return 0
	}
	h := fnv.New64a()
	fmt.Fprint(h, s.Name, "\x00", url)
	return time.Duration(h.Sum64() % uint64(s.Jitter))
}

// scanJob is a job for the queue.
func (q *Queue) scanJob(a scanArgs, p Priority, at time.Time) river.InsertManyParams {
	a.Alert = q.o.Tell || q.o.Alerts != nil
	o := &river.InsertOpts{Queue: scanQueue, Priority: int(p), ScheduledAt: at, MaxAttempts: q.o.Retries + 1, UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if name, ok := a.batch(); ok {
		o.Tags = []string{batchTag(name)}
	}
	return river.InsertManyParams{Args: a, InsertOpts: o}
}

// insertAtOnce is how many jobs one statement inserts.
const insertAtOnce = 2000

// insert puts jobs into the queue that are not there yet and says how many.
func (q *Queue) insert(ctx context.Context, tx *sql.Tx, params []river.InsertManyParams) (added int, err error) {
	for chunk := range slices.Chunk(params, insertAtOnce) {
		rows, err := q.client.InsertManyTx(ctx, tx, chunk)
		if err != nil {
			return added, fmt.Errorf("put jobs into the queue: %w", err)
		}
		for _, r := range rows {
			if !r.UniqueSkippedAsDuplicate {
				added++
			}
		}
	}
	return added, nil
}

// takenURLs are the sites that have had their turn in a slot.
func takenURLs(ctx context.Context, db querier, schedule, slot string) (map[string]bool, error) {
	rows, err := db.QueryContext(ctx, `SELECT url FROM runs WHERE schedule = $1 AND slot = $2`, schedule, slot)
	if err != nil {
		return nil, fmt.Errorf("look for earlier runs: %w", err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var url string
		if err := rows.Scan(&url); err != nil {
			return nil, fmt.Errorf("look for earlier runs: %w", err)
		}
		out[url] = true
	}
	return out, rows.Err()
}

// sweepAtOnce is how many turns one job of upkeep gives their record.
const sweepAtOnce = 200

// sweep gives a record to the turns of jobs that were discarded without one: of
// those whose every attempt took its whole process along.
func (q *Queue) sweep(ctx context.Context) error {
	rows, err := q.db.DB().QueryContext(ctx, `SELECT j.id FROM river_job j WHERE j.state = 'discarded' AND j.kind = 'scan' AND NOT EXISTS (
		SELECT 1 FROM runs r WHERE r.schedule = j.args ->> 'schedule' AND r.slot = j.args ->> 'slot' AND r.url = j.args ->> 'url')
		ORDER BY j.id LIMIT $1`, sweepAtOnce)
	if err != nil {
		return fmt.Errorf("look for discarded jobs: %w", err)
	}
	ids, err := collect[int64](rows)
	if err != nil {
		return fmt.Errorf("look for discarded jobs: %w", err)
	}
	for _, id := range ids {
		if err := q.sweepOne(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// collect reads rows of one column.
func collect[T any](rows *sql.Rows) ([]T, error) {
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func (q *Queue) sweepOne(ctx context.Context, id int64) error {
	row, err := q.client.JobGet(ctx, id)
	if err != nil {
		return fmt.Errorf("read job %d: %w", id, err)
	}
	job, err := jobOf(row)
	if err != nil {
		return err
	}
	why := "the worker ended in mid-scan each time"
	if n := len(row.Errors); n > 0 {
		why = row.Errors[n-1].Error
	}
	line, done, err := q.lines.get(ctx, q.db.DB(), job.Options)
	if err != nil {
		return q.setAside(ctx, job, Line{}, row.Attempt, q.unseen(job, why))
	}
	return errors.Join(q.setAside(ctx, job, line, row.Attempt, q.unseen(job, why)), done())
}

package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/crawler/evidence"
)

// States counts the scan jobs in the queue by state.
func (q *Queue) States(ctx context.Context) (map[rivertype.JobState]int, error) {
	rows, err := q.db.DB().QueryContext(ctx, `SELECT CAST(state AS text), count(*) FROM river_job WHERE kind = 'scan' GROUP BY state`)
	if err != nil {
		return nil, fmt.Errorf("count the jobs: %w", err)
	}
	defer rows.Close()
	out := map[rivertype.JobState]int{}
	for rows.Next() {
		var state rivertype.JobState
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("count the jobs: %w", err)
		}
		out[state] = n
	}
	return out, rows.Err()
}

// A Job is a site's turn in the queue.
type Job struct {
	ID                int64
	URL               string
	State             rivertype.JobState
	Priority          Priority
	Attempt, Attempts int
	Due               time.Time
	Started           time.Time // of the latest attempt; zero for none
	By                string    // a schedule, batch:NAME or now:USER
	Worker            string    // of the latest attempt
	Error             string    // of the latest attempt
}

// Jobs lists scan jobs, the latest first; states is empty for all.
func (q *Queue) Jobs(ctx context.Context, states []rivertype.JobState, limit, offset int) ([]Job, error) {
	if len(states) == 0 {
		states = rivertype.JobStates()
	}
	ids, err := q.jobIDs(ctx, states, limit, offset)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := q.client.JobList(ctx, river.NewJobListParams().IDs(ids...).First(len(ids)).OrderBy(river.JobListOrderByID, river.SortOrderDesc))
	if err != nil {
		return nil, fmt.Errorf("list the jobs: %w", err)
	}
	out := make([]Job, 0, len(found.Jobs))
	for _, row := range found.Jobs {
		a, err := jobOf(row)
		if err != nil {
			return nil, err
		}
		j := Job{
			ID: row.ID, URL: a.URL, State: row.State, Priority: Priority(row.Priority), Attempt: row.Attempt, Attempts: row.MaxAttempts,
			Due: row.ScheduledAt, By: a.Schedule,
		}
		if row.AttemptedAt != nil {
			j.Started = *row.AttemptedAt
		}
		if n := len(row.AttemptedBy); n > 0 {
			j.Worker = row.AttemptedBy[n-1]
		}
		if n := len(row.Errors); n > 0 {
			j.Error = row.Errors[n-1].Error
		}
		out = append(out, j)
	}
	return out, nil
}

func (q *Queue) jobIDs(ctx context.Context, states []rivertype.JobState, limit, offset int) ([]int64, error) {
	var args []any
	for i := range rivertype.JobStates() { // a list of one length, whatever was asked for
		args = append(args, string(states[min(i, len(states)-1)]))
	}
	// SQLite numbers arguments in the order in which they first appear.
	rows, err := q.db.DB().QueryContext(ctx, `SELECT id FROM river_job WHERE kind = 'scan'
		AND CAST(state AS text) IN ($1, $2, $3, $4, $5, $6, $7, $8) ORDER BY id DESC LIMIT $9 OFFSET $10`, append(args, limit, offset)...)
	if err != nil {
		return nil, fmt.Errorf("list the jobs: %w", err)
	}
	ids, err := collect[int64](rows)
	if err != nil {
		return nil, fmt.Errorf("list the jobs: %w", err)
	}
	return ids, nil
}

// What Cancel and Retry of a job return where they do not apply.
var (
	ErrNoJob = errors.New("there is no such job")
	ErrState = errors.New("the job is in another state")
)

// job returns a scan job in one of some states.
func (q *Queue) job(ctx context.Context, id int64, states ...rivertype.JobState) (*rivertype.JobRow, error) {
	row, err := q.client.JobGet(ctx, id)
	switch {
	case errors.Is(err, rivertype.ErrNotFound) || err == nil && row.Kind != (scanArgs{}).Kind():
		return nil, ErrNoJob
	case err != nil:
		return nil, fmt.Errorf("read job %d: %w", id, err)
	case !slices.Contains(states, row.State):
		return nil, ErrState
	}
	return row, nil
}

// CancelJob takes a job out of the queue, or stops its scan.
func (q *Queue) CancelJob(ctx context.Context, id int64) error {
	if _, err := q.job(ctx, id, unfinished()...); err != nil {
		return err
	}
	if _, err := q.client.JobCancel(ctx, id); err != nil {
		return fmt.Errorf("cancel job %d: %w", id, err)
	}
	return nil
}

// RetryJob tries a job again now that waits for its next attempt, was cancelled
// or was set aside. The record of what was set aside stays; another one joins it.
func (q *Queue) RetryJob(ctx context.Context, id int64) error {
	row, err := q.job(ctx, id, rivertype.JobStateRetryable, rivertype.JobStateCancelled, rivertype.JobStateDiscarded)
	if err != nil {
		return err
	}
	a, err := jobOf(row)
	if err != nil {
		return err
	}
	err = q.db.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM runs WHERE schedule = $1 AND slot = $2 AND url = $3 AND outcome = $4`,
			a.Schedule, a.Slot, a.URL, setAside)
		if err != nil {
			return err
		}
		_, err = q.client.JobRetryTx(ctx, tx, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("try job %d again: %w", id, err)
	}
	return nil
}

// nowPrefix begins the schedule of a job that a user asked for.
const nowPrefix = "now:"

// EnqueueNow puts sites into the queue for a user, but those that a user asked
// for before and that still wait; it says how many were added.
func (q *Queue) EnqueueNow(ctx context.Context, sites []config.Site, by string, priority Priority) (added int, err error) {
	err = q.db.Write(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT args ->> 'url' FROM river_job WHERE kind = 'scan' AND args ->> 'schedule' LIKE 'now:%'
			AND state IN ('available', 'pending', 'retryable', 'running', 'scheduled')`)
		if err != nil {
			return err
		}
		waiting, err := collect[string](rows)
		if err != nil {
			return err
		}
		done := map[string]bool{}
		for _, url := range waiting {
			done[url] = true
		}
		slot := q.o.Now().UTC().Format(time.RFC3339Nano)
		params, err := q.turns(ctx, tx, sites, nowPrefix+by, slot, done, func(evidence.Site) (Priority, time.Time) { return priority, time.Time{} })
		if err == nil {
			added, err = q.insert(ctx, tx, params)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("enqueue: %w", err)
	}
	return added, nil
}

// nextTurn is when a site has its next turn: in the slot that is due, where its
// time in that one is still to come.
func nextTurn(s *config.Schedule, url string, now time.Time) time.Time {
	j := jitter(s, url)
	if due := s.Latest(now); !due.IsZero() && due.Add(j).After(now) {
		return due.Add(j)
	}
	return s.Next(now).Add(j)
}

// Next says when sites, by their address, are scanned next by the plan; one that
// no schedule scans is absent.
func (q *Queue) Next(urls []string) map[string]time.Time {
	out := map[string]time.Time{}
	if q.o.Plan == nil {
		return out
	}
	now := q.o.Now()
	for i := range q.o.Plan.Sites {
		site := &q.o.Plan.Sites[i]
		if !slices.Contains(urls, site.URL) {
			continue
		}
		for j := range q.o.Plan.Schedules {
			s := &q.o.Plan.Schedules[j]
			if !slices.Contains(site.Schedules, s.Name) {
				continue
			}
			next := nextTurn(s, site.URL, now)
			if first, ok := out[site.URL]; !ok || next.Before(first) {
				out[site.URL] = next
			}
		}
	}
	return out
}

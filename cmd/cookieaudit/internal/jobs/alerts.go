package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// alertQueue is worked by the processes that know who is to be told.
const alertQueue = "alert"

// An Alerter tells people what a stored scan brought. It is called again after
// an error, and tells nothing twice.
type Alerter interface {
	Alert(ctx context.Context, scan string) error
}

// alertArgs ask for a scan to be told of.
type alertArgs struct {
	Scan string `json:"scan" river:"unique"`
}

// Kind names the job in the queue's tables.
func (alertArgs) Kind() string { return "alert" }

// alertAttempts is how often it is tried to tell of a scan: for about a day.
const alertAttempts = 30

// InsertOpts keeps one job for a scan.
func (alertArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: alertQueue, MaxAttempts: alertAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// An alertWorker tells of one scan at a time.
type alertWorker struct {
	river.WorkerDefaults[alertArgs]
	q *Queue
}

// alertTime bounds one attempt, with all its destinations.
const alertTime = 5 * time.Minute

// Timeout bounds a job.
func (w *alertWorker) Timeout(*river.Job[alertArgs]) time.Duration { return alertTime }

// NextRetry waits longer after each attempt, at most an hour.
func (w *alertWorker) NextRetry(job *river.Job[alertArgs]) time.Time {
	wait := w.q.o.RetryWait
	for range job.Attempt - 1 {
		wait = min(2*wait, time.Hour)
	}
	return time.Now().Add(wait)
}

// Work implements river.Worker.
func (w *alertWorker) Work(ctx context.Context, job *river.Job[alertArgs]) error {
	if err := w.q.o.Alerts.Alert(ctx, job.Args.Scan); err != nil {
		w.q.o.Log.WarnContext(ctx, "an alert was not delivered", "scan", job.Args.Scan, "attempt", job.Attempt, "of", job.MaxAttempts, "error", err)
		return err
	}
	return nil
}

// askToAlert asks in a transaction for its scan to be told of, where the job of
// the scan wants that.
func (q *Queue) askToAlert(ctx context.Context, tx *sql.Tx, a *scanArgs, scan string) error {
	if !a.Alert {
		return nil
	}
	if _, err := q.client.InsertTx(ctx, tx, alertArgs{Scan: scan}, nil); err != nil {
		return fmt.Errorf("ask for the scan to be told of: %w", err)
	}
	return nil
}

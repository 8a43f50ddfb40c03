package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/crawler/evidence"
)

// A Batch is a list of sites that is scanned now, once.
type Batch struct {
	Name     string
	Sites    []config.Site
	Priority Priority
}

// batchName fits the names of batches.
var batchName = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]{0,62}[a-z0-9])?$`)

// CheckBatchName says what is wrong with a name.
func CheckBatchName(name string) error {
	if !batchName.MatchString(name) {
		return fmt.Errorf("a batch cannot be called %q: use small letters, digits, - and _, at most 64", name)
	}
	return nil
}

// batchTag marks a batch's jobs.
func batchTag(name string) string { return "batch_" + name }

// A Progress is how far a batch is.
type Progress struct {
	Name    string    `json:"name"`
	Created time.Time `json:"created"`
	// Total counts the batch's sites, Done those that have their record, SetAside
	// those of them that no attempt could work.
	Total     int  `json:"total"`
	Done      int  `json:"done"`
	SetAside  int  `json:"set_aside"`
	Cancelled bool `json:"cancelled"`
	// Ends is when the rest will be done at the pace so far; zero where there is
	// none yet, or nothing left.
	Ends time.Time `json:"ends,omitzero"`
}

// Finished reports whether nothing more will come.
func (p *Progress) Finished() bool { return p.Cancelled || p.Done >= p.Total }

// Enqueue puts a batch into the queue in one transaction, and says how many jobs
// that added. Sites that are there already, done or still to be done, are not
// added again: the same list can be given twice, and a cancelled batch goes on.
func (q *Queue) Enqueue(ctx context.Context, b Batch) (added int, err error) {
	if err := CheckBatchName(b.Name); err != nil {
		return 0, err
	}
	err = q.db.Write(ctx, func(tx *sql.Tx) error {
		if err := startBatch(ctx, tx, b.Name, q.o.Now()); err != nil {
			return err
		}
		schedule := batchPrefix + b.Name
		done, err := takenURLs(ctx, tx, schedule, "")
		if err != nil {
			return err
		}
		params, err := q.turns(ctx, tx, b.Sites, schedule, "", done, func(evidence.Site) (Priority, time.Time) { return b.Priority, time.Time{} })
		if err != nil {
			return err
		}
		if added, err = q.insert(ctx, tx, params); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE batches SET total = (SELECT count(*) FROM runs WHERE schedule = $1) +
			(SELECT count(*) FROM river_job WHERE kind = 'scan' AND args ->> 'schedule' = $1
				AND state IN ('available', 'pending', 'retryable', 'running', 'scheduled')) WHERE name = $2`, schedule, b.Name)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("enqueue %s: %w", b.Name, err)
	}
	return added, nil
}

// startBatch notes a batch, or takes back that it was cancelled.
func startBatch(ctx context.Context, tx *sql.Tx, name string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO batches (name, created, total) VALUES ($1, $2, 0)
		ON CONFLICT (name) DO UPDATE SET cancelled = 0`, name, now.UnixMilli())
	return err
}

func batchCancelled(ctx context.Context, db querier, name string) (bool, error) {
	var n int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM batches WHERE name = $1 AND cancelled > 0`, name).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look at the batch %s: %w", name, err)
	}
	return n > 0, nil
}

// ErrNoBatch says that there is no batch of that name.
var ErrNoBatch = errors.New("there is no such batch")

// Cancel ends a batch: what waits is taken out of the queue, what runs is told
// to stop. What was done stays.
func (q *Queue) Cancel(ctx context.Context, name string) (removed int, err error) {
	now := q.o.Now()
	err = q.db.Write(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE batches SET cancelled = $1 WHERE name = $2`, now.UnixMilli(), name)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); n == 0 && err == nil {
			return ErrNoBatch
		}
		for {
			ids, err := q.waiting(ctx, tx, name)
			if err != nil || len(ids) == 0 {
				return err
			}
			if _, err := q.client.JobDeleteManyTx(ctx, tx, river.NewJobDeleteManyParams().IDs(ids...).First(len(ids))); err != nil {
				return err
			}
			removed += len(ids)
		}
	})
	if err == nil {
		err = q.stopRunning(ctx, name)
	}
	if err != nil {
		return 0, fmt.Errorf("cancel %s: %w", name, err)
	}
	return removed, nil
}

// waiting lists jobs of a batch that nobody works.
func (q *Queue) waiting(ctx context.Context, tx *sql.Tx, name string) ([]int64, error) {
	list := river.NewJobListParams().Kinds(scanArgs{}.Kind()).TagsAll(batchTag(name)).First(insertAtOnce).
		States(rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateScheduled)
	found, err := q.client.JobListTx(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(found.Jobs))
	for i, j := range found.Jobs {
		ids[i] = j.ID
	}
	return ids, nil
}

func (q *Queue) stopRunning(ctx context.Context, name string) error {
	running, err := q.client.JobList(ctx, river.NewJobListParams().Kinds(scanArgs{}.Kind()).TagsAll(batchTag(name)).
		States(rivertype.JobStateRunning).First(insertAtOnce))
	if err != nil {
		return err
	}
	for _, j := range running.Jobs {
		if _, err := q.client.JobCancel(ctx, j.ID); err != nil && !errors.Is(err, rivertype.ErrNotFound) {
			return err
		}
	}
	return nil
}

// Progress says how far a batch is.
func (q *Queue) Progress(ctx context.Context, name string) (Progress, error) {
	p := Progress{Name: name}
	var created, cancelled int64
	err := q.db.DB().QueryRowContext(ctx, `SELECT created, total, cancelled FROM batches WHERE name = $1`, name).Scan(&created, &p.Total, &cancelled)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fmt.Errorf("%w: %s", ErrNoBatch, name)
	}
	if err != nil {
		return p, fmt.Errorf("look at the batch %s: %w", name, err)
	}
	var first, last int64
	err = q.db.DB().QueryRowContext(ctx, `SELECT count(*), coalesce(sum(CASE WHEN outcome = 'set_aside' THEN 1 ELSE 0 END), 0),
		coalesce(min(finished), 0), coalesce(max(finished), 0) FROM runs WHERE schedule = $1`, batchPrefix+name).Scan(&p.Done, &p.SetAside, &first, &last)
	if err != nil {
		return p, fmt.Errorf("look at the batch %s: %w", name, err)
	}
	p.Created, p.Cancelled = time.UnixMilli(created).UTC(), cancelled > 0
	if left := p.Total - p.Done; left > 0 && p.Done > 1 && !p.Cancelled {
		pace := float64(last-first) / float64(p.Done-1)
		p.Ends = time.UnixMilli(last + int64(pace*float64(left))).UTC()
	}
	return p, nil
}

// Batches lists the latest batches.
func (q *Queue) Batches(ctx context.Context, limit int) ([]Progress, error) {
	rows, err := q.db.DB().QueryContext(ctx, `SELECT name FROM batches ORDER BY created DESC, name LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list the batches: %w", err)
	}
	names, err := collect[string](rows)
	if err != nil {
		return nil, fmt.Errorf("list the batches: %w", err)
	}
	out := []Progress{}
	for _, n := range names {
		p, err := q.Progress(ctx, n)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// jobOf reads the arguments of a job.
func jobOf(row *rivertype.JobRow) (*scanArgs, error) {
	var a scanArgs
	if err := json.Unmarshal(row.EncodedArgs, &a); err != nil {
		return nil, fmt.Errorf("read job %d: %w", row.ID, err)
	}
	return &a, nil
}

package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/pipeline"
	"cookieaudit/crawler/evidence"
)

// A scanWorker works one site's turn at a time.
type scanWorker struct {
	river.WorkerDefaults[scanArgs]
	q *Queue
}

var (
	errStopped     = errors.New("the process is ending; the site's turn comes again")
	errSiteTimeout = errors.New("the scan of the site took too long")
	errBrowserDied = errors.New("the browser did not outlive the scan")
)

// saveTime is what a job may take beside its scan.
const saveTime = pipeline.DefaultSaveTimeout + 30*time.Second

// Timeout bounds a job. It ends long after the scan has been told to end, so
// that what was seen by then is saved.
func (w *scanWorker) Timeout(*river.Job[scanArgs]) time.Duration { return w.q.o.SiteTimeout + saveTime }

// NextRetry waits longer after each attempt: 1, 5, 25 minutes …, at most a day,
// somewhat apart for sites that failed together.
func (w *scanWorker) NextRetry(job *river.Job[scanArgs]) time.Time {
	wait := w.q.o.RetryWait
	for range job.Attempt - 1 {
		wait = min(5*wait, 24*time.Hour)
	}
	return time.Now().Add(wait + rand.N(wait/10+1)) //nolint:gosec // no secret depends on it
}

// Work scans a site, unless its turn has its record already.
func (w *scanWorker) Work(ctx context.Context, job *river.Job[scanArgs]) error {
	q := w.q
	a := &job.Args
	if done, err := q.skip(ctx, a); done || err != nil {
		return err
	}
	holder := fmt.Sprintf("%d/%d", job.ID, job.Attempt)
	ok, wait, err := q.leases.take(ctx, a.Domain, holder)
	if err != nil {
		return err
	}
	if !ok {
		q.metrics.snoozed.Inc()
		return river.JobSnooze(snooze(wait, job.JobRow))
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	kept := make(chan struct{})
	renewing, stop := context.WithCancel(ctx)
	go func() {
		defer close(kept)
		q.leases.keep(renewing, a.Domain, holder, cancel)
	}()
	err = w.scan(ctx, job)
	stop()
	<-kept
	if e := q.leases.release(context.WithoutCancel(ctx), a.Domain, holder); e != nil {
		q.o.Log.WarnContext(ctx, "the domain stays leased for a while", "domain", a.Domain, "error", e)
	}
	return err
}

// skip reports whether a job has nothing to do: its turn has its record, or its
// batch was cancelled.
func (q *Queue) skip(ctx context.Context, a *scanArgs) (bool, error) {
	if done, err := taken(ctx, q.db.DB(), a.turn()); done || err != nil {
		return done, err
	}
	name, ok := a.batch()
	if !ok {
		return false, nil
	}
	cancelled, err := batchCancelled(ctx, q.db.DB(), name)
	if err == nil && cancelled {
		err = river.JobCancel(errors.New("the batch was cancelled"))
	}
	return false, err
}

// snooze is how long a job waits for its domain: longer each time, so that a
// batch of many sites of one domain does not keep the queue busy with looking.
func snooze(wait time.Duration, job *rivertype.JobRow) time.Duration {
	const least, most = 250 * time.Millisecond, 5 * time.Minute
	var seen struct {
		Snoozes int `json:"snoozes"`
	}
	if err := json.Unmarshal(job.Metadata, &seen); err != nil {
		seen.Snoozes = 0 // only the pace depends on it
	}
	wait = max(wait, least)
	for range min(seen.Snoozes, 20) {
		wait = min(wait*3/2, max(wait, most))
	}
	return wait + rand.N(wait/2) //nolint:gosec // no secret depends on it
}

// scan takes the site through its line.
func (w *scanWorker) scan(ctx context.Context, job *river.Job[scanArgs]) error {
	q := w.q
	line, done, err := q.lines.get(ctx, q.db.DB(), job.Args.Options)
	if err != nil {
		return w.failed(ctx, job, Line{}, nil, err)
	}
	defer func() {
		if err := done(); err != nil {
			q.o.Log.WarnContext(ctx, "an unused browser did not end in order", "error", err)
		}
	}()
	began := time.Now()
	recorder := &recorder{q: q, job: job, line: line}
	crawler := &untilStopped{crawler: line.Crawler, timeout: q.o.SiteTimeout}
	defer func() {
		if line.Evidence != nil && crawler.scan != nil {
			line.Evidence.Drop(crawler.scan)
		}
	}()
	p := pipeline.Pipeline{
		Crawler: crawler, Auditor: newDeciding(ctx, line.Auditor, q.db, q.o.Log),
		Recorder: recorder, Library: q.db, Gate: q.o.Gate,
	}
	r := p.Run(ctx, job.Args.site())
	switch {
	case r.Recorded:
		q.metrics.scanned(string(r.Scan.Outcome), time.Since(began))
		q.o.Log.InfoContext(ctx, "site scanned", "site", job.Args.URL, "schedule", job.Args.Schedule, "slot", job.Args.Slot,
			"scan", r.Scan.ID, "outcome", r.Scan.Outcome, "seconds", time.Since(began).Seconds())
		return r.Err // an audit that failed, of a scan that is recorded
	case errors.Is(r.Err, errTaken):
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", context.Cause(ctx), r.Err)
	}
	return w.failed(ctx, job, line, crawler.broken, r.Err)
}

// failed returns why an attempt failed. After the last one the site's turn gets
// a record all the same, which says so: with what that attempt saw, if anything.
func (w *scanWorker) failed(ctx context.Context, job *river.Job[scanArgs], line Line, seen *evidence.Scan, err error) error {
	w.q.metrics.failed.Inc()
	w.q.o.Log.WarnContext(ctx, "a scan failed", "site", job.Args.URL, "attempt", job.Attempt, "of", job.MaxAttempts, "error", err)
	if job.Attempt < job.MaxAttempts {
		return err
	}
	if seen == nil {
		seen = w.q.unseen(&job.Args, err.Error())
	}
	return errors.Join(err, w.q.setAside(ctx, &job.Args, line, job.Attempt, seen))
}

// untilStopped bounds a scan in time, and makes nothing of one that was broken
// off because the process ends: another worker, or this one when it is back,
// does it whole. Nor is a scan of a site at which the browser died again and
// again: the site may have killed it, but so may another one, or the machine.
type untilStopped struct {
	crawler pipeline.Crawler
	timeout time.Duration
	scan    *evidence.Scan // as the crawler returned it
	broken  *evidence.Scan // that of a browser that died
}

// Scan scans a site.
func (u *untilStopped) Scan(ctx context.Context, site evidence.Site) (*evidence.Scan, error) {
	limited, cancel := context.WithTimeoutCause(ctx, u.timeout, errSiteTimeout)
	defer cancel()
	scan, err := u.crawler.Scan(limited, site)
	u.scan = scan
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%w: %w", errStopped, context.Cause(ctx))
	}
	if err == nil && slices.ContainsFunc(scan.Visits, func(v evidence.Visit) bool { return v.BrowserDied }) {
		u.broken = scan
		return nil, fmt.Errorf("%w: %s", errBrowserDied, scan.Why)
	}
	return scan, err
}

// A recorder stores a scan, writes down the run and completes the job in one
// transaction.
type recorder struct {
	q    *Queue
	job  *river.Job[scanArgs]
	line Line
}

// Save implements pipeline.Recorder.
func (r *recorder) Save(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	if err := r.q.keepEvidence(ctx, r.line, scan, j); err != nil {
		if r.job.Attempt < r.job.MaxAttempts {
			return err
		}
		scan.Notes = append(scan.Notes, noBundle)
	}
	return r.q.db.Write(ctx, func(tx *sql.Tx) error {
		if err := take(ctx, tx, r.job.Args.turn(), scan.ID, string(scan.Outcome), r.q.o.Now()); err != nil {
			return err
		}
		if err := r.q.db.SaveTx(ctx, tx, scan, j); err != nil {
			return err
		}
		if err := r.q.askToAlert(ctx, tx, &r.job.Args, scan.ID); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[driver](ctx, tx, r.job)
		return err
	})
}

// noBundle is the note of a record that stands without the evidence asked for.
const noBundle = "no evidence bundle could be written"

// keepEvidence keeps what stands behind a record, where that is asked for.
func (q *Queue) keepEvidence(ctx context.Context, line Line, scan *evidence.Scan, j *audit.Judgement) error {
	if line.Evidence == nil {
		return nil
	}
	if err := line.Evidence.Keep(ctx, scan, j); err != nil {
		q.o.Log.ErrorContext(ctx, "no evidence bundle was written", "site", scan.Site.URL, "scan", scan.ID, "error", err)
		return fmt.Errorf("keep the evidence: %w", err)
	}
	return nil
}

// unseen is the scan of a site at which nothing was seen, and why.
func (q *Queue) unseen(a *scanArgs, why string) *evidence.Scan {
	now := q.o.Now().UTC()
	return &evidence.Scan{
		ID: evidence.NewScanID(now), Site: a.site(), Started: now, Finished: now, Outcome: evidence.Unavailable, Why: why,
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Unavailable, Why: "the scan failed"},
		Cookies:      []evidence.Cookie{}, Storage: []evidence.StorageItem{}, Requests: []evidence.Request{},
	}
}

// setAside gives a turn that no attempt could work its record, and why: a site
// that is not looked at must not look clean.
func (q *Queue) setAside(ctx context.Context, a *scanArgs, line Line, attempts int, scan *evidence.Scan) error {
	scan.Why = fmt.Sprintf("set aside after %d attempts: %s", attempts, scan.Why)
	var j *audit.Judgement
	if line.Auditor != nil {
		j = line.Judge(scan)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pipeline.DefaultSaveTimeout)
	defer cancel()
	if err := q.keepEvidence(ctx, line, scan, j); err != nil {
		scan.Notes = append(scan.Notes, noBundle)
	}
	err := q.db.Write(ctx, func(tx *sql.Tx) error {
		if err := take(ctx, tx, a.turn(), scan.ID, setAside, q.o.Now()); err != nil {
			return err
		}
		if err := q.db.SaveTx(ctx, tx, scan, j); err != nil {
			return err
		}
		return q.askToAlert(ctx, tx, a, scan.ID)
	})
	switch {
	case errors.Is(err, errTaken):
		return nil
	case err != nil:
		return fmt.Errorf("record that %s was set aside: %w", a.URL, err)
	}
	q.metrics.scanned(setAside, 0)
	q.o.Log.ErrorContext(ctx, "a site was set aside", "site", a.URL, "scan", scan.ID, "why", scan.Why)
	return nil
}

// Package jobs runs scans from a queue: by schedule and from lists, in one
// process on a file or in a fleet on a server. River does queue, retries, unique
// and periodic jobs and the election of a leader; this package says what a job
// is and makes sure that a site's turn is in the record once.
package jobs

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivermigrate"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/pipeline"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// Options say what a process does of the queue's work.
type Options struct {
	// Parallel is how many sites are scanned at once; 0 for a process that only
	// puts jobs into the queue.
	Parallel int
	// Gate holds scans back while the machine has no room for them; nil for none.
	Gate pipeline.Gate
	// Open prepares for scans with certain options.
	Open func(context.Context, config.Options) (Line, error)
	// Delay is the least time between two visits to one registrable domain.
	Delay time.Duration
	// SiteTimeout bounds the scan of one site.
	SiteTimeout time.Duration
	// Drain is how long running scans may still take once the context of Run has
	// ended.
	Drain time.Duration
	// Retries is how often a scan is tried again when the tool itself failed, and
	// RetryWait how long is waited before the first time; default 1 min.
	Retries   int
	RetryWait time.Duration
	// Plan is what this process puts into the queue by schedule; nil for a mere
	// worker.
	Plan *Plan
	// Keep is how long scans are kept; 0 for ever. It needs a Plan.
	Keep time.Duration
	// PruneEvidence removes what is kept beside the database of scans that were
	// started before a time and are not in it any more; nil where nothing is.
	PruneEvidence func(ctx context.Context, before time.Time) (int, error)
	// Alerts tells people what is new. A process that has it marks the scans that
	// it asks for, and tells of those that any process has done.
	Alerts Alerter
	// Tell marks the scans that it asks for although another process tells of them.
	Tell bool
	// Log gets what operators want to know; default nothing.
	Log *slog.Logger
	// Metrics is where counters are registered; default nowhere.
	Metrics prometheus.Registerer
	// Now is the clock of schedules; default time.Now.
	Now func() time.Time
	// Poll is how often is looked for jobs, and Rescue after how long a job is
	// worked by another process whatever its own one does; default 1 s, and a
	// minute more than any job may take. A scan comes again sooner: once its worker
	// has been silent for the time of a lease.
	Poll, Rescue time.Duration
	// TickEvery is how often is looked for slots that are due, and for workers that
	// fell silent; default 15 s.
	TickEvery time.Duration
}

// A Plan is which sites are scanned when.
type Plan struct {
	Schedules []config.Schedule
	Sites     []config.Site
	// Defaults are the options of sites that are not among Sites.
	Defaults config.Options
}

// Site returns a site with the options that the plan has for it.
func (p *Plan) Site(site evidence.Site) config.Site {
	for i := range p.Sites {
		if p.Sites[i].URL == site.URL {
			return p.Sites[i]
		}
	}
	return config.Site{Site: site, Options: p.Defaults}
}

// A Queue is a database's queue, as one process sees it.
type Queue struct {
	db      *store.Store
	o       Options
	client  *river.Client[*sql.Tx]
	leases  leases
	lines   lines
	metrics *metrics
}

// Open prepares the queue in a database; its tables are made where they are
// missing.
func Open(ctx context.Context, db *store.Store, o Options) (*Queue, error) {
	o.fill()
	if err := migrate(ctx, db); err != nil {
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	q := &Queue{
		db: db, o: o, leases: leases{db: db, delay: o.Delay, life: leaseTime},
		lines: lines{open: o.Open, all: map[string]*usedLine{}},
	}
	q.metrics = newMetrics(q)
	if o.Metrics != nil {
		if err := q.metrics.register(o.Metrics); err != nil {
			return nil, fmt.Errorf("prepare the queue: %w", err)
		}
	}
	workers := river.NewWorkers()
	c := &river.Config{
		Logger: slog.New(warnings{o.Log.Handler()}), Workers: workers, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: o.Poll,
		JobTimeout: o.SiteTimeout + saveTime, RescueStuckJobsAfter: o.Rescue, SoftStopTimeout: o.Drain, MaxAttempts: o.Retries + 1,
	}
	if err := errors.Join(
		river.AddWorkerSafely(workers, &scanWorker{q: q}),
		river.AddWorkerSafely(workers, &tickWorker{q: q}),
		river.AddWorkerSafely(workers, &upkeepWorker{q: q}),
		river.AddWorkerSafely(workers, &pruneWorker{q: q}),
		river.AddWorkerSafely(workers, &alertWorker{q: q}),
	); err != nil {
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	if o.Parallel > 0 {
		c.Queues = map[string]river.QueueConfig{scanQueue: {MaxWorkers: o.Parallel}, upkeepQueue: {MaxWorkers: 1}}
		// Whoever leads asks for ticks; those with a plan answer.
		c.PeriodicJobs = []*river.PeriodicJob{
			river.NewPeriodicJob(river.PeriodicInterval(o.TickEvery), periodic(tickArgs{}), &river.PeriodicJobOpts{RunOnStart: true}),
			river.NewPeriodicJob(river.PeriodicInterval(o.TickEvery), periodic(upkeepArgs{}), &river.PeriodicJobOpts{RunOnStart: true}),
			river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), periodic(pruneArgs{}), &river.PeriodicJobOpts{RunOnStart: true}),
		}
	}
	if o.Parallel > 0 && o.Plan != nil {
		c.Queues[controlQueue] = river.QueueConfig{MaxWorkers: 1}
	}
	if o.Parallel > 0 && o.Alerts != nil {
		c.Queues[alertQueue] = river.QueueConfig{MaxWorkers: 1}
	}
	var err error
	if q.client, err = river.NewClient(newDriver(db), c); err != nil {
		return nil, fmt.Errorf("prepare the queue: %w", err)
	}
	return q, nil
}

func periodic[T river.JobArgs](args T) river.PeriodicJobConstructor {
	return func() (river.JobArgs, *river.InsertOpts) { return args, nil }
}

func (o *Options) fill() {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.RetryWait <= 0 {
		o.RetryWait = time.Minute
	}
	if o.SiteTimeout <= 0 {
		o.SiteTimeout = config.DefaultSiteTimeout
	}
	if o.Poll <= 0 {
		o.Poll = time.Second
	}
	if o.TickEvery <= 0 {
		o.TickEvery = 15 * time.Second
	}
	if o.Rescue <= 0 {
		o.Rescue = o.SiteTimeout + saveTime + time.Minute
	}
}

// warnings passes on what is at least a warning: River tells at info level how
// many jobs it has worked every few seconds.
type warnings struct{ slog.Handler }

// Enabled implements slog.Handler.
func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// Handle implements slog.Handler. What is said because the process was told to end
// is no fault.
func (w warnings) Handle(ctx context.Context, r slog.Record) error {
	ends := false
	r.Attrs(func(a slog.Attr) bool {
		ends = strings.HasSuffix(a.Value.String(), context.Canceled.Error())
		return !ends
	})
	if ends {
		return nil
	}
	return w.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }

// migrate makes River's tables and our own.
func migrate(ctx context.Context, db *store.Store) error {
	m, err := rivermigrate.New(newDriver(db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	own, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return db.Migrate(ctx, "cookieaudit_queue_versions", own)
}

// Run works until the context ends and running scans have ended or, after
// Options.Drain, were broken off: their turn comes again.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.client.Start(ctx); err != nil {
		return fmt.Errorf("start the queue: %w", err)
	}
	<-q.client.Stopped()
	return q.lines.close()
}

// Ready says what keeps the queue from working.
func (q *Queue) Ready(ctx context.Context) error {
	if err := q.db.DB().PingContext(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	return nil
}

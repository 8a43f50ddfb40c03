package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"reflect"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/urfave/cli/v3"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/jobs"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler"
)

// queueFlags are those of commands that work a queue. What the configuration
// says holds where they are not given.
func queueFlags() []cli.Flag {
	return []cli.Flag{
		configFlag(), dbFlag(), parallelFlag(), browserPathFlag(),
		&cli.DurationFlag{Name: "delay", Value: config.DefaultDelay, Usage: "least `TIME` between two visits to one registrable domain, across the fleet"},
		&cli.IntFlag{Name: "retries", Value: config.DefaultRetries, Usage: "try a scan `N` times again when the tool itself failed"},
		&cli.DurationFlag{Name: "site-timeout", Value: config.DefaultSiteTimeout, Usage: "longest `TIME` for one site"},
		&cli.DurationFlag{Name: "drain", Value: config.DefaultDrain, Usage: "`TIME` that running scans still have when the process is told to end"},
		&cli.BoolFlag{Name: "allow-private", Usage: "let sites in private, loopback and link-local networks be scanned"},
		&cli.StringFlag{Name: "log", Value: "json", Usage: "write the log as `FORMAT`: json, text"},
	}
}

func workCommand() *cli.Command {
	return &cli.Command{
		Name:  "work",
		Usage: "scan what is in the queue; any number of processes on any machines",
		Description: "Works the queue of a database until it is told to end. Processes share the work through\n" +
			"the database alone: point every one of them at the same server.",
		Flags: append(queueFlags(),
			&cli.StringFlag{Name: "listen", Usage: "answer /healthz, /readyz and /metrics at `HOST:PORT`"}),
		Action: runWork,
	}
}

func runWork(ctx context.Context, cmd *cli.Command) error {
	if err := atMost(cmd, 0); err != nil {
		return err
	}
	if err := checkListen(cmd); err != nil {
		return err
	}
	return withQueue(ctx, cmd, worksOnly, func(p *process) error {
		p.log.Info("working", "database", p.db.Name(), "parallel", p.options.Parallel)
		return p.run(ctx, cmd.String("listen"), nil)
	})
}

// A role is what a process does beside scanning.
type role bool

const (
	worksOnly role = false
	plans     role = true // it puts jobs into the queue by schedule
)

// withQueue does something with a process and its queue, and closes the database
// behind it.
func withQueue(ctx context.Context, cmd *cli.Command, r role, do func(*process) error) (err error) {
	p, err := newProcess(ctx, cmd)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.db.Close()) }()
	if r == worksOnly {
		p.options.Plan, p.options.Keep = nil, 0
	}
	if p.queue, err = jobs.Open(ctx, p.db, p.options); err != nil {
		return err
	}
	return do(p)
}

// A process works a queue.
type process struct {
	config  *config.Config
	db      *store.Store
	log     *slog.Logger
	metrics *prometheus.Registry
	options jobs.Options
	queue   *jobs.Queue
	guard   *crawler.Guard // nil where private networks are scanned
}

// newProcess reads queueFlags and the configuration, opens the database, and
// finds out what would make all of it useless: a browser that does not start, a
// secret that is not there.
func newProcess(ctx context.Context, cmd *cli.Command) (*process, error) {
	c, err := configOf(cmd)
	if err != nil {
		return nil, err
	}
	p := &process{config: c, metrics: prometheus.NewRegistry()}
	if p.log, err = logOf(cmd, cmd.Root().ErrWriter); err != nil {
		return nil, err
	}
	p.metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if !c.Server.AllowPrivate && !cmd.Bool("allow-private") {
		p.guard = &crawler.Guard{}
	}
	p.options = jobs.Options{
		Parallel: cmd.Int("parallel"), Delay: c.Delay, SiteTimeout: c.SiteTimeout,
		Drain: c.Server.Drain, Retries: c.Retries, Keep: c.Keep, Log: p.log, Metrics: p.metrics,
		Plan: &jobs.Plan{Schedules: c.Schedules, Sites: c.Sites, Defaults: c.Defaults},
	}
	if !cmd.IsSet("parallel") {
		p.options.Parallel = cmp.Or(c.Parallel, p.options.Parallel)
	}
	p.options.Gate = gate(p.options.Parallel, cmd.IsSet("parallel") || c.Parallel > 0)
	if cmd.IsSet("delay") {
		p.options.Delay = cmd.Duration("delay")
	}
	if cmd.IsSet("retries") {
		p.options.Retries = cmd.Int("retries")
	}
	if cmd.IsSet("site-timeout") {
		p.options.SiteTimeout = cmd.Duration("site-timeout")
	}
	if cmd.IsSet("drain") {
		p.options.Drain = cmd.Duration("drain")
	}
	if o := p.options; o.Parallel < 1 || o.Delay < 0 || o.Retries < 0 || o.SiteTimeout <= 0 || o.Drain < 0 {
		return nil, usagef(cmd, "--parallel and --site-timeout are more than 0, --delay, --retries and --drain 0 or more")
	}
	if err := checkSites(c, p.guard != nil); err != nil {
		return nil, usagef(cmd, "%w", err)
	}
	if err := checkBrowser(ctx, cmd.String("browser")); err != nil {
		return nil, err
	}
	if p.db, err = openDatabase(ctx, cmd, c); err != nil {
		return nil, err
	}
	opens := &opener{browserPath: cmd.String("browser"), guard: p.guard, db: p.db, command: commandLine(cmd), log: p.log}
	p.options.Open, p.options.PruneEvidence = opens.open, p.pruneEvidence
	alerter, err := newAlerter(p.db, c.Alerts)
	if err != nil {
		return nil, errors.Join(usagef(cmd, "%w", err), p.db.Close())
	}
	if alerter != nil {
		p.options.Alerts = alerter
	}
	return p, nil
}

// configOf reads the configuration of --config, or the usual file where there is
// one; else everything is as by default.
func configOf(cmd *cli.Command) (*config.Config, error) {
	name := cmd.String("config")
	if name == "" {
		if _, err := os.Stat(defaultConfig); errors.Is(err, fs.ErrNotExist) {
			return config.Read(defaultConfig, nil, nil)
		}
		name = defaultConfig
	}
	c, err := readConfig(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef(cmd, "--config: %w", err)
	}
	return c, err
}

// openDatabase opens the database of --db, of the configuration or the usual one.
func openDatabase(ctx context.Context, cmd *cli.Command, c *config.Config) (*store.Store, error) {
	name := cmd.String("db")
	if !cmd.IsSet("db") && c.Database != "" {
		name = c.Database
	}
	// Part of an address is escaped, a whole one is as it is.
	escape := url.QueryEscape
	if strings.HasPrefix(name, "env:") || strings.HasPrefix(name, "${") {
		escape = asItIs
	}
	if strings.HasPrefix(name, "env:") {
		name = "${ENV:" + strings.TrimPrefix(name, "env:") + "}"
	}
	dsn, _, err := expand(name, escape)
	if err != nil {
		return nil, usagef(cmd, "database: %w", err)
	}
	return store.Open(ctx, dsn)
}

// checkSites reads what the options of sites name, secrets too, so that what is
// missing is said now and not in the middle of a night.
func checkSites(c *config.Config, guarded bool) error {
	var last *config.Options
	for i := range c.Sites {
		o := &c.Sites[i].Options
		if last != nil && reflect.DeepEqual(*last, *o) {
			continue
		}
		last = o
		made, err := crawlOf(*o)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Sites[i].URL, err)
		}
		if guarded && made.Start.Proxy != nil {
			return fmt.Errorf("%s: a proxy connects by itself, so that nothing can keep scans away from private networks: say allow_private: true, or leave the proxy out", c.Sites[i].URL)
		}
		if o.Evidence != "" {
			if _, what, err := bundleOptions(o.Evidence, o.EvidenceKey, o.TimestampURL); err != nil {
				return fmt.Errorf("%s: %s: %w", c.Sites[i].URL, what, err)
			}
		}
		if _, _, err := engineFor(*o); err != nil {
			return fmt.Errorf("%s: %w", c.Sites[i].URL, err)
		}
	}
	return nil
}

// checkBrowser starts the browser once.
func checkBrowser(ctx context.Context, path string) error {
	c, err := crawler.New(ctx, crawler.Config{BrowserPath: path})
	if err != nil {
		return err
	}
	if _, err = c.Check(ctx); err != nil {
		err = fmt.Errorf("%w (cookieaudit doctor says what this machine lacks)", err)
	}
	return errors.Join(err, c.Close())
}

func logOf(cmd *cli.Command, w io.Writer) (*slog.Logger, error) {
	formats := []string{"json", "text"}
	format := cmd.String("log")
	if err := oneOf(cmd, "log", format, formats); err != nil {
		return nil, err
	}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil)), nil
	}
	return slog.New(slog.NewTextHandler(w, nil)), nil
}

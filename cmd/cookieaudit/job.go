package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/machine"
	"cookieaudit/cmd/cookieaudit/internal/pipeline"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// A job scans a list of sites into a database.
type job struct {
	config   crawler.Config
	sites    []evidence.Site
	db       string
	failOn   audit.Severity
	parallel int
	gate     *machine.Gate
	quiet    bool
	stderr   io.Writer
	command  string   // for hints
	bundler  *bundler // nil where no bundles are asked for
}

func parallelFlag() cli.Flag {
	return &cli.IntFlag{
		Name: "parallel", Value: 2 * machine.Cores(), DefaultText: "as many as the machine has room for",
		Usage: "scan `N` sites at once, or fewer while memory is short",
	}
}

// gate holds scans back while the machine has no room for them. Three visits keep
// a core busy where the site is quick; where it is slow there is time for more,
// unless the user has said how many.
func gate(parallel int, said bool) *machine.Gate {
	if said {
		return machine.NewGate(parallel)
	}
	return machine.NewGate(machine.Cores())
}

// newJob reads the flags that scan and demo share.
func newJob(cmd *cli.Command) (*job, error) {
	j := &job{parallel: cmd.Int("parallel"), gate: gate(cmd.Int("parallel"), cmd.IsSet("parallel")), quiet: cmd.Bool("quiet"), stderr: cmd.Root().ErrWriter, command: cmd.FullName()}
	if j.parallel < 1 {
		return nil, usagef(cmd, "--parallel %d: at least 1 site at a time", j.parallel)
	}
	return j, nil
}

// run scans the sites and hands the reports to emit in the order of the sites.
// What would make all of it useless is found out first: a wrong rule, a database
// that cannot be written, a browser that cannot show what a site sets.
func (j *job) run(ctx context.Context, engine *audit.Engine, emit func(*report.Report) error) (t tally, err error) {
	t.failOn = j.failOn
	if j.bundler != nil {
		j.config.Capture = j.bundler.capture
	}
	p := newProgress(j.stderr, len(j.sites), j.quiet)
	defer p.close()
	j.config.Progress = p.event
	c, err := crawler.New(ctx, j.config)
	if err != nil {
		return t, &usageError{err, j.command}
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	db, err := store.Open(ctx, j.db)
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	suppressions, err := decided(ctx, db)
	if err != nil {
		return t, err
	}
	engine.Suppressions = append(engine.Suppressions, suppressions...)
	if _, err := c.Check(ctx); err != nil {
		return t, fmt.Errorf("%w (cookieaudit doctor says what this machine lacks)", err)
	}
	line := pipeline.Pipeline{Crawler: c, Auditor: engine, Recorder: db, Library: db, Gate: j.gate}
	if j.bundler != nil {
		j.bundler.db, line.Recorder = db, j.bundler
	}
	err = j.each(ctx, &line, func(r pipeline.Result) error {
		rep := t.take(r)
		if rep != nil && r.Err == nil {
			if err := comparePolicies(context.WithoutCancel(ctx), db, r.Scan, rep); err != nil {
				return err
			}
		}
		return p.finished(rep, r.Err, emit)
	})
	return t, err
}

// each runs the sites through the pipeline until done fails. An interruption is
// no error here: the tally says what was not reached.
func (j *job) each(ctx context.Context, line *pipeline.Pipeline, done func(pipeline.Result) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var failure error
	err := line.RunAll(ctx, j.sites, j.parallel, func(r pipeline.Result) {
		if failure == nil {
			if failure = done(r); failure != nil {
				cancel(failure)
			}
		}
	})
	if failure != nil {
		return failure
	}
	if errors.Is(err, errInterrupted) {
		return nil
	}
	return err
}

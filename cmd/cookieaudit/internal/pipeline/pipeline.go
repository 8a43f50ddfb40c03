// Package pipeline takes one site from start to finish: crawl, audit, record.
// Every way of scanning, a single command or a fleet of workers, runs it.
package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A Crawler visits a site. A site that cannot be reached is a scan whose
// outcome says so, not an error; an error means that the tool itself could not
// work. When the context ends in mid-scan the crawler returns what it has seen.
type Crawler interface {
	Scan(ctx context.Context, site evidence.Site) (*evidence.Scan, error)
}

// An Auditor judges a scan.
type Auditor interface {
	Judge(*evidence.Scan) *audit.Judgement
}

// A Recorder keeps a scan and its judgement, both or neither. The judgement is
// nil where the scan could not be audited.
type Recorder interface {
	Save(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error
}

// A Library knows what other sites declare of the names that a scan's policies
// declare.
type Library interface {
	Corpus(ctx context.Context, scan *evidence.Scan) (*evidence.Corpus, error)
}

// A Gate lets a scan begin when the machine has room for it, or when the context
// ends. leave is called when the scan is done.
type Gate interface {
	Enter(ctx context.Context) (leave func())
}

// DefaultSaveTimeout is long for a write of less than a second, because other
// programs may be writing to the same database.
const DefaultSaveTimeout = 30 * time.Second

// ErrNotScanned says that a site was not looked at, because the context had
// ended before its turn.
var ErrNotScanned = errors.New("not scanned")

var errSaveTimeout = errors.New("the record was not saved in time")

// A Pipeline scans sites. The first three fields are required.
type Pipeline struct {
	Crawler  Crawler
	Auditor  Auditor
	Recorder Recorder
	// Library compares a scan with other sites; nil for none.
	Library Library
	// Gate holds scans back; nil for none.
	Gate Gate
	// SaveTimeout is how long saving one record may take; 0 means
	// DefaultSaveTimeout.
	SaveTimeout time.Duration
}

// A Result is what came of one site.
type Result struct {
	Site evidence.Site
	// Scan is nil where the site was not looked at, Judgement where the scan
	// could not be audited.
	Scan      *evidence.Scan
	Judgement *audit.Judgement
	// Recorded is true once the record is kept.
	Recorded bool
	// Err holds every failure of the tool itself. A scan may be there all the
	// same: one that was seen but could not be audited or saved.
	Err error
}

// A PanicError is a defect of the program that showed itself in one site.
type PanicError struct {
	Doing string
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("%s: panic: %v", e.Doing, e.Value) }

// Run takes one site from start to finish. When the context ends in mid-scan,
// what was seen until then is still audited and saved.
func (p *Pipeline) Run(ctx context.Context, site evidence.Site) Result {
	r := Result{Site: site}
	if p.Gate != nil {
		defer p.Gate.Enter(ctx)()
	}
	if ctx.Err() != nil {
		r.Err = fmt.Errorf("%s: %w: %w", site.URL, ErrNotScanned, context.Cause(ctx))
		return r
	}
	var errs []error
	step := func(doing string, f func() error) bool {
		err := protect(doing, f)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", site.URL, err))
		}
		return err == nil
	}
	step("crawl", func() (err error) {
		r.Scan, err = p.Crawler.Scan(ctx, site)
		if r.Scan == nil && err == nil {
			err = errors.New("the crawler returned no scan")
		}
		return err
	})
	if r.Scan != nil {
		if p.Library != nil {
			step("look at other sites", func() (err error) {
				// What was seen until an interruption is compared as well.
				r.Scan.Corpus, err = p.Library.Corpus(context.WithoutCancel(ctx), r.Scan)
				return err
			})
		}
		step("audit", func() error {
			r.Judgement = p.Auditor.Judge(r.Scan)
			return nil
		})
		r.Recorded = step("save", func() error { return p.save(ctx, r.Scan, r.Judgement) })
	}
	r.Err = errors.Join(errs...)
	return r
}

// save outlives the context of the scan: what was seen before somebody pressed
// Ctrl-C is evidence too.
func (p *Pipeline) save(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	timeout := cmp.Or(p.SaveTimeout, DefaultSaveTimeout)
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), timeout, errSaveTimeout)
	defer cancel()
	err := p.Recorder.Save(ctx, scan, j)
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	return err
}

// protect runs one step of one site and turns a panic into its error. A sweep
// of many sites meets pages that nobody thought of; a defect that one of them
// brings to light must not cost the records of the others.
func protect(doing string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Doing: doing, Value: v, Stack: debug.Stack()}
		}
	}()
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

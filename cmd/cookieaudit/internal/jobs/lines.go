package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/pipeline"
	"cookieaudit/crawler/evidence"
)

// A Line is what scans and judges sites with the same options.
type Line struct {
	pipeline.Crawler
	pipeline.Auditor
	Evidence Evidence // nil where none is kept
	Close    func() error
}

// Evidence keeps what stands behind the record of a scan.
type Evidence interface {
	// Keep is called before the record is stored: there is no record whose
	// evidence a crash has taken.
	Keep(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error
	// Drop forgets what was heard in a scan.
	Drop(scan *evidence.Scan)
}

// maxIdleLines is how many lines are kept that no scan uses. Each has a browser.
const maxIdleLines = 2

// lines are opened when they are first needed and kept as long as they are used.
type lines struct {
	open func(context.Context, config.Options) (Line, error)

	mu   sync.Mutex
	all  map[string]*usedLine // by digest
	idle []string             // the longest unused first
}

type usedLine struct {
	Line
	users int
}

// get returns the line of a digest; done is called once it is no longer used.
func (l *lines) get(ctx context.Context, db querier, digest string) (line Line, done func() error, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u, ok := l.all[digest]
	if !ok {
		o, err := loadOptions(ctx, db, digest)
		if err != nil {
			return Line{}, nil, err
		}
		opened, err := l.open(ctx, o)
		if err != nil {
			return Line{}, nil, fmt.Errorf("prepare the scan: %w", err)
		}
		u = &usedLine{Line: opened}
		l.all[digest] = u
	}
	u.users++
	l.unlist(digest)
	return u.Line, func() error { return l.put(digest) }, nil
}

func (l *lines) unlist(digest string) {
	for i, d := range l.idle {
		if d == digest {
			l.idle = append(l.idle[:i], l.idle[i+1:]...)
			return
		}
	}
}

func (l *lines) put(digest string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.all[digest]
	if u.users--; u.users > 0 {
		return nil
	}
	l.idle = append(l.idle, digest)
	if len(l.idle) <= maxIdleLines {
		return nil
	}
	oldest := l.idle[0]
	l.idle = l.idle[1:]
	closing := l.all[oldest]
	delete(l.all, oldest)
	return closing.Close()
}

// close closes the lines; no scan may use one.
func (l *lines) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for _, u := range l.all {
		errs = append(errs, u.Close())
	}
	l.all, l.idle = map[string]*usedLine{}, nil
	return errors.Join(errs...)
}

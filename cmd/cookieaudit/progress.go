package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"cookieaudit/crawler"
	"cookieaudit/report"
)

// A progress tells on stderr how far a scan is: a line that is drawn anew on a
// terminal, else one log line per finished site.
type progress struct {
	stderr io.Writer
	log    *slog.Logger
	bar    *progressbar.ProgressBar // nil where stderr is no terminal
	now    func() time.Time

	mu      sync.Mutex
	started time.Time
	total   int
	latest  crawler.Event

	drawing sync.Mutex // held while the terminal's line is written

	stop, stopped chan struct{}
}

// redraw is short enough for the seconds to be seen running.
const redraw = 200 * time.Millisecond

func newProgress(stderr io.Writer, total int, quiet bool) *progress {
	p := &progress{
		stderr: stderr, log: slog.New(slog.DiscardHandler), now: time.Now, total: total,
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	p.started = p.now()
	switch {
	case quiet:
	case isTerminal(stderr):
		p.bar = newBar(stderr, total)
	default:
		p.log = slog.New(slog.NewTextHandler(stderr, nil))
	}
	go p.run()
	return p
}

func newBar(w io.Writer, total int) *progressbar.ProgressBar {
	// One site has no rate to predict from, so its line has no bar.
	opts := []progressbar.Option{
		progressbar.OptionSetWriter(w), progressbar.OptionClearOnFinish(), progressbar.OptionUseANSICodes(true),
		progressbar.OptionSetElapsedTime(true), progressbar.OptionShowDescriptionAtLineEnd(),
	}
	if total == 1 {
		return progressbar.NewOptions(-1, append(opts, progressbar.OptionSpinnerType(14))...)
	}
	return progressbar.NewOptions(total, append(opts,
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionSetWidth(20))...)
}

// run redraws the line until close.
func (p *progress) run() {
	defer close(p.stopped)
	if p.bar == nil {
		return
	}
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-tick.C:
			p.draw()
		}
	}
}

func (p *progress) draw() {
	p.drawing.Lock()
	defer p.drawing.Unlock()
	p.bar.Describe(p.line())
	_ = p.bar.Add(0) // a terminal that went away is no reason to stop a scan
}

// aside runs write, which prints, with the line out of its way: stdout is often
// the same terminal.
func (p *progress) aside(write func() error) error {
	if p.bar == nil {
		return write()
	}
	p.drawing.Lock()
	defer p.drawing.Unlock()
	_ = p.bar.Clear()
	return write()
}

// event takes what the crawler tells; it is called from several goroutines.
func (p *progress) event(e crawler.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latest = e
}

func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.latest
	if e.Site.Host == "" {
		return "starting the browser"
	}
	if e.Phase == "" {
		return printable(fmt.Sprintf("%s: %s", e.Site.Host, e.Stage))
	}
	return printable(fmt.Sprintf("%s, %s: %s", e.Site.Host, e.Phase, e.Stage))
}

// finished reports one site as done; r is nil where there is nothing to show,
// else emit writes it.
func (p *progress) finished(r *report.Report, err error, emit func(*report.Report) error) error {
	if p.bar != nil && p.total > 1 {
		_ = p.bar.Add(1)
	}
	return p.aside(func() error {
		if err != nil {
			fmt.Fprintln(p.stderr, "cookieaudit:", printable(err.Error()))
		}
		if r == nil {
			return nil
		}
		p.log.Info("site finished", "site", r.Scan.Site.URL, "outcome", r.Scan.Outcome,
			"violations", r.ViolationTotal(), "elapsed", p.now().Sub(p.started).Round(100*time.Millisecond))
		return emit(r)
	})
}

// close removes the line and waits for the redrawing to end.
func (p *progress) close() {
	close(p.stop)
	<-p.stopped
	if p.bar != nil {
		_ = p.bar.Finish()
		_ = p.bar.Clear()
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

type crawlerFunc func(context.Context, evidence.Site) (*evidence.Scan, error)

func (f crawlerFunc) Scan(ctx context.Context, site evidence.Site) (*evidence.Scan, error) {
	return f(ctx, site)
}

type auditorFunc func(*evidence.Scan) *audit.Judgement

func (f auditorFunc) Judge(s *evidence.Scan) *audit.Judgement { return f(s) }

type recorderFunc func(context.Context, *evidence.Scan, *audit.Judgement) error

func (f recorderFunc) Save(ctx context.Context, s *evidence.Scan, j *audit.Judgement) error {
	return f(ctx, s, j)
}

// memory records in memory.
type memory struct {
	mu   sync.Mutex
	kept map[string]*audit.Judgement
}

func newMemory() *memory { return &memory{kept: map[string]*audit.Judgement{}} }

func (m *memory) Save(_ context.Context, s *evidence.Scan, j *audit.Judgement) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[s.ID] = j
	return nil
}

func (m *memory) ids() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []string
	for id := range m.kept {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func site(name string) evidence.Site {
	return evidence.Site{URL: "https://" + name + "/", Host: name, Domain: name}
}

func sites(n int) []evidence.Site {
	var list []evidence.Site
	for i := range n {
		list = append(list, site(fmt.Sprintf("s%02d.test", i)))
	}
	return list
}

func scanOf(s evidence.Site, o evidence.Outcome) *evidence.Scan {
	return &evidence.Scan{ID: "id-" + s.Host, Site: s, Outcome: o}
}

func complete(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
	return scanOf(s, evidence.Complete), nil
}

func noFindings(*evidence.Scan) *audit.Judgement {
	return &audit.Judgement{Findings: []audit.Finding{}}
}

func TestRun(t *testing.T) {
	t.Parallel()
	errBrowser, errDisk := errors.New("no browser"), errors.New("disk full")
	target := site("a.test")
	tests := []struct {
		name     string
		crawl    crawlerFunc
		audit    auditorFunc
		save     error
		scanned  bool
		judged   bool
		recorded bool
		errs     []string // all of them are part of the error; none: no error
	}{
		{name: "everything works", crawl: complete, audit: noFindings, scanned: true, judged: true, recorded: true},
		{
			name: "an unavailable site is a record, not an error",
			crawl: func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
				return scanOf(s, evidence.Unavailable), nil
			},
			audit: noFindings, scanned: true, judged: true, recorded: true,
		},
		{
			name:  "the browser does not start",
			crawl: func(context.Context, evidence.Site) (*evidence.Scan, error) { return nil, errBrowser },
			audit: noFindings, errs: []string{"https://a.test/: crawl: no browser"},
		},
		{
			name: "the browser dies and leaves a part",
			crawl: func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
				return scanOf(s, evidence.Partial), errBrowser
			},
			audit: noFindings, scanned: true, judged: true, recorded: true, errs: []string{"crawl: no browser"},
		},
		{
			name:  "a crawler that returns nothing",
			crawl: func(context.Context, evidence.Site) (*evidence.Scan, error) { return nil, nil },
			audit: noFindings, errs: []string{"returned no scan"},
		},
		{
			name: "a record that cannot be saved is still returned", crawl: complete, audit: noFindings, save: errDisk,
			scanned: true, judged: true, errs: []string{"https://a.test/: save: disk full"},
		},
		{
			name: "a scan that cannot be audited is still kept", crawl: complete,
			audit:   func(*evidence.Scan) *audit.Judgement { panic("rule 7") },
			scanned: true, recorded: true, errs: []string{"audit: panic: rule 7"},
		},
		{
			name:  "a crawler that panics",
			crawl: func(context.Context, evidence.Site) (*evidence.Scan, error) { panic("page 3") },
			audit: noFindings, errs: []string{"crawl: panic: page 3"},
		},
		{
			name: "every failure is told", crawl: complete, save: errDisk,
			audit:   func(*evidence.Scan) *audit.Judgement { panic("rule 7") },
			scanned: true, errs: []string{"panic: rule 7", "disk full"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			kept := 0
			p := &Pipeline{Crawler: test.crawl, Auditor: test.audit, Recorder: recorderFunc(
				func(context.Context, *evidence.Scan, *audit.Judgement) error {
					if test.save == nil {
						kept++
					}
					return test.save
				})}
			r := p.Run(t.Context(), target)
			if r.Site != target {
				t.Errorf("site %v, want %v", r.Site, target)
			}
			if (r.Scan != nil) != test.scanned || (r.Judgement != nil) != test.judged || r.Recorded != test.recorded {
				t.Errorf("scanned %v, judged %v, recorded %v; want %v, %v, %v",
					r.Scan != nil, r.Judgement != nil, r.Recorded, test.scanned, test.judged, test.recorded)
			}
			if (kept == 1) != test.recorded {
				t.Errorf("%d records kept, recorded is %v", kept, r.Recorded)
			}
			if (r.Err != nil) != (len(test.errs) > 0) {
				t.Fatalf("error %v, want one with %q", r.Err, test.errs)
			}
			for _, want := range test.errs {
				if !strings.Contains(r.Err.Error(), want) {
					t.Errorf("error %q lacks %q", r.Err, want)
				}
			}
		})
	}
}

func TestPanicKeepsItsStack(t *testing.T) {
	t.Parallel()
	p := &Pipeline{Crawler: crawlerFunc(complete), Recorder: newMemory(), Auditor: auditorFunc(panicHere)}
	var e *PanicError
	if r := p.Run(t.Context(), site("a.test")); !errors.As(r.Err, &e) {
		t.Fatalf("error %v, want a PanicError", r.Err)
	}
	if !strings.Contains(string(e.Stack), "panicHere") {
		t.Errorf("the stack does not name the function that panicked:\n%s", e.Stack)
	}
}

func panicHere(*evidence.Scan) *audit.Judgement { panic("defect") }

func TestCancelledInMidScanIsSaved(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var saved evidence.Outcome
	p := &Pipeline{
		Crawler: crawlerFunc(func(ctx context.Context, s evidence.Site) (*evidence.Scan, error) {
			cancel() // somebody presses Ctrl-C now
			<-ctx.Done()
			return scanOf(s, evidence.Partial), nil
		}),
		Auditor: auditorFunc(noFindings),
		Recorder: recorderFunc(func(ctx context.Context, s *evidence.Scan, _ *audit.Judgement) error {
			if _, limited := ctx.Deadline(); !limited {
				t.Error("saving has no time limit")
			}
			saved = s.Outcome
			return ctx.Err()
		}),
	}
	r := p.Run(ctx, site("a.test"))
	if !r.Recorded || r.Err != nil || saved != evidence.Partial {
		t.Errorf("recorded %v, error %v, saved outcome %q; want the partial scan saved", r.Recorded, r.Err, saved)
	}
}

func TestSaveThatHangsEnds(t *testing.T) {
	t.Parallel()
	p := &Pipeline{
		Crawler: crawlerFunc(complete), Auditor: auditorFunc(noFindings), SaveTimeout: time.Millisecond,
		Recorder: recorderFunc(func(ctx context.Context, _ *evidence.Scan, _ *audit.Judgement) error {
			<-ctx.Done()
			return ctx.Err()
		}),
	}
	r := p.Run(t.Context(), site("a.test"))
	if r.Recorded || !errors.Is(r.Err, errSaveTimeout) || r.Scan == nil {
		t.Errorf("recorded %v, error %v, scan %v", r.Recorded, r.Err, r.Scan)
	}
}

// gate lets scans end in an order that the test decides.
type gate map[string]chan struct{}

func newGate(list []evidence.Site) gate {
	g := gate{}
	for _, s := range list {
		g[s.Host] = make(chan struct{})
	}
	return g
}

func (g gate) Scan(ctx context.Context, s evidence.Site) (*evidence.Scan, error) {
	<-g[s.Host]
	return complete(ctx, s)
}

func TestResultsComeInTheOrderOfTheSites(t *testing.T) {
	t.Parallel()
	list := sites(4)
	g, m := newGate(list), newMemory()
	p := &Pipeline{Crawler: g, Auditor: auditorFunc(noFindings), Recorder: m}
	var got []string
	handed := make(chan string, len(list))
	ended := make(chan error)
	go func() {
		ended <- p.RunAll(t.Context(), list, len(list), func(r Result) { handed <- r.Site.Host })
	}()
	for _, i := range []int{3, 1, 0, 2} { // they end in this order
		close(g[list[i].Host])
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	close(handed)
	for host := range handed {
		got = append(got, host)
	}
	if diff := cmp.Diff([]string{"s00.test", "s01.test", "s02.test", "s03.test"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if n := len(m.ids()); n != len(list) {
		t.Errorf("%d records, want %d", n, len(list))
	}
}

// A result is handed on at once when those before it are there: the second
// site here ends only after the first one's result has come.
func TestResultsDoNotWaitForThoseBehind(t *testing.T) {
	t.Parallel()
	list := sites(2)
	g := newGate(list)
	p := &Pipeline{Crawler: g, Auditor: auditorFunc(noFindings), Recorder: newMemory()}
	n := 0
	close(g[list[0].Host])
	err := p.RunAll(t.Context(), list, 2, func(r Result) {
		if n++; r.Site == list[0] {
			close(g[list[1].Host])
		}
	})
	if err != nil || n != 2 {
		t.Errorf("%d results, error %v", n, err)
	}
}

func TestRunAllKeepsTheLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ parallel, most int }{{parallel: -1, most: 1}, {parallel: 0, most: 1}, {parallel: 3, most: 3}} {
		var mu sync.Mutex
		now, most := 0, 0
		full := make(chan struct{})
		p := &Pipeline{
			Crawler: crawlerFunc(func(ctx context.Context, s evidence.Site) (*evidence.Scan, error) {
				mu.Lock()
				now++
				if now > most {
					most = now
					if most == test.most {
						close(full)
					}
				}
				mu.Unlock()
				<-full // until as many run as may
				mu.Lock()
				now--
				mu.Unlock()
				return complete(ctx, s)
			}),
			Auditor: auditorFunc(noFindings), Recorder: newMemory(),
		}
		if err := p.RunAll(t.Context(), sites(12), test.parallel, func(Result) {}); err != nil {
			t.Fatal(err)
		}
		if most != test.most {
			t.Errorf("parallel %d: %d ran at once, want %d", test.parallel, most, test.most)
		}
	}
}

func TestOneFailureDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	list, m := sites(6), newMemory()
	p := &Pipeline{
		Crawler: crawlerFunc(func(ctx context.Context, s evidence.Site) (*evidence.Scan, error) {
			switch s.Host {
			case "s01.test":
				return nil, errors.New("no browser")
			case "s02.test":
				panic("page 3")
			}
			return complete(ctx, s)
		}),
		Auditor: auditorFunc(func(s *evidence.Scan) *audit.Judgement {
			if s.Site.Host == "s03.test" {
				panic("rule 7")
			}
			return noFindings(s)
		}),
		Recorder: m,
	}
	var failed []string
	err := p.RunAll(t.Context(), list, 2, func(r Result) {
		if r.Err != nil {
			failed = append(failed, r.Site.Host)
		}
	})
	if err != nil {
		t.Errorf("error %v; failures belong to the results", err)
	}
	if diff := cmp.Diff([]string{"s01.test", "s02.test", "s03.test"}, failed); diff != "" {
		t.Errorf("failed sites (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"id-s00.test", "id-s03.test", "id-s04.test", "id-s05.test"}, m.ids()); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func TestCancelKeepsWhatBeganAndReportsTheRest(t *testing.T) {
	t.Parallel()
	errSignal := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	list, m := sites(20), newMemory()
	p := &Pipeline{
		Crawler: crawlerFunc(func(ctx context.Context, s evidence.Site) (*evidence.Scan, error) {
			if s.Host == "s03.test" {
				cancel(errSignal)
			}
			if s.Host >= "s03.test" {
				<-ctx.Done()
				return scanOf(s, evidence.Partial), nil
			}
			return complete(ctx, s)
		}),
		Auditor: auditorFunc(noFindings), Recorder: m,
	}
	var got []evidence.Site
	recorded, not := 0, 0
	err := p.RunAll(ctx, list, 2, func(r Result) {
		got = append(got, r.Site)
		switch {
		case r.Recorded && r.Err == nil:
			recorded++
		case r.Scan == nil && errors.Is(r.Err, ErrNotScanned) && errors.Is(r.Err, errSignal):
			not++
		default:
			t.Errorf("%s: recorded %v, error %v", r.Site.Host, r.Recorded, r.Err)
		}
	})
	if !errors.Is(err, errSignal) {
		t.Errorf("error %v, want the cause", err)
	}
	if diff := cmp.Diff(list, got); diff != "" {
		t.Errorf("sites (-want +got):\n%s", diff)
	}
	// With two at once, the one beside s03 is an earlier one that may not have
	// begun, or s04.
	if recorded < 3 || recorded > 5 || recorded+not != len(list) || len(m.ids()) != recorded {
		t.Errorf("%d recorded, %d not scanned, %d records of %d sites", recorded, not, len(m.ids()), len(list))
	}
}

func TestRunAllWithoutSites(t *testing.T) {
	t.Parallel()
	p := &Pipeline{}
	if err := p.RunAll(t.Context(), nil, 2, func(Result) { t.Error("a result of no site") }); err != nil {
		t.Error(err)
	}
}

package jobs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/crawler/evidence"
)

func TestMain(m *testing.M) {
	if os.Getenv(workerEnv) != "" {
		os.Exit(workerProcess())
	}
	os.Exit(postgrestest.Main(m))
}

// onBoth runs a test on a file and on a server; dsn is a new, empty database.
func onBoth(t *testing.T, f func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, filepath.Join(t.TempDir(), "q.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, postgrestest.URL(t))
	})
}

func openStore(t *testing.T, dsn string) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// A crawl is what stands for a crawler.
type crawl func(ctx context.Context, site evidence.Site) (*evidence.Scan, error)

func (c crawl) Scan(ctx context.Context, site evidence.Site) (*evidence.Scan, error) {
	return c(ctx, site)
}

// seen is the scan of a site at which nothing was found.
func seen(site evidence.Site) *evidence.Scan {
	now := time.Now().UTC()
	return &evidence.Scan{
		ID: evidence.NewScanID(now), Site: site, Started: now, Finished: now, Profile: "eu", Settle: "virtual", Outcome: evidence.Complete,
		Cookies: []evidence.Cookie{}, Storage: []evidence.StorageItem{}, Requests: []evidence.Request{},
	}
}

type judge struct{}

func (judge) Judge(*evidence.Scan) *audit.Judgement {
	return &audit.Judgement{Findings: []audit.Finding{}}
}

// opener opens lines with one crawler.
func opener(c crawl) func(context.Context, config.Options) (Line, error) {
	return func(context.Context, config.Options) (Line, error) {
		return Line{Crawler: c, Auditor: judge{}, Close: func() error { return nil }}, nil
	}
}

// quick are the options of tests, in which nothing waits long.
func quick(c crawl) Options {
	return Options{
		Parallel: 2, Open: opener(c), Retries: 2, RetryWait: time.Millisecond, SiteTimeout: 20 * time.Second,
		Poll: 20 * time.Millisecond, TickEvery: time.Hour, Drain: 5 * time.Second,
	}
}

func openQueue(t *testing.T, db *store.Store, o Options) *Queue {
	t.Helper()
	q, err := Open(t.Context(), db, o)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// start runs a queue; stop ends it and waits.
func start(t *testing.T, q *Queue) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// patience is how long a test waits for what must come.
const patience = 60 * time.Second

// eventually waits for a condition.
func eventually(t testing.TB, what string, is func() (bool, error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var last error
	for {
		ok, err := is()
		if ok && err == nil {
			return
		}
		last = err
		select {
		case <-ctx.Done():
			t.Fatalf("%s: not after %s; last error: %v", what, patience, last)
		case <-tick.C:
		}
	}
}

func batchDone(t testing.TB, q *Queue, name string) {
	t.Helper()
	eventually(t, "batch "+name+" is done", func() (bool, error) {
		p, err := q.Progress(t.Context(), name)
		return p.Total > 0 && p.Done >= p.Total, err
	})
}

func sites(n int) []evidence.Site {
	out := make([]evidence.Site, n)
	for i := range out {
		out[i] = site(fmt.Sprintf("s%d.example", i))
	}
	return out
}

func site(host string) evidence.Site {
	return evidence.Site{URL: "https://" + host + "/", Host: host, Domain: host}
}

// recorded counts the scans in the database by site.
func recorded(t testing.TB, db *store.Store) map[string]int {
	t.Helper()
	entries, err := db.History(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, e := range entries {
		out[e.Site.URL]++
	}
	return out
}

// wantEachOnce fails unless each site is recorded once, and each run has its
// scan.
func wantEachOnce(t testing.TB, db *store.Store, want []evidence.Site) {
	t.Helper()
	got := recorded(t, db)
	for _, s := range want {
		if got[s.URL] != 1 {
			t.Errorf("%s is recorded %d times", s.URL, got[s.URL])
		}
	}
	var runs int
	err := db.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM runs r JOIN scans s ON s.id = r.scan AND s.url = r.url`).Scan(&runs)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) || runs != len(want) {
		t.Errorf("%d sites are recorded in %d runs, want %d", len(got), runs, len(want))
	}
}

var errBroken = errors.New("the browser ended")

package crawler

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

var kinds = []string{"chromium-headless-shell", "chromium"}

// everything is for a change of what starts or drives a browser, or of how banners
// are found; without it the large corpora run in part: every third case in the
// headless shell and every twelfth in full Chromium, which is several times slower.
var everything = flag.Bool("everything", false, "run every case of the large corpora in both browsers")

// chosen reports whether the nth case of a large corpus is run in a browser.
func chosen(kind string, n int) bool { return *everything || n%12 == 0 || kind == kinds[0] && n%3 == 0 }

// TestMain fails when a process or a profile folder is left behind.
func TestMain(m *testing.M) {
	tmp, done, err := fixtures.OwnTemp()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	left := processes(tmp)
	for tick, n := time.NewTicker(100*time.Millisecond), 0; len(left) > 0 && n < 50; n++ {
		<-tick.C // what was killed takes a moment to be gone
		left = processes(tmp)
	}
	if len(left) > 0 {
		fmt.Fprintln(os.Stderr, "left running:", left)
		code = 1
	}
	if err := done(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// processes lists what runs with a folder on its command line, where /proc tells.
func processes(folder string) []string {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var left []string
	for _, name := range lines {
		line, err := os.ReadFile(name)
		if err == nil && bytes.Contains(line, []byte(folder+"/")) { // one that has just ended has none
			left = append(left, name)
		}
	}
	return left
}

func serve(t *testing.T) *fixtures.Server {
	t.Helper()
	return serveWith(t, fixtures.Options{})
}

func serveWith(t *testing.T, o fixtures.Options) *fixtures.Server {
	t.Helper()
	server, err := fixtures.Serve(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func crawl(t *testing.T, server *fixtures.Server, kind string, change func(*Config)) *Crawler {
	t.Helper()
	if _, err := exec.LookPath(kind); err != nil {
		t.Skipf("%s is not installed", kind)
	}
	config := Config{BrowserPath: kind, Insecure: true, Resolve: server.Resolve(), Offline: true, Names: server.Names(), Pages: 2}
	if change != nil {
		change(&config)
	}
	c, err := New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func site(t *testing.T, address string) evidence.Site {
	t.Helper()
	s, err := discover.ParseSite(address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What keeps a site from being looked at is recorded with its reason, for every
// phase, and a policy that was not looked for is not "not found".
func TestSitesThatCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	server := serve(t)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, nil)
			hasty := crawl(t, server, kind, func(c *Config) { c.PageTimeout = 8 * time.Second })
			untrusting := crawl(t, server, kind, func(c *Config) { c.Insecure = false })
			for _, tc := range []struct {
				host    string
				crawler *Crawler
				outcome evidence.Outcome
				why     string
			}{
				{fixtures.Unresolved, c, evidence.Unavailable, "does not resolve"},
				{fixtures.Refused, c, evidence.Unavailable, "refused"},
				{fixtures.BadTLS, c, evidence.Unavailable, "TLS failed"},
				{"www.clean.test", untrusting, evidence.Unavailable, "certificate"},
				{fixtures.HTTP500, c, evidence.Unavailable, "HTTP 500"},
				{fixtures.Loop, c, evidence.Unavailable, "TOO_MANY_REDIRECTS"},
				{fixtures.Empty, c, evidence.Partial, "empty"},
				{fixtures.Hang, hasty, evidence.Partial, "not loaded"},
				{fixtures.Stall, hasty, evidence.Unavailable, "no answer within"},
				{fixtures.Download, c, evidence.Unavailable, "download"},
				{fixtures.Endless, c, evidence.Complete, ""},
			} {
				t.Run(tc.host, func(t *testing.T) {
					t.Parallel()
					scan, err := tc.crawler.Scan(t.Context(), site(t, "https://"+tc.host+"/"))
					if err != nil {
						t.Fatal(err)
					}
					for _, v := range scan.Visits {
						if v.Outcome != tc.outcome || !strings.Contains(v.Why, tc.why) {
							t.Errorf("%s: %s %q, want %s %q", v.Phase, v.Outcome, v.Why, tc.outcome, tc.why)
						}
					}
					if tc.outcome == evidence.Unavailable && scan.PolicySearch.Outcome != evidence.Unavailable {
						t.Errorf("policy search: %s", scan.PolicySearch.Outcome)
					}
					if scan.Outcome != tc.outcome {
						t.Errorf("scan: %s %q", scan.Outcome, scan.Why)
					}
				})
			}
		})
	}
}

// A browser that is killed is started again, and each phase that it took with it
// is visited once more.
func TestBrowserKilledOnce(t *testing.T) {
	t.Parallel()
	server := serve(t)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			var c *Crawler
			var kill sync.Once
			c = crawl(t, server, kind, func(conf *Config) {
				conf.Progress = func(e Event) {
					if e.Stage == "banner" {
						kill.Do(func() { killBrowser(t, c) })
					}
				}
			})
			scan, err := c.Scan(t.Context(), site(t, "https://www.clean.test/"))
			if err != nil {
				t.Fatal(err)
			}
			retried := 0
			for _, v := range scan.Visits {
				if v.Outcome != evidence.Complete {
					t.Errorf("%s: %s %q", v.Phase, v.Outcome, v.Why)
				}
				retried += v.Attempts - 1
			}
			if retried == 0 {
				t.Error("no phase was visited again")
			}
			if len(scan.Cookies) == 0 {
				t.Error("no cookie was seen")
			}
		})
	}
}

// A site at which the browser dies every time keeps what was seen, says so, and
// does not hold up the next one.
func TestBrowserKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	server := serve(t)
	var c *Crawler
	var spare atomic.Bool
	c = crawl(t, server, kinds[0], func(conf *Config) {
		conf.Progress = func(e Event) {
			if e.Stage == "banner" && !spare.Load() {
				killBrowser(t, c)
			}
		}
	})
	scan, err := c.Scan(t.Context(), site(t, "https://www.clean.test/"))
	if err != nil {
		t.Fatal(err)
	}
	if scan.Outcome == evidence.Complete || !strings.Contains(scan.Why, "browser died in each of 2 attempts") {
		t.Errorf("scan: %s %q", scan.Outcome, scan.Why)
	}
	if !slices.ContainsFunc(scan.Visits, func(v evidence.Visit) bool { return v.BrowserDied }) {
		t.Error("no visit says that its browser died")
	}
	spare.Store(true)
	scan, err = c.Scan(t.Context(), site(t, "https://www.clean.test/"))
	if err != nil {
		t.Fatal(err)
	}
	if scan.Outcome != evidence.Complete {
		t.Errorf("the scan after it: %s %q", scan.Outcome, scan.Why)
	}
}

// killBrowser kills the crawler's oldest browser, as the kernel would.
func killBrowser(t *testing.T, c *Crawler) {
	t.Helper()
	c.pool.mu.Lock()
	defer c.pool.mu.Unlock()
	i := slices.IndexFunc(c.pool.members, func(m *member) bool { return !m.gone() })
	if i < 0 {
		return
	}
	b := c.pool.members[i].b
	if err := syscall.Kill(b.PID(), syscall.SIGKILL); err != nil {
		t.Log(err) // it has died of the kill before
		return
	}
	<-b.Gone()
}

// A dead link to a policy is the site's own affair; a policy that the server
// keeps back is one that could not be looked at.
func TestPolicyLinksThatLeadNowhere(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]evidence.Outcome{
		http.StatusNotFound: evidence.Complete, http.StatusGone: evidence.Complete,
		http.StatusForbidden: evidence.Unavailable, http.StatusServiceUnavailable: evidence.Unavailable,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				fmt.Fprint(w, `<h1>Mill</h1><footer><a href="/cookie-policy">Cookie policy</a></footer>`)
			})
			mux.HandleFunc("/cookie-policy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
			server, err := fixtures.Serve(fixtures.Options{Handlers: map[string]http.Handler{"www.mill.test": mux}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			})
			scan, err := crawl(t, server, kinds[0], nil).Scan(t.Context(), site(t, "https://www.mill.test/"))
			if err != nil {
				t.Fatal(err)
			}
			if s := scan.PolicySearch; s.Found || s.Outcome != want {
				t.Errorf("search: %+v, want %s", s, want)
			}
		})
	}
}

// A scan that is stopped ends soon and keeps what was seen.
func TestScanIsStopped(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := crawl(t, serve(t), kinds[0], func(conf *Config) {
		conf.Progress = func(e Event) {
			if strings.HasPrefix(e.Stage, "page 2") {
				cancel()
			}
		}
	})
	scan, err := c.Scan(ctx, site(t, "https://www.civic.test/"))
	if err != nil {
		t.Fatal(err)
	}
	if scan.Outcome != evidence.Partial || !strings.Contains(scan.Why, "stopped") {
		t.Errorf("scan: %s %q", scan.Outcome, scan.Why)
	}
	if len(scan.Cookies) == 0 {
		t.Error("what was seen until then is lost")
	}
}

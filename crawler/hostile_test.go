package crawler

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
	"cookieaudit/fixtures/hostile"
)

const (
	// hostileTimeout is a page's time: short, so that the corpus costs little. What
	// a busy machine does not get done in it is tried again with patience.
	hostileTimeout = 5 * time.Second
	patience       = 4
	// hostileSlack is for what is no page's time: to open a tab, to read the jar
	// and to throw a context away.
	hostileSlack = 25 * time.Second
	// hostileParallel is how many sites are scanned at once in one browser.
	hostileParallel = 5
)

// Whatever a site does, its scan ends in time, keeps what was seen until then,
// says what was not seen, and leaves the browser fit for the next one.
func TestHostileSites(t *testing.T) {
	t.Parallel()
	eachHostile(t, func(s *hostile.Site) bool { return !s.Banner }, func(c *Config) {
		c.Phases, c.RendererMemory = []evidence.Phase{evidence.Before}, 1<<30
	})
}

// What a site does in one phase harms no other.
func TestHostileBanners(t *testing.T) {
	t.Parallel()
	eachHostile(t, func(s *hostile.Site) bool { return s.Banner }, func(c *Config) { c.PageTimeout *= 2 })
}

// eachHostile scans the sites in both browsers, those without a banner as chosen
// says.
func eachHostile(t *testing.T, choose func(*hostile.Site) bool, change func(*Config)) {
	t.Helper()
	server := serveWith(t, fixtures.Options{Handlers: hostile.Handlers()})
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			with := func(factor int) *Crawler {
				c := crawl(t, server, kind, func(c *Config) {
					c.PageTimeout, c.Pages = time.Duration(factor)*hostileTimeout, 0
					change(c)
				})
				if _, err := c.Check(t.Context()); err != nil {
					t.Error(err) // its start is no page's time
				}
				return c
			}
			c := with(1)
			patient := sync.OnceValue(func() *Crawler { return with(patience) })
			var g errgroup.Group
			g.SetLimit(hostileParallel)
			for i, s := range hostile.Sites() {
				if !choose(&s) || !s.Banner && !chosen(kind, i) { // those with a banner are few
					continue
				}
				g.Go(func() error {
					problems := hostileScan(t, c, &s)
					if len(problems) > 0 {
						problems = hostileScan(t, patient(), &s)
					}
					for _, p := range problems {
						t.Errorf("%s: %s", s.Name, p)
					}
					return nil
				})
			}
			_ = g.Wait() // nobody fails
			scan, err := c.Scan(t.Context(), site(t, "https://www.clean.test/"))
			if err != nil {
				t.Fatal(err)
			}
			if scan.Outcome == evidence.Unavailable || len(scan.Cookies) == 0 {
				t.Errorf("the scan after them: %s %q", scan.Outcome, scan.Why)
			}
		})
	}
}

// hostileScan scans one site and tells what is wrong with what came of it.
func hostileScan(t *testing.T, c *Crawler, s *hostile.Site) (problems []string) {
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	began := time.Now()
	scan, err := c.Scan(t.Context(), site(t, s.URL()))
	took := time.Since(began).Round(100 * time.Millisecond)
	if err != nil {
		return []string{err.Error()}
	}
	pages := 1
	for _, v := range scan.Visits {
		t.Logf("%s: %s: %s: %s %q, notes %q, consent %s, %d cookies, %d items",
			s.Name, took, v.Phase, v.Outcome, v.Why, v.Notes, v.Consent.Result, len(scan.Cookies), len(scan.Storage))
		pages = max(pages, len(v.Pages))
		want, why := s.Outcome, s.Why
		if v.Phase == evidence.Accept {
			want, why = s.Accepted, ""
		}
		if want != "" && v.Outcome != want || !strings.Contains(v.Why, why) {
			wrong("%s: %s %q, want %s %q", v.Phase, v.Outcome, v.Why, want, why)
		}
		if v.Outcome != evidence.Complete && v.Why == "" {
			wrong("%s: %s for no reason", v.Phase, v.Outcome)
		}
		for _, name := range s.Cookies {
			if why := ordinaryCookie(scan, s, name, v.Phase); why != "" {
				wrong("%s: cookie %s: %s", v.Phase, name, why)
			}
		}
	}
	if took > time.Duration(pages)*c.pageTime()+hostileSlack {
		wrong("took %s", took)
	}
	return problems
}

// ordinaryCookie checks that a phase saw a cookie which the site sets before it
// misbehaves, and who set it.
func ordinaryCookie(scan *evidence.Scan, s *hostile.Site, name string, p evidence.Phase) (problem string) {
	i := slices.IndexFunc(scan.Cookies, func(c evidence.Cookie) bool {
		return c.Name == name && c.Domain == s.Host() && slices.Contains(c.Phases, p)
	})
	if i < 0 {
		return "it is lost"
	}
	c := scan.Cookies[i]
	mechanism, seconds := evidence.HTTP, int64(86400)
	if name == hostile.ScriptCookie {
		mechanism, seconds = evidence.DocumentCookie, 3600
	}
	if !c.Stored || c.Party != evidence.First || c.Requested == nil || *c.Requested != seconds || c.Writes[0].Mechanism != mechanism {
		return fmt.Sprintf("%+v", c)
	}
	return ""
}

package crawler

import (
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/sync/errgroup"

	"cookieaudit/crawler/evidence"
)

// Browsers are shared by few scans and replaced by age; one that dies takes only
// the scans along that were in it, and those are made good.
func TestPoolOfBrowsers(t *testing.T) {
	t.Parallel()
	server := serve(t)
	var c *Crawler
	var kill sync.Once
	var lost atomic.Int64
	c = crawl(t, server, kinds[0], func(conf *Config) {
		conf.Pages, conf.NoScreenshots = 0, true
		conf.Phases = []evidence.Phase{evidence.Before}
		conf.Progress = func(e Event) {
			if e.Stage != "banner" {
				return
			}
			kill.Do(func() {
				c.pool.mu.Lock()
				defer c.pool.mu.Unlock()
				m := c.pool.members[0]
				lost.Store(int64(m.active))
				if err := syscall.Kill(m.b.PID(), syscall.SIGKILL); err != nil {
					t.Error(err)
				}
			})
		}
	})
	c.pool.limits = poolLimits{scans: 2, age: 3, memory: 1 << 40}
	var most, again atomic.Int64
	seen := map[int]bool{}
	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(4)
	for range 10 {
		g.Go(func() error {
			scan, err := c.Scan(t.Context(), site(t, "https://www.clean.test/"))
			if err != nil {
				return err
			}
			if v := scan.Visits[0]; v.Outcome != evidence.Complete || len(scan.Cookies) == 0 {
				return fmt.Errorf("%s %q, %d cookies", v.Outcome, v.Why, len(scan.Cookies))
			}
			again.Add(int64(scan.Visits[0].Attempts - 1))
			c.pool.mu.Lock()
			defer c.pool.mu.Unlock()
			mu.Lock()
			defer mu.Unlock()
			for _, m := range c.pool.members {
				seen[m.b.PID()] = true
				most.Store(max(most.Load(), int64(m.active)))
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
	if n := most.Load(); n > 2 {
		t.Errorf("%d scans were in one browser, want at most 2", n)
	}
	if n := again.Load(); n == 0 || n > lost.Load() {
		t.Errorf("%d visits were made again, %d scans were in the browser that died", n, lost.Load())
	}
	if len(seen) < 3 {
		t.Errorf("%d browsers for 10 scans, want one for every 3", len(seen))
	}
	c.pool.mu.Lock()
	defer c.pool.mu.Unlock()
	for _, m := range c.pool.members {
		if m.active != 0 || m.begun > 3 {
			t.Errorf("a browser is left with %d scans, had %d", m.active, m.begun)
		}
	}
}

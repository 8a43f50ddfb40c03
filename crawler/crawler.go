// Package crawler scans one site: its phases, its pages, its policies, and what
// came of each.
package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/guard"
)

// Config says how sites are scanned.
type Config struct {
	// BrowserPath is the browser's executable; empty finds one.
	BrowserPath string
	// Insecure accepts certificates that cannot be verified, for every request.
	Insecure bool
	// Resolve maps hosts to addresses, for every request: HOST:PORT:ADDR as
	// curl has it, where HOST may be "*" or "*.example.org" and ADDR may carry a
	// port of its own.
	Resolve []string
	// Offline lets no host resolve for which Resolve has no rule.
	Offline bool
	// Guard keeps scans away from private networks; nil for no guard.
	Guard *Guard
	// Names is asked what the site's own names are aliases of, but not of hosts for
	// which Resolve has a rule, unless the scan is offline. Where it is nil names
	// are not looked up, and NoNames says why.
	Names   Names
	NoNames string
	// Pages is how many pages are visited beside the landing page; 0 for none.
	Pages int
	// Select narrows which pages these are.
	Select Select
	// Start is the state in which every visit begins.
	Start Start
	// Phases are visited at the same time; default evidence.DefaultPhases.
	Phases []evidence.Phase
	// Choose are the categories that the phase evidence.Choose allows.
	Choose []evidence.Category
	// Recipes say how the banners of some sites are answered; the first one that
	// is for a site counts.
	Recipes []Recipe
	// NoScreenshots takes no pictures of banners.
	NoScreenshots bool
	// PageTimeout is the real time of one page: loading, its banner and coming to
	// rest; default 30 s.
	PageTimeout time.Duration
	// RendererMemory bounds one renderer process, in bytes; see browser.Options.
	RendererMemory int64
	// Settle is "virtual" (default) or "real": in which time pages come to rest.
	Settle string
	// Policies are addresses or files to read instead of looking for a policy.
	Policies []string
	// KeepValues keeps the values of cookies and storage, which are hashed
	// otherwise. What the start state holds is masked all the same.
	KeepValues bool
	// Capture is given what each scan heard beside its record, before Scan returns
	// the record; nil for nobody, and then nothing of it is kept. It may be called
	// from several goroutines.
	Capture func(*evidence.Scan, *evidence.Capture)
	// Profile names the legal profile; it is only written into the scan.
	Profile string
	// ToolVersion is cookieaudit's own version.
	ToolVersion string
	// Datasets are written into the scan: what its audit will rest on.
	Datasets []evidence.Dataset
	// Progress is told what a scan is at; nil for nobody. It may be called from
	// several goroutines.
	Progress func(Event)
	// Log gets oddities at debug level; nil discards them.
	Log *slog.Logger
}

// An Event says what the scan of a site is at.
type Event struct {
	Site  evidence.Site
	Phase evidence.Phase // empty for the search for policies
	// Stage is a word such as "landing page", "banner", "page 2 of 3".
	Stage   string
	Elapsed time.Duration // since the scan of the site began
}

// The ways in which pages come to rest.
const (
	Virtual = "virtual"
	Real    = "real"
)

const (
	defaultPageTimeout = 30 * time.Second
	// fetchTimeout bounds a request of our own: a single document, without what
	// it refers to.
	fetchTimeout = 15 * time.Second
)

// A Crawler scans sites with browsers that it starts when they are needed and
// again when they have died. It may scan several sites at once.
type Crawler struct {
	c       Config
	resolve resolver
	finder  *discover.Finder
	pool    *pool
	lease   *lease
}

// New checks the configuration. The caller must Close the Crawler.
func New(_ context.Context, c Config) (*Crawler, error) {
	if c.PageTimeout <= 0 {
		c.PageTimeout = defaultPageTimeout
	}
	if len(c.Phases) == 0 {
		c.Phases = evidence.DefaultPhases()
	}
	if c.Settle == "" {
		c.Settle = Virtual
	}
	if c.Settle != Virtual && c.Settle != Real {
		return nil, fmt.Errorf("settle %q: use %s or %s", c.Settle, Virtual, Real)
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Progress == nil {
		c.Progress = func(Event) {}
	}
	if err := c.Start.check(); err != nil {
		return nil, err
	}
	r, err := newResolver(c.Resolve, c.Offline)
	if err != nil {
		return nil, err
	}
	if c.Start.Proxy != nil && len(c.Resolve) > 0 {
		return nil, errors.New("a proxy resolves the names by itself: --resolve has no effect with --proxy")
	}
	if c.Guard != nil {
		if c.Start.Proxy != nil {
			return nil, errors.New("a proxy connects by itself: that sites are public cannot be checked with it")
		}
		r.dialer = guard.Dialer(c.Guard.Allow)
	}
	o := discover.Options{
		Insecure: c.Insecure, Timeout: min(c.PageTimeout, fetchTimeout), Proxy: c.Start.Proxy,
		UserAgent: c.Start.UserAgent, AcceptLanguage: c.Start.AcceptLanguage(),
	}
	if !r.empty() || c.Guard != nil {
		o.DialContext = r.dial
	}
	made := &Crawler{c: c, resolve: r, finder: discover.New(o)}
	made.pool = &pool{launch: made.launch, limits: defaultPoolLimits(), log: c.Log}
	made.lease = &lease{pool: made.pool}
	return made, nil
}

// Close ends the browsers.
func (c *Crawler) Close() error {
	c.finder.Close()
	return c.pool.close()
}

// share returns the crawler with a browser of its own choice. The lease has to be
// ended.
func (c *Crawler) share() *Crawler {
	own := *c
	own.lease = &lease{pool: c.pool}
	return &own
}

// Check starts a browser and tests that it can show what a site sets. It returns
// what was started.
func (c *Crawler) Check(ctx context.Context) (evidence.Tool, error) {
	own := c.share()
	defer own.lease.end()
	b, err := own.browser(ctx)
	if err != nil {
		return evidence.Tool{}, err
	}
	return b.Info(), nil
}

// browser returns a living, tested browser.
func (c *Crawler) browser(ctx context.Context) (*browser.Browser, error) { return c.lease.browser(ctx) }

// launch starts a browser and tests it.
func (c *Crawler) launch(ctx context.Context) (*browser.Browser, error) {
	b, err := browser.Launch(ctx, browser.Options{
		Path: c.c.BrowserPath, Insecure: c.c.Insecure, HostRules: c.resolve.chrome(),
		Client: c.c.Start.Client, Log: c.c.Log, RendererMemory: c.c.RendererMemory, ProxyOnly: c.c.Guard != nil,
	})
	if err != nil {
		return nil, err
	}
	if err := b.SelfTest(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

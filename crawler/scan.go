package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// Scan visits a site in every phase, each in a fresh browser context and all at
// the same time, and reads its policies. A site that cannot be reached is a
// scan whose outcome says so; an error means that the tool itself failed.
//
// When ctx is cancelled the scan ends early, with what was seen until then.
func (c *Crawler) Scan(ctx context.Context, site evidence.Site) (*evidence.Scan, error) {
	c = c.share()
	defer c.lease.end()
	b, err := c.browser(ctx)
	if err != nil {
		return nil, err
	}
	site, note := c.reach(ctx, site)
	watch, err := c.watch(ctx)
	if err != nil {
		return nil, err
	}
	defer watch.close()
	s := &scan{
		watch:   watch,
		finder:  c.finder.As(c.c.Start.visitor(site, b.UserAgent())),
		Crawler: c, site: site, began: time.Now(),
		plan: newPlan(), results: make([]result, len(c.c.Phases)),
	}
	if note != "" {
		s.notes = append(s.notes, note)
	}
	var wg sync.WaitGroup
	for i, p := range c.c.Phases {
		wg.Go(func() {
			s.results[i] = s.phase(ctx, p)
			if p == s.leader() {
				s.plan.close() // whoever still waits for it has to go on alone
			}
		})
	}
	var found policies
	wg.Go(func() { found = s.findPolicies(ctx) })
	wg.Wait()
	var failed []error
	for _, r := range s.results {
		failed = append(failed, r.failed)
	}
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	s.results = slices.DeleteFunc(s.results, func(r result) bool { return r.idle })
	s.opposites()
	found = s.details(ctx, found)
	out := s.record(ctx, found)
	capture := s.capture(found)
	s.c.Start.redact(out, capture)
	if capture != nil {
		s.c.Capture(out, capture)
	}
	return out, nil
}

// A scan is one site being scanned.
type scan struct {
	*Crawler
	site    evidence.Site
	began   time.Time
	finder  *discover.Finder // in the visitor's name
	plan    *plan
	results []result
	notes   []string
	watch   *watch // nil without a guard

	selection selection
}

// A result is what came of one phase.
type result struct {
	visit  evidence.Visit
	record *browser.Record
	banner *evidence.Banner
	// capture is nil unless the scan captures.
	capture *evidence.Capture
	// said is what came to say yes or no with the answer.
	said []consent.Said
	// failed is the tool's own failure, which ends the scan.
	failed error
	// idle: there was nothing to visit for.
	idle bool
}

// leader is the phase whose landing page decides which pages are visited.
func (s *scan) leader() evidence.Phase { return s.c.Phases[0] }

func (s *scan) progress(p evidence.Phase, stage string) {
	s.c.Progress(Event{Site: s.site, Phase: p, Stage: stage, Elapsed: time.Since(s.began)})
}

func (s *scan) record(ctx context.Context, found policies) *evidence.Scan {
	out := &evidence.Scan{
		ID: evidence.NewScanID(s.began), Site: s.site, Started: s.began.UTC(), Finished: time.Now().UTC(),
		Profile: s.c.Profile, Settle: s.c.Settle, Outcome: evidence.Complete,
		Tool: evidence.Tool{Name: "cookieaudit", Version: s.c.ToolVersion}, Datasets: slices.Clone(s.c.Datasets),
		Start: s.c.Start.state(s.site), ValuesKept: s.c.KeepValues, Notes: slices.Concat(s.notes, s.selection.Notes, s.watch.notes()),
		Cookies: []evidence.Cookie{}, Storage: []evidence.StorageItem{}, Requests: []evidence.Request{},
	}
	if b, err := s.browser(context.Background()); err == nil {
		out.Browser = b.Info()
	}
	automation, err := consent.Automation()
	if err != nil {
		s.c.Log.Debug("autoconsent cannot be read", "error", err)
	}
	out.Datasets = append(out.Datasets, automation)
	slices.SortStableFunc(s.results, func(a, b result) int {
		order := evidence.Phases()
		return slices.Index(order, a.visit.Phase) - slices.Index(order, b.visit.Phase)
	})
	own := parties{s.site.Domain}
	var records []*browser.Record
	var whys []string
	for _, r := range s.results {
		s.watch.explain(&r.visit, s.site)
		out.Visits = append(out.Visits, r.visit)
		records = append(records, r.record)
		out.Banner = joinBanners(out.Banner, r.banner)
		if len(r.visit.Pages) > 0 && r.visit.Pages[0].FinalURL != "" {
			own = append(own, discover.RegistrableDomain(evidence.HostOf(r.visit.Pages[0].FinalURL)))
		}
		if r.visit.Outcome != evidence.Complete {
			whys = append(whys, fmt.Sprintf("%s: %s", r.visit.Phase, r.visit.Why))
		}
	}
	out.PolicySearch, out.Policies, out.Declarations, out.Claims = found.search, found.documents, found.declarations, found.claims
	if found.search.Outcome != evidence.Complete {
		whys = append(whys, "policy: "+found.search.Why)
	}
	merge(out, records, own)
	s.lookUp(ctx, out, records, own)
	out.Outcome, out.Why = overall(out), strings.Join(whys, "; ")
	return out
}

// joinBanners adds to the banner as one phase saw it what another phase had to
// open to see: the settings, and the clicks that an answer takes.
func joinBanners(seen, further *evidence.Banner) *evidence.Banner {
	if seen == nil || further == nil || !seen.Found {
		if seen == nil || further != nil && further.Found {
			return further
		}
		return seen
	}
	if seen.ClicksAccept == nil {
		seen.ClicksAccept = further.ClicksAccept
	}
	if seen.ClicksReject == nil {
		seen.ClicksReject = further.ClicksReject
	}
	if seen.CloseGrants == nil && further.CloseGrants != nil {
		seen.CloseGrants = further.CloseGrants
		if seen.GrantProof == "" {
			seen.GrantProof = further.GrantProof
		}
	}
	if layers(further) > layers(seen) {
		seen.Controls, seen.PreTicked = further.Controls, further.PreTicked
	}
	return seen
}

func layers(b *evidence.Banner) int {
	most := 0
	for _, c := range b.Controls {
		most = max(most, c.Layer)
	}
	return most
}

// overall is complete only where everything is; unavailable only where no phase
// saw anything.
func overall(s *evidence.Scan) evidence.Outcome {
	all := s.PolicySearch.Outcome == evidence.Complete
	none := true
	for _, v := range s.Visits {
		all = all && v.Outcome == evidence.Complete
		none = none && v.Outcome == evidence.Unavailable
	}
	switch {
	case none:
		return evidence.Unavailable
	case all:
		return evidence.Complete
	}
	return evidence.Partial
}

// A plan is the choice of pages, made once so that every phase visits the same.
type plan struct {
	once    sync.Once
	made    chan struct{}
	landing evidence.Page
	links   []discover.Link
	banner  *evidence.Banner // on the landing page; nil where it is not known
	ok      bool
}

func newPlan() *plan { return &plan{made: make(chan struct{})} }

// offer states the landing page, its links and its banner as it was rendered.
func (p *plan) offer(landing evidence.Page, links []discover.Link, banner *evidence.Banner) {
	p.once.Do(func() {
		p.landing, p.links, p.banner, p.ok = landing, links, banner, true
		close(p.made)
	})
}

// close says that there will be none.
func (p *plan) close() { p.once.Do(func() { close(p.made) }) }

// wait returns the landing page and its links, or not ok where none were offered.
func (p *plan) wait(ctx context.Context) (landing evidence.Page, links []discover.Link, ok bool) {
	select {
	case <-p.made:
		return p.landing, p.links, p.ok
	case <-ctx.Done():
		return evidence.Page{}, nil, false
	}
}

// closes reports whether the first layer of the banner has a control that closes
// it.
func (p *plan) closes(ctx context.Context) bool {
	_, _, ok := p.wait(ctx)
	return ok && p.banner != nil && slices.ContainsFunc(p.banner.Controls, func(c evidence.BannerControl) bool {
		return c.Layer == 1 && c.Role == "close"
	})
}

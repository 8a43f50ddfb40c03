package discover

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"cookieaudit/crawler/evidence"
)

const (
	// surveyTimeout bounds the reading of robots.txt and of all sitemaps.
	surveyTimeout = 20 * time.Second
	maxMapFiles   = 10
	maxMapBytes   = 16 << 20
)

var errSurveyTimeout = errors.New("not read within 20 s")

// A Selection is the pages that a scan visits beside the landing page.
type Selection struct {
	Pages []string
	// Notes say what bears on the choice: pages that come from a sitemap, ones
	// that robots.txt disallows, a sitemap that could not be read.
	Notes []string
}

// Select chooses the pages of a site from the links of its landing page and,
// where they lead to too few kinds of pages, from its sitemaps.
func (f *Finder) Select(ctx context.Context, site evidence.Site, links []Link, c Choice) Selection {
	if c.Pages <= 0 {
		return Selection{}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, surveyTimeout, errSurveyTimeout)
	defer cancel()
	s := &survey{f: f, site: site, choice: c}
	s.readRobots(ctx)
	cands := s.rank(links)
	if kinds(cands) < c.Pages {
		cands = s.rank(append(slices.Clone(links), s.readMaps(ctx)...))
	}
	return s.selection(cands)
}

// A survey is one look at what a site says of its own pages.
type survey struct {
	f      *Finder
	site   evidence.Site
	choice Choice
	robots robots
	shut   bool // robots.txt is to be honoured and could not be read
	notes  []string
}

func (s *survey) note(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

// at is an address of the landing page's host.
func (s *survey) at(path string) string {
	u, err := url.Parse(s.site.URL)
	if err != nil {
		return "" // a Site's address parses
	}
	return u.ResolveReference(&url.URL{Path: path}).String()
}

// readRobots reads the site's robots.txt. One that a server fails to give rules
// everything out for who honours it (RFC 9309 section 2.3.1.4).
func (s *survey) readRobots(ctx context.Context) {
	got, err := s.f.fetch(ctx, s.at("/robots.txt"), maxRobotsBytes)
	switch {
	case err != nil && s.choice.HonourRobots:
		s.shut = true
		s.note("robots.txt could not be read (%v): no page beside the landing page was chosen", err)
	case err != nil:
	case got.Status >= 500 && s.choice.HonourRobots:
		s.shut = true
		s.note("robots.txt could not be read (HTTP %d): no page beside the landing page was chosen", got.Status)
	case got.Status == http.StatusOK:
		s.robots = parseRobots(got.UTF8())
	}
}

// readMaps reads the sitemaps that robots.txt names, else the one at the usual
// place, and those which they name in turn.
func (s *survey) readMaps(ctx context.Context) []Link {
	named := len(s.robots.sitemaps) > 0
	queue := s.robots.sitemaps
	if !named {
		queue = []string{s.at("/sitemap.xml")}
	}
	var pages []Link
	seen := map[string]bool{}
	for n := 0; len(queue) > 0 && n < maxMapFiles && len(pages) < maxMapped; {
		address := queue[0]
		queue = queue[1:]
		u, err := parseAddress(address)
		if err != nil || seen[u.String()] {
			continue
		}
		seen[u.String()] = true
		if RegistrableDomain(u.Hostname()) != s.site.Domain {
			s.note("the sitemap %s lies on another domain and was not read", clip(address, 200))
			continue
		}
		n++
		m, err := s.readMap(ctx, u.String())
		if err != nil && (named || n > 1) {
			s.note("the sitemap %s could not be read: %v", clip(u.String(), 200), err)
		}
		if m.cut {
			s.note("the sitemap %s was not read to its end", clip(u.String(), 200))
		}
		queue = append(queue, m.maps...)
		for _, p := range m.pages[:min(len(m.pages), maxMapped-len(pages))] {
			if c, err := parseAddress(p); err == nil {
				pages = append(pages, Link{URL: c.String(), Mapped: true})
			}
		}
	}
	return pages
}

func (s *survey) readMap(ctx context.Context, address string) (sitemap, error) {
	got, err := s.f.fetch(ctx, address, maxMapBytes)
	if err != nil {
		return sitemap{}, err
	}
	if got.Status != http.StatusOK {
		return sitemap{}, fmt.Errorf("HTTP %d", got.Status)
	}
	return parseSitemap(got.Body)
}

// rank is the order in which pages are chosen.
func (s *survey) rank(links []Link) []candidate {
	if s.shut {
		return nil
	}
	c := s.choice
	if c.HonourRobots {
		c.disallows = s.robots.disallows
	}
	return ranked(s.site, links, c)
}

func (s *survey) selection(cands []candidate) Selection {
	cands = cands[:min(s.choice.Pages, len(cands))]
	out := Selection{Notes: s.notes}
	for _, c := range cands {
		out.Pages = append(out.Pages, c.url)
		if c.mapped {
			out.Notes = append(out.Notes, fmt.Sprintf("%s was chosen from the sitemap: the landing page does not link to it", c.url))
		}
		if u, err := url.Parse(c.url); err == nil && s.robots.disallows(u) {
			out.Notes = append(out.Notes, fmt.Sprintf("%s is visited as by a visitor, though robots.txt asks crawlers not to", c.url))
		}
	}
	return out
}

// kinds counts the pages that are worth a visit each: one of each template, in
// the landing page's language.
func kinds(cands []candidate) int {
	n := 0
	for _, c := range cands {
		if c.repeat == 0 && !c.language {
			n++
		}
	}
	return n
}

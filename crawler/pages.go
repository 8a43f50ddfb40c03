package crawler

import (
	"context"
	"net/url"
	"slices"
	"sync"

	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// Select says which pages are visited beside the landing page.
type Select struct {
	// Include, Exclude and HonourRobots narrow the choice, as discover.Choice has
	// them.
	Include, Exclude []discover.Pattern
	HonourRobots     bool
	// Named are pages of the site that are visited before any that is chosen:
	// addresses, or paths below the landing page's host. They are opened whatever
	// they are; those of other sites are left out.
	Named []string
}

// selection is the pages of a scan, chosen once so that every phase visits the
// same.
type selection struct {
	once sync.Once
	discover.Selection
}

// pages returns the pages beside the landing page.
func (s *scan) pages(ctx context.Context, landing string, links []discover.Link) []string {
	s.selection.once.Do(func() {
		at := siteAt(s.site, landing)
		named := s.named(at)
		s.selection.Selection = s.finder.Select(ctx, at, links, discover.Choice{
			Pages: s.c.Pages, Include: s.c.Select.Include, Exclude: s.c.Select.Exclude, HonourRobots: s.c.Select.HonourRobots,
		})
		chosen := s.selection.Pages
		s.selection.Pages = named
		for _, p := range chosen {
			if !slices.Contains(named, p) {
				s.selection.Pages = append(s.selection.Pages, p)
			}
		}
	})
	return s.selection.Pages
}

// named resolves the pages that the user named and leaves out those of other
// sites, of which a list may have several.
func (s *scan) named(at evidence.Site) []string {
	base, err := url.Parse(at.URL)
	if err != nil {
		return nil // a Site's address parses
	}
	var out []string
	for _, name := range s.c.Select.Named {
		u, err := base.Parse(name)
		if err != nil {
			continue
		}
		page, err := discover.ParseSite(u.String())
		if err == nil && (page.Domain == at.Domain || page.Domain == s.site.Domain) && !slices.Contains(out, page.URL) {
			out = append(out, page.URL)
		}
	}
	return out
}

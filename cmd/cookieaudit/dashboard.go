package main

import (
	"context"
	"errors"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/web"
	"cookieaudit/crawler/evidence"
)

// A dashboardStore is the database as the dashboard asks for it. The types of the
// two packages are alike; neither knows of the other.
type dashboardStore struct{ *store.Store }

// Sites implements web.Scans.
func (d dashboardStore) Sites(ctx context.Context, q web.SiteQuery) ([]web.Site, int, error) {
	found, total, err := d.Store.Sites(ctx, store.SiteQuery(q))
	var out []web.Site
	for _, s := range found {
		site := web.Site{Latest: web.Scan(s.Latest)}
		for _, p := range s.Trend {
			site.Trend = append(site.Trend, web.Point(p))
		}
		out = append(out, site)
	}
	return out, total, err
}

// History implements web.Scans.
func (d dashboardStore) History(ctx context.Context, site string, limit, offset int) ([]web.Scan, int, error) {
	found, total, err := d.SiteHistory(ctx, site, limit, offset)
	var out []web.Scan
	for _, s := range found {
		out = append(out, web.Scan(s))
	}
	return out, total, err
}

// Load implements web.Scans.
func (d dashboardStore) Load(ctx context.Context, id string) (*evidence.Scan, *audit.Judgement, error) {
	scan, j, err := d.Store.Load(ctx, id)
	if errors.Is(err, store.ErrNotFound) || errors.As(err, new(*store.AmbiguousError)) {
		err = web.ErrNotFound
	}
	return scan, j, err
}

// Findings implements web.Findings.
func (d dashboardStore) Findings(ctx context.Context, q web.FindingQuery) ([]web.Finding, int, error) {
	found, total, err := d.Store.Findings(ctx, store.FindingQuery(q))
	out := make([]web.Finding, len(found))
	for i := range found {
		out[i] = web.Finding(found[i])
	}
	return out, total, err
}

// Count implements web.Findings.
func (d dashboardStore) Count(ctx context.Context, by web.CountBy, day time.Time) ([]web.FindingCount, error) {
	count := d.CountByRule
	if by == web.ByProvider {
		count = d.CountByProvider
	}
	found, err := count(ctx, day)
	var out []web.FindingCount
	for _, c := range found {
		out = append(out, web.FindingCount{Name: c.Name, Severity: c.Severity, Sites: c.Sites, Open: c.Open, Accepted: c.Accepted})
	}
	return out, err
}

// Search implements web.Findings.
func (d dashboardStore) Search(ctx context.Context, text string, limit int) ([]web.Hit, error) {
	found, err := d.Store.Search(ctx, text, limit)
	var out []web.Hit
	for _, h := range found {
		out = append(out, web.Hit(h))
	}
	return out, err
}

// dashboardOptions are what the dashboard gets from a database.
func dashboardOptions(db *store.Store) web.Options {
	d := dashboardStore{db}
	return web.Options{Scans: d, Findings: d, Decisions: db, Accounts: db, Version: version}
}

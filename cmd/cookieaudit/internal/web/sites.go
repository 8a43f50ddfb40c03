package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// A paging chooses a part of a list, from page 1 on.
type paging struct {
	Page    int `json:"page"`
	PerPage int `json:"per_page"`
	Total   int `json:"total"`
}

// perPage is how long a page is where nobody asks for another length.
const perPage = 50

func newPaging(page, per int) paging {
	p := paging{Page: max(1, page), PerPage: per}
	if per == 0 {
		p.PerPage = perPage
	}
	return p
}

func (p paging) offset() int { return (p.Page - 1) * p.PerPage }

// Pages is how many pages there are, at least one.
func (p paging) Pages() int { return max(1, (p.Total+p.PerPage-1)/p.PerPage) }

// SiteSorts lists the orders in which sites can be listed, the default first.
func SiteSorts() []string { return []string{"site", "score", "latest", "oldest"} }

type sitesInput struct {
	Query   string `json:"q" check:"max=200" doc:"part of the address"`
	Sort    string `json:"sort" enum:"site score latest oldest" doc:"by address (default), by the lowest score, by the latest or the oldest scan"`
	Page    int    `json:"page" check:"max=100000" doc:"from 1 on"`
	PerPage int    `json:"per_page" check:"max=200" doc:"50 unless stated"`
}

// trendLength is how many scans the small charts show.
const trendLength = 30

type siteRow struct {
	Site
	// Next is when the site is scanned next by its schedule; nil for none.
	Next *time.Time `json:"next"`
}

type siteList struct {
	paging
	Sites []siteRow `json:"sites"`
}

func (s *server) listSites(ctx context.Context, _ *caller, in sitesInput) (siteList, error) {
	out := siteList{paging: newPaging(in.Page, in.PerPage), Sites: []siteRow{}}
	sort := in.Sort
	if sort == "" {
		sort = SiteSorts()[0]
	}
	sites, total, err := s.Scans.Sites(ctx, SiteQuery{Text: in.Query, Sort: sort, Limit: out.PerPage, Offset: out.offset(), Trend: trendLength})
	if err != nil {
		return out, err
	}
	out.Total = total
	var scans []*Scan
	var urls []string
	for i := range sites {
		scans, urls = append(scans, &sites[i].Latest), append(urls, sites[i].Latest.Site.URL)
	}
	if err := s.asOfToday(ctx, scans); err != nil {
		return out, err
	}
	next, err := s.next(ctx, urls)
	if err != nil {
		return out, err
	}
	for i := range sites {
		if sites[i].Trend == nil {
			sites[i].Trend = []Point{}
		}
		row := siteRow{Site: sites[i]}
		if at, ok := next[urls[i]]; ok {
			row.Next = &at
		}
		out.Sites = append(out.Sites, row)
	}
	return out, nil
}

func (s *server) next(ctx context.Context, urls []string) (map[string]time.Time, error) {
	if s.Queue == nil || len(urls) == 0 {
		return nil, nil
	}
	return s.Queue.Next(ctx, urls)
}

type siteInput struct {
	Site    string `json:"site" check:"required" doc:"address of the landing page, host or registrable domain"`
	Page    int    `json:"page" check:"max=100000" doc:"from 1 on"`
	PerPage int    `json:"per_page" check:"max=200" doc:"scans per page, 50 unless stated"`
}

type siteDetail struct {
	paging
	Site  evidence.Site `json:"site"`
	Next  *time.Time    `json:"next"`
	Scans []Scan        `json:"scans"`
}

func (s *server) getSite(ctx context.Context, _ *caller, in siteInput) (siteDetail, error) {
	out := siteDetail{paging: newPaging(in.Page, in.PerPage)}
	scans, total, err := s.Scans.History(ctx, in.Site, out.PerPage, out.offset())
	if err != nil {
		return out, err
	}
	if total == 0 {
		return out, &problem{Status: http.StatusNotFound, Detail: "no scan of this site is stored"}
	}
	out.Total, out.Scans = total, append([]Scan{}, scans...)
	if len(scans) == 0 {
		return out, &problem{Status: http.StatusNotFound, Detail: fmt.Sprintf("there are %d pages of scans of this site", out.Pages())}
	}
	out.Site = scans[0].Site
	var all []*Scan
	for i := range out.Scans {
		all = append(all, &out.Scans[i])
	}
	if err := s.asOfToday(ctx, all); err != nil {
		return out, err
	}
	next, err := s.next(ctx, []string{out.Site.URL})
	if err != nil {
		return out, err
	}
	if at, ok := next[out.Site.URL]; ok {
		out.Next = &at
	}
	return out, nil
}

// asOfToday counts open and accepted violations as they stand today. Only scans
// that an acceptance can speak of are looked at again.
func (s *server) asOfToday(ctx context.Context, scans []*Scan) error {
	suppressions, err := s.suppressions(ctx)
	if err != nil {
		return err
	}
	concerned := map[string]*Scan{}
	var ids []string
	for _, sc := range scans {
		if sc.Open != nil && (sc.Accepted > 0 || anySpeaksOf(suppressions, sc.Site)) {
			concerned[sc.ID] = sc
			ids = append(ids, sc.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rules []string
	for i := range suppressions {
		if r := suppressions[i].Rule; !slices.Contains(rules, r) {
			rules = append(rules, r)
		}
	}
	findings, err := s.Findings.FindingsOf(ctx, ids, rules)
	if err != nil {
		return err
	}
	for id, sc := range concerned {
		sc.recount(audit.Accept(findings[id], sc.Site, s.Now(), suppressions))
	}
	return nil
}

func anySpeaksOf(suppressions []audit.Suppression, site evidence.Site) bool {
	for i := range suppressions {
		if suppressions[i].SpeaksOf(site) {
			return true
		}
	}
	return false
}

// recount sets what depends on which violations are accepted.
func (sc *Scan) recount(violations []audit.Finding) {
	sc.Open, sc.Accepted = map[audit.Severity]int{}, 0
	for i := range violations {
		if violations[i].Accepted != nil {
			sc.Accepted++
		} else {
			sc.Open[violations[i].Severity]++
		}
	}
	if again := audit.ScoreOf(violations); sc.Score != nil && again != nil {
		score := *sc.Score // how many rules answered does not change
		score.Value, score.Accepted = again.Value, again.Accepted
		sc.Score = &score
	}
}

type scanInput struct {
	ID string `json:"id" check:"required,max=200" doc:"the scan's ID, or its beginning where that is enough"`
}

func (s *server) getScan(ctx context.Context, _ *caller, in scanInput) (*report.Report, error) {
	return s.report(ctx, in.ID)
}

// report builds the report of a scan as it stands today, with what became of the
// policies since an earlier one.
func (s *server) report(ctx context.Context, id string) (*report.Report, error) {
	scan, j, err := s.Scans.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	if j != nil {
		suppressions, err := s.suppressions(ctx)
		if err != nil {
			return nil, err
		}
		j = j.On(scan.Site, s.Now(), suppressions)
	}
	earlier, between, err := s.Scans.EarlierPolicies(ctx, scan)
	if err != nil {
		return nil, err
	}
	r := report.New(scan, j)
	r.ComparePolicies(report.OnlyPolicies(earlier), report.OnlyPolicies(between))
	return r, nil
}

type diffInput struct {
	Old string `json:"old" check:"required,max=200" doc:"ID of the older scan"`
	New string `json:"new" check:"required,max=200" doc:"ID of the newer scan"`
}

func (s *server) compareScans(ctx context.Context, _ *caller, in diffInput) (*report.Diff, error) {
	older, err := s.report(ctx, in.Old)
	if err != nil {
		return nil, err
	}
	newer, err := s.report(ctx, in.New)
	if err != nil {
		return nil, err
	}
	if newer.Scan.Started.Before(older.Scan.Started) {
		older, newer = newer, older
	}
	return report.Compare(older, newer), nil
}

package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/web"
	"cookieaudit/crawler/discover"
)

// What is promised is measured on a database of 1,000 sites with 100 scans each.
var dashboardDB = flag.String("dashboard-db", "", "database of BenchmarkDashboardPages: a file or postgres://…; a small one where it is empty")

// BenchmarkDashboardPages tells the 95th percentile of each page, from the
// request to the last byte. Where findings are accepted the pages have more to do:
// they are measured both ways.
func BenchmarkDashboardPages(b *testing.B) {
	dsn := *dashboardDB
	if dsn == "" {
		dsn = b.TempDir() + "/small.db"
		if err := storeSample(dsn); err != nil {
			b.Fatal(err)
		}
	}
	db, err := store.Open(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	sites, _, err := db.Sites(b.Context(), store.SiteQuery{Limit: 500})
	if err != nil || len(sites) == 0 {
		b.Fatalf("%d sites, error %v", len(sites), err)
	}
	o := dashboardOptions(db)
	o.Rules, o.ParseSite = rules.All(), discover.ParseSite
	h, err := web.New(o)
	if err != nil {
		b.Fatal(err)
	}
	cookie := benchSession(b, db)
	for _, accepted := range []bool{false, true} {
		if accepted {
			defer benchAccept(b, db)()
		}
		for _, page := range benchPages() {
			b.Run(fmt.Sprintf("accepted=%t/%s", accepted, page.name), func(b *testing.B) {
				var took []time.Duration
				for i := 0; b.Loop(); i++ {
					req := httptest.NewRequestWithContext(b.Context(), http.MethodGet, page.path(&sites[i%len(sites)], i), nil)
					req.Host = "localhost"
					req.AddCookie(cookie)
					w := httptest.NewRecorder()
					begun := time.Now()
					h.ServeHTTP(w, req)
					took = append(took, time.Since(begun))
					if w.Code != http.StatusOK {
						b.Fatalf("%s: %d", req.URL, w.Code)
					}
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			})
		}
	}
}

func benchSession(b *testing.B, db *store.Store) *http.Cookie {
	b.Helper()
	now, secret := time.Now().UTC(), account.NewSecret()
	id, err := account.DigestOf(secret)
	if err == nil {
		err = db.AddUser(b.Context(), account.User{Name: "bench", Role: account.Operator, Created: now, Changed: now})
	}
	if err == nil || errors.Is(err, account.ErrExists) {
		err = db.StartSession(b.Context(), account.Session{ID: id, User: "bench", Created: now, Seen: now})
	}
	if err != nil {
		b.Fatal(err)
	}
	return &http.Cookie{Name: "cookieaudit_session", Value: secret}
}

// benchAccept accepts the findings of a rule on every site, and returns what takes that back.
func benchAccept(b *testing.B, db *store.Store) func() {
	b.Helper()
	found, _, err := db.Findings(b.Context(), store.FindingQuery{Limit: 1})
	if err != nil || len(found) == 0 {
		b.Fatalf("%d findings, error %v", len(found), err)
	}
	d := audit.Decision{Suppression: audit.Suppression{
		Rule: found[0].Rule, Acceptance: audit.Acceptance{ID: account.NewID(), Reason: "measured", Owner: "bench", Expires: "2999-01-01"},
	}, By: "bench", Made: time.Now()}
	if err := db.Decide(b.Context(), d); err != nil {
		b.Fatal(err)
	}
	return func() {
		if err := db.Withdraw(b.Context(), d.ID, "bench", time.Now()); err != nil {
			b.Error(err)
		}
	}
}

type benchPage struct {
	name string
	path func(site *store.SiteStatus, i int) string
}

func benchPages() []benchPage {
	always := func(path string) func(*store.SiteStatus, int) string {
		return func(*store.SiteStatus, int) string { return path }
	}
	ofSite := func(format string) func(*store.SiteStatus, int) string {
		return func(s *store.SiteStatus, _ int) string {
			return fmt.Sprintf(format, url.QueryEscape(s.Latest.Site.URL))
		}
	}
	pages := []benchPage{
		{"site", ofSite("/site?site=%s")},
		{"scan", func(s *store.SiteStatus, _ int) string { return "/scans/" + s.Latest.ID }},
		{"report", func(s *store.SiteStatus, _ int) string { return "/scans/" + s.Latest.ID + "/report.html" }},
		{"cookies.csv", func(s *store.SiteStatus, _ int) string { return "/scans/" + s.Latest.ID + "/cookies.csv" }},
		{"diff", func(s *store.SiteStatus, _ int) string { return "/diff?old=" + s.Latest.ID + "&new=" + s.Latest.ID }},
		{"findings", func(_ *store.SiteStatus, i int) string { return fmt.Sprintf("/findings?page=%d", 1+i%2) }},
		{"findings of a site", ofSite("/findings?site=%s")},
		{"open findings", always("/findings?state=open")},
		{"summary", always("/findings/summary")},
		{"search", func(_ *store.SiteStatus, i int) string { return "/search?q=" + []string{"site00", "o", "pk"}[i%3] }},
		{"acceptances", always("/acceptances")},
		{"account", always("/account")},
		{"API sites", always("/api/v1/sites?per_page=200")},
		{"API scan", func(s *store.SiteStatus, _ int) string { return "/api/v1/scans/" + s.Latest.ID }},
	}
	for _, sort := range web.SiteSorts() {
		pages = append(pages, benchPage{"sites by " + sort, always("/?sort=" + sort)})
	}
	return pages
}

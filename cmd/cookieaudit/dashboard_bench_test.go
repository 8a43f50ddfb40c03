package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/cmd/cookieaudit/internal/jobs"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/cmd/cookieaudit/internal/web"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// What is promised is measured with -sites 1000 -scans 100, which takes minutes
// to fill.
var (
	benchSites = flag.Int("sites", 100, "sites of BenchmarkDashboard")
	benchScans = flag.Int("scans", 10, "scans of each site of BenchmarkDashboard")
)

// BenchmarkDashboard tells how long each page takes, from the request to the last
// byte, on both databases, and prints a table of that at its end. Where findings
// are accepted the pages have more to do: they are measured both ways.
func BenchmarkDashboard(b *testing.B) {
	var table strings.Builder
	fmt.Fprintf(&table, "%-10s %-9s %-24s %8s %8s %8s\n", "database", "accepted", "page", "p50 ms", "p95 ms", "KB")
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			dsn := b.TempDir() + "/scans.db"
			if engine == store.Postgres {
				dsn = postgrestest.URL(b)
			}
			db, err := store.Open(b.Context(), dsn)
			noError(b, err)
			defer db.Close()
			fillBench(b, db, *benchSites, *benchScans)
			for _, accepted := range []bool{false, true} {
				if accepted {
					defer benchAccept(b, db)()
				}
				benchEveryPage(b, db, &table, fmt.Sprintf("%-10s %-9t", engine, accepted))
			}
		})
	}
	fmt.Print(table.String())
}

func benchEveryPage(b *testing.B, db *store.Store, table *strings.Builder, head string) {
	b.Helper()
	sites, _, err := db.Sites(b.Context(), store.SiteQuery{Limit: 500})
	noError(b, err)
	o := dashboardOptions(db)
	o.Rules, o.ParseSite, o.Queue = rules.All(), discover.ParseSite, benchQueue(b, db)
	h, err := web.New(o)
	noError(b, err)
	cookie := benchSession(b, db)
	for _, page := range benchPages() {
		var took []time.Duration
		size := 0
		b.Run(strings.Join(strings.Fields(head+" "+page.name), "_"), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				req := httptest.NewRequestWithContext(b.Context(), http.MethodGet, page.path(&sites[i%len(sites)], i), nil)
				req.Host = "localhost"
				req.AddCookie(cookie)
				w := httptest.NewRecorder()
				begun := time.Now()
				h.ServeHTTP(w, req)
				took = append(took, time.Since(begun))
				size = w.Body.Len()
				if w.Code != http.StatusOK {
					b.Fatalf("%s: %d %s", req.URL, w.Code, w.Body)
				}
			}
		})
		if len(took) > 0 { // it was asked for
			slices.Sort(took)
			at := func(percent int) float64 { return float64(took[len(took)*percent/100].Microseconds()) / 1000 }
			fmt.Fprintf(table, "%s %-24s %8.1f %8.1f %8d\n", head, page.name, at(50), at(95), size/1024)
		}
	}
}

// benchQueue is the queue of a database, in which a site waits.
func benchQueue(b *testing.B, db *store.Store) web.Queue {
	b.Helper()
	plan := &jobs.Plan{}
	q, err := jobs.Open(b.Context(), db, jobs.Options{Plan: plan})
	noError(b, err)
	d := dashboardQueue{Queue: q, plan: plan}
	var sites []evidence.Site
	for i := range *benchSites {
		site, err := discover.ParseSite(fmt.Sprintf("www.site%04d.test", i))
		noError(b, err)
		sites = append(sites, site)
	}
	_, err = d.Enqueue(b.Context(), sites, "bench", 2)
	noError(b, err)
	return d
}

func benchSession(b *testing.B, db *store.Store) *http.Cookie {
	b.Helper()
	now, secret := time.Now().UTC(), account.NewSecret()
	id, err := account.DigestOf(secret)
	if err == nil {
		err = db.AddUser(b.Context(), account.User{Name: "bench", Role: account.Admin, Created: now, Changed: now})
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
		{"last findings", always("/findings?page=400")},
		{"findings of a site", ofSite("/findings?site=%s")},
		{"findings of a rule", func(_ *store.SiteStatus, i int) string { return "/findings?rule=" + rules.All()[i%len(rules.All())].ID }},
		{"findings of a provider", func(_ *store.SiteStatus, i int) string { return fmt.Sprintf("/findings?provider=Provider+%d", i%300) }},
		{"findings of a severity", func(_ *store.SiteStatus, i int) string {
			return "/findings?severity=" + string(audit.Severities()[i%3])
		}},
		{"open findings", func(_ *store.SiteStatus, i int) string { return fmt.Sprintf("/findings?state=open&page=%d", 1+i%2) }},
		{"accepted findings", always("/findings?state=accepted")},
		{"summary", always("/findings/summary")},
		{"search", func(_ *store.SiteStatus, i int) string { return "/search?q=" + []string{"site00", "o", "own_7"}[i%3] }},
		{"acceptances", always("/acceptances")},
		{"queue", always("/queue")},
		{"account", always("/account")},
		{"users", always("/users")},
		{"findings.csv", func(s *store.SiteStatus, _ int) string { return "/scans/" + s.Latest.ID + "/findings.csv" }},
		{"report.json", func(s *store.SiteStatus, _ int) string { return "/scans/" + s.Latest.ID + "/report.json" }},
		{"API sites", always("/api/v1/sites?per_page=200")},
		{"API scan", func(s *store.SiteStatus, _ int) string { return "/api/v1/scans/" + s.Latest.ID }},
	}
	for _, sort := range web.SiteSorts() {
		pages = append(pages, benchPage{"sites by " + sort, always("/?sort=" + sort)})
	}
	return pages
}

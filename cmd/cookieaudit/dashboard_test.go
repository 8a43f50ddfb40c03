package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/profile"
	"cookieaudit/audit/rules"
	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/web"
	"cookieaudit/crawler"
	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// sampleDashboard serves a dashboard on a database with sample scans, and returns
// the secret of somebody who is signed in.
func sampleDashboard(t *testing.T, origin string) (server *httptest.Server, db *store.Store, secret string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample.db")
	if err := storeSample(path); err != nil {
		t.Fatal(err)
	}
	db = must(store.Open(t.Context(), path))(t)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Now().UTC()
	secret = account.NewSecret()
	if err := db.AddUser(t.Context(), account.User{Name: "ann", Role: account.Operator, Hash: "none", Created: now, Changed: now}); err != nil {
		t.Fatal(err)
	}
	session := account.Session{ID: must(account.DigestOf(secret))(t), User: "ann", Created: now, Seen: now}
	if err := db.StartSession(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	o := dashboardOptions(db)
	o.Rules, o.ParseSite, o.Origin = rules.All(), discover.ParseSite, origin
	server = httptest.NewTLSServer(must(web.New(o))(t))
	t.Cleanup(server.Close)
	return server, db, secret
}

// TestDashboardOnDatabase asks every page for what a database holds.
func TestDashboardOnDatabase(t *testing.T) {
	t.Parallel()
	server, db, secret := sampleDashboard(t, "https://dashboard.test")
	accepted := audit.Decision{Suppression: audit.Suppression{
		Rule: "UNDECLARED_COOKIE", Acceptance: audit.Acceptance{ID: "d1", Reason: "for now", Owner: "legal", Expires: "2999-01-01"},
	}, By: "ann", Made: time.Now()}
	if err := db.Decide(t.Context(), accepted); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/":                                       "shop.example",
		"/?q=GONE&sort=score":                     "host does not resolve",
		"/site?site=shop.example":                 "/scans/bbbb2222",
		"/scans/bbbb":                             "until 2999-01-01 by legal",
		"/scans/bbbb2222/cookies.csv":             "_pk_id",
		"/diff?old=bbbb2222&new=aaaa1111":         "another site",
		"/findings?state=accepted":                "for now",
		"/findings/summary":                       "UNDECLARED_COOKIE",
		"/search?q=_PK":                           "1 hit",
		"/acceptances":                            "legal",
		"/api/v1/scans/aaaa1111":                  `"outcome": "unavailable"`,
		"/api/v1/findings?rule=UNDECLARED_COOKIE": `"reason": "for now"`,
	} {
		req := must(http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil))(t)
		req.AddCookie(&http.Cookie{Name: "__Host-cookieaudit_session", Value: secret})
		res := must(server.Client().Do(req))(t)
		var body strings.Builder
		if err := res.Write(&body); err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != http.StatusOK || !strings.Contains(strings.ToLower(body.String()), strings.ToLower(want)) {
			t.Errorf("%s: %d, wants %q\n%s", path, res.StatusCode, want, body.String())
		}
	}
}

// TestDashboardIsClean scans the dashboard as somebody who is signed in, and
// holds it to what it holds others to.
func TestDashboardIsClean(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	const origin, name = "https://dashboard.test", "__Host-cookieaudit_session"
	server, _, secret := sampleDashboard(t, origin)
	c := must(crawler.New(t.Context(), crawler.Config{
		BrowserPath: truthBrowsers[0], Insecure: true, Offline: true, Names: fixtures.Names{}, Pages: 5,
		Resolve: []string{"dashboard.test:443:" + server.Listener.Addr().String()}, Profile: profile.Default, ToolVersion: "test",
		Start: crawler.Start{Cookies: []browser.StartCookie{{Name: name, Value: secret, URL: origin + "/", Path: "/", Secure: true, HTTPOnly: true, SameSite: "Lax"}}},
	}))(t)
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	scan := must(c.Scan(t.Context(), must(discover.ParseSite(origin+"/"))(t)))(t)
	engine, _, err := newEngine()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range engine.Judge(scan).Findings {
		if f.Verdict == audit.Violation && f.Severity.AtLeast(audit.Low) {
			t.Errorf("%s %s: %s (%s)", f.Severity, f.Rule, f.Message, f.Subject.Name)
		}
	}
	if scan.Outcome != evidence.Complete {
		t.Errorf("the scan is %s: %s", scan.Outcome, scan.Why)
	}
	if len(scan.Declarations) != 1 || scan.Declarations[0].Name != name || scan.Declarations[0].Seconds == nil ||
		*scan.Declarations[0].Seconds != int64(account.SessionLife.Seconds()) || scan.Declarations[0].Category != evidence.Necessary {
		t.Errorf("declared is %+v", scan.Declarations)
	}
	for _, q := range scan.Requests {
		t.Errorf("the dashboard asks for %s", q.URL)
	}
}

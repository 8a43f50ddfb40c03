package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

// axeSource is the npm package axe-core, which .ci/packages installs.
const axeSource = "../../../../.ci/tools/node_modules/axe-core/axe.min.js"

// oneOfEach is a page of every template, with as much on it as there can be.
func oneOfEach() []string {
	return []string{
		"/", "/site?site=shop.example", "/scans/shop-3", "/scans/evil-1", "/diff?old=shop-2&new=shop-3", "/findings", "/findings/summary",
		"/search?q=example", "/queue", "/acceptances", "/users", "/account", "/cookies", "/login", "/nothing",
	}
}

// TestAccessible has axe-core look at every page: at all in light colours, at the
// contrast in dark ones too.
func TestAccessible(t *testing.T) {
	t.Parallel()
	const path = "chromium-headless-shell"
	if _, err := exec.LookPath(path); testing.Short() || err != nil {
		t.Skipf("needs %s", path)
	}
	axe, err := os.ReadFile(axeSource)
	if err != nil {
		t.Skipf("needs axe-core: %v", err)
	}
	s := newTestSite(t)
	v := s.as(t, account.Admin)
	v.form("/scans", "sites", "https://shop.example/\nhttps://evil.example/")
	v.form("/queue/1/cancel")
	v.form("/acceptances", "rule", "UNDECLARED_COOKIE", "site", "shop.example", "reason", "in the next version", "owner", "legal", "expires", "2026-08-01")
	v.form("/account/tokens", "name", "ci")
	chrome, err := browser.Launch(t.Context(), browser.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := chrome.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, dark := range []bool{false, true} {
		server := httptest.NewServer(bare(s.Config.Handler, dark))
		t.Cleanup(server.Close)
		visit, err := chrome.NewVisit(t.Context(), browser.VisitOptions{Phase: evidence.Before, RealTime: true})
		if err != nil {
			t.Fatal(err)
		}
		b := &tab{t: t, visit: visit, base: server.URL}
		options := `{resultTypes: ["violations"]}`
		if dark {
			options = `{resultTypes: ["violations"], runOnly: ["color-contrast"]}`
		}
		b.open("/cookies") // no page of one who is signed in yet
		b.signIn()
		for _, page := range oneOfEach() {
			b.open(page)
			b.accessible(page, string(axe), options)
		}
		if err := visit.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}
}

// bare leaves out the policy that would keep axe from running, and has the dark
// colours whatever the browser prefers.
func bare(next http.Handler, dark bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		next.ServeHTTP(rec, r)
		body := rec.Body.Bytes()
		if r.URL.Path == "/style.css" && dark {
			body = bytes.Replace(body, []byte("(prefers-color-scheme: dark)"), []byte("(min-width: 0)"), 1)
		}
		for name, values := range rec.Header() {
			if name != "Content-Security-Policy" && name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		if rec.Code != http.StatusNotFound { // which the browser would not look at
			w.WriteHeader(rec.Code)
		}
		_, _ = w.Write(body)
	})
}

// accessible wants nothing grave of a page, everything on it opened.
func (b *tab) accessible(page, axe, options string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*time.Minute)
	defer cancel()
	b.eval(`document.querySelectorAll("details").forEach(d => d.open = true), ""`)
	var found string
	b.must("axe", b.visit.Top().Eval(ctx, axe+`; axe.run(document, `+options+`).then(r => JSON.stringify(r.violations))`, &found))
	var violations []struct {
		ID, Impact, Help string
		Nodes            []struct{ HTML, FailureSummary string }
	}
	b.must("read what axe says", json.Unmarshal([]byte(found), &violations))
	for _, x := range violations {
		if x.Impact == "serious" || x.Impact == "critical" {
			b.t.Errorf("%s: axe: %s (%s): %s: %s: %s", page, x.ID, x.Impact, x.Help, x.Nodes[0].HTML, x.Nodes[0].FailureSummary)
		} else {
			b.t.Logf("%s: axe: %s (%s): %s: %s", page, x.ID, x.Impact, x.Help, x.Nodes[0].HTML)
		}
	}
}

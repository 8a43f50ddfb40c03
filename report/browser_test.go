package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// axeSource is the npm package axe-core, which .ci/packages installs.
const axeSource = "../.ci/tools/node_modules/axe-core/axe.min.js"

// watch keeps what a page complains of: errors, console messages, and what its
// Content-Security-Policy kept from happening.
const watch = `window.complaints = [];
addEventListener("error", e => complaints.push("error: " + e.message), true);
addEventListener("unhandledrejection", e => complaints.push("rejection: " + e.reason));
document.addEventListener("securitypolicyviolation", e => complaints.push("policy: " + e.violatedDirective + " " + e.blockedURI));
for (const name of ["error", "warn", "log"]) console[name] = (...a) => complaints.push(name + ": " + a.join(" "));
for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => complaints.push(name);`

// TestPagesInABrowser opens pages in a real browser, the one of a hostile site
// among them: nothing of the site runs, nothing is loaded, nobody is shut out.
func TestPagesInABrowser(t *testing.T) { //nolint:tparallel // one page at a time: axe takes a core
	t.Parallel()
	const path = "chromium-headless-shell"
	if _, err := exec.LookPath(path); testing.Short() || err != nil {
		t.Skipf("needs %s", path)
	}
	axe, err := os.ReadFile(axeSource)
	if err != nil {
		t.Logf("accessibility is not checked by axe: %v", err)
	}
	server := servePages(t)
	b, err := browser.Launch(t.Context(), browser.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, name := range []string{"rich", "hostile", "partial", "index"} {
		t.Run(name, func(t *testing.T) {
			v := openPage(t, b, server.URL+"/"+name)
			if name == "rich" {
				useKeyboard(t, v)
			}
			var scripts int
			eval(t, v, "document.scripts.length", &scripts)
			if scripts != 2 {
				t.Errorf("%d scripts, want the page's own and that of the test", scripts)
			}
			if len(axe) > 0 {
				accessible(t, v, string(axe))
			}
			if len(axe) > 0 && (name == "rich" || name == "partial") {
				accessible(t, openPage(t, b, server.URL+"/"+name+"/dark"), string(axe))
			}
			fits(t, b, server.URL+"/"+name)
			complaints := []string{}
			if err := v.Top().EvalMain(t.Context(), "complaints", &complaints); err != nil {
				t.Fatal(err)
			}
			for _, c := range complaints {
				t.Errorf("the page complains: %s", c)
			}
			for _, q := range v.Capture().Exchanges {
				if q.Type != "document" && !strings.HasPrefix(q.URL, "data:image/png") {
					t.Errorf("the page asks for %s", q.URL)
				}
			}
		})
	}
}

func servePages(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	var entries []report.IndexEntry
	serve := func(name string, write func(*bytes.Buffer) error) {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		mux.HandleFunc("/"+name+"/dark", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, dark(b.String()))
		})
		// Beside a frame, whose width media queries go by.
		for width, look := range map[string]string{"390": b.String(), "678": strings.Replace(b.String(), "@media print", "@media all", 1)} {
			mux.HandleFunc("/"+name+"/"+width, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = io.WriteString(w, strings.Replace(look, "Content-Security-Policy", "x-none", 1))
			})
			mux.HandleFunc("/"+name+"/in/"+width, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = io.WriteString(w, `<!doctype html><iframe style="border:0" width=`+width+` height=800 src="/`+name+"/"+width+`"></iframe>`)
			})
		}
		// Before the policy of the page, which lets no other script run.
		page := strings.Replace(b.String(), "<head>", "<head><script>"+watch+"</script>", 1)
		mux.HandleFunc("/"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, page)
		})
	}
	for _, s := range samples() {
		r := report.New(s.scan, s.judge)
		entries = append(entries, report.IndexEntry{Report: r, Path: s.name + ".html"})
		serve(s.name, func(b *bytes.Buffer) error { return report.WriteHTML(b, r, report.Options{}) })
	}
	serve("index", func(b *bytes.Buffer) error { return report.WriteIndex(b, entries) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// dark is a page as whoever prefers dark colours sees it; its policy knows no
// other style than its own.
func dark(page string) string {
	page = strings.Replace(page, "(prefers-color-scheme: dark)", "(min-width: 0)", 1)
	return strings.Replace(page, "Content-Security-Policy", "x-none", 1)
}

func openPage(t *testing.T, b *browser.Browser, address string) *browser.Visit {
	t.Helper()
	v, err := b.NewVisit(t.Context(), browser.VisitOptions{Phase: evidence.Before, RealTime: true, Trace: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	p, err := v.Open(t.Context(), address, "", 30*time.Second)
	if err != nil || p.Outcome != evidence.Complete {
		t.Fatalf("%v, %+v", err, p)
	}
	return v
}

func eval(t *testing.T, v *browser.Visit, expression string, out any) {
	t.Helper()
	if err := v.Top().Eval(t.Context(), expression, out); err != nil {
		t.Fatal(err)
	}
}

// accessible runs axe-core.
func accessible(t *testing.T, v *browser.Visit, axe string) {
	t.Helper()
	eval(t, v, `document.querySelectorAll("details").forEach(d => d.open = true), 0`, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	// A page that does not answer is at work.
	_ = v.Top().Eval(ctx, axe+`; setTimeout(() => axe.run(document, {resultTypes: ["violations"]})
		.then(r => globalThis.found = JSON.stringify(r.violations), e => globalThis.failed = String(e)), 0); 0`, nil)
	var state struct{ Found, Failed string }
	for state.Found == "" && state.Failed == "" {
		if err := ctx.Err(); err != nil {
			t.Fatalf("axe: %v", err)
		}
		_ = v.Top().Eval(ctx, `new Promise(r => setTimeout(r, 50)).then(() => ({Found: globalThis.found ?? "", Failed: globalThis.failed ?? ""}))`, &state)
	}
	if state.Failed != "" {
		t.Fatalf("axe: %s", state.Failed)
	}
	var violations []struct {
		ID, Impact, Help string
		Nodes            []struct {
			HTML           string
			FailureSummary string
		}
	}
	if err := json.Unmarshal([]byte(state.Found), &violations); err != nil {
		t.Fatal(err)
	}
	for _, x := range violations {
		if x.Impact == "serious" || x.Impact == "critical" {
			t.Errorf("axe: %s (%s): %s: %s: %s", x.ID, x.Impact, x.Help, x.Nodes[0].HTML, x.Nodes[0].FailureSummary)
		} else {
			t.Logf("axe: %s (%s): %s: %s", x.ID, x.Impact, x.Help, x.Nodes[0].HTML)
		}
	}
}

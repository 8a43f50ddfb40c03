package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

// A tab is a browser that a person uses the dashboard with.
type tab struct {
	t     *testing.T
	visit *browser.Visit
	base  string
}

// patience is how long a step may take on a machine that is busy.
const patience = 20 * time.Second

func (b *tab) must(doing string, err error) {
	b.t.Helper()
	if err != nil {
		page, _, _ := b.visit.Markup(context.WithoutCancel(b.t.Context())) // as much as there is
		b.t.Fatalf("%s at %s: %v\n%s", doing, b.visit.Top().URL(), err, page)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	p, err := b.visit.Open(b.t.Context(), b.base+path, "", patience)
	b.must("open "+path, err)
	if p.Outcome != evidence.Complete {
		b.t.Fatalf("open %s: %s: %s", path, p.Outcome, p.Why)
	}
}

func (b *tab) fill(selector, text string) {
	b.t.Helper()
	b.must("fill "+selector, b.visit.Fill(b.t.Context(), selector, text, true, patience))
}

func (b *tab) click(selector string) {
	b.t.Helper()
	b.must("click "+selector, b.visit.Click(b.t.Context(), selector, patience))
}

// see waits for a text in the page's content.
func (b *tab) see(text string) {
	b.t.Helper()
	quoted, err := json.Marshal(text)
	b.must("quote", err)
	ctx, cancel := context.WithTimeout(b.t.Context(), patience)
	defer cancel()
	for {
		var there bool
		err := b.visit.Top().Eval(ctx, "(document.querySelector('main') ?? document.body ?? document).innerText.includes("+string(quoted)+")", &there)
		if err == nil && there {
			return
		}
		if ctx.Err() != nil {
			b.must("wait for "+text, context.Cause(ctx))
		}
		b.must("wait for "+text, b.visit.Pass(b.t.Context(), 50*time.Millisecond))
	}
}

func (b *tab) eval(expression string) string {
	b.t.Helper()
	var out string
	b.must(expression, b.visit.Top().Eval(b.t.Context(), expression, &out))
	return out
}

// reports collects what browsers say against the pages' own policy.
type reports struct {
	mu  sync.Mutex
	all []string
}

// watched has browsers report what the policy of a page has kept from happening:
// what a console would say.
func (r *reports) watched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/policy-report" {
			body, _ := io.ReadAll(req.Body)
			r.mu.Lock()
			defer r.mu.Unlock()
			r.all = append(r.all, string(body))
			return
		}
		next.ServeHTTP(&reporting{ResponseWriter: w}, req)
	})
}

type reporting struct{ http.ResponseWriter }

func (w *reporting) WriteHeader(status int) {
	const name = "Content-Security-Policy"
	w.Header().Set(name, w.Header().Get(name)+"; report-uri /policy-report")
	w.ResponseWriter.WriteHeader(status)
}

func (w *reporting) Write(b []byte) (int, error) {
	if !strings.Contains(w.Header().Get("Content-Security-Policy"), "report-uri") {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// TestInBrowser does everything that can be done, in a real browser.
func TestInBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	for _, path := range []string{"chromium-headless-shell", "chromium"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(path); err != nil {
				t.Skipf("%s is not installed", path)
			}
			// The layout is the same engine's in both.
			useInBrowser(t, path, path == "chromium-headless-shell")
		})
	}
}

func useInBrowser(t *testing.T, path string, layout bool) {
	t.Helper()
	s := newTestSite(t)
	told := &reports{}
	server := httptest.NewServer(told.watched(s.Config.Handler))
	t.Cleanup(server.Close)
	chrome, err := browser.Launch(t.Context(), browser.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := chrome.Close(); err != nil {
			t.Error(err)
		}
	})
	visit, err := chrome.NewVisit(t.Context(), browser.VisitOptions{Phase: evidence.Before, RealTime: true, Trace: true})
	if err != nil {
		t.Fatal(err)
	}
	b := &tab{t: t, visit: visit, base: server.URL}
	b.signIn()
	b.scanAndQueue()
	b.accept()
	b.search()
	b.manageUsers()
	b.ownAccount()
	for _, page := range everyPage() {
		if layout && page != "/nothing" {
			b.open(page)
			b.checkLayout(page)
		}
	}
	if layout {
		b.useKeys()
	}
	b.open("/")
	b.click(".out button")
	b.see("You are signed out.")
	if err := visit.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	for _, r := range told.all {
		t.Errorf("the browser reports: %s", r)
	}
	for _, x := range visit.Capture().Exchanges {
		u, err := url.Parse(x.URL)
		switch {
		case err != nil || u.Scheme != "data" && "http://"+u.Host != server.URL:
			t.Errorf("a page asked for %s", x.URL)
		case x.Status >= 400 || x.Error != "" && !strings.Contains(x.Error, "ABORTED"):
			t.Errorf("%s %s: %d %s", x.Method, x.URL, x.Status, x.Error)
		}
	}
	for _, c := range visit.Record().Cookies {
		if c.Name != "cookieaudit_session" || !c.HTTPOnly {
			t.Errorf("the cookie %s was set", c.Name)
		}
	}
}

func (b *tab) signIn() {
	b.open("/queue")
	b.fill("#name", "admin")
	b.fill("#password", testPassword)
	b.click("form.stacked button")
	b.see("Scan sites now")
}

func (b *tab) scanAndQueue() {
	b.open("/site?site=shop.example")
	b.click(`form[action^="/scans"] button`)
	b.see("The scans are in the queue.")
	b.open("/")
	b.fill("#sites", "one.test\ntwo.test")
	b.click(`#sites ~ button`)
	b.see("https://two.test"[8:])
	b.click(`button[aria-label="Cancel job 1"]`)
	b.see("The scan is cancelled.")
	b.click(`button[aria-label="Retry job 1"]`)
	b.see("The scan is tried again.")
	b.click(`.tile a[href="/queue?state=pending"]`)
	b.see("All states")
	b.open("/site?site=shop.example")
	b.click(`input[name="old"][value="shop-2"]`)
	b.click(`input[name="new"][value="shop-3"]`)
	b.click(`form[action="/diff"] button`)
	b.see("PRE_CONSENT_ANALYTICS")
}

func (b *tab) accept() {
	b.open("/scans/shop-3")
	b.click("article.medium summary")
	b.fill(`article.medium input[name="reason"]`, "in the next version")
	b.click("article.medium form button")
	b.see("The finding is accepted.")
	b.see("by admin: in the next version")
	b.open("/acceptances")
	b.click(`button[aria-label^="Withdraw"]`)
	b.see("the finding is open again")
}

func (b *tab) search() {
	b.open("/search")
	b.fill("#q", "shop.exam")
	b.click(`main form button`)
	b.see("1 hit")
	b.click("tbody a")
	b.see("History")
	b.open("/findings")
	b.must("choose", b.visit.Top().Eval(b.t.Context(), `document.querySelector("#severity").value = "high", ""`, new(string)))
	b.click(`main form button`)
	b.see("2 potential violations")
}

func (b *tab) manageUsers() {
	b.open("/users")
	b.fill("#name", "eve")
	b.fill("#password", "a long pass phrase of hers")
	b.click("#add-h ~ form button")
	b.see("The user is added.")
	b.click(`form[action="/users/eve/remove"] button`)
	b.see("The user is removed.")
	b.click(`details:has(form[action="/users/viewer/change"]) summary`)
	b.must("choose", b.visit.Top().Eval(b.t.Context(), `document.querySelector('form[action="/users/viewer/change"] select').value = "operator", ""`, new(string)))
	b.click(`form[action="/users/viewer/change"] button`)
	b.see("The user is changed.")
}

func (b *tab) ownAccount() {
	b.open("/account")
	b.fill("#tname", "ci")
	b.click("#tname ~ button")
	b.see(account.TokenPrefix)
	b.open("/account")
	b.click(`button[aria-label="Revoke ci"]`)
	b.see("The token is revoked.")
	b.fill("#old", testPassword)
	b.fill("#new", "another phrase from now on")
	b.click("#new ~ button")
	b.see("The password is changed")
	b.fill("#name", "admin")
	b.fill("#password", "another phrase from now on")
	b.click("form.stacked button")
	b.see("Scan sites now")
}

// checkLayout wants a page to fit a phone, and everything that can be used to be
// reached with a keyboard, to be seen there, and to be readable.
func (b *tab) checkLayout(page string) {
	b.t.Helper()
	if got := b.eval(layoutScript); got != "" {
		b.t.Errorf("%s: %s", page, got)
	}
}

// layoutScript returns what is wrong with a page; empty where nothing is.
// Contrast is that of WCAG 2.2, 1.4.3: 4.5 to 1, and 3 to 1 for large text.
const layoutScript = `(() => {
  const wrong = [];
  document.documentElement.style.width = "360px";
  for (const e of document.querySelectorAll("main *, header *")) {
    if (e.closest(".scroll, svg") && !e.matches(".scroll")) continue;
    const r = e.getBoundingClientRect();
    if (r.width > 0 && r.right > 361 && !e.closest(".skip")) wrong.push("wider than a phone: " + e.outerHTML.slice(0, 120));
  }
  document.documentElement.style.width = "";
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, .scroll")) {
    if (e.tabIndex < 0 && !e.disabled && !e.matches("svg a")) wrong.push("not reached by a keyboard: " + e.outerHTML.slice(0, 120));
    if (!e.matches("svg a, .scroll") && !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length)) wrong.push("without a name: " + e.outerHTML.slice(0, 120));
  }
  const rgb = (s) => (s.match(/[\d.]+/g) ?? []).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((a, v, i) => a + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
  for (const e of document.querySelectorAll("body *:not(svg *)")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    const style = getComputedStyle(e), a = light(rgb(style.color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
    if (ratio < (size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5)) wrong.push("contrast " + ratio.toFixed(2) + ": " + e.outerHTML.slice(0, 120));
  }
  return [...new Set(wrong)].slice(0, 5).join("; ");
})()`

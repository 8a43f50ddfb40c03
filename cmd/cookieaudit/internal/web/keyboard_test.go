package web

import (
	"context"
	"os/exec"
	"strconv"
	"testing"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

func (b *tab) press(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.must("press "+k, b.visit.Press(b.t.Context(), k))
	}
}

func (b *tab) write(text string) {
	b.t.Helper()
	for _, r := range text {
		b.press(string(r))
	}
}

// tabTo presses Tab until what a selector names has the focus.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	for range 200 {
		b.press("Tab")
		if b.eval(`String(document.activeElement.matches(`+strconv.Quote(selector)+`))`) == "true" {
			return
		}
	}
	b.t.Fatalf("%s: Tab does not come to %s", b.visit.Top().URL(), selector)
}

// useKeys does what users do, with a keyboard alone.
func (b *tab) useKeys() {
	b.t.Helper()
	for _, page := range []string{"/", "/site?site=shop.example", "/scans/shop-3", "/findings", "/queue", "/users", "/account"} {
		b.open(page)
		b.walk(page)
	}
	b.open("/scans/shop-3")
	b.press("Tab", "Enter") // past the menu
	if got := b.eval(`document.activeElement.id`); got != "main" {
		b.t.Errorf("the link past the menu leads to %q", got)
	}
	b.tabTo("article.medium summary")
	b.press("Enter")
	b.tabTo(`article.medium input[name="reason"]`)
	b.write("by keys")
	b.press("Enter")
	b.see("by admin: by keys")
	b.open("/acceptances")
	b.tabTo(`td button[aria-label^="Withdraw"]`)
	b.press(" ")
	b.see("the finding is open again")
	b.open("/site?site=shop.example")
	b.tabTo(`input[name="old"]`)
	b.press("ArrowRight") // the next scan
	b.tabTo(`form[action="/diff"] button`)
	b.press("Enter")
	b.see("What changed")
	b.open("/site?site=shop.example")
	b.tabTo(`form[action^="/scans"] button`)
	b.press("Enter")
	b.see("The scans are in the queue.")
	b.open("/findings")
	b.tabTo("#severity")
	b.write("h") // high
	b.tabTo("main form button")
	b.press("Enter")
	b.see("2 potential violations")
}

// walk goes through a page by Tab. Everything comes in the order in which it is
// read, shows that it has the focus, and can be left again.
func (b *tab) walk(page string) {
	b.t.Helper()
	b.eval(`window.reached = [], ""`)
	for range 200 {
		b.press("Tab")
		if b.eval(`(() => {
			const e = document.activeElement;
			if (e === document.body || reached.some((r) => r.e === e)) return "end";
			const s = getComputedStyle(e), r = e.getBoundingClientRect();
			const dot = e.matches("svg a") ? getComputedStyle(e.querySelector("circle")) : s;
			reached.push({e, shown: parseFloat(dot.outlineWidth) >= 2 && dot.outlineStyle !== "none" && r.right > 0 && r.left < innerWidth});
			return "";
		})()`) == "end" {
			break
		}
	}
	if got := b.eval(`(() => {
		// Of the buttons of a group, Tab comes to the one that is chosen.
		const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, .scroll")].filter((e) => e.checkVisibility() && !e.disabled && !(e.type === "radio" && !e.checked));
		const order = reached.map((r) => r.e);
		const wrong = all.filter((e) => !order.includes(e)).map((e) => "not reached by Tab: " + e.outerHTML.slice(0, 120));
		for (let i = 1; i < order.length; i++) if (order[i - 1].compareDocumentPosition(order[i]) & Node.DOCUMENT_POSITION_PRECEDING) wrong.push("out of order: " + order[i].outerHTML.slice(0, 120));
		for (const r of reached) if (!r.shown) wrong.push("the focus is not seen: " + r.e.outerHTML.slice(0, 120));
		return wrong.slice(0, 5).join("; ");
	})()`); got != "" {
		b.t.Errorf("%s: %s", page, got)
	}
}

// TestOnPhone has a phone, which lays pages out by its own width, show every page.
func TestOnPhone(t *testing.T) {
	t.Parallel()
	const path = "chromium-headless-shell"
	if _, err := exec.LookPath(path); testing.Short() || err != nil {
		t.Skipf("needs %s", path)
	}
	s := newTestSite(t)
	chrome, err := browser.Launch(t.Context(), browser.Options{Path: path, Client: browser.Client{Device: "phone"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := chrome.Close(); err != nil {
			t.Error(err)
		}
	})
	visit, err := chrome.NewVisit(t.Context(), browser.VisitOptions{Phase: evidence.Before, RealTime: true})
	if err != nil {
		t.Fatal(err)
	}
	b := &tab{t: t, visit: visit, base: s.URL}
	b.signIn()
	b.fill("#sites", "one.test\ntwo.test")
	b.click(`#sites ~ button`)
	b.see("The scans are in the queue.")
	for _, page := range everyPage() {
		if page == "/nothing" {
			continue
		}
		b.open(page)
		b.checkLayout(page)
		if got := b.eval(touchScript); got != "" {
			t.Errorf("%s: %s", page, got)
		}
	}
	if err := visit.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}

// touchScript returns what is wrong with a page for fingers: what makes it wider
// than the screen, and targets that are neither 24 px wide and high nor far enough
// from others (WCAG 2.2, 2.5.8). A dot of a chart has its like in the table below.
const touchScript = `(() => {
  const wrong = [];
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page is " + document.documentElement.scrollWidth + " px wide, the screen " + innerWidth);
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((e) => e.checkVisibility() && !e.closest("svg, .skip"));
  const small = (r) => r.width < 24 || r.height < 24;
  for (const e of targets) {
    const r = e.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
    if (!small(r) || getComputedStyle(e).display === "inline" && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    for (const o of targets) {
      if (o === e) continue;
      const q = o.getBoundingClientRect();
      const far = small(q) ? Math.hypot(q.left + q.width / 2 - x, q.top + q.height / 2 - y) >= 24
        : Math.hypot(Math.max(q.left - x, x - q.right, 0), Math.max(q.top - y, y - q.bottom, 0)) >= 12;
      if (!far) { wrong.push("too small for a finger: " + e.outerHTML.slice(0, 120) + " (" + r.width.toFixed() + " by " + r.height.toFixed() + ")"); break; }
    }
  }
  return [...new Set(wrong)].slice(0, 5).join("; ");
})()`

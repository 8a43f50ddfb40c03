package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cookieaudit/crawler/browser"
)

// walk tells where the focus is, and remembers where it has been. What can have
// the focus has to get it in the order of the document, and to show it.
const walk = `globalThis.been = [];
globalThis.where = () => {
  const e = document.activeElement, last = been.at(-1), style = getComputedStyle(e);
  const out = {Tag: e.localName, In: e.closest("section")?.id ?? "", Head: Boolean(e.closest("thead")), Class: e.className};
  if (e === document.body) return out;
  out.Back = Boolean(last && !(last.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING));
  out.Shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  out.Text = (e.textContent || e.type || "").trim().slice(0, 60);
  been.push(e);
  return out;
};
globalThis.missed = () => [...document.querySelectorAll("main :is(a[href], button, input, summary, [tabindex='0'])")]
  .filter(e => e.checkVisibility() && !been.includes(e) && document.querySelector("#findings").compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING).map(e => e.outerHTML.slice(0, 80));
globalThis.table = () => {
  const t = document.querySelector("#cookies table.sortable"), rows = [...t.tBodies[0].rows];
  return {Names: rows.map(r => r.cells[0].textContent.trim()), Shown: rows.filter(r => r.checkVisibility()).map(r => r.cells[0].textContent.trim()),
    Sort: t.querySelector("thead th").getAttribute("aria-sort") ?? "", Said: document.querySelector("#cookies .filter [role=status]").textContent};
}; 0`

// A stop is where the focus is.
type stop struct {
	Tag, In, Class, Text string
	Head, Back, Shown    bool
}

// A keyboard is what somebody uses a page with who has no mouse.
type keyboard struct {
	*testing.T
	visit *browser.Visit
}

func (k keyboard) press(keys ...string) {
	k.Helper()
	for _, key := range keys {
		if err := k.visit.Press(k.Context(), key); err != nil {
			k.Fatal(err)
		}
	}
}

func (k keyboard) ask(expression string, out any) {
	k.Helper()
	eval(k.T, k.visit, expression, out)
}

// until waits for what a key brings about.
func (k keyboard) until(what, expression string) {
	k.Helper()
	for end := time.Now().Add(20 * time.Second); ; {
		var is bool
		k.ask(`new Promise(r => requestAnimationFrame(r)).then(() => Boolean(`+expression+`))`, &is)
		if is {
			return
		}
		if time.Now().After(end) {
			k.Fatalf("%s: not seen within 20 s", what)
		}
	}
}

// useKeyboard goes through the page by Tab and uses what it comes by: the link
// that skips, headings that sort, the filter, summaries that open.
func useKeyboard(t *testing.T, v *browser.Visit) {
	t.Helper()
	k := keyboard{t, v}
	k.ask(walk, nil)
	var at stop
	k.press("Tab")
	if k.ask("where()", &at); at.Class != "skip" || !at.Shown {
		t.Fatalf("Tab leads to %+v, want the link that skips", at)
	}
	k.press("Enter")
	k.until("the findings", `location.hash === "#findings"`)
	used := map[string]bool{}
	for steps := 0; steps < 1000; steps++ {
		k.press("Tab")
		at = stop{}
		if k.ask("where()", &at); at.Tag == "body" || at.Class == "skip" {
			break
		}
		if at.Back || !at.Shown {
			t.Errorf("the focus at %+v: in the order of the page %v, shown %v", at, !at.Back, at.Shown)
		}
		switch use := at.Tag + " " + at.In; {
		case used[use]:
		case use == "button cookies":
			k.sort()
			used[use] = true
		case use == "input cookies":
			k.filter()
			used[use] = true
		case at.Tag == "summary":
			k.press("Enter")
			k.until("Enter opens "+at.Text, `document.activeElement.parentElement.open`)
			k.press(" ")
			k.until("the space bar closes "+at.Text, `!document.activeElement.parentElement.open`)
			used[use] = true
		}
	}
	var missed []string
	if k.ask(`missed()`, &missed); len(missed) > 0 {
		t.Errorf("Tab does not lead to %q", missed)
	}
	for _, want := range []string{"button cookies", "input cookies", "summary timeline", "summary findings", "summary method"} {
		if !used[want] {
			t.Errorf("Tab led to no %s", want)
		}
	}
}

// A list is what the table of cookies shows.
type list struct {
	Names, Shown []string
	Sort, Said   string
}

// sort sorts by the heading that has the focus.
func (k keyboard) sort() {
	k.Helper()
	var up, down list
	k.press("Enter")
	k.ask("table()", &up)
	k.press(" ")
	k.ask("table()", &down)
	slices.Reverse(down.Names)
	if up.Sort != "ascending" || down.Sort != "descending" || len(up.Names) < 6 || !slices.Equal(up.Names, down.Names) ||
		!slices.IsSortedFunc(up.Names, func(a, b string) int {
			return strings.Compare(strings.ToLower(a), strings.ToLower(b))
		}) {
		k.Errorf("sorted by the keyboard: %+v, then %+v", up, down)
	}
}

// filter types into the filter, which has the focus, and empties it again.
func (k keyboard) filter() {
	k.Helper()
	var all, some, again list
	k.ask("table()", &all)
	for _, c := range all.Names[0] {
		k.press(string(c))
	}
	k.ask("table()", &some)
	want := slices.DeleteFunc(slices.Clone(all.Names), func(name string) bool { return !strings.Contains(name, all.Names[0]) })
	if len(want) == len(all.Names) || !slices.Equal(want, some.Shown) || some.Said != fmt.Sprintf("%d of %d rows", len(want), len(all.Names)) {
		k.Errorf("filtered by %q: %+v, want %q", all.Names[0], some, want)
	}
	k.press("Escape")
	if k.ask("table()", &again); !slices.Equal(again.Shown, all.Names) {
		k.Errorf("after Escape %+v, want all rows", again)
	}
}

// fits looks at a page on a phone and on paper: what is wider than a phone and
// cannot be scrolled is out of sight, and what is wider than paper has the
// browser print everything smaller, which can be read up to a fifth.
func fits(t *testing.T, b *browser.Browser, address string) {
	t.Helper()
	for width, most := range map[string]float64{"390": 390, "678": 678 * 1.2} {
		v := openPage(t, b, address+"/in/"+width)
		var got struct {
			Page, Frame float64
			Widest      string
		}
		eval(t, v, `(() => {
  const d = frames[0].document, out = {Page: d.documentElement.scrollWidth, Frame: d.documentElement.clientWidth};
  const wide = [...d.querySelectorAll("main *")].find(e => !e.querySelector("*") && !e.closest(".scroll") && e.getBoundingClientRect().right > out.Frame + 1);
  return {...out, Widest: (wide?.closest("table, figure, li, dl") ?? wide)?.outerHTML.slice(0, 300) ?? ""};
})()`, &got)
		if got.Page > most || got.Frame == 0 {
			t.Errorf("at %s pixels the page is %.0f wide: %s", width, got.Page, got.Widest)
		}
	}
}

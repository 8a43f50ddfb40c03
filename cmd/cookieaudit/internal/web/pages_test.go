package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"cookieaudit/cmd/cookieaudit/internal/account"
)

// everyPage is every page that can be asked for.
func everyPage() []string {
	return []string{
		"/", "/?q=shop&sort=score", "/site?site=" + url.QueryEscape("https://shop.example/"), "/site?site=gone.example", "/site?site=evil.example",
		"/scans/shop-3", "/scans/gone-1", "/scans/evil-1", "/diff?old=shop-2&new=shop-3", "/diff?old=shop-3&new=gone-1",
		"/findings", "/findings?rule=UNDECLARED_COOKIE&state=open", "/findings?rule=" + url.QueryEscape(hostileText[:40]), "/findings/summary",
		"/search", "/search?q=example", "/search?q=" + url.QueryEscape("<b>"), "/queue", "/queue?state=pending", "/acceptances", "/users", "/account", "/cookies", "/login", "/nothing",
	}
}

// TestPages wants every page to be whole: HTML that is as it is meant to be, with
// what people need who do not see it or do not use a mouse, and nothing in it that
// a site has put there.
func TestPages(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.as(t, account.Admin)
	v.form("/scans", "sites", "https://shop.example/")
	v.form("/acceptances", "rule", "UNDECLARED_COOKIE", "site", "shop.example", "reason", hostileText[:50], "owner", "legal", "expires", "2026-08-01")
	v.form("/account/tokens", "name", "ci")
	for _, path := range everyPage() {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			a := v.get(path)
			want := http.StatusOK
			if path == "/nothing" {
				want = http.StatusNotFound
			}
			if a.status != want {
				t.Fatalf("status %d\n%s", a.status, a.body)
			}
			if got := a.header.Get("Content-Security-Policy"); got != pagePolicy {
				t.Errorf("policy %q", got)
			}
			checkPage(t, a.body)
		})
	}
}

func checkPage(t *testing.T, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	counts, ids, labelled := map[string]int{}, map[string]bool{}, map[string]bool{}
	var controls []*html.Node
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		counts[n.Data]++
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style":
				t.Errorf("<%s> has the attribute %s", n.Data, a.Key)
			case a.Key == "href", a.Key == "src", a.Key == "action":
				if u, err := url.Parse(a.Val); err != nil || u.Host != "" || u.Scheme != "" && u.Scheme != "data" {
					t.Errorf("<%s %s=%q> leads away", n.Data, a.Key, a.Val)
				}
			case a.Key == "id":
				if ids[a.Val] {
					t.Errorf("the ID %q is there twice", a.Val)
				}
				ids[a.Val] = true
			case a.Key == "for":
				labelled[a.Val] = true
			}
		}
		switch n.Data {
		case "script", "iframe", "object", "embed", "style", "base":
			t.Errorf("the page has a <%s>", n.Data)
		case "input", "select", "textarea":
			if attr(n, "type") != "hidden" {
				controls = append(controls, n)
			}
		case "img":
			if attr(n, "onerror") != "" || attr(n, "src") == "x" {
				t.Error("a site has put a picture into the page")
			}
		}
	}
	for _, n := range controls {
		inLabel := false
		for p := range n.Ancestors() {
			inLabel = inLabel || p.Data == "label"
		}
		if !inLabel && !labelled[attr(n, "id")] && attr(n, "aria-label") == "" {
			t.Errorf("<%s name=%q> has no label", n.Data, attr(n, "name"))
		}
	}
	for _, tag := range []string{"main", "h1", "header", "footer", "title"} {
		if counts[tag] < 1 || counts[tag] > 1 && tag != "title" { // a chart's dots have titles
			t.Errorf("the page has %d <%s>", counts[tag], tag)
		}
	}
	if !strings.Contains(body, `<html lang="en">`) || !strings.Contains(body, `class="skip" href="#main"`) {
		t.Error("the page lacks its language or the way past the menu")
	}
	for _, c := range "\u202e\x00\x1b" {
		if strings.ContainsRune(body, c) {
			t.Errorf("the page holds the character %U of a site", c)
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// TestNotLookedAt wants what could not be looked at to be told apart from what is
// not there.
func TestNotLookedAt(t *testing.T) {
	t.Parallel()
	v := newTestSite(t).as(t, account.Viewer)
	tests := []struct{ path, want, never string }{
		{"/?q=gone", `<td class="num">?</td>`, `<td class="num">0</td><td class="num">0</td>`},
		{"/?q=evil", `<td class="num">1+</td>`, `<td class="num">1</td>`},
		{"/?q=shop", `<td class="num">0</td>`, `?</td>`},
		{"/site?site=gone.example", "unavailable", ">0</td></tr>"},
		{"/scans/gone-1", "Could not look", "None was found"},
		{"/scans/gone-1", "no rule could be answered", "Score 100"},
		{"/diff?old=shop-3&new=gone-1", "not seen this time", "<td>gone</td>"},
		{"/findings?rule=COOKIE_NO_SECURE", "could not look at", ""},
		{"/search?q=zzz", "could not look at", ""},
	}
	for _, test := range tests {
		a := v.get(test.path)
		a.body = html.UnescapeString(a.body)
		if !strings.Contains(a.body, test.want) {
			t.Errorf("%s lacks %q\n%s", test.path, test.want, a.body)
		}
		if test.never != "" && strings.Contains(a.body, test.never) {
			t.Errorf("%s has %q", test.path, test.never)
		}
	}
}

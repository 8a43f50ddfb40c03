package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"cookieaudit/report"
)

// pages renders the page of every sample, and the index of them all.
func pages(t *testing.T) map[string]*html.Node {
	t.Helper()
	out := map[string]*html.Node{}
	var entries []report.IndexEntry
	for _, s := range samples() {
		r := report.New(s.scan, s.judge)
		var b bytes.Buffer
		if err := report.WriteHTML(&b, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		out[s.name] = parse(t, &b)
		entries = append(entries, report.IndexEntry{Report: r, Path: "sites/" + s.name + ".html"})
	}
	var b bytes.Buffer
	if err := report.WriteIndex(&b, entries); err != nil {
		t.Fatal(err)
	}
	out["index"] = parse(t, &b)
	return out
}

func parse(t *testing.T, b *bytes.Buffer) *html.Node {
	t.Helper()
	doc, err := html.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func elements(doc *html.Node) []*html.Node {
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			out = append(out, n)
		}
	}
	return out
}

func content(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// Whatever a site sends becomes text: the pages hold only elements and attributes
// that the templates write, and follow or load nothing else.
func TestHTMLHoldsOnlyOurElements(t *testing.T) {
	t.Parallel()
	allowed := strings.Fields(`html head meta style title body a header main nav footer section article p h1 h2 h3 h4 bdi b br small code q
		div span ul li dl dt dd table caption thead tbody tr th td details summary figure figcaption blockquote svg line circle text img script`)
	attrs := strings.Fields(`lang charset http-equiv content name class href rel id aria-label aria-labelledby aria-hidden tabindex role scope
		data-sort viewbox x1 x2 y1 y2 x y cx cy r text-anchor src alt`)
	for name, doc := range pages(t) {
		for _, n := range elements(doc) {
			if !slices.Contains(allowed, n.Data) {
				t.Errorf("%s: element <%s>", name, n.Data)
			}
			for _, a := range n.Attr {
				if !slices.Contains(attrs, strings.ToLower(a.Key)) {
					t.Errorf("%s: attribute %s=%q of <%s>", name, a.Key, a.Val, n.Data)
				}
			}
			if n.Data == "img" && !strings.HasPrefix(attr(n, "src"), "data:image/png;base64,") || n.Data != "img" && attr(n, "src") != "" {
				t.Errorf("%s: <%s> loads %q", name, n.Data, attr(n, "src"))
			}
			if href := attr(n, "href"); n.Data == "a" {
				checkLink(t, name, href, attr(n, "rel"))
			} else if href != "" {
				t.Errorf("%s: <%s> refers to %q", name, n.Data, href)
			}
		}
	}
}

func checkLink(t *testing.T, page, href, rel string) {
	t.Helper()
	u, err := url.Parse(href)
	switch {
	case err != nil:
		t.Errorf("%s: link %q: %v", page, href, err)
	case u.Scheme == "http" || u.Scheme == "https":
		if !strings.Contains(rel, "noreferrer") {
			t.Errorf("%s: link %q tells where it was followed from", page, href)
		}
	case u.Scheme != "" || u.Host != "":
		t.Errorf("%s: link %q", page, href)
	case page != "index" && !strings.HasPrefix(href, "#"):
		t.Errorf("%s: link %q leaves the page", page, href)
	}
}

// The policy of each page allows its own style and script by their hashes, and
// nothing else but pictures inside the page.
func TestHTMLContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	for name, doc := range pages(t) {
		csp := ""
		for _, n := range elements(doc) {
			if attr(n, "http-equiv") == "Content-Security-Policy" {
				csp = attr(n, "content")
			}
		}
		if !strings.HasPrefix(csp, "default-src 'none'; ") {
			t.Errorf("%s: policy %q", name, csp)
		}
		found := 0
		for _, n := range elements(doc) {
			if n.Data != "style" && n.Data != "script" {
				continue
			}
			found++
			sum := sha256.Sum256([]byte(content(n)))
			if want := n.Data + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(csp, want) {
				t.Errorf("%s: the policy does not allow <%s>: want %s", name, n.Data, want)
			}
		}
		if found != 2 {
			t.Errorf("%s: %d styles and scripts, want one of each", name, found)
		}
	}
}

// What a screen reader needs: captions, scopes, headings in order, unique ids and
// references that lead somewhere.
func TestHTMLIsAccessible(t *testing.T) {
	t.Parallel()
	for name, doc := range pages(t) {
		ids, level, h1 := map[string]int{}, 0, 0
		for _, n := range elements(doc) {
			if id := attr(n, "id"); id != "" {
				ids[id]++
			}
			switch n.Data {
			case "html":
				if attr(n, "lang") == "" {
					t.Errorf("%s: no language", name)
				}
			case "table":
				if !slices.ContainsFunc(elements(n), func(c *html.Node) bool { return c.Data == "caption" }) {
					t.Errorf("%s: a table without caption", name)
				}
			case "th":
				if s := attr(n, "scope"); s != "col" && s != "row" {
					t.Errorf("%s: a heading cell without scope: %s", name, content(n))
				}
			case "h1", "h2", "h3", "h4":
				next := int(n.Data[1] - '0')
				if next > level+1 {
					t.Errorf("%s: %s follows h%d", name, n.Data, level)
				}
				level = next
				if level == 1 {
					h1++
				}
			case "img":
				if attr(n, "alt") == "" {
					t.Errorf("%s: a picture without a text", name)
				}
			}
		}
		if h1 != 1 {
			t.Errorf("%s: %d main headings", name, h1)
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: %d elements with id %s", name, n, id)
			}
		}
		for _, n := range elements(doc) {
			ref := attr(n, "aria-labelledby")
			if f, ok := strings.CutPrefix(attr(n, "href"), "#"); ok {
				ref = f
			}
			if ref != "" && ids[ref] == 0 {
				t.Errorf("%s: <%s> refers to %s, which is not there", name, n.Data, ref)
			}
		}
	}
}

// A page shows everything that was observed, and only true pictures.
func TestHTMLShowsWhatIsThere(t *testing.T) {
	t.Parallel()
	docs := pages(t)
	text := content(docs["rich"])
	for _, want := range []string{
		"7 potential violations", "PRE_CONSENT_ADVERTISING", "town_consent", "400 d", "answer 1.80 s", "SameSiteLax", "mt.queue", "ads.adnet.test",
		"We only use statistics cookies once you agree.", "Statistics", "Directive 2002/58/EC, Article 5(3)", "persistent", "not stated", "not looked for",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("rich: %q is missing", want)
		}
	}
	pictures := func(doc *html.Node) (n int) {
		for _, e := range elements(doc) {
			if e.Data == "img" {
				n++
			}
		}
		return n
	}
	if n := pictures(docs["rich"]); n != 1 {
		t.Errorf("rich: %d pictures, want 1", n)
	}
	if n := pictures(docs["hostile"]); n != 0 {
		t.Errorf("hostile: %d pictures, want none: the file is no PNG", n)
	}
	for _, n := range elements(docs["unavailable"]) {
		if c := attr(n, "class"); (strings.HasPrefix(c, "tile") && !strings.Contains(c, "pass") || c == "count") && strings.HasPrefix(content(n), "0") {
			t.Errorf("unavailable: %q reads as if there were none", content(n))
		}
	}
	if text := content(docs["unavailable"]); strings.Contains(text, "none found") || !strings.Contains(text, "no address is known for gone.test") {
		t.Error("unavailable: says that nothing was found, or not why")
	}
}

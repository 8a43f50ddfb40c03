package discover

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mapped serves files of http://example.org and finds its pages.
func mapped(t *testing.T, files map[string]string, links []Link, c Choice) Selection {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := files[r.Host+r.URL.Path]
		switch {
		case !ok:
			http.NotFound(w, r)
		case body == "500":
			w.WriteHeader(http.StatusInternalServerError)
		default:
			fmt.Fprint(w, body)
		}
	}))
	t.Cleanup(srv.Close)
	f := New(Options{Timeout: 5 * time.Second, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, srv.Listener.Addr().String())
	}})
	t.Cleanup(f.Close)
	return f.Select(t.Context(), site(t, "http://example.org/"), links, c)
}

func urlset(addresses ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">`)
	for _, a := range addresses {
		fmt.Fprintf(&b, "<url>\n<loc> %s </loc><image:image><image:loc>%s/picture</image:loc></image:image></url>", a, a)
	}
	return b.String() + "</urlset>"
}

func index(addresses ...string) string {
	var b strings.Builder
	b.WriteString(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for _, a := range addresses {
		fmt.Fprintf(&b, "<sitemap><loc>%s</loc></sitemap>", a)
	}
	return b.String() + "</sitemapindex>"
}

func zip(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSelect(t *testing.T) {
	t.Parallel()
	const at = "http://example.org"
	const fromMap = " was chosen from the sitemap: the landing page does not link to it"
	for _, tt := range []struct {
		name   string
		files  map[string]string
		links  []Link
		choice Choice
		want   Selection
	}{
		{
			"links are enough",
			map[string]string{"example.org/sitemap.xml": urlset(at + "/mapped")},
			to(at+"/a", at+"/b"),
			Choice{Pages: 2},
			Selection{Pages: []string{at + "/a", at + "/b"}},
		},
		{
			"the sitemap fills up, with kinds that the links do not have",
			map[string]string{"example.org/sitemap.xml": urlset(at+"/", at+"/news/3", at+"/about", at+"/logout", at+"/cart", "https://other.test/x", "javascript:x")},
			to(at+"/news/1", at+"/news/2"),
			Choice{Pages: 3},
			Selection{Pages: []string{at + "/news/1", at + "/about", at + "/news/2"}, Notes: []string{at + "/about" + fromMap}},
		},
		{
			"robots.txt names the sitemaps; an index, a compressed one, a text",
			map[string]string{
				"example.org/robots.txt": "User-agent: *\nDisallow: /b\nSitemap: http://example.org/maps\nsitemap: http://www.example.org/list.txt # the list\n",
				"example.org/maps":       index(at+"/one.xml.gz", at+"/maps", "http://other.test/two.xml"),
				"example.org/one.xml.gz": zip(t, urlset(at+"/a")), "www.example.org/list.txt": "\ufeff" + at + "/b\r\n\r\n" + at + "/c\n",
				"other.test/two.xml": urlset(at + "/d"), "example.org/sitemap.xml": urlset(at + "/unnamed"),
			},
			nil,
			Choice{Pages: 9},
			Selection{Pages: []string{at + "/b", at + "/c", at + "/a"}, Notes: []string{
				"the sitemap http://other.test/two.xml lies on another domain and was not read",
				at + "/b" + fromMap, at + "/b is visited as by a visitor, though robots.txt asks crawlers not to", at + "/c" + fromMap, at + "/a" + fromMap,
			}},
		},
		{
			"robots.txt is honoured where the user asks for it",
			map[string]string{"example.org/robots.txt": "User-agent: other\nDisallow: /\n\nUser-agent: x\nUser-agent: *\nDisallow: /shop/\nAllow: /shop/open$\nDisallow: /*.html?\n"},
			to(at+"/shop/1", at+"/shop/open", at+"/shop/open/2", at+"/a.html?x=1", at+"/a.html"),
			Choice{Pages: 9, HonourRobots: true},
			Selection{Pages: []string{at + "/shop/open", at + "/a.html"}},
		},
		{
			"our own group in robots.txt",
			map[string]string{"example.org/robots.txt": "User-agent: *\nDisallow: /\nUser-agent: CookieAudit/1.0\nDisallow: /a\n"},
			to(at+"/a", at+"/b"),
			Choice{Pages: 9, HonourRobots: true},
			Selection{Pages: []string{at + "/b"}},
		},
		{
			"a robots.txt that cannot be read",
			map[string]string{"example.org/robots.txt": "500"},
			to(at + "/a"),
			Choice{Pages: 9, HonourRobots: true},
			Selection{Notes: []string{"robots.txt could not be read (HTTP 500): no page beside the landing page was chosen"}},
		},
		{
			"include and exclude",
			map[string]string{"example.org/sitemap.xml": urlset(at+"/news/privacy", at+"/x")},
			to(at+"/news/one", at+"/news/two/x", at+"/about", at+"/news/logout"),
			Choice{Pages: 9, Include: []Pattern{"/news/*"}, Exclude: []Pattern{"*/x"}},
			Selection{Pages: []string{at + "/news/one", at + "/news/privacy"}, Notes: []string{at + "/news/privacy" + fromMap}},
		},
		{
			"pages of other languages in a sitemap come last",
			map[string]string{"example.org/sitemap.xml": urlset(at+"/fr/nous", at+"/us")},
			nil,
			Choice{Pages: 9},
			Selection{Pages: []string{at + "/us", at + "/fr/nous"}, Notes: []string{at + "/us" + fromMap, at + "/fr/nous" + fromMap}},
		},
		{"none asked", map[string]string{"example.org/robots.txt": "500"}, to(at + "/a"), Choice{HonourRobots: true}, Selection{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for range 2 {
				if d := cmp.Diff(tt.want, mapped(t, tt.files, tt.links, tt.choice)); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

// What a site sends in place of a sitemap bounds itself: the pages of the links
// are chosen all the same.
func TestSelectHostile(t *testing.T) {
	t.Parallel()
	const at = "http://example.org"
	robots := "Sitemap: " + at + "/map.xml\n"
	many := make([]string, 60000)
	for i := range many {
		many[i] = fmt.Sprintf("%s/p%d/%d", at, i, i)
	}
	for name, files := range map[string]map[string]string{
		"endless index":   {"example.org/map.xml": index(at+"/map.xml?1", at+"/map.xml?2", at+"/map.xml?3", at+"/map.xml?4", at+"/map.xml?5", at+"/map.xml?6")},
		"gzip bomb":       {"example.org/robots.txt": "Sitemap: " + at + "/map.xml.gz\n", "example.org/map.xml.gz": zip(t, urlset(at+"/"+strings.Repeat("x", maxMapBytes)))},
		"entity bomb":     {"example.org/map.xml": `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><urlset><url><loc>&b;&b;&b;</loc></url></urlset>`},
		"deep":            {"example.org/map.xml": "<urlset>" + strings.Repeat("<url>", 1<<18)},
		"not closed":      {"example.org/map.xml": "<urlset><url><loc>"},
		"html":            {"example.org/map.xml": "<!doctype html><title>Not found</title><p>x"},
		"binary":          {"example.org/map.xml": "\x00\x01\x02"},
		"another page":    {"example.org/map.xml": urlset("http://[::1", "//", "mailto:x", strings.Repeat("x", 1<<16))},
		"long robots.txt": {"example.org/robots.txt": strings.Repeat("Disallow: /*a*b*c\nSitemap: "+at+"/nothing\n", 1<<15)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if files["example.org/robots.txt"] == "" {
				files["example.org/robots.txt"] = robots
			}
			got := mapped(t, files, to(at+"/a"), Choice{Pages: 5, HonourRobots: true})
			if d := cmp.Diff([]string{at + "/a"}, got.Pages); d != "" {
				t.Error(d)
			}
			if len(got.Notes) > maxNamedMaps {
				t.Errorf("%d notes", len(got.Notes))
			}
		})
	}
	t.Run("more pages than are kept", func(t *testing.T) {
		t.Parallel()
		got := mapped(t, map[string]string{"example.org/sitemap.xml": urlset(many...)}, nil, Choice{Pages: 1 << 20})
		if len(got.Pages) != maxMappedFile {
			t.Errorf("%d pages, want %d", len(got.Pages), maxMappedFile)
		}
	})
}

func TestParsePattern(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ pattern, fits, not string }{
		{"/news/*", "/news/a/b?c=d", "/new"},
		{"*", "/", ""},
		{"/a*b*c", "/a-b-b-c", "/a-c-b"},
		{"*/print", "/x/print", "/x/printed"},
		{"/p?id=*", "/p?id=3", "/p?x=1"},
		{"/größe", "/gr%C3%B6%C3%9Fe", "/gross"},
		{"/a", "/a", "/ab"},
	} {
		p, err := ParsePattern(tt.pattern)
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		for _, x := range []struct {
			address string
			want    bool
		}{{tt.fits, true}, {tt.not, false}} {
			u, err := parseAddress("https://example.org" + x.address)
			if err != nil {
				t.Fatal(err)
			}
			if x.address != "" && p.matches(u) != x.want {
				t.Errorf("%s fits %s: %v", tt.pattern, x.address, !x.want)
			}
		}
	}
	for pattern, want := range map[string]string{
		"": "empty", "news": "did you mean /news or *news", "https://example.org/a": "against the path", "/" + strings.Repeat("x", maxPattern): "longer",
	} {
		if _, err := ParsePattern(pattern); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}

// A visitor's headers and cookies go to the visitor's site, over redirects too,
// and to nobody else.
func TestFetchAsVisitor(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got[r.Host+r.URL.Path] = strings.Join([]string{r.Header.Get("X-Mine"), r.Header.Get("Cookie"), r.UserAgent()}, "|")
		switch r.URL.Path {
		case "/1":
			http.Redirect(w, r, "http://www.example.org/2", http.StatusFound)
		case "/2":
			http.Redirect(w, r, "http://other.test/3", http.StatusFound)
		}
	}))
	t.Cleanup(srv.Close)
	f := New(Options{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, srv.Listener.Addr().String())
	}})
	t.Cleanup(f.Close)
	as := f.As(Visitor{UserAgent: "me", Domain: "example.org", Header: http.Header{"X-Mine": {"hush"}}, Cookies: []Cookie{
		{URL: "http://example.org/", Cookie: &http.Cookie{Name: "host", Value: "1"}},
		{URL: "http://example.org/", Cookie: &http.Cookie{Name: "wide", Value: "2", Domain: "example.org"}},
	}})
	for range 2 {
		if _, err := as.Fetch(t.Context(), "http://example.org/1"); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{"example.org/1": "hush|host=1; wide=2|me", "www.example.org/2": "hush|wide=2|me", "other.test/3": "||me"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func FuzzSitemap(f *testing.F) {
	for _, s := range []string{urlset("http://example.org/a"), index("http://example.org/m"), "http://example.org/a\n", "<a>", "<urlset><url><loc>&x;<![CDATA[y", "\xff\xfe<"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := parseSitemap(body)
		if err == nil && len(m.pages)+len(m.maps) > maxMappedFile {
			t.Fatalf("%d addresses", len(m.pages)+len(m.maps))
		}
	})
}

func FuzzRobots(f *testing.F) {
	for _, s := range []string{"User-agent: *\nDisallow: /*a*b$\nAllow: /", "sitemap:x", "user-agent:cookieaudit\ndisallow: %zz", "\ufeff#"} {
		f.Add([]byte(s), "/a/b?c")
	}
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		r := parseRobots(body)
		if u, err := parseAddress("https://example.org" + path); err == nil {
			r.disallows(u)
		}
		if len(r.rules) > maxRules || len(r.sitemaps) > maxNamedMaps {
			t.Fatalf("%d rules, %d sitemaps", len(r.rules), len(r.sitemaps))
		}
	})
}

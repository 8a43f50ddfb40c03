package discover

import (
	"testing"

	"cookieaudit/crawler/evidence"

	"github.com/google/go-cmp/cmp"
)

func site(t *testing.T, raw string) evidence.Site {
	t.Helper()
	s, err := ParseSite(raw)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func to(addresses ...string) []Link {
	var ls []Link
	for _, a := range addresses {
		ls = append(ls, Link{URL: a})
	}
	return ls
}

// choose is what a survey picks of links alone.
func choose(site evidence.Site, links []Link, c Choice) []string {
	s := &survey{site: site, choice: c}
	return append([]string{}, s.selection(s.rank(links)).Pages...)
}

func TestChoose(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		links []Link
		n     int
		want  []string
	}{
		{"none asked", to("https://example.org/a"), 0, []string{}},
		{"no links", nil, 3, []string{}},
		{
			"document order, no doubles", to("https://example.org/a", "https://example.org/b", "https://example.org/a/", "http://www.example.org/a#x", "https://example.org/c"), 5,
			[]string{"https://example.org/a", "https://example.org/b", "https://example.org/c"},
		},
		{"not the landing page", to("https://example.org/", "https://example.org/#top", "https://www.example.org/index.html", "https://example.org/a"), 5, []string{"https://example.org/a"}},
		{
			"same registrable domain, own host first", to("https://other.test/a", "https://shop.example.org/", "https://example.org.evil.test/", "https://www.example.org/b"), 5,
			[]string{"https://www.example.org/b", "https://shop.example.org/"},
		},
		{
			"one per template first", to("https://example.org/news/1", "https://example.org/news/2", "https://example.org/about", "https://example.org/p?id=1", "https://example.org/p?id=2"), 4,
			[]string{"https://example.org/news/1", "https://example.org/about", "https://example.org/p?id=1", "https://example.org/news/2"},
		},
		{
			"many side by side", to("https://example.org/blog/one", "https://example.org/blog/two", "https://example.org/blog/three", "https://example.org/blog/four", "https://example.org/jobs"), 2,
			[]string{"https://example.org/blog/one", "https://example.org/jobs"},
		},
		{
			"slugs", to("https://example.org/how-to-be-a-member", "https://example.org/why-we-do-this-work", "https://example.org/team"), 2,
			[]string{"https://example.org/how-to-be-a-member", "https://example.org/team"},
		},
		{
			"no files", to("https://example.org/a.pdf", "https://example.org/a.JPG", "https://example.org/a.zip?x", "https://example.org/feed/", "https://example.org/a.html", "https://example.org/a.php"), 9,
			[]string{"https://example.org/a.html", "https://example.org/a.php"},
		},
		{"download attribute", []Link{{URL: "https://example.org/report", Download: true}}, 9, []string{}},
		{
			"redirectors and shares", to("https://example.org/out?url=https%3A%2F%2Fother.test%2F", "https://example.org/x?share=facebook", "https://example.org/a?ref=https://example.org/b"), 9,
			[]string{"https://example.org/a?ref=https://example.org/b"},
		},
		{"languages last", []Link{
			{URL: "https://example.org/de/", Text: "DE"},
			{URL: "https://example.org/version-x", Text: "Français"},
			{URL: "https://example.org/y", Lang: "es"},
			{URL: "https://example.org/de/ueber-uns", Text: "Über uns"},
			{URL: "https://example.org/a"},
		}, 5, []string{"https://example.org/de/ueber-uns", "https://example.org/a", "https://example.org/de/", "https://example.org/version-x", "https://example.org/y"}},
		{"policies are read elsewhere", []Link{
			{URL: "https://example.org/cookie-policy"}, {URL: "https://example.org/x", Text: "Datenschutz"}, {URL: "https://example.org/legal/privacy", Text: "More"}, {URL: "https://example.org/a"},
		}, 5, []string{"https://example.org/a"}},
		{"words that are actions in another language only", []Link{
			{URL: "https://example.org/historia-del-museo", Text: "Historia del museo"}, {URL: "https://example.org/deli", Text: "Our deli"},
		}, 5, []string{"https://example.org/historia-del-museo", "https://example.org/deli"}},
		{"other schemes", to("ftp://example.org/a", "https://u:p@example.org/a"), 5, []string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := choose(site(t, "https://example.org/"), tt.links, Choice{Pages: tt.n})
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestChooseNeverActs(t *testing.T) {
	t.Parallel()
	for _, l := range []Link{
		{URL: "https://example.org/logout"},
		{URL: "https://example.org/user/log-out"},
		{URL: "https://example.org/signout?x=1"},
		{URL: "https://example.org/account/delete"},
		{URL: "https://example.org/x", Text: "Log out"},
		{URL: "https://example.org/x", Text: "Abmelden"},
		{URL: "https://example.org/x", Text: "Se déconnecter"},
		{URL: "https://example.org/x", Text: "Cerrar sesión"},
		{URL: "https://example.org/x", Text: "Esci"},
		{URL: "https://example.org/x", Text: "Uitloggen"},
		{URL: "https://example.org/x", Text: "Wyloguj się"},
		{URL: "https://example.org/x", Text: "Terminar sessão"},
		{URL: "https://example.org/x", Text: "Logga ut"},
		{URL: "https://example.org/x", Text: "Log ud"},
		{URL: "https://example.org/x", Text: "Kirjaudu ulos"},
		{URL: "https://example.org/x", Text: "Kijelentkezés"},
		{URL: "https://example.org/x", Text: "Odhlásit se"},
		{URL: "https://example.org/x", Text: "Вийти"},
		{URL: "https://example.org/x", Text: "Αποσύνδεση"},
		{URL: "https://example.org/x", Text: "Çıkış yap"},
		{URL: "https://example.org/x", Text: "ログアウト"},
		{URL: "https://example.org/x", Text: "Unsubscribe"},
		{URL: "https://example.org/newsletter/abbestellen"},
		{URL: "https://example.org/warenkorb"},
		{URL: "https://example.org/?add-to-cart=12"},
		{URL: "https://example.org/cart/add/3"},
		{URL: "https://example.org/a?action=delete"},
		{URL: "https://example.org/a?mode=logout"},
		{URL: "https://example.org/konto/l%C3%B6schen"},
		{URL: "https://example.org/checkout"},
	} {
		if got := choose(site(t, "https://example.org/"), []Link{l}, Choice{Pages: 1}); len(got) > 0 {
			t.Errorf("%+v was chosen", l)
		}
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	const page = `<!doctype html><base href="/sub/"><body>
<a href="a">  One
 two </a><a href="//other.test/x" rel="Nofollow" hreflang="DE"><img alt="Bild"></a>
<a href="mailto:a@b.c">m</a><a href="javascript:void 0">j</a><a href="#here">h</a><a href="ht
tps://example.org/split" download aria-label="Get it"></a><a name=x>no target</a>
<div class="cookie-bar"><a href="/p">policy</a></div>
<footer><map><area href="/area" alt="Area"></map></footer><a href="http://[bad">b</a>`
	got, err := Links("https://example.org/dir/page", []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	want := []Link{
		{URL: "https://example.org/sub/a", Text: "One two"},
		{URL: "https://other.test/x", Text: "Bild", Rel: "nofollow", Lang: "de"},
		{URL: "https://example.org/sub/#here", Text: "h"},
		{URL: "https://example.org/split", Text: "Get it", Download: true},
		{URL: "https://example.org/p", Text: "policy", InBanner: true},
		{URL: "https://example.org/area", Text: "Area", InFooter: true},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func FuzzLinks(f *testing.F) {
	f.Add("https://example.org/", []byte(`<a href="/cookie-policy">x</a><base href=//y><a href="?a=%zz&;b">`))
	f.Fuzz(func(t *testing.T, base string, body []byte) {
		links, err := Links(base, body)
		if err != nil {
			return
		}
		s, err := ParseSite(base)
		if err != nil {
			return
		}
		for _, p := range PolicyLinks(s, links) {
			if p.Kind == notPolicy {
				t.Errorf("policy link without a kind: %+v", p)
			}
		}
		for _, u := range choose(s, links, Choice{Pages: 50}) {
			c, err := ParseSite(u)
			if err != nil || c.Domain != s.Domain {
				t.Errorf("chose %q: %v", u, err)
			}
		}
	})
}

package discover

import (
	"errors"
	"strings"
	"testing"

	"cookieaudit/crawler/evidence"

	"github.com/google/go-cmp/cmp"
)

func TestParseSite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		raw  string
		want evidence.Site
	}{
		{"example.org", evidence.Site{URL: "https://example.org/", Host: "example.org", Domain: "example.org"}},
		{"  Example.ORG  ", evidence.Site{URL: "https://example.org/", Host: "example.org", Domain: "example.org"}},
		{"https://www.example.co.uk/a/b?x=1#frag", evidence.Site{URL: "https://www.example.co.uk/a/b?x=1", Host: "www.example.co.uk", Domain: "example.co.uk"}},
		{"HTTP://example.org:80/", evidence.Site{URL: "http://example.org/", Host: "example.org", Domain: "example.org"}},
		{"https://example.org:443", evidence.Site{URL: "https://example.org/", Host: "example.org", Domain: "example.org"}},
		{"example.org:8443/x", evidence.Site{URL: "https://example.org:8443/x", Host: "example.org", Domain: "example.org"}},
		{"//example.org/x", evidence.Site{URL: "https://example.org/x", Host: "example.org", Domain: "example.org"}},
		{"example.org/?to=https://other.test/", evidence.Site{URL: "https://example.org/?to=https://other.test/", Host: "example.org", Domain: "example.org"}},
		{"example.org./a/../b/./c", evidence.Site{URL: "https://example.org/b/c", Host: "example.org", Domain: "example.org"}},
		{"https://example.org/a%2Fb", evidence.Site{URL: "https://example.org/a%2Fb", Host: "example.org", Domain: "example.org"}},
		{"Bücher.example", evidence.Site{URL: "https://xn--bcher-kva.example/", Host: "xn--bcher-kva.example", Domain: "xn--bcher-kva.example"}},
		{"https://straße.de", evidence.Site{URL: "https://xn--strae-oqa.de/", Host: "xn--strae-oqa.de", Domain: "xn--strae-oqa.de"}},
		{"例え.テスト", evidence.Site{URL: "https://xn--r8jz45g.xn--zckzah/", Host: "xn--r8jz45g.xn--zckzah", Domain: "xn--r8jz45g.xn--zckzah"}},
		{"a_b.example.org", evidence.Site{URL: "https://a_b.example.org/", Host: "a_b.example.org", Domain: "example.org"}},
		{"localhost", evidence.Site{URL: "https://localhost/", Host: "localhost", Domain: "localhost"}},
		{"http://localhost:3000", evidence.Site{URL: "http://localhost:3000/", Host: "localhost", Domain: "localhost"}},
		{"192.0.2.7:8080", evidence.Site{URL: "https://192.0.2.7:8080/", Host: "192.0.2.7", Domain: "192.0.2.7"}},
		{"http://[2001:DB8::1]:8080/", evidence.Site{URL: "http://[2001:db8::1]:8080/", Host: "2001:db8::1", Domain: "2001:db8::1"}},
		{"2001:db8::1", evidence.Site{URL: "https://[2001:db8::1]/", Host: "2001:db8::1", Domain: "2001:db8::1"}},
		{"someone.github.io", evidence.Site{URL: "https://someone.github.io/", Host: "someone.github.io", Domain: "someone.github.io"}},
		{"shop.civic.test", evidence.Site{URL: "https://shop.civic.test/", Host: "shop.civic.test", Domain: "civic.test"}},
	} {
		t.Run(tt.raw, func(t *testing.T) {
			t.Parallel()
			got, err := ParseSite(tt.raw)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.SchemeAssumed = !strings.HasPrefix(strings.ToLower(tt.raw), "http")
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			again, err := ParseSite(got.URL)
			got.SchemeAssumed = false // the canonical address names it
			if err != nil || again != got {
				t.Errorf("not stable: %v, %v", again, err)
			}
		})
	}
}

func TestParseSiteRefuses(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", "   ", "ftp://example.org", "file:///etc/passwd", "file:/etc/passwd", "javascript:alert(1)", "data:text/html,x", "about:blank",
		"https://user:pw@example.org/", "user@example.org", "mailto:a@example.org",
		"https://", "https:///path", "https://example.org:0/", "https://example.org:99999/", "https://example.org:/", "https://example.org:x/",
		"exam ple.org", "example.org\x00", "example\n.org", "https://exa\tmple.org", "http://127.1/", "http://2130706433/", "http://999.1.1.1/",
		"https://[fe80::1%25eth0]/", "https://a..b/", "https://%41.example/<", "https://exa<mple.org/", strings.Repeat("a", 64) + ".org",
		"https://example.org/" + strings.Repeat("x", maxAddress), "https://[::1", "chrome://version", "view-source:https://example.org",
	} {
		t.Run(clip(raw, 40), func(t *testing.T) {
			t.Parallel()
			if got, err := ParseSite(raw); !errors.Is(err, ErrAddress) {
				t.Errorf("got %+v, %v, want ErrAddress", got, err)
			}
		})
	}
}

func TestRegistrableDomain(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"www.example.org": "example.org", ".Example.ORG": "example.org", "a.b.example.co.uk": "example.co.uk", "example.org.": "example.org",
		"co.uk": "co.uk", "com": "com", "localhost": "localhost", "127.0.0.1": "127.0.0.1", "[::1]": "::1", "::1": "::1",
		"a.github.io": "a.github.io", "b.a.github.io": "a.github.io", "github.io": "github.io", "x.y.test": "y.test", "": "", "..": "",
	} {
		if got := RegistrableDomain(host); got != want {
			t.Errorf("RegistrableDomain(%q) = %q, want %q", host, got, want)
		}
	}
}

func FuzzParseSite(f *testing.F) {
	for _, s := range []string{"example.org", "http://[::1]:80/", "Bücher.example", "javascript:x", "a:1/../..", "//x", "%", "%80"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s, err := ParseSite(raw)
		if err != nil {
			if !errors.Is(err, ErrAddress) {
				t.Fatalf("%q: %v is no ErrAddress", raw, err)
			}
			return
		}
		again, err := ParseSite(s.URL)
		s.SchemeAssumed = false // the canonical address names it
		if err != nil || again != s {
			t.Fatalf("%q: %+v, again %+v, %v", raw, s, again, err)
		}
	})
}

package declared_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/audit/declared"
	"cookieaudit/crawler/evidence"
)

func policyScan(ds ...evidence.Declaration) *evidence.Scan {
	return &evidence.Scan{
		Site:         evidence.Site{URL: "https://www.example.org/", Host: "www.example.org", Domain: "example.org"},
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Found: true},
		Policies:     []evidence.PolicyDocument{{URL: "https://www.example.org/cookies", Text: "Cookies"}},
		Declarations: ds,
	}
}

func decl(name string) evidence.Declaration {
	return evidence.Declaration{Name: name, Pattern: strings.Contains(name, "*"), Storage: evidence.KindCookie}
}

func on(d evidence.Declaration, host string) evidence.Declaration {
	d.Host = host
	return d
}

func by(d evidence.Declaration, provider string) evidence.Declaration {
	d.Provider = provider
	return d
}

func kept(d evidence.Declaration, k evidence.StorageKind) evidence.Declaration {
	d.Storage = k
	return d
}

func cookie(name, domain string) evidence.Cookie {
	return evidence.Cookie{CookieKey: evidence.CookieKey{Name: name, Domain: domain, Path: "/"}}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	google := audit.Purpose{Provider: "DoubleClick", Aliases: []string{"Google"}}
	tests := []struct {
		name     string
		declared []evidence.Declaration
		cookie   evidence.Cookie
		purpose  audit.Purpose
		want     audit.Match
	}{
		{"exact", []evidence.Declaration{decl("sid")}, cookie("sid", "example.org"), audit.Purpose{}, hit("exact", 0)},
		{"nothing declared", nil, cookie("sid", "example.org"), audit.Purpose{}, miss()},
		{"dot domain", []evidence.Declaration{on(decl("sid"), ".example.org")}, cookie("sid", "example.org"), audit.Purpose{}, hit("exact", 0)},
		{"www host, domain cookie", []evidence.Declaration{on(decl("sid"), "www.example.org")}, cookie("sid", "example.org"), audit.Purpose{}, hit("exact", 0)},
		{"bare host, www cookie", []evidence.Declaration{on(decl("sid"), "example.org")}, cookie("sid", "www.example.org"), audit.Purpose{}, hit("exact", 0)},
		{"host as an address", []evidence.Declaration{on(decl("sid"), "https://shop.example.net:8443/x")}, cookie("sid", "shop.example.net"), audit.Purpose{}, hit("exact", 0)},
		{"one of several hosts", []evidence.Declaration{on(decl("sid"), "a.test b.test")}, cookie("sid", "b.test"), audit.Purpose{}, hit("exact", 0)},
		{"an unrelated host", []evidence.Declaration{on(decl("sid"), "a.test")}, cookie("sid", "b.test"), audit.Purpose{}, miss("sid (declared for a.test)")},
		{"an unrelated host under one public suffix", []evidence.Declaration{on(decl("sid"), "a.co.uk")}, cookie("sid", "b.co.uk"), audit.Purpose{}, miss("sid (declared for a.co.uk)")},
		{"another site of the same name", []evidence.Declaration{on(decl("_ga"), ".example.com")}, cookie("_ga", "example.org"), audit.Purpose{}, miss("_ga (declared for .example.com)")},
		{"the site stands in every row", []evidence.Declaration{on(decl("IDE"), "www.example.org")}, cookie("IDE", "doubleclick.net"), google, hit("exact", 0)},
		{"a word in the host column", []evidence.Declaration{on(decl("IDE"), "google")}, cookie("IDE", "doubleclick.net"), google, hit("exact", 0)},
		{"the provider's home page", []evidence.Declaration{on(decl("IDE"), "google.com")}, cookie("IDE", "doubleclick.net"), google, hit("exact", 0)},
		{"the host of the script that sets it", []evidence.Declaration{on(decl("_kite"), "cdn.kite.test")}, setBy(cookie("_kite", "example.org"), "https://cdn.kite.test/k.js"), audit.Purpose{}, hit("exact", 0)},
		{"the row of its own host comes first", []evidence.Declaration{on(decl("_cfuvid"), "www.example.org"), on(decl("_cfuvid"), "hs.test")}, cookie("_cfuvid", "hs.test"), audit.Purpose{}, hit("exact", 1, 0)},

		{"placeholder", []evidence.Declaration{decl("_pk_id.*")}, cookie("_pk_id.7.1fff", "example.org"), audit.Purpose{}, hit("pattern", 0)},
		{"exact before pattern", []evidence.Declaration{decl("_ga*"), decl("_ga")}, cookie("_ga", "example.org"), audit.Purpose{}, hit("exact", 1, 0)},
		{"a lost placeholder", []evidence.Declaration{decl("_ga_")}, cookie("_ga_ABC123", "example.org"), audit.Purpose{}, hit("pattern", 0)},
		{"over-broad", []evidence.Declaration{decl("TS*")}, cookie("TS01ab", "example.org"), audit.Purpose{}, hit(`pattern (over-broad: "TS*")`, 0)},
		{"suffix pattern", []evidence.Declaration{decl("*_session")}, cookie("shop_session", "example.org"), audit.Purpose{}, hit(`pattern (over-broad: "*_session")`, 0)},
		{"a star alone names nothing", []evidence.Declaration{decl("*")}, cookie("IDE", "doubleclick.net"), google, miss()},
		{"a star of the provider", []evidence.Declaration{by(decl("*"), "Google")}, cookie("IDE", "doubleclick.net"), google, hit(`provider pattern (over-broad: "*")`, 0)},

		{"dotted numbers behind a plain name", []evidence.Declaration{decl("_pk_id")}, cookie("_pk_id.7.1fff", "example.org"), audit.Purpose{}, hit("pattern", 0)},
		{"a hash behind a plain name", []evidence.Declaration{decl("wordpress_logged_in")}, cookie("wordpress_logged_in_0123456789abcdef0123456789abcdef", "example.org"), audit.Purpose{}, hit("pattern", 0)},
		{"a number behind a plain name", []evidence.Declaration{decl("_hjSession")}, cookie("_hjSession_3514332", "example.org"), audit.Purpose{}, hit("pattern", 0)},
		{"a container's cookie is its own", []evidence.Declaration{decl("_ga")}, cookie("_ga_ABC123", "example.org"), audit.Purpose{}, miss("_ga")},
		{"a property's cookie is its own", []evidence.Declaration{decl("_ga"), decl("_gat")}, cookie("_gat_gtag_UA_152851170_1", "example.org"), audit.Purpose{}, miss("_gat")},
		{"another's container", []evidence.Declaration{decl("_ga_XYZ789")}, cookie("_ga_ABC123", "example.org"), audit.Purpose{}, miss()},

		{"case", []evidence.Declaration{decl("phpsessid")}, cookie("PHPSESSID", "example.org"), audit.Purpose{}, miss("phpsessid")},
		{"lost underscores", []evidence.Declaration{decl("utma")}, cookie("__utma", "example.org"), audit.Purpose{}, miss("utma")},
		{"a slip", []evidence.Declaration{decl("VISITOR_INF01_LIVE")}, cookie("VISITOR_INFO1_LIVE", "youtube.com"), audit.Purpose{}, miss("VISITOR_INF01_LIVE")},
		{"short names are not slips", []evidence.Declaration{decl("abc")}, cookie("abd", "example.org"), audit.Purpose{}, miss()},

		{"declared as local storage", []evidence.Declaration{kept(decl("_hjid"), evidence.KindLocalStorage)}, cookie("_hjid", "example.org"), audit.Purpose{}, miss("_hjid (declared as localStorage)")},
		{"declared as a pixel", []evidence.Declaration{kept(decl("collect"), evidence.KindPixel)}, cookie("collect", "example.org"), audit.Purpose{}, miss()},
		{"kind not told", []evidence.Declaration{kept(decl("a"), "")}, cookie("a", "example.org"), audit.Purpose{}, hit("exact", 0)},
		{"every row that fits", []evidence.Declaration{decl("_ga"), decl("x"), decl("_ga"), decl("_g*")}, cookie("_ga", "example.org"), audit.Purpose{}, hit("exact", 0, 2, 3)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			scan := policyScan(tt.declared...)
			scan.Cookies = []evidence.Cookie{tt.cookie}
			got, _, _ := declared.Matcher{}.Match(scan, []audit.Purpose{tt.purpose}, nil)
			if diff := cmp.Diff(tt.want, got[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func hit(how string, is ...int) audit.Match {
	return audit.Match{State: audit.Declared, How: how, Declarations: is}
}

func miss(near ...string) audit.Match {
	return audit.Match{State: audit.Undeclared, NearMisses: near}
}

func setBy(c evidence.Cookie, script string) evidence.Cookie {
	c.Writes = []evidence.Write{{Mechanism: evidence.DocumentCookie, Script: script}}
	return c
}

func TestStorage(t *testing.T) {
	t.Parallel()
	scan := policyScan(
		kept(decl("_hjid"), evidence.KindLocalStorage), decl("yt-remote-device-id"), kept(decl("never"), evidence.KindIndexedDB),
	)
	scan.Storage = []evidence.StorageItem{
		{Kind: evidence.KindLocalStorage, Origin: "https://www.example.org", Key: "_hjid"},
		{Kind: evidence.KindSessionStorage, Origin: "https://www.example.org", Key: "_hjid"},
		{Kind: evidence.KindLocalStorage, Origin: "https://www.youtube.com", Key: "yt-remote-device-id"},
	}
	_, got, observed := declared.Matcher{}.Match(scan, nil, nil)
	want := []audit.Match{hit("exact", 0), miss("_hjid (declared as localStorage)"), miss("yt-remote-device-id (declared as cookie)")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// The second row is wrong about the kind, but not out of date.
	if diff := cmp.Diff([]bool{true, true, false}, observed); diff != "" {
		t.Error(diff)
	}
}

func TestObserved(t *testing.T) {
	t.Parallel()
	scan := policyScan(decl("a"), decl("b"), decl("a*"), on(decl("a"), "elsewhere.test"), kept(decl("a"), evidence.KindPixel))
	scan.Cookies = []evidence.Cookie{cookie("a", "example.org")}
	_, _, observed := declared.Matcher{}.Match(scan, nil, nil)
	if diff := cmp.Diff([]bool{true, false, true, false, false}, observed); diff != "" {
		t.Error(diff)
	}
}

func TestNotKnownWithoutAPolicy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		scan *evidence.Scan
		want audit.DeclaredState
	}{
		{"none found", &evidence.Scan{PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete}}, audit.NotKnown},
		{"not looked for", &evidence.Scan{PolicySearch: evidence.PolicySearch{Outcome: evidence.Unavailable}}, audit.NotKnown},
		{"found and empty", &evidence.Scan{PolicySearch: evidence.PolicySearch{Found: true}, Policies: []evidence.PolicyDocument{{Text: " \n"}}}, audit.NotKnown},
		{"found, names no cookie", policyScan(), audit.Undeclared},
	}
	for _, tt := range tests {
		tt.scan.Cookies = []evidence.Cookie{cookie("a", "example.org")}
		got, _, _ := declared.Matcher{}.Match(tt.scan, nil, nil)
		if got[0].State != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got[0].State, tt.want)
		}
	}
}

func TestHostileSizesStayCheap(t *testing.T) {
	t.Parallel()
	var ds []evidence.Declaration
	for i := range 5000 {
		ds = append(ds, decl(fmt.Sprintf("cookie_number_%d", i)), decl(fmt.Sprintf("a*b%d*c", i)))
	}
	scan := policyScan(ds...)
	for i := range 300 {
		scan.Cookies = append(scan.Cookies, cookie(fmt.Sprintf("cookie.number.%d", i), "example.org"))
	}
	scan.Cookies = append(scan.Cookies, cookie(strings.Repeat("a.", 1<<20), "example.org"))
	start := time.Now()
	declared.Matcher{}.Match(scan, nil, nil)
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("_pk_id*", "example.org", "_pk_id.1.1fff", "example.org")
	f.Add("___", "https://[::1]:9/", "___", "..")
	f.Fuzz(func(t *testing.T, name, host, observedName, domain string) {
		scan := policyScan(on(decl(name), host))
		scan.Cookies = []evidence.Cookie{cookie(observedName, domain)}
		got, _, observed := declared.Matcher{}.Match(scan, nil, nil)
		if (got[0].State == audit.Declared) && !observed[0] {
			t.Errorf("declared by a row that is not marked as observed: %+v", got[0])
		}
	})
}

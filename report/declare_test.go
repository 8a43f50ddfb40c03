package report_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
	"cookieaudit/report"
)

// readBack is what the policy reader makes of a table.
func readBack(t *testing.T, table *report.CookieTable, f report.TableFormat) []evidence.Declaration {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, table); err != nil {
		t.Fatal(err)
	}
	doc, err := policy.Read(policy.Input{URL: "cookies" + f.Extension, Body: b.Bytes()})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Declarations
}

// row is what must survive publishing.
type row struct {
	Name, Host, Provider, Lifetime string
	Category                       evidence.Category
	Storage                        evidence.StorageKind
}

func published(table *report.CookieTable) []row {
	kinds := map[string]evidence.StorageKind{
		"cookie": evidence.KindCookie, "local storage": evidence.KindLocalStorage, "session storage": evidence.KindSessionStorage,
	}
	var out []row
	for _, r := range table.Rows {
		kind, ok := kinds[r.Type]
		if !ok {
			kind = evidence.StorageKind(r.Type)
		}
		provider := r.Provider
		if provider == "this website" {
			provider = "" // names nobody
		}
		out = append(out, row{r.Name, strings.ReplaceAll(r.Host, ", ", " "), provider, r.Lifetime, r.Category, kind})
	}
	return out
}

func declared(ds []evidence.Declaration) []row {
	var out []row
	for _, d := range ds {
		out = append(out, row{d.Name, d.Host, d.Provider, d.Lifetime, d.Category, d.Storage})
	}
	return out
}

// A published table reads back as it was written, in every format.
func TestCookieTableRoundTrip(t *testing.T) {
	t.Parallel()
	for _, s := range []sample{rich(), rich2(), empty(), partial()} {
		table := report.NewCookieTable(report.New(s.scan, s.judge), report.TableOptions{})
		for _, f := range report.TableFormats() {
			if d := cmp.Diff(published(table), declared(readBack(t, table, f))); d != "" {
				t.Errorf("%s as %s (-written +read):\n%s", s.name, f.Name, d)
			}
		}
	}
}

func TestCookieTableGolden(t *testing.T) {
	t.Parallel()
	table := report.NewCookieTable(report.New(rich().scan, rich().judge), report.TableOptions{})
	for _, f := range report.TableFormats() {
		var b bytes.Buffer
		if err := f.Write(&b, table); err != nil {
			t.Fatal(err)
		}
		golden(t, "table"+f.Extension, b.Bytes())
	}
	golden(t, "table.open.txt", []byte(strings.Join(table.Open, "\n")+"\n"))
}

func TestNamePatterns(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"_ga_8XK2P0Q1":       "_ga_*",
		"_gat_UA-12345678-1": "_gat_UA-*-1",
		"_pk_id.1.1fff":      "_pk_id.1.1fff",
		"_pk_id.5.a9f0c1d2":  "_pk_id.5.*",
		"mp_0123456789abcdef0123456789abcdef_mix": "mp_*_mix",
		"amp_3fa9b1": "amp_3fa9b1",
		"wordpress_logged_in_5d41402abc4b2a76b971": "wordpress_logged_in_*",
		"session_id":                           "session_id",
		"PHPSESSID":                            "PHPSESSID",
		"cookie_consent_2024":                  "cookie_consent_2024",
		"utm_v2":                               "utm_v2",
		"0123456789abcdef":                     "0123456789abcdef",
		"a_0123456789abcdef":                   "a_0123456789abcdef",
		"ab_0123456789abcdef_fedcba9876543210": "ab_*_*",
		"":                                     "",
	} {
		if got := patternOf(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

// patternOf publishes one cookie of that name.
func patternOf(name string) string {
	s := newScan("scan", "a.test")
	s.Cookies = []evidence.Cookie{cookie(name, "a.test", evidence.First, nil)}
	return report.NewCookieTable(report.New(s, nil), report.TableOptions{}).Rows[0].Name
}

// A table promises no shorter lifetime than is kept, and hardly a longer one.
func TestPublishedLifetimes(t *testing.T) {
	t.Parallel()
	const day = 86400
	for seconds, want := range map[int64]string{
		0: "session", 30: "30 seconds", 60: "1 minute", 1800: "30 minutes", 1799: "30 minutes", 5400: "90 minutes", 90000: "25 hours",
		day: "1 day", day - 2: "1 day", 400 * day: "400 days", 365*day - 3: "1 year", 730 * day: "2 years", 396 * day: "396 days", 45 * day: "45 days",
		100*day + 7000: "101 days",
	} {
		s := newScan("scan", "a.test")
		s.Cookies = []evidence.Cookie{cookie("k", "a.test", evidence.First, &seconds)}
		if seconds == 0 {
			s.Cookies[0].Session, s.Cookies[0].Requested = true, nil
		}
		got := report.NewCookieTable(report.New(s, nil), report.TableOptions{}).Rows[0].Lifetime
		if got != want {
			t.Errorf("%d s is published as %q, want %q", seconds, got, want)
		}
	}
}

// Cookies of one site whose names differ in what varies are one row, with the
// longest lifetime; what the browser refused is none; what was declared and not
// seen stays unless it is pruned.
func TestCookieTableRows(t *testing.T) {
	t.Parallel()
	s := newScan("scan", "a.test")
	refused := cookie("no", "a.test", evidence.First, nil)
	refused.Stored = false
	s.Cookies = []evidence.Cookie{
		cookie("_ga_8XK2P0Q1", "a.test", evidence.First, ptr(int64(86400))),
		cookie("_ga_9YZ2P0Q1", "a.test", evidence.First, ptr(int64(2*86400))),
		refused,
	}
	s.Declarations = []evidence.Declaration{declaration("old", "", "Someone", evidence.Necessary, "1 year", ptr(int64(365*86400)))}
	names := func(o report.TableOptions) []string {
		var out []string
		for _, r := range report.NewCookieTable(report.New(s, nil), o).Rows {
			out = append(out, r.Name+" "+r.Lifetime)
		}
		slices.Sort(out)
		return out
	}
	if d := cmp.Diff([]string{"_ga_* 2 days", "old 1 year"}, names(report.TableOptions{})); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"_ga_* 2 days"}, names(report.TableOptions{Prune: true})); d != "" {
		t.Errorf("pruned (-want +got):\n%s", d)
	}
}

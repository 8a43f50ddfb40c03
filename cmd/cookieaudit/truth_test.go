package main

import (
	"flag"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/audit/profile"
	"cookieaudit/crawler"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

var everything = flag.Bool("everything", false, "scan the built-in sites in real time too")

// truthBrowsers are the browsers in which every site must come out the same.
var truthBrowsers = []string{"chromium-headless-shell", "chromium"}

// TestSitesAgainstTheirTruth scans every built-in site in both browsers and
// compares what the tool says with what the site does, both ways: nothing may
// be missing and nothing may be extra.
func TestSitesAgainstTheirTruth(t *testing.T) {
	t.Parallel()
	sites := append(must(fixtures.Sites())(t), must(fixtures.FurtherSites())(t)...)
	server := serveFixtures(t, fixtures.Options{})
	for _, path := range truthBrowsers {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			c := newTestCrawler(t, server, path, crawler.Virtual)
			for _, site := range sites {
				t.Run(site.Name, func(t *testing.T) {
					scan, judgement := scanFixture(t, c, site)
					for _, d := range differences(site.Truth, scan, judgement) {
						t.Error(d)
					}
					republish(t, scan, judgement)
				})
			}
		})
	}
}

// TestRealTimeFindsTheSame scans the sites without speeding their clocks up: each
// has to come out as it does with, which takes minutes.
func TestRealTimeFindsTheSame(t *testing.T) {
	t.Parallel()
	if !*everything {
		t.Skip("only with -everything")
	}
	server := serveFixtures(t, fixtures.Options{})
	c := newTestCrawler(t, server, truthBrowsers[0], crawler.Real)
	for _, site := range append(must(fixtures.Sites())(t), must(fixtures.FurtherSites())(t)...) {
		t.Run(site.Name, func(t *testing.T) {
			t.Parallel()
			scan, judgement := scanFixture(t, c, site)
			for _, d := range differences(site.Truth, scan, judgement) {
				t.Error(d)
			}
		})
	}
}

// TestPlantedCookieIsNoticed plants one further cookie in a site and expects the
// comparison above to fail because of it, and of nothing else.
func TestPlantedCookieIsNoticed(t *testing.T) {
	t.Parallel()
	server := serveFixtures(t, fixtures.Options{Plant: map[string][]string{
		"www.clean.test/": {"planted={hex16}; Path=/; Max-Age=86400; Secure; SameSite=Lax"},
	}})
	sites := must(fixtures.Sites())(t)
	site := sites[slices.IndexFunc(sites, func(s fixtures.Site) bool { return s.Name == "clean" })]
	scan, judgement := scanFixture(t, newTestCrawler(t, server, truthBrowsers[0], crawler.Virtual), site)
	got := differences(site.Truth, scan, judgement)
	if len(got) != 2 || !strings.Contains(got[0], "planted") || !strings.Contains(got[1], "UNDECLARED_COOKIE") {
		t.Errorf("want the planted cookie and its finding to differ, got:\n%s", strings.Join(got, "\n"))
	}
}

// must unwraps a result in the middle of an expression.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func serveFixtures(t testing.TB, o fixtures.Options) *fixtures.Server {
	t.Helper()
	server := must(fixtures.Serve(o))(t)
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func newTestCrawler(t *testing.T, server *fixtures.Server, path, settle string) *crawler.Crawler {
	t.Helper()
	if _, err := exec.LookPath(path); err != nil {
		t.Skipf("%s is not installed", path)
	}
	c := must(crawler.New(t.Context(), crawler.Config{
		BrowserPath: path, Insecure: true, Resolve: server.Resolve(), Offline: true, Names: server.Names(),
		Pages: defaultPages, Profile: profile.Default, ToolVersion: "test", Settle: settle,
	}))(t)
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func scanFixture(t *testing.T, c *crawler.Crawler, site fixtures.Site) (*evidence.Scan, *audit.Judgement) {
	t.Helper()
	engine, _, err := demoEngine()
	if err != nil {
		t.Fatal(err)
	}
	scan := must(c.Scan(t.Context(), must(discover.ParseSite(site.URL))(t)))(t)
	if scan.Outcome != evidence.Complete {
		t.Errorf("outcome %s: %s", scan.Outcome, scan.Why)
	}
	return scan, engine.Judge(scan)
}

// differences compares every part of a truth with what was found.
func differences(truth fixtures.Truth, scan *evidence.Scan, j *audit.Judgement) []string {
	var out []string
	compare := func(what string, want, got any) {
		if d := cmp.Diff(want, got); d != "" {
			out = append(out, fmt.Sprintf("%s (-truth +found):\n%s", what, d))
		}
	}
	for _, v := range scan.Visits {
		compare(fmt.Sprintf("pages of phase %s", v.Phase), truth.Pages, pagesOf(&v))
		compare(fmt.Sprintf("consent of phase %s", v.Phase), truth.Consent[v.Phase], v.Consent.Result)
	}
	compare("banner", truth.Banner, bannerOf(scan))
	compare("policy", truth.Policy, policyOf(scan))
	wantWrites, gotWrites := truthWrites(truth), foundWrites(scan)
	compare("cookie writes", wantWrites, gotWrites)
	compare("storage", truthStorage(truth), foundStorage(scan))
	compare("declarations", truthDeclarations(truth, scan), foundDeclarations(scan))
	compare("claims", truthClaims(truth), foundClaims(truth, scan))
	compare("violations", truthFindings(truth), foundFindings(j))
	return append(out, misplaced(scan)...)
}

// misplaced tells writes whose time is on the wrong side of the answer.
func misplaced(scan *evidence.Scan) []string {
	var out []string
	for _, c := range scan.Cookies {
		for _, w := range c.Writes {
			answer := scan.Visit(w.Phase).Consent
			if answer.Clicks > 0 && w.AfterAnswer != (w.AtMS >= answer.AtMS) {
				out = append(out, fmt.Sprintf("%s: written in phase %s at %d ms, after the answer: %v, answered at %d ms",
					c.Name, w.Phase, w.AtMS, w.AfterAnswer, answer.AtMS))
			}
		}
	}
	return out
}

// pagesOf leaves out the second load of the landing page after an answer.
func pagesOf(v *evidence.Visit) []string {
	var out []string
	for _, p := range v.Pages {
		if !slices.Contains(out, p.URL) {
			out = append(out, p.URL)
		}
	}
	return out
}

func bannerOf(scan *evidence.Scan) fixtures.Banner {
	b := scan.Banner
	if b == nil {
		return fixtures.Banner{}
	}
	return fixtures.Banner{
		Found: b.Found, FirstLayerAccept: b.FirstLayerAccept, FirstLayerReject: b.FirstLayerReject,
		ClicksAccept: b.ClicksAccept, ClicksReject: b.ClicksReject,
	}
}

func policyOf(scan *evidence.Scan) string {
	var urls []string
	for _, p := range scan.Policies {
		urls = append(urls, p.URL)
	}
	return strings.Join(urls, " ")
}

// A way is one way in which a cookie is set: what has to be the same in truth
// and record.
type way struct {
	Key       evidence.CookieKey
	Mechanism evidence.Mechanism
	Script    string
	Lifetime  int64 // seconds; -1 for a session cookie
	Refused   string
	Deletes   bool
}

// A wayFacts is what else is compared of it.
type wayFacts struct {
	Party               evidence.Party
	HostOnly            bool
	Secure, HTTPOnly    bool
	SameSite            string
	URL, Page           string // of the first write
	Phases, AfterAnswer string
}

func truthWrites(truth fixtures.Truth) map[way]wayFacts {
	out := map[way]wayFacts{}
	for _, w := range truth.Writes {
		if len(w.Phases) == 0 {
			continue // a trap: it must not be found
		}
		k := way{w.Key(), w.Mechanism, w.Script, seconds(w.Lifetime.Seconds), w.Refused, w.Deletes}
		f, seen := out[k]
		if !seen {
			f = wayFacts{Party: w.Party, HostOnly: w.HostOnly, Secure: w.Secure, HTTPOnly: w.HTTPOnly, SameSite: w.SameSite, URL: w.URL, Page: w.Page}
		}
		for _, p := range w.Phases {
			f.Phases = withPhase(f.Phases, p, true)
			f.AfterAnswer = withPhase(f.AfterAnswer, p, slices.Contains(w.AfterAnswer, p))
		}
		out[k] = f
	}
	return out
}

func foundWrites(scan *evidence.Scan) map[way]wayFacts {
	out := map[way]wayFacts{}
	for _, c := range scan.Cookies {
		for _, w := range c.Writes {
			k := way{c.CookieKey, w.Mechanism, "", seconds(w.Requested), strings.Join(w.Blocked, " "), w.Deletes}
			if w.Mechanism != evidence.HTTP {
				k.Script = w.Script
			}
			f, seen := out[k]
			if !seen {
				address, _, _ := strings.Cut(w.URL, "?")
				f = wayFacts{Party: c.Party, HostOnly: c.HostOnly, Secure: c.Secure, HTTPOnly: c.HTTPOnly, SameSite: c.SameSite, URL: address, Page: w.Page}
			}
			f.Phases = withPhase(f.Phases, w.Phase, true)
			f.AfterAnswer = withPhase(f.AfterAnswer, w.Phase, w.AfterAnswer)
			out[k] = f
		}
	}
	return out
}

func seconds(s *int64) int64 {
	if s == nil {
		return -1
	}
	return *s
}

func phases(ps []evidence.Phase) string {
	out := ""
	for _, p := range ps {
		out = withPhase(out, p, true)
	}
	return out
}

// withPhase adds a phase to a list in reporting order.
func withPhase(list string, p evidence.Phase, add bool) string {
	if !add {
		return list
	}
	have := append(strings.Fields(list), string(p))
	var out []string
	for _, q := range evidence.Phases() {
		if slices.Contains(have, string(q)) {
			out = append(out, string(q))
		}
	}
	return strings.Join(out, " ")
}

func truthStorage(truth fixtures.Truth) map[string]string {
	out := map[string]string{}
	for _, s := range truth.Storage {
		if len(s.Phases) > 0 {
			out[fmt.Sprintf("%s %s %s %s", s.Party, s.Kind, s.Origin, s.Key)] = fmt.Sprintf("%s; after the answer: %s", phases(s.Phases), phases(s.AfterAnswer))
		}
	}
	return out
}

func foundStorage(scan *evidence.Scan) map[string]string {
	out := map[string]string{}
	for _, s := range scan.Storage {
		after := ""
		for _, w := range s.Writes {
			after = withPhase(after, w.Phase, w.AfterAnswer)
		}
		out[fmt.Sprintf("%s %s %s %s", s.Party, s.Kind, s.Origin, s.Key)] = fmt.Sprintf("%s; after the answer: %s", phases(s.Phases), after)
	}
	return out
}

// truthDeclarations writes the declarations as text, in the reading that was
// found where the truth allows several.
func truthDeclarations(truth fixtures.Truth, scan *evidence.Scan) []string {
	var out []string
	for _, d := range truth.Declarations {
		provider, category, lifetime := d.Provider, d.Category, d.Lifetime
		for _, f := range scan.Declarations {
			if f.Name != d.Name || f.Host != d.Host || f.Storage != d.Storage {
				continue
			}
			if slices.Contains(d.ProviderAlt, f.Provider) {
				provider = f.Provider
			}
			if slices.Contains(d.LifetimeAlt, f.Lifetime) {
				lifetime = f.Lifetime
			}
			if slices.Contains(d.CategoryAlt, f.Category) {
				category = f.Category
			}
		}
		out = append(out, declarationText(d.Name, d.Pattern, d.Host, provider, category, lifetime, d.Seconds, d.Storage))
	}
	slices.Sort(out)
	return out
}

func foundDeclarations(scan *evidence.Scan) []string {
	var out []string
	for _, d := range scan.Declarations {
		out = append(out, declarationText(d.Name, d.Pattern, d.Host, d.Provider, d.Category, d.Lifetime, d.Seconds, d.Storage))
	}
	slices.Sort(out)
	return out
}

func declarationText(name string, pattern bool, host, provider string, c evidence.Category, lifetime string, s *int64, kind evidence.StorageKind) string {
	return fmt.Sprintf("%s pattern=%v host=%q provider=%q category=%s lifetime=%q=%d %s", name, pattern, host, provider, c, lifetime, seconds(s), kind)
}

// truthClaims tells each claim by its kind, its subjects and the distinctive
// part of its quote.
func truthClaims(truth fixtures.Truth) []string {
	var out []string
	for _, c := range truth.Claims {
		out = append(out, claimText(c.Kind, c.Quote, c.Subjects))
	}
	slices.Sort(out)
	return out
}

// foundClaims tells a found claim by the quote of the truth that it holds, or
// else by its own.
func foundClaims(truth fixtures.Truth, scan *evidence.Scan) []string {
	var out []string
	for _, c := range scan.Claims {
		quote := c.Quote
		for _, w := range truth.Claims {
			if w.Kind == c.Kind && strings.Contains(c.Quote, w.Quote) {
				quote = w.Quote
			}
		}
		out = append(out, claimText(c.Kind, quote, c.Subjects))
	}
	slices.Sort(out)
	return out
}

func claimText(kind evidence.ClaimKind, quote string, subjects []string) string {
	return fmt.Sprintf("%s %v %q", kind, slices.Sorted(slices.Values(subjects)), quote)
}

func truthFindings(truth fixtures.Truth) []string {
	var out []string
	for _, f := range truth.Findings.Must {
		out = append(out, fmt.Sprintf("%s %s %q %s", f.Rule, f.Subject.Kind, f.Subject.Name, f.Subject.Domain))
	}
	slices.Sort(out)
	return out
}

func foundFindings(j *audit.Judgement) []string {
	var out []string
	for _, f := range j.Findings {
		if f.Verdict == audit.Violation {
			out = append(out, fmt.Sprintf("%s %s %q %s", f.Rule, f.Subject.Kind, f.Subject.Name, f.Subject.Domain))
		}
	}
	slices.Sort(out)
	return out
}

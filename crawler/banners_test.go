package crawler

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/consent"
	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
	"cookieaudit/fixtures/banners"
)

var (
	bannerNames   = flag.String("banners", "", "regular expression: which banners of the corpus to run")
	consentReport = flag.String("consent-report", "", "file to append what came of each banner to")
)

// bannersAtOnce is how many pages are open in one browser at a time.
const bannersAtOnce = 4

// packages is the folder of the consent managers that npm installs.
const packages = "../fixtures/banners/testdata/node_modules"

// TestBanners describes, refuses and accepts on the pages of the corpus, in
// both browsers, as a phase of a scan does it.
func TestBanners(t *testing.T) {
	t.Parallel()
	cases, resolve := serveBanners(t)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := bannerCrawler(t, kind, resolve)
			var part []banners.Case
			for i, bc := range cases {
				if chosen(kind, i) || *bannerNames != "" {
					part = append(part, bc)
				}
			}
			answers := answerAll(t, c, part)
			writeConsentReport(t, kind, answers)
			for i := range answers {
				answers[i].check(t)
			}
		})
	}
}

// serveBanners returns the cases that can be looked at here. Those that need
// packages are left out where npm is not to be had; where it is, the packages
// have to be there.
func serveBanners(tb testing.TB) ([]banners.Case, []string) {
	tb.Helper()
	cases, err := banners.Load()
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := os.Stat(packages); err != nil {
		if _, err := exec.LookPath("npm"); err == nil {
			tb.Fatal("the consent managers of the corpus are not installed: run make packages")
		}
		tb.Log("npm is not installed: the banners of real consent managers are left out")
		cases = slices.DeleteFunc(cases, func(c banners.Case) bool { return c.Manager != "" })
	}
	if automation, err := consent.Automation(); err != nil {
		tb.Fatal(err)
	} else if automation.Version == "none" {
		tb.Log("autoconsent is not built in: the banners that only it can answer are left out")
		cases = slices.DeleteFunc(cases, func(c banners.Case) bool { return c.Unread })
	}
	chosen, err := regexp.Compile(*bannerNames)
	if err != nil {
		tb.Fatal(err)
	}
	cases = slices.DeleteFunc(cases, func(c banners.Case) bool { return !chosen.MatchString(c.Name) })
	handlers, err := banners.Handlers(cases, os.DirFS(packages))
	if err != nil {
		tb.Fatal(err)
	}
	server, err := fixtures.Serve(fixtures.Options{Handlers: handlers})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := server.Close(); err != nil {
			tb.Error(err)
		}
	})
	return cases, server.Resolve()
}

func bannerCrawler(tb testing.TB, kind string, resolve []string) *Crawler {
	tb.Helper()
	if _, err := exec.LookPath(kind); err != nil {
		tb.Skipf("%s is not installed", kind)
	}
	c, err := New(tb.Context(), Config{BrowserPath: kind, Insecure: true, Resolve: resolve, Offline: true})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Error(err)
		}
	})
	return c
}

// An answered is what came of one answer on one page.
type answered struct {
	c       *banners.Case
	phase   evidence.Phase
	visit   evidence.Visit
	seen    *evidence.Banner // by looking only
	banner  *evidence.Banner // after the answer
	cookies []string         // in the jar, after the answer
	alone   bool             // the page is not looked at before
	loaded  time.Duration    // real time of loading the page, until it was still
	took    time.Duration    // real time of looking for the banner and answering it
	err     error
}

// answerAll gives both answers on every page.
func answerAll(t *testing.T, c *Crawler, cases []banners.Case) []answered {
	phases := []evidence.Phase{evidence.Reject, evidence.Accept}
	out := make([]answered, 0, len(cases)*len(phases))
	for i := range cases {
		for _, p := range phases {
			if cases[i].None() && p == evidence.Accept {
				continue // looking is all there is to do
			}
			out = append(out, answered{c: &cases[i], phase: p})
		}
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, bannersAtOnce)
	for i := range out {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			out[i].err = out[i].run(t.Context(), c)
		})
	}
	wg.Wait()
	return out
}

// run does what a phase does on its landing page. The jar shows the effect.
func (a *answered) run(ctx context.Context, c *Crawler) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	b, err := c.browser(ctx)
	if err != nil {
		return err
	}
	v, err := b.NewVisit(ctx, browser.VisitOptions{Phase: a.phase})
	if err != nil {
		return err
	}
	defer c.closeVisit(ctx, v)
	r := result{record: &browser.Record{}, visit: evidence.Visit{Phase: a.phase, Pages: []evidence.Page{}}}
	t := &tour{scan: &scan{Crawler: c}, v: v, result: &r}
	if err := v.NewTab(ctx); err != nil {
		return err
	}
	began := time.Now()
	if ok, err := t.open(ctx, a.c.URL(), ""); err != nil || !ok {
		return fmt.Errorf("open the page: %w (%+v)", err, r.visit)
	}
	if err := v.Idle(ctx); err != nil {
		return err
	}
	a.loaded = time.Since(began)
	// Looking must leave the page as it is: the answer is given after it.
	if !a.alone && a.phase == evidence.Reject && !a.c.None() {
		if a.seen, err = consent.Detect(ctx, consentPage{v}, consent.Options{}); err != nil {
			return err
		}
	}
	began = time.Now()
	if err := t.consent(ctx); err != nil {
		return err
	}
	a.took = time.Since(began)
	a.visit, a.banner = r.visit, r.banner
	if a.seen == nil || !a.seen.Found {
		a.seen = r.banner // it came to a visitor who stirred
	}
	jar, err := v.Cookies(ctx)
	for _, c := range jar {
		a.cookies = append(a.cookies, c.Name)
	}
	return err
}

// check compares with the truth.
func (a *answered) check(t *testing.T) {
	t.Helper()
	wrong := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: %s: %s: %+v", a.c.Name, a.phase, fmt.Sprintf(format, args...), a.visit.Consent)
	}
	if a.err != nil {
		t.Errorf("%s: %s: %v", a.c.Name, a.phase, a.err)
		return
	}
	got := a.visit.Consent
	want := a.c.Refusal
	if a.phase == evidence.Accept {
		want = a.c.Acceptance
	}
	if got.Result != want {
		wrong("want %s", want)
	}
	if (got.Result == evidence.Verified) != (got.Proof != "") {
		wrong("a proof is what makes an answer verified")
	}
	if a.holds(banners.Trapped) {
		wrong("clicked what nobody may click")
	}
	if a.c.Unread {
		if a.banner != nil || got.By != "autoconsent" {
			wrong("described what cannot be read: %+v", a.banner)
		}
		return
	}
	if a.banner == nil || a.banner.Found == a.c.None() {
		wrong("banner %+v", a.banner)
		return
	}
	if a.c.None() {
		return
	}
	if got.Result == evidence.Verified && !a.c.Lies && !a.c.Early {
		if allowed := a.phase == evidence.Accept; a.holds(banners.Statistics) != allowed || a.holds(banners.Marketing) != allowed {
			wrong("the page holds %v", a.cookies)
		}
	}
	if a.phase == evidence.Reject {
		a.checkFacts(t)
	} else if got.Clicks != a.c.AcceptClicks {
		wrong("want %d clicks", a.c.AcceptClicks)
	}
}

func (a *answered) holds(cookie string) bool { return slices.Contains(a.cookies, cookie) }

// checkFacts compares the banner: what was seen before any click, and what a
// refusal showed beside it.
func (a *answered) checkFacts(t *testing.T) {
	t.Helper()
	type facts struct {
		Lang           string
		Accept, Reject bool
		PreTicked      []string
		Later          []string
		Links          []string
		Clicks         int
	}
	want := facts{a.c.Lang, a.c.Accept, a.c.Reject, a.c.PreTicked, slices.Concat(a.c.PreTicked, a.c.InSettings), a.c.Links, a.c.Clicks}
	have := facts{a.seen.Language, a.seen.FirstLayerAccept, a.seen.FirstLayerReject, a.seen.PreTicked, a.banner.PreTicked, nil, 0}
	for _, l := range a.seen.Links {
		have.Links = append(have.Links, strings.TrimPrefix(l, "https://"+a.c.Host()))
	}
	if a.banner.ClicksReject != nil {
		have.Clicks = *a.banner.ClicksReject
	}
	if d := cmp.Diff(want, have); d != "" {
		t.Errorf("%s: facts (-want +got):\n%s%+v", a.c.Name, d, a.seen)
	}
	if got := a.visit.Consent; got.Result != evidence.NoRejectOffered && got.Clicks != a.c.Clicks {
		t.Errorf("%s: refused with %d clicks, want %d: %+v", a.c.Name, got.Clicks, a.c.Clicks, got)
	}
}

// writeConsentReport prints a line for each answer, and how long they took.
func writeConsentReport(t *testing.T, kind string, answers []answered) {
	t.Helper()
	if *consentReport == "" {
		return
	}
	f, err := os.OpenFile(*consentReport, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%-36s %-7s %-17s %-11s %6s %7s  %s\n", kind, "BANNER", "ANSWER", "RESULT", "BY", "CLICKS", "MS", "PROOF")
	times := map[bool][]time.Duration{}
	for i := range answers {
		a := &answers[i]
		got := a.visit.Consent
		why := got.Proof
		if why == "" {
			why = got.Why
		}
		if a.err != nil {
			why = a.err.Error()
		}
		fmt.Fprintf(&b, "%-36s %-7s %-17s %-11s %6d %7d  %s\n", a.c.Name, a.phase, got.Result, got.By, got.Clicks, a.took.Milliseconds(), why)
		times[a.c.None()] = append(times[a.c.None()], a.took)
	}
	for _, none := range []bool{false, true} {
		ds := times[none]
		slices.Sort(ds)
		if len(ds) > 0 {
			fmt.Fprintf(&b, "%s: %d answers, median %s, three quarters within %s, all within %s\n", map[bool]string{false: "with a banner", true: "without"}[none],
				len(ds), ds[len(ds)/2].Round(time.Millisecond), ds[len(ds)*3/4].Round(time.Millisecond), ds[len(ds)-1].Round(time.Millisecond))
		}
	}
	if _, err := f.WriteString(b.String() + "\n"); err != nil {
		t.Error(err)
	}
}

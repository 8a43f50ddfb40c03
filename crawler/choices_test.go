package crawler

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// choiceSite is a page with a banner, whose behaviour parts is made of: a script
// that says what the banner does, further markup, and further headers.
type choiceSite struct {
	script, markup string
	// onGPC is a script for visitors whose requests carry Sec-GPC.
	onGPC string
}

// The banner of the sites: choose(answer) closes it and keeps the answer, run()
// does what the kept answer allows, ask() shows the banner, settings() the
// switches.
const choiceScript = `
const kept = () => (document.cookie.match(/(?:^|; )site_consent=([^;]*)/) || [])[1] || "";
let keep = (v) => { document.cookie = "site_consent=" + v + ";path=/;max-age=9999999" };
const tag = (name) => { document.cookie = name + "=1;path=/;max-age=9999999" };
function run() {
  const v = kept();
  if (/analytics:1/.test(v)) tag("stat_id");
  if (/marketing:1/.test(v)) tag("ad_id");
}
function close_() { document.getElementById("ask")?.remove() }
function choose(a, m, f) { keep("functional:" + f + ",analytics:" + a + ",marketing:" + m); close_(); run() }
function box(html) {
  close_();
  const d = document.createElement("div");
  d.id = "ask"; d.setAttribute("role", "dialog");
  d.style.cssText = "position:fixed;left:0;right:0;bottom:0;background:#fff;padding:20px";
  d.innerHTML = html; document.body.append(d);
}
function ask() {
  box('<p>We use cookies on this website to analyse traffic and for advertising.</p><button onclick="choose(1,1,1)">Accept all</button><button onclick="choose(0,0,0)">Reject all</button><button onclick="settings()">Cookie settings</button>');
}
function settings() {
  const on = (k) => new RegExp(k + ":1").test(kept()) ? " checked" : "";
  box('<h2>Cookie settings</h2><p>We use cookies on this website. Choose which.</p><label><input type=checkbox checked disabled>Strictly necessary</label><label><input type=checkbox id=cf' + on("functional") + '>Functional cookies</label><label><input type=checkbox id=ca' + on("analytics") + '>Analytics cookies</label><label><input type=checkbox id=cm' + on("marketing") + '>Marketing cookies</label><button onclick="choose(+ca.checked,+cm.checked,+cf.checked)">Save my choices</button>');
}
addEventListener("load", () => { if (!kept()) ask(); run(); more() });
`

func (c choiceSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	script := c.script
	if r.Header.Get("Sec-Gpc") == "1" {
		script += c.onGPC
	}
	fmt.Fprintf(w, `<!doctype html><html lang=en><title>Mill</title><link rel=icon href=data:,><body><h1>Mill</h1><p>%s</p><a href="/two">Two</a>%s<script>%s
function more() {}
%s</script>`, strings.Repeat("We mill flour. ", 40), c.markup, choiceScript, script)
}

func serveChoices(t *testing.T, sites map[string]http.Handler) *fixtures.Server {
	t.Helper()
	return serveWith(t, fixtures.Options{Handlers: sites})
}

// written tells the cookies that were written, those after the answer with a plus.
func written(cookies []evidence.Cookie) []string {
	var out []string
	for _, c := range cookies {
		before, after := false, false
		for _, w := range c.Writes {
			if !w.Deletes {
				before, after = before || !w.AfterAnswer, after || w.AfterAnswer
			}
		}
		if before {
			out = append(out, c.Name)
		}
		if after {
			out = append(out, c.Name+"+")
		}
	}
	slices.Sort(out)
	return out
}

const footer = `<footer><a href="/privacy">Privacy policy</a> <a href="#" onclick="settings();return false">Cookie settings</a></footer>`

// choiceSites are sites by what they do with a choice.
func choiceSites() map[string]http.Handler {
	return map[string]http.Handler{
		"www.honest.test": choiceSite{markup: footer, onGPC: `function more() { tag("respects_gpc") }`},
		"www.icon.test":   choiceSite{markup: `<div style="position:fixed;left:10px;bottom:10px;width:40px;height:40px"><button id="consent-icon" aria-label="Cookies" onclick="settings()"><svg width=20 height=20><circle r=9 cx=10 cy=10 /></svg></button></div>`},
		"www.buried.test": choiceSite{markup: `<footer><a href="/cookie-policy">Cookie policy</a> <a href="/privacy">Privacy</a></footer>`},
		"www.script.test": choiceSite{script: `window.CookieConsent = { showPreferences: settings };`},
		// The record of a refusal is kept in memory only.
		"www.forgetful.test": choiceSite{markup: footer, script: `let memory = ""; keep = (v) => { memory = v };`},
		"www.scroll.test":    choiceSite{script: `addEventListener("scroll", () => { if (!kept()) choose(1, 1, 1) })`, markup: `<div style="height:3000px"></div>`},
		"www.onward.test":    choiceSite{script: `if (location.pathname !== "/" && !kept()) addEventListener("load", () => choose(1, 1, 1))`},
		"www.relapse.test": choiceSite{markup: footer, script: `function refuse() { keep("functional:0,analytics:0,marketing:0"); close_(); keep("functional:1,analytics:1,marketing:1") }
			settings = () => box('<p>We use cookies on this website. Change your choice here.</p><button onclick="close_()">Accept all</button><button onclick="refuse()">Reject all</button>')`},
		"www.revoke.test": choiceSite{markup: `<footer><a href="#" onclick="document.cookie='site_consent=;path=/;max-age=0';ask();return false">Withdraw consent</a></footer>`},
	}
}

func TestFurtherPhases(t *testing.T) {
	t.Parallel()
	server := serveChoices(t, choiceSites())
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) { c.Pages = 1 })
			var wg errgroup.Group
			wg.SetLimit(3) // more only wait for each other
			for i, tc := range furtherPhases() {
				if !chosen(kind, i) {
					continue
				}
				wg.Go(func() error {
					r := onePhase(t, c, tc.host, tc.phase, tc.choose)
					t.Run(tc.host+" "+string(tc.phase), func(t *testing.T) { tc.check(t, r) })
					return nil
				})
			}
			_ = wg.Wait() // nothing fails but by t
		})
	}
}

// onePhase visits a site in one phase, in the browser that all cases share.
func onePhase(t *testing.T, c *Crawler, host string, p evidence.Phase, choose []evidence.Category) result {
	t.Helper()
	own := c.share()
	defer own.lease.end()
	own.c.Choose, own.c.Phases = choose, []evidence.Phase{p}
	s := &scan{Crawler: own, finder: c.finder, site: site(t, "https://"+host+"/"), began: time.Now(), plan: newPlan()}
	return s.phase(t.Context(), p)
}

// A phaseCase is what a phase must find on a site: ground truth, as the scripts
// above have it.
type phaseCase struct {
	host    string
	phase   evidence.Phase
	choose  []evidence.Category
	result  evidence.ConsentResult
	clicks  int
	by      string // of the way back to the choice
	reached bool
	// back and kept are of a return visit.
	back, kept *bool
	written    string
	// asked is on how many pages a banner came up; -1 for any.
	asked  int
	signal string
}

func furtherPhases() []phaseCase {
	yes, no := true, false
	verified := evidence.Verified
	return []phaseCase{
		// The accepted cookies come before the withdrawal, its record after.
		{host: "www.honest.test", phase: evidence.Withdraw, result: verified, clicks: 5, by: "control", reached: true, written: "ad_id site_consent site_consent+ stat_id", asked: 1, signal: "granted refused+"},
		{host: "www.icon.test", phase: evidence.Withdraw, result: verified, clicks: 5, by: "control", reached: true, written: "ad_id site_consent site_consent+ stat_id", asked: 1, signal: "granted refused+"},
		{host: "www.buried.test", phase: evidence.Withdraw, result: evidence.NotReachable, written: "ad_id site_consent stat_id", asked: 1, signal: "granted"},
		{host: "www.script.test", phase: evidence.Withdraw, result: verified, clicks: 4, by: "api", written: "ad_id site_consent site_consent+ stat_id", asked: 1, signal: "granted refused+"},
		{host: "www.revoke.test", phase: evidence.Withdraw, result: verified, clicks: 2, by: "control", reached: true, written: "ad_id site_consent site_consent+ stat_id", asked: -1, signal: "granted gone+ refused+"},
		// It goes on as if nothing had been withdrawn.
		{host: "www.relapse.test", phase: evidence.Withdraw, result: evidence.Clicked, clicks: 2, by: "control", reached: true, written: "ad_id ad_id+ site_consent site_consent+ stat_id stat_id+", asked: 1, signal: "granted"},

		{host: "www.honest.test", phase: evidence.Return, result: verified, clicks: 1, back: &no, kept: &yes, written: "site_consent+", asked: 1, signal: "refused+"},
		{host: "www.forgetful.test", phase: evidence.Return, result: evidence.Clicked, clicks: 1, back: &yes, written: "", asked: 3},

		{host: "www.honest.test", phase: evidence.GPC, result: evidence.NotAsked, written: "respects_gpc", asked: 2},
		{host: "www.honest.test", phase: evidence.Choose, choose: []evidence.Category{evidence.Analytics}, result: verified, clicks: 3, written: "site_consent+ stat_id+", asked: 1, signal: "partly granted+"},
		{host: "www.honest.test", phase: evidence.Choose, choose: []evidence.Category{evidence.Marketing, evidence.Functional}, result: verified, clicks: 4, written: "ad_id+ site_consent+", asked: 1, signal: "partly granted+"},
		{host: "www.relapse.test", phase: evidence.Choose, choose: []evidence.Category{evidence.Analytics}, result: evidence.NoChoiceOffered, clicks: 1, written: "", asked: -1},
	}
}

func (tc *phaseCase) check(t *testing.T, r result) {
	t.Helper()
	var chosen []string
	for _, c := range tc.choose {
		chosen = append(chosen, string(c))
	}
	if !slices.Equal(r.visit.Chosen, chosen) {
		t.Errorf("chosen %v, want %v", r.visit.Chosen, chosen)
	}
	v := r.visit
	if v.Outcome != evidence.Complete {
		t.Errorf("%s: %s", v.Outcome, v.Why)
	}
	if v.Consent.Result != tc.result || v.Consent.Clicks != tc.clicks || (v.Consent.Result == evidence.Verified) != (v.Consent.Proof != "") {
		t.Errorf("answer %+v, want %s with %d clicks", v.Consent, tc.result, tc.clicks)
	}
	if got := strings.Join(written(r.record.Cookies), " "); got != tc.written {
		t.Errorf("written: %s, want %s", got, tc.written)
	}
	if (v.Reopening != nil) != (tc.phase == evidence.Withdraw) || v.Reopening != nil && (v.Reopening.By != tc.by || v.Reopening.Reached != tc.reached) {
		t.Errorf("way back %+v, want %q, reached %v", v.Reopening, tc.by, tc.reached)
	}
	if (v.Returned != nil) != (tc.back != nil) {
		t.Fatalf("return visit: %+v", v.Returned)
	}
	if v.Returned != nil {
		if diff := cmp.Diff([]*bool{tc.back, tc.kept}, []*bool{v.Returned.Banner, v.Returned.Kept}); diff != "" {
			t.Errorf("return visit: banner, kept (-want +got):\n%s%s", diff, v.Returned.Why)
		}
	}
	asked := 0
	for _, p := range v.Pages {
		if p.Banner == nil {
			t.Errorf("%s was not looked at", p.URL)
		} else if *p.Banner {
			asked++
		}
	}
	if tc.asked >= 0 && asked != tc.asked {
		t.Errorf("a banner on %d of %d pages, want %d", asked, len(v.Pages), tc.asked)
	}
	var said []string
	for _, s := range v.Signals {
		text := s.Reads
		if s.Gone {
			text = "gone"
		}
		if s.AfterAnswer {
			text += "+"
		}
		said = append(said, text)
	}
	if got := strings.Join(said, " "); got != tc.signal {
		t.Errorf("signals %q, want %q", got, tc.signal)
	}
}

// What grants without a click is told from what waits for one, and from what was
// not tried.
func TestImpliedConsent(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	server := serveChoices(t, choiceSites())
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) { c.Pages, c.NoScreenshots = 1, true })
			for host, want := range map[string][]*bool{
				"www.honest.test": {&no, &no}, "www.scroll.test": {&yes, nil}, "www.onward.test": {&no, &yes},
			} {
				r := onePhase(t, c, host, evidence.Before, nil)
				b := r.banner
				if diff := cmp.Diff(want, []*bool{b.ScrollGrants, b.NavigationGrants}); diff != "" || (b.GrantProof != "") != (host != "www.honest.test") {
					t.Errorf("%s: scrolling, going on (-want +got):\n%s%s", host, diff, b.GrantProof)
				}
				if n := len(r.visit.Screenshots); n > 0 {
					t.Errorf("%d screenshots that nobody asked for", n)
				}
			}
		})
	}
}

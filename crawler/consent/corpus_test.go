package consent

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cookieaudit/crawler/evidence"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// A bannerCase is one page of testdata/banners.yaml with what is true of it.
type bannerCase struct {
	Name       string                 `yaml:"name"`
	Before     string                 `yaml:"before"`
	HTML       string                 `yaml:"html"`
	Frames     map[string]string      `yaml:"frames"`
	Lang       string                 `yaml:"lang"`
	Accept     bool                   `yaml:"accept"`
	Reject     bool                   `yaml:"reject"`
	Clicks     int                    `yaml:"clicks"`
	AcceptBy   int                    `yaml:"accept_clicks"` // default 1
	PreTicked  []string               `yaml:"preticked"`
	InSettings []string               `yaml:"preticked_settings"`
	Links      []string               `yaml:"links"`
	Refusal    evidence.ConsentResult `yaml:"refusal"`
	Acceptance evidence.ConsentResult `yaml:"acceptance"`
}

func (c *bannerCase) none() bool { return strings.HasPrefix(c.Name, "none-") }

const prelude = `<meta charset=utf-8><script>%s
function keep(v) { document.cookie = 'cookie_consent=' + encodeURIComponent(v) + ';path=/'; }
function drop(id) { document.getElementById(id || 'b')?.remove(); }
function say(v, id) { keep(v); drop(id); }</script>
<style>.bar{position:fixed;left:0;right:0;bottom:0;background:#eee;padding:20px}.top{bottom:auto;top:0}.box{position:fixed;right:20px;bottom:20px;width:400px;background:#eee;padding:10px}
.wall{position:fixed;inset:0;background:rgba(0,0,0,.6)}.modal{position:fixed;left:300px;top:100px;width:600px;background:#fff;padding:20px}[hidden]{display:none!important}</style>
<body>%s<nav><a href="/">Home</a> <a href="/cookies">Cookies</a></nav><main><h1>A page</h1><p>Some text that has nothing to do with it.</p></main>%s`

func readCases(t *testing.T) []bannerCase {
	t.Helper()
	raw, err := os.ReadFile("testdata/banners.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases []bannerCase
	if err := yaml.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestCorpus detects, refuses and accepts on every page, in a real browser.
func TestCorpus(t *testing.T) {
	t.Parallel()
	cases := readCases(t)
	pages := map[string]string{}
	for _, c := range cases {
		pages[c.Name+"."+domain+"/"] = fmt.Sprintf(prelude, Preload, c.Before, c.HTML)
		for address, html := range c.Frames {
			pages[address] = html
		}
	}
	b, driver := startBrowser(t, pages)
	var wg sync.WaitGroup
	slots := make(chan int, 6)
	for i := range cap(slots) {
		slots <- i
	}
	for i := range cases {
		wg.Add(1)
		slot := <-slots
		go func() {
			defer wg.Done()
			defer func() { slots <- slot }()
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
			defer cancel()
			runCase(ctx, t, b, driver, &cases[i], fmt.Sprintf("slot%d", slot))
		}()
	}
	wg.Wait()
}

func runCase(ctx context.Context, t *testing.T, b *bridge, driver *bridgeFrame, c *bannerCase, slot string) {
	visit := func(what string, look func(Page)) bool {
		p, err := b.openCase(ctx, driver, c.Name, slot)
		if err != nil {
			t.Errorf("%s: %s: %v", c.Name, what, err)
			return false
		}
		look(p)
		if err := b.closeCase(ctx, driver, c.Name, slot); err != nil {
			t.Errorf("%s: %s: %v", c.Name, what, err)
			return false
		}
		return true
	}
	refuse := func(p Page) {
		// Looking must leave the page as it is: the answer is given after it.
		seen, err := Detect(ctx, p)
		if err != nil {
			t.Errorf("%s: detect: %v", c.Name, err)
			return
		}
		checkBanner(t, c, seen)
		if !c.none() {
			got, banner, err := Answer(ctx, p, RejectAll)
			if err != nil {
				t.Errorf("%s: refuse: %v", c.Name, err)
				return
			}
			checkRefusal(t, c, got, banner)
		}
	}
	if !visit("refuse", refuse) || c.none() {
		return
	}
	visit("accept", func(p Page) {
		got, _, err := Answer(ctx, p, AcceptAll)
		if err != nil {
			t.Errorf("%s: accept: %v", c.Name, err)
			return
		}
		checkAnswer(t, c, "accept", got, c.Acceptance)
		if got.Clicks != max(1, c.AcceptBy) {
			t.Errorf("%s: accepted with %d clicks", c.Name, got.Clicks)
		}
	})
}

func checkBanner(t *testing.T, c *bannerCase, got *evidence.Banner) {
	if got.Found == c.none() {
		t.Errorf("%s: found is %v: %+v", c.Name, got.Found, got)
		return
	}
	if c.none() {
		return
	}
	type facts struct {
		Lang           string
		Accept, Reject bool
		PreTicked      []string
		Links          int
	}
	want := facts{c.Lang, c.Accept, c.Reject, c.PreTicked, len(c.Links)}
	have := facts{got.Language, got.FirstLayerAccept, got.FirstLayerReject, got.PreTicked, len(got.Links)}
	if d := cmp.Diff(want, have); d != "" {
		t.Errorf("%s: %s\n%+v", c.Name, d, got)
	}
	for i, l := range c.Links {
		if i < len(got.Links) && !strings.HasSuffix(got.Links[i], l) {
			t.Errorf("%s: links %q, want %q", c.Name, got.Links, c.Links)
		}
	}
	if got.FirstLayerReject != (got.ClicksReject != nil) || got.FirstLayerAccept != (got.ClicksAccept != nil) {
		t.Errorf("%s: clicks do not fit the first layer: %+v", c.Name, got)
	}
}

func checkRefusal(t *testing.T, c *bannerCase, got evidence.Consent, banner *evidence.Banner) {
	checkAnswer(t, c, "refuse", got, c.Refusal)
	clicks := 0
	if banner.ClicksReject != nil {
		clicks = *banner.ClicksReject
	}
	if clicks != c.Clicks || got.Result != evidence.NoRejectOffered && got.Clicks != c.Clicks {
		t.Errorf("%s: refused with %d clicks (banner says %d), want %d: %+v", c.Name, got.Clicks, clicks, c.Clicks, got)
	}
	if want := append(slices.Clone(c.PreTicked), c.InSettings...); !slices.Equal(banner.PreTicked, want) {
		t.Errorf("%s: pre-ticked %q, want %q", c.Name, banner.PreTicked, want)
	}
}

func checkAnswer(t *testing.T, c *bannerCase, what string, got evidence.Consent, want evidence.ConsentResult) {
	if want == "" {
		want = evidence.Verified
	}
	if got.Result != want {
		t.Errorf("%s: %s: %s, want %s: %+v", c.Name, what, got.Result, want, got)
	}
	if got.By != "detection" || (got.Result == evidence.Verified) != (got.Proof != "") {
		t.Errorf("%s: %s: incomplete: %+v", c.Name, what, got)
	}
}

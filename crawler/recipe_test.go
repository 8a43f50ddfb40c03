package crawler

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// recipeText is for banners in no language at all, which detection cannot read.
const recipeText = `recipes:
  - site: plain.recipe.test
    banner: "#cmp"
    accept: [{click: "#y"}]
    reject: [{click: "#n"}]
    withdraw: [{click: "footer a"}, {click: "#n"}]
  - site: steps.recipe.test
    banner: "#cmp"
    accept: [{click: "#y"}]
    reject:
      - click: "#s"
      - wait: {selector: "#none"}
      - click: "#none"
      - wait: {time: 1s}
      - click: "#save"
  - {site: liar.recipe.test, banner: "#cmp", accept: [{click: "#y"}], reject: [{click: "#n"}]}
  - {site: stays.recipe.test, banner: "#cmp", accept: [{click: "#y"}], reject: [{click: "#n"}]}
  - site: missing.recipe.test
    banner: "#cmp"
    reject: [{click: "#s"}, {click: "#nope"}]
    accept: [{click: "#y"}]
  - site: gone.recipe.test
    banner: "#other"
    reject: [{click: "#n"}]
    accept: [{click: "#y"}]
  - site: chosen.recipe.test
    banner: "#cmp"
    choose: [{click: "#s"}, {click: "#statistics"}, {click: "#save"}]
  - {site: "*.fallback.test", banner: "#other", fallback: true, reject: [{click: "#nope"}], accept: [{click: "#nope"}]}
`

// recipeHosts serve banners. Their first control accepts and their last refuses.
func recipeHosts() map[string]http.Handler {
	page := func(body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><title>t</title><link rel=icon href=data:,><h1>Mill</h1>
<script>function say(v) { document.cookie = "cookie_consent=" + v + ";path=/;max-age=9999"; c.hidden = true }</script>
<style>#cmp, .bar {position:fixed;bottom:0;left:0;right:0;background:#eee} [hidden] {display:none!important}</style>%s
<script>const c = document.querySelector("#cmp, .bar"); c.hidden = document.cookie.includes("cookie_consent=")</script>`, body)
		})
	}
	const yes = `<button id=y onclick="say('accepted')">Zorp</button>`
	return map[string]http.Handler{
		"plain.recipe.test": page(`<div id=cmp><p>Blim blam.</p>` + yes + `<button id=n onclick="say('rejected')">Blip</button></div>
<footer><a href="#" onclick="c.hidden=false">Blam</a></footer>`),
		"steps.recipe.test": page(`<div id=cmp><p>Blim blam.</p>` + yes + `<button id=s onclick="setTimeout(()=>{m.hidden=false},900)">Blup</button>
<div id=m hidden><button id=none onclick="this.dataset.done=1">Blop</button><button id=save onclick="if (none.dataset.done) say('rejected')">Blep</button></div></div>`),
		"chosen.recipe.test": page(`<div id=cmp><p>Blim blam.</p>` + yes + `<button id=s onclick="m.hidden=false">Blup</button>
<div id=m hidden><input type=checkbox id=statistics><button id=save onclick="say('analytics:'+statistics.checked+',marketing:false')">Blep</button></div></div>`),
		"liar.recipe.test":    page(`<div id=cmp><p>Blim blam.</p>` + yes + `<button id=n onclick="say('accepted')">Blip</button></div>`),
		"stays.recipe.test":   page(`<div id=cmp><p>Blim blam.</p><button id=y onclick="say('accepted');c.hidden=false">Zorp</button><button id=n onclick="say('rejected');c.hidden=false">Blip</button></div>`),
		"missing.recipe.test": page(`<div id=cmp><p>Blim blam.</p>` + yes + `<button id=s>Blup</button></div>`),
		"gone.recipe.test":    page(`<div id=cmp><p>We use cookies.</p><button id=y onclick="say('accepted')">Accept</button><button id=n onclick="say('rejected')">Reject</button></div>`),
		"www.fallback.test":   page(`<div class=bar><p>We use cookies.</p><button onclick="say('accepted')">Accept</button><button onclick="say('rejected')">Reject</button></div>`),
	}
}

// serveRecipes returns the served sites, their recipes, and the file of a policy,
// so that none is looked for.
func serveRecipes(t *testing.T) (*fixtures.Server, []Recipe, string) {
	t.Helper()
	server := serveWith(t, fixtures.Options{Handlers: recipeHosts()})
	recipes, err := ParseRecipes([]byte(recipeText))
	if err != nil {
		t.Fatal(err)
	}
	policy := filepath.Join(t.TempDir(), "policy.html")
	if err := os.WriteFile(policy, []byte("<p>x</p>"), 0o600); err != nil {
		t.Fatal(err)
	}
	return server, recipes, policy
}

// What the user states wins over detection and is proved like any other answer.
func TestRecipes(t *testing.T) {
	t.Parallel()
	server, recipes, policy := serveRecipes(t)
	type answer struct {
		Result evidence.ConsentResult
		By     string
		Clicks int
		Why    string // part of it
	}
	const by, done = "recipe", evidence.Verified
	nope := "line 20 (click #nope): no visible element fits"
	other := "the recipe's banner did not come: for #other no visible element"
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) {
				c.Pages, c.NoScreenshots, c.Recipes, c.Policies = 0, true, recipes, []string{policy}
				c.Phases = []evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept, evidence.Withdraw}
			})
			for host, want := range map[string]struct {
				found                    bool
				reject, accept, withdraw answer
				before                   evidence.Outcome
				notes                    int
			}{
				"plain.recipe.test":   {true, answer{done, by, 1, ""}, answer{done, by, 1, ""}, answer{done, by, 2, ""}, evidence.Complete, 0},
				"steps.recipe.test":   {true, answer{done, by, 3, ""}, answer{done, by, 1, ""}, answer{evidence.NotReachable, "", 0, ""}, evidence.Complete, 0},
				"liar.recipe.test":    {true, answer{evidence.Clicked, by, 1, "otherwise"}, answer{done, by, 1, ""}, answer{evidence.NotReachable, "", 0, ""}, evidence.Complete, 0},
				"stays.recipe.test":   {true, answer{evidence.Failed, by, 1, "still there"}, answer{evidence.Failed, by, 1, "still there"}, answer{evidence.Failed, "", 0, "still there"}, evidence.Complete, 0},
				"missing.recipe.test": {true, answer{evidence.Failed, by, 1, nope}, answer{done, by, 1, ""}, answer{evidence.NotReachable, "", 0, ""}, evidence.Complete, 0},
				"gone.recipe.test":    {false, answer{evidence.Failed, by, 0, other}, answer{evidence.Failed, by, 0, other}, answer{evidence.Failed, "", 0, other}, evidence.Partial, 0},
				"www.fallback.test":   {true, answer{done, "detection", 1, ""}, answer{done, "detection", 1, ""}, answer{evidence.NotReachable, "", 0, ""}, evidence.Complete, 1},
			} {
				t.Run(host, func(t *testing.T) {
					t.Parallel()
					scan, err := c.Scan(t.Context(), site(t, "https://"+host+"/"))
					if err != nil {
						t.Fatal(err)
					}
					if found := scan.Banner != nil && scan.Banner.Found; found != want.found {
						t.Errorf("banner %+v", scan.Banner)
					}
					for _, v := range scan.Visits {
						if v.Phase == evidence.Before {
							if v.Outcome != want.before || len(v.Notes) != want.notes {
								t.Errorf("before: %s %q, notes %q", v.Outcome, v.Why, v.Notes)
							}
							continue
						}
						say := map[evidence.Phase]answer{evidence.Reject: want.reject, evidence.Accept: want.accept, evidence.Withdraw: want.withdraw}[v.Phase]
						got := answer{v.Consent.Result, v.Consent.By, v.Consent.Clicks, ""}
						if strings.Contains(cmp.Or(v.Consent.Why, v.Why), say.Why) {
							got.Why = say.Why
						}
						if diff := gocmp.Diff(say, got); diff != "" {
							t.Errorf("%s (-want +got):\n%s%+v %q", v.Phase, diff, v.Consent, v.Why)
						}
						if (v.Consent.Result == evidence.Failed) != (v.Outcome == evidence.Partial) {
							t.Errorf("%s: %s with %s: %q", v.Phase, v.Outcome, v.Consent.Result, v.Why)
						}
					}
				})
			}
		})
	}
}

// A choice of categories is made by a recipe's steps, and proved by what the site
// then states of each category.
func TestRecipeChooses(t *testing.T) {
	t.Parallel()
	server, recipes, policy := serveRecipes(t)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) {
				c.Pages, c.NoScreenshots, c.Recipes, c.Policies = 0, true, recipes, []string{policy}
				c.Phases, c.Choose = []evidence.Phase{evidence.Choose}, []evidence.Category{evidence.Analytics}
			})
			scan, err := c.Scan(t.Context(), site(t, "https://chosen.recipe.test/"))
			if err != nil {
				t.Fatal(err)
			}
			got := scan.Visits[0].Consent
			if got.Result != evidence.Verified || got.By != "recipe" || got.Clicks != 3 {
				t.Errorf("%+v", got)
			}
		})
	}
}

// A mistake in a file of recipes is told with its line.
func TestBadRecipes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                           "no recipes",
		"recipes: []":                "no recipes",
		"recipies: []":               "line 1: field recipies not found",
		"recipes:\n  - site: a.test": "line 2): it states neither",
		"recipes:\n  - site: a.test\n    banner: '#b'\n    refuse: [{click: a}]": "line 4: field refuse not found",
		"recipes:\n  - banner: '#b'":                                                  "site \"\"",
		"recipes:\n  - {site: 'https://a.test/', banner: '#b'}":                       "write a host",
		"recipes:\n  - {site: '*.*.test', banner: '#b'}":                              "write a host",
		"recipes:\n  - site: a.test\n    reject:\n      - click: a\n      - press: b": "reject, line 5: a step is",
		"recipes:\n  - site: a.test\n    reject: [{navigate: /}]":                     "reject, line 3: a recipe's steps",
		"recipes:\n  - site: a.test\n    accept: [{wait: {time: 1s}}]":                "accept: it clicks nothing",
		"recipes:\n  - site: a.test\n    accept: [{wait: {time: 2h}}]":                "at most 1m0s",
	} {
		if _, err := ParseRecipes([]byte(text)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "crawler.") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestRecipeOfASite(t *testing.T) {
	t.Parallel()
	recipes, err := ParseRecipes([]byte(recipeText))
	if err != nil {
		t.Fatal(err)
	}
	c := &Crawler{c: Config{Recipes: recipes}}
	for host, want := range map[string]string{
		"plain.recipe.test": "#cmp", "fallback.test": "#other", "a.b.fallback.test": "#other",
		"recipe.test": "", "www.plain.recipe.test": "", "notfallback.test": "",
	} {
		got := ""
		if r := c.recipe(site(t, "https://"+host+"/")); r != nil {
			got = r.Banner
		}
		if got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

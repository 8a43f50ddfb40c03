package crawler

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// members is a site behind a log-in: it knows one visitor, and gives back what
// it is told in every way that sites do.
func members(w http.ResponseWriter, r *http.Request) {
	inside := false
	if c, err := r.Cookie("session"); err == nil && c.Value == "in" {
		inside = true
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page := func(body string) {
		fmt.Fprint(w, "<!doctype html><html lang=en><title>Members</title><link rel=icon href=data:,><h1>Members</h1>"+body)
	}
	switch {
	case r.URL.Path == "/login":
		page(`<script>document.cookie = "_pk_id.1.x=login; max-age=600"; localStorage.setItem("seen", "1");</script>
<form action=/enter><input id=user name=user><input id=pass name=pass type=password><button id=go>Go</button></form>`)
	case r.URL.Path == "/enter":
		if r.URL.Query().Get("user") != "anna@members.test" || r.URL.Query().Get("pass") != "correct horse" {
			page(`<p id=wrong>wrong`)
			return
		}
		w.Header().Add("Set-Cookie", "session=in; Path=/; HttpOnly")
		w.Header().Add("Set-Cookie", "greet="+url.QueryEscape(r.URL.Query().Get("user"))+"; Path=/")
		page(`<title>Welcome anna@members.test</title><p id=welcome>Welcome<script>sessionStorage.setItem("tab", "kept")</script>`)
	case !inside:
		http.Redirect(w, r, "/login", http.StatusFound)
	case r.URL.Path == "/":
		page(`<p>inside<script>document.cookie = "tab=" + sessionStorage.getItem("tab")</script>
<a href="/a?who=anna%40members.test">A</a> <a href="/logout">Log out</a> <a href="/privacy">Privacy</a>`)
	default:
		page("<p>inside")
	}
}

func loginScript(t *testing.T, script string) *Login {
	t.Helper()
	secrets := strings.NewReplacer("${ENV:USER}", "anna@members.test", "${ENV:PASS}", "correct horse")
	l, err := ParseLogin([]byte(script), func(s string) (string, bool, error) {
		out := secrets.Replace(s)
		return out, out != s, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

const enter = `
- navigate: /login
- fill: {selector: "#user", value: "${ENV:USER}"}
- fill: {selector: "#pass", value: "${ENV:PASS}"}
- click: "#go"
- wait: {url: "/enter*"}
- wait: {selector: "#welcome"}
- wait: {time: 10ms}
`

func TestLogin(t *testing.T) {
	t.Parallel()
	server := serveWith(t, fixtures.Options{Handlers: map[string]http.Handler{"www.members.test": http.HandlerFunc(members)}})
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) {
				c.Start.Login = loginScript(t, enter)
				c.Phases = []evidence.Phase{evidence.Before, evidence.Reject}
			})
			scan, err := c.Scan(t.Context(), site(t, "https://www.members.test/"))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(&evidence.StartState{LoginSteps: 7}, scan.Start); d != "" {
				t.Error(d)
			}
			for _, v := range scan.Visits {
				if v.Outcome != evidence.Complete || len(v.Pages) != 2 || v.Pages[0].FinalURL != "https://www.members.test/" {
					t.Errorf("%s: %s %s, pages %+v", v.Phase, v.Outcome, v.Why, v.Pages)
				}
			}
			login := map[string]bool{}
			for _, k := range scan.Cookies {
				for _, w := range k.Writes {
					login[k.Name] = w.Login
				}
			}
			if d := cmp.Diff(map[string]bool{"_pk_id.1.x": true, "session": true, "greet": true, "tab": false}, login); d != "" {
				t.Errorf("what was written during the login: %s", d)
			}
			if i := slices.IndexFunc(scan.Cookies, func(k evidence.Cookie) bool { return k.Name == "tab" }); i < 0 || scan.Cookies[i].Value.Length != len("kept") {
				t.Error("the tab's storage was lost behind the login")
			}
			if text := fmt.Sprintf("%+v", scan); strings.Contains(text, "anna") || strings.Contains(text, "horse") || !strings.Contains(text, masked) {
				t.Errorf("what the user filled in is in the record: %s", text)
			}
		})
	}
}

// A login that fails is a visit that was not made, with the step that failed.
func TestLoginFails(t *testing.T) {
	t.Parallel()
	server := serveWith(t, fixtures.Options{Handlers: map[string]http.Handler{"www.members.test": http.HandlerFunc(members)}})
	for _, tt := range []struct{ name, script, why string }{
		{"no such element", "- navigate: /login\n- click: '#nothing'", "step 2, line 2 (click #nothing): no visible element fits within 1s"},
		{"a wrong selector", "- navigate: /login\n- click: '#a['", "it is not a CSS selector"},
		{"a password in the script", "- navigate: /login\n- fill: {selector: '#pass', value: plain}", "use ${ENV:NAME}"},
		{"wrong password", strings.Replace(enter, `"${ENV:PASS}"`, `"${ENV:USER}"`, 1), "(wait for #welcome)"},
		{"another address", "- navigate: /login\n- wait: {url: '*/members'}", "another address"},
		{"no such page", "- navigate: https://nowhere.test/login", "does not resolve"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kinds[0], func(c *Config) {
				c.Start.Login = loginScript(t, tt.script)
				c.Phases, c.PageTimeout = []evidence.Phase{evidence.Before}, 1e9
			})
			scan, err := c.Scan(t.Context(), site(t, "https://www.members.test/"))
			if err != nil {
				t.Fatal(err)
			}
			v := scan.Visits[0]
			if v.Outcome != evidence.Unavailable || scan.Outcome != evidence.Unavailable || !strings.Contains(v.Why, "the login script failed at step") ||
				!strings.Contains(v.Why, tt.why) || len(v.Pages) > 0 {
				t.Errorf("%s: %s, %d pages", v.Outcome, v.Why, len(v.Pages))
			}
		})
	}
}

func TestParseLogin(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"":                                      "it has no steps",
		"click: x":                              "no YAML list",
		"- clack: x":                            "step 1 (line 1): a step is one of navigate",
		"- click: a\n- {}":                      "step 2 (line 2)",
		"- {click: a, navigate: b}":             "a step is one of",
		"- fill: {value: hush}":                 "a step is one of",
		"- wait: {time: soon}":                  "a step is one of",
		"- wait: {time: 2s, url: x}":            "a step is one of",
		"- wait: {time: 1h}":                    "at most 1m0s",
		"- fill: {selector: a, value: [hush]}":  "a step is one of",
		"- fill: {selector: a, value: unknown}": "is not set",
	} {
		_, err := ParseLogin([]byte(script), func(string) (string, bool, error) { return "", false, fmt.Errorf("it is not set") })
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v, want %q", script, err, want)
		}
	}
}

func TestStartChecks(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Start{
		`locale "xx-yy-zz-nonsense" is not`:                    {Client: browser.Client{Locale: "xx-yy-zz-nonsense"}},
		`time zone "Nowhere" is not known`:                     {Client: browser.Client{Timezone: "Nowhere"}},
		`no device "watch": use one of desktop, phone, tablet`: {Client: browser.Client{Device: "watch"}},
		"user agent holds":                                     {Client: browser.Client{UserAgent: "a\nb"}},
		"use --cookie":                                         {Headers: []browser.Header{{Name: "Cookie", Value: "hush"}}},
		"not the name of a header":                             {Headers: []browser.Header{{Name: "a b", Value: "hush"}}},
		"no header can carry":                                  {Headers: []browser.Header{{Name: "a", Value: "hush\r\nb: c"}}},
		"sets it by itself":                                    {Headers: []browser.Header{{Name: "Host", Value: "hush"}}},
		"SameSite=None needs Secure":                           {Cookies: []browser.StartCookie{{Name: "a", Value: "hush", SameSite: "None"}}},
		"no cookie can carry":                                  {Cookies: []browser.StartCookie{{Name: "a", Value: "hush;x"}}},
		"an origin is written":                                 {Storage: []browser.StartItem{{Origin: "https://a.test/x", Value: "hush"}}},
		"not on earth":                                         {Position: &browser.Position{Latitude: 91}},
		"no credentials to a socks5":                           {Proxy: &url.URL{Scheme: "socks5", Host: "a:1", User: url.UserPassword("a", "hush")}},
		"a proxy is written like":                              {Proxy: &url.URL{Scheme: "ftp", Host: "a", User: url.UserPassword("a", "hush")}},
	} {
		_, err := New(t.Context(), Config{Start: s})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

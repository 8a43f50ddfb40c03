package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cookieaudit/crawler/browser"
)

func file(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestStartCookies(t *testing.T) {
	t.Setenv("SESSION", "from the environment")
	secret := file(t, "from a file\n")
	later := time.Unix(4102444800, 0)
	for _, tt := range []struct {
		name, given string
		want        []browser.StartCookie
	}{
		{"plain", "a=b=c", []browser.StartCookie{{Name: "a", Value: "b=c"}}},
		{"environment", "a=env:SESSION; Domain=Example.org; Path=/x; Secure; HttpOnly; SameSite=lax", []browser.StartCookie{
			{Name: "a", Value: "from the environment", Domain: ".example.org", Path: "/x", Secure: true, HTTPOnly: true, SameSite: "Lax"},
		}},
		{"file", "a=@" + secret, []browser.StartCookie{{Name: "a", Value: "from a file"}}},
		{"placeholders", "a=1.${ENV:SESSION}.${FILE:" + secret + "}", []browser.StartCookie{{Name: "a", Value: "1.from the environment.from a file"}}},
		{"expires", "a=b; Expires=Fri, 01 Jan 2100 00:00:00 GMT", []browser.StartCookie{{Name: "a", Value: "b", Expires: later}}},
		{
			"cookies.txt", "@" + file(t, "# Netscape HTTP Cookie File\n\n.example.org\tTRUE\t/\tTRUE\t4102444800\twide\t1\r\n#HttpOnly_www.example.org\tFALSE\t/x\tFALSE\t0\thost\t\n.example.org\tTRUE\t/\tTRUE\t1\told\t1\n"),
			[]browser.StartCookie{
				{Name: "wide", Value: "1", Domain: ".example.org", Path: "/", Secure: true, Expires: later},
				{Name: "host", URL: "https://www.example.org/", Path: "/x", HTTPOnly: true},
			},
		},
		{
			"an extension's export", "@" + file(t, `[{"domain": ".example.org", "expirationDate": 4102444800.5, "hostOnly": false, "httpOnly": true, "name": "wide", "path": "/", "sameSite": "no_restriction", "secure": true, "session": false, "storeId": "0", "value": "1"},
			{"domain": "example.org", "hostOnly": true, "name": "host", "path": "/", "sameSite": "unspecified", "session": true, "value": "2"}]`),
			[]browser.StartCookie{
				{Name: "wide", Value: "1", Domain: ".example.org", Path: "/", Secure: true, HTTPOnly: true, SameSite: "None", Expires: later},
				{Name: "host", Value: "2", URL: "https://example.org/", Path: "/"},
			},
		},
		{
			"a test tool's storage state", "@" + file(t, `{"cookies": [{"name": "a", "value": "b", "domain": "example.org", "path": "/", "expires": -1, "httpOnly": false, "secure": false, "sameSite": "Lax"}], "origins": []}`),
			[]browser.StartCookie{{Name: "a", Value: "b", URL: "https://example.org/", Path: "/", SameSite: "Lax"}},
		},
	} {
		r := startReader{sites: 1}
		if err := r.cookie(tt.given); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if d := cmp.Diff(tt.want, r.Cookies, cmpopts.EquateApproxTime(time.Second)); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

func TestStartStorage(t *testing.T) {
	t.Setenv("TOKEN", "hush")
	for name, tt := range map[string]struct {
		text string
		want []browser.StartItem
	}{
		"by origin": {`{"https://example.org/": {"localStorage": {"b": "2", "a": "${ENV:TOKEN}"}, "sessionStorage": {"c": "3"}}}`, []browser.StartItem{
			{Origin: "https://example.org", Key: "a", Value: "hush"},
			{Origin: "https://example.org", Key: "b", Value: "2"},
			{Origin: "https://example.org", Session: true, Key: "c", Value: "3"},
		}},
		"a storage state": {`{"cookies": [], "origins": [{"origin": "https://example.org", "localStorage": [{"name": "a", "value": "@1"}]}]}`, []browser.StartItem{
			{Origin: "https://example.org", Key: "a", Value: "@1"},
		}},
	} {
		var r startReader
		if err := r.storage(file(t, tt.text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(tt.want, r.Storage); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestStartHeaderAndProxy(t *testing.T) {
	t.Setenv("TOKEN", "a b@c:d/")
	var r startReader
	if err := r.header("Authorization: Bearer env:TOKEN"); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]browser.Header{{Name: "Authorization", Value: "Bearer a b@c:d/"}}, r.Headers); d != "" {
		t.Error(d)
	}
	if err := r.proxy("http://me:${ENV:TOKEN}@proxy.example:3128"); err != nil {
		t.Fatal(err)
	}
	if password, _ := r.Proxy.User.Password(); password != "a b@c:d/" || r.Proxy.Host != "proxy.example:3128" {
		t.Errorf("password %q, host %s", password, r.Proxy.Host)
	}
}

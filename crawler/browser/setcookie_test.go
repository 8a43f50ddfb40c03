package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseSetCookie(t *testing.T) {
	t.Parallel()
	seconds := func(n int64) *int64 { return &n }
	for _, tc := range []struct {
		line string
		want setCookie
		ok   bool
	}{
		{"a=1", setCookie{name: "a", value: "1"}, true},
		{" a = 1 ; Path=/x ", setCookie{name: "a", value: "1", path: "/x"}, true},
		{"a=b=c", setCookie{name: "a", value: "b=c"}, true},
		{`a="1"`, setCookie{name: "a", value: `"1"`}, true},
		{"a=", setCookie{name: "a"}, true},
		{"=1", setCookie{value: "1"}, true},
		{"1", setCookie{value: "1"}, true},
		{"", setCookie{}, false},
		{"; Path=/", setCookie{path: "/"}, false},
		{"a=1\t2", setCookie{name: "a", value: "1\t2"}, false},
		{"a=1; Domain=.Bücher.Example", setCookie{name: "a", value: "1", domain: "xn--bcher-kva.example"}, true},
		{"a=1\x00; Path=/x", setCookie{name: "a", value: "1\x00", path: "/x"}, false},
		{"a=1; Domain=.Example.ORG", setCookie{name: "a", value: "1", domain: "example.org"}, true},
		{"a=1; Path=x; path=/y; PATH=z", setCookie{name: "a", value: "1"}, true},
		{"a=1; Max-Age=10; Max-Age=20", setCookie{name: "a", value: "1", maxAge: seconds(20)}, true},
		{"a=1; Max-Age=10; Max-Age=x; Expires=04 Mar 2027 05:06:07; Expires=x", setCookie{name: "a", value: "1"}, true},
		{"a=1; Max-Age=-1", setCookie{name: "a", value: "1", maxAge: seconds(-1)}, true},
		{"a=1; Max-Age=+100", setCookie{name: "a", value: "1", maxAge: seconds(100)}, true},
		{"a=1; Max-Age=1.5", setCookie{name: "a", value: "1"}, true},
		{"a=1; Max-Age=", setCookie{name: "a", value: "1"}, true},
		{"a=1; Max-Age=99999999999999999999999", setCookie{name: "a", value: "1", maxAge: seconds(1<<53 - 1)}, true},
		{"a=1; Secure=no; HttpOnly; Partitioned; SameSite=STRICT", setCookie{name: "a", value: "1", secure: true, httpOnly: true, partitioned: true, sameSite: "Strict"}, true},
		{"a=1; SameSite=other", setCookie{name: "a", value: "1"}, true},
		{"a=1; Path=/" + strings.Repeat("x", 1024), setCookie{name: "a", value: "1"}, true},
	} {
		got, ok := parseSetCookie(tc.line)
		if ok != tc.ok {
			t.Errorf("%q: taken %v, want %v", tc.line, ok, tc.ok)
		}
		if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(setCookie{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tc.line, diff)
		}
	}
}

func TestParseCookieDate(t *testing.T) {
	t.Parallel()
	want := time.Date(2027, time.March, 4, 5, 6, 7, 0, time.UTC)
	for _, s := range []string{
		"Thu, 04 Mar 2027 05:06:07 GMT", // RFC 9110
		"Thursday, 04-Mar-27 05:06:07 GMT",
		"Thu Mar  4 05:06:07 2027",
		"Thu, 04-Mar-2027 05:06:07 GMT",
		"4 mar 2027 5:6:7",
		"2027 05:06:07 March 4th",
		"05:06:07 04 MARCH 27 +0100 (CET)",
	} {
		if got, ok := parseCookieDate(s); !ok || !got.Equal(want) {
			t.Errorf("%q: %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{
		"", "0", "-1", "now", "Thu, 04 Mar 2027", "04 Mar 05:06:07", "32 Jan 2027 05:06:07", "30 Feb 2027 05:06:07",
		"04 Mar 2027 24:06:07", "04 Mar 2027 05:60:07", "2027-03-04T05:06:07Z",
	} {
		if got, ok := parseCookieDate(s); ok {
			t.Errorf("%q is taken as %v", s, got)
		}
	}
	if got, _ := parseCookieDate("01 Jan 1600 00:00:00"); got.Year() != 1600 {
		t.Errorf("1600 is the year %d", got.Year())
	}
	if got, _ := parseCookieDate("01 Jan 70 00:00:00"); got.Year() != 1970 {
		t.Errorf("70 is the year %d", got.Year())
	}
	if got, _ := parseCookieDate("01 Jan 69 00:00:00"); got.Year() != 2069 {
		t.Errorf("69 is the year %d", got.Year())
	}
}

func TestLifetime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.May, 1, 12, 0, 0, 900e6, time.UTC)
	for line, want := range map[string]int64{
		"a=1; Max-Age=5; Expires=Fri, 01 May 2026 13:00:00 GMT": 5,
		"a=1; Expires=Fri, 01 May 2026 13:00:00 GMT":            3600,
		"a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT":            -1777636800,
		"a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT":            251624663999,
	} {
		c, _ := parseSetCookie(line)
		if got := c.lifetime(now); got == nil || *got != want {
			t.Errorf("%s: %v, want %d", line, got, want)
		}
	}
	c, _ := parseSetCookie("a=1; Expires=whenever")
	if got := c.lifetime(now); got != nil {
		t.Errorf("an unreadable date is a session cookie, got %d", *got)
	}
}

func TestMaskHidesTheValue(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"id=secret; Path=/":     "id=‹6 bytes›; Path=/",
		"secret":                "‹6 bytes›",
		"id = sec=ret ; Secure": "id =‹7 bytes›; Secure",
	} {
		c, _ := parseSetCookie(line)
		if got := c.mask(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func TestDefaultPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"": "/", "/": "/", "/a": "/", "/a/": "/a", "/a/b": "/a", "a/b": "/"} {
		if got := defaultPath(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func FuzzParseSetCookie(f *testing.F) {
	for _, s := range []string{
		"a=1; Max-Age=10; Max-Age=x", "a=1; Expires=9 Jan 02050 5:6:7; Expires=never", "a=1; Expires=01 Jan 1600 00:00:00 GMT", "a=\x01b",
		"\t a \t=\t b \t; \tMax-Age \t= \t3102 \t", "; Path=/", "ünï=wört; Domain=bücher.test", "a=\"x;y\"; Path=\"/\"", "a=1;;; ;Max-Age=-99999999999999999999;",
		"a=1; Max-Age=10", "a=1; Expires=Thu, 04 Mar 2027 05:06:07 GMT", "=;=", "a=1; Domain=.x; Path=/",
	} {
		f.Add(s)
	}
	now := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, line string) {
		c, ok := parseSetCookie(line)
		if ok && c.name == "" && c.value == "" {
			t.Errorf("%q: neither name nor value, and yet taken", line)
		}
		if strings.HasPrefix(c.domain, "..") && !strings.Contains(line, "...") {
			t.Errorf("%q: domain %q", line, c.domain)
		}
		if c.path != "" && c.path[0] != '/' {
			t.Errorf("%q: path %q", line, c.path)
		}
		if c.maxAge != nil && *c.maxAge != *c.lifetime(now) {
			t.Errorf("%q: Max-Age does not win", line)
		}
		// What is kept of a line must not hold the value, unless something else
		// in the line says the same.
		if ok && len(c.value) > 12 && strings.Count(line, c.value) == 1 && strings.Contains(c.mask(line), c.value) {
			t.Errorf("%q: the masked line holds the value: %q", line, c.mask(line))
		}
	})
}

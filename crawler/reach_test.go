package crawler

import (
	"net/http"
	"strings"
	"testing"

	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// Whoever names no scheme means the site wherever it answers; a scheme that was
// named is kept, and a certificate that cannot be verified is no reason to look
// at something unprotected.
func TestSchemeThatNobodyNamed(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if _, err := w.Write([]byte("<!doctype html><h1>Mill</h1>")); err != nil {
			t.Log(err)
		}
	})
	server := serveWith(t, fixtures.Options{Handlers: map[string]http.Handler{"plain.test": handler, "both.test": handler, "breaks.test": handler}})
	var http80 string
	for _, rule := range server.Resolve() {
		if addr, ok := strings.CutPrefix(rule, "plain.test:80:"); ok {
			http80 = addr
		}
	}
	// The first rule for a host and port is the one that holds.
	rules := append([]string{"plain.test:443:127.0.0.1:1", "breaks.test:443:" + http80}, server.Resolve()...)
	for _, tc := range []struct {
		raw, want string
		insecure  bool
		note      string
	}{
		{raw: "plain.test", want: "http://plain.test/", insecure: true, note: "connection refused"},
		{raw: "breaks.test", want: "http://breaks.test/", insecure: true, note: "TLS"},
		{raw: "plain.test/a?b", want: "http://plain.test/a?b", insecure: true, note: "connection refused"},
		{raw: "https://plain.test", want: "https://plain.test/", insecure: true},
		{raw: "both.test", want: "https://both.test/", insecure: true},
		{raw: "both.test", want: "https://both.test/"},
		{raw: fixtures.Refused, want: "https://" + fixtures.Refused + "/", insecure: true},
		{raw: fixtures.Unresolved, want: "https://" + fixtures.Unresolved + "/", insecure: true},
	} {
		t.Run(tc.raw, func(t *testing.T) {
			t.Parallel()
			c, err := New(t.Context(), Config{Insecure: tc.insecure, Resolve: rules, Offline: true})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			got, note := c.reach(t.Context(), site(t, tc.raw))
			if got.URL != tc.want || (note == "") != (tc.note == "") || !strings.Contains(note, tc.note) {
				t.Errorf("%s, note %q; want %s, %q", got.URL, note, tc.want, tc.note)
			}
		})
	}
}

// What was decided about the scheme is part of the record.
func TestSchemeIsRecorded(t *testing.T) {
	t.Parallel()
	server := serve(t)
	// The host speaks plain HTTP only, on either port.
	c := crawl(t, server, kinds[0], func(c *Config) { c.Pages, c.Phases = 0, []evidence.Phase{evidence.Before} })
	scan, err := c.Scan(t.Context(), site(t, fixtures.PlainOnly))
	if err != nil {
		t.Fatal(err)
	}
	if scan.Site.URL != "http://"+fixtures.PlainOnly+"/" || len(scan.Notes) != 1 || scan.Visits[0].Pages[0].URL != scan.Site.URL {
		t.Errorf("site %s, notes %q, visits %+v", scan.Site.URL, scan.Notes, scan.Visits)
	}
}

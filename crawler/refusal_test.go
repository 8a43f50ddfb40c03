package crawler

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// serveGuarded serves the mill's site; turn answers first, and reports whether it did.
func serveGuarded(t *testing.T, policyLink string, turn func(w http.ResponseWriter, r *http.Request) bool) *fixtures.Server {
	t.Helper()
	mill := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		switch {
		case turn(w, r):
		case r.URL.Path == "/" || r.URL.Path == "/flour":
			fmt.Fprint(w, `<h1>Mill</h1><p>We mill flour.</p><a href="/flour">Flour</a>`+policyLink)
		case r.URL.Path == "/cookie-policy":
			fmt.Fprint(w, `<h1>Cookie policy</h1><table><tr><th>Cookie</th><th>Purpose</th><th>Duration</th></tr><tr><td>mill_id</td><td>Keeps the basket</td><td>1 day</td></tr></table>`)
		default:
			http.NotFound(w, r)
		}
	})
	return serveWith(t, fixtures.Options{Handlers: map[string]http.Handler{"www.mill.test": mill}})
}

// byBrowser reports whether a page of a browser asks: those say where a request
// comes from (Fetch Metadata).
func byBrowser(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Mode") != "" }

// What a server keeps from the scan is not called missing.
func TestServersThatTurnAway(t *testing.T) {
	t.Parallel()
	link := `<footer><a href="/cookie-policy">Cookie policy</a></footer>`
	var asked atomic.Int64
	for name, test := range map[string]struct {
		link   string
		turn   func(w http.ResponseWriter, r *http.Request) bool
		visit  evidence.Outcome
		search evidence.Outcome
		found  bool
	}{
		"all but browsers": {link, func(w http.ResponseWriter, r *http.Request) bool {
			if byBrowser(r) {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
			return true
		}, evidence.Complete, evidence.Complete, true},
		"all but browsers, where no link leads to a policy": {"", func(w http.ResponseWriter, r *http.Request) bool {
			if byBrowser(r) {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
			return true
		}, evidence.Complete, evidence.Unavailable, false},
		"whoever asks for much": {"", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/" && asked.Add(1) == 1 {
				return false
			}
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}, evidence.Partial, evidence.Unavailable, false},
		"nobody, and what is not there is forbidden": {"", func(w http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/" || r.URL.Path == "/flour" {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
			return true
		}, evidence.Complete, evidence.Complete, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, serveGuarded(t, test.link, test.turn), kinds[0], func(c *Config) { c.Phases, c.Pages = []evidence.Phase{evidence.Before}, 1 })
			scan, err := c.Scan(t.Context(), site(t, "https://www.mill.test/"))
			if err != nil {
				t.Fatal(err)
			}
			if v := scan.Visits[0]; v.Outcome != test.visit {
				t.Errorf("visit: %s %q, want %s", v.Outcome, v.Why, test.visit)
			}
			if s := scan.PolicySearch; s.Found != test.found || s.Outcome != test.search {
				t.Errorf("search: %+v, want %s", s, test.search)
			}
			if test.found && len(scan.Declarations) != 1 {
				t.Errorf("declarations: %+v", scan.Declarations)
			}
		})
	}
}

package crawler

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

// listenAt serves at an address of loopback, and returns its port.
func listenAt(t *testing.T, ip string, h http.Handler) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", net.JoinHostPort(ip, "0"))
	if err != nil {
		t.Skipf("this machine has no %s: %v", ip, err)
	}
	s := httptest.NewUnstartedServer(h)
	s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// A guarded scan connects to no private address: not where a page leads there,
// not where the site itself is one, however the address is written. What was
// refused is said.
func TestGuardedScan(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	inner := listenAt(t, "127.0.0.2", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached.Add(1)
		w.Header().Set("Set-Cookie", "inner=1")
	}))
	targets := []string{"inner.test:80", "127.0.0.2:" + inner, "[::ffff:7f00:2]:" + inner, "169.254.169.254:80"}
	outer := listenAt(t, "127.0.0.1", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Set-Cookie", "seen=1")
			fmt.Fprintf(w, `<!doctype html><title>Mill</title><h1>Mill</h1><iframe src="http://inner.test/"></iframe><img src="http://2130706434:%s/a"><img src="http://[::ffff:127.0.0.2]:%s/b"><img src="/away">`, inner, inner)
		case "/away":
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	rules := []string{"open.test:80:127.0.0.1:" + outer, "inner.test:80:127.0.0.2:" + inner}
	server := serve(t)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) {
				c.Resolve, c.Offline, c.Names, c.Phases, c.Pages = rules, false, nil, []evidence.Phase{evidence.Before}, 0
				c.Guard = &Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
			})
			scan, err := c.Scan(t.Context(), site(t, "http://open.test/"))
			if err != nil {
				t.Fatal(err)
			}
			var names, refused []string
			for _, k := range scan.Cookies {
				names = append(names, k.Name)
			}
			for _, n := range scan.Notes {
				if target, _, ok := strings.Cut(n, " was not connected to: "); ok {
					refused = append(refused, target)
				}
			}
			slices.Sort(refused)
			want := slices.Sorted(slices.Values(targets))
			if diff := cmp.Diff(want, refused) + cmp.Diff([]string{"seen"}, names); diff != "" || scan.Visits[0].Outcome != evidence.Complete {
				t.Errorf("%s %q, notes %q\n%s", scan.Visits[0].Outcome, scan.Visits[0].Why, scan.Notes, diff)
			}
			scan, err = c.Scan(t.Context(), site(t, "http://inner.test/"))
			if err != nil {
				t.Fatal(err)
			}
			if v := scan.Visits[0]; v.Outcome != evidence.Unavailable || !strings.Contains(v.Why, "is not a public address") || len(scan.Cookies) > 0 {
				t.Errorf("a private site: %s %q, %d cookies", v.Outcome, v.Why, len(scan.Cookies))
			}
			if n := reached.Load(); n > 0 {
				t.Errorf("%d requests reached the private server", n)
			}
		})
	}
}

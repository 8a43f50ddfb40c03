package browser_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// kinds are the two browsers that everything has to work in: in the headless
// shell cross-site iframes stay in the page's session, in full Chromium they
// are targets of their own.
var kinds = []string{"chromium-headless-shell", "chromium"}

var (
	server   *fixtures.Server
	browsers = map[string]*browser.Browser{} // one of each kind for the whole package
)

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// run fails when a browser or a profile folder is left behind.
func run(m *testing.M) (code int, err error) {
	flag.Parse()
	if worker := flag.Lookup("test.fuzzworker"); worker != nil && worker.Value.String() == "true" {
		return m.Run(), nil // it is killed at its end, and needs no browser
	}
	_, done, err := fixtures.OwnTemp()
	if err != nil {
		return 1, err
	}
	defer func() {
		if e := done(); err == nil {
			err = e
		}
	}()
	handlers := hosts()
	maps.Copy(handlers, arrivalHosts())
	maps.Copy(handlers, oddHosts())
	maps.Copy(handlers, scrollHosts())
	maps.Copy(handlers, chainHosts())
	maps.Copy(handlers, storageHosts())
	maps.Copy(handlers, requestHosts())
	maps.Copy(handlers, gpcHosts())
	maps.Copy(handlers, startHosts())
	maps.Copy(handlers, hookHosts())
	maps.Copy(handlers, detectHosts())
	maps.Copy(handlers, pictureHosts())
	maps.Copy(handlers, revealHosts())
	maps.Copy(handlers, frameClockHosts())
	if server, err = fixtures.Serve(fixtures.Options{Handlers: handlers}); err != nil {
		return 1, err
	}
	for _, kind := range kinds {
		if _, err := exec.LookPath(kind); err != nil {
			continue
		}
		if browsers[kind], err = browser.Launch(context.Background(), options(kind)); err != nil {
			return 1, err
		}
	}
	code = m.Run()
	for _, b := range browsers {
		if err := b.Close(); err != nil {
			return 1, err
		}
	}
	if err := server.Close(); err != nil {
		return 1, err
	}
	return code, nil
}

func options(kind string) browser.Options {
	o := browser.Options{Path: kind, Insecure: true}
	for _, r := range server.Resolve() {
		host, rest, _ := strings.Cut(r, ":")
		port, addr, _ := strings.Cut(rest, ":")
		o.HostRules = append(o.HostRules, "MAP "+host+":"+port+" "+addr)
	}
	o.HostRules = append(o.HostRules, "MAP * ~NOTFOUND")
	return o
}

// each runs a test in every kind of browser.
func each(t *testing.T, test func(t *testing.T, b *browser.Browser)) {
	t.Helper()
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := browsers[kind]
			if b == nil {
				t.Skipf("%s is not installed", kind)
			}
			test(t, b)
		})
	}
}

// tour visits pages one after the other in a fresh context.
func tour(t *testing.T, b *browser.Browser, o browser.VisitOptions, addresses ...string) (*browser.Record, []evidence.Page) {
	t.Helper()
	ctx := t.Context()
	o.Phase = evidence.Before
	v, err := b.NewVisit(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := v.Close(context.WithoutCancel(ctx)); err != nil {
			t.Error(err)
		}
	}()
	var pages []evidence.Page
	for _, a := range addresses {
		p, err := v.Open(ctx, a, "", 20*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range []func(context.Context) error{v.Settle, v.Scroll, v.Hide, v.Snapshot} {
			if err := step(ctx); err != nil {
				t.Fatal(err)
			}
		}
		pages = append(pages, v.Arrived(ctx, p))
	}
	return v.Record(), pages
}

func find(t *testing.T, r *browser.Record, name string) evidence.Cookie {
	t.Helper()
	i := slices.IndexFunc(r.Cookies, func(c evidence.Cookie) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("cookie %s was not seen; seen: %v", name, names(r))
	}
	return r.Cookies[i]
}

func names(r *browser.Record) []string {
	seen := map[string]bool{}
	for _, c := range r.Cookies {
		seen[c.Name] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// document serves a page with further response headers ("name", "value", …).
func document(body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
		fmt.Fprint(w, "<!doctype html><title>t</title><link rel=icon href=data:,><h1>t</h1>"+body)
	}
}

// pixel serves an empty image with a cookie.
func pixel(line string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Add("Set-Cookie", line)
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	}
}

func paths(m map[string]http.HandlerFunc) http.Handler {
	mux := http.NewServeMux()
	for path, h := range m {
		mux.Handle(path, h)
	}
	return mux
}

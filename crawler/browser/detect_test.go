package browser_test

import (
	"context"
	_ "embed"
	"fmt"
	"html"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

//go:embed testdata/detect.js
var detectScript string

// detectHosts serve the page. Its load event comes when it has looked at all,
// where the address says that somebody waits for that.
func detectHosts() map[string]http.Handler {
	var waiting sync.Map
	wait := func(r *http.Request) chan struct{} {
		c, _ := waiting.LoadOrStore(r.URL.RawQuery, make(chan struct{}, 1))
		return c.(chan struct{}) //nolint:forcetypeassert // nothing else is stored
	}
	return map[string]http.Handler{
		"www.detect.test": paths(map[string]http.HandlerFunc{
			"/{$}":  document(`<pre></pre><script src="/detect.js"></script>`),
			"/wait": document(`<pre></pre><script src="/detect.js"></script><img id=i><script>i.src="/hold"+location.search</script>`),
			"/hold": func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-wait(r):
				case <-r.Context().Done():
				}
			},
			"/done": func(_ http.ResponseWriter, r *http.Request) {
				select {
				case wait(r) <- struct{}{}:
				default:
				}
			},
			"/detect.js": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/javascript")
				fmt.Fprint(w, detectScript)
			},
		}),
	}
}

// A page that looks for the hook finds what it finds in a browser that nobody
// watches.
func TestNothingToDetect(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		const site = "https://www.detect.test/"
		want := unwatched(t, site)
		if len(want) < 300 {
			t.Fatalf("the page looked at %d things only: %q", len(want), want)
		}
		var got []string
		look(t, b, site, "window.result", &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-unwatched +watched):\n%s", diff)
		}
	})
}

// unwatched is what the page finds in a browser that prints the document and
// does nothing else.
func unwatched(t *testing.T, site string) []string {
	t.Helper()
	o := options(t.Name()[strings.LastIndex(t.Name(), "/")+1:])
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, o.Path, "--headless", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors",
		"--disable-blink-features=AutomationControlled", "--user-data-dir="+t.TempDir(),
		"--host-resolver-rules="+strings.Join(o.HostRules, ","), "--dump-dom", site+"wait?"+o.Path).Output()
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?s)<pre>(.*)</pre>`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("no result in %s", out)
	}
	return strings.Split(html.UnescapeString(string(m[1])), "\n")
}

// look opens a page as a scan does and asks it something.
func look(t *testing.T, b *browser.Browser, site, question string, answer any) {
	t.Helper()
	ctx := t.Context()
	v, err := b.NewVisit(ctx, browser.VisitOptions{Phase: evidence.Before, RealTime: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := v.Close(context.WithoutCancel(ctx)); err != nil {
			t.Error(err)
		}
	}()
	if _, err := v.Open(ctx, site, "", 20*time.Second); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Reveal(ctx); err != nil { // as the search for a banner does
		t.Fatal(err)
	}
	if err := v.Top().EvalMain(ctx, question, answer); err != nil {
		t.Fatal(err)
	}
}

package browser_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
)

// gpcSeen holds what each user agent's requests said of Global Privacy Control:
// "path?as=browser" → header values.
var gpcSeen sync.Map

// gpcHosts are a page that asks for things in every way: a frame of another
// site, an image, a fetch across origins and a worker.
func gpcHosts() map[string]http.Handler {
	note := func(next http.HandlerFunc) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			gpcSeen.Store(r.Method+" "+r.Host+r.URL.RequestURI(), r.Header.Get("Sec-Gpc"))
			next(w, r)
		})
	}
	open := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Content-Type", "text/plain")
	}
	page := document(`<script>
const as = location.search;
document.cookie = "says=" + navigator.globalPrivacyControl;
fetch("https://other.gpc2.test/fetch" + as);
new Image().src = "https://other.gpc2.test/image" + as;
new Worker("/worker.js" + as).onmessage = (e) => { document.cookie = "worker=" + e.data };
const f = document.createElement("iframe"); f.src = "https://other.gpc2.test/frame" + as; document.body.append(f);
</script>`)
	worker := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte(`fetch("/work" + location.search).then(() => postMessage(String(navigator.globalPrivacyControl)))`))
	}
	return map[string]http.Handler{
		"www.gpc1.test": note(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/worker.js":
				worker(w, r)
			case "/work":
				open(w, r)
			default:
				page(w, r)
			}
		}),
		"other.gpc2.test": note(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/frame" {
				document(`<script>document.cookie="framed="+navigator.globalPrivacyControl+";SameSite=None;Secure"</script>`)(w, r)
				return
			}
			open(w, r)
		}),
	}
}

func TestGlobalPrivacyControl(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		for mode, on := range map[string]bool{"with": true, "without": false} {
			as := "?as=" + strings.ReplaceAll(t.Name(), "/", "-") + mode
			r, _ := tour(t, b, browser.VisitOptions{GPC: on}, "https://www.gpc1.test/"+as)
			header, says := "", len("undefined")
			if on {
				header, says = "1", len("true")
			}
			want := map[string]string{}
			for _, path := range []string{"www.gpc1.test/", "www.gpc1.test/worker.js", "www.gpc1.test/work", "other.gpc2.test/fetch", "other.gpc2.test/image", "other.gpc2.test/frame"} {
				want["GET "+path] = header
			}
			got := map[string]string{}
			gpcSeen.Range(func(k, v any) bool {
				if at, mine := strings.CutSuffix(k.(string), as); mine {
					got[at] = v.(string)
				}
				return true
			})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: requests (-want +got):\n%s", mode, diff)
			}
			for _, name := range []string{"says", "worker", "framed"} {
				if !slices.Contains(names(r), name) || find(t, r, name).Value.Length != says {
					t.Errorf("%s: navigator says otherwise in %q: %v", mode, name, names(r))
				}
			}
		}
	})
}

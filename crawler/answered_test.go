package crawler

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cookieaudit/crawler/evidence"
)

// patient are banners whose first click does not answer yet. Their pages write
// "waiting" again and again until they are answered, and "answered" from then on.
func patient() map[string]string {
	return map[string]string{
		"www.trusted.test": `<button id=no>Reject all</button><button id=yes>Accept all</button>
<script>no.onclick = yes.onclick = (e) => e.isTrusted && done()</script>`,
		"www.sure.test": `<button id=no>Reject all</button><button id=yes>Accept all</button>
<script>yes.onclick = () => done(); no.onclick = () => { b.innerHTML = '<p>Without cookies you will miss a lot. Are you sure?</p><button onclick="done()">Yes, reject all</button><button onclick="done()">No, accept all</button>' }</script>`,
	}
}

// TestAnsweredByTheLastClick: what a page does between a click that did not
// answer and the one that did is not done after the answer.
func TestAnsweredByTheLastClick(t *testing.T) {
	t.Parallel()
	sites := map[string]http.Handler{}
	for host, markup := range patient() {
		sites[host] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><html lang=en><title>Mill</title><link rel=icon href=data:,><body><h1>Mill</h1><p>%s</p>
<div id=b style="position:fixed;bottom:0;left:0;right:0;background:#fff;padding:1em"><p>We use cookies on this website.</p>%s</div>
<script>
let over = localStorage.choice === "rejected";
if (over) b.remove();
function done() { over = true; localStorage.choice = "rejected"; b.remove() }
setInterval(() => { document.cookie = (over ? "answered=" : "waiting=") + Math.random() }, 50);
</script>`, strings.Repeat("We mill flour. ", 40), markup)
		})
	}
	server := serveChoices(t, sites)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) { c.Phases = []evidence.Phase{evidence.Reject} })
			for host := range sites {
				got, err := c.Scan(t.Context(), site(t, "https://"+host+"/"))
				if err != nil {
					t.Fatal(err)
				}
				v := got.Visit(evidence.Reject)
				if v.Consent.AtMS == 0 {
					t.Fatalf("%s: consent %+v", host, v.Consent)
				}
				if v.Consent.Result != evidence.Verified {
					t.Errorf("%s: consent %+v", host, v.Consent)
				}
				for _, k := range got.Cookies {
					for i := range k.Writes {
						w := &k.Writes[i]
						// The page's clock goes on until an event of the mouse arrives.
						arriving := w.AfterAnswer && w.AtMS-v.Consent.AtMS < 100
						if w.AfterAnswer != (k.Name == "answered") && !arriving {
							t.Errorf("%s: %s at %d ms: after the answer: %v; answered at %d ms by %d clicks", host, k.Name, w.AtMS, w.AfterAnswer, v.Consent.AtMS, v.Consent.Clicks)
						}
						if w.AfterAnswer && w.AtMS < v.Consent.AtMS {
							t.Errorf("%s: %s at %d ms is dated before the answer at %d ms", host, k.Name, w.AtMS, v.Consent.AtMS)
						}
					}
				}
				if len(got.Cookies) != 2 {
					t.Errorf("%s: %d cookies", host, len(got.Cookies))
				}
			}
		})
	}
}

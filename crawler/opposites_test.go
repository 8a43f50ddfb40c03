package crawler

import (
	"net/http"
	"testing"

	"cookieaudit/crawler/evidence"
)

// keeps is a site that keeps the choice, a script that has v for yes or no, in a
// way of its own.
func keeps(script string) choiceSite {
	return choiceSite{script: `keep = (x) => { const v = /marketing:1/.test(x); ` + script + ` };`}
}

// A refusal is proven by what says no after it and yes after an acceptance, and by
// nothing that differs for other reasons.
func TestOpposites(t *testing.T) {
	t.Parallel()
	clicked, verified := evidence.Clicked, evidence.Verified
	sites := map[string]struct {
		script string
		want   evidence.ConsentResult
	}{
		"www.ownname.test":  {`tag_("shop_cc", v ? "ja" : "nein")`, verified},
		"www.stored.test":   {`localStorage.setItem("shop.cc", v ? "oui" : "non")`, verified},
		"www.bucket.test":   {`tag_("variant", Math.random().toString(36).slice(2))`, clicked},
		"www.counter.test":  {`tag_("views", v ? "2" : "1")`, clicked},
		"www.stamp.test":    {`tag_("seen", String(Date.now()))`, clicked},
		"www.tongue.test":   {`tag_("speak", v ? "de" : "en")`, clicked},
		"www.same.test":     {`tag_("letter", "nein")`, clicked},
		"www.reverse.test":  {`tag_("remind", v ? "nein" : "ja")`, clicked},
		"www.flag.test":     {`tag_("beta", v ? "true" : "false")`, clicked},
		"www.onesided.test": {`if (!v) tag_("shop_cc", "nein")`, clicked},
	}
	handlers := map[string]http.Handler{}
	for host, s := range sites {
		handlers[host] = keeps(`const tag_ = (n, x) => { document.cookie = n + "=" + x + ";path=/;max-age=9999" }; ` + s.script)
	}
	server := serveChoices(t, handlers)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) {
				c.Phases, c.NoScreenshots = []evidence.Phase{evidence.Reject, evidence.Accept}, true
			})
			for host, s := range sites {
				if kind != kinds[0] && s.want != verified {
					continue
				}
				scan, err := c.Scan(t.Context(), site(t, "https://"+host+"/"))
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range scan.Visits {
					if v.Consent.Result != s.want || (v.Consent.Proof != "") != (s.want == verified) {
						t.Errorf("%s, %s: %+v, want %s", host, v.Phase, v.Consent, s.want)
					}
				}
			}
		})
	}
}

package crawler

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

// Whether a default of the consent mode came too late for a tag follows from their
// order in the page's queue.
func TestConsentModeQueue(t *testing.T) {
	t.Parallel()
	page := func(script string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><title>Mill</title><link rel=icon href=data:,><h1>Mill</h1><script>
window.dataLayer = []; function gtag() { dataLayer.push(arguments) }
const denied = {ad_storage: "denied", wait_for_update: 500};
%s</script>`, script)
		})
	}
	const deny = `gtag("consent", "default", denied);`
	want := map[string][]string{
		"in-time.mode.test": {"dataLayer default map[ad_storage:denied] [] false"},
		"late.mode.test":    {"dataLayer default map[ad_storage:denied] [] true"},
		"manager.mode.test": {"dataLayer default map[ad_storage:denied] [] true"},
		"regions.mode.test": {"dataLayer default map[ad_storage:granted] [] true", "dataLayer default AT,DE map[ad_storage:denied] [AT DE] false"},
		"cut.mode.test":     {"dataLayer default map[ad_storage:denied] [] unknown"},
		"none.mode.test":    nil,
	}
	server := serveChoices(t, map[string]http.Handler{
		"in-time.mode.test": page(deny + `gtag("js", new Date()); gtag("config", "G-1");`),
		"late.mode.test":    page(`gtag("config", "G-1");` + deny),
		"manager.mode.test": page(`dataLayer.push({"gtm.start": Date.now(), event: "gtm.js"});` + deny),
		"regions.mode.test": page(`gtag("consent", "default", {...denied, region: ["DE", "AT"]}); gtag("event", "x"); gtag("consent", "default", {ad_storage: "granted"});`),
		"cut.mode.test":     page(`for (let i = 0; i < 300; i++) dataLayer.push({n: i});` + deny),
		"none.mode.test":    page(`dataLayer.push(null, 1, {0: "consent"}, {0: "consent", 2: 7}, ["consent", "default"]);`),
	})
	policy := filepath.Join(t.TempDir(), "policy.html") // so that none is looked for
	if err := os.WriteFile(policy, []byte("<p>x</p>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) {
				c.Pages, c.NoScreenshots, c.Policies, c.Phases = 0, true, []string{policy}, []evidence.Phase{evidence.Before}
			})
			for _, host := range slices.Sorted(maps.Keys(want)) {
				scan, err := c.Scan(t.Context(), site(t, "https://"+host+"/"))
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, s := range scan.Visits[0].Signals {
					m := s.ConsentMode
					if m == nil {
						continue
					}
					after := "unknown"
					if m.AfterTag != nil {
						after = fmt.Sprint(*m.AfterTag)
					}
					got = append(got, fmt.Sprintf("%s %v %v %s", s.Name, m.States, m.Regions, after))
				}
				if diff := cmp.Diff(want[host], got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", host, diff)
				}
			}
		})
	}
}

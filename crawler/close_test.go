package crawler

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
)

// withX is a banner beside whose buttons an X does something.
func withX(does string) choiceSite {
	return choiceSite{script: `ask = () => { box('<p>We use cookies on this website to analyse traffic and for advertising.</p><button onclick="choose(1,1,1)">Accept all</button><button onclick="choose(0,0,0)">Reject all</button><button aria-label="Close" onclick="x()">×</button>') };
		function x() { ` + does + ` }`}
}

// A banner is closed in a visit of its own, where there is something to close it
// with; the visit without an answer knows nothing of it.
func TestClosing(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	server := serveChoices(t, map[string]http.Handler{
		"www.sly.test":    withX(`choose(1, 1, 1)`),
		"www.modest.test": withX(`close_()`),
		"www.stiff.test":  withX(``),
		"www.plain.test":  choiceSite{},
	})
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := crawl(t, server, kind, func(c *Config) { c.Phases = []evidence.Phase{evidence.Before, evidence.Close} })
			for host, want := range map[string]struct {
				result evidence.ConsentResult // empty where there is no such visit
				grants *bool
				set    string
				stages []string
			}{
				"www.sly.test":    {evidence.Closed, &yes, "ad_id+ site_consent+ stat_id+", []string{"first_layer", "closed"}},
				"www.modest.test": {evidence.Closed, &no, "", []string{"first_layer", "closed"}},
				"www.stiff.test":  {evidence.Failed, nil, "", []string{"first_layer"}},
				"www.plain.test":  {},
			} {
				if kind != kinds[0] && host != "www.sly.test" {
					continue
				}
				s, err := c.Scan(t.Context(), site(t, "https://"+host+"/"))
				if err != nil {
					t.Fatal(err)
				}
				if s.Outcome != evidence.Complete {
					t.Errorf("%s: %s: %s", host, s.Outcome, s.Why)
				}
				var got evidence.ConsentResult
				var stages []string
				if v := s.Visit(evidence.Close); v != nil {
					got = v.Consent.Result
					for _, p := range v.Screenshots {
						stages = append(stages, p.Stage)
					}
				}
				if got != want.result || !slices.Equal(stages, want.stages) {
					t.Errorf("%s: closing is %q with pictures %q, want %q with %q", host, got, stages, want.result, want.stages)
				}
				if diff := cmp.Diff(want.grants, s.Banner.CloseGrants); diff != "" {
					t.Errorf("%s: closing grants (-want +got):\n%s", host, diff)
				}
				if set := strings.Join(written(s.Cookies), " "); set != want.set {
					t.Errorf("%s: set %q, want %q", host, set, want.set)
				}
				for _, k := range s.Cookies {
					if !slices.Equal(k.Phases, []evidence.Phase{evidence.Close}) {
						t.Errorf("%s: %s is of %v", host, k.Name, k.Phases)
					}
				}
			}
		})
	}
}

package browser_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

// arrivalHosts are pages that send their visitors on, and one that only changes
// its address.
func arrivalHosts() map[string]http.Handler {
	return map[string]http.Handler{
		"www.by-refresh.test": document(`<meta http-equiv=refresh content="1; url=https://www.by-script.test/">`, "Set-Cookie", "hop_refresh=1"),
		"www.by-script.test":  document(`<script>document.cookie="hop_script=1";setTimeout(()=>location.replace("https://www.arrived.test/home"),300)</script>`),
		"www.arrived.test":    document(`<title>Arrived</title><script>history.pushState({},"","/elsewhere")</script>`, "Set-Cookie", "home=1"),
		"www.pushes.test":     document(`<script>setTimeout(()=>history.pushState({},"","/pushed"),500)</script>`),
		"www.to-nowhere.test": document(`<script>setTimeout(()=>location.replace("https://no-such-host.test/"),300)</script>`),
		"www.splash.test":     markup(`<meta http-equiv=refresh content="1; url=https://www.arrived.test/home">`),
		"www.blank.test":      markup(`<title></title>`),
		"www.builds.test":     markup(`<script>setTimeout(()=>document.body.append("Built by a script"),700)</script>`),
		"www.wall.test":       markup(`<title>Just a moment</title><h1>Checking your browser before accessing www.wall.test.</h1><p>This may take some seconds.`),
		"www.of-walls.test":   markup(`<title>Walls</title><h1>Are you a robot?</h1><p>` + strings.Repeat("Many sites ask so, and this article says why. ", 20)),
		"www.to-error.test":   paths(map[string]http.HandlerFunc{"/{$}": document(`<script>setTimeout(()=>location.replace("/gone"),300)</script>`)}),
	}
}

// markup serves a page as it is.
func markup(html string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html>"+html)
	}
}

func TestPagesThatLeadOn(t *testing.T) {
	each(t, func(t *testing.T, b *browser.Browser) {
		for _, tc := range []struct {
			address, final string
			status         int
			outcome        evidence.Outcome
			cookies        []string
		}{
			{"https://www.by-refresh.test/", "https://www.arrived.test/home", 200, evidence.Complete, []string{"home", "hop_refresh", "hop_script"}},
			{"https://www.pushes.test/", "https://www.pushes.test/", 200, evidence.Complete, nil},
			{"https://www.to-nowhere.test/", "https://www.to-nowhere.test/", 200, evidence.Partial, nil},
			{"https://www.splash.test/", "https://www.arrived.test/home", 200, evidence.Complete, []string{"home"}},
			{"https://www.blank.test/", "https://www.blank.test/", 200, evidence.Partial, nil},
			{"https://www.builds.test/", "https://www.builds.test/", 200, evidence.Complete, nil},
			{"https://www.wall.test/", "https://www.wall.test/", 200, evidence.Partial, nil},
			{"https://www.of-walls.test/", "https://www.of-walls.test/", 200, evidence.Complete, nil},
			{"https://www.to-error.test/", "https://www.to-error.test/gone", 404, evidence.Partial, nil},
		} {
			r, pages := tour(t, b, browser.VisitOptions{}, tc.address)
			p := pages[0]
			if p.FinalURL != tc.final || p.Status != tc.status || p.Outcome != tc.outcome {
				t.Errorf("%s: %+v", tc.address, p)
			}
			if diff := cmp.Diff(tc.cookies, names(r)); diff != "" {
				t.Errorf("%s: cookies (-want +got):\n%s", tc.address, diff)
			}
		}
	})
}

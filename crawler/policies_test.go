package crawler

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// A sitePage is what a page of a site made for one test answers with.
type sitePage struct{ kind, body string }

func serveSite(t *testing.T, host string, pages map[string]sitePage) *fixtures.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, p := range pages {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", p.kind)
			fmt.Fprint(w, p.body)
		})
	}
	return serveWith(t, fixtures.Options{Handlers: map[string]http.Handler{host: mux}})
}

// policyFacts are the documents and the declarations of a scan.
func policyFacts(scan *evidence.Scan) (out []string) {
	for _, d := range scan.Policies {
		out = append(out, d.Format+" "+strings.TrimPrefix(d.URL, "https://www.weir.test"))
	}
	for _, d := range scan.Declarations {
		out = append(out, fmt.Sprintf("%s %s %q %s", d.Name, d.Category, d.Lifetime, strings.TrimPrefix(d.Source.URL, "https://www.weir.test")))
	}
	return out
}

// TestPoliciesFound looks for the declarations of sites that publish them in
// ways of their own.
func TestPoliciesFound(t *testing.T) {
	t.Parallel()
	const html, table = "text/html; charset=utf-8", "<table><tr><th>Name</th><th>Zweck</th><th>Laufzeit</th></tr><tr><td>wehr_sitzung</td><td>Anmeldung</td><td>%s</td></tr></table>"
	notice := pdfOf([]string{
		at(40, 720, "Cookie"), at(160, 720, "Purpose"), at(460, 720, "Expiry"),
		at(40, 700, "weir_id"), at(160, 700, "Recognises a visitor"), at(460, 700, "1 year"),
	})
	for name, test := range map[string]struct {
		pages map[string]sitePage
		want  []string
	}{
		"in the settings of the consent manager": {
			map[string]sitePage{
				"/{$}":           {html, `<h1>Weir</h1><a href="/cookie-policy">Cookies</a><script src="/manager.js"></script>`},
				"/manager.js":    {"text/javascript", `window.klaroConfig = {services: [{name: 'matomo', purposes: ['analytics'], cookies: [/^_pk_/, 'weir_opt_out']}]}`},
				"/cookie-policy": {html, `<h1>Cookies</h1><p>We use cookies. You find them in the settings of our banner.</p>`},
			},
			[]string{"html /cookie-policy", "cmp /", `_pk_* analytics "" /`, `weir_opt_out analytics "" /`},
		},
		"in the details of a banner of the site's own, drawn when they are opened": {
			map[string]sitePage{
				"/{$}": {html, `<html lang="de"><h1>Wehr</h1><table><tr><th>Name</th><th>Zweck</th><th>Laufzeit</th></tr><tr><td>pumpe_7</td><td>Fördern</td><td>9 Jahre</td></tr></table><a href="/datenschutz">Datenschutz</a><script>document.cookie = "wehr_sitzung=1"</script>
<div id="b" style="position:fixed;bottom:0"><p>Wir nutzen Cookies für Statistik.</p><button>Nur notwendige Cookies</button><button>Alle Cookies zulassen</button><button onclick="d.innerHTML='` + fmt.Sprintf(table, "1 Tag") + `'">Details anzeigen</button><div id="d"></div></div>`},
				"/datenschutz": {html, `<html lang="de"><h1>Datenschutz</h1><p>Welche Cookies wir einsetzen, finden Sie in den Cookie-Einstellungen.</p>`},
			},
			[]string{"html /datenschutz", "cmp /", `wehr_sitzung unknown "1 Tag" /`},
		},
		"in the details of each category, in a layer that opens over the banner": {
			map[string]sitePage{
				"/{$}": {html, `<html lang="en"><h1>Weir</h1><a href="/privacy">Privacy</a><script>document.cookie = "wehr_sitzung=1"</script>
<div id="b" style="position:fixed;bottom:0"><p>We use cookies for statistics.</p><button>Accept all</button><button onclick="s.hidden=false">Cookie settings</button></div>
<div id="s" role="dialog" hidden style="position:fixed;top:0"><h2>Cookie settings</h2><label><input type="checkbox" id="t"> Statistics</label><button onclick="l.hidden=!l.hidden">Show details</button><div id="l" hidden>` + fmt.Sprintf(table, "1 year") + `</div><button>Save choices</button></div>`},
				"/privacy": {html, `<html lang="en"><h1>Privacy</h1><p>Our cookies are listed in the cookie settings.</p>`},
			},
			[]string{"html /privacy", "cmp /", `wehr_sitzung analytics "1 year" /`},
		},
		"in a policy, and the rest in the details of the banner": {
			map[string]sitePage{
				"/{$}": {html, `<html lang="de"><h1>Wehr</h1><a href="/datenschutz">Datenschutz</a><script>document.cookie = "pegel_42=1; path=/; max-age=600"</script>
<div id="b" style="position:fixed;bottom:0"><p>Wir nutzen Cookies für Statistik.</p><button>Nur notwendige Cookies</button><button>Alle Cookies zulassen</button><button onclick="d.innerHTML='` + fmt.Sprintf(strings.Replace(table, "wehr_sitzung", "pegel_42", 1), "10 Minuten") + `'">Details anzeigen</button><div id="d"></div></div>`},
				"/datenschutz": {html, `<html lang="de"><h1>Datenschutz</h1>` + fmt.Sprintf(table, "1 Tag") + `<p>Alles Weitere finden Sie in den Cookie-Einstellungen.</p>`},
			},
			[]string{"html /datenschutz", "cmp /", `wehr_sitzung unknown "1 Tag" /datenschutz`, `pegel_42 unknown "10 Minuten" /`},
		},
		"at an address of its own, while the legal notice says nothing of cookies": {
			map[string]sitePage{
				"/{$}":               {html, `<html lang="de"><h1>Wehr</h1><a href="/impressum">Impressum</a>`},
				"/impressum":         {html, `<html lang="de"><h1>Impressum</h1><p>Wehr GmbH, Flussweg 3. Geschäftsführung: die Gesellschafter. Registergericht: Amtsgericht.</p>`},
				"/cookie-richtlinie": {html, `<html lang="de"><h1>Cookies</h1>` + fmt.Sprintf(table, "1 Tag")},
			},
			[]string{"html /cookie-richtlinie", `wehr_sitzung unknown "1 Tag" /cookie-richtlinie`},
		},
		"in a legal notice": {
			map[string]sitePage{
				"/{$}":       {html, `<html lang="lt"><h1>Wehr</h1><a href="/impressum">Impressum</a>`},
				"/impressum": {html, `<html lang="lt"><h1>Impressum</h1><p>Svetainėje yra slapukų.</p>`},
			},
			[]string{"html /impressum"},
		},
		"in a PDF": {
			map[string]sitePage{
				"/{$}":                     {html, `<h1>Weir</h1><footer><a href="/files/cookie-notice.pdf">Cookie notice (PDF)</a></footer>`},
				"/files/cookie-notice.pdf": {"application/pdf", string(notice)},
			},
			[]string{"pdf /files/cookie-notice.pdf", `weir_id unknown "1 year" /files/cookie-notice.pdf`},
		},
		"in the sitemap alone, those of the page's language first": {
			map[string]sitePage{
				"/{$}":                  {html, `<html lang="en"><h1>Weir</h1><p>No links.</p>`},
				"/robots.txt":           {"text/plain", "Sitemap: https://www.weir.test/maps/all.xml"},
				"/maps/all.xml":         {"application/xml", `<urlset><url><loc>https://www.weir.test/de/cookie-richtlinie</loc></url><url><loc>https://www.weir.test/legal/use-of-cookies</loc></url><url><loc>https://www.weir.test/news</loc></url></urlset>`},
				"/de/cookie-richtlinie": {html, fmt.Sprintf("<h1>Cookies</h1>"+table, "1 Tag")},
				"/legal/use-of-cookies": {html, fmt.Sprintf("<h1>Cookies</h1>"+table, "1 year")},
			},
			[]string{"html /legal/use-of-cookies", `wehr_sitzung unknown "1 year" /legal/use-of-cookies`},
		},
		"behind a link that only the banner has": {
			map[string]sitePage{
				"/{$}":     {html, `<html lang="de"><h1>Wehr</h1><script>document.write('<div id="cookie-banner" role="dialog" aria-label="Cookies">Wir verwenden Cookies. <a href="/hinweis">Cookie-Hinweis</a> <button>Alle akzeptieren</button><button>Ablehnen</button></div>')</script>`},
				"/hinweis": {html, fmt.Sprintf("<h1>Cookies</h1>"+table, "1 Tag")},
			},
			[]string{"html /hinweis", `wehr_sitzung unknown "1 Tag" /hinweis`},
		},
		"at a usual path of the page's language that no link leads to": {
			map[string]sitePage{
				"/{$}":               {html, `<html lang="de-AT"><h1>Wehr</h1><p>Keine Verweise.</p>`},
				"/cookie-richtlinie": {html, fmt.Sprintf("<h1>Cookies</h1>"+table, "1 Tag")},
			},
			[]string{"html /cookie-richtlinie", `wehr_sitzung unknown "1 Tag" /cookie-richtlinie`},
		},
		"behind the privacy policy, which the landing page links to": {
			map[string]sitePage{
				"/{$}":     {html, `<html lang="en"><h1>Weir</h1><footer><a href="/privacy">Privacy policy</a></footer>`},
				"/privacy": {html, `<html lang="en"><h1>Privacy policy</h1><p>We use cookies, as our <a href="/legal/c">cookie policy</a> says. <a href="https://help.browser.test/cookies">Cookies in your browser</a></p>`},
				"/legal/c": {html, fmt.Sprintf("<h1>Cookies</h1>"+table, "1 year")},
			},
			[]string{"html /privacy", "html /legal/c", `wehr_sitzung unknown "1 year" /legal/c`},
		},
		"on two pages that say the same of one and differ over the other": {
			map[string]sitePage{
				"/{$}":               {html, `<html lang="de"><h1>Wehr</h1><footer><a href="/datenschutz">Datenschutz</a> <a href="/cookie-richtlinie">Cookie-Richtlinie</a></footer>`},
				"/datenschutz":       {html, `<html lang="de"><h1>Datenschutz</h1><h2>Notwendige Cookies</h2>` + fmt.Sprintf(table, "1 Tag") + fmt.Sprintf(strings.Replace(table, "wehr_sitzung", "wehr_wahl", 1), "1 Jahr")},
				"/cookie-richtlinie": {html, `<html lang="de"><h1>Cookies</h1><h2>Notwendige Cookies</h2>` + fmt.Sprintf(table, "1 Tag") + fmt.Sprintf(strings.Replace(table, "wehr_sitzung", "wehr_wahl", 1), "2 Jahre")},
			},
			[]string{
				"html /cookie-richtlinie", "html /datenschutz",
				`wehr_sitzung necessary "1 Tag" /cookie-richtlinie`, `wehr_wahl necessary "2 Jahre" /cookie-richtlinie`,
				`wehr_wahl necessary "1 Jahr" /datenschutz`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(name, "PDF") {
				needPDFReader(t)
			}
			server := serveSite(t, "www.weir.test", test.pages)
			c := crawl(t, server, kinds[0], func(c *Config) { c.Phases = []evidence.Phase{evidence.Before}; c.Pages = 0 })
			scan, err := c.Scan(t.Context(), site(t, "https://www.weir.test/"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, policyFacts(scan)); diff != "" {
				t.Errorf("search %+v; -want +got:\n%s", scan.PolicySearch, diff)
			}
		})
	}
}

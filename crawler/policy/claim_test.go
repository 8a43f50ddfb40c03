package policy_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/policy"
)

// TestClaims reads one sentence below a heading about cookies.
func TestClaims(t *testing.T) {
	t.Parallel()
	const (
		none, session, consent = evidence.ClaimNoCookies, evidence.ClaimSessionOnly, evidence.ClaimAfterConsent
		third, ads, across     = evidence.ClaimNoThirdParties, evidence.ClaimNoAdvertising, evidence.ClaimNoCrossSession
		withdraw, updated      = evidence.ClaimWithdrawal, evidence.ClaimLastUpdated
	)
	kinds := func(k ...evidence.ClaimKind) []evidence.ClaimKind { return k }
	tests := []struct {
		sentence string
		want     []evidence.ClaimKind
	}{
		{"We do not use cookies.", kinds(none)},
		{"No cookies are set by this site.", kinds(none)},
		{"Diese Website verwendet keine Cookies.", kinds(none)},
		{"Ce site n'utilise pas de cookies.", kinds(none)},
		{"Questo sito non utilizza cookie.", kinds(none)},
		{"Deze website gebruikt geen cookies.", kinds(none)},
		{"Este site não utiliza cookies.", kinds(none)},
		{"Vi använder inga kakor på webbplatsen.", kinds(none)},
		{"Vi bruger ikke cookies.", kinds(none)},
		{"Tämä sivusto ei käytä evästeitä.", kinds(none)},
		{"Ez az oldal nem használ sütiket.", kinds(none)},
		{"Tento web nepoužívá soubory cookies.", kinds(none)},
		{"We only use session cookies.", kinds(session)},
		{"Nous utilisons uniquement des cookies de session.", kinds(session)},
		{"All our cookies are deleted when you close your browser.", kinds(session)},
		{"Cookies are set only after you have agreed.", kinds(consent)},
		{"We do not set cookies before you consent.", kinds(consent)},
		{"Without your consent no cookies are stored.", kinds(consent)},
		{"Diese Cookies werden nur mit Ihrer Einwilligung gesetzt.", kinds(consent)},
		{"Vi sätter cookies först efter ditt samtycke.", kinds(consent)},
		{"Wir setzen ohne Ihre Einwilligung keine Statistik- oder Werbe-Cookies ein.", kinds(consent)},
		{"We do not place marketing cookies without your consent.", kinds(consent)},
		{"We do not use advertising or tracking cookies unless you agree to them.", kinds(consent)},
		{"No third-party cookies are set until you accept them.", kinds(consent)},
		{"Marketing cookies are never placed without your permission.", kinds(consent)},
		{"Sans votre accord, aucun cookie publicitaire n'est déposé.", kinds(consent)},
		{"Aucun cookie de mesure d'audience n'est déposé sans votre consentement.", kinds(consent)},
		{"Sin su consentimiento no instalamos cookies publicitarias.", kinds(consent)},
		{"No se instalarán cookies de terceros sin su consentimiento.", kinds(consent)},
		{"Senza il tuo consenso non installiamo cookie di profilazione.", kinds(consent)},
		{"I cookie di terze parti non vengono installati senza il consenso dell'utente.", kinds(consent)},
		{"Zonder uw toestemming plaatsen wij geen tracking cookies.", kinds(consent)},
		{"Wij plaatsen geen marketingcookies zonder uw toestemming.", kinds(consent)},
		{"Bez Twojej zgody nie zapisujemy plików cookie reklamowych.", kinds(consent)},
		{"Nie używamy marketingowych plików cookie bez Twojej zgody.", kinds(consent)},
		{"Sem o seu consentimento não usamos cookies de publicidade.", kinds(consent)},
		{"Utan ditt samtycke sätter vi inga kakor för marknadsföring.", kinds(consent)},
		{"Vi sætter ikke marketingcookies uden dit samtykke.", kinds(consent)},
		{"Ilman suostumustasi emme aseta markkinointievästeitä.", kinds(consent)},
		{"Az Ön hozzájárulása nélkül nem helyezünk el reklámsütiket.", kinds(consent)},
		{"Bez vašeho souhlasu nepoužíváme reklamní cookies.", kinds(consent)},
		{"Fără acordul dumneavoastră nu folosim cookie-uri de publicitate.", kinds(consent)},
		{"Statistik-Cookies werden erst geladen, wenn Sie zustimmen.", kinds(consent)},
		{"Tracking-Cookies verwenden wir nicht, solange Sie nicht eingewilligt haben.", kinds(consent)},
		{"Analytics cookies are off by default and are only activated if you opt in.", kinds(consent)},
		{"We will not set optional cookies unless you enable them.", kinds(consent)},
		{"We don't drop any non-essential cookies until you've made a choice.", kinds(consent)},
		{"Non-essential cookies are blocked until you give your consent.", kinds(consent)},
		{"Les cookies publicitaires ne sont déposés que si vous y consentez.", kinds(consent)},
		{"We do not use third-party cookies.", kinds(third)},
		{"Cookies are not shared with third parties.", kinds(third)},
		{"Nous n'utilisons aucun cookie tiers.", kinds(third)},
		{"Our cookies are never used for advertising.", kinds(ads)},
		{"Wir verwenden keine Marketing-Cookies.", kinds(ads)},
		{"We do not track you across other websites.", kinds(across)},
		{"Wir verwenden keine Cookies von Drittanbietern.", kinds(third)},
		{"This website does not use any tracking or advertising cookies.", kinds(ads, across)},
		{"This cookie is not used for advertising.", kinds(ads)},
		{"You can withdraw your consent at any time.", kinds(withdraw)},
		{"Sie können Ihre Cookie-Einstellungen jederzeit ändern.", kinds(withdraw)},
		{"Last updated: 4 May 2024", kinds(updated)},
		{"Stand: 12. Mai 2024", kinds(updated)},

		// What looks like a claim and is none.
		{"If you do not use cookies, some pages will not work.", nil},
		{"You can choose not to accept cookies.", nil},
		{"We do not use cookies only for advertising.", nil},
		{"Session cookies are deleted when you close your browser.", nil},
		{"Third-party cookies are set by other companies.", nil},
		{"We never use personal data for advertising.", nil},
		{"We are not responsible for third-party cookies.", nil},
		{"We cannot delete third-party cookies.", nil},
		{"We use no third-party cookies for advertising or analytics.", kinds(ads)},
		{"Wir setzen keine Cookies von Drittanbietern zu Werbezwecken ein.", kinds(ads)},
		{"Nous n'utilisons pas de cookies tiers à des fins publicitaires.", kinds(ads)},
		{"No se utilizan cookies de terceros con fines publicitarios.", kinds(ads)},
		{"This API uses no cookies.", nil},
		{"Our log files are not shared with third parties.", nil},
		{"Wenn Sie keine Cookies zulassen, fehlen Funktionen.", nil},
		{"Si vous n'acceptez pas les cookies, le site peut mal fonctionner.", nil},
		{"There are no cookies used by mobile apps.", nil},
		{"Without cookies this site does not work.", nil},
		{"This page was archived on 24 December 2015.", nil},
		{"Strictly necessary cookies do not require your consent.", nil},
		{"All cookies except strictly necessary ones require your consent.", nil},
		{"Cookies do not harm your computer.", nil},
		{"Cookies enthalten keine Viren.", nil},
		{"We are not able to control cookies placed by advertisers.", nil},
		{"If you do not want us to use marketing cookies, reject them in the banner.", nil},
		{"You may not receive relevant advertising if you disable cookies.", nil},
		{"Without your consent we cannot show you videos from YouTube.", nil},
		{"Ohne Ihre Einwilligung können wir Ihnen keine Karten anzeigen.", nil},
		{"We never sell the information that cookies collect to third parties.", nil},
		{"Our newsletter does not use cookies.", nil},
	}
	for _, test := range tests {
		t.Run(test.sentence, func(t *testing.T) {
			t.Parallel()
			doc, err := policy.Read(policy.Input{URL: "x.md", Body: []byte("# Cookies\n\nSome words to begin with.\n\n" + test.sentence + "\n")})
			if err != nil {
				t.Fatal(err)
			}
			var got []evidence.ClaimKind
			for _, c := range doc.Claims {
				got = append(got, c.Kind)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestClaimLimited reads denials of a purpose, which deny no cookies.
func TestClaimLimited(t *testing.T) {
	t.Parallel()
	for sentence, want := range map[string]bool{
		"We do not use cookies to identify you personally.": true,
		"Wir verwenden keine Cookies, um Sie zu erkennen.":  true,
		"This website does not use cookies.":                false,
	} {
		doc, err := policy.Read(policy.Input{URL: "x.txt", Body: []byte("Cookies\n\n" + sentence + "\n")})
		if err != nil {
			t.Fatal(err)
		}
		if len(doc.Claims) != 1 || doc.Claims[0].Kind != evidence.ClaimNoCookies || doc.Claims[0].Limited != want || doc.DeclaresNone == want {
			t.Errorf("%s: claims %+v, declares none: %v", sentence, doc.Claims, doc.DeclaresNone)
		}
	}
}

// TestClaimBelowService reads what is said below the heading of a service, which
// is said of the site only where it says so.
func TestClaimBelowService(t *testing.T) {
	t.Parallel()
	for sentence, want := range map[string]int{
		"Es werden keine Cookies gesetzt.":            0,
		"Diese Website verwendet keine Cookies.":      1,
		"Cookies werden dabei nicht gespeichert.":     0,
		"Unsere Seite setzt überhaupt keine Cookies.": 1,
	} {
		doc, err := policy.Read(policy.Input{URL: "x.html", Body: []byte("<html lang=de><h1>Datenschutz</h1><p>Allgemeines.</p><h2>Statistik mit Matomo</h2><p>Wir setzen Matomo ein. " + sentence + "</p>")})
		if err != nil {
			t.Fatal(err)
		}
		if len(doc.Claims) != want {
			t.Errorf("%s: claims %+v, want %d", sentence, doc.Claims, want)
		}
	}
}

// TestClaimSentences reads sentences of many languages, each with the kinds of
// promise that it makes in front, or none.
func TestClaimSentences(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/sentences/claims.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		want, sentence, _ := strings.Cut(strings.TrimSpace(line), "|")
		doc, err := policy.Read(policy.Input{URL: "x.md", Body: []byte("# Cookies\n\nSome words to begin with.\n\n" + sentence + "\n")})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range doc.Claims {
			got = append(got, string(c.Kind))
		}
		if strings.Join(got, ",") != want {
			t.Errorf("%s: got %v, want %s", sentence, got, want)
		}
	}
}

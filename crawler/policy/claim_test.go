package policy_test

import (
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
		{"We do not use third-party cookies.", kinds(third)},
		{"Cookies are not shared with third parties.", kinds(third)},
		{"Nous n'utilisons aucun cookie tiers.", kinds(third)},
		{"Our cookies are never used for advertising.", kinds(ads)},
		{"Wir verwenden keine Marketing-Cookies.", kinds(ads)},
		{"We do not track you across other websites.", kinds(across)},
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
		{"Our log files are not shared with third parties.", nil},
		{"Wenn Sie keine Cookies zulassen, fehlen Funktionen.", nil},
		{"Si vous n'acceptez pas les cookies, le site peut mal fonctionner.", nil},
		{"There are no cookies used by mobile apps.", nil},
		{"Without cookies this site does not work.", nil},
		{"This page was archived on 24 December 2015.", nil},
		{"Strictly necessary cookies do not require your consent.", nil},
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

package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func claims(cs ...evidence.Claim) func(*evidence.Scan) {
	return func(s *evidence.Scan) { s.Claims = append(s.Claims, cs...) }
}

func claim(kind evidence.ClaimKind, subjects ...string) evidence.Claim {
	c := evidence.Claim{Kind: kind, Quote: "So it is.", Scope: "page", Subjects: subjects, Source: evidence.Source{URL: "https://www.mill.test/cookies"}}
	if len(subjects) > 0 {
		c.Scope = "row"
	}
	return c
}

func limited(c evidence.Claim) evidence.Claim {
	c.Limited = true
	return c
}

func necessary(d evidence.Declaration) evidence.Declaration {
	d.Category = evidence.Necessary
	return d
}

func analytics(d evidence.Declaration) evidence.Declaration {
	d.Category = evidence.Analytics
	return d
}

func except(c evidence.Claim, text string) func(*evidence.Scan) {
	c.Except = text
	return claims(c)
}

func TestPolicyClaimContradicted(t *testing.T) {
	t.Parallel()
	fr := audit.Profile{Statistics: &audit.Exception{Conditions: "under conditions.", AfterRefusal: true}}
	about := func(k evidence.ClaimKind) []audit.Subject { return subject(audit.SubjectClaim, string(k), "") }
	session := with(cookie("PHPSESSID", "www.mill.test", 0))
	language := with(cookie("pll_language", "www.mill.test", 365*days))
	ga := with(cookie("_ga", "mill.test", 730*days))
	ad := with(cookie("id", "adlane.test", 30*days))
	accepted := with(cookie("_ga", "mill.test", 730*days, only(evidence.Accept), answered(2000)))
	refusedGA := with(cookie("_ga", "mill.test", 730*days, only(evidence.Reject), answered(2000)))
	either := claim(evidence.ClaimSessionOnly)
	either.Quote = "Cookies are used either on a per session basis or to maintain user preferences."
	section := claim(evidence.ClaimNoThirdParties)
	section.Scope, section.Source.Section = "section", "Necessary cookies"
	inSection := declaration("PHPSESSID", "", "session", 0)
	inSection.Source.Section = "Necessary cookies"
	judge(t, rules.PolicyClaimContradicted, []verdictCase{
		{
			name: "no cookies", scan: newScan(session, claims(claim(evidence.ClaimNoCookies))), want: audit.Violation, subjects: about(evidence.ClaimNoCookies),
			severity: audit.High, certainty: audit.Likely, says: []string{`"So it is."`, "1 cookie was stored", `"PHPSESSID"`},
		},
		{
			name: "no cookies to identify you", scan: newScan(session, ga, claims(limited(claim(evidence.ClaimNoCookies)))), want: audit.Violation,
			subjects: about(evidence.ClaimNoCookies), says: []string{`1 cookie was stored: "_ga"`},
		},
		{name: "no cookies to identify you, and none that does", scan: newScan(session, claims(limited(claim(evidence.ClaimNoCookies)))), want: audit.Pass},
		{
			name: "no cookies but necessary ones", scan: newScan(session, ga, except(claim(evidence.ClaimNoCookies), "except strictly necessary cookies")), want: audit.Violation,
			subjects: about(evidence.ClaimNoCookies), says: []string{`1 cookie was stored: "_ga"`},
		},
		{
			name: "only session cookies", scan: newScan(session, ga, claims(claim(evidence.ClaimSessionOnly))), want: audit.Violation,
			subjects: about(evidence.ClaimSessionOnly), says: []string{`"_ga"`},
		},
		{
			name: "only session cookies or preferences", scan: newScan(language, ga, except(claim(evidence.ClaimSessionOnly), "or to maintain user preferences")), want: audit.Violation,
			subjects: about(evidence.ClaimSessionOnly), says: []string{`1 cookie was set to be kept beyond the session: "_ga"`},
		},
		{
			name: "only after consent, of a row", scan: newScan(ga, declares(declaration("_ga", "", "", noLength)), claims(claim(evidence.ClaimAfterConsent, "_ga"))), want: audit.Violation,
			subjects: about(evidence.ClaimAfterConsent),
		},
		{
			name: "only after consent, stored after a refusal", scan: newScan(refusedGA, claims(claim(evidence.ClaimAfterConsent, "_ga"))), want: audit.Violation,
			subjects: about(evidence.ClaimAfterConsent),
		},
		{
			name: "two sentences of a kind are one finding", scan: newScan(ga, ad, claims(claim(evidence.ClaimAfterConsent, "_ga"), claim(evidence.ClaimAfterConsent, "id"))), want: audit.Violation,
			subjects: about(evidence.ClaimAfterConsent), says: []string{"2 cookies were stored without consent"},
		},
		{
			name: "only necessary cookies", scan: newScan(session, ga, claims(claim(evidence.ClaimNecessaryOnly))), want: audit.Violation, subjects: about(evidence.ClaimNecessaryOnly),
			severity: audit.High, certainty: audit.Likely, says: []string{`1 cookie was stored for statistics or advertising without consent: "_ga"`},
		},
		{name: "only necessary cookies, and statistics after a refusal", scan: newScan(refusedGA, claims(claim(evidence.ClaimNecessaryOnly))), want: audit.Violation, subjects: about(evidence.ClaimNecessaryOnly)},
		{name: "only necessary cookies, and statistics by consent", scan: newScan(session, accepted, claims(claim(evidence.ClaimNecessaryOnly))), want: audit.Pass},
		{name: "only necessary cookies, and a preference", scan: newScan(language, claims(claim(evidence.ClaimNecessaryOnly))), want: audit.Pass},
		{name: "only necessary cookies, and one that is not known", scan: newScan(with(cookie("mystery", "mill.test", 365*days)), claims(claim(evidence.ClaimNecessaryOnly))), want: audit.Pass},
		{name: "only necessary cookies, and statistics that may be exempt", scan: newScan(with(cookie("_pk_id.1.2", "mill.test", 390*days)), claims(claim(evidence.ClaimNecessaryOnly))), profile: fr, want: audit.Pass},
		{name: "no third parties", scan: newScan(ad, claims(claim(evidence.ClaimNoThirdParties))), want: audit.Violation, subjects: about(evidence.ClaimNoThirdParties)},
		{name: "no third parties, of an advertiser that a row lists beside the site", scan: newScan(ad, declares(declaration("id", "mill.test adlane.test", "30 days", 30*days)),
			claims(claim(evidence.ClaimNoThirdParties))), want: audit.Violation, subjects: about(evidence.ClaimNoThirdParties)},
		{name: "no advertising", scan: newScan(ad, claims(claim(evidence.ClaimNoAdvertising))), want: audit.Violation, subjects: about(evidence.ClaimNoAdvertising)},
		{name: "no tracking across sessions", scan: newScan(accepted, claims(claim(evidence.ClaimNoCrossSession))), want: audit.Violation, subjects: about(evidence.ClaimNoCrossSession)},
		{name: "only session cookies or preferences, so it is", scan: newScan(session, language, with(cookie("cookieconsent_status", "mill.test", 60)), except(claim(evidence.ClaimSessionOnly), "or preferences")), want: audit.Pass},
		{name: "only session cookies or preferences, in one sentence", scan: newScan(session, language, claims(either)), want: audit.Pass},
		{name: "what is not known may be taken out", scan: newScan(with(cookie("mystery", "mill.test", 365*days)), except(claim(evidence.ClaimSessionOnly), "or preferences")), want: audit.Pass},
		{name: "no cookies but session cookies", scan: newScan(session, except(claim(evidence.ClaimNoCookies), "apart from session cookies")), want: audit.Pass},
		{name: "only after consent, so it is", scan: newScan(session, accepted, claims(claim(evidence.ClaimAfterConsent), claim(evidence.ClaimAfterConsent, "_ga"))), want: audit.Pass},
		{name: "only after consent, and statistics that may be exempt", scan: newScan(with(cookie("_pk_id.1.2", "mill.test", 390*days)), claims(claim(evidence.ClaimAfterConsent))), profile: fr, want: audit.Pass},
		{name: "only after consent, and statistics", scan: newScan(with(cookie("_pk_id.1.2", "mill.test", 390*days)), claims(claim(evidence.ClaimAfterConsent))), want: audit.Violation, subjects: about(evidence.ClaimAfterConsent)},
		{name: "another row", scan: newScan(ga, claims(claim(evidence.ClaimAfterConsent, "id"))), want: audit.Pass},
		{name: "another section", scan: newScan(session, ad, declares(inSection), claims(section)), want: audit.Pass},
		{name: "the site's own other domain", scan: newScan(with(cookie("a", "mill.example", 60)), claims(claim(evidence.ClaimNoThirdParties))), want: audit.Pass},
		{name: "a day is one session", scan: newScan(with(cookie("_ga", "mill.test", days)), claims(claim(evidence.ClaimNoCrossSession))), want: audit.Pass},
		{name: "refused by the browser", scan: newScan(with(cookie("id", "adlane.test", 60, refused)), claims(claim(evidence.ClaimNoThirdParties))), want: audit.Pass},
		{name: "an exception that cannot be read", scan: newScan(session, except(claim(evidence.ClaimNoCookies), "außer wie oben beschrieben")), want: audit.Inconclusive},
		{name: "cut short", scan: newScan(claims(claim(evidence.ClaimNoCookies)), outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive},
		{name: "claims nothing that can be tested", scan: newScan(session, claims(claim(evidence.ClaimWithdrawal), claim(evidence.ClaimLastUpdated))), want: audit.NotApplicable},
	})
}

package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func classed(d evidence.Declaration, c evidence.Category) evidence.Declaration {
	d.Category = c
	return d
}

func rows(names ...string) []audit.Subject {
	var out []audit.Subject
	for _, n := range names {
		out = append(out, audit.Subject{Kind: audit.SubjectDeclaration, Name: n})
	}
	return out
}

func TestUndeclaredStorage(t *testing.T) {
	t.Parallel()
	own := "https://www.mill.test"
	declared := declaration("zq1", "", "", noLength)
	declared.Storage = evidence.KindLocalStorage
	judge(t, rules.UndeclaredStorage, []verdictCase{
		{name: "no policy names it", scan: newScan(item(evidence.KindLocalStorage, "zq1", own)), want: audit.Violation, subjects: subject(audit.SubjectStorage, "zq1", own), severity: audit.Medium, certainty: audit.Confirmed},
		{name: "known to need consent", scan: newScan(item(evidence.KindLocalStorage, "k", "https://kite.test")), want: audit.Violation, subjects: subject(audit.SubjectStorage, "k", "https://kite.test"), severity: audit.High},
		{name: "declared", scan: newScan(item(evidence.KindLocalStorage, "zq1", own), declares(declared)), want: audit.Pass},
		{name: "deleted again", scan: newScan(item(evidence.KindLocalStorage, "zq1", own, deletedAgain)), want: audit.Pass},
		{name: "a cache of files", scan: newScan(item(evidence.KindCacheStorage, "zq1", own)), want: audit.Pass},
		{name: "cut short", scan: newScan(outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive},
		{name: "the policy could not be read", scan: newScan(item(evidence.KindLocalStorage, "zq1", own), policyText(" ")), want: audit.Inconclusive},
		{name: "no policy", scan: newScan(noPolicy(evidence.Complete)), want: audit.NotApplicable},
	})
}

func TestDeclaredPersistentButSession(t *testing.T) {
	t.Parallel()
	row := declares(declaration("sid", "", "1 year", lasting))
	judge(t, rules.DeclaredPersistentButSession, []verdictCase{
		{name: "ends with the session", scan: newScan(row, with(cookie("sid", "mill.test", 0))), want: audit.Violation, subjects: cookies("sid", "mill.test"), severity: audit.Info},
		{name: "stays", scan: newScan(row, with(cookie("sid", "mill.test", lasting))), want: audit.Pass},
		{name: "another row says session", scan: newScan(row, declares(declaration("sid", "", "session", 0)), with(cookie("sid", "mill.test", 0))), want: audit.Pass},
		{name: "cut short", scan: newScan(row, outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive},
		{name: "no policy", scan: newScan(noPolicy(evidence.Complete)), want: audit.NotApplicable},
	})
}

func TestPurposes(t *testing.T) {
	t.Parallel()
	bare := declaration("sid", "", "session", 0)
	described := bare
	described.Description = "Keeps you signed in"
	inText := bare
	inText.Source.Quote = "sid | used so that the shop remembers your basket | session"
	swallowed := bare
	swallowed.Lifetime = "Counts those who come again and again. Expires after 2 years"
	swallowed.Source.Quote = "sid: " + swallowed.Lifetime
	short, kind := bare, bare
	short.Description, kind.Description = "A/B testing", "HTTP"
	unclassified := bare
	unclassified.Description = "Unclassified"
	judge(t, rules.PurposeMissing, []verdictCase{
		{name: "nothing said", scan: newScan(declares(bare)), want: audit.Violation, subjects: rows("sid"), severity: audit.Medium, certainty: audit.Likely},
		{name: "unclassified", scan: newScan(declares(unclassified)), want: audit.Violation, subjects: rows("sid"), certainty: audit.Confirmed},
		{name: "a class", scan: newScan(declares(classed(bare, evidence.Necessary))), want: audit.Pass},
		{name: "a description", scan: newScan(declares(described)), want: audit.Pass},
		{name: "a short description", scan: newScan(declares(short)), want: audit.Pass},
		{name: "the type of the cookie", scan: newScan(declares(kind)), want: audit.Violation, subjects: rows("sid")},
		{name: "running text in the row", scan: newScan(declares(inText)), want: audit.Pass},
		{name: "running text that was taken for a lifetime", scan: newScan(declares(swallowed)), want: audit.Pass},
		{name: "another row tells it", scan: newScan(declares(bare, described)), want: audit.Pass},
		{name: "names no cookie", scan: newScan(), want: audit.NotApplicable},
		{name: "not looked for", scan: newScan(noPolicy(evidence.Unavailable)), want: audit.Inconclusive},
	})
	judge(t, rules.PurposeContradictory, []verdictCase{
		{name: "statistics and marketing", scan: newScan(declares(classed(bare, evidence.Analytics), classed(bare, evidence.Marketing))), want: audit.Violation, subjects: rows("sid"), severity: audit.Medium},
		{name: "necessary and marketing", scan: newScan(declares(classed(bare, evidence.Necessary), classed(bare, evidence.Marketing))), want: audit.Violation, subjects: rows("sid"), severity: audit.High},
		{name: "the same twice", scan: newScan(declares(classed(bare, evidence.Analytics), classed(bare, evidence.Analytics))), want: audit.Pass},
		{name: "in another document", scan: newScan(declares(classed(bare, evidence.Analytics)), func(s *evidence.Scan) {
			other := classed(bare, evidence.Marketing)
			other.Source.URL = "https://www.mill.test/de/cookies"
			s.Declarations = append(s.Declarations, other)
		}), want: audit.Pass},
		{name: "no class", scan: newScan(declares(bare)), want: audit.NotApplicable},
		{name: "not looked for", scan: newScan(noPolicy(evidence.Unavailable)), want: audit.Inconclusive},
	})
	fr := audit.Profile{Statistics: &audit.Exception{Conditions: "under conditions."}}
	judge(t, rules.NecessaryMislabelled, []verdictCase{
		{name: "statistics", scan: newScan(declares(classed(declaration("_ga", "", "", noLength), evidence.Necessary))), want: audit.Violation, subjects: rows("_ga"), severity: audit.High, certainty: audit.Confirmed},
		{name: "statistics that may be exempt", scan: newScan(declares(classed(declaration("_ga", "", "", noLength), evidence.Necessary))), profile: fr, want: audit.Violation, subjects: rows("_ga"), severity: audit.Info},
		{name: "a session", scan: newScan(declares(classed(declaration("PHPSESSID", "", "", noLength), evidence.Necessary))), want: audit.Pass},
		{name: "not known", scan: newScan(declares(classed(declaration("zq1", "", "", noLength), evidence.Necessary))), want: audit.Pass},
		{name: "known by its name alone", scan: newScan(declares(classed(declaration("n360-freewheel", "", "", noLength), evidence.Necessary))), want: audit.Pass},
		{name: "nothing necessary", scan: newScan(declares(classed(declaration("_ga", "", "", noLength), evidence.Analytics))), want: audit.NotApplicable},
		{name: "not looked for", scan: newScan(noPolicy(evidence.Unavailable)), want: audit.Inconclusive},
	})
}

func TestWildcardOverbroad(t *testing.T) {
	t.Parallel()
	broad := declares(declaration("_*", "", "", noLength))
	judge(t, rules.WildcardOverbroad, []verdictCase{
		{name: "fits almost anything", scan: newScan(broad), want: audit.Violation, subjects: rows("_*"), severity: audit.Low},
		{name: "and hides a tracker", scan: newScan(broad, with(cookie("_ga", "mill.test", lasting))), want: audit.Violation, subjects: rows("_*"), severity: audit.Medium},
		{
			name: "two organisations", scan: newScan(declares(declaration("_gx*", "", "", noLength)), with(cookie("_gx1", "kite.test", 60), cookie("_gx2", "finch.test", 60))),
			want: audit.Violation, subjects: rows("_gx*"), says: []string{"Kite Statistics", "Finch"},
		},
		{name: "a product's own pattern", scan: newScan(declares(declaration("_pk_id*", "", "", noLength)), with(cookie("_pk_id.1.2", "mill.test", lasting))), want: audit.Pass},
		{name: "no pattern", scan: newScan(declares(declaration("sid", "", "", noLength))), want: audit.NotApplicable},
		{name: "not looked for", scan: newScan(noPolicy(evidence.Unavailable)), want: audit.Inconclusive},
	})
}

func TestPolicyInternalContradiction(t *testing.T) {
	t.Parallel()
	ga := declares(declaration("_ga", "", "2 years", 730*days))
	about := func(k evidence.ClaimKind) []audit.Subject { return subject(audit.SubjectClaim, string(k), "") }
	judge(t, rules.PolicyInternalContradiction, []verdictCase{
		{name: "no cookies, and a table", scan: newScan(ga, claims(claim(evidence.ClaimNoCookies))), want: audit.Violation, subjects: about(evidence.ClaimNoCookies), severity: audit.Medium, certainty: audit.Likely},
		{name: "no cookies to identify you", scan: newScan(declares(declaration("sid", "", "session", 0)), claims(limited(claim(evidence.ClaimNoCookies)))), want: audit.Violation, subjects: about(evidence.ClaimNoCookies)},
		{name: "no cookies to identify you, but a language", scan: newScan(declares(necessary(declaration("lang", "", "session", 0))), claims(limited(claim(evidence.ClaimNoCookies)))), want: audit.Violation, subjects: about(evidence.ClaimNoCookies), severity: audit.Low, certainty: audit.Possible},
		{name: "only session cookies", scan: newScan(ga, claims(claim(evidence.ClaimSessionOnly))), want: audit.Violation, subjects: about(evidence.ClaimSessionOnly)},
		{
			name: "only necessary cookies", scan: newScan(declares(analytics(declaration("_ga", "", "2 years", 730*days))), claims(claim(evidence.ClaimNecessaryOnly))), want: audit.Violation,
			subjects: about(evidence.ClaimNecessaryOnly), severity: audit.Low, certainty: audit.Possible,
		},
		{name: "only necessary cookies, and a table without classes", scan: newScan(ga, claims(claim(evidence.ClaimNecessaryOnly))), want: audit.Pass},
		{name: "only necessary cookies, for who refuses", scan: newScan(declares(analytics(declaration("_ga", "", "2 years", 730*days))), claims(claim(evidence.ClaimNecessaryOnly), claim(evidence.ClaimWithdrawal))), want: audit.NotApplicable},
		{name: "no third parties", scan: newScan(ga, claims(claim(evidence.ClaimNoThirdParties))), want: audit.Violation, subjects: about(evidence.ClaimNoThirdParties)},
		{name: "no advertising", scan: newScan(declares(declaration("IDE", "doubleclick.net", "", noLength)), claims(claim(evidence.ClaimNoAdvertising))), want: audit.Violation, subjects: about(evidence.ClaimNoAdvertising)},
		{name: "no tracking across sessions", scan: newScan(declares(declaration("_pk_id*", "", "1 year", lasting)), claims(claim(evidence.ClaimNoCrossSession))), want: audit.Violation, subjects: about(evidence.ClaimNoCrossSession)},
		{name: "statistics on the site's own server", scan: newScan(declares(declaration("_pk_id*", "", "1 year", lasting)), claims(claim(evidence.ClaimNoThirdParties))), want: audit.Pass},
		{name: "taken out", scan: newScan(declares(declaration("pll_language", "", "1 year", lasting)), except(claim(evidence.ClaimSessionOnly), "or preferences")), want: audit.Pass},
		{name: "of another row", scan: newScan(ga, claims(claim(evidence.ClaimSessionOnly, "sid"))), want: audit.Pass},
		{name: "so it is", scan: newScan(declares(declaration("sid", "", "session", 0)), claims(claim(evidence.ClaimSessionOnly))), want: audit.Pass},
		{name: "no claim", scan: newScan(ga), want: audit.NotApplicable},
		{name: "not looked for", scan: newScan(noPolicy(evidence.Unavailable)), want: audit.Inconclusive},
	})
}

package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

// holding gives a cookie, for the phase before, an identifier of a text, and
// another one for the others.
func holding(text string) func(*evidence.Cookie) {
	return func(k *evidence.Cookie) {
		for i := range k.Writes {
			w := &k.Writes[i]
			w.Value.Tokens = []string{text + " of visit " + string(w.Phase)}
			if w.Phase == evidence.Before {
				w.Value.Tokens = evidence.Tokens(text, (&evidence.Scan{}).Started)
			}
		}
	}
}

// carrying is a request that takes a cookie's value along.
func carrying(name, owner, encoding, in string) func(*evidence.Request) {
	return func(r *evidence.Request) {
		r.Carries = append(r.Carries, evidence.Carried{Kind: evidence.KindCookie, Name: name, Owner: owner, Encoding: encoding, In: in})
	}
}

func TestSharedIdentifiers(t *testing.T) {
	t.Parallel()
	const id = "k3j4h5g6f7"
	own := cookie("zq1", "mill.test", lasting, holding(id))
	theirs := cookie("uid", "adlane.test", lasting, holding(id))
	passes := func(host string) func(*evidence.Scan) {
		return request(evidence.Before, host, carrying("uid", "adlane.test", "plain", "url"), carrying("zq1", "mill.test", "sha256", "body"), carrying("_k", "mill.test", "plain", "url"))
	}
	judge(t, rules.CookieSync, []verdictCase{
		{
			name: "an advertiser's identifier to statistics", scan: newScan(with(theirs), passes("hit.kite.test")), want: audit.Violation, subjects: cookies("uid", "adlane.test"),
			severity: audit.High, certainty: audit.Likely, says: []string{"hit.kite.test"},
		},
		{name: "the site's own identifier, hashed in a body", scan: newScan(with(own), passes("hit.kite.test")), want: audit.Violation, subjects: cookies("zq1", "mill.test"), says: []string{"in the body, as sha256"}},
		{name: "the same for all visitors", scan: newScan(with(cookie("zq1", "mill.test", lasting)), passes("hit.kite.test")), want: audit.Pass},
		{name: "to whoever keeps it", scan: newScan(with(theirs), passes("sync.adlane.test")), want: audit.Pass},
		{name: "to whoever wrote it", scan: newScan(with(cookie("_k", "mill.test", lasting, holding(id), byScript("https://cdn.kite.test/k.js"))), passes("hit.kite.test")), want: audit.Pass},
		{name: "a delivery network sees it", scan: newScan(with(own), passes("a.fonts.test")), want: audit.Pass},
		{name: "another value", scan: newScan(with(own), request(evidence.Before, "hit.kite.test", sentCookie)), want: audit.Pass},
		{name: "cut short", scan: newScan(outcome(evidence.Reject, evidence.Partial)), want: audit.Inconclusive},
		{name: "one visit only", scan: newScan(func(s *evidence.Scan) { s.Visits = s.Visits[:1] }), want: audit.Inconclusive},
	})
	judge(t, rules.SharedIDValue, []verdictCase{
		{name: "two organisations", scan: newScan(with(theirs, cookie("kid", "kite.test", lasting, holding(id)))), want: audit.Violation, subjects: cookies("uid", "adlane.test"), severity: audit.Medium},
		{name: "one organisation", scan: newScan(with(theirs, cookie("kid", "cdn.adlane.test", lasting, holding(id)))), want: audit.Pass},
		{name: "its own copy on the site", scan: newScan(with(theirs, cookie("_al", "mill.test", lasting, holding(id), byScript("https://tag.adlane.test/a.js")))), want: audit.Pass},
		{name: "different values", scan: newScan(with(theirs, cookie("kid", "kite.test", lasting, identifying))), want: audit.Pass},
		{name: "cut short", scan: newScan(outcome(evidence.Reject, evidence.Partial)), want: audit.Inconclusive},
	})
}

func TestStorageRespawn(t *testing.T) {
	t.Parallel()
	comesBack := func(k *evidence.Cookie) {
		gone, back := k.Writes[0], k.Writes[0]
		gone.Deletes = true
		gone.Value = evidence.Value{}
		k.Writes = append([]evidence.Write{k.Writes[0], gone, back}, k.Writes[1:]...)
	}
	zq := func(change ...func(*evidence.Cookie)) func(*evidence.Scan) {
		return with(cookie("zq1", "mill.test", lasting, append([]func(*evidence.Cookie){identifying}, change...)...))
	}
	keeps := item(evidence.KindLocalStorage, "zq1", "https://www.mill.test")
	judge(t, rules.StorageRespawn, []verdictCase{
		{name: "restored from another store", scan: newScan(zq(comesBack), keeps), want: audit.Violation, subjects: cookies("zq1", "mill.test"), severity: audit.High},
		{name: "nothing else holds it", scan: newScan(zq(comesBack)), want: audit.Pass},
		{name: "never deleted", scan: newScan(zq(), keeps), want: audit.Pass},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
}

func TestLifetimesAndSecurity(t *testing.T) {
	t.Parallel()
	fr := audit.Profile{Limits: audit.Limits{StatisticsCookie: 395}, Statistics: &audit.Exception{Conditions: "under conditions."}}
	judge(t, rules.LifetimeOverCeiling, []verdictCase{
		{name: "over the limit", scan: newScan(with(cookie("_pk_id.1.2", "mill.test", 400*days))), profile: fr, want: audit.Violation, subjects: cookies("_pk_id.1.2", "mill.test"), severity: audit.Medium},
		{name: "within", scan: newScan(with(cookie("_pk_id.1.2", "mill.test", 390*days))), profile: fr, want: audit.Pass},
		{name: "after consent", scan: newScan(with(cookie("_pk_id.1.2", "mill.test", 400*days, only(evidence.Accept)))), profile: fr, want: audit.Pass},
		{name: "no limit", scan: newScan(), want: audit.NotApplicable},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), profile: fr, want: audit.Inconclusive},
	})
	judge(t, rules.LifetimeOver400Days, []verdictCase{
		{name: "two years", scan: newScan(with(cookie("a", "mill.test", 730*days))), want: audit.Violation, subjects: cookies("a", "mill.test"), severity: audit.Low, says: []string{"730 days"}},
		{name: "400 days", scan: newScan(with(cookie("a", "mill.test", 400*days))), want: audit.Pass},
		{name: "cut short", scan: newScan(outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive},
	})
	judge(t, rules.ExemptLifetimeDisproportionate, []verdictCase{
		{name: "a load balancer for a year", scan: newScan(with(cookie("SERVERID", "mill.test", lasting))), want: audit.Violation, subjects: cookies("SERVERID", "mill.test"), severity: audit.Low},
		{name: "a load balancer for a week", scan: newScan(with(cookie("AWSALB", "mill.test", 7*days))), want: audit.Pass},
		{name: "remember me", scan: newScan(with(cookie("remember_user_token", "mill.test", lasting))), want: audit.Pass},
		{name: "cut short", scan: newScan(outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive},
	})
	plain := func(s *evidence.Scan) { s.Site.URL = "http://www.mill.test/" }
	judge(t, rules.CookieNoSecure, []verdictCase{
		{name: "a session", scan: newScan(with(cookie("PHPSESSID", "www.mill.test", 0))), want: audit.Violation, subjects: cookies("PHPSESSID", "www.mill.test"), severity: audit.Medium},
		{name: "an identifier", scan: newScan(with(cookie("zq1", "mill.test", 0, identifying))), want: audit.Violation, subjects: cookies("zq1", "mill.test"), severity: audit.Medium},
		{name: "the same for all", scan: newScan(with(cookie("pll_language", "mill.test", lasting))), want: audit.Violation, subjects: cookies("pll_language", "mill.test"), severity: audit.Info},
		{name: "secure", scan: newScan(with(cookie("PHPSESSID", "www.mill.test", 0, secured))), want: audit.Pass},
		{name: "a third party's", scan: newScan(with(cookie("id", "kite.test", 0))), want: audit.Pass},
		{name: "a site by http", scan: newScan(plain), want: audit.NotApplicable},
		{name: "cut short", scan: newScan(outcome(evidence.Accept, evidence.Partial)), want: audit.Inconclusive},
	})
	judge(t, rules.SessionNoHTTPOnly, []verdictCase{
		{name: "a session", scan: newScan(with(cookie("PHPSESSID", "www.mill.test", 0, identifying))), want: audit.Violation, subjects: cookies("PHPSESSID", "www.mill.test"), severity: audit.Medium},
		{name: "HttpOnly", scan: newScan(with(cookie("PHPSESSID", "www.mill.test", 0, identifying, secured))), want: audit.Pass},
		{name: "written by a script", scan: newScan(with(cookie("PHPSESSID", "www.mill.test", 0, identifying, byScript("https://www.mill.test/a.js")))), want: audit.Pass},
		{name: "a token against forgery", scan: newScan(with(cookie("XSRF-TOKEN", "www.mill.test", 0, identifying))), want: audit.NotApplicable},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
	line := func(raw string) func(*evidence.Cookie) {
		return func(k *evidence.Cookie) {
			for i := range k.Writes {
				k.Writes[i].Raw = raw
			}
		}
	}
	judge(t, rules.SameSiteNoneInsecure, []verdictCase{
		{name: "refused by the browser", scan: newScan(with(cookie("a", "mill.test", 0, refused, line("a=‹1 byte›; Path=/; samesite=NONE")))), want: audit.Violation, subjects: cookies("a", "mill.test"), severity: audit.Low},
		{name: "with Secure", scan: newScan(with(cookie("a", "mill.test", 0, line("a=1; SameSite=None; Secure")))), want: audit.Pass},
		{name: "Lax", scan: newScan(with(cookie("a", "mill.test", 0, line("a=1; SameSite=Lax")))), want: audit.Pass},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
	overHTTP := func(k *evidence.Cookie) { k.Writes[0].URL = "http://mill.test/" }
	judge(t, rules.CookieOverHTTP, []verdictCase{
		{name: "a redirect to https", scan: newScan(with(cookie("a", "mill.test", 0, overHTTP))), want: audit.Violation, subjects: cookies("a", "mill.test"), severity: audit.Medium},
		{name: "a session", scan: newScan(with(cookie("PHPSESSID", "mill.test", 0, overHTTP))), want: audit.Violation, subjects: cookies("PHPSESSID", "mill.test"), severity: audit.High},
		{name: "over https", scan: newScan(with(cookie("a", "mill.test", 0))), want: audit.Pass},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
}

func TestCNAMECloakedTracker(t *testing.T) {
	t.Parallel()
	const host = "go.mill.test"
	alias := func(names ...string) func(*evidence.Scan) {
		return func(s *evidence.Scan) {
			s.DNS.Hosts = append(s.DNS.Hosts, evidence.ResolvedHost{Host: host, Names: names})
		}
	}
	hidden := alias("mill.kite.test", "lb7.hosting.test")
	late := func(k *evidence.Cookie) { only(evidence.Accept)(k); answered(2000)(k) }
	id := func(change ...func(*evidence.Cookie)) func(*evidence.Scan) {
		return with(cookie("zq1", host, lasting, change...))
	}
	asked := func(change ...func(*evidence.Request)) func(*evidence.Scan) {
		return request(evidence.Before, host, append(change, func(r *evidence.Request) { r.Party, r.Site = evidence.First, "mill.test" })...)
	}
	failed := func(s *evidence.Scan) {
		s.DNS.Outcome = evidence.Partial
		s.DNS.Hosts = append(s.DNS.Hosts, evidence.ResolvedHost{Host: "x.mill.test", Why: "no answer"})
	}
	found := subject(audit.SubjectRequest, host, "mill.test")
	judge(t, rules.CNAMECloakedTracker, []verdictCase{
		{name: "sets a cookie", scan: newScan(hidden, id()), want: audit.Violation, subjects: found, severity: audit.High, certainty: audit.Confirmed, says: []string{"mill.kite.test", "Kite Statistics"}},
		{name: "its script sets a cookie", scan: newScan(hidden, with(cookie("zq1", "mill.test", lasting, byScript("https://"+host+"/k.js")))), want: audit.Violation, subjects: found},
		{name: "gets a cookie", scan: newScan(hidden, asked(sentCookie)), want: audit.Violation, subjects: found, severity: audit.High},
		{name: "after an acceptance only", scan: newScan(hidden, id(late)), want: audit.Violation, subjects: found, severity: audit.Medium},
		{name: "one name could not be looked up, another could", scan: newScan(failed, hidden, id()), want: audit.Violation, subjects: found},
		{name: "neither sets nor gets", scan: newScan(hidden, asked()), want: audit.Pass},
		{name: "a delivery network", scan: newScan(alias("mill.fonts.test"), id()), want: audit.Pass},
		{name: "no alias", scan: newScan(alias(), id()), want: audit.Pass},
		{name: "no further host", scan: newScan(), want: audit.NotApplicable},
		{name: "a name could not be looked up", scan: newScan(failed, id()), want: audit.Inconclusive, says: []string{"no answer"}},
		{name: "not looked up at all", scan: newScan(func(s *evidence.Scan) { s.DNS = &evidence.DNS{Outcome: evidence.Unavailable, Why: "--dns off"} }), want: audit.Inconclusive, says: []string{"--dns off"}},
		{name: "a record without names", scan: newScan(func(s *evidence.Scan) { s.DNS = nil }), want: audit.Inconclusive},
		{name: "cut short", scan: newScan(alias(), outcome(evidence.Before, evidence.Partial)), want: audit.Inconclusive},
	})
}

package rules_test

import (
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

// identifying gives a cookie another value for every visit.
func identifying(k *evidence.Cookie) {
	for i := range k.Writes {
		k.Writes[i].Value.Tokens = []string{k.Name + " of visit " + string(k.Writes[i].Phase)}
	}
}

// item is a storage item that every phase held, with another value for every
// visit.
func item(kind evidence.StorageKind, key, origin string, change ...func(*evidence.StorageItem)) func(*evidence.Scan) {
	it := evidence.StorageItem{Kind: kind, Key: key, Origin: origin, Site: registrable(origin[len("https://"):]), Party: evidence.Third}
	if it.Site == "mill.test" {
		it.Party = evidence.First
	}
	for _, p := range []evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept} {
		it.Phases = append(it.Phases, p)
		it.Held = append(it.Held, evidence.HeldValue{Phase: p, Value: evidence.Value{SHA256: "a", Length: 9, Tokens: []string{key + " of visit " + string(p)}}})
	}
	for _, f := range change {
		f(&it)
	}
	return func(s *evidence.Scan) { s.Storage = append(s.Storage, it) }
}

func deletedAgain(it *evidence.StorageItem) {
	for _, h := range it.Held {
		it.Writes = append(it.Writes, evidence.StorageWrite{Phase: h.Phase})
	}
	it.Held = nil
}

func sameForAll(it *evidence.StorageItem) {
	for i := range it.Held {
		it.Held[i].Value.Tokens = []string{"the same"}
	}
}

func request(p evidence.Phase, host string, change ...func(*evidence.Request)) func(*evidence.Scan) {
	r := evidence.Request{Phase: p, URL: "https://" + host + "/p", Host: host, Site: registrable(host), Party: evidence.Third, AtMS: 3000, AfterAnswer: p != evidence.Before}
	for _, f := range change {
		f(&r)
	}
	return func(s *evidence.Scan) { s.Requests = append(s.Requests, r) }
}

func sentCookie(r *evidence.Request) { r.SentCookie = true }

const lasting = 365 * days

func TestPreConsentPreferences(t *testing.T) {
	t.Parallel()
	judge(t, rules.PreConsentPreferences, []verdictCase{
		{
			name: "a chat", scan: newScan(with(cookie("seen", "finch.test", lasting))), want: audit.Violation, subjects: cookies("seen", "finch.test"),
			severity: audit.Medium, certainty: audit.Confirmed,
		},
		{name: "the visitor's language", scan: newScan(with(cookie("pll_language", "mill.test", lasting))), want: audit.Pass},
		{name: "a record of consent", scan: newScan(with(cookie("cookieconsent_status", "mill.test", lasting))), want: audit.Pass},
		{name: "after accepting", scan: newScan(with(cookie("seen", "finch.test", 60, only(evidence.Accept), answered(900)))), want: audit.Pass},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
}

func TestPreConsentUnclassified(t *testing.T) {
	t.Parallel()
	judge(t, rules.PreConsentUnclassified, []verdictCase{
		{
			name: "a lasting identifier", scan: newScan(with(cookie("zq1", "mill.test", lasting, identifying))), want: audit.Violation,
			subjects: cookies("zq1", "mill.test"), severity: audit.Medium, certainty: audit.Possible,
		},
		{name: "of a third party, for the session", scan: newScan(with(cookie("zq1", "unknown.test", 0, identifying))), want: audit.Violation, subjects: cookies("zq1", "unknown.test")},
		{name: "the same for all", scan: newScan(with(cookie("zq1", "mill.test", lasting))), want: audit.Pass},
		{name: "the site's own session", scan: newScan(with(cookie("zq1", "mill.test", 0, identifying))), want: audit.Pass},
		{name: "a load balancer", scan: newScan(with(cookie("AWSALB", "mill.test", 7*days, identifying))), want: audit.Pass},
		{name: "after accepting", scan: newScan(with(cookie("zq1", "mill.test", lasting, identifying, only(evidence.Accept)))), want: audit.Pass},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
}

func TestPreConsentWebStorage(t *testing.T) {
	t.Parallel()
	own := "https://www.mill.test"
	about := func(key, origin string) []audit.Subject { return subject(audit.SubjectStorage, key, origin) }
	judge(t, rules.PreConsentWebStorage, []verdictCase{
		{name: "statistics", scan: newScan(item(evidence.KindLocalStorage, "k", "https://kite.test")), want: audit.Violation, subjects: about("k", "https://kite.test"), severity: audit.High},
		{name: "advertising", scan: newScan(item(evidence.KindLocalStorage, "k", "https://adlane.test")), want: audit.Violation, subjects: about("k", "https://adlane.test"), severity: audit.Critical},
		{
			name: "an unknown identifier", scan: newScan(item(evidence.KindLocalStorage, "zq1", own)), want: audit.Violation, subjects: about("zq1", own),
			severity: audit.Medium, certainty: audit.Possible,
		},
		{name: "unknown, the same for all", scan: newScan(item(evidence.KindLocalStorage, "zq1", own, sameForAll)), want: audit.Pass},
		{name: "unknown, for the session", scan: newScan(item(evidence.KindSessionStorage, "zq1", own)), want: audit.Pass},
		{name: "a test whether storage works", scan: newScan(item(evidence.KindLocalStorage, "zq1", own, deletedAgain)), want: audit.Pass},
		{name: "a cache of files", scan: newScan(item(evidence.KindCacheStorage, "zq1", own)), want: audit.Pass},
		{name: "the visitor's language", scan: newScan(item(evidence.KindLocalStorage, "i18nextLng", own)), want: audit.Pass},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
}

func TestPreConsentTrackingRequest(t *testing.T) {
	t.Parallel()
	about := subject(audit.SubjectRequest, "hit.kite.test", "kite.test")
	carries := carrying("zq1", "mill.test", "plain", "url")
	held := with(cookie("zq1", "mill.test", lasting, func(k *evidence.Cookie) {
		for i := range k.Writes {
			k.Writes[i].Value.Tokens = []string{"x" + string(k.Writes[i].Phase)}
		}
		k.Writes[0].Value.Tokens = evidence.Tokens("abcdefgh12", time.Time{})
	}))
	judge(t, rules.PreConsentTrackingRequest, []verdictCase{
		{name: "with a cookie", scan: newScan(request(evidence.Before, "hit.kite.test", sentCookie)), want: audit.Violation, subjects: about, severity: audit.High},
		{name: "with an identifier of the site's own cookie", scan: newScan(held, request(evidence.Before, "hit.kite.test", carries)), want: audit.Violation, subjects: about},
		{name: "with a value that nothing holds", scan: newScan(request(evidence.Before, "hit.kite.test", carries)), want: audit.Pass},
		{name: "with nothing", scan: newScan(request(evidence.Before, "hit.kite.test")), want: audit.Pass},
		{name: "its cookie is reported already", scan: newScan(with(cookie("id", "kite.test", lasting)), request(evidence.Before, "hit.kite.test", sentCookie)), want: audit.Pass},
		{name: "fonts", scan: newScan(request(evidence.Before, "a.fonts.test", sentCookie)), want: audit.Pass},
		{name: "after accepting", scan: newScan(request(evidence.Accept, "hit.kite.test", sentCookie)), want: audit.Pass},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
}

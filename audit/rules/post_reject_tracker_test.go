package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func TestPostRejectTracker(t *testing.T) {
	t.Parallel()
	after := func(name, domain string, at int64, more ...func(*evidence.Cookie)) func(*evidence.Scan) {
		return with(cookie(name, domain, 365*days, append([]func(*evidence.Cookie){only(evidence.Reject), answered(at)}, more...)...))
	}
	reject := func(r evidence.ConsentResult) func(*evidence.Scan) {
		return asked(map[evidence.Phase]evidence.ConsentResult{evidence.Reject: r})
	}
	keeps := func(change ...func(*evidence.StorageItem)) func(*evidence.Scan) {
		early := func(it *evidence.StorageItem) {
			it.Writes = []evidence.StorageWrite{{Phase: evidence.Reject, AtMS: 100, Script: "https://cdn.kite.test/store.js"}}
		}
		return item(evidence.KindLocalStorage, "kv", "https://www.mill.test", append([]func(*evidence.StorageItem){early}, change...)...)
	}
	writtenLate := func(it *evidence.StorageItem) { it.Writes[0].AfterAnswer, it.Writes[0].AtMS = true, 4000 }
	judge(t, rules.PostRejectTracker, []verdictCase{
		{
			name: "a cookie after a verified refusal", scan: newScan(after("id", "adlane.test", 4000)), want: audit.Violation,
			subjects: cookies("id", "adlane.test"), severity: audit.Critical, certainty: audit.Confirmed, says: []string{"after the visitor had refused", "365 days"},
		},
		{
			name: "a click whose effect is not known", scan: newScan(after("id", "adlane.test", 4000), reject(evidence.Clicked)), want: audit.Violation,
			subjects: cookies("id", "adlane.test"), severity: audit.High, certainty: audit.Possible,
		},
		{
			name: "a response that may have been on its way", scan: newScan(after("id", "adlane.test", 700)), want: audit.Violation,
			subjects: cookies("id", "adlane.test"), severity: audit.Critical, certainty: audit.Likely,
		},
		{
			name: "a script is on no way", scan: newScan(after("k", "www.mill.test", 700, byScript("https://kite.test/k.js"))), want: audit.Violation,
			subjects: cookies("k", "www.mill.test"), certainty: audit.Confirmed,
		},
		{
			name: "a request with a cookie", scan: newScan(request(evidence.Reject, "t.kite.test", sentCookie)), want: audit.Violation,
			subjects: subject(audit.SubjectRequest, "t.kite.test", "kite.test"), severity: audit.Critical, certainty: audit.Confirmed,
		},
		{
			name: "requests without one", scan: newScan(request(evidence.Reject, "t.kite.test"), request(evidence.Reject, "t.kite.test")), want: audit.Violation,
			subjects: subject(audit.SubjectRequest, "t.kite.test", "kite.test"), certainty: audit.Likely,
		},
		{
			name: "a cookieless ping", scan: newScan(request(evidence.Reject, "t.kite.test"), pings("t.kite.test", "gcs=G100", "denied")), want: audit.Violation,
			subjects: subject(audit.SubjectRequest, "t.kite.test", "kite.test"), certainty: audit.Likely, says: []string{"denies ad_storage and analytics_storage (gcs=G100)", "cookieless ping"},
		},
		{
			name: "a ping with a cookie", scan: newScan(request(evidence.Reject, "t.kite.test", sentCookie), pings("t.kite.test", "gcs=G100", "denied")), want: audit.Violation,
			subjects: subject(audit.SubjectRequest, "t.kite.test", "kite.test"), certainty: audit.Confirmed, says: []string{"carried a cookie all the same"},
		},
		{
			name: "a ping that claims consent", scan: newScan(request(evidence.Reject, "t.kite.test"), pings("t.kite.test", "gcs=G111", "granted")), want: audit.Violation,
			subjects: subject(audit.SubjectRequest, "t.kite.test", "kite.test"), says: []string{"does not say that Google's consent mode denies anything (gcs=G111)"},
		},
		{
			name: "the cookie's finding says it", scan: newScan(after("id", "adlane.test", 4000), request(evidence.Reject, "sync.adlane.test", sentCookie)), want: audit.Violation,
			subjects: cookies("id", "adlane.test"),
		},
		{
			name: "web storage alone", scan: newScan(keeps(writtenLate)), want: audit.Violation,
			subjects: subject(audit.SubjectStorage, "kv", "https://www.mill.test"), severity: audit.Critical, certainty: audit.Confirmed,
		},
		{
			name: "web storage whose click is not known to have worked", scan: newScan(keeps(writtenLate), reject(evidence.Clicked)), want: audit.Violation,
			subjects: subject(audit.SubjectStorage, "kv", "https://www.mill.test"), severity: audit.High, certainty: audit.Possible,
		},
		{name: "web storage left over from before", scan: newScan(keeps()), want: audit.Pass},
		{name: "web storage written and deleted", scan: newScan(keeps(writtenLate, deletedAgain)), want: audit.Pass},
		{name: "left over from before", scan: newScan(with(cookie("id", "adlane.test", 60))), want: audit.Pass},
		{name: "refused by the browser", scan: newScan(after("id", "adlane.test", 4000, refused)), want: audit.Pass},
		{name: "the record of the refusal", scan: newScan(after("cookieconsent_status", "mill.test", 600)), want: audit.Pass},
		{name: "a session", scan: newScan(after("PHPSESSID", "www.mill.test", 4000)), want: audit.Pass},
		{name: "chat is no tracker", scan: newScan(after("chat", "finch.test", 4000)), want: audit.Pass},
		{name: "fonts", scan: newScan(request(evidence.Reject, "fonts.test", sentCookie)), want: audit.Pass},
		{name: "a tag manager", scan: newScan(request(evidence.Reject, "www.googletagmanager.com")), want: audit.Pass},
		{name: "cut short, nothing seen", scan: newScan(outcome(evidence.Reject, evidence.Partial)), want: audit.Inconclusive},
		{name: "the refusal failed", scan: newScan(after("id", "adlane.test", 4000), reject(evidence.Failed)), want: audit.Inconclusive, says: []string{"did not react"}},
		{name: "not looked at", scan: newScan(outcome(evidence.Reject, evidence.Unavailable)), want: audit.Inconclusive},
		{name: "not part of the scan", scan: newScan(func(s *evidence.Scan) { s.Visits = s.Visits[:1] }), want: audit.Inconclusive},
		{name: "no banner", scan: newScan(reject(evidence.NoBanner)), want: audit.NotApplicable},
		{name: "no refusal offered", scan: newScan(reject(evidence.NoRejectOffered)), want: audit.NotApplicable},
	})
}

// pings is what a request after the refusal says of consent mode.
func pings(host, raw, state string) func(*evidence.Scan) {
	return changed(evidence.Reject, func(v *evidence.Visit) {
		v.Signals = append(v.Signals, evidence.Signal{
			Kind: evidence.SignalConsentMode, Source: evidence.FromRequest, Name: host, AfterAnswer: true, Raw: raw,
			ConsentMode: &evidence.ConsentMode{States: map[string]string{"ad_storage": state, "analytics_storage": state}},
		})
	})
}

package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func TestPreConsentAnalytics(t *testing.T) {
	t.Parallel()
	judge(t, rules.PreConsentAnalytics, []verdictCase{
		{
			name: "a statistics host's cookie", scan: newScan(with(cookie("id", "kite.test", 730*days))), want: audit.Violation,
			subjects: cookies("id", "kite.test"), severity: audit.High, certainty: audit.Confirmed,
			says: []string{`"id"`, "Kite Statistics", "kite.test", "730 days", "https://kite.test/set"},
		},
		{
			name: "by its script on the site's own domain", scan: newScan(with(cookie("k", "www.mill.test", 0, byScript("https://cdn.kite.test/k.js?site=1")))),
			want: audit.Violation, subjects: cookies("k", "www.mill.test"), says: []string{"for the session", "https://cdn.kite.test/k.js, line 7"},
		},
		{
			name: "known by its name", scan: newScan(with(cookie("_ga_ABC", "mill.test", 400*days))), want: audit.Violation,
			subjects: cookies("_ga_ABC", "mill.test"), certainty: audit.Confirmed,
		},
		{
			name: "only possible", scan: newScan(with(cookie("_s", "mill.test", 0))), want: audit.Violation,
			subjects: cookies("_s", "mill.test"), severity: audit.Medium, certainty: audit.Possible,
		},
		{
			name: "only the jar knew it", scan: newScan(with(cookie("id", "kite.test", 10*days, jarOnly))), want: audit.Violation,
			subjects: cookies("id", "kite.test"), says: []string{"10 days"},
		},
		{name: "set and deleted again", scan: newScan(with(cookie("id", "kite.test", 60, func(k *evidence.Cookie) {
			k.Stored = true
			k.Writes = append(k.Writes, evidence.Write{Phase: evidence.Before, Deletes: true})
		}))), want: audit.Violation, subjects: cookies("id", "kite.test")},
		{
			name: "one cookie under two paths is one finding", scan: newScan(with(cookie("id", "kite.test", 60), cookie("id", "kite.test", 60, func(k *evidence.Cookie) { k.Path = "/a" }))),
			want: audit.Violation, subjects: cookies("id", "kite.test"),
		},
		{
			name: "the rest of the phase was cut short", scan: newScan(with(cookie("id", "kite.test", 60)), outcome(evidence.Before, evidence.Partial)),
			want: audit.Violation, subjects: cookies("id", "kite.test"),
		},
		{name: "after accepting", scan: newScan(with(cookie("id", "kite.test", 60, only(evidence.Accept), answered(900)))), want: audit.Pass},
		{name: "refused by the browser", scan: newScan(with(cookie("id", "kite.test", 60, refused))), want: audit.Pass},
		{name: "only deleted", scan: newScan(with(cookie("id", "kite.test", 60, func(k *evidence.Cookie) {
			for i := range k.Writes {
				k.Writes[i].Deletes = true
			}
		}))), want: audit.Pass},
		{name: "a session", scan: newScan(with(cookie("PHPSESSID", "www.mill.test", 0))), want: audit.Pass},
		{name: "advertising is the other rule's", scan: newScan(with(cookie("id", "adlane.test", 60))), want: audit.Pass},
		{name: "cut short, nothing seen", scan: newScan(outcome(evidence.Before, evidence.Partial)), want: audit.Inconclusive},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive, says: []string{"the browser died"}},
	})
}

func TestPreConsentAdvertising(t *testing.T) {
	t.Parallel()
	judge(t, rules.PreConsentAdvertising, []verdictCase{
		{
			name: "an advertiser's cookie", scan: newScan(with(cookie("id", "adlane.test", 365*days))), want: audit.Violation,
			subjects: cookies("id", "adlane.test"), severity: audit.Critical, certainty: audit.Confirmed, says: []string{"marketing", "Adlane", "365 days"},
		},
		{name: "a name on a domain on which it means something else", scan: newScan(with(cookie("fr", "www.mill.test", 365*days), cookie("IDE", "www.mill.test", 0))), want: audit.Pass},
		{name: "after accepting", scan: newScan(with(cookie("id", "adlane.test", 60, only(evidence.Accept), answered(900)))), want: audit.Pass},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
}

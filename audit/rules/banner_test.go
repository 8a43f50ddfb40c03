package rules_test

import (
	"strings"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

// shows sets the banner; nil where none could be looked for.
func shows(b *evidence.Banner) func(*evidence.Scan) {
	return func(s *evidence.Scan) { s.Banner = b }
}

func control(role, kind string, width int, contrast float64) evidence.BannerControl {
	return evidence.BannerControl{Layer: 1, Role: role, Kind: kind, Label: role, Width: width, Height: 40, Contrast: &contrast}
}

// sized is a button whose role is the first word of its label.
func sized(label string, width, height int, font float64) evidence.BannerControl {
	word, _, _ := strings.Cut(strings.ToLower(label), " ")
	k := control(word, "button", width, 8)
	k.Label, k.Height, k.FontSize = label, height, font
	return k
}

func choice(controls ...evidence.BannerControl) *evidence.Banner {
	b := &evidence.Banner{Found: true, Controls: controls, ClicksAccept: ptr(1), ClicksReject: ptr(1)}
	for _, k := range controls {
		b.FirstLayerAccept = b.FirstLayerAccept || k.Role == "accept"
		b.FirstLayerReject = b.FirstLayerReject || k.Role == "reject"
	}
	return b
}

func TestBannerChoices(t *testing.T) {
	t.Parallel()
	accept, reject := control("accept", "button", 120, 8), control("reject", "button", 110, 8)
	notice := choice(control("acknowledge", "button", 100, 8))
	judge(t, rules.BannerNoRejectFirstLayer, []verdictCase{
		{name: "accept and settings", scan: newScan(shows(choice(accept, control("settings", "button", 100, 8)))), want: audit.Violation, subjects: theBanner, severity: audit.High, certainty: audit.Likely},
		{name: "accept and an X", scan: newScan(shows(choice(accept, control("close", "button", 20, 8)))), want: audit.Violation, subjects: theBanner},
		{name: "an X that refuses", scan: newScan(shows(choice(accept, control("close", "button", 20, 8)))), profile: audit.Profile{CloseRefuses: true}, want: audit.Pass},
		{name: "both", scan: newScan(shows(choice(accept, reject))), want: audit.Pass},
		{name: "a notice", scan: newScan(shows(notice)), want: audit.NotApplicable},
		{name: "no banner", scan: newScan(shows(&evidence.Banner{})), want: audit.NotApplicable},
		{name: "could not be looked for", scan: newScan(shows(nil)), want: audit.Inconclusive},
	})
	more := choice(accept, control("settings", "button", 100, 8))
	more.ClicksReject = ptr(2)
	unknown := choice(accept, control("settings", "button", 100, 8))
	unknown.ClicksReject = nil
	judge(t, rules.BannerRejectHarder, []verdictCase{
		{name: "more clicks", scan: newScan(shows(more)), want: audit.Violation, subjects: theBanner, severity: audit.Medium, certainty: audit.Confirmed},
		{name: "a bare link", scan: newScan(shows(choice(accept, control("reject", "link", 110, 8)))), want: audit.Violation, subjects: theBanner, certainty: audit.Likely},
		{name: "much smaller", scan: newScan(shows(choice(accept, control("reject", "button", 60, 8)))), want: audit.Violation, subjects: theBanner, says: []string{"50 %"}},
		{name: "smaller for its label", scan: newScan(shows(choice(sized("Accept all cookies", 190, 40, 16), sized("Reject", 90, 40, 16)))), want: audit.Pass},
		{name: "smaller beside a stretched one", scan: newScan(shows(choice(sized("Accept all", 400, 40, 16), sized("Reject", 90, 40, 16)))), want: audit.Violation, subjects: theBanner, says: []string{"22 %"}},
		{name: "smaller letters", scan: newScan(shows(choice(sized("Accept all cookies", 190, 40, 16), sized("Reject", 90, 40, 12)))), want: audit.Violation, subjects: theBanner},
		{name: "pale", scan: newScan(shows(choice(accept, control("reject", "button", 110, 2)))), want: audit.Violation, subjects: theBanner, certainty: audit.Possible},
		{name: "alike", scan: newScan(shows(choice(accept, reject))), want: audit.Pass},
		{name: "both pale", scan: newScan(shows(choice(control("accept", "button", 120, 3), control("reject", "button", 110, 2)))), want: audit.Pass},
		{name: "the way is not known", scan: newScan(shows(unknown)), want: audit.Inconclusive},
		{name: "a notice", scan: newScan(shows(notice)), want: audit.NotApplicable},
		{name: "no banner", scan: newScan(shows(&evidence.Banner{})), want: audit.NotApplicable},
	})
	ticked := choice(accept, reject)
	ticked.PreTicked = []string{"Statistics"}
	judge(t, rules.BannerPreticked, []verdictCase{
		{name: "ticked", scan: newScan(shows(ticked)), want: audit.Violation, subjects: theBanner, severity: audit.High, says: []string{`"Statistics"`}},
		{name: "off", scan: newScan(shows(choice(accept, reject))), want: audit.Pass},
		{name: "no banner", scan: newScan(shows(&evidence.Banner{})), want: audit.NotApplicable},
		{name: "could not be looked for", scan: newScan(shows(nil)), want: audit.Inconclusive},
	})
	tried := func(scroll, navigation *bool) *evidence.Banner {
		b := choice(accept, reject)
		b.ScrollGrants, b.NavigationGrants, b.GrantProof = scroll, navigation, "the record reads as granted"
		return b
	}
	judge(t, rules.BannerImpliedConsent, []verdictCase{
		{name: "scrolling grants", scan: newScan(shows(tried(ptr(true), nil))), want: audit.Violation, subjects: theBanner, severity: audit.High, says: []string{"only scrolled"}},
		{name: "going on grants", scan: newScan(shows(tried(ptr(false), ptr(true)))), want: audit.Violation, subjects: theBanner, says: []string{"another page"}},
		{name: "neither", scan: newScan(shows(tried(ptr(false), ptr(false)))), want: audit.Pass},
		{name: "not tried", scan: newScan(shows(tried(ptr(false), nil))), want: audit.Inconclusive},
		{name: "no banner", scan: newScan(shows(&evidence.Banner{})), want: audit.NotApplicable},
	})
}

// Closing a banner is no answer: what it sets off is told from what was there all
// the time, and from what was not tried.
func TestClosedBanner(t *testing.T) {
	t.Parallel()
	closable := func(grants *bool) func(*evidence.Scan) {
		b := choice(control("accept", "button", 120, 8), control("reject", "button", 110, 8), control("close", "button", 20, 8))
		b.ScrollGrants, b.NavigationGrants, b.CloseGrants = ptr(false), ptr(false), grants
		return shows(b)
	}
	closes := func(r evidence.ConsentResult, signals ...evidence.Signal) func(*evidence.Scan) {
		return func(s *evidence.Scan) {
			v := visit(evidence.Close, r)
			v.Consent.AtMS, v.Consent.Proof, v.Signals = 500, "cookie choice reads as granted", signals
			s.Visits = append(s.Visits, v)
		}
	}
	// after is a cookie that the visit which closes the banner wrote, and others.
	after := func(name, domain string, also ...evidence.Phase) func(*evidence.Scan) {
		k := cookie(name, domain, lasting, only(also...))
		k.Phases = append(also[:len(also):len(also)], evidence.Close)
		k.Writes = append(k.Writes, evidence.Write{Phase: evidence.Close, AtMS: 900, AfterAnswer: true, Mechanism: evidence.HTTP, Host: domain, Value: k.Value})
		return with(k)
	}
	update := evidence.Signal{Kind: evidence.SignalConsentMode, AfterAnswer: true, ConsentMode: &evidence.ConsentMode{Command: "update", States: map[string]string{"ad_storage": "granted"}}}
	closed := closes(evidence.Closed)
	judge(t, rules.BannerImpliedConsent, []verdictCase{
		{name: "a record that grants", scan: newScan(closable(ptr(true)), closed), want: audit.Violation, subjects: theBanner, severity: audit.High, certainty: audit.Likely, says: []string{"only closed the banner"}},
		{name: "an interface that grants", scan: newScan(closable(ptr(true)), closes(evidence.Closed, update)), want: audit.Violation, subjects: theBanner, certainty: audit.Confirmed},
		{name: "a tracker that begins", scan: newScan(closable(ptr(false)), closed, after("id", "adlane.test")), want: audit.Violation, subjects: theBanner, certainty: audit.Likely, says: []string{`"id"`}},
		{name: "a record and a tracker", scan: newScan(closable(ptr(true)), closed, after("id", "adlane.test", evidence.Accept)), want: audit.Violation, subjects: theBanner, certainty: audit.Confirmed},
		{name: "a tracker that was there before", scan: newScan(closable(ptr(false)), closed, after("id", "adlane.test", evidence.Before)), want: audit.Pass},
		{name: "a tracker after acceptance only", scan: newScan(closable(ptr(false)), closed, with(cookie("id", "adlane.test", lasting, only(evidence.Accept)))), want: audit.Pass},
		{name: "something unknown", scan: newScan(closable(ptr(false)), closed, after("seen", "mill.test")), want: audit.Pass},
		{name: "nothing happens", scan: newScan(closable(ptr(false)), closed), want: audit.Pass},
		{name: "nothing is known of before", scan: newScan(closable(ptr(false)), closed, after("id", "adlane.test"), outcome(evidence.Before, evidence.Partial)), want: audit.Inconclusive},
		{name: "the state could not be read", scan: newScan(closable(nil), closed), want: audit.Inconclusive},
		{name: "it did not close", scan: newScan(closable(nil), closes(evidence.Failed)), want: audit.Inconclusive, says: []string{"could not be closed"}},
		{name: "it did not come again", scan: newScan(closable(nil), closes(evidence.NoBanner)), want: audit.Inconclusive},
		{name: "the X does something else", scan: newScan(closable(nil), closes(evidence.NoCloseOffered)), want: audit.Pass},
		{name: "not asked for", scan: newScan(closable(nil)), want: audit.Inconclusive, says: []string{"phase close"}},
	})
}

func TestWithdrawalNotReachable(t *testing.T) {
	t.Parallel()
	way := func(r *evidence.Reopening) func(*evidence.Scan) {
		return changed(evidence.Withdraw, func(v *evidence.Visit) { v.Reopening = r })
	}
	judge(t, rules.WithdrawalNotReachable, []verdictCase{
		{name: "nothing leads back", scan: newScan(everyPhase, way(&evidence.Reopening{Why: "no control"})), want: audit.Violation, subjects: theBanner, severity: audit.Medium},
		{name: "only a script does", scan: newScan(everyPhase, way(&evidence.Reopening{By: "api", Label: "show"})), want: audit.Violation, subjects: theBanner, says: []string{"interface for scripts"}},
		{name: "a long way", scan: newScan(everyPhase, way(&evidence.Reopening{Reached: true, Clicks: 4})), want: audit.Violation, subjects: theBanner},
		{name: "one click more", scan: newScan(everyPhase, way(&evidence.Reopening{Reached: true, Clicks: 2})), want: audit.Pass},
		{name: "not tried", scan: newScan(everyPhase, way(nil)), want: audit.Inconclusive},
		{name: "no such phase", scan: newScan(), want: audit.Inconclusive},
		{name: "no banner", scan: newScan(everyPhase, answeredBy(evidence.Withdraw, evidence.NoBanner)), want: audit.NotApplicable},
	})
}

package rules_test

import (
	"testing"

	"cookieaudit/audit"
	"cookieaudit/audit/rules"
	"cookieaudit/crawler/evidence"
)

func ptr[T any](v T) *T { return &v }

// changed changes the visit of a phase.
func changed(p evidence.Phase, change func(*evidence.Visit)) func(*evidence.Scan) {
	return func(s *evidence.Scan) { change(s.Visit(p)) }
}

func answeredBy(p evidence.Phase, r evidence.ConsentResult) func(*evidence.Scan) {
	return changed(p, func(v *evidence.Visit) { v.Consent.Result, v.Consent.Why = r, "the button did not react" })
}

func signal(p evidence.Phase, sig evidence.Signal) func(*evidence.Scan) {
	sig.AfterAnswer = p != evidence.Before
	return changed(p, func(v *evidence.Visit) { v.Signals = append(v.Signals, sig) })
}

var theBanner = subject(audit.SubjectBanner, "", "mill.test")

func TestPostWithdraw(t *testing.T) {
	t.Parallel()
	after := with(cookie("id", "kite.test", lasting, inPhase(evidence.Withdraw), answered(4000)))
	residue := func(change ...func(*evidence.Cookie)) func(*evidence.Scan) {
		return with(cookie("_ga", "mill.test", lasting, append([]func(*evidence.Cookie){inPhase(evidence.Withdraw)}, change...)...))
	}
	deleted := func(k *evidence.Cookie) {
		k.Writes = append(k.Writes, evidence.Write{Phase: evidence.Withdraw, AfterAnswer: true, Deletes: true})
	}
	judge(t, rules.PostWithdrawTracker, []verdictCase{
		{name: "written after the withdrawal", scan: newScan(everyPhase, after), want: audit.Violation, subjects: cookies("id", "kite.test"), severity: audit.Critical, certainty: audit.Confirmed},
		{
			name: "not verified", scan: newScan(everyPhase, after, answeredBy(evidence.Withdraw, evidence.Clicked)), want: audit.Violation, subjects: cookies("id", "kite.test"),
			severity: audit.High, certainty: audit.Possible,
		},
		{name: "written before", scan: newScan(everyPhase, with(cookie("id", "kite.test", lasting, inPhase(evidence.Withdraw)))), want: audit.Pass},
		{name: "could not be withdrawn", scan: newScan(everyPhase, answeredBy(evidence.Withdraw, evidence.Failed)), want: audit.Inconclusive},
		{name: "not tried", scan: newScan(after), want: audit.Inconclusive},
		{name: "nothing leads back", scan: newScan(everyPhase, answeredBy(evidence.Withdraw, evidence.NotReachable)), want: audit.NotApplicable},
	})
	judge(t, rules.PostWithdrawResidue, []verdictCase{
		{name: "left behind", scan: newScan(everyPhase, residue()), want: audit.Violation, subjects: cookies("_ga", "mill.test"), severity: audit.Medium, certainty: audit.Likely},
		{name: "deleted", scan: newScan(everyPhase, residue(deleted)), want: audit.Pass},
		{name: "a third party's", scan: newScan(everyPhase, with(cookie("id", "kite.test", lasting, inPhase(evidence.Withdraw)))), want: audit.Pass},
		{name: "not tried", scan: newScan(residue()), want: audit.Inconclusive},
		{name: "no banner", scan: newScan(everyPhase, answeredBy(evidence.Withdraw, evidence.NoBanner)), want: audit.NotApplicable},
	})
}

// inPhase moves a cookie's writes to one phase.
func inPhase(p evidence.Phase) func(*evidence.Cookie) {
	return func(k *evidence.Cookie) {
		k.Writes, k.Phases = k.Writes[:1], []evidence.Phase{p}
		k.Writes[0].Phase = p
	}
}

func TestConsentRecords(t *testing.T) {
	t.Parallel()
	clicked := asked(map[evidence.Phase]evidence.ConsentResult{evidence.Reject: evidence.Clicked, evidence.Accept: evidence.Clicked})
	back := func(banner *bool) func(*evidence.Scan) {
		return changed(evidence.Return, func(v *evidence.Visit) { v.Returned.Banner = banner })
	}
	none := asked(map[evidence.Phase]evidence.ConsentResult{evidence.Reject: evidence.NoBanner, evidence.Accept: evidence.NoBanner})
	judge(t, rules.ConsentRecordMissing, []verdictCase{
		{name: "nothing kept, asked again", scan: newScan(everyPhase, clicked, back(ptr(true))), want: audit.Violation, subjects: theBanner, severity: audit.Medium},
		{name: "the site remembers", scan: newScan(everyPhase, clicked), want: audit.Pass},
		{name: "a record was read", scan: newScan(everyPhase, clicked, back(ptr(true)), signal(evidence.Reject, evidence.Signal{Kind: evidence.SignalRecord, Reads: "refused"})), want: audit.Pass},
		{name: "verified", scan: newScan(everyPhase, back(ptr(true))), want: audit.Pass},
		{name: "the second visit failed", scan: newScan(everyPhase, clicked, back(nil)), want: audit.Inconclusive},
		{name: "no second visit", scan: newScan(clicked), want: audit.Inconclusive},
		{name: "no banner", scan: newScan(everyPhase, none), want: audit.NotApplicable},
	})
	judge(t, rules.ConsentNotPersisted, []verdictCase{
		{name: "asked again", scan: newScan(everyPhase, back(ptr(true))), want: audit.Violation, subjects: theBanner, severity: audit.Medium, certainty: audit.Confirmed},
		{name: "stays away", scan: newScan(everyPhase), want: audit.Pass},
		{name: "not seen", scan: newScan(everyPhase, back(nil)), want: audit.Inconclusive},
		{name: "the refusal failed", scan: newScan(everyPhase, answeredBy(evidence.Return, evidence.Failed)), want: audit.Inconclusive},
		{name: "no banner", scan: newScan(everyPhase, answeredBy(evidence.Return, evidence.NoBanner)), want: audit.NotApplicable},
	})
	record := func(seconds int64, change ...func(*evidence.Cookie)) func(*evidence.Scan) {
		return with(cookie("cookieconsent_status", "mill.test", seconds, change...))
	}
	spain := audit.Profile{Limits: audit.Limits{Choice: 730}}
	judge(t, rules.ConsentLifetimeExcessive, []verdictCase{
		{name: "longer than valid", scan: newScan(record(1000 * days)), profile: spain, want: audit.Violation, subjects: cookies("cookieconsent_status", "mill.test"), severity: audit.Medium},
		{name: "as long as valid", scan: newScan(record(731 * days)), profile: spain, want: audit.Pass},
		{name: "cut short", scan: newScan(outcome(evidence.Accept, evidence.Partial)), profile: spain, want: audit.Inconclusive},
		{name: "no limit", scan: newScan(record(1000 * days)), want: audit.NotApplicable},
	})
	lives := func(reject, accept *int64) func(*evidence.Cookie) {
		return func(k *evidence.Cookie) {
			for i := range k.Writes {
				w := &k.Writes[i]
				w.AfterAnswer = w.Phase != evidence.Before
				w.Requested = accept
				if w.Phase == evidence.Reject {
					w.Requested = reject
				}
			}
		}
	}
	judge(t, rules.ConsentAsymmetricLifetime, []verdictCase{
		{
			name: "a refusal for the session", scan: newScan(record(lasting, lives(nil, ptr(int64(lasting))))), want: audit.Violation,
			subjects: cookies("cookieconsent_status", "mill.test"), says: []string{"a refusal for the session", "a consent for 365 days"},
		},
		{name: "the same", scan: newScan(record(lasting, lives(ptr(int64(lasting)), ptr(int64(lasting))))), want: audit.Pass},
		{name: "never compared", scan: newScan(), want: audit.NotApplicable},
		{name: "not looked at", scan: newScan(outcome(evidence.Reject, evidence.Unavailable)), want: audit.Inconclusive},
	})
}

func TestSignals(t *testing.T) {
	t.Parallel()
	tcf := func(purposes ...int) evidence.Signal {
		return evidence.Signal{Kind: evidence.SignalTCF, Source: evidence.FromAPI, Name: "__tcfapi", TCF: &evidence.TCF{PurposeConsents: purposes}}
	}
	notHere := tcf(1)
	notHere.TCF.Applies = ptr(false)
	fromCookie := tcf(1)
	fromCookie.Source = evidence.FromCookie
	manager := evidence.Signal{Kind: evidence.SignalManager, Source: evidence.FromAPI, Name: "manager", Reads: "granted"}
	judge(t, rules.ConsentBeforeAction, []verdictCase{
		{name: "the TC string grants", scan: newScan(signal(evidence.Before, tcf(1, 3))), want: audit.Violation, subjects: theBanner, severity: audit.Critical, certainty: audit.Confirmed},
		{name: "a stored TC string", scan: newScan(signal(evidence.Before, fromCookie)), want: audit.Violation, subjects: theBanner, certainty: audit.Likely},
		{name: "the manager grants", scan: newScan(signal(evidence.Before, manager)), want: audit.Violation, subjects: theBanner},
		{name: "no purpose granted", scan: newScan(signal(evidence.Before, tcf())), want: audit.Pass},
		{name: "the GDPR does not apply", scan: newScan(signal(evidence.Before, notHere)), want: audit.Pass},
		{name: "granted after accepting", scan: newScan(signal(evidence.Before, tcf()), signal(evidence.Accept, tcf(1))), want: audit.Pass},
		{name: "states nothing", scan: newScan(), want: audit.NotApplicable},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
	late := with(cookie("id", "adlane.test", lasting, only(evidence.Reject), answered(4000)))
	judge(t, rules.TCFSignalMismatch, []verdictCase{
		{name: "denied, and written", scan: newScan(signal(evidence.Reject, tcf()), late), want: audit.Violation, subjects: theBanner, severity: audit.High},
		{name: "denied, and not written", scan: newScan(signal(evidence.Reject, tcf())), want: audit.Pass},
		{name: "not denied", scan: newScan(signal(evidence.Reject, tcf(1)), late), want: audit.NotApplicable},
		{name: "no TC string", scan: newScan(late), want: audit.NotApplicable},
		{name: "not looked at", scan: newScan(outcome(evidence.Reject, evidence.Unavailable)), want: audit.Inconclusive},
	})
	mode := func(command, state string, regions ...string) evidence.Signal {
		return evidence.Signal{Kind: evidence.SignalConsentMode, Source: evidence.FromDataLayer, Name: "gtag", AtMS: 10, ConsentMode: &evidence.ConsentMode{
			Command: command, States: map[string]string{"analytics_storage": state}, Regions: regions,
		}}
	}
	ga := with(cookie("_ga", "mill.test", lasting, only(evidence.Before)))
	about := subject(audit.SubjectSite, "analytics_storage", "mill.test")
	judge(t, rules.ConsentModeMismatch, []verdictCase{
		{name: "granted at once", scan: newScan(signal(evidence.Before, mode("default", "granted"))), want: audit.Violation, subjects: about, severity: audit.High},
		{name: "denied, and written", scan: newScan(signal(evidence.Before, mode("default", "denied")), ga), want: audit.Violation, subjects: about, says: []string{`"_ga"`}},
		{name: "denied, and not written", scan: newScan(signal(evidence.Before, mode("default", "denied"))), want: audit.Pass},
		{name: "denied, and another's statistics written", scan: newScan(signal(evidence.Before, mode("default", "denied")), with(cookie("id", "kite.test", lasting))), want: audit.Pass},
		{name: "granted elsewhere", scan: newScan(signal(evidence.Before, mode("default", "granted", "US"))), want: audit.Pass},
		{name: "granted after accepting", scan: newScan(signal(evidence.Before, mode("default", "denied")), signal(evidence.Accept, mode("update", "granted"))), want: audit.Pass},
		{name: "no consent mode", scan: newScan(ga), want: audit.NotApplicable},
		{name: "not looked at", scan: newScan(outcome(evidence.Before, evidence.Unavailable)), want: audit.Inconclusive},
	})
	ads := with(cookie("id", "adlane.test", lasting))
	inGPC := with(cookie("id", "adlane.test", lasting, func(k *evidence.Cookie) {
		k.Writes = append(k.Writes, k.Writes[0])
		k.Writes[3].Phase = evidence.GPC
		k.Phases = append(k.Phases, evidence.GPC)
	}))
	optedOut := evidence.Signal{Kind: evidence.SignalUSPrivacy, USPrivacy: &evidence.USPrivacy{OptedOut: "Y"}}
	judge(t, rules.GPCIgnored, []verdictCase{
		{name: "changes nothing", scan: newScan(everyPhase, inGPC), want: audit.Violation, subjects: subject(audit.SubjectSite, "", "mill.test"), severity: audit.High, certainty: audit.Likely},
		{name: "stops the advertising", scan: newScan(everyPhase, ads), want: audit.Pass},
		{name: "the site says that the visitor opted out", scan: newScan(everyPhase, inGPC, signal(evidence.GPC, optedOut)), want: audit.Pass},
		{name: "no advertising", scan: newScan(everyPhase), want: audit.NotApplicable},
		{name: "not sent", scan: newScan(inGPC), want: audit.Inconclusive},
	})
}

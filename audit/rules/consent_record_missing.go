package rules

import (
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// ConsentRecordMissing: who relies on consent must be able to show it.
var ConsentRecordMissing = audit.Rule{
	ID:        "CONSENT_RECORD_MISSING",
	Title:     "Choice leaves no record",
	Severity:  audit.Medium,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Reject, evidence.Accept, evidence.Return},
	Condition: "The banner was answered, nothing that the browser keeps reads as the choice, and the banner is back on the next visit.",
	Control: "A record on the server leaves nothing in the browser: where the banner stays away on the second visit, the site does remember. An " +
		"answer whose effect was verified left a record.",
	Remediation: "Store what the visitor chose, with its date.",
	Cites:       []law.Citation{law.GDPR7_1, law.ProveConsent},
	Check:       checkConsentRecordMissing,
}

func checkConsentRecordMissing(c *audit.Case) audit.Result {
	var why []string
	var exhibits []audit.Exhibit
	for _, p := range []evidence.Phase{evidence.Reject, evidence.Accept} {
		v := c.Scan.Visit(p)
		switch v.Consent.Result {
		case evidence.Verified:
			return audit.Result{} // its state was read
		case evidence.Clicked:
			for i := range v.Signals {
				if v.Signals[i].AfterAnswer && v.Signals[i].Error == "" && !v.Signals[i].Gone {
					return audit.Result{}
				}
			}
			ans := answer{phase: p, consent: v.Consent, noun: "answer"}
			exhibits = append(exhibits, ans.exhibit())
		case evidence.NoBanner, evidence.NoRejectOffered:
		default:
			why = append(why, "the answer in phase "+string(p)+" could not be given: "+v.Consent.Why)
		}
	}
	back := c.Scan.Visit(evidence.Return).Returned
	switch {
	case len(exhibits) == 0 && len(why) > 0:
		return audit.Result{Inconclusive: strings.Join(why, "; ")}
	case len(exhibits) == 0:
		return audit.Result{NotApplicable: "there was nothing to answer"}
	case back == nil || back.Banner == nil:
		return audit.Result{Inconclusive: "no record was seen, and whether the banner comes back was not looked at"}
	case !*back.Banner:
		return audit.Result{} // the site remembers, where the browser does not show it
	}
	return audit.Result{Violations: []audit.Finding{{
		Subject:  audit.Subject{Kind: audit.SubjectBanner, Domain: c.Scan.Site.Domain},
		Message:  "The banner was answered, but nothing in the browser reads as the choice, and the banner came back on the next visit.",
		Evidence: exhibits,
	}}}
}

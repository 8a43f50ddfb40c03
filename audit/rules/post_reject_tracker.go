package rules

import (
	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PostRejectTracker: a refusal that changes nothing is no choice.
var PostRejectTracker = audit.Rule{
	ID:        "POST_REJECT_TRACKER",
	Title:     "Tracking goes on after a refusal",
	Severity:  audit.Critical,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Reject},
	Condition: "After the visitor has refused, a cookie or web storage for analytics or advertising is written, or a host that serves only these is asked.",
	Control: "Only what happens after the refusal counts, not what is left over from before; web storage counts where the write was seen and it stayed. A refusal whose effect could not be verified " +
		"lowers the severity by one and makes the finding possible. A response within a second of the click may have been on its way: likely. " +
		"A request that carried no cookie is likely too. " + ownWords + " Delivery networks, fonts, tag managers and the consent manager do not count.",
	Remediation: "Make the tag obey the refusal: stop it in the consent manager or tag manager and test it with the refusal stored.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.GDPR7, law.TechnicalScopeTracking},
	Check: func(c *audit.Case) audit.Result {
		switch v := c.Scan.Visit(evidence.Reject); v.Consent.Result {
		case evidence.NoBanner:
			return audit.Result{NotApplicable: "there was no banner to refuse in"}
		case evidence.NoRejectOffered:
			return audit.Result{NotApplicable: "the banner offered no refusal"}
		case evidence.Clicked, evidence.Verified:
			return trackersAfter(c, &answer{phase: evidence.Reject, consent: v.Consent, noun: "refusal", done: "had refused"})
		default:
			return audit.Result{Inconclusive: "the refusal could not be given: " + v.Consent.Why}
		}
	},
}

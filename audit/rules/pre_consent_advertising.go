package rules

import (
	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PreConsentAdvertising: advertising and social cookies always need consent.
var PreConsentAdvertising = audit.Rule{
	ID:        "PRE_CONSENT_ADVERTISING",
	Title:     "Advertising cookie stored before consent",
	Severity:  audit.Critical,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "A cookie for advertising or for a social network is stored while the visitor has not yet answered the banner.",
	Control: "A name counts only on a domain, or from a setter, on which that cookie is known. A purpose that is held " +
		"with less than 0.7 confidence lowers the severity by one, one below 0.4 does not count. " + ownWords + " Cookies that the browser refused do not count.",
	Remediation: "Load the tag only after the visitor has opted in to advertising: block it in the consent manager or the tag manager until then.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.GDPR4_11, law.GDPR6_1a, law.Exemptions},
	Check: func(c *audit.Case) audit.Result {
		return storedBeforeAnswer(c, evidence.Marketing, audit.Critical)
	},
}

package rules

import (
	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PreConsentAnalytics: the directive knows no exemption for audience
// measurement; some member states do, under conditions.
var PreConsentAnalytics = audit.Rule{
	ID:        "PRE_CONSENT_ANALYTICS",
	Title:     "Analytics cookie stored before consent",
	Severity:  audit.High,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "A cookie for statistics, session replay or other analytics is stored while the visitor has not yet answered the banner.",
	Control: "Some national laws exempt audience measurement under conditions (no other use, no combining, information, a way to object): " +
		"check them before acting on this. A purpose that is held with less than 0.7 confidence lowers the severity by one, one below 0.4 " +
		"does not count. " + ownWords + " Cookies that the browser refused do not count.",
	Remediation: "Load the statistics only after the visitor has agreed, or run them without storing anything on the device, or meet and " +
		"document the conditions of a national exemption.",
	Cites: []law.Citation{law.EPrivacy5_3, law.Exemptions, law.AudienceMeasurement},
	Check: func(c *audit.Case) audit.Result {
		return storedBeforeAnswer(c, evidence.Analytics, audit.High)
	},
}

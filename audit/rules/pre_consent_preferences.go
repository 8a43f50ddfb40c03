package rules

import (
	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PreConsentPreferences: what merely makes a site more comfortable is exempt
// only where the visitor asked for it.
var PreConsentPreferences = audit.Rule{
	ID:        "PRE_CONSENT_PREFERENCES",
	Title:     "Cookie for comfort stored before consent",
	Severity:  audit.Medium,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "A cookie that is neither exempt nor for statistics or advertising (a chat, a player, personalisation) is stored while the visitor " +
		"has not yet answered the banner.",
	Control: "Choices of the visitor about language or appearance, records of consent, sessions and protection are exempt and do not count. " +
		"Only purposes held with at least 0.7 confidence count.",
	Remediation: "Set the cookie when the visitor uses what it is for, or after consent.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.Exemptions, law.TaskforcePreferences},
	Check: func(c *audit.Case) audit.Result {
		res := storedBeforeAnswer(c, evidence.Functional, audit.Medium)
		var sure []audit.Finding
		for _, f := range res.Violations {
			// A possible purpose that would at worst be comfort is no finding.
			if f.Certainty != audit.Possible || f.Severity == audit.Info {
				sure = append(sure, f)
			}
		}
		return audit.Result{Violations: sure}
	},
}

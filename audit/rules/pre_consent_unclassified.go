package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PreConsentUnclassified: who cannot say what an identifier is for cannot claim
// that it needs no consent.
var PreConsentUnclassified = audit.Rule{
	ID:        "PRE_CONSENT_UNCLASSIFIED",
	Title:     "Identifier of unknown purpose stored before consent",
	Severity:  audit.Medium,
	Certainty: audit.Possible,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "A cookie of unknown purpose, whose value holds a part that differs between fresh visits and stays the same through one, is stored " +
		"beyond the session, or for a third party, before the visitor has answered.",
	Control: "Sessions, load balancers and bot defence are known by name. The site's own cookies that end with the session do not count, nor do " +
		"values without a part of at least eight characters beside dates and times. Two visits must have stored it.",
	Remediation: "Find out what the cookie is for and document it; if it is not strictly necessary, set it after consent.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.GDPR5_2},
	Check:       checkPreConsentUnclassified,
}

func checkPreConsentUnclassified(c *audit.Case) audit.Result {
	var found collection
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		p, _ := admitted(c, i)
		if p.Category != evidence.UnknownCategory || !storedIn(k, evidence.Before) || len(k.Identifiers()) == 0 {
			continue
		}
		if k.Party == evidence.First && asked(k) <= day {
			continue
		}
		found.add(audit.Finding{
			Subject: cookieSubject(k),
			Message: fmt.Sprintf("%q of unknown purpose was stored on %s before the visitor had answered, to be kept %s, with a value that tells visitors apart.",
				k.Name, k.Domain, lifetime(k)),
			Evidence: []audit.Exhibit{storedExhibit(k, evidence.Before), basisExhibit(p)},
		})
	}
	return audit.Result{Violations: found.list}
}

package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// ConsentLifetimeExcessive: a choice is not for ever.
var ConsentLifetimeExcessive = audit.Rule{
	ID:        "CONSENT_LIFETIME_EXCESSIVE",
	Title:     "Choice kept longer than it is valid",
	Severity:  audit.Medium,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "The cookie that records the visitor's choice lives longer than the profile's authority lets a choice hold.",
	Control: "Profiles without such a number skip this. The record's own date may ask again sooner than the cookie ends, so this is likely, not " +
		"confirmed.",
	Remediation: "Shorten the record's lifetime to the recommended validity and ask again after it.",
	Cites:       []law.Citation{law.AEPD, law.KeepRefusals},
	Check:       checkConsentLifetime,
}

func checkConsentLifetime(c *audit.Case) audit.Result {
	limit := c.Profile.Limits.Choice
	if limit == 0 {
		return audit.Result{NotApplicable: "the profile names no longest validity of a choice"}
	}
	var found collection
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		// A day more is a leap year or a rounding.
		if !recordsChoice(p) || !stored(k) || asked(k) <= (limit+1)*day {
			continue
		}
		found.add(audit.Finding{
			Subject:  cookieSubject(k),
			Message:  fmt.Sprintf("%q on %s records the visitor's choice for %s; here it is valid for %s.", k.Name, k.Domain, span(asked(k)), span(limit*day)),
			Evidence: append(longestExhibit(k), basisExhibit(p)),
		})
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

func recordsChoice(p audit.Purpose) bool { return p.Class == "consent" && p.Sure() >= 0.7 }

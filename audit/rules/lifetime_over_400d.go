package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// LifetimeOver400Days: browsers cut it, which does not make it necessary.
var LifetimeOver400Days = audit.Rule{
	ID:          "LIFETIME_OVER_400D",
	Title:       "Cookie asks for more than 400 days",
	Severity:    audit.Low,
	Certainty:   audit.Confirmed,
	Needs:       []evidence.Phase{evidence.Before},
	Condition:   "A cookie asks to be kept for more than the 400 days that browsers grant.",
	Control:     "What the write asks for counts, not what the jar shows. A day more is a leap year.",
	Remediation: "Shorten the lifetime to what the purpose needs.",
	Cites:       []law.Citation{law.LifetimeCap, law.GDPR5_1e},
	Check: func(c *audit.Case) audit.Result {
		var found collection
		for i := range c.Scan.Cookies {
			k := &c.Scan.Cookies[i]
			if !stored(k) || asked(k) <= 401*day {
				continue
			}
			found.add(audit.Finding{
				Subject:  cookieSubject(k),
				Message:  fmt.Sprintf("%q on %s asks to be kept for %s; browsers grant 400 days.", k.Name, k.Domain, span(asked(k))),
				Evidence: longestExhibit(k),
			})
		}
		if len(found.list) > 0 {
			return audit.Result{Violations: found.list}
		}
		return passUnless(c.Scan)
	},
}

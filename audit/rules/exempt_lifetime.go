package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// ExemptLifetimeDisproportionate: what is exempt for a purpose is exempt for
// as long as the purpose lasts.
var ExemptLifetimeDisproportionate = audit.Rule{
	ID:        "EXEMPT_LIFETIME_DISPROPORTIONATE",
	Title:     "Exempt cookie far outlives its purpose",
	Severity:  audit.Low,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "An exempt cookie lives far longer than its purpose needs: load balancing beyond a week, a session beyond a month, a basket beyond " +
		"half a year, protection or a choice about the interface beyond 400 days.",
	Control: "Log-ins do not count (\"remember me\"), nor do records of the choice about cookies, which have a rule of their own. A week leaves room " +
		"for the balancers of large hosting companies, whose lifetime a site cannot set. Only purposes held with at least 0.7 confidence count.",
	Remediation: "Shorten the lifetime to what the purpose needs.",
	Cites:       []law.Citation{law.Exemptions, law.GDPR5_1e},
	Check:       checkExemptLifetime,
}

// enough is how many days a class may last; 0 where there is no limit.
func enough(class string) int64 {
	switch class {
	case "load balancing":
		return 7
	case "session", "user input", "media session":
		return 31
	case "shopping basket":
		return 183
	case "security", "payment security", "interface":
		return 400
	}
	return 0
}

func checkExemptLifetime(c *audit.Case) audit.Result {
	var found collection
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		limit := enough(p.Class)
		if !p.Exempt || p.Sure() < 0.7 || limit == 0 || !stored(k) || asked(k) <= (limit+1)*day {
			continue
		}
		found.add(audit.Finding{
			Subject:  cookieSubject(k),
			Message:  fmt.Sprintf("%q on %s serves %s and is kept for %s.", k.Name, k.Domain, p.Class, span(asked(k))),
			Evidence: append(longestExhibit(k), basisExhibit(p)),
		})
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

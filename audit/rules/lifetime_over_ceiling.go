package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// LifetimeOverCeiling: an exemption for audience measurement has a price.
var LifetimeOverCeiling = audit.Rule{
	ID:        "LIFETIME_OVER_CEILING",
	Title:     "Statistics cookie lives longer than its exemption allows",
	Severity:  audit.Medium,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "A cookie of the site's own domain for audience measurement, stored before consent, lives longer than the profile's limit for exempt " +
		"statistics.",
	Control: "Profiles without such a limit skip this. A cookie that is stored only after consent has no limit here: the exemption is not " +
		"claimed for it.",
	Remediation: "Shorten the cookie's lifetime, and do not renew it on every visit; or ask for consent.",
	Cites:       []law.Citation{law.AudienceMeasurement},
	Check:       checkCeiling,
}

func checkCeiling(c *audit.Case) audit.Result {
	limit := c.Profile.Limits.StatisticsCookie
	if limit == 0 {
		return audit.Result{NotApplicable: "the profile names no longest lifetime"}
	}
	var found collection
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		if p.Category != evidence.Analytics || exception(c, p, k.Party) == nil || !storedIn(k, evidence.Before) || asked(k) <= limit*day {
			continue
		}
		f := audit.Finding{
			Subject:  cookieSubject(k),
			Message:  fmt.Sprintf("%q (%s) is stored without consent on %s for %s; exempt statistics may last %s.", k.Name, purposeWords(p), k.Domain, span(asked(k)), span(limit*day)),
			Evidence: append(longestExhibit(k), basisExhibit(p)),
		}
		f.Severity, f.Certainty = banded(p, audit.Medium)
		f.Certainty = weaker(f.Certainty, audit.Likely)
		found.add(f)
	}
	return audit.Result{Violations: found.list}
}

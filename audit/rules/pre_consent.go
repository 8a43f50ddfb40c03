package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// storedBeforeAnswer finds cookies of a category that the phase before any
// answer stored. The phase never answers, so every write of it counts.
func storedBeforeAnswer(c *audit.Case, category evidence.Category, severity audit.Severity) audit.Result {
	var found collection
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		// Below 0.4 the category is unknown, so it cannot be this one.
		if p.Category != category || p.Exempt || !storedIn(k, evidence.Before) {
			continue
		}
		f := audit.Finding{Subject: cookieSubject(k)}
		f.Severity, f.Certainty = banded(p, severity)
		f.Message = fmt.Sprintf("%q (%s) was stored on %s before the visitor had answered, to be kept %s",
			k.Name, purposeWords(p), k.Domain, lifetime(k))
		if ws := writesIn(k, evidence.Before); len(ws) > 0 {
			f.Message += fmt.Sprintf("; set %s", setBy(&ws[0]))
		}
		f.Message += "."
		f.Evidence = []audit.Exhibit{storedExhibit(k, evidence.Before), basisExhibit(p)}
		found.add(f)
	}
	return audit.Result{Violations: found.list}
}

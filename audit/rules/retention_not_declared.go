package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// RetentionNotDeclared: how long cookies work is part of what visitors must be
// told.
var RetentionNotDeclared = audit.Rule{
	ID:          "RETENTION_NOT_DECLARED",
	Title:       "Policy does not say how long a cookie is kept",
	Severity:    audit.Medium,
	Certainty:   audit.Likely,
	NeedsPolicy: true,
	Condition:   "A policy names a cookie without saying how long it is kept, or with a word that is no length, such as \"persistent\".",
	Control: "Web storage and databases have no expiry, so they need no length; pixels are kept nowhere. Another row for the same name and " +
		"host that gives a length is enough. A sentence that gives all cookies one lifetime counts for each row. A text that speaks of a " +
		"length but could not be read is inconclusive.",
	Remediation: "State for each cookie how long it is kept, as a length of time or as \"session\".",
	Cites:       []law.Citation{law.Planet49DurationAndAccess, law.GDPR13_2a},
	Check:       checkRetentionNotDeclared,
}

func checkRetentionNotDeclared(c *audit.Case) audit.Result {
	if len(c.Scan.Declarations) == 0 {
		return audit.Result{NotApplicable: "the policies name no cookie"}
	}
	stated := map[audit.Subject]bool{}
	for i := range c.Scan.Declarations {
		if d := &c.Scan.Declarations[i]; d.Seconds != nil {
			stated[declarationSubject(d)] = true
		}
	}
	var found collection
	why := ""
	for i := range c.Scan.Declarations {
		d := &c.Scan.Declarations[i]
		s := declarationSubject(d)
		if stated[s] || d.Storage != evidence.KindCookie && d.Storage != "" {
			continue
		}
		if !lengthless(d.Lifetime) {
			why = fmt.Sprintf("the declared lifetime of %q, %s, could not be read as a length", d.Name, quote(d.Lifetime))
			continue
		}
		f := audit.Finding{Subject: s, Severity: audit.Medium, Certainty: audit.Likely, Evidence: []audit.Exhibit{declarationExhibit(d)}}
		if d.Lifetime == "" {
			f.Message = fmt.Sprintf("The policy does not say how long %q%s is kept.", d.Name, forHost(d))
		} else {
			f.Certainty = audit.Confirmed
			f.Message = fmt.Sprintf("The policy says of %q%s only %s, which is no length of time.", d.Name, forHost(d), quote(d.Lifetime))
		}
		found.add(f)
	}
	return audit.Result{Violations: found.list, Inconclusive: why}
}

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
		"host that gives a length is enough, and so is a sentence by which every cookie ends with the session. A text that speaks of a " +
		"length but could not be read is inconclusive.",
	Remediation: "State for each cookie how long it is kept, as a length of time or as \"session\".",
	Cites:       []law.Citation{law.Planet49DurationAndAccess, law.GDPR13_2a},
	Check:       checkRetentionNotDeclared,
}

func checkRetentionNotDeclared(c *audit.Case) audit.Result {
	if len(c.Scan.Declarations) == 0 {
		return audit.Result{NotApplicable: "the policies name no cookie"}
	}
	if claim := allEndWithSession(c.Scan); claim != nil {
		return audit.Result{NotApplicable: "the policy says of all its cookies that they end with the session: " + quote(claim.Quote)}
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

// allEndWithSession returns a claim by which every cookie of the site is a
// session cookie, without exception.
func allEndWithSession(s *evidence.Scan) *evidence.Claim {
	for i := range s.Claims {
		cl := &s.Claims[i]
		if cl.Kind == evidence.ClaimSessionOnly && cl.Scope == "page" && cl.Except == "" && len(cl.Subjects) == 0 {
			return cl
		}
	}
	return nil
}

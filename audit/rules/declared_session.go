package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// DeclaredSessionButPersistent: "session" promises that nothing stays.
var DeclaredSessionButPersistent = audit.Rule{
	ID:          "DECLARED_SESSION_BUT_PERSISTENT",
	Title:       "Declared for the session, but it stays",
	Severity:    audit.Medium,
	Certainty:   audit.Confirmed,
	Needs:       []evidence.Phase{evidence.Before},
	NeedsPolicy: true,
	Condition:   "A cookie is declared as a session cookie, but carries Max-Age or Expires, so that it outlives the browser's session.",
	Control: "Footnotes by which a policy gives \"session\" a length of its own are read, and that length is compared instead. Where another " +
		"row of the same name declares a length, that row counts.",
	Remediation: "Drop Max-Age and Expires from the cookie, or declare how long it is kept.",
	Cites:       []law.Citation{law.Planet49DurationAndAccess, law.GDPR13_2a},
	Check:       checkDeclaredSession,
}

func checkDeclaredSession(c *audit.Case) audit.Result {
	var found collection
	for i := range c.Scan.Cookies {
		k, m := &c.Scan.Cookies[i], c.Cookies[i].Match
		if m.State == audit.NotKnown {
			return audit.Result{Inconclusive: unread}
		}
		if m.State != audit.Declared || !stored(k) {
			continue
		}
		d := longest(c.Scan, m)
		if d == nil || *d.Seconds != 0 || unreadLength(c.Scan, m) != nil {
			continue
		}
		is := asked(k)
		if is <= 0 {
			continue
		}
		f := audit.Finding{
			Subject: cookieSubject(k), Severity: audit.Medium, Certainty: audit.Confirmed,
			Message: fmt.Sprintf("%q on %s: declared for the session (%s), set for %s.", k.Name, k.Domain, quote(d.Lifetime), span(is)),
		}
		if d.Unsure != "" || d.Name != k.Name && literal(d.Name) < 3 {
			f.Certainty = audit.Likely
		}
		f.Evidence = append(longestExhibit(k), declarationExhibit(d))
		found.add(f)
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

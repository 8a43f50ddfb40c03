package rules

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// DeclaredPersistentButSession: nothing is wrong with the cookie, only with the
// text.
var DeclaredPersistentButSession = audit.Rule{
	ID:          "DECLARED_PERSISTENT_BUT_SESSION",
	Title:       "Declared to stay, but ends with the session",
	Severity:    audit.Info,
	Certainty:   audit.Likely,
	Needs:       []evidence.Phase{evidence.Before},
	NeedsPolicy: true,
	Condition:   "A cookie is declared with a length, but every write that was seen asks for the session only.",
	Control: "Where another row of the same name says session, or a footnote gives \"session\" a length, nothing is wrong. A log-in may set the same cookie to stay, so this is " +
		"information only.",
	Remediation: "Declare that the cookie ends with the browser's session.",
	Cites:       []law.Citation{law.GDPR5_1d},
	Check:       checkDeclaredPersistent,
}

func checkDeclaredPersistent(c *audit.Case) audit.Result {
	var found collection
	for i := range c.Scan.Cookies {
		k, m := &c.Scan.Cookies[i], c.Cookies[i].Match
		if m.State == audit.NotKnown {
			return audit.Result{Inconclusive: unread}
		}
		if m.State != audit.Declared || !stored(k) || asked(k) > 0 || !k.Session {
			continue
		}
		var row *evidence.Declaration
		session := false
		for _, d := range sameName(c.Scan, m) {
			switch {
			case d.Seconds == nil:
			case *d.Seconds == 0, namesSession(d.Lifetime):
				session = true
			default:
				row = d
			}
		}
		if row == nil || session || row.Unsure != "" {
			continue
		}
		found.add(audit.Finding{
			Subject:  cookieSubject(k),
			Message:  fmt.Sprintf("%q on %s: declared %s, set for the session only.", k.Name, k.Domain, declaredLength(row)),
			Evidence: append(firstExhibit(k), declarationExhibit(row)),
		})
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

// namesSession reports whether a declared lifetime speaks of a session, as one
// does to which a footnote gives a length.
func namesSession(lifetime string) bool {
	lifetime = strings.ToLower(lifetime)
	return slices.ContainsFunc(sessionWords(), func(w string) bool { return strings.Contains(lifetime, w) })
}

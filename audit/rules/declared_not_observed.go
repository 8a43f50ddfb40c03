package rules

import (
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// DeclaredNotObserved: a table that lists what is gone informs nobody.
var DeclaredNotObserved = audit.Rule{
	ID:          "DECLARED_NOT_OBSERVED",
	Title:       "Declared cookie that was not seen",
	Severity:    audit.Info,
	Certainty:   audit.Possible,
	Needs:       []evidence.Phase{evidence.Before, evidence.Accept},
	NeedsPolicy: true,
	Condition:   "A policy names a cookie or storage item that no visit saw, although everything was accepted.",
	Control: "A scan sees few pages and never logs in, so this is never more than information, and it is not said at all where the banner " +
		"could not be accepted or a visit was cut short. What was seen in another kind of storage than declared counts as seen. Pixels are not cookies.",
	Remediation: "Check whether the cookie is still in use, for instance behind a log-in; if not, take it out of the policy.",
	Cites:       []law.Citation{law.GDPR5_1a},
	Check:       checkDeclaredNotObserved,
}

func checkDeclaredNotObserved(c *audit.Case) audit.Result {
	if len(c.Scan.Declarations) == 0 {
		return audit.Result{NotApplicable: "the policies name no cookie"}
	}
	var why []string
	for _, p := range []evidence.Phase{evidence.Before, evidence.Accept} {
		if v := c.Scan.Visit(p); v.Outcome != evidence.Complete {
			why = append(why, fmt.Sprintf("phase %s is %s: %s", p, v.Outcome, v.Why))
		}
	}
	if why = append(why, unaccepted(c.Scan)...); len(why) > 0 {
		return audit.Result{Inconclusive: strings.Join(why, "; ")}
	}
	seen := map[audit.Subject]bool{}
	for i := range c.Scan.Declarations {
		if c.Observed[i] {
			seen[declarationSubject(&c.Scan.Declarations[i])] = true
		}
	}
	var found collection
	for i := range c.Scan.Declarations {
		d := &c.Scan.Declarations[i]
		s := declarationSubject(d)
		if seen[s] || !canBeSeen(d) {
			continue
		}
		found.add(audit.Finding{
			Subject:  s,
			Message:  fmt.Sprintf("The policy names %q%s; none of the visits saw it.", d.Name, forHost(d)),
			Evidence: []audit.Exhibit{declarationExhibit(d)},
		})
	}
	return audit.Result{Violations: found.list}
}

// canBeSeen reports whether a declaration is of something that a scan records.
func canBeSeen(d *evidence.Declaration) bool {
	return d.Storage != evidence.KindPixel && d.Storage != evidence.KindOther && strings.Trim(d.Name, "*") != ""
}

// declarationSubject identifies a row by its name and host as declared.
func declarationSubject(d *evidence.Declaration) audit.Subject {
	return audit.Subject{Kind: audit.SubjectDeclaration, Name: d.Name, Domain: d.Host}
}

func forHost(d *evidence.Declaration) string {
	if d.Host == "" {
		return ""
	}
	return " for " + clip(d.Host)
}

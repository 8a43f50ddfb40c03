package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// UndeclaredCookie: consent to what is not named is not informed.
var UndeclaredCookie = audit.Rule{
	ID:          "UNDECLARED_COOKIE",
	Title:       "Cookie that no policy names",
	Severity:    audit.Medium,
	Certainty:   audit.Confirmed,
	Needs:       []evidence.Phase{evidence.Before},
	NeedsPolicy: true,
	Condition:   "A cookie is stored, in any phase, that none of the site's policies names, neither exactly nor by a pattern that they write.",
	Control: "Suffixes that change from visitor to visitor are read as part of a declared pattern or base name; \".example.org\" and " +
		"\"www.example.org\" are one host. Names that come close are shown, and a name that stands in a policy's text without a declaration " +
		"being read from there makes the finding possible only. High where the cookie is known to need consent, else medium; " +
		"one lower and possible where not every policy could be read. Cookies that the browser refused do not count.",
	Remediation: "Add the cookie to the policy with its purpose, provider and lifetime, or stop setting it.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.Planet49DurationAndAccess, law.GDPR13},
	Check:       checkUndeclaredCookie,
}

func checkUndeclaredCookie(c *audit.Case) audit.Result {
	var found collection
	for i := range c.Scan.Cookies {
		k, a := &c.Scan.Cookies[i], c.Cookies[i]
		if a.Match.State == audit.NotKnown {
			return audit.Result{Inconclusive: unread}
		}
		if a.Match.State != audit.Undeclared || !stored(k) {
			continue
		}
		f := audit.Finding{
			Subject: cookieSubject(k), Severity: audit.Medium, Certainty: audit.Confirmed,
			Message: fmt.Sprintf("%q (%s) is stored on %s, to be kept %s, and no policy names it.",
				k.Name, purposeWords(a.Purpose), k.Domain, lifetime(k)),
		}
		if a.Purpose.NonExempt() {
			f.Severity = audit.High
		}
		if near := a.Match.NearMisses; len(near) > 0 {
			f.Certainty = audit.Likely
			f.Message += " Close, but not the same: " + list(near) + "."
		}
		f = mentioned(c.Scan, f, k.Name)
		f = readInPart(c.Scan, f)
		f.Evidence = append(firstExhibit(k), basisExhibit(a.Purpose))
		f.Evidence = append(f.Evidence, policyExhibits(c.Scan)...)
		found.add(f)
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

// unread says that a policy is there but holds nothing that could be read.
const unread = "a policy was found but could not be read"

// readInPart weakens a finding that rests on what no policy says, where not
// every policy could be read.
func readInPart(s *evidence.Scan, f audit.Finding) audit.Finding {
	if s.PolicySearch.Outcome == evidence.Complete {
		return f
	}
	f.Severity, f.Certainty = f.Severity.Lower(), audit.Possible
	f.Message += " Not every policy could be read: " + clip(s.PolicySearch.Why) + "."
	return f
}

package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// UndeclaredStorage: visitors must be told of storage, whatever it is called.
var UndeclaredStorage = audit.Rule{
	ID:          "UNDECLARED_STORAGE",
	Title:       "Web storage that no policy names",
	Severity:    audit.Medium,
	Certainty:   audit.Confirmed,
	Needs:       []evidence.Phase{evidence.Before},
	NeedsPolicy: true,
	Condition:   "Local storage, session storage or a database holds, at the end of any phase, a key that none of the site's policies names.",
	Control: "What is written and deleted again does not count, nor do caches of files. Many tables list storage among the cookies: a key that any " +
		"row names is declared. The rest is as for cookies: changing suffixes, names that " +
		"come close, policies read in part. High where the purpose is known to need consent.",
	Remediation: "Add the key to the policy with its purpose and provider, or stop storing it.",
	Cites:       []law.Citation{law.TechnicalScopeStorage, law.GDPR13},
	Check:       checkUndeclaredStorage,
}

func checkUndeclaredStorage(c *audit.Case) audit.Result {
	var found collection
	for i := range c.Scan.Storage {
		it, a := &c.Scan.Storage[i], c.Storage[i]
		if a.Match.State == audit.NotKnown {
			return audit.Result{Inconclusive: unread}
		}
		if a.Match.State != audit.Undeclared || !kept(it) || declaredAsAnything(c.Scan, it.Key) {
			continue
		}
		f := audit.Finding{
			Subject: storageSubject(it), Severity: audit.Medium, Certainty: audit.Confirmed,
			Message: fmt.Sprintf("%q (%s) is kept in %s of %s, and no policy names it.", clip(it.Key), purposeWords(a.Purpose), it.Kind, it.Origin),
		}
		if a.Purpose.NonExempt() {
			f.Severity = audit.High
		}
		if near := a.Match.NearMisses; len(near) > 0 {
			f.Certainty = audit.Likely
			f.Message += " Close, but not the same: " + list(near) + "."
		}
		f = readInPart(c.Scan, mentioned(c.Scan, f, it.Key))
		f.Evidence = append(storageExhibits(it, ""), basisExhibit(a.Purpose))
		f.Evidence = append(f.Evidence, policyExhibits(c.Scan)...)
		found.add(f)
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

// declaredAsAnything reports whether a row of any kind of storage bears a name.
func declaredAsAnything(s *evidence.Scan, name string) bool {
	return slices.ContainsFunc(s.Declarations, func(d evidence.Declaration) bool {
		return d.Name == name || d.Pattern && literal(d.Name) > 2 && audit.MatchName(d.Name, name)
	})
}

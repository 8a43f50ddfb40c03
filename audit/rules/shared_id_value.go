package rules

import (
	"fmt"
	"maps"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// SharedIDValue: one identifier under two organisations joins what both know.
var SharedIDValue = audit.Rule{
	ID:        "SHARED_ID_VALUE",
	Title:     "Two organisations keep the same identifier",
	Severity:  audit.Medium,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before, evidence.Reject},
	Condition: "The same part of a value that tells visitors apart is kept on domains of two organisations.",
	Control: "Domains with one name, and services of one organisation, count as one; so does a copy that a service's own script keeps on the " +
		"site's domain.",
	Remediation: "Find out who passes the identifier on, and stop it or ask for consent to it.",
	Cites:       []law.Citation{law.TechnicalScope, law.GDPR6},
	Check:       checkSharedID,
}

func checkSharedID(c *audit.Case) audit.Result {
	ids := newIdentifiers(c)
	var found collection
	for _, t := range slices.Sorted(maps.Keys(ids.holders)) {
		hs := ids.holders[t]
		for i, a := range hs {
			for _, b := range hs[i+1:] {
				if sharedByOne(a, b) {
					continue
				}
				found.add(audit.Finding{
					Subject:  audit.Subject{Kind: a.subject.Kind, Name: a.name, Domain: a.subject.Domain},
					Message:  fmt.Sprintf("%q of %s and %q of %s hold the same identifier.", clip(a.name), a.host, clip(b.name), b.host),
					Evidence: []audit.Exhibit{a.exhibit(), b.exhibit()},
				})
			}
		}
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

func sharedByOne(a, b *holder) bool {
	if sameOrganisation(a.site, a.purpose, b.site, b.purpose) || slices.Contains(a.setters, b.site) || slices.Contains(b.setters, a.site) {
		return true
	}
	for _, s := range a.setters {
		if slices.Contains(b.setters, s) {
			return true
		}
	}
	return false
}

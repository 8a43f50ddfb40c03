package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PurposeContradictory: one cookie cannot need consent and need none.
var PurposeContradictory = audit.Rule{
	ID:          "PURPOSE_CONTRADICTORY",
	Title:       "Policy gives one cookie two classes",
	Severity:    audit.Medium,
	Certainty:   audit.Likely,
	NeedsPolicy: true,
	Condition:   "One document declares a cookie of the same name and host in two different classes; high where one of them is \"necessary\".",
	Control: "Rows in different documents (languages, products) are not compared. Rows without a class, and rows of different kinds of storage, " +
		"do not contradict each other.",
	Remediation: "Give the cookie one class, that of what needs consent most.",
	Cites:       []law.Citation{law.GDPR5_1a},
	Check:       checkPurposeContradictory,
}

func checkPurposeContradictory(c *audit.Case) audit.Result {
	type key struct {
		name, host, url string
		storage         evidence.StorageKind
	}
	first := map[key]*evidence.Declaration{}
	var found collection
	for i := range c.Scan.Declarations {
		d := &c.Scan.Declarations[i]
		if !hasClass(d) {
			continue
		}
		k := key{d.Name, d.Host, d.Source.URL, d.Storage}
		old := first[k]
		switch {
		case old == nil:
			first[k] = d
		case old.Category != d.Category:
			f := audit.Finding{
				Subject: declarationSubject(d), Severity: audit.Medium,
				Message:  fmt.Sprintf("The policy declares %q%s as %s and as %s.", d.Name, forHost(d), old.Category, d.Category),
				Evidence: []audit.Exhibit{declarationExhibit(old), declarationExhibit(d)},
			}
			if old.Category == evidence.Necessary || d.Category == evidence.Necessary {
				f.Severity = audit.High
			}
			found.add(f)
		}
	}
	if len(first) == 0 {
		return audit.Result{NotApplicable: "the policies give no cookie a class"}
	}
	return audit.Result{Violations: found.list}
}

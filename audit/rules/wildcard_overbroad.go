package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
)

// WildcardOverbroad: a pattern that fits everything declares nothing.
var WildcardOverbroad = audit.Rule{
	ID:          "WILDCARD_OVERBROAD",
	Title:       "Declared pattern fits too much",
	Severity:    audit.Low,
	Certainty:   audit.Confirmed,
	NeedsPolicy: true,
	Condition: "A declared pattern has fewer than three characters before its placeholder, or cookies of two organisations were seen that it fits; " +
		"medium where one of them tracks.",
	Control:     "A pattern limited to a host or provider, and one such as \"_pk_id*\" that is how a product names its cookies, does not count.",
	Remediation: "Name the cookies, or write a pattern that fits only them.",
	Cites:       []law.Citation{law.Planet49DurationAndAccess},
	Check:       checkWildcards,
}

func checkWildcards(c *audit.Case) audit.Result {
	patterns := 0
	var found collection
	for i := range c.Scan.Declarations {
		d := &c.Scan.Declarations[i]
		if !d.Pattern {
			continue
		}
		patterns++
		var providers, names []string
		tracker := false
		for j := range c.Scan.Cookies {
			k, a := &c.Scan.Cookies[j], c.Cookies[j]
			if !stored(k) || !slices.Contains(a.Match.Declarations, i) {
				continue
			}
			names = append(names, k.Name)
			tracker = tracker || tracks(a.Purpose)
			if p := a.Purpose.Provider; p != "" && !slices.Contains(providers, p) {
				providers = append(providers, p)
			}
		}
		short := literal(d.Name) < 3 && d.Host == "" && d.Provider == ""
		if !short && len(providers) < 2 {
			continue
		}
		f := audit.Finding{
			Subject: declarationSubject(d), Severity: audit.Low,
			Message:  fmt.Sprintf("The declared pattern %q fits almost any name.", d.Name),
			Evidence: []audit.Exhibit{declarationExhibit(d)},
		}
		if len(providers) > 1 {
			f.Message = fmt.Sprintf("The declared pattern %q fits cookies of %s: %s.", d.Name, list(providers), list(names))
		}
		if tracker {
			f.Severity = audit.Medium
		}
		found.add(f)
	}
	if patterns == 0 {
		return audit.Result{NotApplicable: "the policies declare no pattern"}
	}
	return audit.Result{Violations: found.list}
}

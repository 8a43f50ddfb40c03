package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// NecessaryMislabelled: calling a tracker necessary takes the choice away.
var NecessaryMislabelled = audit.Rule{
	ID:          "NECESSARY_MISLABELLED",
	Title:       "Tracker declared as necessary",
	Severity:    audit.High,
	Certainty:   audit.Confirmed,
	NeedsPolicy: true,
	Condition:   "A policy declares as necessary what is known, with at least 0.9 confidence, to serve analytics or advertising.",
	Control: "A name alone, known from public data only, does not count; neither does a declared pattern that fits many names. Under profiles that " +
		"exempt audience measurement the finding is information.",
	Remediation: "Declare the cookie under its real purpose and ask for consent to it.",
	Cites:       []law.Citation{law.Exemptions, law.TaskforceClassified},
	Check:       checkNecessaryMislabelled,
}

func checkNecessaryMislabelled(c *audit.Case) audit.Result {
	necessary := false
	var found collection
	for i := range c.Scan.Declarations {
		d, p := &c.Scan.Declarations[i], c.Declared[i]
		if d.Category != evidence.Necessary || d.Unsure != "" {
			continue
		}
		necessary = true
		if !tracks(p) || p.Sure() < 0.9 || p.NameOnly || d.Pattern && literal(d.Name) < 3 {
			continue
		}
		party := evidence.First
		if d.Host != "" && !within(d.Host, c.Scan.Site.Domain) {
			party = evidence.Third
		}
		found.add(conditional(c, audit.Finding{
			Subject: declarationSubject(d), Severity: audit.High, Certainty: audit.Confirmed,
			Message:  fmt.Sprintf("The policy declares %q%s as necessary; it is known for %s.", d.Name, forHost(d), purposeWords(p)),
			Evidence: []audit.Exhibit{declarationExhibit(d), basisExhibit(p)},
		}, p, party))
	}
	if !necessary {
		return audit.Result{NotApplicable: "the policies declare nothing as necessary"}
	}
	return audit.Result{Violations: found.list}
}

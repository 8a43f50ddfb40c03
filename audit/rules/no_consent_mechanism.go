package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// NoConsentMechanism: who stores what needs consent must ask for it.
var NoConsentMechanism = audit.Rule{
	ID:        "NO_CONSENT_MECHANISM",
	Title:     "Nothing asks for consent",
	Severity:  audit.High,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "Something that needs consent is stored at once, and no banner was found in at least two visits that looked for one.",
	Control: "A notice without a choice is a banner here. A visit in which the search failed makes the answer inconclusive. Sites may " +
		"show banners by region: the finding holds for the place that the scan was run from. What a national law may exempt does not count " +
		"beside what it does not, and alone makes this information.",
	Remediation: "Ask before storing: a banner that lets visitors refuse as easily as accept, and tags that wait for the answer.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.GDPR7_1},
	Check:       checkNoConsentMechanism,
}

func checkNoConsentMechanism(c *audit.Case) audit.Result {
	need := needConsentBefore(c)
	if len(need) == 0 {
		if c.Scan.Visit(evidence.Before).Outcome != evidence.Complete {
			return audit.Result{}
		}
		return audit.Result{NotApplicable: "nothing that needs consent is stored at once"}
	}
	tries, found, why := bannerTries(c.Scan)
	switch {
	case found:
		return audit.Result{}
	case why != "":
		return audit.Result{Inconclusive: why}
	case tries < 2:
		return audit.Result{Inconclusive: "only one visit looked for a banner; it takes two to say that there is none"}
	}
	// What may be exempt does not count beside what is not, and alone is for a
	// person to check.
	must := slices.DeleteFunc(slices.Clone(need), func(n needed) bool { return exception(c, n.purpose, n.party) != nil })
	if len(must) > 0 {
		return audit.Result{Violations: []audit.Finding{noMechanism(c, must, tries)}}
	}
	return audit.Result{Violations: []audit.Finding{conditional(c, noMechanism(c, need, tries), need[0].purpose, need[0].party)}}
}

func noMechanism(c *audit.Case, need []needed, tries int) audit.Finding {
	var names []string
	var exhibits []audit.Exhibit
	for _, n := range need {
		names = append(names, n.name)
		exhibits = append(exhibits, n.shown, basisExhibit(n.purpose))
	}
	return audit.Finding{
		Subject: audit.Subject{Kind: audit.SubjectSite, Domain: c.Scan.Site.Domain},
		Message: fmt.Sprintf("No consent banner was found in %d visits, yet %s stored at once: %s.",
			tries, wasThat(len(names)), list(names)),
		Evidence: exhibits[:min(len(exhibits), maxExhibits)],
	}
}

func wasThat(n int) string {
	if n == 1 {
		return "one thing that needs consent was"
	}
	return fmt.Sprintf("%d things that need consent were", n)
}

// A needed is something stored that needs consent.
type needed struct {
	name    string
	purpose audit.Purpose
	party   evidence.Party
	shown   audit.Exhibit
}

// needConsentBefore lists the cookies and storage items that the phase before
// any answer stored and that need consent.
func needConsentBefore(c *audit.Case) (out []needed) {
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		if p, _ := admitted(c, i); p.NonExempt() && storedIn(k, evidence.Before) {
			out = append(out, needed{k.Name, p, k.Party, storedExhibit(k, evidence.Before)})
		}
	}
	for i := range c.Scan.Storage {
		it, p := &c.Scan.Storage[i], c.Storage[i].Purpose
		if p.NonExempt() && slices.Contains(it.Phases, evidence.Before) {
			out = append(out, needed{it.Key, p, it.Party, audit.Exhibit{
				Phase: evidence.Before,
				What:  fmt.Sprintf("%q kept in %s of %s", it.Key, it.Kind, it.Origin),
			}})
		}
	}
	return out
}

// bannerTries counts the visits that looked for a banner and found none. why
// is set where one of them could not tell.
func bannerTries(s *evidence.Scan) (tries int, found bool, why string) {
	if s.Banner == nil {
		why = "no banner could be looked for"
	} else if s.Banner.Found {
		return 0, true, ""
	}
	for i := range s.Visits {
		v := &s.Visits[i]
		switch v.Consent.Result {
		case evidence.NoRejectOffered, evidence.Clicked, evidence.Verified:
			return 0, true, ""
		case evidence.NoBanner:
			tries++
		case evidence.Failed:
			why = fmt.Sprintf("in phase %s the banner could not be looked for or answered: %s", v.Phase, v.Consent.Why)
		case evidence.NotAsked:
			if v.Phase == evidence.Before && v.Outcome != evidence.Unavailable {
				tries++
			}
		}
	}
	return tries, false, why
}

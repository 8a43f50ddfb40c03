package rules

import (
	"fmt"

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
		"show banners by region: the finding holds for the place that the scan was run from.",
	Remediation: "Ask before storing: a banner that lets visitors refuse as easily as accept, and tags that wait for the answer.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.GDPR7_1},
	Check:       checkNoConsentMechanism,
}

func checkNoConsentMechanism(c *audit.Case) audit.Result {
	names, exhibits := needConsentBefore(c)
	if len(names) == 0 {
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
	return audit.Result{Violations: []audit.Finding{{
		Subject: audit.Subject{Kind: audit.SubjectSite, Domain: c.Scan.Site.Domain},
		Message: fmt.Sprintf("No consent banner was found in %d visits, yet %s stored at once: %s.",
			tries, wasThat(len(names)), list(names)),
		Evidence: exhibits[:min(len(exhibits), maxExhibits)],
	}}}
}

func wasThat(n int) string {
	if n == 1 {
		return "one thing that needs consent was"
	}
	return fmt.Sprintf("%d things that need consent were", n)
}

// needConsentBefore lists the cookies and storage items that the phase before
// any answer stored and that need consent.
func needConsentBefore(c *audit.Case) (names []string, exhibits []audit.Exhibit) {
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		if p, _ := admitted(c, i); p.NonExempt() && storedIn(k, evidence.Before) {
			names = append(names, k.Name)
			exhibits = append(exhibits, storedExhibit(k, evidence.Before), basisExhibit(p))
		}
	}
	for i := range c.Scan.Storage {
		it, p := &c.Scan.Storage[i], c.Storage[i].Purpose
		if !p.NonExempt() {
			continue
		}
		for _, phase := range it.Phases {
			if phase == evidence.Before {
				names = append(names, it.Key)
				exhibits = append(exhibits, audit.Exhibit{
					Phase: phase,
					What:  fmt.Sprintf("%q kept in %s of %s", it.Key, it.Kind, it.Origin),
				}, basisExhibit(p))
			}
		}
	}
	return names, exhibits
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

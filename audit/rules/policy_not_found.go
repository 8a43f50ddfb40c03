package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PolicyNotFound: information that cannot be reached is not given.
var PolicyNotFound = audit.Rule{
	ID:        "POLICY_NOT_FOUND",
	Title:     "No cookie or privacy policy can be reached",
	Severity:  audit.Medium,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "The site stores cookies, and no policy was found by the links of its landing page, its banner, its site map and the usual addresses.",
	Control: "Links are looked for in the page as served and in the page as the browser shows it. A search that was cut short is inconclusive. " +
		"A policy that was found but could not be read is not this.",
	Remediation: "Publish a policy that names the cookies, and link it from every page and from the banner.",
	Cites:       []law.Citation{law.GDPR12, law.GDPR13},
	Check:       checkPolicyNotFound,
}

func checkPolicyNotFound(c *audit.Case) audit.Result {
	s := c.Scan
	if s.PolicySearch.Found {
		return audit.Result{}
	}
	var names []string
	var exhibits []audit.Exhibit
	for i := range s.Cookies {
		if k := &s.Cookies[i]; stored(k) {
			names = append(names, k.Name)
			exhibits = append(exhibits, firstExhibit(k)...)
		}
	}
	switch {
	case s.PolicySearch.Outcome != evidence.Complete:
		return audit.Result{Inconclusive: "the search for a policy was not complete: " + s.PolicySearch.Why}
	case len(names) == 0 && unseen(s) != "":
		return passUnless(s)
	case len(names) == 0:
		return audit.Result{NotApplicable: "the site stores no cookie"}
	}
	var looked []audit.Exhibit
	for _, u := range s.PolicySearch.Looked[:min(len(s.PolicySearch.Looked), maxExhibits)] {
		looked = append(looked, audit.Exhibit{What: "looked for a policy here", Source: u})
	}
	return audit.Result{Violations: []audit.Finding{{
		Subject: audit.Subject{Kind: audit.SubjectSite, Domain: s.Site.Domain},
		Message: fmt.Sprintf("The site stores %s (%s), and no policy was found; looked at: %s.",
			count(int64(len(names)), "cookie"), list(names), count(int64(len(s.PolicySearch.Looked)), "page")),
		Evidence: append(exhibits[:min(len(exhibits), 3)], looked...),
	}}}
}

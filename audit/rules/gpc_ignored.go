package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// GPCIgnored: in California a browser's signal is a valid request to opt out of
// sale and sharing.
var GPCIgnored = audit.Rule{
	ID:        "GPC_IGNORED",
	Title:     "Global Privacy Control changes nothing",
	Severity:  audit.High,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before, evidence.GPC},
	Condition: "A visit that sends Global Privacy Control meets no less advertising than one that does not, and no signal of the site says that " +
		"the visitor has opted out.",
	Control: "Counted are the organisations whose advertising cookies are stored. Contracts with service providers cannot be seen from outside, " +
		"so this is likely, never confirmed.",
	Remediation: "Read navigator.globalPrivacyControl or the header Sec-GPC and treat it as an opt-out of sale and sharing.",
	Cites:       []law.Citation{law.OptOutSignal},
	Check:       checkGPC,
}

func checkGPC(c *audit.Case) audit.Result {
	without, with := advertisers(c, evidence.Before), advertisers(c, evidence.GPC)
	if len(without) == 0 {
		return audit.Result{NotApplicable: "the site stores no advertising before an answer"}
	}
	v := c.Scan.Visit(evidence.GPC)
	for i := range v.Signals {
		if optsOut(&v.Signals[i]) {
			return audit.Result{}
		}
	}
	if len(with) < len(without) {
		return audit.Result{}
	}
	f := audit.Finding{
		Subject: audit.Subject{Kind: audit.SubjectSite, Domain: c.Scan.Site.Domain},
		Message: fmt.Sprintf("With Global Privacy Control %s store advertising cookies (%s), without it %d.",
			count(int64(len(with)), "organisation"), list(with), len(without)),
	}
	for i := range c.Scan.Cookies {
		if k := &c.Scan.Cookies[i]; isAdvertising(c.Cookies[i].Purpose) && storedIn(k, evidence.GPC) && len(f.Evidence) < maxExhibits {
			f.Evidence = append(f.Evidence, storedExhibit(k, evidence.GPC))
		}
	}
	return audit.Result{Violations: []audit.Finding{f}}
}

// advertisers lists who stores advertising cookies in a phase.
func advertisers(c *audit.Case, p evidence.Phase) []string {
	var out []string
	for i := range c.Scan.Cookies {
		k, pu := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		who := pu.Provider
		if who == "" {
			who = k.Site
		}
		if isAdvertising(pu) && storedIn(k, p) && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}

func isAdvertising(p audit.Purpose) bool { return p.NonExempt() && p.Category == evidence.Marketing }

// optsOut reports whether a signal says that the visitor has opted out.
func optsOut(s *evidence.Signal) bool {
	if s.USPrivacy != nil && s.USPrivacy.OptedOut == "Y" {
		return true
	}
	if s.GPP == nil {
		return false
	}
	return slices.ContainsFunc(s.GPP.Sections, func(sec evidence.GPPSection) bool {
		return len(sec.OptedOut) > 0 || sec.USPrivacy != nil && sec.USPrivacy.OptedOut == "Y"
	})
}

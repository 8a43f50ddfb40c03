package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// CNAMECloakedTracker: a tracker under the site's own name gets what the site's
// own servers get, and no browser tells it from them.
var CNAMECloakedTracker = audit.Rule{
	ID:        "CNAME_CLOAKED_TRACKER",
	Title:     "Tracker behind a name of the site",
	Severity:  audit.High,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "A host of the site, other than those of its pages, is by CNAME an alias of a host of a tracker, and sets or gets cookies; medium where it " +
		"does so only after the visitor has accepted.",
	Control: "Only targets that are known to be what sites point names at for tracking count, from curated data or the user's own: delivery networks, " +
		"shops, hosting and pages that a marketing tool hosts do not. Names are asked for at the time of the scan; what could not be looked " +
		"up is inconclusive.",
	Remediation: "Treat the tracker as the third party that it is: name it in the policy, load it after consent only, and keep the site's own session cookies " +
		"from it by not widening them to sub-domains.",
	Cites: []law.Citation{law.EPrivacy5_3, law.TechnicalScopeTracking, law.Planet49DurationAndAccess},
	Check: checkCNAME,
}

func checkCNAME(c *audit.Case) audit.Result {
	d := c.Scan.DNS
	switch {
	case d == nil:
		return audit.Result{Inconclusive: "the scan does not tell what the site's names are aliases of"}
	case d.Outcome == evidence.Unavailable:
		return audit.Result{Inconclusive: "what the site's names are aliases of could not be looked up: " + d.Why}
	case len(d.Hosts) == 0:
		if why := unseen(c.Scan); why != "" {
			return passUnless(c.Scan)
		}
		return audit.Result{NotApplicable: "no host of the site was asked for anything beside those of its pages"}
	}
	var found collection
	why := ""
	for i := range d.Hosts {
		h, p := &d.Hosts[i], c.Hosts[i]
		if h.Why != "" {
			why = "what a name is an alias of could not be looked up: " + h.Why
		}
		if !tracks(p) {
			continue
		}
		exhibits, early := usesOf(c.Scan, h.Host)
		if len(exhibits) == 0 {
			continue
		}
		f := audit.Finding{
			Subject: audit.Subject{Kind: audit.SubjectRequest, Name: h.Host, Domain: c.Scan.Site.Domain},
			Message: fmt.Sprintf("%s is a name of the site, but an alias of %s (%s), and sets or gets cookies.", h.Host, list(h.Names), purposeWords(p)),
			Evidence: append([]audit.Exhibit{
				{What: fmt.Sprintf("at %s the name server %s said that %s is an alias", h.At.Format("2006-01-02 15:04:05 UTC"), d.Resolver, h.Host), Raw: strings.Join(append([]string{h.Host}, h.Names...), " → ")},
				basisExhibit(p),
			}, exhibits...),
		}
		f.Severity, f.Certainty = banded(p, audit.High)
		if !early {
			f.Severity = f.Severity.Lower()
			f.Message += " That was seen only after the visitor had accepted."
		}
		found.add(f)
	}
	switch {
	case len(found.list) > 0:
		return audit.Result{Violations: found.list}
	case why != "" || d.Outcome != evidence.Complete:
		return audit.Result{Inconclusive: cmp.Or(why, d.Why)}
	}
	return passUnless(c.Scan)
}

// usesOf shows which cookies a host set, itself or by its scripts, and which it
// was sent. early is true where that did not wait for an acceptance.
func usesOf(s *evidence.Scan, host string) (exhibits []audit.Exhibit, early bool) {
	for i := range s.Cookies {
		k := &s.Cookies[i]
		shown := false
		for _, p := range evidence.Phases() {
			for _, w := range writesIn(k, p) {
				if by := evidence.HostOf(w.Script); by != host && (by != "" || w.Host != host) {
					continue
				}
				early = early || unaskedFor(w.Phase, w.AfterAnswer)
				if !shown {
					exhibits, shown = append(exhibits, writeExhibit(k, w)), true
				}
			}
		}
	}
	for i := range s.Requests {
		if r := &s.Requests[i]; r.Host == host && r.SentCookie {
			early = early || unaskedFor(r.Phase, r.AfterAnswer)
			exhibits = append(exhibits, requestExhibit(r))
		}
	}
	return exhibits[:min(len(exhibits), maxExhibits/2)], early
}

// unaskedFor reports whether something happened that no acceptance covers.
func unaskedFor(p evidence.Phase, afterAnswer bool) bool {
	return !afterAnswer || !slices.Contains([]evidence.Phase{evidence.Accept, evidence.Choose}, p)
}

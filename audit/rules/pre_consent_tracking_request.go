package rules

import (
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PreConsentTrackingRequest: making the device send an identifier is access to
// it, with or without a cookie being set.
var PreConsentTrackingRequest = audit.Rule{
	ID:        "PRE_CONSENT_TRACKING_REQUEST",
	Title:     "Tracker asked with an identifier before consent",
	Severity:  audit.High,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "Before the visitor has answered, a host that serves only advertising or statistics gets a request that carries a cookie or an " +
		"identifier that the visit's own storage holds.",
	Control: "Delivery networks, fonts, tag managers and the consent manager do not count, nor does a tracker of which a stored cookie is " +
		"reported already. A request that carries nothing to tell visitors apart is no finding.",
	Remediation: "Load the tag only after the visitor has consented.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.TechnicalScopeTracking, law.TechnicalScopeIdentifiers},
	Check:       checkPreConsentTrackingRequest,
}

func checkPreConsentTrackingRequest(c *audit.Case) audit.Result {
	covered := map[string]bool{}
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		if p.Category == evidence.UnknownCategory || p.Exempt || !storedIn(k, evidence.Before) {
			continue
		}
		covered[strings.ToLower(p.Provider)], covered[k.Site] = true, true
		for _, w := range writesIn(k, evidence.Before) {
			covered[w.Host] = true
		}
	}
	delete(covered, "")
	ids := carriedIdentifiers(c)
	var fs []audit.Finding
	at := map[string]int{}
	for i := range c.Scan.Requests {
		r, p := &c.Scan.Requests[i], c.Requests[i].Purpose
		if r.Phase != evidence.Before || r.Site == c.Scan.Site.Domain || !tracks(p) || covered[strings.ToLower(p.Provider)] || covered[r.Site] || covered[r.Host] {
			continue
		}
		carried := ids.in(r)
		if !r.SentCookie && len(carried) == 0 {
			continue
		}
		j, ok := at[r.Host]
		if !ok {
			j, at[r.Host] = len(fs), len(fs)
			fs = append(fs, audit.Finding{
				Subject:  audit.Subject{Kind: audit.SubjectRequest, Name: r.Host, Domain: r.Site},
				Message:  fmt.Sprintf("%s (%s) was asked, with an identifier, before the visitor had answered.", r.Host, purposeWords(p)),
				Evidence: []audit.Exhibit{basisExhibit(p)},
			})
			fs[j].Severity, fs[j].Certainty = banded(p, audit.High)
		}
		if len(fs[j].Evidence) < maxExhibits {
			fs[j].Evidence = append(fs[j].Evidence, requestExhibit(r))
		}
	}
	return audit.Result{Violations: fs}
}

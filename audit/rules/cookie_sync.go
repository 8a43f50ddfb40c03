package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// CookieSync: handing an identifier on lets others recognise the visitor.
var CookieSync = audit.Rule{
	ID:        "COOKIE_SYNC",
	Title:     "Identifier handed to another organisation",
	Severity:  audit.High,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before, evidence.Reject},
	Condition: "A request to another organisation that tracks carries, in its address, body or referrer, the value of a cookie or storage item that tells " +
		"visitors apart, or a part of it, plain or encoded (URL, base64, md5, sha1, sha256).",
	Control: "The value must differ between fresh visits and stay the same through one, and what is carried must have at least eight characters. " +
		"Requests to whoever wrote the identifier, or runs the domain that it is kept on, do not count, nor do those to delivery networks.",
	Remediation: "Stop passing the identifier on, or do so only with a consent that names the recipients.",
	Cites:       []law.Citation{law.TechnicalScope, law.GDPR6},
	Check:       checkCookieSync,
}

func checkCookieSync(c *audit.Case) audit.Result {
	ids := carriedIdentifiers(c)
	var found collection
	for i := range c.Scan.Requests {
		r, p := &c.Scan.Requests[i], c.Requests[i].Purpose
		if !tracks(p) {
			continue // who serves files for others sees the addresses of pages
		}
		for _, h := range ids.in(r) {
			if slices.Contains(h.setters, r.Site) || sameOrganisation(h.site, h.purpose, r.Site, p) {
				continue
			}
			found.add(audit.Finding{
				Subject:  audit.Subject{Kind: h.subject.Kind, Name: h.name, Domain: h.subject.Domain},
				Message:  fmt.Sprintf("The identifier in %q of %s is handed to %s (%s), %s.", clip(h.name), h.host, r.Host, purposeWords(p), h.words()),
				Evidence: []audit.Exhibit{h.exhibit(), requestExhibit(r)},
			})
		}
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

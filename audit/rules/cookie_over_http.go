package rules

import (
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// CookieOverHTTP: what comes in the clear can be read and replaced on the way.
var CookieOverHTTP = audit.Rule{
	ID:          "COOKIE_OVER_HTTP",
	Title:       "Cookie set over unencrypted http",
	Severity:    audit.Medium,
	Certainty:   audit.Confirmed,
	Needs:       []evidence.Phase{evidence.Before},
	Condition:   "A response over http, a redirect to https included, sets a cookie; high where it is a session or log-in.",
	Control:     "A redirect that the browser makes itself because of HSTS carries no cookie and is not a response.",
	Remediation: "Set cookies over https only: redirect first, without Set-Cookie.",
	Cites:       []law.Citation{law.GDPR32},
	Check: func(c *audit.Case) audit.Result {
		var found collection
		for i := range c.Scan.Cookies {
			k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
			for j := range k.Writes {
				w := &k.Writes[j]
				if w.Mechanism != evidence.HTTP || w.Deletes || len(w.Blocked) > 0 || !strings.HasPrefix(w.URL, "http://") {
					continue
				}
				f := audit.Finding{
					Subject: cookieSubject(k), Severity: audit.Medium,
					Message:  fmt.Sprintf("%q on %s was set by a response over http: %s.", k.Name, k.Domain, place(w.URL)),
					Evidence: []audit.Exhibit{writeExhibit(k, w)},
				}
				if isLogin(p) {
					f.Severity = audit.High
				}
				found.add(f)
				break
			}
		}
		return audit.Result{Violations: found.list}
	},
}

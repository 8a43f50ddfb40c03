package rules

import (
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// CookieNoSecure: without Secure a cookie travels in the clear on the first
// plain request.
var CookieNoSecure = audit.Rule{
	ID:        "COOKIE_NO_SECURE",
	Title:     "Cookie without Secure",
	Severity:  audit.Medium,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "A cookie of the site's own domain that identifies somebody (a session, a log-in, an identifier) is set over https without the " +
		"attribute Secure; information where the value is the same for all.",
	Control:     "A site that is only reachable by http has other faults. Third parties' cookies are theirs to secure.",
	Remediation: "Add the attribute Secure wherever the cookie is set.",
	Cites:       []law.Citation{law.GDPR32},
	Check:       checkNoSecure,
}

func checkNoSecure(c *audit.Case) audit.Result {
	if !strings.HasPrefix(c.Scan.Site.URL, "https://") {
		return audit.Result{NotApplicable: "the site is visited by http"}
	}
	var found collection
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		if k.Party != evidence.First || k.Secure || !stored(k) {
			continue
		}
		f := audit.Finding{
			Subject: cookieSubject(k), Severity: audit.Info,
			Message:  fmt.Sprintf("%q on %s is set without Secure, so that it is sent over http as well.", k.Name, k.Domain),
			Evidence: firstExhibit(k),
		}
		if secret(k, p) {
			f.Severity = audit.Medium
		}
		found.add(f)
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

// secret reports whether who has a cookie's value can act as the visitor or
// recognise him.
func secret(k *evidence.Cookie, p audit.Purpose) bool {
	return isLogin(p) || len(k.Identifiers()) > 0
}

func isLogin(p audit.Purpose) bool {
	return (p.Class == "session" || p.Class == "authentication") && p.Sure() >= 0.7
}

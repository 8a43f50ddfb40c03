package rules

import (
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// SameSiteNoneInsecure: browsers refuse such a cookie, so it does not work.
var SameSiteNoneInsecure = audit.Rule{
	ID:          "SAMESITE_NONE_INSECURE",
	Title:       "SameSite=None without Secure",
	Severity:    audit.Low,
	Certainty:   audit.Confirmed,
	Needs:       []evidence.Phase{evidence.Before},
	Condition:   "A cookie of the site's own domain is set with SameSite=None and without Secure.",
	Control:     "Read from the line itself, whether or not the browser refused the cookie for it.",
	Remediation: "Add Secure, or drop SameSite=None where the cookie is not needed in other sites' pages.",
	Cites:       []law.Citation{law.CookieRules},
	Check: func(c *audit.Case) audit.Result {
		var found collection
		for i := range c.Scan.Cookies {
			k := &c.Scan.Cookies[i]
			for j := range k.Writes {
				w := &k.Writes[j]
				if k.Party != evidence.First || w.Deletes || !noneInsecure(w.Raw) {
					continue
				}
				found.add(audit.Finding{
					Subject:  cookieSubject(k),
					Message:  fmt.Sprintf("%q on %s asks for SameSite=None without Secure; browsers refuse that.", k.Name, k.Domain),
					Evidence: []audit.Exhibit{writeExhibit(k, w)},
				})
				break
			}
		}
		return audit.Result{Violations: found.list}
	},
}

func noneInsecure(raw string) bool {
	none, secure := false, false
	attributes := strings.Split(raw, ";")
	for _, a := range attributes[1:] {
		name, value, _ := strings.Cut(strings.TrimSpace(a), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "samesite":
			none = strings.EqualFold(strings.TrimSpace(value), "none")
		case "secure":
			secure = true
		}
	}
	return none && !secure
}

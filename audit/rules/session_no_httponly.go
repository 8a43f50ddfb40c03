package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// SessionNoHTTPOnly: a session that scripts can read is a session that an
// injected script can steal.
var SessionNoHTTPOnly = audit.Rule{
	ID:        "SESSION_NO_HTTPONLY",
	Title:     "Session cookie that scripts can read",
	Severity:  audit.Medium,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "A session or log-in cookie of the site's own domain, with a value that differs from visit to visit, comes in a response without " +
		"the attribute HttpOnly.",
	Control: "Tokens against forgery are meant to be read by scripts and do not count, nor do cookies that a script writes. Only purposes held " +
		"with at least 0.7 confidence count.",
	Remediation: "Add the attribute HttpOnly wherever the cookie is set.",
	Cites:       []law.Citation{law.GDPR32},
	Check:       checkSessionHTTPOnly,
}

func checkSessionHTTPOnly(c *audit.Case) audit.Result {
	var found collection
	sessions := 0
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		if k.Party != evidence.First || !isLogin(p) || !stored(k) {
			continue
		}
		sessions++
		if k.HTTPOnly || len(k.Identifiers()) == 0 || !slices.ContainsFunc(k.Writes, func(w evidence.Write) bool { return w.Mechanism == evidence.HTTP && !w.Deletes }) {
			continue
		}
		found.add(audit.Finding{
			Subject:  cookieSubject(k),
			Message:  fmt.Sprintf("%q on %s (%s) is set without HttpOnly, so that any script of the page can read it.", k.Name, k.Domain, p.Class),
			Evidence: append(firstExhibit(k), basisExhibit(p)),
		})
	}
	if sessions == 0 && unseen(c.Scan) == "" {
		return audit.Result{NotApplicable: "no session or log-in cookie was seen"}
	}
	return audit.Result{Violations: found.list}
}

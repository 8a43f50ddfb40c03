package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PostWithdrawResidue: what was stored by a consent loses its ground with it.
var PostWithdrawResidue = audit.Rule{
	ID:        "POST_WITHDRAW_RESIDUE",
	Title:     "Cookie left behind after consent was withdrawn",
	Severity:  audit.Medium,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Withdraw},
	Condition: "A cookie of the site's own domain for analytics or advertising, set by an acceptance, is not deleted when the consent is withdrawn.",
	Control: "Third parties' cookies do not count: a site cannot delete them. Cookies that end with the session do not count either. Deletions " +
		"are seen as they happen.",
	Remediation: "Expire the cookies of a purpose when the visitor withdraws the consent to it.",
	Cites:       []law.Citation{law.GDPR7_3, law.GDPR5_1e},
	Check:       checkPostWithdrawResidue,
}

func checkPostWithdrawResidue(c *audit.Case) audit.Result {
	ans, res := withdrawal(c)
	if ans == nil {
		return res
	}
	var found collection
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		if k.Party != evidence.First || !tracks(p) || asked(k) == 0 || len(writesIn(k, evidence.Withdraw)) == 0 {
			continue
		}
		gone := slices.ContainsFunc(k.Writes, func(w evidence.Write) bool {
			return w.Phase == evidence.Withdraw && w.AfterAnswer && (w.Deletes || w.Value.Length == 0) && len(w.Blocked) == 0
		})
		if gone {
			continue
		}
		f := audit.Finding{
			Subject:  cookieSubject(k),
			Message:  fmt.Sprintf("%q (%s) stays on %s after the visitor had withdrawn the consent.", k.Name, purposeWords(p), k.Domain),
			Evidence: []audit.Exhibit{ans.exhibit(), storedExhibit(k, evidence.Withdraw), basisExhibit(p)},
		}
		f.Severity, f.Certainty = banded(p, audit.Medium)
		f.Certainty = weaker(f.Certainty, audit.Likely)
		f.Severity, f.Certainty = unverified(ans.consent, f.Severity, f.Certainty)
		found.add(f)
	}
	return audit.Result{Violations: found.list}
}

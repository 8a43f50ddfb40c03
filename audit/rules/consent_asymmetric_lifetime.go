package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// ConsentAsymmetricLifetime: a refusal deserves as much respect as a consent.
var ConsentAsymmetricLifetime = audit.Rule{
	ID:          "CONSENT_ASYMMETRIC_LIFETIME",
	Title:       "Refusal kept much shorter than consent",
	Severity:    audit.Medium,
	Certainty:   audit.Confirmed,
	Needs:       []evidence.Phase{evidence.Reject, evidence.Accept},
	Condition:   "The same record of the choice lives less than half as long after a refusal as after a consent.",
	Control:     "Compared is what the record's cookie asks for after the answer in either visit; one that neither visit wrote says nothing.",
	Remediation: "Give the record of a refusal the lifetime of a consent's.",
	Cites:       []law.Citation{law.GDPR7_3, law.KeepRefusals},
	Check:       checkConsentAsymmetric,
}

func checkConsentAsymmetric(c *audit.Case) audit.Result {
	var found collection
	compared := false
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		refused, accepted := afterAnswer(k, evidence.Reject), afterAnswer(k, evidence.Accept)
		if !recordsChoice(p) || len(refused) == 0 || len(accepted) == 0 {
			continue
		}
		compared = true
		r, a := refused[len(refused)-1], accepted[len(accepted)-1]
		if short, long := requested(r), requested(a); 2*short < long {
			found.add(audit.Finding{
				Subject:  cookieSubject(k),
				Message:  fmt.Sprintf("%q on %s keeps a refusal %s and a consent %s.", k.Name, k.Domain, forSpan(short), forSpan(long)),
				Evidence: []audit.Exhibit{writeExhibit(k, r), writeExhibit(k, a), basisExhibit(p)},
			})
		}
	}
	if len(found.list) == 0 && !compared {
		return audit.Result{NotApplicable: "no cookie was seen that records both a refusal and a consent"}
	}
	return audit.Result{Violations: found.list}
}

// requested is how many seconds a write asks for, 0 for the session.
func requested(w *evidence.Write) int64 {
	if w.Requested == nil {
		return 0
	}
	return *w.Requested
}

func forSpan(seconds int64) string {
	if seconds == 0 {
		return "for the session"
	}
	return "for " + span(seconds)
}

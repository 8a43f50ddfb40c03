package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// TCFSignalMismatch: a signal that nobody obeys protects nobody.
var TCFSignalMismatch = audit.Rule{
	ID:        "TCF_SIGNAL_MISMATCH",
	Title:     "TC string denies storage that takes place",
	Severity:  audit.High,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Reject},
	Condition: "After a refusal the TC string denies purpose 1 (store and access information), and a cookie for advertising or statistics is " +
		"written all the same.",
	Control: "A publisher's string that does not ask for purpose 1, or under which the GDPR does not apply, denies nothing. Vendors may rely on " +
		"an exemption: where the refusal's effect was not verified this is likely.",
	Remediation: "Let the tags wait for the TC string, and drop vendors that ignore it.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.TCFPolicies},
	Check:       checkTCFSignal,
}

func checkTCFSignal(c *audit.Case) audit.Result {
	v := c.Scan.Visit(evidence.Reject)
	s := lastSignal(v, func(s *evidence.Signal) bool { return s.TCF != nil && s.AfterAnswer })
	if s == nil {
		return audit.Result{NotApplicable: "no TC string was seen after a refusal"}
	}
	t := s.TCF
	if slices.Contains(t.PurposeConsents, 1) || t.PurposeOneUnasked || t.Applies != nil && !*t.Applies {
		return audit.Result{NotApplicable: "the TC string does not deny purpose 1"}
	}
	f := audit.Finding{
		Subject: audit.Subject{Kind: audit.SubjectBanner, Domain: c.Scan.Site.Domain}, Certainty: audit.Confirmed,
		Evidence: []audit.Exhibit{signalExhibit(evidence.Reject, s, "denies purpose 1")},
	}
	var names []string
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		ws := afterAnswer(k, evidence.Reject)
		if tracks(p) && !p.NameOnly && len(ws) > 0 && ws[0].AtMS-v.Consent.AtMS >= inFlight {
			names = append(names, k.Name)
			f.Evidence = append(f.Evidence, writeExhibit(k, ws[0]))
		}
	}
	if len(names) == 0 {
		return audit.Result{}
	}
	f.Evidence = f.Evidence[:min(len(f.Evidence), maxExhibits)]
	f.Message = fmt.Sprintf("After the refusal the TC string denies purpose 1, and %s written all the same: %s.", wereCookies(len(names)), list(names))
	f.Severity, f.Certainty = unverified(v.Consent, audit.High, audit.Confirmed)
	return audit.Result{Violations: []audit.Finding{f}}
}

func wereCookies(n int) string {
	if n == 1 {
		return "1 cookie was"
	}
	return fmt.Sprintf("%d cookies were", n)
}

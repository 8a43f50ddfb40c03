package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// ConsentNotPersisted: asking again and again wears a refusal down.
var ConsentNotPersisted = audit.Rule{
	ID:        "CONSENT_NOT_PERSISTED",
	Title:     "Banner asks again on the next visit",
	Severity:  audit.Medium,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Return},
	Condition: "A visitor who has refused and comes back soon afterwards is asked again.",
	Control: "The second visit is in the same browser profile, minutes after the first: sooner than any authority allows. A refusal whose effect " +
		"was not verified makes this likely.",
	Remediation: "Store the refusal for as long as a consent.",
	Cites:       []law.Citation{law.GDPR7, law.KeepRefusals, law.Garante},
	Check:       checkConsentNotPersisted,
}

func checkConsentNotPersisted(c *audit.Case) audit.Result {
	v := c.Scan.Visit(evidence.Return)
	switch {
	case v.Consent.Result == evidence.NoBanner:
		return audit.Result{NotApplicable: "there was no banner to answer"}
	case v.Consent.Result == evidence.NoRejectOffered:
		return audit.Result{NotApplicable: "the banner offered no refusal"}
	case v.Consent.Result != evidence.Clicked && v.Consent.Result != evidence.Verified:
		return audit.Result{Inconclusive: "the refusal could not be given: " + v.Consent.Why}
	case v.Returned == nil || v.Returned.Banner == nil:
		why := "there was no second visit"
		if v.Returned != nil {
			why = v.Returned.Why
		}
		return audit.Result{Inconclusive: "whether the banner comes back was not seen: " + why}
	case !*v.Returned.Banner:
		return audit.Result{}
	}
	ans := answer{phase: evidence.Return, consent: v.Consent, noun: "refusal"}
	f := audit.Finding{
		Subject: audit.Subject{Kind: audit.SubjectBanner, Domain: c.Scan.Site.Domain}, Certainty: audit.Confirmed,
		Message:  "The banner came back when the visitor returned after a refusal.",
		Evidence: []audit.Exhibit{ans.exhibit(), {Phase: evidence.Return, AtMS: v.Returned.AtMS, What: "the banner asked again on the second visit", Page: c.Scan.Site.URL}},
	}
	if v.Returned.Kept != nil {
		f.Evidence = append(f.Evidence, audit.Exhibit{Phase: evidence.Return, What: fmt.Sprintf("the site's own state still shows the answer: %v", *v.Returned.Kept)})
	}
	if v.Consent.Result != evidence.Verified {
		f.Certainty = audit.Likely
	}
	return audit.Result{Violations: []audit.Finding{f}}
}

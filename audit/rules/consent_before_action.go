package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// ConsentBeforeAction: silence is no consent.
var ConsentBeforeAction = audit.Rule{
	ID:        "CONSENT_BEFORE_ACTION",
	Title:     "Site states a consent that nobody gave",
	Severity:  audit.Critical,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "While the visitor has not yet answered, a TC string, or what the consent manager says of itself, grants an optional purpose.",
	Control: "A TC string that says the GDPR does not apply, or that is there while the banner is shown, without purposes, grants nothing. Where " +
		"only a stored string says so, and no interface of the page, it is likely. What comes to grant by scrolling or going on is a rule of its own.",
	Remediation: "Let every optional purpose start as denied, and grant it by the visitor's own action only.",
	Cites:       []law.Citation{law.GDPR4_11, law.Planet49PreTicked, law.ValidConsent},
	Check:       checkConsentBeforeAction,
}

func checkConsentBeforeAction(c *audit.Case) audit.Result {
	if b := c.Scan.Banner; b != nil && (isTrue(b.ScrollGrants) || isTrue(b.NavigationGrants)) {
		return audit.Result{NotApplicable: "nothing was granted until the visitor scrolled or went on, of which another rule speaks"}
	}
	v := c.Scan.Visit(evidence.Before)
	var f *audit.Finding
	for i := range v.Signals {
		s := &v.Signals[i]
		what, sure := grants(s)
		if what == "" {
			continue
		}
		if f == nil {
			f = &audit.Finding{
				Subject: audit.Subject{Kind: audit.SubjectBanner, Domain: c.Scan.Site.Domain}, Certainty: audit.Likely,
				Message: fmt.Sprintf("Before the visitor had answered, %s of the site %s.", s.Name, what),
			}
		}
		if sure {
			f.Certainty = audit.Confirmed
		}
		if len(f.Evidence) < maxExhibits {
			f.Evidence = append(f.Evidence, signalExhibit(evidence.Before, s, what))
		}
	}
	switch {
	case f != nil:
		return audit.Result{Violations: []audit.Finding{*f}}
	case len(v.Signals) == 0:
		return audit.Result{NotApplicable: "the site states nothing about consent"}
	}
	return audit.Result{}
}

func isTrue(b *bool) bool { return b != nil && *b }

// grants says what optional purposes a signal grants, empty for none. sure is
// true for what the page's own interface says.
func grants(s *evidence.Signal) (what string, sure bool) {
	sure = s.Source == evidence.FromAPI
	switch {
	case s.Error != "" || s.Gone:
	case s.TCF != nil:
		if s.TCF.Applies != nil && !*s.TCF.Applies {
			return "", false
		}
		if n := len(s.TCF.PurposeConsents); n > 0 {
			return fmt.Sprintf("grants %s of the TCF", count(int64(n), "purpose")), sure
		}
	case s.Kind == evidence.SignalManager && (s.Reads == "granted" || s.Reads == "partly granted"):
		return "says that consent is " + s.Reads, sure
	case s.Kind == evidence.SignalRecord && s.Reads == "granted":
		return "reads as a consent", false
	}
	return "", false
}

func signalExhibit(p evidence.Phase, s *evidence.Signal, what string) audit.Exhibit {
	return audit.Exhibit{Phase: p, Page: s.Page, AtMS: s.AtMS, What: fmt.Sprintf("%s (%s, %s) %s", s.Name, s.Kind, s.Source, what), Raw: clip(s.Raw)}
}

// lastSignal returns the last signal of a visit that fits, nil for none.
func lastSignal(v *evidence.Visit, fits func(*evidence.Signal) bool) *evidence.Signal {
	for i := len(v.Signals) - 1; i >= 0; i-- {
		if s := &v.Signals[i]; s.Error == "" && !s.Gone && fits(s) {
			return s
		}
	}
	return nil
}

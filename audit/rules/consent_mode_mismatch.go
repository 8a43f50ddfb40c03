package rules

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// ConsentModeMismatch: consent mode states what Google's tags may do; what they
// store must fit.
var ConsentModeMismatch = audit.Rule{
	ID:        "CONSENT_MODE_MISMATCH",
	Title:     "Google consent mode does not fit what happens",
	Severity:  audit.High,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "Before the visitor has answered, consent mode grants storage for statistics or advertising; or it denies it, before an answer or after " +
		"a refusal, and Google's cookies for it are written all the same.",
	Control: "Defaults for some regions only are not held against a site: which one the visit came from is not known. Only Google's own cookies " +
		"count, by domain, script or curated name. Cookies written before the command do not count.",
	Remediation: "Set the default to denied before any Google tag loads, update it with the visitor's answer, and gate the tags by it.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.TechnicalScopeTracking},
	Check:       checkConsentMode,
}

// consentModes are consent mode's types of storage and the category of what
// Google keeps under them.
func consentModes() map[string]evidence.Category {
	return map[string]evidence.Category{"analytics_storage": evidence.Analytics, "ad_storage": evidence.Marketing}
}

func checkConsentMode(c *audit.Case) audit.Result {
	var found collection
	seen := false
	for _, p := range []evidence.Phase{evidence.Before, evidence.Reject} {
		v := c.Scan.Visit(p)
		if v == nil || p == evidence.Reject && v.Consent.Result != evidence.Verified && v.Consent.Result != evidence.Clicked {
			continue
		}
		for _, mode := range []string{"ad_storage", "analytics_storage"} {
			s := lastSignal(v, func(s *evidence.Signal) bool {
				return s.ConsentMode != nil && s.ConsentMode.Command != "" && s.ConsentMode.States[mode] != "" && (p == evidence.Before || s.AfterAnswer)
			})
			if s == nil {
				continue
			}
			seen = true
			if f := modeFinding(c, v, s, mode); f != nil {
				found.add(*f)
			}
		}
	}
	if !seen {
		return audit.Result{NotApplicable: "the site gives no command of Google's consent mode"}
	}
	return audit.Result{Violations: found.list}
}

func modeFinding(c *audit.Case, v *evidence.Visit, s *evidence.Signal, mode string) *audit.Finding {
	state := s.ConsentMode.States[mode]
	f := audit.Finding{
		Subject: audit.Subject{Kind: audit.SubjectSite, Name: mode, Domain: c.Scan.Site.Domain}, Certainty: audit.Confirmed, Severity: audit.High,
		Evidence: []audit.Exhibit{signalExhibit(v.Phase, s, fmt.Sprintf("%s: %s is %s", s.ConsentMode.Command, mode, state))},
	}
	switch {
	case state == "granted" && v.Phase == evidence.Before && len(s.ConsentMode.Regions) == 0:
		f.Message = fmt.Sprintf("Consent mode sets %s to granted before the visitor has answered.", mode)
		return &f
	case state != "denied" || len(s.ConsentMode.Regions) > 0:
		return nil
	}
	var names []string
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		if p.Category != consentModes()[mode] || !p.NonExempt() || p.NameOnly || !ofGoogle(p) {
			continue
		}
		ws := slices.DeleteFunc(writesIn(k, v.Phase), func(w *evidence.Write) bool {
			return w.AtMS <= s.AtMS || v.Phase == evidence.Reject && (!w.AfterAnswer || w.AtMS-v.Consent.AtMS < inFlight)
		})
		if len(ws) > 0 {
			names = append(names, k.Name)
			f.Evidence = append(f.Evidence, writeExhibit(k, ws[0]))
		}
	}
	if len(names) == 0 {
		return nil
	}
	f.Evidence = f.Evidence[:min(len(f.Evidence), maxExhibits)]
	f.Message = fmt.Sprintf("Consent mode denies %s, and %s written all the same: %s.", mode, wereCookies(len(names)), list(names))
	return &f
}

func ofGoogle(p audit.Purpose) bool {
	return strings.HasPrefix(p.Provider, "Google") || slices.Contains(p.Aliases, "Google")
}

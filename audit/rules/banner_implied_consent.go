package rules

import (
	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// BannerImpliedConsent: going on reading is no affirmative act.
var BannerImpliedConsent = audit.Rule{
	ID:        "BANNER_IMPLIED_CONSENT",
	Title:     "Scrolling or moving on counts as consent",
	Severity:  audit.High,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "The site's own state grants consent after the visitor has only scrolled, or only gone on to another page.",
	Control: "Tried in a visit that answers nothing, with the site's state read before and after. A site that has no readable state is " +
		"inconclusive. What closing the banner does is not tried.",
	Remediation: "Take consent from a click on a control that says so, and from nothing else.",
	Cites:       []law.Citation{law.GDPR4_11, law.ValidConsent, law.Garante},
	Check: func(c *audit.Case) audit.Result {
		b, res := banner(c)
		if b == nil {
			return res
		}
		var how string
		switch {
		case isTrue(b.ScrollGrants):
			how = "The visitor only scrolled"
		case isTrue(b.NavigationGrants):
			how = "The visitor only went on to another page"
		case b.ScrollGrants == nil || b.NavigationGrants == nil:
			return audit.Result{Inconclusive: "whether scrolling or going on to another page grants consent was not seen"}
		default:
			return audit.Result{}
		}
		return audit.Result{Violations: []audit.Finding{{
			Subject:  bannerSubject(c),
			Message:  how + ", and the site's state says that consent was given.",
			Evidence: append([]audit.Exhibit{{Phase: evidence.Before, What: b.GrantProof}}, bannerExhibits(b)...),
		}}}
	},
}

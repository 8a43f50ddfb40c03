package rules

import (
	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// BannerImpliedConsent: going on reading is no affirmative act.
var BannerImpliedConsent = audit.Rule{
	ID:        "BANNER_IMPLIED_CONSENT",
	Title:     "Scrolling, moving on or closing the banner counts as consent",
	Severity:  audit.High,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "The site's own state grants consent after the visitor has only scrolled, only gone on to another page, or only closed the banner; or " +
		"trackers store or are asked after it was closed that were silent while it stood.",
	Control: "Scrolling and going on are tried in a visit that answers nothing, with the site's state read before and after. Closing is tried in a " +
		"visit of its own (phase close), where the first layer has a control that closes it and does nothing else; one that says \"continue without " +
		"accepting\" is a refusal. Closing that grants nothing is fine. Only what the visit without an answer never stored or asked counts, and trackers " +
		"alone are likely, as is a stored record that no interface of the page confirms. A site that has no readable state is inconclusive.",
	Remediation: "Take consent from a click on a control that says so, and from nothing else.",
	Cites:       []law.Citation{law.GDPR4_11, law.ScrollingIsNoConsent},
	Check:       checkImpliedConsent,
}

func checkImpliedConsent(c *audit.Case) audit.Result {
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
	}
	closing := closedBanner(c, b)
	f := audit.Finding{Subject: bannerSubject(c), Message: closing.message, Certainty: closing.certainty, Evidence: closing.evidence}
	switch {
	case how != "":
		f.Message, f.Certainty = how+", and the site's state says that consent was given.", audit.Confirmed
		f.Evidence = append([]audit.Exhibit{{Phase: evidence.Before, What: b.GrantProof}}, closing.evidence...)
		if closing.message != "" {
			f.Message += " " + closing.message
		}
	case closing.message != "":
	case b.ScrollGrants == nil || b.NavigationGrants == nil:
		return audit.Result{Inconclusive: "whether scrolling or going on to another page grants consent was not seen"}
	default:
		return audit.Result{Inconclusive: closing.unseen, NotRequested: closing.notRequested}
	}
	f.Evidence = append(f.Evidence, bannerExhibits(b)...)
	f.Evidence = f.Evidence[:min(len(f.Evidence), maxExhibits)]
	return audit.Result{Violations: []audit.Finding{f}}
}

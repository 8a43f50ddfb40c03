package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// BannerPreticked: a box that somebody else has ticked expresses no wish.
var BannerPreticked = audit.Rule{
	ID:          "BANNER_PRETICKED",
	Title:       "Optional purposes are ticked in advance",
	Severity:    audit.High,
	Certainty:   audit.Confirmed,
	Needs:       []evidence.Phase{evidence.Before},
	Condition:   "An optional purpose or vendor is switched on when the banner or its settings are first opened.",
	Control:     "Locked switches for what is strictly necessary do not count.",
	Remediation: "Let every optional switch start as off, on every layer.",
	Cites:       []law.Citation{law.Planet49PreTicked, law.GDPR4_11, law.GDPRRecital32, law.TaskforcePreTicked},
	Check: func(c *audit.Case) audit.Result {
		b, res := banner(c)
		if b == nil {
			return res
		}
		if len(b.PreTicked) == 0 {
			return audit.Result{}
		}
		return audit.Result{Violations: []audit.Finding{{
			Subject:  bannerSubject(c),
			Message:  fmt.Sprintf("When first opened, %s switched on: %s.", wereSwitches(len(b.PreTicked)), list(b.PreTicked)),
			Evidence: bannerExhibits(b),
		}}}
	},
}

func wereSwitches(n int) string {
	if n == 1 {
		return "1 optional switch is"
	}
	return fmt.Sprintf("%d optional switches are", n)
}

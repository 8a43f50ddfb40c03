package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// WithdrawalNotReachable: withdrawing must be as easy as consenting.
var WithdrawalNotReachable = audit.Rule{
	ID:        "WITHDRAWAL_NOT_REACHABLE",
	Title:     "Consent cannot be withdrawn as easily as given",
	Severity:  audit.Medium,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Withdraw},
	Condition: "After an acceptance nothing on the page leads back to the choice, or the way there takes at least two clicks more than accepting took.",
	Control: "Links, icons and controls in frames are tried, in every language that banners are read in. What only a script's interface opens is " +
		"not reachable for a visitor.",
	Remediation: "Show a link or icon on every page that opens the choice again.",
	Cites:       []law.Citation{law.GDPR7_3, law.TaskforceWithdrawal},
	Check:       checkWithdrawalNotReachable,
}

func checkWithdrawalNotReachable(c *audit.Case) audit.Result {
	v := c.Scan.Visit(evidence.Withdraw)
	switch {
	case v.Consent.Result == evidence.NoBanner:
		return audit.Result{NotApplicable: "there was no banner in which to consent"}
	case v.Reopening == nil:
		return audit.Result{Inconclusive: "the way back to the choice was not tried: " + v.Consent.Why}
	}
	r, f := v.Reopening, audit.Finding{Subject: bannerSubject(c)}
	switch accept := earlierClicks(v); {
	case !r.Reached && r.By == "api":
		f.Message = fmt.Sprintf("After accepting, only the consent manager's interface for scripts (%s) opens the choice again.", clip(r.Label))
	case !r.Reached:
		f.Message = "After accepting, nothing was found on the page that leads back to the choice."
	case accept > 0 && r.Clicks > accept+1:
		f.Message = fmt.Sprintf("Accepting took %s, getting back to the choice %d (%s).", count(int64(accept), "click"), r.Clicks, quote(r.Label))
	default:
		return audit.Result{}
	}
	f.Evidence = []audit.Exhibit{{Phase: evidence.Withdraw, AtMS: v.Consent.AtMS, What: fmt.Sprintf("way back to the choice: reached %v, by %q, %s", r.Reached, r.By, r.Why)}}
	return audit.Result{Violations: []audit.Finding{f}}
}

func earlierClicks(v *evidence.Visit) int {
	if v.Earlier == nil {
		return 0
	}
	return v.Earlier.Clicks
}

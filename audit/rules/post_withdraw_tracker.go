package rules

import (
	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PostWithdrawTracker: withdrawing must be as effective as consenting.
var PostWithdrawTracker = audit.Rule{
	ID:        "POST_WITHDRAW_TRACKER",
	Title:     "Tracking goes on after consent was withdrawn",
	Severity:  audit.Critical,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Withdraw},
	Condition: "After the visitor has withdrawn a consent, a cookie or web storage for analytics or advertising is written, or a host that serves only these is asked.",
	Control: "Only what happens after the withdrawal counts. One whose effect could not be verified lowers the severity by one and makes the " +
		"finding possible; a response within a second of the click may have been on its way: likely.",
	Remediation: "Make the tags obey the withdrawal: stop them at once, and do not load them on the next page.",
	Cites:       []law.Citation{law.GDPR7_3, law.TaskforceWithdrawal},
	Check: func(c *audit.Case) audit.Result {
		ans, res := withdrawal(c)
		if ans == nil {
			return res
		}
		return trackersAfter(c, ans)
	},
}

// withdrawal returns how the consent was withdrawn or, where it was not, what
// to answer.
func withdrawal(c *audit.Case) (*answer, audit.Result) {
	v := c.Scan.Visit(evidence.Withdraw)
	switch v.Consent.Result {
	case evidence.Clicked, evidence.Verified:
		return &answer{phase: evidence.Withdraw, consent: v.Consent, noun: "withdrawal", done: "had withdrawn the consent"}, audit.Result{}
	case evidence.NoBanner:
		return nil, audit.Result{NotApplicable: "there was no banner in which to consent"}
	case evidence.NotReachable:
		return nil, audit.Result{NotApplicable: "nothing on the page leads back to the choice"}
	}
	return nil, audit.Result{Inconclusive: "the consent could not be withdrawn: " + v.Consent.Why}
}

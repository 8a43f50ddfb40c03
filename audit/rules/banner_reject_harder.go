package rules

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// BannerRejectHarder: a choice that is made hard is no free one.
var BannerRejectHarder = audit.Rule{
	ID:        "BANNER_REJECT_HARDER",
	Title:     "Refusing is harder than accepting",
	Severity:  audit.Medium,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "Refusing takes more clicks than accepting; or, where both are on the first layer, refusing is a bare link beside a button, has less " +
		"contrast than 4.5 to 1 where accepting has it, or has less than 0.6 of its area.",
	Control:     "Sizes and colours are measured in the browser, and only compared where both could be. A button that is smaller for its shorter label alone is not. A difference in contrast alone is possible only.",
	Remediation: "Give both controls the same kind, size and contrast, on the same layer.",
	Cites:       []law.Citation{law.TaskforceDesign, law.RefuseAsEasily},
	Check:       checkBannerRejectHarder,
}

const (
	// readable is the contrast that text of ordinary size needs (WCAG 2.2, 1.4.3).
	readable = 4.5
	// smaller is the share of the accepting control's area under which the
	// refusing one is plainly smaller.
	smaller = 0.6
	// asHigh is the share of the height from which two buttons are of one height.
	asHigh = 0.9
)

func checkBannerRejectHarder(c *audit.Case) audit.Result {
	b, res := banner(c)
	if b == nil {
		return res
	}
	if !b.FirstLayerAccept {
		return audit.Result{NotApplicable: "the first layer does not offer to accept"}
	}
	f := audit.Finding{Subject: bannerSubject(c), Certainty: audit.Likely, Evidence: bannerExhibits(b)}
	if b.ClicksAccept != nil && b.ClicksReject != nil && *b.ClicksReject > *b.ClicksAccept {
		f.Message = fmt.Sprintf("Refusing takes %s, accepting %d.", count(int64(*b.ClicksReject), "click"), *b.ClicksAccept)
		f.Certainty = audit.Confirmed
		return audit.Result{Violations: []audit.Finding{f}}
	}
	accept, reject := firstLayer(b, "accept"), firstLayer(b, "reject")
	switch {
	case b.FirstLayerReject && accept != nil && reject != nil:
	case b.ClicksReject == nil && !b.FirstLayerReject:
		return audit.Result{Inconclusive: "how refusing is reached is not known"}
	default:
		return audit.Result{}
	}
	why, colourOnly := harder(accept, reject)
	if len(why) == 0 {
		return audit.Result{}
	}
	if colourOnly {
		f.Certainty = audit.Possible
	}
	f.Message = fmt.Sprintf("Refusing (%s) is less prominent than accepting (%s): %s.", quote(reject.Label), quote(accept.Label), strings.Join(why, "; "))
	return audit.Result{Violations: []audit.Finding{f}}
}

func harder(accept, reject *evidence.BannerControl) (why []string, colourOnly bool) {
	if reject.Kind == "link" && accept.Kind == "button" {
		why = append(why, "it is a link beside a button")
	}
	a, r := accept.Width*accept.Height, reject.Width*reject.Height
	if a > 0 && r > 0 && float64(r) < smaller*float64(a) && !onlyShorter(accept, reject) {
		why = append(why, fmt.Sprintf("it has %d %% of the area", 100*r/a))
	}
	colourOnly = len(why) == 0
	if accept.Contrast != nil && reject.Contrast != nil && *reject.Contrast < readable && *accept.Contrast >= readable {
		why = append(why, fmt.Sprintf("its contrast is %.1f to 1, the other's %.1f", *reject.Contrast, *accept.Contrast))
	}
	return why, colourOnly
}

// onlyShorter reports whether a control is smaller for its label alone: "No" beside
// "Allow all cookies", in buttons of one height and letters of one size, with as
// much room for each letter.
func onlyShorter(accept, reject *evidence.BannerControl) bool {
	a, r := utf8.RuneCountInString(accept.Label), utf8.RuneCountInString(reject.Label)
	return reject.FontSize >= accept.FontSize && float64(reject.Height) >= asHigh*float64(accept.Height) && reject.Width*a >= accept.Width*r
}

package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// BannerNoRejectFirstLayer: refusing must be offered where accepting is.
var BannerNoRejectFirstLayer = audit.Rule{
	ID:        "BANNER_NO_REJECT_FIRST_LAYER",
	Title:     "Banner accepts at once, but does not refuse",
	Severity:  audit.High,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "The banner's first layer has a control to accept and none to refuse.",
	Control: "\"Continue without accepting\" refuses, and so does closing the banner where the profile's authority says so. A notice without a " +
		"control to accept is not this. The taskforce's report states the view of most authorities, so this is likely; a profile can raise it.",
	Remediation: "Put a button that refuses everything beside the one that accepts, of the same size and weight.",
	Cites:       []law.Citation{law.TaskforceReject, law.GDPR4_11},
	Check:       checkBannerNoReject,
}

func checkBannerNoReject(c *audit.Case) audit.Result {
	b, res := banner(c)
	if b == nil {
		return res
	}
	if !b.FirstLayerAccept {
		return audit.Result{NotApplicable: "the first layer does not offer to accept"}
	}
	if b.FirstLayerReject || c.Profile.CloseRefuses && firstLayer(b, "close") != nil {
		return audit.Result{}
	}
	f := audit.Finding{
		Subject:  bannerSubject(c),
		Message:  fmt.Sprintf("The banner's first layer offers to accept (%s) and nothing to refuse.", controlLabels(b, "accept")),
		Evidence: bannerExhibits(b),
	}
	if b.ClicksReject != nil {
		f.Message += fmt.Sprintf(" Refusing takes %s.", count(int64(*b.ClicksReject), "click"))
	}
	return audit.Result{Violations: []audit.Finding{f}}
}

// banner returns the banner or, where there is none, what to answer.
func banner(c *audit.Case) (*evidence.Banner, audit.Result) {
	switch b := c.Scan.Banner; {
	case b == nil:
		return nil, audit.Result{Inconclusive: "no banner could be looked for"}
	case !b.Found:
		return nil, audit.Result{NotApplicable: "no banner was found"}
	default:
		return b, audit.Result{}
	}
}

func bannerSubject(c *audit.Case) audit.Subject {
	return audit.Subject{Kind: audit.SubjectBanner, Domain: c.Scan.Site.Domain}
}

// firstLayer returns the first control of a role on the first layer, nil for
// none.
func firstLayer(b *evidence.Banner, role string) *evidence.BannerControl {
	for i := range b.Controls {
		if k := &b.Controls[i]; k.Layer == 1 && k.Role == role {
			return k
		}
	}
	return nil
}

func controlLabels(b *evidence.Banner, role string) string {
	var labels []string
	for _, k := range b.Controls {
		if k.Layer == 1 && k.Role == role && k.Label != "" {
			labels = append(labels, k.Label)
		}
	}
	if len(labels) == 0 {
		return "a control without a text"
	}
	return list(labels)
}

func bannerExhibits(b *evidence.Banner) []audit.Exhibit {
	es := []audit.Exhibit{{Phase: evidence.Before, What: "the banner as first shown", Raw: clip(b.Text), Source: b.CMP}}
	for _, k := range b.Controls {
		if k.Layer == 1 && len(es) < maxExhibits {
			es = append(es, audit.Exhibit{Phase: evidence.Before, What: fmt.Sprintf("first layer: %s %s (%s), %d × %d pixels", k.Role, quote(k.Label), k.Kind, k.Width, k.Height)})
		}
	}
	return es
}

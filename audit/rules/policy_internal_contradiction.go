package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PolicyInternalContradiction: a policy that says two things informs of
// neither. No crawl is needed to see it.
var PolicyInternalContradiction = audit.Rule{
	ID:          "POLICY_INTERNAL_CONTRADICTION",
	Title:       "Policy contradicts its own table",
	Severity:    audit.Medium,
	Certainty:   audit.Likely,
	NeedsPolicy: true,
	Condition: "A sentence of the policy (no cookies, only necessary cookies, only session cookies, no third parties, no advertising, no tracking across sessions) meets a " +
		"cookie that the policy itself declares and that shows the opposite.",
	Control: "The sentence is quoted and read with its scope and with what it takes out. Rows are held against it by what they declare, or by a " +
		"purpose that is known with at least 0.9 confidence. Sentences can be read in more than one way, so this is likely. A sentence that " +
		"denies cookies for a purpose only (\"to identify you\") beside rows that have another purpose is possible, and low, as is one that " +
		"only necessary cookies are used; that one is not tested where the same document speaks of consent.",
	Remediation: "Rewrite the sentence or the table, so that both say what the site does.",
	Cites:       []law.Citation{law.GDPR12_1},
	Check:       checkInternalContradiction,
}

// opposes reports whether a declared row shows the opposite of a claim.
func opposes(c *audit.Case, kind evidence.ClaimKind, i int) bool {
	d, p := &c.Scan.Declarations[i], c.Declared[i]
	lasts := d.Seconds != nil && *d.Seconds > 0 && d.Unsure == ""
	known := tracks(p) && p.Sure() >= 0.9 && !p.NameOnly
	switch kind {
	case evidence.ClaimNoCookies:
		return d.Storage == evidence.KindCookie
	case evidence.ClaimNecessaryOnly:
		return d.Storage == evidence.KindCookie && (d.Category == evidence.Analytics || d.Category == evidence.Marketing)
	case evidence.ClaimSessionOnly:
		return d.Storage == evidence.KindCookie && lasts
	case evidence.ClaimNoThirdParties:
		return known && !ownTool(p)
	case evidence.ClaimNoAdvertising:
		return d.Category == evidence.Marketing || known && p.Confidence >= 0.9 && p.Category == evidence.Marketing && p.Class != "video"
	case evidence.ClaimNoCrossSession:
		return lasts && *d.Seconds > day && (known || d.Category == evidence.Analytics || d.Category == evidence.Marketing)
	}
	return false
}

// ownTool reports whether a product runs on the site's own servers as often as
// on its maker's.
func ownTool(p audit.Purpose) bool {
	return slices.Contains([]string{"Matomo", "Piwik PRO", "Plausible", "Ahoy", "Snowplow"}, p.Provider)
}

func checkInternalContradiction(c *audit.Case) audit.Result {
	var found collection
	tested := false
	for _, t := range probes() {
		var quotes, rows []audit.Exhibit
		var names []string
		firm := false
		for i := range c.Scan.Claims {
			cl := &c.Scan.Claims[i]
			except, understood := exceptions(cl)
			if cl.Kind != t.kind || !understood || cl.Kind == evidence.ClaimNecessaryOnly && speaksOfConsent(c.Scan, cl.Source.URL) {
				continue
			}
			tested = true
			against := contradictingRows(c, cl, &except)
			if len(against) == 0 {
				continue
			}
			quotes = append(quotes, audit.Exhibit{What: "the policy says", Raw: cl.Quote, Source: cl.Source.URL})
			for _, j := range against {
				firm = firm || cl.Kind != evidence.ClaimNecessaryOnly && (!cl.Limited || meetsLimit(c, j))
				if d := &c.Scan.Declarations[j]; !slices.Contains(names, d.Name) {
					names = append(names, d.Name)
					rows = append(rows, declarationExhibit(d))
				}
			}
		}
		if len(names) == 0 {
			continue
		}
		severity, certainty := audit.Medium, audit.Likely
		if !firm {
			severity, certainty = audit.Low, audit.Possible
		}
		found.add(audit.Finding{
			Severity: severity, Certainty: certainty,
			Subject:  audit.Subject{Kind: audit.SubjectClaim, Name: string(t.kind)},
			Message:  fmt.Sprintf("The policy says %s, and declares what contradicts it: %s.", quote(quotes[0].Raw), list(names)),
			Evidence: append(quotes[:min(len(quotes), maxExhibits/3)], rows...),
		})
	}
	switch {
	case len(found.list) > 0:
		return audit.Result{Violations: found.list}
	case !tested:
		return audit.Result{NotApplicable: "the policies make no claim that their own tables can test"}
	}
	return audit.Result{}
}

// speaksOfConsent reports whether a document has optional cookies set by consent:
// its sentence about necessary cookies may be about visitors who refuse.
func speaksOfConsent(s *evidence.Scan, document string) bool {
	return slices.ContainsFunc(s.Claims, func(cl evidence.Claim) bool {
		return cl.Source.URL == document && (cl.Kind == evidence.ClaimAfterConsent || cl.Kind == evidence.ClaimWithdrawal)
	})
}

// meetsLimit reports whether a declared cookie may be for the purpose that a
// sentence denies ("does not use cookies to identify you").
func meetsLimit(c *audit.Case, i int) bool {
	d := &c.Scan.Declarations[i]
	return tracks(c.Declared[i]) || d.Category != evidence.Necessary && d.Category != evidence.Functional
}

// contradictingRows lists the declared rows that a claim speaks of, does not
// take out, and that show its opposite.
func contradictingRows(c *audit.Case, cl *evidence.Claim, except *exemptWords) []int {
	var out []int
	subjects := subjectsOf(c.Scan, cl)
	for i := range c.Scan.Declarations {
		d := &c.Scan.Declarations[i]
		if len(subjects) > 0 && !slices.Contains(subjects, d.Name) || except.coversRow(d, c.Declared[i]) {
			continue
		}
		if opposes(c, cl.Kind, i) {
			out = append(out, i)
		}
	}
	return out
}

// coversRow reports whether a declared row may be among what is taken out.
func (e *exemptWords) coversRow(d *evidence.Declaration, p audit.Purpose) bool {
	if e.session && d.Seconds != nil && *d.Seconds == 0 {
		return true
	}
	if len(e.categories) == 0 {
		return false
	}
	preference := e.categories[evidence.Functional] && (p.Class == "consent" || p.Class == "interface")
	unknown := p.Category == evidence.UnknownCategory && (d.Category == evidence.UnknownCategory || d.Category == "")
	return unknown || e.categories[d.Category] || e.categories[p.Category] || e.categories[evidence.Necessary] && p.Exempt || preference
}

package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PolicyClaimContradicted: what a policy promises must be so.
var PolicyClaimContradicted = audit.Rule{
	ID:          "POLICY_CLAIM_CONTRADICTED",
	Title:       "Site does what its policy says it does not",
	Severity:    audit.High,
	Certainty:   audit.Likely,
	Needs:       []evidence.Phase{evidence.Before},
	NeedsPolicy: true,
	Condition: "A sentence of the policy (no cookies, only necessary cookies, only session cookies, only after consent, no third parties, no " +
		"advertising, no tracking across sessions) meets a cookie that shows the opposite.",
	Control: "The sentence is quoted and read with its scope and with what it takes out itself; one that denies cookies for a purpose only " +
		"(\"to identify you\") meets tracking cookies only. That only necessary cookies are used is held against what was stored " +
		"for statistics or advertising without consent: it may be meant for visitors who refuse. Advertising and tracking count only where the " +
		"purpose is known with at least 0.7 confidence. Sentences can be read in more than one way, so this is likely, never confirmed.",
	Remediation: "Correct the one or the other: make the site do what the sentence says, or say what the site does.",
	Cites:       []law.Citation{law.GDPR5_1a, law.GDPR12},
	Check:       checkPolicyClaims,
}

// A probe holds one kind of claim against the cookies of a scan.
type probe struct {
	kind evidence.ClaimKind
	// yet words what contradicts the claim, before the names.
	yet string
	// against reports whether a stored cookie contradicts the claim.
	against func(*audit.Case, *evidence.Claim, int) bool
}

func probes() []probe {
	return []probe{
		{evidence.ClaimNoCookies, "stored", func(c *audit.Case, cl *evidence.Claim, i int) bool {
			return !cl.Limited || tracks(c.Cookies[i].Purpose)
		}},
		{evidence.ClaimNecessaryOnly, "stored for statistics or advertising without consent", func(c *audit.Case, cl *evidence.Claim, i int) bool {
			return tracks(c.Cookies[i].Purpose) && storedWithoutConsent(c, cl, i)
		}},
		{evidence.ClaimSessionOnly, "set to be kept beyond the session", func(c *audit.Case, _ *evidence.Claim, i int) bool {
			return asked(&c.Scan.Cookies[i]) > 0
		}},
		{evidence.ClaimAfterConsent, "stored without consent", storedWithoutConsent},
		{evidence.ClaimNoThirdParties, "stored by third parties", func(c *audit.Case, _ *evidence.Claim, i int) bool {
			k := &c.Scan.Cookies[i]
			return foreign(c.Scan, k.Party, k.Site, c.Cookies[i].Purpose)
		}},
		{evidence.ClaimNoAdvertising, "stored for advertising or social networks", advertises},
		{evidence.ClaimNoCrossSession, "able to recognise a visitor from session to session", func(c *audit.Case, _ *evidence.Claim, i int) bool {
			return tracks(c.Cookies[i].Purpose) && asked(&c.Scan.Cookies[i]) > day
		}},
	}
}

func checkPolicyClaims(c *audit.Case) audit.Result {
	var found collection
	why, tested := "", false
	for _, t := range probes() {
		var quotes, hits []audit.Exhibit
		var names []string
		for i := range c.Scan.Claims {
			cl := &c.Scan.Claims[i]
			if cl.Kind != t.kind {
				continue
			}
			tested = true
			except, understood := exceptions(cl)
			if !understood {
				why = "what a sentence takes out could not be read: " + quote(cl.Except)
				continue
			}
			against := contradicting(c, &t, cl, except)
			if len(against) == 0 {
				continue
			}
			quotes = append(quotes, audit.Exhibit{What: "the policy says", Raw: cl.Quote, Source: cl.Source.URL})
			for _, j := range against {
				if k := &c.Scan.Cookies[j]; !slices.Contains(names, k.Name) {
					names = append(names, k.Name)
					hits = append(hits, contradictionExhibit(c, &t, j))
				}
			}
		}
		if len(names) > 0 {
			found.add(claimFinding(&t, quotes, names, hits))
		}
	}
	switch {
	case len(found.list) > 0:
		return audit.Result{Violations: found.list}
	case !tested:
		return audit.Result{NotApplicable: "the policies make no claim that a scan can test"}
	case why != "":
		return audit.Result{Inconclusive: why}
	}
	return passUnless(c.Scan)
}

func claimFinding(t *probe, quotes []audit.Exhibit, names []string, hits []audit.Exhibit) audit.Finding {
	verb := "were"
	if len(names) == 1 {
		verb = "was"
	}
	return audit.Finding{
		Subject:  audit.Subject{Kind: audit.SubjectClaim, Name: string(t.kind)},
		Severity: audit.High, Certainty: audit.Likely,
		Message: fmt.Sprintf("The policy says %s, yet %s %s %s: %s.", quote(quotes[0].Raw), count(int64(len(names)), "cookie"), verb, t.yet, list(names)),
		// Quotes first, so that the bound on exhibits never drops them all.
		Evidence: append(quotes[:min(len(quotes), maxExhibits/3)], hits...),
	}
}

// contradicting lists the stored cookies that a claim speaks of, does not take
// out, and that show its opposite.
func contradicting(c *audit.Case, t *probe, cl *evidence.Claim, except exemptWords) []int {
	var out []int
	subjects := subjectsOf(c.Scan, cl)
	for i := range c.Scan.Cookies {
		k, a := &c.Scan.Cookies[i], c.Cookies[i]
		if !stored(k) || len(subjects) > 0 && !speaksOf(c.Scan, subjects, k, a.Match) || except.covers(k, a.Purpose) {
			continue
		}
		if t.against(c, cl, i) {
			out = append(out, i)
		}
	}
	return out
}

// subjectsOf returns the declared names that a claim is limited to: those of
// its row, or those that its section declares; none where it speaks of all.
func subjectsOf(s *evidence.Scan, cl *evidence.Claim) []string {
	if len(cl.Subjects) > 0 || cl.Scope != "section" || cl.Source.Section == "" {
		return cl.Subjects
	}
	var names []string
	for i := range s.Declarations {
		d := &s.Declarations[i]
		if d.Source.Section == cl.Source.Section && d.Source.URL == cl.Source.URL {
			names = append(names, d.Name)
		}
	}
	return names
}

func speaksOf(s *evidence.Scan, subjects []string, k *evidence.Cookie, m audit.Match) bool {
	for _, i := range m.Declarations {
		if slices.Contains(subjects, s.Declarations[i].Name) {
			return true
		}
	}
	return slices.ContainsFunc(subjects, func(n string) bool { return audit.MatchName(n, k.Name) })
}

// storedWithoutConsent holds for what was stored before any answer or after a
// refusal. A claim about all cookies is taken to mean those that need consent,
// under the law of the profile.
func storedWithoutConsent(c *audit.Case, cl *evidence.Claim, i int) bool {
	k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
	all := len(cl.Subjects) == 0
	if all && !p.NonExempt() {
		return false
	}
	national := exception(c, p, k.Party)
	before := storedIn(k, evidence.Before) && (!all || national == nil)
	after := refused(c.Scan) && len(afterAnswer(k, evidence.Reject)) > 0 && (!all || national == nil || !national.AfterRefusal)
	return before || after
}

func refused(s *evidence.Scan) bool {
	v := s.Visit(evidence.Reject)
	return v != nil && v.Consent.Result == evidence.Verified
}

// advertises holds for what is known to advertise and for what the site's own
// table says does. A player's cookies are used for advertising too, but
// whether they were here is not known.
func advertises(c *audit.Case, _ *evidence.Claim, i int) bool {
	p := c.Cookies[i].Purpose
	if p.NonExempt() && p.Confidence >= 0.7 && p.Category == evidence.Marketing && p.Class != "video" {
		return true
	}
	for _, j := range c.Cookies[i].Match.Declarations {
		if c.Scan.Declarations[j].Category == evidence.Marketing {
			return true
		}
	}
	return false
}

func contradictionExhibit(c *audit.Case, t *probe, i int) audit.Exhibit {
	k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
	var e audit.Exhibit
	switch {
	case t.kind == evidence.ClaimAfterConsent && !storedIn(k, evidence.Before):
		e = writeExhibit(k, afterAnswer(k, evidence.Reject)[0])
		e.What += "; after a refusal"
	case asked(k) > 0 && t.kind != evidence.ClaimAfterConsent:
		e = longestExhibit(k)[0]
	default:
		e = firstExhibit(k)[0]
	}
	e.What += " (" + purposeWords(p) + ")"
	return e
}

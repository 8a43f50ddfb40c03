package rules

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// ThirdPartyNotDisclosed: whether third parties have access is part of what
// visitors must be told.
var ThirdPartyNotDisclosed = audit.Rule{
	ID:          "THIRD_PARTY_NOT_DISCLOSED",
	Title:       "Third party that the policy does not name",
	Severity:    audit.High,
	Certainty:   audit.Likely,
	Needs:       []evidence.Phase{evidence.Before},
	NeedsPolicy: true,
	Condition: "An organisation other than the site's keeps cookies or web storage in the visitor's browser, and no policy names it, neither " +
		"by a name that it goes by nor by its domain.",
	Control: "Domains that carry the site's own name (under another ending, or with a word such as \"static\" or \"cdn\") are its own, as are " +
		"those that the policy lists beside the site's for one cookie. Names are searched for as whole words in all of the policies' text. " +
		"Where nobody is known to own a domain, its name without the ending is searched for too.",
	Remediation: "Name the organisation in the policy as a recipient, with what it stores and why, or remove its content from the pages.",
	Cites:       []law.Citation{law.Planet49DurationAndAccess, law.GDPR13_1e},
	Check:       checkThirdPartyNotDisclosed,
}

// A party is an organisation that keeps something in the visitor's browser.
type party struct {
	provider   string
	confidence float64
	domains    []string
	names      []string // all that it goes by, but for its domains
	keeps      []string
	exhibits   []audit.Exhibit
}

func checkThirdPartyNotDisclosed(c *audit.Case) audit.Result {
	text := newPolicyText(c.Scan)
	if text.empty() {
		return audit.Result{Inconclusive: unread}
	}
	var found collection
	for _, p := range thirdParties(c) {
		if text.discloses(&p) {
			continue
		}
		slices.Sort(p.domains)
		who := p.domains[0]
		if p.provider != "" {
			who = fmt.Sprintf("%s (%s)", p.provider, strings.Join(p.domains, ", "))
		}
		f := audit.Finding{
			Subject:  audit.Subject{Kind: audit.SubjectProvider, Name: p.provider, Domain: p.domains[0]},
			Severity: audit.High, Certainty: audit.Likely,
			Message: fmt.Sprintf("%s keeps %s in the visitor's browser (%s). The policies do not name it: %s cannot be found in them.",
				who, count(int64(len(p.keeps)), "item"), list(p.keeps), strings.Join(append(slices.Clone(p.names), p.domains...), ", ")),
			Evidence: append(p.exhibits[:min(len(p.exhibits), maxExhibits/2)], policyExhibits(c.Scan)...),
		}
		if p.provider == "" {
			f.Subject.Name = p.domains[0]
		}
		found.add(readInPart(c.Scan, f))
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	return passUnless(c.Scan)
}

// thirdParties gathers what others keep, first by registrable domain and then
// by organisation, in the order of the scan.
func thirdParties(c *audit.Case) []party {
	var ps []party
	at := map[string]int{}
	add := func(site, what string, p audit.Purpose, e []audit.Exhibit) {
		i, ok := at[site]
		if !ok {
			i = len(ps)
			at[site] = i
			ps = append(ps, party{domains: []string{site}})
		}
		ps[i].take(what, p, e)
	}
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		if foreign(c.Scan, k.Party, k.Site, c.Cookies[i].Purpose) && stored(k) {
			add(k.Site, k.Name, c.Cookies[i].Purpose, firstExhibit(k))
		}
	}
	for i := range c.Scan.Storage {
		it := &c.Scan.Storage[i]
		if foreign(c.Scan, it.Party, it.Site, c.Storage[i].Purpose) {
			add(it.Site, it.Key, c.Storage[i].Purpose, []audit.Exhibit{{What: fmt.Sprintf("%q kept in %s of %s", it.Key, it.Kind, it.Origin)}})
		}
	}
	return byOrganisation(ps)
}

func (p *party) take(what string, pu audit.Purpose, e []audit.Exhibit) {
	if pu.Provider != "" {
		if pu.ProviderConfidence > p.confidence {
			p.provider, p.confidence = pu.Provider, pu.ProviderConfidence
		}
		for _, n := range append([]string{pu.Provider}, pu.Aliases...) {
			if !slices.Contains(p.names, n) {
				p.names = append(p.names, n)
			}
		}
	}
	if !slices.Contains(p.keeps, what) {
		p.keeps = append(p.keeps, what)
		p.exhibits = append(p.exhibits, e...)
	}
}

// byOrganisation joins the domains of one organisation.
func byOrganisation(ps []party) []party {
	var out []party
	at := map[string]int{}
	for _, p := range ps {
		i, ok := at[p.provider]
		if p.provider == "" || !ok {
			at[p.provider] = len(out)
			out = append(out, p)
			continue
		}
		o := &out[i]
		o.domains = append(o.domains, p.domains...)
		o.exhibits = append(o.exhibits, p.exhibits...)
		for _, n := range p.names {
			if !slices.Contains(o.names, n) {
				o.names = append(o.names, n)
			}
		}
		for _, k := range p.keeps {
			if !slices.Contains(o.keeps, k) {
				o.keeps = append(o.keeps, k)
			}
		}
	}
	return out
}

// foreign reports whether a registrable domain is somebody else's. What
// advertises is, wherever a table lists it.
func foreign(s *evidence.Scan, p evidence.Party, site string, pu audit.Purpose) bool {
	own := sameOwner(site, s.Site.Domain) || pu.Category != evidence.Marketing && listedAsOwn(s, site)
	return p == evidence.Third && site != "" && !own
}

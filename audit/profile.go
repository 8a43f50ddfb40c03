package audit

import (
	"slices"

	"cookieaudit/audit/law"
)

// A Profile is the law of a place, as far as it changes what a rule says: data,
// read from a file. The zero Profile changes nothing.
type Profile struct {
	Name  string
	Title string
	// AsOf is the day on which the profile was last checked, ISO 8601.
	AsOf   string
	Limits Limits
	// Statistics and Preferences say under which conditions such cookies need no
	// consent here; nil where they do.
	Statistics  *Exception
	Preferences *Exception
	// Instead holds what is cited here in place of what holds elsewhere only, and
	// nothing where this law has no such provision.
	Instead map[law.Citation][]law.Citation
	// CloseRefuses: closing the banner counts as refusing (Italy).
	CloseRefuses bool
	Changes      map[string]Change
}

// Limits are numbers that a law or an authority gives, in days; 0 where none
// does.
type Limits struct {
	// Choice is the longest validity of a consent, StatisticsCookie the longest
	// life of a cookie for exempt statistics.
	Choice           int64
	StatisticsCookie int64
}

// An Exception is a national exemption from consent. Whether its conditions are
// met is for a person to check.
type Exception struct {
	Conditions string
	// AfterRefusal is true where the exemption holds although the visitor has
	// refused.
	AfterRefusal bool
	Cites        []law.Citation
}

// A Change is what a profile changes of one rule.
type Change struct {
	// Off says why the rule does not apply here; empty where it does.
	Off string
	// AtMost caps the severity; empty for no cap.
	AtMost Severity
	// Severity and Certainty replace the rule's own, where a finding does not
	// state others; empty where they do not.
	Severity  Severity
	Certainty Certainty
	// Cites are added to the rule's own citations.
	Cites []law.Citation
}

// under returns the rule as it stands under a profile.
func (r *Rule) under(p *Profile) Rule {
	out := *r
	ch := p.Changes[r.ID]
	if ch.Severity != "" {
		out.Severity = ch.Severity
	}
	if ch.Certainty != "" {
		out.Certainty = ch.Certainty
	}
	out.Cites = p.Citations(r)
	return out
}

// Citations returns the law that a rule rests on here, each provision once, or
// elsewhere where the rule does not apply here.
func (p *Profile) Citations(r *Rule) []law.Citation {
	if p.Changes[r.ID].Off != "" {
		return slices.Clone(r.Cites)
	}
	var out []law.Citation
	add := func(cs ...law.Citation) {
		for _, c := range cs {
			if !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	for _, c := range r.Cites {
		if here, elsewhere := p.Instead[c]; elsewhere {
			add(here...)
		} else {
			add(c)
		}
	}
	add(p.Changes[r.ID].Cites...)
	return out
}

// cap lowers a finding to what the profile lets a rule say.
func (c *Change) cap(f *Finding) {
	if c.AtMost != "" && !c.AtMost.AtLeast(f.Severity) {
		f.Severity = c.AtMost
	}
}

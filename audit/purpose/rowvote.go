package purpose

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// rowVote is what the overlay says; weak is set where only a weak name did.
func (c *Classifier) rowVote(e *entry, f fit, s *subject, org *organisation) (v vote, basis []string, weak *entry) {
	v = vote{category: e.Category, class: e.Class, exempt: e.isExempt, also: c.otherwise(e, s, org)}
	who := e.Provider
	if who == "" {
		who = "many platforms"
	}
	note := fmt.Sprintf("%q is known as %s (%s) of %s (%s)", s.name, e.Category, e.Class, who, e.from)
	sameOrg := org != nil && e.Provider != "" && (org.is(e.Provider) || e.row.is(org.Name))
	switch {
	case e.Weak && sameOrg:
		v.confidence = weakWithOrg
	case e.Weak:
		v.confidence, weak = weakName, e
		if e.isExempt && s.first {
			v.confidence = weakExempt
		}
		if e.isExempt && (!s.first || s.setter.host != "" && org == nil) {
			v.confidence = weakForeign
		}
		note += "; the name is short or common, so it proves little"
	case f == elsewhere && s.host == "" && generic(s.name):
		v.confidence = weakName
	case f == elsewhere, e.forVisitor() && !s.first:
		v.confidence = curatedFar
	case e.gate == onHosts, sameOrg:
		v.confidence = curated
	default:
		v.confidence = curatedName
	}
	if e.doubtful(v.also) {
		limit := disputed
		if v.confidence <= curatedFar {
			limit = disputedFar
		}
		v.confidence = min(v.confidence, limit)
	}
	if len(v.also) > 0 {
		note += "; others file it under " + words(v.also)
	}
	return v, []string{note}, weak
}

// otherwise returns the categories under which public sources file what an
// entry speaks of, beside its own: those that the overlay notes, and that of
// the cookie database where the two hold it for different kinds of tracker. What
// the database calls functional covers sessions and trackers alike and contests
// nothing.
func (c *Classifier) otherwise(e *entry, s *subject, org *organisation) []evidence.Category {
	also := slices.Clone(e.Also)
	if e.isExempt || e.Category == evidence.Necessary {
		return also
	}
	for _, f := range c.database.named(s.name) {
		if isTracker(f.category) && f.category != e.Category && !slices.Contains(also, f.category) && f.vote(s, org).confidence >= databasePrefix {
			also = append(also, f.category)
		}
	}
	return also
}

// doubtful reports whether those who file a thing differently do not even agree
// on whether it needs consent. Two kinds of tracker both do; "necessary" and
// "functional" are two words for what does not.
func (e *entry) doubtful(also []evidence.Category) bool {
	return slices.ContainsFunc(also, func(c evidence.Category) bool {
		if e.isExempt {
			return isTracker(c)
		}
		return !isTracker(c) || !isTracker(e.Category)
	})
}

func words(cs []evidence.Category) string {
	var ws []string
	for _, c := range cs {
		ws = append(ws, string(c))
	}
	return strings.Join(ws, " or ")
}

// forVisitor reports whether an entry's class is exempt only in the service
// that the visitor asked for: a session or log-in of the site, not one that an
// embedded third party keeps.
func (r *row) forVisitor() bool {
	return r.Class == "session" || r.Class == "authentication" || r.Class == "interface"
}

func (r *row) is(name string) bool {
	o := organisation{Name: r.Provider, Aliases: r.Aliases}
	return o.is(name)
}

// combine joins the overlay's vote with that of who wrote it. An entry that
// names its host, or whose cookie any domain may carry (Cloudflare's on its
// customers' domains), knows more than the organisation does.
func combine(e *entry, v, ov vote, s *subject, org *organisation) (vote, bool) {
	if v.category == ov.category {
		if !e.doubtful(v.also) { // that the maker advertises says nothing of this cookie
			v.confidence = min(1-(1-v.confidence)*(1-ov.confidence), curatedCap)
		}
		return v, false
	}
	foreign := !s.first && e.forVisitor()
	if e.gate == onHosts || e.gate == onAny && !s.first && !foreign || e.row.is(org.Name) || e.Class == "feature test" {
		return v, false
	}
	if e.isExempt && isTracker(ov.category) && (e.Weak || e.Provider == "" || foreign) {
		// A tracker's script that borrows a common name is still a tracker's.
		ov.confidence -= disagree
		return ov, true
	}
	low := v
	if ov.confidence > v.confidence {
		v, low = ov, v
	}
	if isTracker(v.category) && isTracker(low.category) {
		v.also = append(v.also, low.category)
	} else {
		v.confidence -= disagree
	}
	return v, true
}

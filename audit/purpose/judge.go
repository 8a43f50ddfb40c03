package purpose

import (
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// The weights of the sources.
const (
	ownRow       = 0.99 // the user's own data
	curated      = 0.97 // name and domain, or name and setter, agree with the overlay
	curatedName  = 0.92 // a distinctive name on a domain on which it may stand
	curatedFar   = 0.75 // a site's own cookie on a domain nobody is known to own
	disputed     = 0.80 // of which some say that it needs consent and some that it does not
	disputedFar  = 0.60 // the same, by the name alone, or kept by a third party for its own visitors
	contested    = 0.65 // of a category, where public sources file the same cookie under another
	weakName     = 0.45 // a short or common name alone
	weakExempt   = 0.55 // the same, of an exempt class
	weakForeign  = 0.35 // the same on a domain, or from a script, of nobody known
	weakWithOrg  = 0.90 // a weak name written by the organisation it is known of
	weakPlatform = 0.80 // a weak name beside distinctive cookies of the same platform

	databaseAt         = 0.90 // the name, and its domain or who wrote it, as the database has them
	databaseName       = 0.75 // an exact name of which no domain is known
	databasePrefix     = 0.70 // the beginning of a name
	databaseFunctional = 0.65 // a category that covers exempt cookies and others

	orgAdvertising = 0.80
	orgAnalytics   = 0.75
	orgOther       = 0.70

	agreeCap    = 0.95 // sources that agree, none of them curated
	curatedCap  = 0.99
	disagree    = 0.20 // taken off the best where sources disagree
	nudge       = 0.10 // identifier test; marks of a session
	longLived   = 30   // days
	unknownBand = 0.40
)

// A vote is what one source says.
type vote struct {
	category   evidence.Category
	class      string
	exempt     bool
	confidence float64 // that it needs consent or, where exempt, does not
	// also are the categories that others give.
	also []evidence.Category
}

// A source is a vote and where it comes from.
type source struct {
	vote
	kind     sourceKind
	note     string // empty where it says nothing
	nameOnly bool
}

type sourceKind int

const (
	fromDatabase sourceKind = iota
	fromOrganisation
	fromShape
)

// judge combines what is known of a subject. weak is the entry that decided
// where only a weak name did.
func (c *Classifier) judge(s *subject) (p audit.Purpose, weak *entry) {
	if e, basis := c.ownEntry(s); e != nil {
		return e.verdict(basis), nil
	}
	e, f, contradicted := best(c.overlay.named(s.name), s)
	if e == nil {
		return c.judgeUncurated(s, contradicted), nil
	}
	org, orgBasis := s.behind()
	v, basis, weak := c.rowVote(e, f, s, org)
	if orgBasis != "" {
		basis = append(basis, orgBasis)
	}
	review := false
	if ov := orgVote(org); ov.confidence > 0 {
		if v, review = combine(e, v, ov, s, org); review {
			basis = append(basis, "the name and who wrote it point to different purposes")
		}
	}
	v, notes := adjust(v, s, true)
	p = v.purpose(append(basis, notes...))
	p.NeedsReview = review || !v.exempt && len(v.also) > 0
	c.attribute(&p, e, s, org)
	return p, weak
}

// judgeUncurated combines the public data and the form of the name, for what
// the overlay does not know here.
func (c *Classifier) judgeUncurated(s *subject, contradicted *entry) audit.Purpose {
	var basis []string
	if contradicted != nil {
		basis = append(basis, fmt.Sprintf("the name %q is known on %s only (%s); on %s it says nothing",
			s.name, contradicted.where(), contradicted.from, s.host))
	}
	org, orgBasis := s.behind()
	var sources []source
	var known *fact
	if contradicted == nil {
		var db source
		db, known = c.database.vote(s, org, c.databaseSet)
		sources = append(sources, db)
	}
	sources = append(sources, source{vote: orgVote(org), kind: fromOrganisation, note: orgBasis}, c.shapeSource(s))
	v, review := join(sources)
	for _, src := range sources {
		if src.note != "" {
			basis = append(basis, src.note)
		}
	}
	if review {
		basis = append(basis, "the sources point to different purposes")
	}
	w, notes := adjust(v.vote, s, false)
	p := w.purpose(append(basis, notes...))
	p.NeedsReview, p.NameOnly = review || len(v.also) > 0, v.nameOnly && p.Category != evidence.UnknownCategory
	c.attribute(&p, nil, s, org)
	if p.Provider == "" && known != nil {
		p.Provider, p.ProviderConfidence = known.platform, v.confidence
		p.Aliases = union(nil, []string{known.controller})
	}
	return p
}

// join combines what several sources say. Those that agree with the best
// strengthen it by noisy-or; one that contradicts it weakens it.
func join(sources []source) (best source, review bool) {
	for _, s := range sources {
		if s.confidence > best.confidence {
			best = s
		}
	}
	doubt := 1.0
	for _, s := range sources {
		switch {
		case s.confidence == 0:
		case agrees(s.vote, best.vote):
			doubt *= 1 - s.confidence
			best.nameOnly = best.nameOnly && s.kind != fromOrganisation
			// "Functional" of the database may be a necessary session.
			if s.exempt && !best.exempt {
				best.category, best.class, best.exempt = s.category, s.class, s.exempt
			}
			if best.class == "" {
				best.class = s.class
			}
		case s.kind == fromShape || best.confidence == databaseAt:
			// A word in a name weighs little against data, and the facts of a
			// platform's cookie more than what the platform mostly does.
		case isTracker(s.category) && isTracker(best.category):
			best.also = append(best.also, s.category)
		default:
			review = true
		}
	}
	if review {
		best.confidence -= disagree
	} else if best.confidence > 0 {
		best.confidence = max(best.confidence, min(1-doubt, agreeCap))
	}
	return best, review
}

// isTracker reports whether a category needs consent whatever it is called.
func isTracker(c evidence.Category) bool { return c == evidence.Analytics || c == evidence.Marketing }

func agrees(a, b vote) bool {
	hidden := func(x, y vote) bool { return x.category == evidence.Functional && !x.exempt && y.exempt }
	return a.category == b.category || hidden(a, b) || hidden(b, a)
}

// ownEntry finds the user's entry: by name, then by the host itself, then by
// the host of who wrote.
func (c *Classifier) ownEntry(s *subject) (*entry, string) {
	if e, _, _ := best(c.own.named(s.name), s); e != nil {
		return e, fmt.Sprintf("your data (%s) says so of %q", e.from, s.name)
	}
	if e := c.own.ofHost(s.host); e != nil {
		return e, fmt.Sprintf("your data (%s) says so of %s", e.from, s.host)
	}
	if e := s.setter.own; e != nil {
		return e, fmt.Sprintf("written by %s, of which your data (%s) says so", s.setter.host, e.from)
	}
	return nil, ""
}

func (e *entry) verdict(basis string) audit.Purpose {
	p := audit.Purpose{
		Category: e.Category, Class: e.Class, Exempt: e.isExempt, Confidence: ownRow, ExemptConfidence: ownRow,
		Basis: []string{basis}, Provider: e.Provider, Aliases: e.Aliases,
	}
	if e.Provider != "" {
		p.ProviderConfidence = ownRow
	}
	return p
}

// behind returns the organisation that a subject's domain, or who wrote it,
// belongs to.
func (s *subject) behind() (*organisation, string) {
	if s.org != nil {
		return s.org, fmt.Sprintf("%s belongs to %s", s.host, s.org.describe())
	}
	var through string
	if len(s.setter.through) > 0 {
		through = " through " + strings.Join(s.setter.through, " and ")
	}
	switch {
	case s.setter.org != nil:
		return s.setter.org, fmt.Sprintf("written%s by %s, which belongs to %s", through, s.setter.host, s.setter.org.describe())
	case s.setter.host != "":
		return nil, fmt.Sprintf("written%s by %s, of which nothing is known", through, s.setter.host)
	case through != "":
		return nil, "written" + through + ", which serves any purpose"
	}
	return nil, ""
}

func (o *organisation) describe() string {
	return fmt.Sprintf("%s (%s)", o.Name, o.Class)
}

// where says on which domains an entry holds.
func (e *entry) where() string {
	if len(e.hosts) > 0 {
		return strings.Join(e.hosts, ", ")
	}
	return "a site's own domain"
}

func orgVote(o *organisation) vote {
	if o == nil {
		return vote{}
	}
	v := vote{category: o.Category, class: o.Class, confidence: orgOther}
	switch o.Category {
	case evidence.Marketing:
		v.confidence = orgAdvertising
	case evidence.Analytics:
		v.confidence = orgAnalytics
	case evidence.Necessary:
		v.exempt = o.Class == "consent"
	case evidence.UnknownCategory:
		return vote{}
	}
	return v
}

// adjust weighs what the record itself shows.
func adjust(v vote, s *subject, curatedRow bool) (vote, []string) {
	var notes []string
	limit := agreeCap
	if curatedRow {
		limit = curatedCap
	}
	risky := s.identifying && (s.endless || s.days > longLived)
	switch {
	case risky && s.endless:
		notes = append(notes, "its value holds a part that differs between fresh visits, and nothing ends it: it can tell visitors apart")
	case risky:
		notes = append(notes, fmt.Sprintf("its value (%d bytes) holds a part that differs between fresh visits and it is kept for %d days: it can tell visitors apart",
			s.length, s.days))
	}
	if v.confidence == 0 {
		return v, notes
	}
	if risky && !v.exempt {
		v.confidence = min(v.confidence+nudge, max(limit, v.confidence))
	}
	if v.exempt && s.serverSession {
		v.confidence = min(v.confidence+nudge, max(limit, v.confidence))
		notes = append(notes, "a session cookie of the site's own server, out of reach of scripts")
	}
	return v, notes
}

func (v vote) purpose(basis []string) audit.Purpose {
	if basis == nil {
		basis = []string{}
	}
	p := audit.Purpose{Category: evidence.UnknownCategory, Confidence: round(v.confidence), Basis: basis}
	if p.Confidence >= unknownBand {
		p.Category, p.Class, p.Exempt, p.Also = v.category, v.class, v.exempt, v.also
	}
	p.ExemptConfidence = p.Confidence
	if len(v.also) > 0 {
		p.Confidence = min(p.Confidence, contested)
	}
	return p
}

// round keeps two places: more would pretend to a precision that the weights
// do not have.
func round(x float64) float64 { return float64(int(x*100+0.5)) / 100 }

// attribute names the provider. On somebody else's domain that is who owns the
// domain, whose service may have set the cookie there.
func (c *Classifier) attribute(p *audit.Purpose, e *entry, s *subject, org *organisation) {
	switch {
	case e != nil && e.Provider != "" && (e.gate == onHosts || s.org == nil || s.org.is(e.Provider)):
		p.Provider, p.Aliases, p.ProviderConfidence = e.Provider, e.Aliases, p.Sure()
	case s.org != nil:
		p.Provider, p.Aliases, p.ProviderConfidence = s.org.Name, s.org.Aliases, agreeCap
		if e != nil && e.Provider != "" {
			p.Aliases = union(p.Aliases, append([]string{e.Provider}, e.Aliases...))
		}
	case org != nil && (e == nil || e.Provider == ""):
		p.Provider, p.Aliases, p.ProviderConfidence = org.Name, org.Aliases, orgAdvertising
	}
}

// corroborate raises a weak name's confidence where distinctive cookies of the
// same platform were seen.
func (c *Classifier) corroborate(p audit.Purpose, e *entry) audit.Purpose {
	if p.NeedsReview || p.Sure() >= weakPlatform {
		return p
	}
	sure := vote{category: e.Category, class: e.Class, exempt: e.isExempt, confidence: weakPlatform, also: p.Also}.purpose(p.Basis)
	p.Category, p.Class, p.Exempt = sure.Category, sure.Class, sure.Exempt
	p.Confidence, p.ExemptConfidence, p.ProviderConfidence = sure.Confidence, sure.ExemptConfidence, weakPlatform
	p.Basis = append(p.Basis, "other cookies of "+e.Provider+" were seen on the site")
	return p
}

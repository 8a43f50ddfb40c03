package purpose

import (
	"strings"

	"cookieaudit/audit"
)

// A table finds the entries that a name or a host fits.
type table struct {
	exact map[string][]*entry
	// globs are by what stands before their first "*", but for what is longer
	// than maxHead.
	globs map[string][]*entry
	whole []*entry // entries of whole hosts
}

// maxHead is how many bytes of a glob's beginning it is found by.
const maxHead = 4

// head returns what stands before the first "*" of a pattern, at most maxHead
// bytes.
func head(pattern string) string {
	literal, _, _ := strings.Cut(pattern, "*")
	return literal[:min(len(literal), maxHead)]
}

func newTable(es []*entry) *table {
	t := &table{exact: map[string][]*entry{}, globs: map[string][]*entry{}}
	for _, e := range es {
		switch {
		case e.pattern == "":
			t.whole = append(t.whole, e)
		case strings.Contains(e.pattern, "*"):
			t.globs[head(e.pattern)] = append(t.globs[head(e.pattern)], e)
		default:
			t.exact[e.pattern] = append(t.exact[e.pattern], e)
		}
	}
	return t
}

// named returns the entries whose pattern the name fits.
func (t *table) named(name string) []*entry {
	es := t.exact[name]
	es = es[:len(es):len(es)]
	for n := range min(len(name), maxHead) + 1 {
		for _, e := range t.globs[name[:n]] {
			if audit.MatchName(e.pattern, name) {
				es = append(es, e)
			}
		}
	}
	return es
}

// ofHost returns the entry of the whole host that is the longest match.
func (t *table) ofHost(host string) *entry {
	var best *entry
	length := 0
	for _, e := range t.whole {
		for _, h := range e.hosts {
			// On a tie the later entry wins: later files are read later.
			if under(host, h) && len(h) >= length {
				best, length = e, len(h)
			}
		}
	}
	return best
}

// fit is how an entry's gate suits what was seen.
type fit int

const (
	contradicts fit = iota // the entry is known on other domains only
	elsewhere              // a site's own cookie on a domain nobody is known to own, or a name without a domain
	holds
)

// suits compares an entry's gate with the thing's domain and setter.
func (e *entry) suits(s *subject) fit {
	switch e.gate {
	case onAny:
		return holds
	case onHosts:
		for _, h := range e.hosts {
			if under(s.host, h) || s.first && under(s.setter.host, h) {
				return holds
			}
		}
		if s.host == "" {
			return elsewhere // nobody says on which domain
		}
		return contradicts
	}
	if s.first || s.ownFrame {
		return holds
	}
	if s.org == nil || e.Provider != "" && s.org.is(e.Provider) {
		return elsewhere
	}
	return contradicts
}

// best returns the most telling of the entries that suit, and one of those
// that the domain contradicts where none does.
func best(es []*entry, s *subject) (e *entry, f fit, contradicted *entry) {
	for _, c := range es {
		cf := c.suits(s)
		if cf == contradicts {
			contradicted = c
			continue
		}
		if e == nil || rank(c, cf) >= rank(e, f) {
			e, f = c, cf
		}
	}
	return e, f, contradicted
}

// rank orders entries: one that names the host before one that holds on any,
// then the longest literal, an exact name before a glob.
func rank(e *entry, f fit) int {
	r := len(e.pattern) * 2
	if !strings.Contains(e.pattern, "*") {
		r++
	}
	if e.gate == onHosts {
		r += 1 << 20
	}
	if f == holds {
		r += 1 << 21
	}
	return r
}

package declared

import (
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A Matcher matches names and patterns, gated by the declared host.
type Matcher struct{}

var _ audit.Matcher = Matcher{}

// Match returns a match for each cookie and each storage item of the scan and,
// for each declaration, whether it was seen. A declaration counts as seen also
// where the thing it names was kept in another kind of storage than declared:
// the row is wrong then, not out of date.
func (Matcher) Match(scan *evidence.Scan, cookies, storage []audit.Purpose) (c, s []audit.Match, observed []bool) {
	ix := newIndex(scan)
	observed = make([]bool, len(scan.Declarations))
	c, s = make([]audit.Match, len(scan.Cookies)), make([]audit.Match, len(scan.Storage))
	for i := range scan.Cookies {
		k := &scan.Cookies[i]
		t := thing{name: k.Name, kind: evidence.KindCookie, host: k.Domain, setters: settersOf(k)}
		c[i] = ix.match(t.of(cookies, i), observed)
	}
	for i := range scan.Storage {
		it := &scan.Storage[i]
		t := thing{name: it.Key, kind: it.Kind, host: evidence.HostOf(it.Origin)}
		s[i] = ix.match(t.of(storage, i), observed)
	}
	return c, s, observed
}

// A thing is what was observed, as far as matching goes.
type thing struct {
	name    string
	kind    evidence.StorageKind
	host    string
	setters []string // hosts that wrote it
	// providers are the names that its organisation goes by.
	providers []string
}

func (t thing) of(purposes []audit.Purpose, i int) thing {
	if i < len(purposes) && purposes[i].Provider != "" {
		t.providers = append([]string{purposes[i].Provider}, purposes[i].Aliases...)
	}
	return t
}

// How a declaration fits, best first.
const (
	exact           = "exact"
	pattern         = "pattern"
	providerPattern = "provider pattern"
)

// overBroad is the number of literal characters before the first placeholder
// under which a pattern hardly says what it declares.
const overBroad = 3

// An index finds the declarations that a name may fit.
type index struct {
	scan *evidence.Scan
	// read is false where no policy was found or none could be read.
	read     bool
	exact    map[string][]int
	patterns []int
}

func newIndex(scan *evidence.Scan) *index {
	ix := &index{scan: scan, read: wasRead(scan), exact: map[string][]int{}}
	for i := range scan.Declarations {
		d := &scan.Declarations[i]
		switch {
		case d.Storage == evidence.KindPixel || d.Name == "":
		case prefixOf(d) != "":
			ix.patterns = append(ix.patterns, i)
		default:
			ix.exact[d.Name] = append(ix.exact[d.Name], i)
		}
	}
	return ix
}

// wasRead reports whether there is a policy to compare with.
func wasRead(scan *evidence.Scan) bool {
	if !scan.PolicySearch.Found {
		return false
	}
	for i := range scan.Policies {
		if strings.TrimSpace(scan.Policies[i].Text) != "" {
			return true
		}
	}
	return len(scan.Declarations) > 0
}

// prefixOf returns the pattern of a declaration that stands for several names:
// one with a placeholder, or one that ends in a separator because the
// placeholder behind it was lost ("_ga_"). It is empty for a plain name.
func prefixOf(d *evidence.Declaration) string {
	switch {
	case d.Pattern && strings.Contains(d.Name, "*"):
		return d.Name
	case len(d.Name) > overBroad && strings.ContainsAny(d.Name[len(d.Name)-1:], "_-."):
		return d.Name + "*"
	}
	return ""
}

// match finds the declarations of a thing and marks them as observed.
func (ix *index) match(t thing, observed []bool) audit.Match {
	if !ix.read {
		return audit.Match{State: audit.NotKnown}
	}
	var found [3][]int // exact, pattern, provider pattern
	var near nearMisses
	consider := func(i, tier int) {
		d := &ix.scan.Declarations[i]
		switch covers := ix.covers(d, &t); {
		case !sameKind(d.Storage, t.kind):
			if covers {
				observed[i] = true
			}
			near.add(d.Name, "declared as "+string(d.Storage))
		case !covers:
			near.add(d.Name, "declared for "+d.Host)
		default:
			found[tier] = append(found[tier], i)
		}
	}
	for _, i := range ix.exact[t.name] {
		consider(i, 0)
	}
	for _, i := range ix.patterns {
		p := prefixOf(&ix.scan.Declarations[i])
		if !audit.MatchName(p, t.name) {
			continue
		}
		switch {
		case strings.Trim(p, "*") != "":
			consider(i, 1)
		case sameProvider(&ix.scan.Declarations[i], &t):
			consider(i, 2)
		}
	}
	found[1] = append(found[1], ix.changingSuffix(&t)...)
	return ix.result(t, found, near, observed)
}

// result orders what was found. Near misses matter only where nothing was.
func (ix *index) result(t thing, found [3][]int, near nearMisses, observed []bool) audit.Match {
	m := audit.Match{State: audit.Undeclared}
	for tier, how := range []string{exact, pattern, providerPattern} {
		if len(found[tier]) == 0 {
			continue
		}
		if m.State == audit.Undeclared {
			m.State, m.How = audit.Declared, how
			if d := &ix.scan.Declarations[found[tier][0]]; tier > 0 && literalPrefix(d.Name) < overBroad {
				m.How += " (over-broad: \"" + d.Name + "\")"
			}
		}
		m.Declarations = append(m.Declarations, ix.hostFirst(found[tier], &t)...)
	}
	for _, i := range m.Declarations {
		observed[i] = true
	}
	if m.State == audit.Undeclared {
		ix.findNear(&t, &near)
		m.NearMisses = near.names
	}
	return m
}

// hostFirst puts declarations that name the thing's own host before the rest.
func (ix *index) hostFirst(is []int, t *thing) []int {
	var named, rest []int
	for _, i := range is {
		if ix.names(&ix.scan.Declarations[i], t) {
			named = append(named, i)
		} else {
			rest = append(rest, i)
		}
	}
	return append(named, rest...)
}

// sameKind reports whether a declared kind of storage covers an observed one. A
// row whose kind the policy does not tell covers a cookie, which is what the
// tables are about.
func sameKind(declared, seen evidence.StorageKind) bool {
	if seen == evidence.KindCookie {
		return declared == evidence.KindCookie || declared == evidence.KindOther || declared == ""
	}
	return declared == seen
}

func literalPrefix(name string) int {
	head, _, _ := strings.Cut(name, "*")
	return len(head)
}

// changingSuffix finds plain names that are declared without the part that
// changes from visitor to visitor or site to site, where that part is plainly
// no name: numbers and hexadecimal digits behind a dot (_pk_id.7.1fff), a hash
// or a long number (wordpress_logged_in_<hash>). A word or a container ID is a
// name: "_ga" does not declare "_ga_ABC123", which is a cookie of its own.
func (ix *index) changingSuffix(t *thing) []int {
	var out []int
	if len(t.name) > maxSuffixed {
		return nil
	}
	for i := 1; i < len(t.name); i++ {
		if !strings.ContainsRune("._-", rune(t.name[i])) || !changes(t.name[i:]) {
			continue
		}
		for _, j := range ix.exact[t.name[:i]] {
			if d := &ix.scan.Declarations[j]; sameKind(d.Storage, t.kind) && ix.covers(d, t) {
				out = append(out, j)
			}
		}
		// What follows the first changing suffix is part of it.
		break
	}
	return out
}

// Lengths from which a token is held for generated, and up to which names are
// looked at.
const (
	maxSuffixed = 256
	minHash     = 16
	minNumber   = 5
)

func changes(suffix string) bool {
	rest := suffix[1:]
	hex := strings.Trim(rest, "0123456789abcdef") == "" && rest != ""
	digits := strings.Trim(rest, "0123456789") == "" && rest != ""
	if digits && len(rest) >= minNumber || hex && len(rest) >= minHash {
		return true
	}
	if suffix[0] != '.' {
		return false
	}
	hasDigit := false
	for _, tok := range strings.Split(rest, ".") {
		if tok == "" || strings.Trim(tok, "0123456789abcdef") != "" {
			return false
		}
		hasDigit = hasDigit || strings.ContainsAny(tok, "0123456789")
	}
	return hasDigit
}

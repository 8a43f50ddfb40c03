package declared

import (
	"slices"
	"strings"
)

// Bounds of the search for near misses, so that a hostile policy or a name of
// a megabyte stays cheap.
const (
	maxNear       = 3
	maxNearName   = 64
	maxCandidates = 5000
)

// nearMisses collects declared names that come close, best first.
type nearMisses struct{ names []string }

func (n *nearMisses) add(name, why string) {
	if why != "" {
		name += " (" + why + ")"
	}
	if len(n.names) < maxNear && !slices.Contains(n.names, name) {
		n.names = append(n.names, name)
	}
}

// findNear adds declared names that differ in case, in leading underscores, in
// a suffix, or by a slip of the pen.
func (ix *index) findNear(t *thing, near *nearMisses) {
	if len(t.name) > maxNearName {
		return
	}
	bare := strings.TrimLeft(t.name, "_")
	var family, typo []string
	for i := range ix.scan.Declarations[:min(len(ix.scan.Declarations), maxCandidates)] {
		name := ix.scan.Declarations[i].Name
		base := strings.TrimRight(name, "*")
		switch {
		case base == "" || len(name) > maxNearName || name == t.name:
		case strings.EqualFold(name, t.name), strings.EqualFold(strings.TrimLeft(base, "_"), bare):
			near.add(name, "")
		case len(base) >= 2 && strings.HasPrefix(t.name, base) && strings.ContainsRune("._-", rune(t.name[len(base)])):
			family = append(family, name)
		case slip(base, t.name):
			typo = append(typo, name)
		}
	}
	// The longest base is the closest relative.
	slices.SortStableFunc(family, func(a, b string) int { return len(b) - len(a) })
	for _, name := range append(family, typo...) {
		near.add(name, "")
	}
}

// slip reports whether two names differ by one edit, or by two where both are
// long enough for that to be no coincidence.
func slip(a, b string) bool {
	limit := 0
	switch shorter := min(len(a), len(b)); {
	case shorter >= 8:
		limit = 2
	case shorter >= 4:
		limit = 1
	}
	if limit == 0 || a[0] != b[0] || max(len(a), len(b))-min(len(a), len(b)) > limit {
		return false
	}
	return distance(a, b) <= limit
}

// distance is the number of characters to insert, delete or replace to turn
// one name into the other.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		corner := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := corner
			if a[i-1] != b[j-1] {
				cost++
			}
			corner = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

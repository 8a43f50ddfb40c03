package policy

import (
	"slices"
	"strings"
)

// outsideBrackets splits a line with brackets at the commas outside of them.
func outsideBrackets(line string) []string {
	if !strings.Contains(line, "(") || len(line) > 4000 {
		return nil
	}
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',', ';':
			if depth == 0 {
				out = append(out, line[start:i])
				start = i + 1
			}
		}
	}
	return append(out, line[start:])
}

// ownLives splits "PREF: 8 months; YSC: session" where every part is a name and
// its lifetime.
func ownLives(line string) []string {
	if len(line) > 4000 || !strings.ContainsAny(line, ";,") || !strings.ContainsAny(line, ":–—=-") {
		return nil
	}
	for _, mark := range []string{";", ","} {
		parts := strings.Split(line, mark)
		sure := false
		for _, part := range parts {
			s := namedLength(part)
			if s == notName {
				parts = nil
				break
			}
			sure = sure || s >= likelyName
		}
		if len(parts) > 1 && sure {
			return parts
		}
	}
	return nil
}

// namedLength judges the name of a text that is a name and, behind a mark, its
// lifetime.
func namedLength(text string) strength {
	for _, dash := range nameDashes {
		if left, right, found := strings.Cut(text, dash); found && lifetimeOnly(strings.TrimSpace(right)) && !statesClassOrLifetime(left) {
			return strengthOf(left)
		}
	}
	return notName
}

// described splits a name from what its cell says of it ("_ga: counts visitors").
func described(line string, least strength) (name, note string) {
	if left, right, found := strings.Cut(line, " "); found && hostOf(right) != "" && strengthOf(left) >= likelyName {
		return left, right // "_cf_bm .fonts.example"
	}
	for _, dash := range nameDashes {
		left, right, found := strings.Cut(line, dash)
		if !found || labelKind(left) != noField {
			continue
		}
		s := strengthOf(left)
		if s >= least && lifetimeOnly(right) && !statesClassOrLifetime(left) {
			return left, right
		}
		if s == strongName || s == likelyName && !brandLike(left) {
			if words := strings.Fields(right); len(words) > 1 && strengthOf(strings.TrimRight(words[0], ",;")) < strongName {
				return left, right
			}
		}
	}
	return line, ""
}

// nameDashes stand between a name and its lifetime.
var nameDashes = []string{" – ", " — ", " - ", ": ", " = "}

// livingNames reads a text that is a list of names, each with its lifetime in
// brackets ("_ga (2 years), _gid (1 day)"); nil for any other.
func livingNames(text string) []nameRef {
	if len(text) > 1000 || strings.Count(text, " (") < 2 {
		return nil
	}
	refs := namesIn(text, likelyName)
	if len(refs) < 2 || strengthOf(beforeBracket(text)) < likelyName || coversMore(text, refs) || !allLive(refs) {
		return nil
	}
	return refs
}

// allLive reports whether a lifetime stands in brackets behind every name.
func allLive(refs []nameRef) bool {
	return !slices.ContainsFunc(refs, func(ref nameRef) bool { return !ref.lives() })
}

// quotedLead reads the quoted name that begins a text ("‘_csrf’ protects …").
func quotedLead(text string) ([]nameRef, string) {
	for _, marks := range [][2]string{{"‘", "’"}, {"“", "”"}, {"„", "“"}, {"\"", "\""}, {"'", "'"}, {"«", "»"}} {
		inner, found := strings.CutPrefix(text, marks[0])
		if !found {
			continue
		}
		name, rest, closed := strings.Cut(inner, marks[1])
		if name = strings.TrimSpace(name); !closed || len(name) > 100 || strengthOf(name) < likelyName || !strings.HasPrefix(rest, " ") {
			return nil, ""
		}
		if first := strings.Fields(rest); len(first) == 0 || isAnd(fold(first[0])) {
			return nil, "" // a list of names
		}
		rest, note := behind(rest)
		return []nameRef{{name: canonicalName(name), note: note}}, rest
	}
	return nil, ""
}

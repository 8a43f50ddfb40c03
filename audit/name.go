package audit

import "strings"

// MatchName reports whether a name fits a pattern in which "*" stands for any
// characters, none included; nothing else is special. Cookie names are case
// sensitive (RFC 6265bis), so this is too. It takes time linear in the lengths,
// whatever the pattern.
func MatchName(pattern, name string) bool {
	head, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, head)
	if !ok {
		return false
	}
	for {
		part, next, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(name, part)
		}
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name, rest = name[i+len(part):], next
	}
}

package report

import (
	"strings"
	"unicode"
)

// shortestHead is how many characters of a pattern must be literal before the
// first "*": a shorter one would fit the cookies of others too.
const shortestHead = 3

// NamePattern replaces the parts of a name that vary from site to site or from
// visitor to visitor: "_ga_8XK2P0Q1" becomes "_ga_*". A name that would lose its
// beginning stays as it is.
func NamePattern(name string) string {
	var out strings.Builder
	head, varied := 0, false
	for _, part := range nameParts(name) {
		switch {
		case head >= shortestHead && varies(part):
			if !strings.HasSuffix(out.String(), "*") {
				out.WriteByte('*')
			}
			varied = true
		default:
			out.WriteString(part)
			if !varied {
				head += len(part)
			}
		}
	}
	return out.String()
}

// nameParts splits a name into words and the separators between them.
func nameParts(name string) []string {
	var parts []string
	start := 0
	for i, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if i > start {
				parts = append(parts, name[start:i])
			}
			parts = append(parts, string(r))
			start = i + len(string(r))
		}
	}
	if start < len(name) {
		parts = append(parts, name[start:])
	}
	return parts
}

// varies is true for a word that looks like an identifier: a long number, a long
// hexadecimal number, or letters and figures mixed as no word of a language
// mixes them. A version ("v2"), a year or a size stays.
func varies(word string) bool {
	digits, upper, lower, hex := 0, 0, 0, true
	for _, r := range word {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsUpper(r):
			upper++
		default:
			lower++
		}
		hex = hex && (unicode.IsDigit(r) || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F')
	}
	letters := upper + lower
	switch {
	case letters == 0:
		return digits >= 5
	case digits == 0:
		return false
	case hex:
		return len(word) >= 8
	case lower == 0:
		return len(word) >= 6
	default:
		return len(word) >= 8 && digits >= 3
	}
}

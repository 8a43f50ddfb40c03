package rules

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// minMention is the number of bytes from which a name in running text is worth
// a remark: shorter ones stand in every text.
const minMention = 3

// mentioned weakens the finding that no policy names a cookie where its name
// stands in a policy's text all the same: it may be declared in a form that was
// not understood. A name that could be a common word may be just that there.
func mentioned(s *evidence.Scan, f audit.Finding, name string) audit.Finding {
	if len(name) < minMention {
		return f
	}
	for i := range s.Policies {
		p := &s.Policies[i]
		at := word(p.Text, name)
		if at < 0 {
			continue
		}
		if isWord(name) {
			f.Certainty = weaker(f.Certainty, audit.Likely)
		} else {
			f.Severity, f.Certainty = f.Severity.Lower(), audit.Possible
		}
		f.Message += fmt.Sprintf(" Its name does stand in the text of %s, where no declaration could be read: %s.", p.URL, quote(around(p.Text, at, len(name))))
		return f
	}
	return f
}

// word returns where name stands in text as a word of its own, or -1.
func word(text, name string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return -1
		}
		at := from + i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(name):])
		if !joins(before) && !joins(after) {
			return at
		}
		from = at + len(name)
	}
}

// joins reports whether a character makes what is beside it part of a longer name.
func joins(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-*", r)
}

func isWord(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLower(r) })
}

// around cuts out of a text what stands at a place, and a little beside it.
func around(text string, at, length int) string {
	const beside = 40
	from, to := max(0, at-beside), min(len(text), at+length+beside)
	return strings.Join(strings.Fields(strings.ToValidUTF8(text[from:to], "")), " ")
}

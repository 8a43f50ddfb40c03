package consent

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A phrase is a pattern of words.yaml in folded form: its parts between stars,
// with a space where a word begins or ends.
type phrase struct {
	parts []string
	whole bool // the whole label
	runes int
}

func newPhrase(p string) phrase {
	var ph phrase
	p, ph.whole = strings.CutPrefix(p, "=")
	if ph.whole || !strings.ContainsFunc(p, joinsWords) {
		p = " " + p + " "
	}
	for _, part := range strings.Split(p, "*") {
		if f := foldKeepEnds(part); strings.TrimSpace(f) != "" {
			ph.parts = append(ph.parts, f)
			ph.runes += len([]rune(strings.TrimSpace(f)))
		}
	}
	return ph
}

// joinsWords reports whether a letter belongs to a script that writes words or
// their endings without spaces between them: its phrases match anywhere.
func joinsWords(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// startsAt reports whether a padded text holds the phrase at a place. A star
// does not reach beyond a word.
func (p phrase) startsAt(text string, at int) bool {
	if p.whole {
		return at == 0 && text == p.parts[0]
	}
	for i, part := range p.parts {
		rest := text[at:]
		gap := 0
		if i > 0 {
			if gap = strings.Index(rest, part); gap < 0 || strings.Contains(rest[:gap], " ") {
				return false
			}
		}
		if !strings.HasPrefix(rest[gap:], part) {
			return false
		}
		at += gap + len(part)
	}
	return true
}

// A phraseSet finds its phrases in a padded text in one pass: those that begin
// with a word are looked up by the first letters of each word.
type phraseSet struct {
	byStart map[string][]phrase
	free    []phrase // may begin within a word
}

// startLength is the bytes of a word by which phrases are looked up.
const startLength = 2

func newPhraseSet(ps []string) *phraseSet {
	set := &phraseSet{byStart: map[string][]phrase{}}
	seen := map[string]bool{}
	for _, p := range ps {
		if ph := newPhrase(p); len(ph.parts) > 0 && !seen[p] {
			seen[p] = true
			if first := ph.parts[0]; first[0] == ' ' && len(first) > startLength {
				set.byStart[first[1:1+startLength]] = append(set.byStart[first[1:1+startLength]], ph)
			} else {
				set.free = append(set.free, ph)
			}
		}
	}
	return set
}

// each calls found with every phrase of a padded text and where it begins, until
// found returns false.
func (s *phraseSet) each(text string, found func(p phrase, at int) bool) {
	for at := 0; at+startLength < len(text); at++ {
		if text[at] != ' ' {
			continue
		}
		for _, p := range s.byStart[text[at+1:at+1+startLength]] {
			if p.startsAt(text, at) && !found(p, at) {
				return
			}
		}
	}
	for _, p := range s.free {
		if at := strings.Index(text, p.parts[0]); at >= 0 && p.startsAt(text, at) && !found(p, at) {
			return
		}
	}
}

// in reports whether a padded text holds any of the phrases.
func (s *phraseSet) in(text string) bool { return s.count(text, 1) > 0 }

// longest returns the length in runes of the longest phrase in a padded text.
func (s *phraseSet) longest(text string) int {
	n := 0
	s.each(text, func(p phrase, _ int) bool {
		n = max(n, p.runes)
		return true
	})
	return n
}

// count returns at how many places of a padded text a phrase begins, at most
// limit.
func (s *phraseSet) count(text string, limit int) int {
	places := map[int]bool{}
	s.each(text, func(_ phrase, at int) bool {
		places[at] = true
		return len(places) < limit
	})
	return len(places)
}

// padded folds a text to lower-case words without accents, with single spaces
// between them and at both ends.
func padded(s string) string { return " " + strings.TrimSpace(foldKeepEnds(s)) + " " }

func foldKeepEnds(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r) && r != '\u200b': // a soft hyphen is within a word
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == 'ー':
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteString(foldRune(unicode.ToLower(r)))
		default:
			space = true
		}
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// foldRune folds letters that have no decomposition in Unicode.
func foldRune(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'ς':
		return "σ"
	}
	return string(r)
}

package policy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold lowers text, takes accents off and squeezes white space, so that one
// spelling in a word list serves "Durée", "DUREE" and "durée".
func fold(s string) string {
	if isASCII(s) {
		return squeeze(strings.ToLower(s))
	}
	var b strings.Builder
	b.Grow(len(s))
	eastern, cyrillic := false, false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case r == '\u3099' || r == '\u309a' || r >= 0x1100 && r <= 0x11ff:
			// A mark of Japanese makes another letter, and Korean syllables come
			// apart into theirs.
			eastern = true
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case cyrillic && (r == '\'' || r == '’' || r == 'ʼ'): // a letter of "обов'язкові"
		case r == 'ł':
			b.WriteByte('l')
		case r == 'ø':
			b.WriteByte('o')
		case r == 'ð':
			b.WriteByte('d')
		case r == 'þ':
			b.WriteString("th")
		case r == 'ħ':
			b.WriteByte('h')
		case r == 'đ':
			b.WriteByte('d')
		case r == 'ı':
			b.WriteByte('i')
		case r == 'ß':
			b.WriteString("ss")
		case r == 'æ':
			b.WriteString("ae")
		case r == 'œ':
			b.WriteString("oe")
		case r == '’' || r == '‘' || r == '`' || r == '´':
			b.WriteByte('\'')
		case r == '–' || r == '—' || r == '‑' || r == '‐':
			b.WriteByte('-')
		default:
			b.WriteRune(r)
		}
		cyrillic = r >= 0x400 && r < 0x500
	}
	if eastern {
		return squeeze(norm.NFC.String(b.String()))
	}
	return squeeze(b.String())
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// squeeze makes every run of white space one space and trims both ends.
func squeeze(s string) string {
	if isSqueezed(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// isSqueezed reports whether a text surely has nothing to squeeze, as most have
// not.
func isSqueezed(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			if space {
				return false
			}
			space = true
		case c < ' ' || c >= utf8.RuneSelf:
			return false
		default:
			space = false
		}
	}
	return !space || s == ""
}

// squeezeLines squeezes every line and drops empty ones; the breaks stay.
func squeezeLines(s string) string {
	if !strings.Contains(s, "\n") {
		return squeeze(s)
	}
	var b strings.Builder
	for line := range strings.SplitSeq(s, "\n") {
		if line = squeeze(line); line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

// words splits folded text into its runs of letters and digits.
func words(folded string) []string {
	if isASCII(folded) {
		return asciiWords(folded)
	}
	return strings.FieldsFunc(folded, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

func asciiWords(s string) []string {
	out := make([]string, 0, len(s)/5+1)
	begin := -1
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch inside := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z'; {
		case inside && begin < 0:
			begin = i
		case !inside && begin >= 0:
			out = append(out, s[begin:i])
			begin = -1
		}
	}
	if begin >= 0 {
		out = append(out, s[begin:])
	}
	return out
}

// stems are beginnings of folded words, by their first byte. A list may write
// them as the language does.
type stems [256][]string

func stemsOf(list ...string) *stems {
	var s stems
	for _, stem := range list {
		stem = fold(stem)
		s[stem[0]] = append(s[stem[0]], stem)
	}
	return &s
}

// begin reports whether one of the stems begins a word.
func (s *stems) begin(word string) bool {
	if word == "" {
		return false
	}
	for _, stem := range s[word[0]] {
		if strings.HasPrefix(word, stem) {
			return true
		}
	}
	return false
}

// hold reports whether one of the stems begins one of the words.
func (s *stems) hold(words []string) bool {
	return slices.ContainsFunc(words, s.begin)
}

// phrases are texts that begin with a space, by the byte behind it. Folded words
// with a space before each are searched for all of them in one pass.
type phrases [256][]string

func phrasesOf(list ...string) *phrases {
	var p phrases
	for _, text := range list {
		p[text[1]] = append(p[text[1]], text[1:])
	}
	return &p
}

// in reports whether a folded text holds one of the phrases.
func (p *phrases) in(folded string) bool {
	for {
		at := strings.IndexByte(folded, ' ')
		if at < 0 || at+1 >= len(folded) {
			return false
		}
		folded = folded[at+1:]
		for _, text := range p[folded[0]] {
			if strings.HasPrefix(folded, text) {
				return true
			}
		}
	}
}

// hasAnyPrefix reports whether word begins with one of the stems.
func hasAnyPrefix(word string, stems []string) bool {
	if word == "" {
		return false
	}
	for _, stem := range stems {
		if stem[0] == word[0] && strings.HasPrefix(word, stem) {
			return true
		}
	}
	return false
}

// containsAny reports whether s holds one of the texts.
func containsAny(s string, texts ...string) bool {
	for _, t := range texts {
		if strings.Contains(s, t) {
			return true
		}
	}
	return false
}

// clip cuts s to at most longest bytes at a rune boundary.
func clip(s string, longest int) string {
	if len(s) <= longest {
		return s
	}
	for longest > 0 && !utf8.RuneStart(s[longest]) {
		longest--
	}
	return strings.TrimSpace(s[:longest])
}

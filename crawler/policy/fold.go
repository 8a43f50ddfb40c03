package policy

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold lowers text, takes accents off and squeezes white space, so that one
// spelling in a word list serves "Durée", "DUREE" and "durée".
func fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space, cyrillic := false, false
	for i := 0; i < len(s); {
		c, size := rune(s[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(s[i:])
		}
		at, known := foldedAt(c)
		if !known || foldedRunes[at].rare {
			return squeeze(unaccent(s))
		}
		i += size
		if isApostrophe(c) && cyrillic {
			cyrillic = false
			continue
		}
		f := &foldedRunes[at]
		cyrillic = f.cyrillic
		if f.text == " " {
			space = true
			continue
		}
		if space && f.text != "" {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
		}
		b.WriteString(f.text)
	}
	return b.String()
}

// isFolded reports whether a text surely is as fold would write it, as most words
// are that are asked for.
func isFolded(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			if space {
				return false
			}
			space = true
		case c < ' ' || c >= utf8.RuneSelf || c == '`' || c >= 'A' && c <= 'Z':
			return false
		default:
			space = false
		}
	}
	return !space || s == ""
}

// A foldedRune is what fold writes for a character that stands alone.
type foldedRune struct {
	text     string
	cyrillic bool // its last letter is Cyrillic
	rare     bool // what stands beside it decides
}

// lastLetter and the marks from firstMark on bound the alphabets of Europe and
// their punctuation, of which foldedRunes knows every character.
const (
	lastLetter = 0x52f
	firstMark  = 0x2000
	lastMark   = 0x206f
)

// foldedAt is where foldedRunes has a character.
func foldedAt(r rune) (int, bool) {
	if r >= firstMark && r <= lastMark {
		return int(r) - firstMark + lastLetter + 1, true
	}
	return int(r), r <= lastLetter
}

var foldedRunes = func() (out [lastLetter + 1 + lastMark - firstMark + 1]foldedRune) {
	for r := rune(0); r <= lastMark; r++ {
		at, known := foldedAt(r)
		if !known {
			continue
		}
		text := unaccent(string(r))
		last, _ := utf8.DecodeLastRuneInString(norm.NFKD.String(strings.ToLower(string(r))))
		out[at] = foldedRune{text: text, cyrillic: isCyrillic(last), rare: strings.ContainsFunc(text, isApostrophe) && len(text) > 1}
		if squeeze(text) == "" && text != "" {
			out[at].text = " "
		}
	}
	return out
}()

func isCyrillic(r rune) bool { return r >= 0x400 && r < 0x500 }

// isApostrophe reports whether a character is a letter of "обов'язкові" behind
// a Cyrillic one, and a mark elsewhere.
func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// unaccent lowers text and takes accents off.
func unaccent(s string) string {
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
		case cyrillic && isApostrophe(r):
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
		cyrillic = isCyrillic(r)
	}
	if eastern {
		return norm.NFC.String(b.String())
	}
	return b.String()
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
	s = strings.TrimSpace(s)
	if isSqueezed(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for word := range strings.FieldsSeq(s) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
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
		case c < ' ', maySpace(c) && startsSpace(s[i:]):
			return false
		default:
			space = false
		}
	}
	return !space || s == ""
}

// maySpace reports whether a byte begins a white space that is not ASCII.
func maySpace(c byte) bool { return c == 0xc2 || c >= 0xe1 && c <= 0xe3 }

func startsSpace(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
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
	out := make([]string, 0, len(folded)/5+1)
	for w := range wordSeq(folded) {
		out = append(out, w)
	}
	return out
}

// wordSeq yields the words of a folded text.
func wordSeq(folded string) iter.Seq[string] {
	return func(yield func(string) bool) {
		begin := -1
		for i := 0; i < len(folded); {
			c, size := folded[i], 1
			inside := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z'
			if c >= utf8.RuneSelf {
				r, n := utf8.DecodeRuneInString(folded[i:])
				inside, size = unicode.IsLetter(r) || unicode.IsDigit(r), n
			}
			if inside && begin < 0 {
				begin = i
			} else if !inside && begin >= 0 {
				if !yield(folded[begin:i]) {
					return
				}
				begin = -1
			}
			i += size
		}
		if begin >= 0 {
			yield(folded[begin:])
		}
	}
}

// stems are beginnings of folded words, by their first byte. A list may write
// them as the language does.
type stems [256][]string

func stemsOf(list ...string) *stems {
	folded := make([]string, len(list))
	for i, stem := range list {
		folded[i] = fold(stem)
	}
	return beginnings(folded...)
}

// beginnings are stems as they are written.
func beginnings(list ...string) *stems {
	var s stems
	for _, stem := range list {
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

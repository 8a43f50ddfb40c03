package discover

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"
)

//go:embed words.yaml
var wordsYAML []byte

// A language is one entry of words.yaml.
type language struct {
	Lang     string   `yaml:"lang"`
	Names    []string `yaml:"names"`
	Leave    []string `yaml:"leave"`
	Others   []string `yaml:"others"`
	Goods    []string `yaml:"goods"`
	Cookie   []string `yaml:"cookie"`
	Document []string `yaml:"document"`
	Settings []string `yaml:"settings"`
	Privacy  []string `yaml:"privacy"`
	Legal    []string `yaml:"legal"`
	Paths    []string `yaml:"paths"`
}

// A lexicon is words.yaml, ready to be matched against folded text.
type lexicon struct {
	languages                                        []language
	codes                                            map[string]bool
	names                                            map[string]bool
	leave, others, goods                             []phrase
	cookie, document, settings, privacy, legalNotice []phrase
}

// words returns the lexicon. The file is embedded, so that an error in it is one
// of the build; a test reads it.
var words = sync.OnceValue(func() *lexicon {
	var ls []language
	if err := yaml.Unmarshal(wordsYAML, &ls); err != nil {
		panic(fmt.Sprintf("discover: read embedded words.yaml: %v", err))
	}
	x := &lexicon{languages: ls, codes: map[string]bool{}, names: map[string]bool{}}
	for _, l := range ls {
		x.codes[l.Lang] = true
		for _, n := range l.Names {
			x.names[fold(n)] = true
		}
		x.leave = append(x.leave, phrases(l.Leave)...)
		x.others = append(x.others, phrases(l.Others)...)
		x.goods = append(x.goods, phrases(l.Goods)...)
		x.cookie = append(x.cookie, phrases(l.Cookie)...)
		x.document = append(x.document, phrases(l.Document)...)
		x.settings = append(x.settings, phrases(l.Settings)...)
		x.privacy = append(x.privacy, phrases(l.Privacy)...)
		x.legalNotice = append(x.legalNotice, phrases(l.Legal)...)
	}
	return x
})

// A phrase is a pattern of words.yaml in folded form: its parts between stars,
// with a space where a word begins or ends.
type phrase []string

func phrases(ps []string) []phrase {
	out := make([]phrase, 0, len(ps))
	for _, p := range ps {
		var ph phrase
		// Japanese and Chinese are written without spaces: their phrases match
		// anywhere.
		if !strings.ContainsFunc(p, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }) {
			p = " " + p + " "
		}
		for _, part := range strings.Split(p, "*") {
			if f := foldKeepEnds(part); strings.TrimSpace(f) != "" {
				ph = append(ph, f)
			}
		}
		if len(ph) > 0 {
			out = append(out, ph)
		}
	}
	return out
}

// in reports whether the parts of the phrase follow each other in a folded text
// that has a space at both ends. A star does not reach across more than a word.
func (p phrase) in(text string) bool {
	from := 0
	for i, part := range p {
		at := strings.Index(text[from:], part)
		if at < 0 || i > 0 && strings.Contains(strings.TrimSpace(text[from:from+at]), " ") {
			return false
		}
		from += at + len(part)
	}
	return true
}

func anyIn(ps []phrase, text string) bool {
	for _, p := range ps {
		if p.in(text) {
			return true
		}
	}
	return false
}

// fold reduces a text to lower-case words without accents, single spaces between.
func fold(s string) string { return strings.TrimSpace(foldKeepEnds(s)) }

// foldKeepEnds is fold that keeps a space at either end.
func foldKeepEnds(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space {
				b.WriteByte(' ')
				space = false
			}
			writeFolded(&b, unicode.ToLower(r))
		default:
			space = true
		}
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// writeFolded writes letters that have no decomposition as Unicode defines it.
func writeFolded(b *strings.Builder, r rune) {
	switch r {
	case 'ß':
		b.WriteString("ss")
	case 'æ':
		b.WriteString("ae")
	case 'œ':
		b.WriteString("oe")
	case 'ø':
		b.WriteByte('o')
	case 'ł':
		b.WriteByte('l')
	case 'đ':
		b.WriteByte('d')
	case 'ð':
		b.WriteByte('d')
	case 'þ':
		b.WriteString("th")
	case 'ħ':
		b.WriteByte('h')
	case 'ı':
		b.WriteByte('i')
	case 'ς':
		b.WriteRune('σ')
	default:
		b.WriteRune(r)
	}
}

// padded returns the folded text with a space at both ends, as phrases want it.
func padded(s string) string { return " " + fold(s) + " " }

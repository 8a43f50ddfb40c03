package consent

import (
	_ "embed"
	"fmt"
	"regexp"
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
	Lang        string   `yaml:"lang"`
	Accept      []string `yaml:"accept"`
	Reject      []string `yaml:"reject"`
	Settings    []string `yaml:"settings"`
	Save        []string `yaml:"save"`
	Acknowledge []string `yaml:"acknowledge"`
	Close       []string `yaml:"close"`
	Veto        []string `yaml:"veto"`
	Learn       []string `yaml:"learn"`
	Necessary   []string `yaml:"necessary"`
	All         []string `yaml:"all"`
	Cookie      []string `yaml:"cookie"`
	Privacy     []string `yaml:"privacy"`
	Context     []string `yaml:"context"`
	Other       []string `yaml:"other"`
	Text        []string `yaml:"text"`
}

// A lexicon is words.yaml, ready to be matched against folded text.
type lexicon struct {
	controls  []controlWords // in order of precedence
	necessary []phrase
	all       []phrase
	cookie    []phrase
	privacy   []phrase
	context   []phrase
	other     []phrase
	perLang   []languageWords
	// topic is a regular expression for the probe: where to look closer.
	topic string
}

type controlWords struct {
	role    role
	phrases []phrase
}

type languageWords struct {
	lang            string
	labels, running []phrase
}

// words returns the lexicon. The file is embedded, so that an error in it is one
// of the build; a test reads it.
var words = sync.OnceValue(func() *lexicon {
	var ls []language
	if err := yaml.Unmarshal(wordsYAML, &ls); err != nil {
		panic(fmt.Sprintf("consent: read embedded words.yaml: %v", err))
	}
	all := func(of func(language) []string) []phrase {
		var ps []phrase
		for _, l := range ls {
			ps = append(ps, phrases(of(l))...)
		}
		return ps
	}
	x := &lexicon{
		// Of matches of the same length, the more cautious role wins.
		controls: []controlWords{
			{reject, all(func(l language) []string { return l.Reject })},
			{save, all(func(l language) []string { return l.Save })},
			{settings, all(func(l language) []string { return l.Settings })},
			{accept, all(func(l language) []string { return l.Accept })},
			{acknowledge, all(func(l language) []string { return l.Acknowledge })},
			{closes, all(func(l language) []string { return l.Close })},
			{learn, all(func(l language) []string { return l.Learn })},
			{veto, all(func(l language) []string { return l.Veto })},
		},
		necessary: all(func(l language) []string { return l.Necessary }),
		all:       all(func(l language) []string { return l.All }),
		cookie:    all(func(l language) []string { return l.Cookie }),
		privacy:   all(func(l language) []string { return l.Privacy }),
		context:   all(func(l language) []string { return l.Context }),
		other:     all(func(l language) []string { return l.Other }),
	}
	for _, l := range ls {
		labels := append(append(append(append([]string{}, l.Accept...), l.Reject...), l.Settings...), l.Cookie...)
		x.perLang = append(x.perLang, languageWords{l.Lang, phrases(labels), phrases(l.Text)})
	}
	x.topic = topicExpression(ls)
	return x
})

// topicExpression joins the words for cookies and privacy into an expression for
// the probe. It need not be exact: it decides where to look, not what is found.
func topicExpression(ls []language) string {
	seen := map[string]bool{}
	var parts []string
	for _, l := range ls {
		for _, w := range append(append([]string{}, l.Cookie...), l.Privacy...) {
			w = strings.Trim(w, "*=")
			if !seen[w] {
				seen[w] = true
				parts = append(parts, loosely(w))
			}
		}
	}
	return strings.Join(parts, "|")
}

// loosely turns a word without accents into an expression that also matches
// letters with them: the text of a page is not folded before it is searched.
func loosely(w string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(w) {
		switch {
		case r >= 'a' && r <= 'z' && strings.ContainsRune(accented, r):
			b.WriteString(`[` + string(r) + `\u00df-\u017f\u0219\u021b]`)
			if r == 'o' || r == 'a' {
				b.WriteString("e?") // ø and æ are written oe and ae
			}
		case r == ' ':
			b.WriteString(`[\s\u00a0'’-]+`)
		case r > 0x370 && r < 0x400 && unicode.IsLetter(r):
			b.WriteString(`[` + string(r) + `\u0386-\u03ce]`)
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return b.String()
}

// accented are the letters that some language writes with a mark.
const accented = "acdeghiklnorstuyz"

// A phrase is a pattern of words.yaml in folded form: its parts between stars,
// with a space where a word begins or ends.
type phrase struct {
	parts []string
	whole bool // the whole label
	runes int
}

func phrases(ps []string) []phrase {
	out := make([]phrase, 0, len(ps))
	for _, p := range ps {
		var ph phrase
		p, ph.whole = strings.CutPrefix(p, "=")
		// Japanese is written without spaces: its phrases match anywhere.
		if ph.whole || !strings.ContainsFunc(p, isJapanese) {
			p = " " + p + " "
		}
		for _, part := range strings.Split(p, "*") {
			if f := foldKeepEnds(part); strings.TrimSpace(f) != "" {
				ph.parts = append(ph.parts, f)
				ph.runes += len([]rune(strings.TrimSpace(f)))
			}
		}
		if len(ph.parts) > 0 {
			out = append(out, ph)
		}
	}
	return out
}

func isJapanese(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

// in reports whether a padded text holds the phrase. A star does not reach
// beyond a word.
func (p phrase) in(text string) bool {
	if p.whole {
		return text == p.parts[0]
	}
	from := 0
	for i, part := range p.parts {
		at := strings.Index(text[from:], part)
		if at < 0 || i > 0 && strings.Contains(strings.TrimSpace(text[from:from+at]), " ") {
			return false
		}
		from += at + len(part)
	}
	return true
}

func anyIn(ps []phrase, text string) bool { return longest(ps, text) > 0 }

// longest returns the length in runes of the longest phrase in a padded text.
func longest(ps []phrase, text string) int {
	n := 0
	for _, p := range ps {
		if p.runes > n && p.in(text) {
			n = p.runes
		}
	}
	return n
}

// count returns how many different phrases are in a padded text, at most limit.
func count(ps []phrase, text string, limit int) int {
	n := 0
	for _, p := range ps {
		if n < limit && p.in(text) {
			n++
		}
	}
	return n
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
		case unicode.Is(unicode.Mn, r):
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

package consent

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
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
	Opposed     []string `yaml:"opposed"`
	Or          []string `yaml:"or"`
	Necessary   []string `yaml:"necessary"`
	All         []string `yaml:"all"`
	Cookie      []string `yaml:"cookie"`
	Privacy     []string `yaml:"privacy"`
	Context     []string `yaml:"context"`
	Never       []string `yaml:"never"`
	Other       []string `yaml:"other"`
	Text        []string `yaml:"text"`
}

// A lexicon is words.yaml, ready to be matched against padded text.
type lexicon struct {
	controls                                                        []controlWords // in order of precedence
	opposed, necessary, all, cookie, privacy, context, never, other *phraseSet
	perLang                                                         []languageWords
	// or are the words for "or", padded.
	or []string
	// topic is a regular expression for the probe: where to look closer.
	topic string
}

type controlWords struct {
	role    role
	phrases *phraseSet
}

type languageWords struct {
	lang            string
	labels, running *phraseSet
}

// words returns the lexicon. The file is embedded, so that an error in it is one
// of the build; a test reads it.
var words = sync.OnceValue(func() *lexicon {
	var ls []language
	if err := yaml.Unmarshal(wordsYAML, &ls); err != nil {
		panic(fmt.Sprintf("consent: read embedded words.yaml: %v", err))
	}
	all := func(of func(language) []string) *phraseSet {
		var ps []string
		for _, l := range ls {
			ps = append(ps, of(l)...)
		}
		return newPhraseSet(ps)
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
		opposed:   all(func(l language) []string { return l.Opposed }),
		necessary: all(func(l language) []string { return l.Necessary }),
		all:       all(func(l language) []string { return l.All }),
		cookie:    all(func(l language) []string { return l.Cookie }),
		privacy:   all(func(l language) []string { return l.Privacy }),
		context:   all(func(l language) []string { return l.Context }),
		never:     all(func(l language) []string { return l.Never }),
		other:     all(func(l language) []string { return l.Other }),
	}
	for _, l := range ls {
		for _, or := range l.Or {
			x.or = append(x.or, padded(or))
		}
		labels := append(append(append(append([]string{}, l.Accept...), l.Reject...), l.Settings...), l.Cookie...)
		x.perLang = append(x.perLang, languageWords{l.Lang, newPhraseSet(labels), newPhraseSet(l.Text)})
	}
	x.topic = topicExpression(ls)
	return x
})

// topicExpression joins the words for cookies and privacy into an expression for
// the probe, which matches it against lower-case text. It decides where to look,
// not what is found. Of words that begin alike, the shortest is enough. They are
// grouped by their first letter: on a page with 400 KB of text that took 1 ms, a
// plain list of alternatives 10 to 30.
func topicExpression(ls []language) string {
	var stems []string
	for _, l := range ls {
		for _, w := range append(append([]string{}, l.Cookie...), l.Privacy...) {
			stems = append(stems, strings.Trim(w, "*="))
		}
	}
	slices.Sort(stems)
	var groups []string
	last, first := "", ""
	for _, s := range stems {
		if last != "" && strings.HasPrefix(s, last) {
			continue
		}
		last = s
		head, size := utf8.DecodeRuneInString(s)
		tail := strings.NewReplacer(" ", `\s+`, `\*`, `\S*`).Replace(regexp.QuoteMeta(s[size:]))
		if string(head) == first {
			groups[len(groups)-1] += "|" + tail
		} else {
			first = string(head)
			groups = append(groups, first+"(?:"+tail)
		}
	}
	return strings.Join(groups, ")|") + ")"
}

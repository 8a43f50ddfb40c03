package consent

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"cookieaudit/crawler/evidence"
)

//go:embed choices.yaml
var choicesYAML []byte

// A choiceLexicon is choices.yaml, ready to be matched against padded text.
type choiceLexicon struct {
	categories       []categoryWords
	reopen, withdraw *phraseSet
}

type categoryWords struct {
	category evidence.Category
	phrases  *phraseSet
}

// choiceWords returns the lexicon. The file is embedded, so that an error in it
// is one of the build; a test reads it.
var choiceWords = sync.OnceValue(func() *choiceLexicon {
	var ls []struct {
		Lang       string   `yaml:"lang"`
		Functional []string `yaml:"functional"`
		Analytics  []string `yaml:"analytics"`
		Marketing  []string `yaml:"marketing"`
		Reopen     []string `yaml:"reopen"`
		Withdraw   []string `yaml:"withdraw"`
	}
	if err := yaml.Unmarshal(choicesYAML, &ls); err != nil {
		panic(fmt.Sprintf("consent: read embedded choices.yaml: %v", err))
	}
	var functional, analytics, marketing, reopen, withdraw []string
	for _, l := range ls {
		functional, analytics, marketing = append(functional, l.Functional...), append(analytics, l.Analytics...), append(marketing, l.Marketing...)
		reopen, withdraw = append(reopen, l.Reopen...), append(withdraw, l.Withdraw...)
	}
	return &choiceLexicon{
		categories: []categoryWords{
			{evidence.Marketing, newPhraseSet(marketing)},
			{evidence.Analytics, newPhraseSet(analytics)},
			{evidence.Functional, newPhraseSet(functional)},
		},
		reopen: newPhraseSet(reopen), withdraw: newPhraseSet(withdraw),
	}
})

// Categories are the categories that can be chosen: the necessary ones cannot be
// refused.
func Categories() []evidence.Category {
	return []evidence.Category{evidence.Functional, evidence.Analytics, evidence.Marketing}
}

// categoryOf tells the category of a switch by its label, or of a purpose by its
// key; unknown where the label says nothing or names several. A label's first
// line is its name, what follows explains it.
func categoryOf(label string) evidence.Category {
	switch label { // the types of Google's consent mode
	case "ad_storage", "ad_user_data", "ad_personalization":
		return evidence.Marketing
	case "personalization_storage":
		return evidence.Functional
	}
	text := padded(splitKey(label))
	found := evidence.UnknownCategory
	for _, w := range choiceWords().categories {
		if !w.phrases.in(text) {
			continue
		}
		if found != evidence.UnknownCategory {
			return evidence.UnknownCategory
		}
		found = w.category
	}
	if found != evidence.UnknownCategory && words().necessary.in(text) {
		return evidence.UnknownCategory
	}
	return found
}

// splitKey parts the words of a key such as "ad_storage" or "analyticsStorage".
func splitKey(s string) string {
	var out []rune
	for i, r := range []rune(s) {
		if i > 0 && r >= 'A' && r <= 'Z' && out[len(out)-1] >= 'a' && out[len(out)-1] <= 'z' {
			out = append(out, ' ')
		}
		if r == '_' || r == '-' {
			r = ' '
		}
		out = append(out, r)
	}
	return string(out)
}

// compareChoice judges what changed against a choice of categories. State that
// only shows that some was granted and some refused agrees where that is the
// choice; what names its categories must have each as chosen.
func compareChoice(before, after state, allow []evidence.Category) proof {
	var p proof
	allowed := func(c evidence.Category) bool { return slices.Contains(allow, c) }
	none, all := len(allow) == 0, !slices.ContainsFunc(Categories(), func(c evidence.Category) bool { return !allowed(c) })
	for source, flags := range namedFlags(before, after) {
		named, wrong := 0, 0
		for key, on := range flags {
			if c := categoryOf(key); c != evidence.UnknownCategory {
				named++
				if on != allowed(c) {
					wrong++
				}
			}
		}
		switch {
		case wrong > 0:
			p.against = append(p.against, source+" differs from the choice")
		case named > 0:
			p.agrees = append(p.agrees, source+" shows the choice")
		}
	}
	slices.Sort(p.agrees)
	slices.Sort(p.against)
	changes(before, after, func(source string, r reading) {
		switch {
		case r == refused && !none, r == granted && !all:
			// A state that names its categories has been judged above.
			if len(p.agrees) == 0 {
				p.against = append(p.against, source)
			}
		case r == mixed && !none && !all, r == refused && none, r == granted && all:
			p.agrees = append(p.agrees, source)
		}
	})
	return p
}

// namedFlags are the parts of a state that are new and say which category they
// speak of: what managers and the consent mode state, by source.
func namedFlags(before, after state) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, m := range after.api.Managers {
		i := slices.IndexFunc(before.api.Managers, func(o managerState) bool { return o.Name == m.Name })
		if m.Decided && (i < 0 || !before.api.Managers[i].Decided) {
			out[clip(m.Name, 40)] = m.Choices
		}
	}
	if flags := modeFlags(before.api, after.api); len(flags) > 0 {
		out["Consent Mode"] = flags
	}
	return out
}

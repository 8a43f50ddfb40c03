package rules

import (
	"strings"
	"unicode"
)

// literal counts the characters of a declared name before its first
// placeholder.
func literal(name string) int {
	head, _, _ := strings.Cut(name, "*")
	return len(head)
}

// lengthWords are the beginnings of words for units of time in the languages
// that policies are read in. A text with one of them, or with a digit, speaks
// of a length even where it was not understood.
func lengthWords() []string {
	return []string{
		"second", "minut", "hour", "day", "week", "month", "year", "fortnight", "decade",
		"sekund", "stunde", "tag", "tage", "tagen", "woche", "monat", "jahr",
		"heure", "jour", "semaine", "mois", "an", "année",
		"segund", "hora", "día", "dia", "semana", "mes", "mês", "año", "ano",
		"ore", "ora", "giorn", "settiman", "mese", "mesi", "anno", "anni",
		"uur", "dag", "dagen", "dage", "dagar", "maand", "jaar", "weken",
		"godzin", "dzień", "dni", "tydzie", "tygodni", "miesiąc", "miesięc", "rok", "lata", "lat",
		"timm", "timer", "time", "vecka", "veckor", "uge", "måned", "månad", "år",
		"tunti", "päiv", "viikko", "kuukau", "vuosi", "vuoden",
		"hodin", "den", "týden", "měsíc", "let",
		"óra", "nap", "hét", "hónap", "év",
	}
}

// exactUnits are the words above that are too short, or too much like other
// words, for more than an ending to follow.
func exactUnits() map[string]bool {
	return map[string]bool{
		"an": true, "ano": true, "ora": true, "ore": true, "mes": true, "tag": true, "dag": true, "den": true, "let": true, "lat": true,
		"rok": true, "nap": true, "hét": true, "év": true, "år": true, "dia": true, "time": true, "day": true,
	}
}

// holdsLength reports whether a declared lifetime speaks of a length at all;
// "persistent" and "until deleted" do not.
func holdsLength(text string) bool {
	if strings.ContainsFunc(text, unicode.IsDigit) {
		return true
	}
	exact := exactUnits()
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, stem := range lengthWords() {
			if w == stem || !exact[stem] && strings.HasPrefix(w, stem) {
				return true
			}
		}
		if plural := strings.TrimRight(w, "es"); plural != w && exact[plural] {
			return true
		}
	}
	return false
}

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

// lengthless reports whether a declared lifetime is known to state no length:
// it is empty, a dash, or a word such as "persistent". A text that is not
// known may be a length in words that were not understood, so it is not held
// for lengthless.
func lengthless(text string) bool {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return true
	}
	if strings.ContainsFunc(text, unicode.IsDigit) {
		return false
	}
	known := false
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, stem := range unitWords() {
			if strings.HasPrefix(w, stem) {
				return false
			}
		}
		for _, stem := range openWords() {
			known = known || strings.HasPrefix(w, stem)
		}
	}
	return known
}

// openWords are the beginnings of words by which policies say that something
// stays without saying how long, in the languages that policies are read in.
func openWords() []string {
	return []string{
		"persist", "permanen", "unlimit", "indefinit", "forever", "never", "unknown", "undefined", "unspecif", "delet", "clear", "remov", "none", "long",
		"dauerhaft", "unbegrenzt", "beständig", "unbekannt", "unbestimmt", "nie", "gelösch", "lösch", "hartnäckig", "entfern", "nichts", "keine",
		"illimit", "indéfini", "indétermin", "jamais", "inconnu", "supprim", "effac",
		"ilimit", "indefinid", "nunca", "desconoc", "elimin", "borr", "desconhec", "apag", "exclus",
		"illimitat", "mai", "sconosciut", "cancell", "rimoz",
		"onbeperkt", "blijvend", "nooit", "onbekend", "verwijder",
		"trwał", "stał", "nieograniczon", "bezterminow", "nigdy", "usuni",
		"beständ", "varaktig", "aldrig", "okän", "ukend", "rader", "vedvarende", "slett", "slet",
		"pysyv", "ikuis", "rajoittamat", "poist",
		"trval", "neomezen", "nikdy", "smaz", "odstran",
		"állandó", "korlátlan", "tartós", "soha", "törl",
	}
}

// unitWords are the beginnings of words for units of time: a text with one of
// them speaks of a length even where it has no digit ("persistent, one year").
func unitWords() []string {
	return []string{
		"second", "minut", "hour", "day", "week", "month", "year", "sekund", "stunde", "tage", "woche", "monat", "jahr",
		"heure", "jour", "semaine", "mois", "année", "segund", "hora", "días", "dias", "semana", "meses", "año", "anos",
		"giorn", "settiman", "mesi", "anni", "maand", "jaar", "dagen", "godzin", "dni", "tygodni", "miesi", "lata",
		"timm", "veckor", "måned", "månad", "tunti", "päiv", "viikko", "kuukau", "vuosi", "vuot", "vuode", "hodin", "týdn", "měsíc",
		"óra", "hónap",
	}
}

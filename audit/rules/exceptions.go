package rules

import (
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// exemptWords are what a sentence takes out itself.
type exemptWords struct {
	categories map[evidence.Category]bool
	session    bool // cookies that end with the session
}

// exceptions reads an exception. It is not understood where it takes out
// something that is neither a category nor session cookies.
func exceptions(cl *evidence.Claim) (e exemptWords, understood bool) {
	text := cl.Except
	if strings.TrimSpace(text) == "" {
		return alternative(cl), true
	}
	e.categories = map[evidence.Category]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !wordRune(r) }) {
		for _, stem := range sessionWords() {
			e.session = e.session || strings.HasPrefix(w, stem)
		}
		for _, c := range categoryWords() {
			for _, stem := range c.stems {
				if strings.HasPrefix(w, stem) {
					e.categories[c.category] = true
				}
			}
		}
	}
	return e, e.session || len(e.categories) > 0
}

// alternative reads "for the session or to keep your preferences", which takes
// preferences out without a word such as "except".
func alternative(cl *evidence.Claim) exemptWords {
	if cl.Kind != evidence.ClaimSessionOnly {
		return exemptWords{}
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(cl.Quote), func(r rune) bool { return !wordRune(r) }) {
		for _, stem := range preferenceWords() {
			if strings.HasPrefix(w, stem) {
				return exemptWords{categories: map[evidence.Category]bool{evidence.Functional: true}}
			}
		}
	}
	return exemptWords{}
}

func preferenceWords() []string {
	return []string{"prefer", "präferenz", "préfér", "voorkeur", "inställning", "indstilling", "předvolb", "beállítás", "asetu"}
}

// covers reports whether a cookie may be among what is taken out.
func (e *exemptWords) covers(k *evidence.Cookie, p audit.Purpose) bool {
	if e.session && asked(k) == 0 {
		return true
	}
	if len(e.categories) == 0 {
		return false
	}
	// A record of the visitor's own choice is a preference as well.
	preference := e.categories[evidence.Functional] && (p.Class == "consent" || p.Class == "interface")
	return p.Category == evidence.UnknownCategory || e.categories[p.Category] || e.categories[evidence.Necessary] && p.Exempt || preference
}

func sessionWords() []string {
	return []string{"session", "sitzung", "sesión", "sesion", "sessione", "sessão", "sesj", "sessie", "istun", "relac", "munkamenet"}
}

type categoryStems struct {
	category evidence.Category
	stems    []string
}

// categoryWords are the beginnings of words for purposes in the languages that
// policies are read in.
func categoryWords() []categoryStems {
	return []categoryStems{
		{evidence.Necessary, []string{
			"necess", "essent", "requir", "techn", "secur", "notwendig", "erforderlich", "essenzi", "sicherheit", "nécess", "sécur", "neces", "técn",
			"tecn", "segur", "sicur", "niezbęd", "nödvänd", "nødvend", "noodzak", "vereist", "välttäm", "nezbyt", "technick", "szüksé",
		}},
		{evidence.Functional, []string{
			"function", "prefer", "setting", "language", "funktion", "präferenz", "einstellung", "fonction", "préfér", "funcion", "funzion", "funkcj",
			"voorkeur", "inställ", "indstill", "toiminn", "asetuk", "předvolb", "beállít",
		}},
		{evidence.Analytics, []string{"analy", "statis", "perform", "measur", "audience", "mesure", "messung", "reichweit", "estad", "tilasto"}},
		{evidence.Marketing, []string{"advert", "market", "target", "social", "werb", "publi", "pubbli", "rekla", "mainon", "annons"}},
	}
}

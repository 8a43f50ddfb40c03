package policy

import (
	"regexp"
	"strings"
	"unicode"
)

// quoteMarks begin a quoted name.
const quoteMarks = "\"„“”«»‘「"

// joinedNames are the quoted names that an "and" or a comma ties to one that is
// known ("the cookies “_fbp” and “fr”").
func joinedNames(sentence string, known map[string]int) []string {
	var out []string
	last := -1 // where the last known name of the sentence ended
	for _, m := range quotedName.FindAllStringSubmatchIndex(sentence, 60) {
		name := canonicalName(sentence[m[2]:m[3]])
		if _, have := known[name]; have {
			last = m[1]
			continue
		}
		if last < 0 || !ties(sentence[last:m[0]]) || strengthOf(name) == notName || labelClass(name).found {
			last = -1
			continue
		}
		out = append(out, name)
		last = m[1]
	}
	return out
}

var quotedName = regexp.MustCompile(`["„“”«»'‘「] ?([\w.:*#-]{2,60}) ?["“”»«'’」]`)

// ties reports whether a text between two names holds an "and", a comma and
// brackets only.
func ties(gap string) bool {
	gap = inBrackets.ReplaceAllString(gap, " ")
	for _, w := range strings.FieldsFunc(gap, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '、' }) {
		if w = fold(w); !isOr(w) && !isAnd(w) {
			return false
		}
	}
	return true
}

var inBrackets = regexp.MustCompile(`\([^()]*\)`)

// calledName is a quoted name behind the word that gives it ("a cookie named
// “JSESSIONID”").
var calledName = regexp.MustCompile(`(?i)(?:named|called|mit dem namen|mit der bezeichnung|namens|nomm\x{e9}s?|appel\x{e9}|intitul\x{e9}|llamada|denominad[ao]|denominat[oa]|chiamato|genaamd|met de naam|o nazwie|chamado|med namnet|som heter|ved navn|med navnet|nimelt\x{e4}|nev\x{171}|s n\x{e1}zvem|numit|\pL*cookies?(?:-?\pL{1,5})?|\pL*kakan?|kakorna|ev[a\x{e4}]ste\pL*|s[u\x{fc}]ti\pL*|informasjonskaps\pL*|бисквитк\pL*|куки|\x{e7}erez\pL*|κουκι\pL*|modul(?:ul)?|pi[s\x{161}]kot\pL*|kola[c\x{10d}]i\pL*|slapuk\pL*|s[i\x{12b}]kdat\pL*|k[u\x{fc}]psis\pL*|galet\pL*|fian\pL*|ciastecz\pL*|колачи\pL*):? ["„“”«»'‘「]+ ?([\w.:*#<>{}\[\]-]{2,60}) ?["“”»«'’」]`)

// calledAfter is a quoted name before the word that gives it, as in Hungarian,
// Turkish and Finnish ("a „kosar_id” nevű süti").
var calledAfter = regexp.MustCompile(`(?i)["„“”«»'‘「] ?([\w.:*#<>{}\[\]-]{2,60}) ?["“”»«'’」][\pL-]{0,5} (?:nev\x{171} |nimeli\pL* |adl\x{131} |isimli )?(?:\pL+ )?(?:s[u\x{fc}]ti\pL*|\x{e7}erez\pL*|ev[a\x{e4}]ste\pL*|k[u\x{fc}]psis\pL*|slapuk\pL*|s[i\x{12b}]kdat\pL*)`)

// calledNames are the names that a text calls so.
func calledNames(text string) []string {
	if !strings.ContainsAny(text, quoteMarks) && !strings.Contains(text, " '") {
		return nil
	}
	var out []string
	for _, m := range append(calledName.FindAllStringSubmatch(text, 50), calledAfter.FindAllStringSubmatch(text, 50)...) {
		if s := strengthOf(m[1]); labelClass(m[1]).found {
			continue // "so-called “technical” cookies"
		} else if s >= likelyName || s == weakName && strings.ToLower(m[1]) == m[1] {
			out = append(out, canonicalName(m[1]))
		}
	}
	return out
}

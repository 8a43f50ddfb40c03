package policy

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quoteMarks begin a quoted name.
const quoteMarks = "\"„“”«»‘「"

// joinedNames are the quoted names that an "and" or a comma ties to one that is
// known ("the cookies “_fbp” and “fr”").
func joinedNames(sentence string, known map[string]int) []nameRef {
	if len(known) == 0 || !strings.ContainsAny(sentence, quoteMarks+"'") {
		return nil
	}
	var out []nameRef
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
		out = append(out, nameRef{name: name, note: noteBehind(sentence[m[1]:])})
		last = m[1]
	}
	return out
}

var quotedName = regexp.MustCompile(`["„“”«»'‘「] ?([\w.:*#/…-]{2,60}) ?["“”»«'’」]`)

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

// callsName reports whether a text of lastWords ends with a word that gives the
// quoted name behind it ("a cookie named “JSESSIONID”").
func callsName(text string) bool {
	text = strings.TrimSuffix(strings.ToLower(text), ":")
	for _, end := range callingEnds {
		if strings.HasSuffix(text, end) {
			return true
		}
	}
	word := text[1+strings.LastIndexAny(text, " -"):]
	if containsAny(word, callingStems...) {
		return true
	}
	at := strings.LastIndex(text, "cookie") // "cookie-uri"
	if at < 0 {
		return false
	}
	ending := strings.TrimPrefix(strings.TrimPrefix(text[at:], "cookie"), "s")
	letters := strings.TrimPrefix(ending, "-")
	return !strings.ContainsAny(letters, " -") && utf8.RuneCountInString(letters) <= 5 && (letters != "" || ending == "")
}

// callingEnds end such a text, and callingStems stand in its last word.
var (
	callingEnds  = []string{"named", "called", "mit dem namen", "mit der bezeichnung", "namens", "nommé", "nommés", "appelé", "intitulé", "llamada", "denominada", "denominado", "denominato", "denominata", "chiamato", "genaamd", "met de naam", "o nazwie", "chamado", "med namnet", "som heter", "ved navn", "med navnet", "nimeltä", "nevű", "s názvem", "s názvom", "numit", "kaka", "kakan", "kakorna", "куки", "modul", "modulul"}
	callingStems = []string{"evaste", "eväste", "suti", "süti", "informasjonskaps", "бисквитк", "çerez", "κουκι", "piskot", "piškot", "kolaci", "kolači", "slapuk", "sikdat", "sīkdat", "kupsis", "küpsis", "galet", "fian", "ciastecz", "колачи"}
)

var quoteBehind = regexp.MustCompile(`^ ["„“”«»'‘「]+ ?([\w.:*#/…<>{}\[\]-]{2,60}) ?["“”»«'’」]`)

// calledAfter is a quoted name before the word that gives it, as in Hungarian,
// Turkish and Finnish ("a „kosar_id” nevű süti").
var calledAfter = regexp.MustCompile(`(?i)["„“”«»'‘「] ?([\w.:*#/…<>{}\[\]-]{2,60}) ?["“”»«'’」][\pL-]{0,5} (?:nev\x{171} |nimeli\pL* |adl\x{131} |isimli )?(?:\pL+ )?(?:s[u\x{fc}]ti\pL*|\x{e7}erez\pL*|ev[a\x{e4}]ste\pL*|k[u\x{fc}]psis\pL*|slapuk\pL*|s[i\x{12b}]kdat\pL*)`)

// calledNames are the names that a text calls so.
func calledNames(text string) []string {
	if !strings.ContainsAny(text, quoteMarks) && !strings.Contains(text, " '") {
		return calledCapitals(text)
	}
	found := append(calledBefore(text), calledCapitals(text)...)
	if containsAny(strings.ToLower(text), "uti", "üti", "erez", "vaste", "väste", "psis", "lapuk", "kdat") {
		for _, m := range calledAfter.FindAllStringSubmatch(text, calledMost) {
			found = append(found, m[1])
		}
	}
	var out []string
	for _, name := range found {
		if s := strengthOf(name); labelClass(name).found {
			continue // "so-called “technical” cookies"
		} else if s >= likelyName || s == weakName && strings.ToLower(name) == name && name != "flash" && name != "zombie" {
			out = append(out, canonicalName(name))
		}
	}
	return out
}

// calledCapitals finds the names of capitals that stand without quotes behind the
// word that gives them ("a cookie called SID").
func calledCapitals(text string) []string {
	if !strings.Contains(text, "ookie") {
		return nil
	}
	var out []string
	for _, m := range cookieCapitals.FindAllStringSubmatchIndex(text, calledMost) {
		if name := text[m[2]:m[3]]; isCapitals(name) && callsName(strings.TrimRight(clipFront(text[:m[2]], 40), " ")) {
			out = append(out, name)
		}
	}
	return out
}

// isKind reports whether a word says whose cookies are meant, or how long they
// stay ("cookies « tiers »").
func isKind(word string) bool {
	switch word {
	case "tiers", "tierces", "internes", "externes", "propres", "persistants", "permanents", "temporaires", "propias", "terceros", "persistentes", "permanentes", "proprietari", "terzi", "persistenti", "permanenti", "permanent", "persistent", "temporary", "transient", "first-party", "third-party", "eigene", "fremde", "dauerhafte",
		"sesyjne", "sesyjny", "tymczasowe", "transiente", "persistente", "permanente", "permanenta", "tijdelijke", "blijvende", "midlertidige", "vedvarende", "varaktiga", "temporanei", "temporales":
		return true
	}
	return false
}

// calledMost bounds the names that one text can call so.
const calledMost = 50

// calledBefore finds the quoted names behind the word that gives them. It looks
// for the quotes first: few texts have them, and the words are many.
func calledBefore(text string) []string {
	var out []string
	for at, end := 0, 0; len(out) < calledMost; {
		i := strings.IndexByte(text[at:], ' ')
		if at += i; i < 0 || at+1 == len(text) {
			break
		}
		if c := text[at+1]; c == '"' || c == '\'' || c >= utf8.RuneSelf {
			if m := quoteBehind.FindStringSubmatchIndex(text[at:]); m != nil && callsName(lastWords(text[end:at])) && !closes(text[:at], text[at:at+m[2]]) {
				out = append(out, text[at+m[2]:at+m[3]])
				at += m[1]
				end = at
				continue
			}
		}
		at++
	}
	return out
}

// closes reports whether a mark ends a quotation that began before it: some
// languages open with what others close with («…», »…«).
func closes(before, mark string) bool {
	return strings.Contains(mark, "»") && !strings.Contains(mark, "«") && strings.Contains(before, "«")
}

// lastWords are the words that end a text, without a mark between them: as many
// as the longest way to call a name may have.
func lastWords(text string) string {
	begin := len(text)
	if strings.HasSuffix(text, ":") {
		begin--
	}
	for begin > 0 && len(text)-begin < 64 {
		r, size := utf8.DecodeLastRuneInString(text[:begin])
		if r != ' ' && r != '-' && !unicode.IsLetter(r) {
			break
		}
		begin -= size
	}
	return text[begin:]
}

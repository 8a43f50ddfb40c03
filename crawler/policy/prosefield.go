package policy

import (
	"regexp"
	"strings"
	"unicode"
)

// lifetimeVerbs stand before a lifetime in a sentence about a cookie.
var lifetimeVerbs = []string{
	"expir", "last for", "they last ", "which last ", "that last ", "cookies last ", "gone after", "retained for", "stored for", "kept for", "valid for", "lasts ", "lifetime of", "lifespan of", "deleted after", "duration of", "duration is", "remains for", "we store", "is stored", "are stored",
	"lauft nach", "gespeichert fur", "gultig fur", "geloscht nach", "laufzeit von", "lebensdauer von", "speicherdauer von", "nach ablauf von", "verfallt nach",
	"expire apres", "conserve pendant", "conserves pendant", "duree de", "au bout de",
	"caduca", "se conserva", "duracion de", "scade dopo", "conservato per", "durata di", "verloopt na", "bewaard gedurende", "geldig voor", "bewaartermijn van",
	"wygasa po", "przechowywany przez", "expira apos", "expira em", "upphor efter", "sparas i ", "udlober efter", "gemmes i ", "vanhenee", "sailyy", "lejar", "ervenyes", "vyprsi", "platnost",
	" pendant ", " durante ", " na okres ", "for a period of", "for a duration of", "fur einen zeitraum von", "dauer von ", "per un periodo di", "por un periodo de", "por um periodo de", "under en period av", "i en periode pa", "voor een periode van",
	"kept until", "kept for", "lasts", "remains ", "stored until", "gespeichert", "aufbewahrt", "bleibt ", "conserve ", "dure ", "stocke ", "dura ", "se almacena", "permanece", "conservat", "rimane ", "bewaard", "opgeslagen", "blijft ", "przechowywan", "okres ", "lagras ", "lagres ", "opbevares", "gemmes", "sailytetaan", "ulozen", "uchovav", "plati ", "taroljuk", "megmarad", "expira", "stocat", "ληγει", "διαρκει", "αποθηκευ", "изтича", "съхраня",
}

// lifetimeClause returns the part of a purpose text that states how long the
// cookie lives. How long the data behind it is kept is something else.
func lifetimeClause(text string) string {
	if text == "" {
		return ""
	}
	all := sentences(clip(text, 4000))
	for i, sentence := range all {
		seconds, ok := ParseLifetime(sentence)
		if !ok {
			seconds, ok = ParseLifetime(lengthInWords(sentence)) // "przez rok"
		}
		if !ok {
			continue
		}
		folded := fold(sentence)
		if length := endsWith(sentence, folded, seconds); length != "" {
			return length
		}
		for _, verb := range lifetimeVerbs {
			at := strings.Index(folded, verb)
			if at < 0 || keepsData(folded[:at]) && !isPronoun(words(folded)[0]) {
				continue
			}
			tail := folded[at:]
			if len(words(tail)) == 1 && seconds != nil && *seconds == 0 {
				return clip(strings.Trim(sentence[1+strings.LastIndexByte(sentence, ','):], ". "), 200) // "a böngésző bezárásáig érvényes"
			}
			if _, ok := ParseLifetime(tail); !ok && lengthInWords(tail) == "" {
				continue
			}
			if length := firstLength(sentence); length != "" {
				return length
			}
			return clip(squeeze(sentence), 200)
		}
		if length := keptFor(sentence, folded, seconds); length != "" {
			return length
		}
		if core := strings.TrimRight(sentence, ". "); len(all) > 1 && seconds != nil && (i == len(all)-1 || *seconds > 0 && startsLength(folded)) && lifetimeOnly(core) {
			return core // "Filters bots. 30 minutes.", "Keeps the cart. Session cookie."
		}
	}
	return ""
}

// startsLength reports whether a folded text begins as a length does: with a number,
// or the words for a bound.
func startsLength(folded string) bool {
	tokens := lifetimeTokens(clip(folded, 100))
	return len(tokens) > 1 && (tokens[0].isNumber || upToStems.begin(tokens[0].word))
}

// keptFor reads a sentence with a word for keeping, lasting or being valid, in the
// languages whose phrases lifetimeVerbs has not: from that word on, it must state
// a length or the end of the session.
func keptFor(sentence, folded string, seconds *int64) string {
	if seconds == nil || keepsData(folded) {
		return ""
	}
	fields := strings.Fields(sentence)
	for i, tails := 0, 0; i < len(fields) && tails < triedTails; i++ {
		if !keepStems.begin(strings.Trim(fold(fields[i]), "\"“”„«»',;:()")) {
			continue
		}
		if *seconds > 0 {
			return firstLength(sentence)
		}
		tail := strings.Join(fields[i:], " ")
		if s, ok := ParseLifetime(tail); ok && s != nil && !strings.HasPrefix(fold(tail), "keeps ") { // "Keeps the session"
			return clip(strings.TrimRight(tail, "."), 200)
		}
		tails++
	}
	return ""
}

// triedTails is how many words for keeping a sentence is read from: each costs
// its length again.
const triedTails = 8

var keepStems = stemsOf("lasts", "keep", "lasting", "有効期", "保存期間", "保持期間", "有效期", "保留期", "유효기간", "보관", "보유", "bewaard", "opgeslag", "blijft", "gespeichert", "aufbewahrt", "verbleib", "bleibt", "marad", "orzi", "orizz", "zůstáv", "zostáv", "pozostaj", "ostaje", "ostane", "rämane", "paliek", "залиша", "оста", "παραμεν", "retain", "remember", "remain", "stay", "speicherdauer", "laufzeit", "lebensdauer", "merkt", "conserv", "memoris", "valable", "validite", "recuerda", "duracion", "validez", "vigencia", "ricorda", "durata", "onthoudt", "bewaartermijn", "wazn", "przechowyw", "zapamiet", "validade", "lembra", "guarda", "duracao", "lagra", "sparas", "kvar", "husker", "gemmes", "huskes", "gyldig", "lagres", "sailyt", "sailyy", "voimassa", "muist", "erveny", "megjegyz", "platn", "platí", "uchova", "pamat", "zapamat", "retine", "pastr", "durata", "valabil", "valideaz", "съхран", "валид", "запомн", "помни", "διαρκ", "διατηρ", "ισχυ", "θυμαται", "trajan", "traje", "pamti", "cuva", "velja", "zapomni", "hrani", "shrani", "galio", "saugom", "isimen", "glaba", "derig", "atceras", "kehti", "sailita", "saklan", "hatirla", "срок", "хранит", "действ", "термін", "зберіга", "запам", "permaneix", "recorda", "durada")

// endsWith reads a sentence whose verb says that the cookie ends: at a length, or
// when the browser is closed.
func endsWith(sentence, folded string, seconds *int64) string {
	ends := false
	ws := words(folded)
	for i, w := range ws {
		ends = ends || expireStems.begin(w) && (i == 0 || !isNegation(ws[i-1]))
	}
	if !ends || len(ws) > 40 || !isPronoun(ws[0]) && keepsData(folded) {
		return ""
	}
	switch {
	case seconds == nil:
		return ""
	case *seconds > 0:
		return firstLength(sentence)
	}
	// From the verb on, where that alone says it.
	fields := strings.Fields(sentence)
	for i, f := range fields {
		tail := strings.Join(fields[i:], " ")
		if expireStems.begin(strings.Trim(fold(f), ",;:()")) {
			if s, ok := ParseLifetime(tail); ok && s != nil {
				return clip(strings.TrimRight(tail, "."), 200)
			}
		}
	}
	return clip(strings.TrimRight(squeeze(sentence), "."), 200)
}

// isPronoun reports whether a word stands for the cookie of the sentence before
// ("It contains no personal data and expires …").
func isPronoun(w string) bool {
	switch w {
	case "it", "they", "il", "ils", "elle", "elles", "er", "es", "hij", "ze", "den", "on", "ono", "esso", "essi":
		return true
	}
	return false
}

// keepsData reports whether the subject of a sentence is data rather than the
// cookie that carries it.
func keepsData(before string) bool {
	if mentionsCookies(before) {
		return false
	}
	for _, w := range words(before) {
		switch w {
		case "data", "daten", "information", "informations", "donnees", "datos", "dati", "gegevens", "dane", "dados", "uppgifter", "oplysninger", "tiedot", "adatok", "udaje", "logs", "ip":
			return true
		}
	}
	return false
}

// speaksOfPersonalData reports whether a heading stands above data of persons.
func speaksOfPersonalData(text string) bool {
	return containsAny(fold(text), "personal data", "personal information", "information we collect", "data we collect", "personenbezogen", "donnees personnelles", "donnees a caractere personnel", "datos personales", "dati personali", "persoonsgegevens", "dane osobowe", "danych osobowych", "dados pessoais", "personuppgifter", "personoplysninger", "personopplysninger", "henkilotie", "szemelyes adat", "osobni udaj", "osobnich udaj", "your rights", "ihre rechte", "vos droits")
}

// triedLengths is how many numbers with a word behind them a text is read for.
const triedLengths = 30

// firstLength returns the first number with a unit that a text states, as
// written; the whole range where it begins one ("24 hours to 2 years").
func firstLength(text string) string {
	rest := clip(text, 2000)
	for range triedLengths {
		var length string
		if length, rest = nextLength(rest); length == "" {
			break
		}
		if seconds, ok := ParseLifetime(length); ok && seconds != nil && *seconds > 0 {
			length += rangeEnd.FindString(rest)
			return strings.TrimRight(squeeze(length), ".")
		}
	}
	return lengthInWords(text)
}

// nextLength finds the first number, in digits or as a small word of English, with
// a word behind it, and the text behind that word.
func nextLength(text string) (length, rest string) {
	for i := 0; i < len(text); {
		end := i
		for end < len(text) && isWordChar(text[end]) {
			end++
		}
		if !isSmallNumber(text[i:end]) {
			digit := strings.IndexAny(text[i:end], "0123456789")
			if digit < 0 {
				i = end + 1
				continue
			}
			i += digit
			end = i
			for end < len(text) && strings.IndexByte("0123456789.,", text[end]) >= 0 {
				end++
			}
		}
		behind := strings.TrimLeft(text[end:], asciiSpace)
		if behind != "" && (behind[0] == '-' || behind[0] == '(') {
			behind = strings.TrimLeft(behind[1:], asciiSpace)
		}
		word := strings.IndexFunc(behind, func(r rune) bool { return !unicode.IsLetter(r) })
		if word < 0 {
			word = len(behind)
		}
		if word > 0 {
			if word < len(behind) && behind[word] == '.' {
				word++
			}
			return text[i : len(text)-len(behind)+word], behind[word:]
		}
		i = end
	}
	return "", ""
}

const asciiSpace = " \t\n\f\r"

func isWordChar(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' || c == '_' }

func isSmallNumber(word string) bool {
	if len(word) > len("twelve") {
		return false
	}
	switch strings.ToLower(word) {
	case "one", "two", "three", "six", "twelve", "a", "an":
		return true
	}
	return false
}

// rangeEnd is the upper end of a range, behind its lower one.
var rangeEnd = regexp.MustCompile(`^\s?(?:[-–—]|to|bis|à|a|al|do|tot|till|til|until|up to|au)\s?\d[\d.,]*\s?\pL+`)

// lengthInWords returns the first length that a text spells out ("treize mois").
func lengthInWords(text string) string {
	fields := strings.Fields(clip(text, 2000))
	for i, f := range fields {
		if i > 0 && loneUnits[strings.Trim(fold(f), ".,;)")] > 0 && isDuring(fold(fields[i-1])) {
			return strings.Trim(f, ".,;)")
		}
		if _, number := numberWords[strings.Trim(wordPart(fold(f)), "(")]; !number {
			continue
		}
		for n := 2; n <= 3 && i+n <= len(fields); n++ {
			length := strings.Trim(strings.Join(fields[i:i+n], " "), "(),;.")
			if seconds, ok := ParseLifetime(length); ok && seconds != nil && *seconds > 0 {
				return length
			}
		}
	}
	return ""
}

// isDuring accepts the prepositions before a unit without a number ("przez rok").
func isDuring(w string) bool {
	switch w {
	case "przez", "na", "po", "за", "на", "протягом", "течение", "v", "za":
		return true
	}
	return false
}

// wordPart is the first part of a compound ("quatre-vingt-dix").
func wordPart(word string) string {
	first, _, _ := strings.Cut(word, "-")
	return first
}

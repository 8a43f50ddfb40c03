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
		if s, ok := ParseLifetime(tail); ok && s != nil {
			return clip(strings.TrimRight(tail, "."), 200)
		}
		tails++
	}
	return ""
}

// triedTails is how many words for keeping a sentence is read from: each costs
// its length again.
const triedTails = 8

var keepStems = stemsOf("lasts", "keep", "lasting", "有効期", "保存期間", "保持期間", "有效期", "保留期", "유효기간", "보관", "보유", "bewaard", "opgeslag", "blijft", "gespeichert", "aufbewahrt", "verbleib", "bleibt", "marad", "zůstáv", "zostáv", "pozostaj", "ostaje", "ostane", "rämane", "paliek", "залиша", "оста", "παραμεν", "retain", "remember", "remain", "stay", "speicherdauer", "laufzeit", "lebensdauer", "merkt", "conserv", "memoris", "valable", "validite", "recuerda", "duracion", "validez", "vigencia", "ricorda", "durata", "onthoudt", "bewaartermijn", "wazn", "przechowyw", "zapamiet", "validade", "lembra", "guarda", "duracao", "lagra", "sparas", "kvar", "husker", "gemmes", "huskes", "gyldig", "lagres", "sailyt", "sailyy", "voimassa", "muist", "erveny", "megjegyz", "platn", "platí", "uchova", "pamat", "zapamat", "retine", "pastr", "durata", "valabil", "valideaz", "съхран", "валид", "запомн", "помни", "διαρκ", "διατηρ", "ισχυ", "θυμαται", "trajan", "traje", "pamti", "cuva", "velja", "zapomni", "hrani", "shrani", "galio", "saugom", "isimen", "glaba", "derig", "atceras", "kehti", "sailita", "saklan", "hatirla", "срок", "хранит", "действ", "термін", "зберіга", "запам", "permaneix", "recorda", "durada")

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

// cleanProvider takes off what is not the name of an organisation.
func cleanProvider(text string) string {
	if strings.Contains(text, "(") {
		text = bracketNote.ReplaceAllString(text, " ")
	}
	if strings.Contains(text, " ") {
		text = policyLink.ReplaceAllString(text, "")
	}
	if strings.Contains(text, "___") {
		text = blank.ReplaceAllString(squeeze(text), " ")
	}
	text = squeeze(text)
	text = strings.Trim(text, " ,;:/|-–*")
	if last := lastWord(text); strings.HasSuffix(last, ".") && (len(last) > 6 || strings.ToLower(last) == last && strings.Count(last, ".") == 1) {
		// Others are abbreviations: "Inc.", "Kft.", "B.V.", "s.r.o."
		text = strings.TrimRight(text, ".")
	}
	if outside, inside, found := strings.Cut(text, "("); found && strings.HasSuffix(inside, ")") && isParty(fold(strings.TrimSpace(outside))) {
		text = strings.TrimSuffix(inside, ")") // "Third party (Google)"
	}
	if strings.IndexFunc(text, unicode.IsLetter) < 0 {
		return ""
	}
	if isParty(fold(text)) {
		return ""
	}
	return text
}

// isParty reports whether a text only says whose a cookie is, or that nobody
// knows.
func isParty(folded string) bool {
	switch folded {
	case "first party", "third party", "third parties", "third-party", "first-party", "own", "this website", "unknown", "n/a", "eigene", "erstanbieter", "drittanbieter", "propia", "propias", "tercero", "terceros", "de terceros", "propre", "tiers", "propri", "proprios", "proprias", "terceiros", "de terceiros", "terzi", "terze parti", "terza parte", "eigen", "derden", "egne", "tredjepart", "wlasne", "podmioty trzecie", "vlastni", "treti strany", "true", "false", "yes", "no":
		return true
	}
	return false
}

// blank is a line to write on.
var blank = regexp.MustCompile(`(?:^|\s)_{3,}(?:\s|$)`)

// policyLink is the text of a link to the provider's own policy.
var policyLink = regexp.MustCompile(`(?i)\s+\(?(?:view\s.*)?(?:privacy policy|privacy notice|datenschutzerkl\x{e4}rung|privacybeleid|informativa(?: privacy)?|politique de confidentialit\x{e9}|pol\x{ed}tica de privacidad|pol\x{ed}tica de privacidade|polityka prywatno\x{15b}ci)\)?\s*$`)

var bracketNote = regexp.MustCompile(`(?i)\s*\((?:[^()]*(?:party|partij|partei|partie|parte|part|podmiot|propi[ao]|tercer)[^()]*)?\)`)

// noteProvider reads an organisation from the bracket behind a name
// ("_ga (Google)").
func noteProvider(note string) string {
	note = squeeze(note)
	if note == "" || len(note) > 40 || len(strings.Fields(note)) > 3 || storageOf(note) != "" && !namesPixel(note) {
		return ""
	}
	if _, ok := ParseLifetime(note); ok {
		return ""
	}
	for _, w := range strings.Fields(note) {
		if first := []rune(w)[0]; !unicode.IsUpper(first) {
			return ""
		}
	}
	return cleanProvider(note)
}

// setBy stands before the organisation that sets a cookie.
var setBy = []string{"Nous utilisons ", "Wir nutzen ", "Wir verwenden ", "Wir setzen ", "Utilizamos ", "Utilizziamo ", "ij gebruiken ", "e gebruiken ", "orzystamy z ", "żywamy ", "Usamos ", "Vi använder ", "Vi bruger ", "Käytämme ", "oužíváme ", "Folosim ", "sado pelo ", "sada pelo ", "erwendet von ", "enutzt von ", "tilisé par ", "tilizzato da ", "tilizada por ", "tilizado por ", "ebruikt door ", "żywany przez ", "nvänds av ", "ruges af ", "mplemented by ", "et by ", "laced by ", "rovided by ", "tored by ", "cookie is used by ", "We use ", "esetzt von ", "esetzt durch ", "éposé par ", "stablecida por ", "mpostato da ", "eplaatst door ", "stawiany przez "}

var providerCookies = regexp.MustCompile(`^([A-Z][\pL\pN]+(?: [A-Z][\pL\pN]+)?) [Cc]ookies?\.`)

// proseProvider reads an organisation from a purpose text ("We use Google
// Analytics to …", "is set by Stripe").
func proseProvider(text string) string {
	text = clip(text, 1500)
	first, name := len(text), ""
	for _, phrase := range setBy {
		at := strings.Index(text[:first], phrase)
		if at < 0 || phrase[0] >= 'a' && at == 0 {
			continue
		}
		if proper := properName(text[at+len(phrase):]); proper != "" {
			first, name = at, proper
		}
	}
	if name != "" && !mentionsCookies(name) {
		return name
	}
	if m := bracketAtEnd(text); m != nil && services[strings.ToLower(m[2])] {
		return m[2] // "Keeps what was chosen (Hotjar)"
	}
	return cookiesOf(text)
}

// properName is the run of up to three words with a capital that begins a text.
func properName(text string) string {
	var out []string
	for _, w := range strings.Fields(clip(text, 120)) {
		core := strings.TrimRight(w, ",;:)")
		if owner, _, found := strings.Cut(strings.ReplaceAll(core, "’", "'"), "'"); found {
			core = owner // "CIVIC's"
		}
		if core == "" || core[0] < 'A' || core[0] > 'Z' || strings.ContainsAny(core, "(\"'/_") || len(out) == 3 {
			break
		}
		out = append(out, core)
		if core != w || strings.HasSuffix(core, ".") && len(core) > 6 {
			break
		}
	}
	return strings.TrimRight(strings.Join(out, " "), ".")
}

// cookiesOf reads the organisation of "Twitter cookies."
func cookiesOf(text string) string {
	if !containsAny(clip(text, 60), "ookie.", "ookies.") {
		return ""
	}
	if m := providerCookies.FindStringSubmatch(text); m != nil && !headingClass(m[1]).found {
		return m[1]
	}
	return ""
}

// serviceHeading is the nearest heading where it is the name of a service: a
// short proper name, below a heading that speaks of cookies.
func serviceHeading(r *record) string {
	for i := len(r.path) - 1; i > 0 && i >= len(r.path)-2; i-- {
		text := r.path[i].text
		if kind, value := valueLabel(text); kind == providerField {
			return cleanProvider(value) // "Operator: Nile Ltd" above a table
		}
		if labelClass(text).found || labelKind(text) != noField || headsContents(text) || r.path[i].level >= softLevel && strings.HasSuffix(text, ":") {
			continue
		}
		if company := companyIn(text); company != "" && (nearCookies(r.path[:i]) || underClass(r.path[:i])) {
			return company
		}
		if m := bracketAtEnd(text); m != nil && !strings.ContainsAny(m[2], "0123456789") && !labelClass(m[1]).found {
			text = strings.TrimSpace(m[1])
		}
		ws := strings.Fields(text)
		if len(ws) > 4 || len(text) > 50 || mentionsCookies(text) && len(ws) < 3 || strings.ContainsAny(text, ":?!") || isMiscellaneous(text) {
			return ""
		}
		for _, w := range ws {
			if first := []rune(w)[0]; !unicode.IsUpper(first) {
				return ""
			}
		}
		if nearCookies(r.path[:i]) || underClass(r.path[:i]) {
			return text
		}
		return ""
	}
	return ""
}

// companyIn reads the company from the heading of a service ("Analytics 4
// (Google Ireland Limited)").
func companyIn(heading string) string {
	m := bracketAtEnd(heading)
	if m == nil || len(m[2]) > 60 {
		return ""
	}
	ws := strings.Fields(m[2])
	if len(ws) < 2 || !isLegalForm(ws[len(ws)-1]) {
		return ""
	}
	return m[2]
}

// isLegalForm reports whether a text is the legal form of a company and nothing
// else.
func isLegalForm(text string) bool {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, fold(text))
	switch letters {
	case "limited", "ltd", "inc", "incorporated", "corporation", "corp", "company", "co", "llc", "plc", "gmbh", "ag", "se", "kg", "ug", "ohg", "gmbhcokg", "sa", "sas", "sarl", "sl", "slu", "srl", "spa", "bv", "nv", "spzoo", "as", "sro", "kft", "zrt", "ab", "oy", "oyj", "aps", "asa", "lda", "ltda", "doo", "dd", "ood", "eood", "ad", "uab", "sia":
		return true
	}
	return false
}

// headsContents reports whether a heading stands above what is stored, wherever it
// stands ("Gespeicherte Informationen").
func headsContents(text string) bool {
	return len(text) < 60 && wordsBegin(text, []string{"information", "informac", "informaz", "detail", "gegevens", "data", "daten", "donnees", "datos", "dati", "dane", "dados"})
}

func isMiscellaneous(text string) bool {
	for _, w := range words(fold(text)) {
		if hasAnyPrefix(w, []string{"misc", "other", "sonstig", "ander", "divers", "autre", "otro", "vari", "altr", "overig", "inne", "outr", "ovrig", "muut", "egyeb", "ostatn", "example", "list", "table", "own", "eigene", "local", "session", "setting", "einstellung", "parametr", "reglage", "ajuste", "impostazion", "instelling", "ustawien", "installning", "indstilling", "nastaven", "configur", "konfigur", "preferen", "choix", "question", "fragen", "kontakt", "contact"}) {
			return true
		}
	}
	return false
}

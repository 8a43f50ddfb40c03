package policy

import (
	"regexp"
	"strings"
	"unicode"
)

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
	note = noteWithout(squeeze(note), func(part string) bool {
		return storageOf(part) != "" && !namesPixel(part) || wholeClass(part).found || lifetimeOnly(part)
	})
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

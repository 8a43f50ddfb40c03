package policy

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cookieaudit/crawler/evidence"
)

// danglingDash stands between a value and the next label.
var danglingDash = regexp.MustCompile(`\s+[-–—/]$`)

// labelledParts splits "Name: x; Purpose: …; Lifetime: …" at its labels. head
// is the text before the first.
func labelledParts(line string) (head string, parts []field) {
	if len(line) > 6000 || !strings.Contains(line, ":") {
		return line, nil
	}
	type mark struct {
		begin, end int
		kind       fieldKind
		label      string
		note       bool // in a bracket
	}
	var marks []mark
	notes, others := 0, false
	for i := 0; i < len(line) && len(marks) < 40; i++ {
		if line[i] != ':' || i+1 < len(line) && line[i+1] != ' ' && line[i+1] != '*' && line[i+1] != '\u00a0' && line[i+1] < 0x80 {
			continue
		}
		low := 0
		if len(marks) > 0 {
			low = marks[len(marks)-1].end
		}
		begin, kind := labelBefore(line, low, i)
		if kind != noField {
			note := begin > 0 && line[begin-1] == '('
			marks = append(marks, mark{begin, i + 1, kind, line[begin:i], note})
			if note {
				notes++
				_, behind, _ := strings.Cut(line[i:], ")")
				others = others || strings.Contains(behind, " (")
			}
		}
	}
	if len(marks) == 0 || notes == len(marks) && (notes > 1 || others) {
		return line, nil // a note in brackets behind each name of a sentence
	}
	if notes > 1 && marks[0].kind == nameField {
		marks = slices.DeleteFunc(marks, func(m mark) bool { return m.note }) // "Cookies: a (lifetime: 2 years), b (lifetime: 1 day)"
	}
	for k, m := range marks {
		end := len(line)
		if k+1 < len(marks) {
			end = marks[k+1].begin
		}
		// A star at the end is a placeholder.
		text := strings.TrimRight(strings.TrimLeft(line[m.end:end], " \t*;,|•·"), " \t;,|•·")
		text = danglingDash.ReplaceAllString(text, "")
		rest := ""
		if inside, behind, closed := strings.Cut(text, ")"); closed && !strings.Contains(inside, "(") && opensBracket(line[:m.begin]) {
			text, rest = inside, strings.Trim(behind, " .;,:–—-") // "_ga (Google, lifetime: 2 years) – counts"
		}
		parts = append(parts, field{m.kind, m.label, strings.TrimSpace(text)})
		if rest != "" {
			parts = append(parts, field{purposeField, "", rest})
		}
	}
	last := &parts[len(parts)-1]
	if at := strings.LastIndex(last.text, ", "); at > 0 && last.kind == lifetimeField && wholeClass(last.text[at+2:]).found {
		class := last.text[at+2:] // "Lifetime: 1 year, necessary"
		last.text = last.text[:at]
		parts = append(parts, field{categoryField, "", class})
	}
	head = strings.Trim(line[:marks[0].begin], " *")
	if opensBracket(head) {
		head = strings.TrimRight(head, "(,; ") + ")"
	}
	return strings.TrimSuffix(head, "()"), parts
}

// opensBracket reports whether a bracket begins in a text and does not end.
func opensBracket(text string) bool {
	return strings.LastIndexByte(text, '(') > strings.LastIndexByte(text, ')')
}

// labelBefore finds the label that ends at the colon at i.
func labelBefore(line string, low, i int) (int, fieldKind) {
	from := max(low, i-48)
	begin := from
	for j := i - 1; j >= from; j-- {
		if strings.IndexByte(".;|,(:\n", line[j]) >= 0 || strings.HasPrefix(line[j:], "·") || strings.HasPrefix(line[j:], "•") || strings.HasPrefix(line[j:], "–") || strings.HasPrefix(line[j:], "—") {
			begin = j + 1
			if line[j] >= 0x80 {
				_, size := utf8.DecodeRuneInString(line[j:])
				begin = j + size
			}
			break
		}
	}
	if begin == from && from > low {
		begin = from + max(0, strings.IndexByte(line[from:i], ' '))
	}
	text := strings.TrimLeft(line[begin:i], " *-•\u00a0")
	if low == 0 && namesClass(words(fold(text))) {
		return 0, noField // "Technisch notwendige Cookies:"
	}
	for text != "" {
		if kind := labelKind(text); kind != noField {
			start := i - len(text)
			// Inside a line only a capital begins a label.
			if start <= low || start == 0 || strings.TrimLeft(line[:start], " *-") == "" || unicode.IsUpper([]rune(text)[0]) || strings.IndexByte(";:|\n", line[max(0, start-2)]) >= 0 {
				return start, kind
			}
		}
		_, rest, found := strings.Cut(text, " ")
		if !found {
			break
		}
		text = strings.TrimSpace(rest)
	}
	return 0, noField
}

var separators = []string{" – ", " — ", " - ", ": ", " = ", " → ", " -> ", " => ", " | ", " (", "\n", "\t", " – "}

// leadingNames reads the names that begin a text and returns the rest.
func leadingNames(text, lead string, least strength) ([]nameRef, string) {
	text = strings.TrimSpace(text)
	if lead != "" && strings.HasPrefix(text, lead) && !listGoesOn(text[len(lead):]) {
		core := strings.TrimRight(lead, ": –-")
		refs := namesIn(core, weakName)
		if len(refs) > 0 && !coversMore(core, refs) && !labelClass(core).found && labelKind(core) == noField {
			rest, note := behind(text[len(lead):])
			for i := range refs {
				refs[i].note = strings.TrimSpace(refs[i].note + " " + note)
			}
			return refs, rest
		}
		return nil, ""
	}
	cut := len(text)
	for _, s := range separators {
		if i := strings.Index(clip(text, 400), s); i > 0 && i < cut {
			cut = i
		}
	}
	left := strings.TrimRight(text[:cut], ": ")
	if left == "" || len(left) > 200 || strings.HasSuffix(left, ".") {
		return nil, ""
	}
	refs := namesIn(left, least)
	if len(refs) == 0 || coversMore(left, refs) || labelKind(left) != noField {
		return nil, ""
	}
	for _, ref := range refs {
		if strengthOf(ref.name) < least {
			return nil, ""
		}
	}
	rest, note := behind(text[cut:])
	for i := range refs {
		refs[i].note = strings.TrimSpace(refs[i].note + " " + note)
	}
	return refs, rest
}

// listGoesOn reports whether further names follow an emphasised one
// ("**_ga**, **_gid**: …").
func listGoesOn(rest string) bool {
	rest = strings.TrimSpace(rest)
	if joiner, after, found := strings.Cut(rest, " "); found && isAnd(fold(joiner)) {
		next, _, _ := strings.Cut(after, " ")
		return strengthOf(strings.Trim(next, "*`,:")) == strongName
	}
	for _, mark := range []string{",", "+", "/", "&"} {
		if after, found := strings.CutPrefix(rest, mark); found {
			fields := strings.Fields(after)
			return len(fields) > 0 && strengthOf(strings.TrimRight(fields[0], ",:")) >= likelyName
		}
	}
	return false
}

// behind splits a bracket off the front of the text behind a name.
func behind(text string) (rest, note string) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "(") {
		if end := strings.IndexByte(text, ')'); end > 0 && end < 200 {
			note, text = text[1:end], text[end+1:]
		}
	}
	return strings.TrimLeft(text, " :–—-=→>|\n\t"), note
}

// saysSet reports whether a sentence has a verb for setting or storing.
func saysSet(sentence string) bool {
	if containsAny(sentence, "使用", "利用", "使い", "使う", "設定し", "设置", "사용", "설정") {
		return true // not parted into words
	}
	for w := range wordSeq(fold(clip(sentence, 1000))) {
		if isUse(w) {
			return true
		}
	}
	return false
}

// hasCookieWord is a quick test for the word for cookies.
func hasCookieWord(text string) bool {
	return containsAny(text, "ookie", "OOKIE", "akor", "väste", "üti", "iasteczk", "ocal storage", "ocalStorage", "исквитк", "куки", "Куки", "クッキー", "쿠키", "erez", "apuk", "olačić", "iškot", "ušenk", "akan", "nformasjonskaps", "īkdat", "üpsis", "galet", "Galet", "ianán", "олачи")
}

// mayList is a quick test for a text that listedNames finds names in.
func mayList(text string, code []string) bool {
	return len(text) <= 6000 && (strings.ContainsAny(text, "_*"+quoteMarks) || strings.Contains(text, " '") || len(code) > 0 || cookieCapitals.MatchString(text))
}

// attachedPlaceholder is a placeholder that goes on with a name: words may stand
// in it ("_hjSession_<site id>").
var attachedPlaceholder = regexp.MustCompile(`([\w][_.-])(?:<[^<>\n]{0,40}>|\{\{?[^{}\n]{0,40}\}?\}|\[[^\[\]\n]{0,40}\])`)

// cookieCapitals finds a name of capitals behind the word for a cookie ("the
// cookie IDE", "a cookie by the name of IDE").
var cookieCapitals = regexp.MustCompile(`ookies? (?:\pL+ ){0,4}([A-Z][A-Z0-9]+)\b`)

// listedNames finds the names in a text about cookies ("Cookies such as _ga, IDE
// and NID"). The first of a list must have the look of a name; those that
// follow it may be plain. near is true below a heading that speaks of cookies: a
// sentence there need only say that something is set.
func listedNames(text string, code []string, near bool) []nameRef {
	if !mayList(text, code) || !hasCookieWord(text) && !near {
		return nil
	}
	var out []nameRef
	have := map[string]int{}
	put := func(name, note string) {
		if at, found := have[name]; found {
			out[at].note = cmp.Or(out[at].note, note)
		} else if name != "" {
			have[name] = len(out)
			out = append(out, nameRef{name: name, note: note})
		}
	}
	for _, ref := range codedNames(text, code) {
		put(ref.name, ref.note)
	}
	for _, name := range calledNames(text) {
		put(name, "")
	}
	for _, sentence := range sentences(text) {
		if !hasCookieWord(sentence) && !(near && saysSet(sentence)) || speaksOfParameters(sentence) || strings.Contains(sentence, "('") {
			continue
		}
		if strings.ContainsAny(sentence, "<{[") {
			sentence = attachedPlaceholder.ReplaceAllString(sentence, "$1*")
		}
		inList, rest := false, sentence
		last := ""
		var before []string // names with capitals, each with a comma, right before the first sure one
		for _, token := range strings.FieldsFunc(sentence, betweenNames) {
			rest = rest[strings.Index(rest, token)+len(token):]
			token = strings.TrimRight(token, ".:!?")
			if core, found := strings.CutSuffix(strings.ToLower(token), "-cookie"); found {
				token = token[:len(core)]
			}
			s := notName
			lives := strings.HasPrefix(rest, " (") && noteBehind(rest) != "" || last == "cookie" && isCapitals(token) && firstLength(sentence) != "" // "the cookie IDE is kept for a year"
			last = strings.ToLower(token)
			if lives || inList || strings.ContainsAny(token, "_*{<[") {
				s = strengthOf(token)
			}
			switch {
			case s == strongName, lives && (s == likelyName || inList && s == weakName && strings.ToLower(token) == token), inList && s == likelyName && strings.IndexFunc(token, unicode.IsUpper) >= 0:
				for _, n := range before {
					put(n, "")
				}
				for _, n := range slashed(token, likelyName) {
					put(n, noteBehind(rest))
				}
				inList, before = true, nil
			case isAnd(fold(token)), token == "/", token == "&":
			case strings.HasPrefix(rest, ",") && strings.IndexFunc(token, unicode.IsUpper) >= 0 && strengthOf(token) == likelyName && !brandLike(token):
				inList, before = false, append(before, canonicalName(token))
			default:
				inList, before = false, nil
			}
		}
		for _, ref := range joinedNames(sentence, have) {
			put(ref.name, ref.note)
		}
	}
	return out
}

// isCapitals reports whether a text is a name of capitals, digits and marks, such
// as "IDE", and none of the abbreviations that follow the word for cookies.
func isCapitals(text string) bool {
	switch text {
	case "GDPR", "RGPD", "DSGVO", "AVG", "RODO", "EU", "UK", "HTTP", "HTTPS", "API", "URL", "ID", "IP", "TTDSG", "TDDDG", "CNIL", "FAQ":
		return false
	}
	return strings.ToUpper(text) == text && len(text) >= 2 && strings.IndexFunc(text, unicode.IsLetter) >= 0
}

// betweenNames reports whether a character may stand between two names of a
// sentence.
func betweenNames(r rune) bool {
	switch r {
	case ',', ';', '(', ')', '（', '）', '「', '」', '"', '„', '“', '”', '«', '»', '\'', '、':
		return true
	}
	return unicode.IsSpace(r)
}

// theseCookies refer back to, or forward to, the cookies of a list.
var theseCookies = phrasesOf(" these cookies ", " such cookies ", " this cookie ", " the following cookies ", " diese cookies ", " dieser cookies ", " folgende cookies ", " ces cookies ", " estas cookies ", " questi cookie ", " deze cookies ", " te pliki ", " te cookies ", " tych plikow ", " estes cookies ", " esses cookies ", " dessa cookies ", " dessa kakor ", " disse cookies ", " nama evasteet ", " naiden evasteiden ", " ezek a ", " ezeket a ", " tyto cookies ", " tyto soubory ", " techto ")

// allOfThem refer to all the cookies of the sentence before.
var allOfThem = phrasesOf(" these are all ", " they are all ", " all of these are ", " all of them are ", " diese sind alle ", " sie sind alle ", " alle sind ", " tous sont ", " ils sont tous ", " todas son ", " todas ellas son ", " sono tutti ", " deze zijn allemaal ", " ze zijn allemaal ", " wszystkie sa ", " todos sao ", " alla ar ", " alle er ")

// onlyClass reads "only strictly necessary cookies are used".
func onlyClass(folded string) (classified, bool) {
	ws := strings.Fields(folded)
	for i, w := range ws {
		if !isOnly(w) {
			continue
		}
		for j := i + 1; j < len(ws) && j <= i+6; j++ {
			if cookieStems.begin(ws[j]) || strings.HasSuffix(ws[j], "cookies") {
				found, _, _ := classesOf(strings.Join(ws[i+1:min(len(ws), j+3)], " "))
				if len(found) > 0 && found[0] == evidence.Necessary && usesCookies.in(folded) {
					return pick(found[:1]), true
				}
				break
			}
		}
	}
	return classified{}, false
}

var usesCookies = phrasesOf(" usia", " use", " set ", " sets ", " place", " store", " verwende", " nutz", " setz", " einsatz", " utilis", " usa", " utiliz", " empleamos", " gebrui", " plaats", " uzywa", " stosuj", " usamos", " anvand", " bruger", " anvender", " kayt", " hasznal", " pouziva")

func isOnly(w string) bool {
	switch w {
	case "only", "solely", "exclusively", "nur", "ausschliesslich", "lediglich", "uniquement", "seulement", "exclusivement", "solo", "unicamente", "exclusivamente", "soltanto", "esclusivamente", "alleen", "uitsluitend", "enkel", "slechts", "wylacznie", "tylko", "jedynie", "apenas", "somente", "endast", "enbart", "bara", "kun", "udelukkende", "vain", "ainoastaan", "csak", "kizarolag", "pouze", "jen", "vyhradne", "numai", "doar", "exclusiv", "len", "iba", "vylucne", "samo", "iskljucivo", "izkljucno", "bare", "ainult", "tik", "tikai", "sadece", "yalnizca", "μονο", "αποκλειστικα", "само", "единствено", "лише", "тільки", "только", "seul", "seule", "seuls", "seules", "unicament", "nomes", "blot", "uksnes", "einzig":
		return true
	}
	return false
}

// lifetimeOfAll reads a lifetime that a sentence gives to every cookie ("any
// cookie we set expires when you close the browser").
func lifetimeOfAll(sentence, folded string) string {
	if !containsAny(folded, " any cookie we ", " all cookies we ", " all our cookies ", " all of our cookies ", " every cookie we ", " alle unsere cookies ", " alle von uns ", " tous nos cookies ", " todas nuestras cookies ", " tutti i nostri cookie ", " al onze cookies ") {
		return ""
	}
	lower := strings.ToLower(sentence)
	for _, verb := range []string{"set to expire", "expire", "deleted", "gelöscht", "supprimés", "se eliminan", "cancellati", "verwijderd", "verlopen"} {
		if at := strings.Index(lower, verb); at >= 0 && len(lower) == len(sentence) {
			tail := strings.TrimRight(sentence[at:], ". ")
			if _, ok := ParseLifetime(tail); ok {
				return clip(squeeze(tail), 200)
			}
		}
	}
	return ""
}

package policy

import (
	"regexp"
	"strings"
	"unicode"
)

// cookieStems begin the word for a cookie in the languages that the reader
// knows.
var cookieStems = stemsOf("cookie", "kakor", "kakan", "kaka", "evaste", "suti", "ciasteczk", "piskot", "susenk", "kuki", "kolacic", "slapuk", "informasjonskaps", "бисквитк", "куки", "クッキー", "쿠키", "cerez", "sikdat", "kupsis", "vafrak", "fianan", "fianain", "колачи", "колачињ", "galet", "الارتباط", "الكوكيز", "كوكيز", "עוגיות", "העוגיות", "עוגיי", "คุกกี้")

// strength says how much a text looks like the name of a cookie.
type strength int

const (
	notName    strength = iota
	weakName            // a plain word
	likelyName          // capitals, inner capitals, hyphens, dots, digits
	strongName          // an underscore or a placeholder in it
)

// A nameRef is a declared name and what stood beside it in its cell.
type nameRef struct {
	name string
	note string
}

// lives reports whether a lifetime stands beside the name.
func (r nameRef) lives() bool {
	_, ok := ParseLifetime(r.note)
	return ok && r.note != ""
}

var (
	openBracket         = regexp.MustCompile(`([-_])\([^()\n]{1,40}\)`)
	placeholderBrackets = regexp.MustCompile(`<[^<>\n]{0,40}>|\{\{?[^{}\n]{0,40}\}?\}|\[[^\[\]\n]{0,40}\]`)
	placeholderVariable = regexp.MustCompile(`\$\{?[A-Za-z_]\w*\}?|%[A-Z][A-Z_]+%|%[a-zA-Z]?$|\.\.\.|…|#+`)
	placeholderLetters  = regexp.MustCompile(`[Xx]{3,}|[Nn]{4,}|\*(?:[-_.]?[XxYyNn])+$`)
	starRuns            = regexp.MustCompile(`\*(?:[-_.]?\*)+`)
	countMark           = regexp.MustCompile(`\s*\[x\d+\]$`)
	footnoteMark        = regexp.MustCompile(`[¹²³⁴⁵⁶⁷⁸⁹⁰⁎†‡]+$`)
)

// canonicalName turns every placeholder into a "*" and takes off what is not
// part of a name: quotes, escapes, counts, footnote marks.
func canonicalName(s string) string {
	s = strings.TrimSpace(s)
	if isPlainName(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\u200c', '\u200d', '\ufeff', '\u00ad', '\u2060':
			return -1
		case '\u00a0':
			return ' '
		case '\u2010', '\u2011':
			return '-'
		}
		return r
	}, s)
	s = unescapeMarkdown(s)
	s = strings.Trim(s, " \t\n\"'`“”„«»‚‘’•·・")
	if isPlainName(s) {
		return s
	}
	s = markPlaceholders(s)
	if !isASCII(s) {
		s = footnoteMark.ReplaceAllString(s, "")
	}
	if strings.ContainsAny(s, "$%.#…") {
		s = placeholderVariable.ReplaceAllString(s, "*")
	}
	if strings.ContainsAny(s, "XxYyNn") {
		s = placeholderLetters.ReplaceAllString(s, "*")
		s = placeholderLetters.ReplaceAllString(s, "*")
	}
	if strings.Count(s, "*") > 1 {
		s = starRuns.ReplaceAllString(s, "*")
	}
	return strings.Trim(s, " ,;")
}

// isPlainName reports whether a text has nothing to take off and no
// placeholder but one "*" at its end. Most names are such, and the patterns
// below cost much more than this.
func isPlainName(s string) bool {
	run := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == ':':
		case c == '.' && (i+1 == len(s) || s[i+1] != '.'):
		case c == '*' && i+1 == len(s) && (i == 0 || s[i-1] != '.' && s[i-1] != '-' && s[i-1] != '_' || i > 1 && s[i-2] != '*'):
		default:
			return false
		}
		if run++; i == 0 || lower(c) != lower(s[i-1]) {
			run = 1
		}
		if run >= 3 && (lower(c) == 'x' || lower(c) == 'n') {
			return false
		}
	}
	return s != ""
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// unescapeMarkdown drops back-slashes before punctuation ("\_ga").
func unescapeMarkdown(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_{}[]()#+-.!|<>~$:@", s[i+1]) >= 0 {
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// strengthOf judges a text that may be one name.
func strengthOf(text string) strength {
	if len(text) > 400 || strings.Contains(strings.TrimSpace(text), " ") && !strings.ContainsAny(text, "<{[\"“”") {
		return notName
	}
	name := canonicalName(text)
	if name == "" || len(name) > 128 || strings.HasSuffix(name, ":") {
		return notName
	}
	letters := 0
	for _, r := range name {
		switch r {
		case ' ', '(', ')', '[', ']', '"', '“', '”', '?', '!', ',', ';':
			return notName
		}
		if r > unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsSymbol(r)) || unicode.IsControl(r) {
			return notName
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	lower := strings.ToLower(name)
	if letters == 0 || notNames[lower] || services[lower] || isKind(lower) || strings.Contains(name, "=") {
		return notName
	}
	if isAddress(lower) || mailShaped(name) {
		return notName
	}
	if strings.Contains(strings.ReplaceAll(name, "||", ""), "|") {
		return notName
	}
	if isFile(lower) {
		return notName
	}
	if strings.Contains(name, "_") || strings.Contains(strings.Trim(name, "*"), "*") || strings.HasSuffix(name, "*") || strings.Contains(name, "::") {
		return strongName
	}
	if hostOf(name) != "" {
		return notName
	}
	if strings.HasSuffix(name, ".") {
		return notName
	}
	return plainStrength(name)
}

// isAddress reports whether a text is the address of a page, or of one of a browser's
// own ("chrome://settings").
func isAddress(text string) bool {
	if strings.ContainsAny(text, " \n") {
		return false
	}
	scheme, _, found := strings.Cut(text, "://")
	return strings.HasPrefix(text, "www.") || strings.HasPrefix(text, "about:") || found && strings.IndexFunc(scheme, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// isFile reports whether a text is the name of a document. Pictures may be
// pixels.
func isFile(lower string) bool {
	dot := strings.LastIndexByte(lower, '.')
	if dot < 1 {
		return false
	}
	switch lower[dot+1:] {
	case "pdf", "doc", "docx", "xls", "xlsx", "csv", "zip", "mp3", "mp4", "exe":
		return true
	}
	return false
}

// mailShaped reports whether a text is an address rather than a name such as
// "AMCV_*@AdobeOrg".
func mailShaped(name string) bool {
	left, right, found := strings.Cut(name, "@")
	return found && (left == "" || right == "" || strings.Contains(right, ".") || !strings.Contains(left, "_"))
}

// plainStrength judges a name without underscores or placeholders.
func plainStrength(name string) strength {
	digits, inner, upper, joints := false, false, 0, 0
	var previous rune
	for i, r := range name {
		switch {
		case unicode.IsDigit(r):
			digits = true
		case unicode.IsUpper(r):
			upper++
			inner = inner || i > 0 && unicode.IsLower(previous)
		case r == '-' || r == '.' || r == ':' || r == '/' || r == '~' || r == '|':
			joints++
		}
		previous = r
	}
	switch {
	case strings.Contains(name, "SESSID") || strings.HasSuffix(name, "SESSIONID"):
		return strongName // what servers call their sessions by themselves
	case digits || inner || joints > 0 || upper > 1:
		return likelyName
	}
	return weakName
}

var (
	andWord          = regexp.MustCompile(`\s+(?:` + strings.ReplaceAll(andList, " ", "|") + `)\s+`)
	andBehindBracket = regexp.MustCompile(`\)\s+(?:and|und|et|y|e|en|i|a|oraz|och|og|ja|és|or|oder|ou|o|of|lub|eller|tai|vagy|nebo|și|ir|un|in|ve|и|і|та|και)\s+`)
	brackets         = regexp.MustCompile(`\s+\(([^()]*)\)|^\(([^()]*)\)|\s*\(([^()]*)\)$`)
	kindLead         = regexp.MustCompile(`(?i)^(?:cookies?|cookie[- ]names?|names?|pixels?|local ?storage|session ?storage)\s*(?:\s[-–—]\s|:)\s*`)
)

// andList are the words between two names.
const andList = "and und et y e en oraz och og ja és or oder ou o of lub eller tai vagy nebo sowie и і та și ir un και"

var andWords = wordSet(andList)

// namesIn splits a cell that holds names. least is how much a part must look
// like a name to be one.
func namesIn(text string, least strength) []nameRef {
	var out []nameRef
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		note := ""
		line = strings.TrimLeft(line, "•·・▪►–—✓✔ ")
		if strings.Contains(line, " ") {
			if m := kindLead.FindString(line); m != "" {
				note, line = strings.TrimSpace(m), line[len(m):]
			}
		}
		line = markPlaceholders(line)
		if strings.Contains(line, ") ") {
			line = andBehindBracket.ReplaceAllString(line, "), ") // "_ga (2 years) and _gid (1 day)"
		}
		outer := outsideBrackets(line)
		if outer == nil {
			outer = ownLives(line)
		}
		if len(outer) > 1 {
			// "_ga (2 years), _gid (24 hours)": each name has its own note.
			for _, part := range outer {
				out = append(out, namesInPart(part, note, least)...)
			}
			continue
		}
		out = append(out, namesInPart(line, note, least)...)
	}
	return out
}

// namesInPart reads names that share one note: what stands in brackets, or
// behind a dash.
func namesInPart(line, note string, least strength) []nameRef {
	if strings.Contains(line, "(") {
		if name, kind := bracketName(line); name != "" {
			line, note = name, strings.TrimSpace(note+" "+kind)
		}
		for _, m := range brackets.FindAllStringSubmatch(line, 8) {
			note = strings.TrimSpace(note + " " + m[1] + m[2] + m[3])
		}
		line = brackets.ReplaceAllString(line, " ")
	}
	line, behind := described(line, least)
	note = strings.TrimSpace(note + " " + behind)
	var out []nameRef
	for _, part := range splitParts(line) {
		for _, name := range onePart(part, least) {
			out = append(out, nameRef{name: name, note: note})
		}
	}
	return out
}

// bracketName is the name in the bracket behind the words that stand for it, and
// the kind before it ("consent choice (localStorage: cc_v1)").
func bracketName(line string) (name, kind string) {
	m := bracketAtEnd(line)
	if m == nil {
		return "", ""
	}
	kind = kindLead.FindString(m[2])
	name = m[2][len(kind):]
	if kind == "" || strengthOf(name) < likelyName || len(namesIn(m[1], likelyName)) > 0 {
		return "", ""
	}
	return name, strings.TrimRight(kind, ":–—- ")
}

// splitParts splits a line at what joins names: marks, a slash, plus or
// ampersand with spaces around it, a word for "and".
func splitParts(line string) []string {
	if !strings.ContainsAny(line, " ,;|") {
		return []string{line}
	}
	var out []string
	line = strings.ReplaceAll(line, "||", "\x00") // of a name: "LogsDatabaseV2:V#||LogsRequestsStore"
	for _, part := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || r == '|' }) {
		part = strings.ReplaceAll(part, "\x00", "||")
		for _, mark := range []string{" / ", " & ", " + "} {
			part = strings.ReplaceAll(part, mark, "\n")
		}
		if len(part) < 2000 && holdsAnd(part) {
			part = andWord.ReplaceAllString(part, "\n")
		}
		out = append(out, strings.Split(part, "\n")...)
		if len(out) > 400 {
			break
		}
	}
	return out
}

// holdsAnd reports whether a word of a text is one that andWord has.
func holdsAnd(text string) bool {
	for w := range strings.FieldsSeq(text) {
		if andWords[w] {
			return true
		}
	}
	return false
}

// markPlaceholders replaces bracketed placeholders before a line is split, so
// that "<container id>" does not become two words.
func markPlaceholders(line string) string {
	if strings.Contains(line, "-(") || strings.Contains(line, "_(") {
		line = openBracket.ReplaceAllString(line, "$1*") // "id-(unique value)"
	}
	if !strings.ContainsAny(line, "<{[") {
		return line
	}
	line = countMark.ReplaceAllString(line, "")
	return placeholderBrackets.ReplaceAllString(line, "*")
}

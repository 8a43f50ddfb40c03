package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentences splits text at full stops, question and exclamation marks and at
// line breaks that end a sentence.
func sentences(text string) []string {
	var out []string
	start := 0
	emit := func(end int) {
		if s := strings.TrimSpace(text[start:end]); s != "" {
			out = append(out, s)
		}
		start = end
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		next := i + size
		switch r {
		case '.', '!', '?':
			for next < len(text) && strings.IndexByte(`"')*_.!?`, text[next]) >= 0 {
				next++
			}
			if endsSentence(text, i, next) {
				emit(next)
			}
		case '。', '！', '？':
			emit(next)
		case '\n':
			if breaksSentence(text[start:i], text[next:]) {
				emit(next)
			}
		}
		i = next
	}
	emit(len(text))
	return out
}

// endsSentence reports whether the stop at i ends a sentence: white space and
// then no lower-case letter follow, and no abbreviation stands before it.
func endsSentence(text string, i, next int) bool {
	if next >= len(text) {
		return true
	}
	if text[next] != ' ' && text[next] != '\n' && text[next] != '\t' {
		return false
	}
	rest := strings.TrimLeft(text[next:], " \n\t*_")
	r, _ := utf8.DecodeRuneInString(rest)
	if unicode.IsLower(r) || unicode.IsDigit(r) && text[i] == '.' && i > 0 && unicode.IsDigit(rune(text[i-1])) {
		return false
	}
	before := strings.ToLower(lastWord(text[:i]))
	if strings.HasSuffix(text[:next], ".*") && strings.Contains(before, "_") {
		return false // "_pk_id.* and _pk_ses.*"
	}
	if text[i] == '.' && len(before) <= 2 && len(before) > 0 && before[0] >= '0' && before[0] <= '9' {
		return false // an ordinal, as in "28. Mai 2021"
	}
	switch before {
	case "e.g", "i.e", "z.b", "d.h", "bzw", "ca", "o.a", "bijv", "p.ex", "ex", "np", "m.in", "t.ex", "bl.a", "f.eks", "mm", "esim", "pl", "napr", "tzv", "mr", "dr", "no", "nr", "art", "u.a", "inc", "ltd", "st", "vgl", "tzw", "sog", "s.k", "b.v":
		return before == "no" || before == "inc" || before == "ltd" || before == "mm" || before == "ex"
	}
	return true
}

func lastWord(s string) string {
	if i := strings.LastIndexAny(s, " \n\t("); i >= 0 {
		s = s[i+1:]
	}
	return s
}

// breaksSentence reports whether a line break separates two statements rather
// than wrapping one.
func breaksSentence(before, after string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(after, " *_"))
	if unicode.IsLower(r) && len(before) > 30 {
		return false
	}
	return true
}

// asks reports whether a sentence is a question, which promises nothing.
func asks(sentence string) bool {
	return strings.HasSuffix(strings.TrimRight(sentence, " *_\"'”“»)"), "?") || strings.HasSuffix(sentence, "？") || strings.HasSuffix(sentence, "؟")
}

// reports reports whether a sentence begins with a quotation and goes on behind
// it (““We use no cookies” is rarely true”).
func reports(sentence string) bool {
	sentence = strings.TrimLeft(sentence, " *_")
	for _, marks := range [][2]string{{"\"", "\""}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"»", "«"}} {
		rest, quoted := strings.CutPrefix(sentence, marks[0])
		if !quoted {
			continue
		}
		_, behind, closed := strings.Cut(rest, marks[1])
		return closed && len(strings.Fields(behind)) > 2
	}
	return false
}

package policy

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func (r *htmlReader) emphasis(n *html.Node, at place) {
	begin := r.text.Len()
	leads := r.lead == "" && strings.TrimSpace(r.text.String()) == ""
	r.walkChildren(n, at)
	whole := r.text.String()
	if begin > len(whole) {
		return // a block inside flushed the text
	}
	text := whole[begin:]
	if leads {
		r.lead = text
	}
	if len(text) <= 60 && len(r.marked) < 100 {
		r.marked = append(r.marked, squeeze(text))
	}
	if !leads && n.DataAtom != atom.Code && nameBesideCookies(whole[:begin], text) {
		r.code = append(r.code, squeeze(text))
	}
	if n.DataAtom == atom.Code || n.DataAtom == atom.Kbd || n.DataAtom == atom.Samp || n.DataAtom == atom.Tt {
		r.code = append(r.code, squeeze(text))
	}
}

// nameBesideCookies reports whether an emphasised text stands behind the word for
// cookies and looks like a name ("súbor cookie <b>PHPSESSID</b>"): as good as
// one that is set as code.
func nameBesideCookies(before, text string) bool {
	word := lastWord(strings.TrimRight(clipFront(before, 60), " \n\t\u00a0"))
	return word != "" && isCookieWord(fold(strings.Trim(word, "()\"'„“"))) && strengthOf(strings.TrimSpace(text)) >= likelyName && !labelClass(text).found
}

// markedNames are the emphasised texts of a block that are names by where they
// stand: in a list of emphasised texts one of which surely is a name, or before
// the host that sets them ("<em>fr</em> of facebook.com").
func markedNames(text string, marked []string) []string {
	if len(marked) == 0 {
		return nil
	}
	var out, run []string
	strong, end := false, 0
	keep := func() {
		if strong && len(run) > 1 {
			out = append(out, run...)
		}
		run, strong = nil, false
	}
	for _, m := range marked {
		at := strings.Index(text[end:], m)
		if m == "" || at < 0 {
			continue
		}
		between := text[end : end+at]
		end += at + len(m)
		s := strengthOf(m)
		if len(run) > 0 && !joinsNames(between) {
			keep()
		}
		if s == notName || labelClass(m).found || labelKind(m) != noField {
			keep()
			continue
		}
		run, strong = append(run, m), strong || s == strongName
		if hostBehind(text[end:]) != "" {
			out = append(out, m)
		}
	}
	keep()
	return out
}

// joinsNames reports whether a text only joins the names of a list.
func joinsNames(text string) bool {
	text = fold(strings.Trim(clip(text, 20), " ,;/&+\n\"'“”„«»"))
	return text == "" || isAnd(text)
}

// clipFront keeps at most the last longest bytes of s.
func clipFront(s string, longest int) string {
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[len(s)-longest:], "")
}

package policy

import (
	"strings"
	"unicode"
)

// bareKey writes a key small and without separators.
func bareKey(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == ' ' {
			return -1
		}
		return unicode.ToLower(r)
	}, key)
}

// labelledName finds the member whose key says in another language that it is
// the name.
func labelledName(n *node) (string, []nameRef) {
	for i, k := range n.keys {
		if text := n.values[i].text; text == "" || text == "true" || text == "false" || labelKind(splitKey(k)) != nameField {
			continue
		}
		if refs := namesIn(regexpName(n.values[i].text), weakName); len(refs) > 0 {
			return bareKey(k), refs
		}
	}
	return "", nil
}

// isPage reports whether a text is a piece of a page: HTML or markdown with a
// table or a list in it.
func isPage(text string) bool {
	return containsAny(text, "<table", "<li>", "<li ", "\n|", "\n- ", "\n* ")
}

// page reads a text of the tree that is a piece of a page, without its scripts.
func (w *dataWalker) page(text string, path []entry) {
	list := readMarkdown(text, false).out.list
	if looksHTML([]byte(strings.TrimSpace(text))) {
		list = structureOf(text, formatHTML).blocks
	}
	found, err := gather(structure{blocks: list}, func(*facts, bool) {})
	if err != nil {
		return // more rows than are read
	}
	for _, s := range found.statements {
		w.texts = append(w.texts, s.text)
	}
	for _, r := range found.records {
		w.pos++
		r.pos, r.path = w.pos, append(append([]entry(nil), path...), r.path...)
		w.records = append(w.records, r)
	}
}

// translated is the text of an object that holds one in several languages, by
// their codes: English if it has that, or the first.
func translated(n *node) (string, bool) {
	if !n.object || len(n.keys) == 0 {
		return "", false
	}
	text := n.values[0].text
	for i, k := range n.keys {
		if len(k) < 2 || len(k) > 5 || strings.ToLower(k[:2]) != k[:2] || n.values[i].object || n.values[i].list {
			return "", false
		}
		if k == "en" {
			text = n.values[i].text
		}
	}
	return text, len(n.keys[0]) == 2 || n.keys[0][2] == '-' || n.keys[0][2] == '_'
}

// splitKey writes a key as words ("lifetimeSeconds", "cookie-domain").
func splitKey(key string) string {
	var b strings.Builder
	for i, c := range key {
		if i > 0 && c >= 'A' && c <= 'Z' && key[i-1] >= 'a' && key[i-1] <= 'z' {
			b.WriteByte(' ')
		}
		if c == '_' || c == '-' {
			c = ' '
		}
		b.WriteRune(c)
	}
	return b.String()
}

// regexpName makes a simple pattern, as configurations of consent managers
// write them (/^_ga/), a name with a "*".
func regexpName(text string) string {
	body, found := strings.CutPrefix(text, "/")
	if !found {
		return text
	}
	end := strings.LastIndexByte(body, '/')
	if end < 0 {
		return text
	}
	body = body[:end]
	anchored, open := strings.CutPrefix(body, "^")
	if !open {
		anchored = "*" + anchored
	}
	if rest, closed := strings.CutSuffix(anchored, "$"); closed {
		anchored = rest
	} else {
		anchored += "*"
	}
	return strings.NewReplacer(`\.`, ".", ".*", "*", ".+", "*", `\d+`, "*", `\w+`, "*").Replace(anchored)
}

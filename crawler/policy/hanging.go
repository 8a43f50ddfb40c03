package policy

import "strings"

// hanging reads a name that stands alone above lines that are set in deeper than
// it, as the text of a PDF has definition lists and cards. Below such a block a
// plain word of the same depth is a name as well.
func (r *markdownReader) hanging(line, trimmed string) bool {
	if len(trimmed) > 120 || r.i+1 >= len(r.lines) {
		return false
	}
	depth := indentOf(line)
	if !r.deeper(r.i+1, depth) && !r.deeper(r.i+2, depth) {
		return false
	}
	least := likelyName
	if r.hung == depth && r.hungEnd == r.i {
		least = weakName
	}
	refs := namesIn(trimmed, least)
	if len(refs) == 0 || coversMore(trimmed, refs) || labelKind(trimmed) != noField || labelClass(trimmed).found || isItem(line, trimmed) {
		return false
	}
	end := r.below(r.i+1, depth)
	if end == r.i+1 {
		return false
	}
	var lines []string
	for _, below := range r.lines[r.i+1 : end] {
		if below = strings.TrimSpace(below); below != "" {
			lines = append(lines, below)
		}
	}
	text := joinLines(lines)
	if strengthOf(refs[0].name) < strongName && !startsWithLabel(lines[0]) && !endsInField(text) && lifetimeClause(text) == "" {
		return false
	}
	r.flush()
	r.emit(term, 1, trimmed)
	r.emit(definition, 1, text)
	for end < len(r.lines) && strings.TrimSpace(r.lines[end]) == "" {
		end++
	}
	r.i, r.hung, r.hungEnd = end, depth, end
	return true
}

// defined reads a definition list of Markdown: a term, and below it a line that begins
// with a colon.
func (r *markdownReader) defined(trimmed string) bool {
	text, found := strings.CutPrefix(trimmed, ": ")
	if !found || len(r.para) != 1 || strings.HasSuffix(r.para[0], ".") {
		return false
	}
	lines := []string{text}
	for r.i++; r.i < len(r.lines); r.i++ {
		next := strings.TrimSpace(r.lines[r.i])
		if next == "" || indentOf(r.lines[r.i]) == 0 {
			break
		}
		lines = append(lines, strings.TrimPrefix(next, ": "))
	}
	name := r.para[0]
	r.para = nil
	r.emit(term, 1, name)
	r.emit(definition, 1, joinLines(lines))
	return true
}

// below is where the lines end that are set in deeper than a depth. Nothing but one
// empty line may part them.
func (r *markdownReader) below(i, depth int) int {
	end := i
	for ; i < len(r.lines) && i < end+2; i++ {
		if strings.TrimSpace(r.lines[i]) == "" {
			continue
		}
		if d := indentOf(r.lines[i]); d < depth+2 || len(gapped(strings.TrimLeft(r.lines[i], " \f"))) > 1 {
			break
		}
		end = i + 1
	}
	return end
}

// deeper reports whether a line stands two columns further in at least.
func (r *markdownReader) deeper(i, depth int) bool {
	return i < len(r.lines) && indentOf(r.lines[i]) >= depth+2 && strings.TrimSpace(r.lines[i]) != ""
}

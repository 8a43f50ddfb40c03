package policy

import "strings"

// namedLines reads a paragraph whose lines each begin with a name.
func (g *gatherer) namedLines(b *block) bool {
	if !strings.Contains(b.text, "\n") || len(b.text) > 20_000 {
		return false
	}
	lines := strings.Split(b.text, "\n")
	first := strings.TrimSpace(lines[0])
	headed := b.kind == paragraph && isClassLine(first)
	if headed {
		lines = lines[1:]
	}
	list := make([]block, len(lines))
	for i, line := range lines {
		list[i] = block{kind: item, text: line, pos: b.pos, code: b.code}
		if strings.HasPrefix(unbullet(line), b.lead) {
			list[i].lead = b.lead
		}
	}
	markLists(list)
	if allRows(lines) {
		for i := range list {
			list[i].listed = true
		}
	}
	for i := range list {
		if !list[i].listed && leadStrength(&list[i]) < likelyName {
			return false
		}
	}
	if headed {
		g.headLine(first)
	}
	for i := range list {
		g.named(&list[i])
	}
	return true
}

// allRows reports whether all lines are a name, a dash and cells of which one is a
// lifetime.
func allRows(lines []string) bool {
	for _, line := range lines {
		if !dashedRow(line) {
			return false
		}
		_, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if dashedCells(" "+rest) == nil {
			return false
		}
	}
	return true
}

// isClassLine reports whether the first line of a paragraph is the name of a class
// rather than that of a cookie.
func isClassLine(line string) bool {
	return labelClass(line).found && strengthOf(line) < strongName
}

// headLine takes the first line of a paragraph as a heading without an empty line
// below it.
func (g *gatherer) headLine(line string) {
	g.close()
	g.outline.push(softLevel, line)
}

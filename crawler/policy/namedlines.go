package policy

import "strings"

// namedLines reads a paragraph whose lines each begin with a name.
func (g *gatherer) namedLines(b *block) bool {
	if !strings.Contains(b.text, "\n") || len(b.text) > 20_000 {
		return false
	}
	lines := strings.Split(b.text, "\n")
	first := strings.TrimSpace(lines[0])
	headed := b.kind == paragraph && labelClass(first).found && strengthOf(first) < strongName
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
		g.close()
		g.outline.push(softLevel, first) // a heading without an empty line below it
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

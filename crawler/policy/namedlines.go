package policy

import "strings"

// namedLines reads a paragraph whose lines each begin with a name.
func (g *gatherer) namedLines(b *block) bool {
	if !strings.Contains(b.text, "\n") || len(b.text) > 20_000 {
		return false
	}
	lines := strings.Split(b.text, "\n")
	if first := strings.TrimSpace(lines[0]); b.kind == paragraph && labelClass(first).found && strengthOf(first) < strongName && (allRows(lines[1:]) || allNamed(lines[1:])) {
		g.close()
		g.outline.push(softLevel, first) // a heading without an empty line below it
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
	for i := range list {
		g.named(&list[i])
	}
	return true
}

// allNamed reports whether all lines begin with what is likely a name.
func allNamed(lines []string) bool {
	for _, line := range lines {
		if leadStrength(&block{text: line}) < likelyName {
			return false
		}
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

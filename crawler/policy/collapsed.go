package policy

import (
	"slices"
	"strings"
)

// collapsed reads a table whose rows were put on one line each, without any
// mark between the cells: a line of labels, then lines that begin with a name.
func (g *gatherer) collapsed(list []block) int {
	kinds, labels := collapsedLabels(list[0].text)
	if len(kinds) < 2 {
		return 0
	}
	table := &grid{pos: list[0].pos}
	table.rows = append(table.rows, row{header: true, cells: cellsOf(labels)})
	taken := 1
	lines := strings.Split(list[0].text, "\n")[1:]
	names := "" // that stand alone above their row
	for {
		for _, line := range lines {
			if strengthOf(line) >= likelyName {
				names += strings.TrimSpace(line) + ", "
				continue
			}
			cells := splitCollapsed(names+line, kinds)
			names = ""
			if cells == nil {
				continued(table, line, kinds)
				continue
			}
			table.rows = append(table.rows, row{cells: cellsOf(cells)})
		}
		if taken >= len(list) || list[taken].table != nil || list[taken].kind == heading {
			break
		}
		lines = strings.Split(list[taken].text, "\n")
		if strengthOf(lines[0]) < likelyName && splitCollapsed(names+lines[0], kinds) == nil {
			break
		}
		taken++
	}
	title := "" // of what follows
	if n := len(table.rows) - 1; n > 0 && len(table.rows[n].cells) == 1 {
		title, table.rows = table.rows[n].cells[0].text, table.rows[:n]
	}
	if len(table.rows) < 2 {
		return 0
	}
	g.table(&block{kind: tableBlock, table: table, pos: table.pos})
	switch {
	case title == "":
	case mentionsCookies(title):
		g.outline.push(softLevel, title)
	default:
		g.outline.push(softLevel+1, title)
	}
	return taken
}

// continued takes a line between rows that begins with no name: a short one is
// a heading inside the table, a longer one goes on with the row above it.
func continued(table *grid, line string, kinds []fieldKind) {
	line = strings.TrimSpace(line)
	if len(table.rows) < 2 || line == "" {
		return
	}
	if len(strings.Fields(line)) <= 4 && startsUpper(line) && !strings.HasSuffix(line, ".") {
		table.rows = append(table.rows, row{cells: []cell{{text: line, width: len(kinds)}}})
		return
	}
	cells := table.rows[len(table.rows)-1].cells
	if at := len(cells) - 1; at < len(kinds) && kinds[at] == lifetimeField && lifetimeOnly(cells[at].text) && startsUpper(line) {
		return // what stands behind the table
	}
	if last := &cells[len(cells)-1]; len(last.text) <= longestCell {
		last.text = squeeze(last.text + " " + line)
	}
}

// collapsedLabels reads a line of labels: every word belongs to one, and the
// first is that of names.
func collapsedLabels(text string) ([]fieldKind, []string) {
	first, _, _ := strings.Cut(text, "\n")
	if len(first) > 120 || strings.ContainsAny(first, ":|.,;") {
		return nil, nil
	}
	fields := strings.Fields(first)
	if len(fields) < 2 || len(fields) > 12 {
		return nil, nil
	}
	var kinds []fieldKind
	var labels []string
	for _, w := range fields {
		folded := fold(w)
		if len(words(folded)) == 0 || !isLabelWord(words(folded)[0]) {
			return nil, nil
		}
		kind := columnKind(w)
		n := len(kinds)
		switch {
		case n == 0 && kind != nameField && kind != providerField:
			return nil, nil
		case n > 0 && kind == nameField && !slices.Contains(kinds, nameField) && !startsLower(w):
			kinds, labels = append(kinds, kind), append(labels, w) // behind the provider
		case n > 0 && (kind == noField || kind == kinds[n-1] || kind == nameField || startsLower(w)):
			// "Cookie name", "Storage time", "Doba platnosti"
			labels[n-1] += " " + w
			if joined := columnKind(labels[n-1]); joined != noField && n > 1 {
				kinds[n-1] = joined
			}
		default:
			kinds, labels = append(kinds, kind), append(labels, w)
		}
	}
	if len(kinds) > 0 && kinds[0] != nameField && (len(kinds) == 1 || kinds[1] != nameField) {
		return nil, nil
	}
	hasPurpose, hasLifetime := false, false
	for _, k := range kinds {
		hasPurpose = hasPurpose || k == purposeField
		hasLifetime = hasLifetime || k == lifetimeField
	}
	if !hasPurpose && !hasLifetime {
		return nil, nil
	}
	return kinds, labels
}

// beginsLines reports whether a text begins with the labels of a table whose rows
// are lines.
func beginsLines(text string) bool {
	kinds, _ := collapsedLabels(text)
	return len(kinds) > 1
}

func startsLower(w string) bool {
	return w != "" && w[0] >= 'a' && w[0] <= 'z'
}

// splitCollapsed splits a line that begins with a name into the cells of the
// columns: what reads as a host, a class or a lifetime goes to its column, from
// both ends inward, and the rest is the purpose.
func splitCollapsed(line string, kinds []fieldKind) []string {
	fields := strings.Fields(line)
	if len(fields) < 2 || len(line) > 4000 {
		return nil
	}
	out := make([]string, len(kinds))
	low, high := 1, len(kinds)
	if kinds[0] == providerField {
		n := 0
		for n < len(fields) && n < 5 && strengthOf(fields[n]) < strongName {
			n++
		}
		out[0] = strings.Join(fields[:n], " ")
		fields, low = fields[n:], 2
	}
	names := leadingNameWords(fields)
	if names == 0 && plainRow(fields, kinds) {
		names = 1
	}
	if names == 0 {
		return nil
	}
	out[low-1] = strings.Join(fields[:names], " ")
	rest := fields[names:]
	for low < high {
		if n := prefixOf(rest, kinds[low]); n > 0 {
			out[low] = strings.Join(rest[:n], " ")
			rest, low = rest[n:], low+1
			continue
		}
		if n := wordsBefore(rest, kinds[low:high]); n > 0 {
			out[low] = strings.Join(rest[:n], " ")
			rest, low = rest[n:], low+1
			continue
		}
		if n := suffixOf(rest, kinds[high-1]); n > 0 {
			out[high-1] = strings.Join(rest[len(rest)-n:], " ")
			rest, high = rest[:len(rest)-n], high-1
			continue
		}
		break
	}
	for j := low; j < high; j++ {
		if kinds[j] == purposeField || j == high-1 {
			out[j] = strings.Join(rest, " ")
			break
		}
	}
	return out
}

// leadingNameWords is how many words in front are names, and the marks between
// them.
func leadingNameWords(fields []string) int {
	n := 0
	for n < len(fields) {
		if strengthOf(strings.TrimRight(fields[n], ",")) < likelyName || n > 0 && !strings.HasSuffix(fields[n-1], ",") && fields[n-1] != "/" {
			break
		}
		if n++; n+1 < len(fields) && fields[n] == "/" && strengthOf(strings.TrimRight(fields[n+1], ",")) >= likelyName {
			n++
		}
	}
	return n
}

// plainRow reports whether a line begins with a plain word that is a name: small
// letters, a capital behind it, and the lifetime that ends each row.
func plainRow(fields []string, kinds []fieldKind) bool {
	return len(fields) > 2 && kinds[0] == nameField && kinds[len(kinds)-1] == lifetimeField && startsLower(fields[0]) && startsUpper(fields[1]) &&
		strengthOf(fields[0]) == weakName && suffixOf(fields[1:], lifetimeField) > 0
}

// wordsBefore is how many words stand before a lifetime whose column is the
// second: those of a type or a provider that no list has.
func wordsBefore(fields []string, kinds []fieldKind) int {
	if len(kinds) < 2 || kinds[1] != lifetimeField || kinds[0] == purposeField || kinds[0] == nameField {
		return 0
	}
	for n := 1; n <= 4 && n < len(fields); n++ {
		if prefixOf(fields[n:], lifetimeField) > 0 {
			return n
		}
	}
	return 0
}

// prefixOf is how many words at the start read as a cell of the kind.
func prefixOf(fields []string, kind fieldKind) int {
	best := 0
	for n := 1; n <= 7 && n <= len(fields); n++ {
		text := strings.Join(fields[:n], " ")
		if !cellOf(text, kind) {
			continue
		}
		if best > 0 && kind == lifetimeField && startsUpper(fields[n-1]) {
			break // the purpose begins
		}
		best = n
	}
	return best
}

// suffixOf is how many words at the end read as a cell of the kind.
func suffixOf(fields []string, kind fieldKind) int {
	best := 0
	for n := 1; n <= 8 && n < len(fields); n++ {
		text := strings.Join(fields[len(fields)-n:], " ")
		before := fields[len(fields)-n-1]
		if cellOf(text, kind) && (kind != lifetimeField || strings.HasSuffix(before, ".") || startsUpper(fields[len(fields)-n]) || isDigits(fields[len(fields)-n])) {
			best = n
			if strings.HasSuffix(before, ".") {
				break
			}
		}
	}
	return best
}

func startsUpper(w string) bool {
	return w != "" && w[0] >= 'A' && w[0] <= 'Z'
}

func isDigits(w string) bool {
	return w != "" && w[0] >= '0' && w[0] <= '9'
}

func cellOf(text string, kind fieldKind) bool {
	switch kind {
	case lifetimeField:
		return lifetimeOnly(text)
	case hostField:
		return hostOf(text) != ""
	case categoryField, typeField:
		return labelClass(text).found && !strings.ContainsAny(text, ".;")
	}
	return false
}

package policy

import "strings"

// stream reads a table that was flattened to one value per block: a run of
// labels, then the values of row after row. It returns the number of blocks it
// took, 0 where there is no such table.
func (g *gatherer) stream(list []block) int {
	labels := leadingLabels(list)
	if len(labels) < 3 {
		return 0
	}
	kinds := make([]fieldKind, len(labels))
	for i, l := range labels {
		kinds[i] = columnKind(l)
	}
	values := list[len(labels):]
	among := 0
	for _, v := range values[:min(len(values), len(labels))] {
		if labelKind(v.text) != noField {
			among++ // a provider may be called as a label is ("Cookie Information")
		}
	}
	if among > 1 {
		return 0 // a label before every value
	}
	name := 0
	for i, k := range kinds {
		if k == nameField {
			name = i
			break
		}
	}
	table := &grid{pos: list[0].pos}
	taken := 0
	for taken < len(values) {
		n := g.tables.rowLength(values[taken:], kinds, name)
		if n == 0 {
			break
		}
		line := row{}
		texts := make([]string, 0, n)
		for _, v := range values[taken : taken+n] {
			texts = append(texts, v.text)
		}
		for _, text := range g.tables.fit.alignRow(texts, kinds) {
			line.cells = append(line.cells, cell{text: text, width: 1})
		}
		table.rows = append(table.rows, line)
		taken += n
	}
	if len(table.rows) == 0 {
		return 0
	}
	head := row{header: true}
	for _, l := range labels {
		head.cells = append(head.cells, cell{text: l, width: 1})
	}
	table.rows = append([]row{head}, table.rows...)
	g.table(&block{kind: tableBlock, table: table, pos: table.pos})
	return len(labels) + taken
}

// leadingLabels returns the labels that begin a list of blocks: one of names,
// and no label twice. A label behind them means a record per label, not a table.
func leadingLabels(list []block) []string {
	var labels []string
	seen := map[fieldKind]bool{}
	for i := range list {
		b := &list[i]
		kind := noField
		if b.table == nil && b.kind != heading && !strings.Contains(b.text, "\n") {
			kind = b.labelKind()
		}
		if kind == noField {
			break
		}
		if i > 0 && kind == nameField && seen[nameField] || len(labels) >= 10 {
			return nil
		}
		seen[kind] = true
		labels = append(labels, b.text)
	}
	if !seen[nameField] || len(seen) < 3 {
		return nil
	}
	return labels
}

// rowLength finds how many blocks make the next row: as many as fit the columns
// best and are followed by the name of the next row. 0 where no row stands.
func (t *tableReader) rowLength(values []block, kinds []fieldKind, name int) int {
	best, bestScore := 0, 0
	row := placing{fit: &t.fit, kinds: kinds}
	for n := 1; n <= len(kinds) && n <= len(values); n++ {
		v := values[n-1]
		if v.table != nil || v.kind == heading || len(v.text) > 3000 {
			break
		}
		row.add(v.text)
		if n < 2 || t.fit.fits(row.row()[name], nameField) < 1 {
			continue
		}
		score := row.score() + t.nextRowScore(values[n:], kinds, name)
		if n == len(kinds) {
			score++ // a full row is the likelier
		}
		if score > bestScore {
			best, bestScore = n, score
		}
	}
	return best
}

// nextRowScore is how well the next block begins a row, or the end of the table.
func (t *tableReader) nextRowScore(rest []block, kinds []fieldKind, name int) int {
	if len(rest) == 0 || rest[0].kind == heading || rest[0].table != nil {
		return 2
	}
	if name > 0 {
		return max(-1, min(2, t.fit.fits(rest[0].text, kinds[0])))
	}
	return min(4, t.fit.fits(rest[0].text, nameField))
}

// collapsed reads a table whose rows were put on one line each, without any
// mark between the cells: a line of labels, then lines that begin with a name.
func (g *gatherer) collapsed(list []block) int {
	kinds, labels := collapsedLabels(list[0].text)
	if len(kinds) < 2 {
		return 0
	}
	table := &grid{pos: list[0].pos}
	head := row{header: true}
	for _, l := range labels {
		head.cells = append(head.cells, cell{text: l, width: 1})
	}
	table.rows = append(table.rows, head)
	taken := 1
	lines := strings.Split(list[0].text, "\n")[1:]
	for {
		for _, line := range lines {
			cells := splitCollapsed(line, kinds)
			if cells == nil {
				continued(table, line, len(kinds))
				continue
			}
			line := row{}
			for _, c := range cells {
				line.cells = append(line.cells, cell{text: c, width: 1})
			}
			table.rows = append(table.rows, line)
		}
		if taken >= len(list) || list[taken].table != nil || list[taken].kind == heading {
			break
		}
		lines = strings.Split(list[taken].text, "\n")
		if splitCollapsed(lines[0], kinds) == nil {
			break
		}
		taken++
	}
	if len(table.rows) < 2 {
		return 0
	}
	g.table(&block{kind: tableBlock, table: table, pos: table.pos})
	return taken
}

// continued takes a line between rows that begins with no name: a short one is
// a heading inside the table, a longer one goes on with the row above it.
func continued(table *grid, line string, width int) {
	line = strings.TrimSpace(line)
	if len(table.rows) < 2 || line == "" {
		return
	}
	if len(strings.Fields(line)) <= 4 && startsUpper(line) && !strings.HasSuffix(line, ".") {
		table.rows = append(table.rows, row{cells: []cell{{text: line, width: width}}})
		return
	}
	cells := table.rows[len(table.rows)-1].cells
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
		case n == 0 && kind != nameField:
			return nil, nil
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
	names := 0
	for names < len(fields) && strengthOf(strings.TrimRight(fields[names], ",")) >= likelyName && (names == 0 || strings.HasSuffix(fields[names-1], ",")) {
		names++
	}
	if names == 0 {
		return nil
	}
	out := make([]string, len(kinds))
	out[0] = strings.Join(fields[:names], " ")
	low, high := 1, len(kinds)
	rest := fields[names:]
	for low < high {
		if n := prefixOf(rest, kinds[low]); n > 0 {
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

package policy

import (
	"slices"
	"strings"
)

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
	values := beforeLabels(list[len(labels):])
	among := 0
	for _, v := range values[:min(len(values), len(labels))] {
		if labelKind(v.text) != noField {
			among++ // a provider may be called as a label is ("Cookie Information")
		}
	}
	if among > 1 {
		return 0 // a label before every value
	}
	name := max(0, slices.Index(kinds, nameField))
	table := &grid{pos: list[0].pos}
	taken := 0
	for taken < len(values) && len(table.rows) <= maxRows {
		n := g.tables.rowLength(values[taken:], kinds, name)
		if n == 0 && g.tables.unnamedRow(values[taken:], kinds, name) {
			n = len(kinds)
		}
		if n == 0 {
			break
		}
		texts := make([]string, 0, n)
		for _, v := range values[taken : taken+n] {
			texts = append(texts, v.text)
		}
		table.rows = append(table.rows, row{cells: cellsOf(g.tables.fit.alignRow(texts, kinds))})
		taken += n
	}
	if len(table.rows) == 0 {
		return 0
	}
	table.rows = append([]row{{header: true, cells: cellsOf(labels)}}, table.rows...)
	if len(table.rows) > maxRows {
		g.tooMany = true
		return len(list)
	}
	g.table(&block{kind: tableBlock, table: table, pos: table.pos})
	return len(labels) + taken
}

// beforeLabels is what stands before the labels of the next table.
func beforeLabels(list []block) []block {
	for i := 1; i < len(list); i++ {
		if list[i].table == nil && list[i].labelKind() != noField && leadingLabels(list[i:]) != nil {
			return list[:i]
		}
	}
	return list
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
			if kind = b.labelKind(); kind == noField && len(labels) >= 3 {
				kind = lateLabel(b.text, seen)
			}
		}
		if kind == noField && !marksColumn(list[i:], seen[nameField]) {
			break
		}
		if again := slices.ContainsFunc(labels, func(l string) bool { return fold(l) == fold(b.text) }); again || len(labels) >= 10 {
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

// lateLabel is the kind of a label behind others that has a word of its own
// beside one of labels ("Application description"): of a column that none of
// them is.
func lateLabel(text string, seen map[fieldKind]bool) fieldKind {
	kind := columnKind(text)
	if kind != purposeField && kind != lifetimeField && kind != providerField || seen[kind] || strings.Count(text, " ") > 3 || strings.ContainsAny(text, ".:,") || strengthOf(text) >= likelyName {
		return noField
	}
	return kind
}

// marksColumn reports whether the first block is the head of a column that is
// ticked for one class ("Strictly necessary"): behind a label, and before another.
func marksColumn(list []block, behind bool) bool {
	return behind && len(list) > 1 && list[0].table == nil && list[0].kind != heading && labelClass(list[0].text).found && list[1].table == nil && list[1].labelKind() != noField
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
		if n < 2 || t.fit.look(row.row()[name])[nameField] < 1 {
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

// unnamedRow reports whether a full row stands here whose name is told in words
// ("a name that differs for each visitor"): its other cells fit, and a named row
// follows.
func (t *tableReader) unnamedRow(values []block, kinds []fieldKind, name int) bool {
	n := len(kinds)
	if len(values) <= n {
		return false
	}
	fitting := 0
	for j, v := range values[:n] {
		if v.table != nil || v.kind == heading || labelKind(v.text) != noField {
			return false
		}
		if j != name && t.fit.look(v.text)[kinds[j]] > 0 {
			fitting++
		}
	}
	return fitting*2 >= n && t.rowLength(values[n:], kinds, name) > 0
}

// nextRowScore is how well the next block begins a row, or the end of the table.
func (t *tableReader) nextRowScore(rest []block, kinds []fieldKind, name int) int {
	if len(rest) <= 1 || rest[0].kind == heading || rest[0].table != nil {
		return 2 // one block is no row
	}
	if name > 0 {
		return max(-1, min(2, t.fit.look(rest[0].text)[kinds[0]]))
	}
	return min(4, t.fit.look(rest[0].text)[nameField])
}

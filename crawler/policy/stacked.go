package policy

import "strings"

// stackedTable reads a table with a cell on each line and an empty line between
// its rows: first the labels, then row after row. A line alone may be the class
// of the rows below it.
func (r *markdownReader) stackedTable() bool {
	if len(r.para) > 0 || labelKind(strings.TrimSpace(r.lines[r.i])) == noField || r.unflat > 4*len(r.lines) {
		return false
	}
	labels := r.stack(r.i)
	kinds, ok := stackedKinds(labels)
	if !ok {
		return false
	}
	g := &grid{rows: []row{{header: true, cells: cellsOf(labels)}}}
	var fit fitter
	end := r.i + len(labels)
	for {
		begin := r.skipEmpty(end)
		texts := r.stack(begin)
		cells := stackedRow(texts, kinds, &fit)
		if begin == end || cells == nil {
			break
		}
		g.rows = append(g.rows, row{cells: cells})
		end = begin + len(texts)
	}
	if len(g.rows) < 3 {
		r.unflat += end - r.i
		return false
	}
	r.i = end
	r.out.add(block{kind: tableBlock, table: g})
	return true
}

// stackedKinds are the kinds of the labels: three at least, one of them that of
// names, and none twice.
func stackedKinds(labels []string) ([]fieldKind, bool) {
	seen := map[fieldKind]bool{}
	kinds := make([]fieldKind, len(labels))
	for i, l := range labels {
		kinds[i] = columnKind(l)
		if kinds[i] == noField || seen[kinds[i]] {
			return nil, false
		}
		seen[kinds[i]] = true
	}
	return kinds, seen[nameField] && len(kinds) >= 3
}

// stackedRow puts the lines of a row below their labels; nil where they are none.
func stackedRow(texts []string, kinds []fieldKind, fit *fitter) []cell {
	if len(texts) == 1 && labelClass(texts[0]).found {
		return []cell{{text: texts[0], width: len(kinds)}}
	}
	if len(texts) < 2 || len(texts) > len(kinds) {
		return nil
	}
	aligned := fit.alignRow(texts, kinds)
	for j, text := range aligned {
		if kinds[j] == nameField && fit.look(text)[nameField] < 1 {
			return nil
		}
	}
	return cellsOf(aligned)
}

// stack are the lines up to the next empty one, without their markup: nil where
// they are more than a row has.
func (r *markdownReader) stack(i int) []string {
	var out []string
	for ; i < len(r.lines); i++ {
		line := strings.TrimSpace(r.lines[i])
		if line == "" {
			return out
		}
		if len(out) > maxColumns || len(line) > longestCell || isHeading(line) {
			return nil
		}
		out = append(out, plainInline(line))
	}
	return out
}

func (r *markdownReader) skipEmpty(i int) int {
	for i < len(r.lines) && strings.TrimSpace(r.lines[i]) == "" {
		i++
	}
	return i
}

package policy

import (
	"regexp"
	"strings"
)

// longestLine is the length up to which a line can be a row of a table.
const longestLine = 20_000

// pipeTable reads a table of lines with pipes, with or without outer ones.
func (r *markdownReader) pipeTable() bool {
	if r.i+1 >= len(r.lines) || !r.rowLine(r.i) {
		return false
	}
	ruled := r.ruled()
	plain := !ruled && plainRule.MatchString(clip(r.lines[r.i+1], 400)) && r.ruledBelow()
	if !ruled && !plain && !r.unruled() {
		return false
	}
	r.flush()
	outer := strings.HasPrefix(strings.TrimSpace(r.lines[r.i]), "|")
	head := row{header: true, cells: inlineCells(pipeCells(r.lines[r.i]))}
	columns := len(head.cells)
	g := &grid{rows: []row{head}}
	r.i++
	if ruled || plain {
		r.i++
	}
	if outer {
		r.outerRows(g, columns)
	} else {
		r.openRows(g, columns)
	}
	r.out.add(block{kind: tableBlock, table: g})
	return true
}

// ruled reports whether a rule stands below the current line, with pipes in it.
func (r *markdownReader) ruled() bool {
	if !r.rowLine(r.i) || !r.rowLine(r.i+1) {
		return false
	}
	under := r.lines[r.i+1]
	return leads(strings.TrimSpace(under), "|:-") && delimiter.MatchString(under)
}

// unruled reports whether the current line is a heading row without a rule
// below it: labels between pipes, and a row of as many cells next.
func (r *markdownReader) unruled() bool {
	if !r.rowLine(r.i + 1) {
		return false
	}
	cells := inlineCells(pipeCells(r.lines[r.i]))
	below := pipeCells(r.lines[r.i+1])
	return len(cells) >= 3 && len(below)+1 >= len(cells) && len(below) <= len(cells)+1 && isHeaderRow(row{cells: cells})
}

// plainRule is a rule below a heading row that has no pipes.
var plainRule = regexp.MustCompile(`^\s*[-=_+]{4,}[-=_+ ]*$`)

// ruledBelow reports whether the current line is a heading row above a plain rule
// and a row of as many cells.
func (r *markdownReader) ruledBelow() bool {
	if !r.rowLine(r.i + 2) {
		return false
	}
	cells, below := inlineCells(pipeCells(r.lines[r.i])), pipeCells(r.lines[r.i+2])
	return len(cells) >= 2 && len(below) == len(cells) && isHeaderRow(row{cells: cells})
}

func (r *markdownReader) rowLine(i int) bool {
	return i < len(r.lines) && len(r.lines[i]) <= longestLine && strings.Contains(r.lines[i], "|")
}

func inlineCells(raw []string) []cell {
	cells := make([]cell, len(raw))
	for i, text := range raw {
		cells[i] = cell{text: squeezeLines(plainInline(text)), width: 1}
	}
	return cells
}

// outerRows reads rows that begin with a pipe. A row whose last cell is not
// closed goes on in the next lines: some converters leave line breaks in cells.
func (r *markdownReader) outerRows(g *grid, columns int) {
	for r.rowLine(r.i) && len(g.rows) <= maxRows {
		line := strings.TrimSpace(r.lines[r.i])
		if !strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|") && len(pipeCells(line)) != columns {
			break
		}
		r.i++
		switch closed := strings.HasSuffix(line, "|"); {
		case strings.HasPrefix(line, "|") && !closed && len(pipeCells(line)) < columns:
			line = r.closeRow(line, columns)
		case !strings.HasPrefix(line, "|") && closed:
			line = r.wholeRow(line, columns)
		}
		g.rows = append(g.rows, row{cells: inlineCells(pipeCells(line))})
	}
}

// closeRow joins the lines of a row until its last cell is closed.
func (r *markdownReader) closeRow(line string, columns int) string {
	for n := 0; n < 40 && r.i+n < len(r.lines); n++ {
		next := strings.TrimSpace(r.lines[r.i+n])
		if next == "" || strings.HasPrefix(next, "|") || len(line)+len(next) > longestLine {
			return line
		}
		if strings.HasSuffix(next, "|") || len(pipeCells(line+next)) >= columns {
			for _, l := range r.lines[r.i : r.i+n+1] {
				line += "<br>" + strings.TrimSpace(l)
			}
			r.i += n + 1
			return line
		}
	}
	return line
}

// wholeRow joins the lines of a row that was broken behind its cells, where the
// next lines hold just what it lacks.
func (r *markdownReader) wholeRow(line string, columns int) string {
	joined, cells := line, len(pipeCells(line))
	for n := 0; cells < columns && r.rowLine(r.i+n); n++ {
		next := strings.TrimSpace(r.lines[r.i+n])
		if strings.HasPrefix(next, "|") || !strings.HasSuffix(next, "|") || len(joined)+len(next) > longestLine {
			return line
		}
		joined += " " + next
		if cells += len(pipeCells(next)); cells == columns {
			r.i += n + 1
			return joined
		}
	}
	return line
}

// openRows reads rows without outer pipes. Converters of this form (html2text)
// end a row with two spaces and let a cell go on over several lines; a cell that
// spans rows leaves lines that hold a name and nothing else.
func (r *markdownReader) openRows(g *grid, columns int) {
	var names []string // lines that hold only a name
	for r.i < len(r.lines) && len(g.rows)+len(names) <= maxRows {
		line := r.lines[r.i]
		trimmed := strings.TrimSpace(line)
		switch {
		case r.ruled():
			settle(g, names, row{})
			return // the next table
		case r.rowLine(r.i) && !isHeading(line):
			r.i++
			if strings.HasSuffix(trimmed, "|") {
				line = r.wholeRow(trimmed, columns)
			}
			cells := inlineCells(pipeCells(line))
			if len(cells) == columns && cells[columns-1].text == "" || strings.HasSuffix(strings.TrimRight(line, " "), "|") && len(cells) < columns {
				rest := r.openCell()
				for len(cells) < columns {
					cells = append(cells, cell{width: 1})
				}
				cells[columns-1].text = squeezeLines(plainInline(rest))
			}
			settle(g, names, row{cells: cells})
			names = nil
		case trimmed == "" && r.rowsFollow():
			r.i++
		case trimmed != "" && onlyName(trimmed):
			names = append(names, plainInline(trimmed))
			r.i++
		default:
			settle(g, names, row{})
			return
		}
	}
	settle(g, names, row{})
}

// openCell reads the paragraphs of a cell that goes on below its row.
func (r *markdownReader) openCell() string {
	var b strings.Builder
	for r.i < len(r.lines) {
		line := r.lines[r.i]
		trimmed := strings.TrimSpace(line)
		rowEnd := trimmed == "" && strings.HasPrefix(line, "  ")
		if rowEnd || r.rowLine(r.i) || isHeading(line) || trimmed != "" && onlyName(trimmed) {
			break
		}
		if b.Len() > longestLine {
			break
		}
		if trimmed == "" {
			b.WriteString("<br>")
		} else {
			b.WriteString(trimmed + " ")
		}
		r.i++
	}
	return b.String()
}

// rowsFollow reports whether the table goes on behind empty lines.
func (r *markdownReader) rowsFollow() bool {
	if strings.HasPrefix(r.lines[r.i], "  ") {
		return true
	}
	for j := r.i; j < len(r.lines) && j < r.i+3; j++ {
		trimmed := strings.TrimSpace(r.lines[j])
		if trimmed == "" {
			continue
		}
		return onlyName(trimmed)
	}
	return false
}

// onlyName reports whether a line is a name, or several, and nothing else.
func onlyName(line string) bool {
	return len(line) < 120 && !strings.Contains(line, "|") && strengthOf(plainInline(line)) >= likelyName
}

// settle puts names that stood alone between two rows where they belong, and
// then adds the row below them. The names were stacked in the first cell of the
// row below, or are rows of their own under a cell that spans from the row
// above. Nothing in the text says which; kinship of the names does.
func settle(g *grid, names []string, below row) {
	if len(names) > 0 && len(g.rows) > 1 {
		above := g.rows[len(g.rows)-1]
		cut := splitNames(names, above, below)
		for _, name := range names[:cut] {
			merged := row{cells: append([]cell(nil), above.cells...)}
			for i := range merged.cells {
				merged.cells[i].merged = true
			}
			merged.cells[0] = cell{text: name, width: 1}
			g.rows = append(g.rows, merged)
		}
		names = names[cut:]
	}
	if len(below.cells) == 0 {
		return
	}
	if len(names) > 0 {
		below.cells[0].text = squeezeLines(strings.Join(names, "\n") + "\n" + below.cells[0].text)
	}
	g.rows = append(g.rows, below)
}

// splitNames returns how many of the names belong to the row above.
func splitNames(names []string, above, below row) int {
	if len(below.cells) == 0 {
		return len(names)
	}
	best, bestScore := len(names), -1
	for cut := len(names); cut >= 0; cut-- {
		score := 0
		for i, name := range names {
			if i < cut {
				score += kinship(name, above)
			} else {
				score += kinship(name, below)
			}
		}
		if score > bestScore {
			best, bestScore = cut, score
		}
	}
	return best
}

// kinship is how much a name is like the names of a row: the length of a
// beginning they share, or a word of the name in the row's text.
func kinship(name string, r row) int {
	if len(r.cells) == 0 {
		return 0
	}
	score := 0
	for other := range strings.SplitSeq(r.cells[0].text, "\n") {
		n := 0
		for n < len(name) && n < len(other) && name[n] == other[n] && n < 12 {
			n++
		}
		if n >= 3 {
			score = max(score, n)
		}
	}
	text := fold(clip(r.quote(), 3000))
	for _, w := range words(fold(name)) {
		if len(w) >= 4 && strings.Contains(text, w) {
			score = max(score, len(w))
		}
	}
	return score
}

package policy

import (
	"slices"
	"strings"
)

// flattened reads a table whose cells stand on lines of their own, each with a
// pipe behind it; further pipes stand for empty cells, and a pipe in front may
// begin a row. Converters that drop a table's rows leave this.
func (r *markdownReader) flattened() bool {
	if !pipeEnded(r.lines[r.i]) && strings.TrimSpace(r.lines[r.i]) != "|" {
		return false
	}
	if r.unflat > 4*len(r.lines) {
		return false
	}
	tokens, columns, end := r.pipeTokens()
	read := end - r.i
	for len(tokens) > 0 && tokens[0].text == "" {
		tokens = tokens[1:]
	}
	if columns == 0 {
		columns = flatColumns(tokens)
	}
	if columns < 2 || len(tokens) < 2*columns-1 || !holdsNameLabel(tokens[:columns]) {
		r.unflat += read
		return false
	}
	r.flush()
	r.i = end
	r.out.add(block{kind: tableBlock, table: chunk(tokens, columns)})
	return true
}

// liftPipes puts pipes that stand on lines of their own behind the cells above
// them, and closes up the empty lines between such cells.
func liftPipes(lines []string) []string {
	out := lines[:0]
	lifted := false
	for i, line := range lines {
		n, trimmed := len(out), strings.TrimSpace(line)
		if lifted && trimmed == "" && slices.ContainsFunc(lines[i:min(i+5, len(lines))], func(l string) bool { return strings.TrimSpace(l) == "|" }) {
			continue
		}
		if trimmed == "|" && n > 0 && strings.TrimSpace(out[n-1]) != "" && !strings.HasSuffix(strings.TrimSpace(out[n-1]), "|") && (i+1 == len(lines) || !strings.HasSuffix(strings.TrimSpace(lines[i+1]), "|")) {
			out[n-1] += " |"
			lifted = true
			continue
		}
		lifted = lifted && (trimmed != "" || n > 0 && strings.HasSuffix(out[n-1], "|"))
		out = append(out, line)
	}
	return out
}

func holdsNameLabel(tokens []token) bool {
	for _, t := range tokens {
		if columnKind(t.text) == nameField {
			return true
		}
	}
	return false
}

// flatColumns finds how many columns a flattened table has whose rule is lost:
// as many as the run of labels that begins it, or, where a label is in no list,
// as many as put the most names below the label of names.
func flatColumns(tokens []token) int {
	labels := 0
	for labels < len(tokens) && labels < maxColumns && columnKind(tokens[labels].text) != noField && strengthOf(tokens[labels].text) < strongName {
		labels++
	}
	if labels >= 3 {
		return labels
	}
	best, most := 0, 0.5
	for n := 2; n <= 9 && 2*n-1 <= len(tokens); n++ {
		name := -1
		for j, t := range tokens[:n] {
			if columnKind(t.text) == nameField {
				name = j
				break
			}
		}
		if name < 0 {
			continue
		}
		named, rows := 0, 0
		for i := n + name; i < len(tokens); i += n {
			rows++
			if strengthOf(tokens[i].text) >= likelyName {
				named++
			}
		}
		if share := float64(named) / float64(rows); share > most {
			best, most = n, share
		}
	}
	if best == 0 && labels == 2 {
		return labels
	}
	return best
}

// A token is a cell of a flattened table.
type token struct {
	text   string
	starts bool // a pipe in front of it marks the start of a row
}

// pipeTokens collects the cells from the current line on, how many columns a
// rule among them shows (0 where there is none), and the line behind the last.
func (r *markdownReader) pipeTokens() (out []token, columns, end int) {
	var open []string // lines of a cell that no pipe has ended yet
	end = r.i
	for i := r.i; i < len(r.lines) && len(out) < maxCells; i++ {
		line := strings.TrimSpace(r.lines[i])
		if len(line) > longestLine {
			break
		}
		if leads(line, "|:-") && strings.Contains(line, "---") && delimiter.MatchString(line) {
			columns = max(columns, min(maxColumns, strings.Count(strings.Trim(line, "| "), "|")+1))
			end = i + 1
			continue
		}
		starts := strings.HasPrefix(line, "|") && strings.Trim(line, "| ") != ""
		body := strings.TrimSpace(strings.TrimPrefix(line, "|"))
		if !starts {
			body = line
		}
		text := strings.TrimSpace(strings.TrimRight(body, "| "))
		pipes := strings.Count(body[len(strings.TrimRight(body, "| ")):], "|")
		if strings.Contains(strings.ReplaceAll(text, `\|`, ""), "|") {
			break // a row on one line
		}
		if pipes == 0 {
			if text == "" || len(open) > 12 || i == r.i || len(out) < 2 {
				break
			}
			open = append(open, text)
			if !r.pipeSoon(i) {
				break
			}
			continue
		}
		if text != "" || len(open) > 0 {
			text = strings.Join(append(open, text), " ")
			open = nil
			out = append(out, token{text: squeezeLines(plainInline(text)), starts: starts})
			pipes--
		}
		for range pipes {
			out = append(out, token{})
		}
		end = i + 1
	}
	if columns == 1 {
		columns = 0 // a rule of one column says nothing
	}
	return out, columns, end
}

// pipeSoon reports whether one of the next lines ends a cell, before an empty
// line or a heading.
func (r *markdownReader) pipeSoon(i int) bool {
	for j := i + 1; j < len(r.lines) && j < i+12; j++ {
		line := strings.TrimSpace(r.lines[j])
		if line == "" || strings.HasPrefix(line, "#") {
			return false
		}
		if strings.HasSuffix(line, "|") {
			// A label there begins the next table.
			return !strings.HasPrefix(line, "|") && labelKind(strings.TrimRight(line, "| ")) == noField
		}
	}
	return false
}

// pipeEnded reports whether a line is one cell with a pipe behind it, or pipes
// only.
func pipeEnded(line string) bool {
	if len(line) > longestLine {
		return false
	}
	trimmed := strings.TrimSpace(line)
	text := strings.TrimRight(trimmed, "| ")
	return len(text) < len(trimmed) && strings.HasSuffix(trimmed, "|") && !strings.Contains(strings.TrimPrefix(text, "|"), "|")
}

// chunk makes rows of n cells. Where the rows are marked, a mark begins one;
// else an empty cell in front of every row is such a mark. The empty cells of a
// row stand at its end, wherever they were in the table; alignRow puts them
// back.
func chunk(tokens []token, n int) *grid {
	g := &grid{}
	put := func(cells []token, header bool) {
		line := row{header: header, loose: !header}
		for _, t := range cells {
			line.cells = append(line.cells, cell{text: t.text, width: 1})
		}
		g.rows = append(g.rows, line)
	}
	put(tokens[:n], true)
	rest := tokens[n:]
	marked := 0
	for _, t := range rest {
		if t.starts {
			marked++
		}
	}
	step := n
	if len(rest) > n && rest[0].text == "" && rest[n+1-1].text != "" && leadsRows(rest, n+1) {
		step = n + 1
	}
	for begin := 0; begin < len(rest); {
		end := min(begin+step, len(rest))
		if marked > 1 {
			end = begin + 1
			for end < len(rest) && !rest[end].starts {
				end++
			}
			end = min(end, begin+maxColumns)
		}
		cells := rest[begin:end]
		if step > n && cells[0].text == "" {
			cells = cells[1:]
		}
		if len(cells) > 0 {
			put(cells, false)
		}
		begin = end
	}
	return g
}

// leadsRows reports whether every row of n cells begins with an empty one.
func leadsRows(tokens []token, n int) bool {
	for i := 0; i < len(tokens); i += n {
		if tokens[i].text != "" {
			return false
		}
	}
	return true
}

// gridTable reads a table drawn with "+---+" rules, as reStructuredText has it.
func (r *markdownReader) gridTable(trimmed string) bool {
	if !isGridRule(trimmed) || r.unflat > 4*len(r.lines) {
		return false
	}
	g := &grid{}
	var cells []cell
	i := r.i
	for ; i < len(r.lines); i++ {
		line := strings.TrimSpace(r.lines[i])
		if isGridRule(line) {
			if len(cells) > 0 {
				g.rows = append(g.rows, row{cells: cells, header: len(g.rows) == 0})
			}
			cells = nil
			continue
		}
		if !strings.HasPrefix(line, "|") || len(line) > longestLine {
			break
		}
		for j, text := range pipeCells(line) {
			if j >= len(cells) {
				cells = append(cells, cell{width: 1})
			}
			if len(cells[j].text) <= longestCell {
				cells[j].text = squeeze(cells[j].text + " " + plainInline(text))
			}
		}
	}
	if len(g.rows) < 2 {
		r.unflat += i - r.i
		return false
	}
	r.flush()
	r.i = i
	r.out.add(block{kind: tableBlock, table: g})
	return true
}

func isGridRule(line string) bool {
	return len(line) > 4 && line[0] == '+' && line[len(line)-1] == '+' && strings.Trim(line, "+-=") == "" && strings.ContainsAny(line, "-=")
}

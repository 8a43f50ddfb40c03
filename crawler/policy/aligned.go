package policy

import (
	"strings"
	"unicode"
)

// longestCell is how long a wrapped cell may grow, in bytes.
const longestCell = 4000

// An alignedRow is a line of a table whose columns are kept apart by white
// space, as the text of a PDF has it.
type alignedRow struct {
	cells []string
	blank bool // an empty line stands above it
}

// A stretch is a run of text between two gaps of a line.
type stretch struct {
	text       string
	begin, end int // in characters
}

// alignedTable reads a table whose heading is a line of labels with gaps
// between them. Cells are wrapped over several lines.
func (r *markdownReader) alignedTable() bool {
	if !r.tableBegins() {
		return false
	}
	heads := gapped(r.lines[r.i])
	end := r.i + 1
	var rows []alignedRow
	blank := false
	for ; end < len(r.lines); end++ {
		line := r.lines[end]
		if strings.TrimSpace(line) == "" {
			blank = true
			continue
		}
		cells := inColumns(line, heads)
		if blank && len(rows) > 0 && endsTable(aloneIn(line)) && !r.columnsFollow(end, heads) {
			break
		}
		if text := aloneIn(line); text != "" && len(rows) > 0 && labelClass(text).found {
			// The class of the rows below, or of another table.
			if !r.columnsFollow(end, heads) {
				break
			}
			cells = []string{text}
		}
		if cells == nil && (len(rows) > 0 || blank) || blank && r.farAway(end) {
			break
		}
		if cells == nil {
			cells = []string{strings.TrimSpace(line)}
		}
		rows = append(rows, alignedRow{cells, blank})
		blank = false
	}
	g := alignedGrid(heads, rows)
	if len(g.rows) < 2 {
		return false
	}
	r.flush()
	r.i = end
	r.out.add(block{kind: tableBlock, table: g})
	return true
}

// endsTable reports whether a text alone in its line, below an empty one, is the
// heading of what follows a table.
func endsTable(text string) bool {
	return text != "" && strengthOf(text) < likelyName && !labelClass(text).found && startsUpper(text)
}

// tableBegins reports whether the current line holds the labels of a table.
func (r *markdownReader) tableBegins() bool {
	heads := gapped(r.lines[r.i])
	return len(heads) >= 2 && len(heads) <= maxColumns && r.alignedHead(heads)
}

// alignedHead reports whether the stretches of a line are the labels of a table and
// the next line has a gap as well.
func (r *markdownReader) alignedHead(heads []stretch) bool {
	line := row{}
	named := false
	for _, h := range heads {
		line.cells = append(line.cells, cell{text: h.text, width: 1})
		named = named || columnKind(h.text) == nameField
	}
	if !named || !isHeaderRow(line) {
		return false
	}
	for i := r.i + 1; i < len(r.lines) && i < r.i+4; i++ {
		if cells := inColumns(r.lines[i], heads); len(cells) > 0 {
			return true
		}
	}
	return false
}

// aloneIn is the text of a line without gaps, "" where it has any.
func aloneIn(line string) string {
	if len(line) > 200 || len(gapped(line)) > 1 {
		return ""
	}
	return strings.TrimSpace(line)
}

// columnsFollow reports whether the next line that is not empty has cells in two
// columns at least, and is no heading row of its own.
func (r *markdownReader) columnsFollow(i int, heads []stretch) bool {
	for j := i + 1; j < len(r.lines) && j < i+4; j++ {
		if strings.TrimSpace(r.lines[j]) == "" {
			continue
		}
		filled, labels := 0, 0
		for _, s := range gapped(r.lines[j]) {
			if labelKind(s.text) != noField {
				labels++
			}
		}
		if labels > 1 {
			return false
		}
		for _, text := range inColumns(r.lines[j], heads) {
			if text != "" {
				filled++
			}
		}
		return filled > 1
	}
	return false
}

// farAway reports whether three empty lines stand above a line: another part of
// the document.
func (r *markdownReader) farAway(i int) bool {
	for j := i - 1; j > i-4 && j >= 0; j-- {
		if strings.TrimSpace(r.lines[j]) != "" {
			return false
		}
	}
	return true
}

// gapped splits a line at tabs and at gaps of two spaces or more.
func gapped(line string) []stretch {
	if len(line) > longestLine || !strings.Contains(line, "  ") && !strings.Contains(line, "\t") {
		return nil
	}
	var out []stretch
	column, begin, spaces := 0, -1, 0
	var b strings.Builder
	put := func() {
		if text := strings.TrimSpace(b.String()); text != "" {
			out = append(out, stretch{text, begin, column - spaces})
		}
		b.Reset()
		begin = -1
	}
	for _, c := range line {
		switch {
		case c == '\t' || c == '\f':
			put()
			column += 7 - column%8
			spaces = 0
		case unicode.IsSpace(c):
			if spaces++; spaces == 2 {
				spaces = 1
				put()
				spaces = 2
			} else if begin >= 0 {
				b.WriteByte(' ')
			}
		default:
			if begin < 0 {
				begin = column
			}
			b.WriteRune(c)
			spaces = 0
		}
		column++
	}
	put()
	return out
}

// inColumns puts the stretches of a line below the heads. It returns nil for a line
// that runs across the columns, as prose does.
func inColumns(line string, heads []stretch) []string {
	stretches := gapped(line)
	if stretches == nil {
		text := strings.TrimLeft(line, " \f")
		if text == "" || len(line) > longestLine {
			return nil
		}
		indent := len([]rune(line)) - len([]rune(text))
		stretches = []stretch{{strings.TrimSpace(text), indent, len([]rune(strings.TrimRight(line, " ")))}}
	}
	stretches = splitAtHeads(stretches, heads)
	cells := make([]string, len(heads))
	full := len(stretches) == len(heads) // the columns of the next page may lie elsewhere
	for i, c := range stretches {
		j := i
		if !full {
			j = columnOf(c, heads)
		}
		if j < 0 || !full && j+1 < len(heads) && c.end > heads[j+1].begin+2 {
			return nil
		}
		cells[j] = squeeze(cells[j] + " " + c.text)
	}
	return cells
}

// splitAtHeads parts stretches where a word begins right below a heading: a cell
// that fills its column leaves one space to the next.
func splitAtHeads(stretches []stretch, heads []stretch) []stretch {
	if len(stretches) >= len(heads) {
		return stretches
	}
	slack := 3
	if len(stretches) < 2 {
		slack = 0 // prose that runs across the columns
	}
	var out []stretch
	for _, c := range stretches {
		letters := []rune(c.text)
		for _, h := range heads {
			if len(letters) != c.end-c.begin {
				break
			}
			at := wordNear(letters, h.begin-c.begin, slack)
			if at < 1 {
				continue
			}
			out = append(out, stretch{strings.TrimSpace(string(letters[:at])), c.begin, c.begin + at - 1})
			letters, c.begin = letters[at:], c.begin+at
		}
		out = append(out, stretch{string(letters), c.begin, c.end})
	}
	return out
}

// wordNear is where the word begins that stands nearest to a place, at most slack
// letters away; 0 where none does.
func wordNear(letters []rune, at, slack int) int {
	for d := 0; d <= slack; d++ {
		for _, i := range []int{at - d, at + d} {
			if i >= 1 && i < len(letters) && letters[i-1] == ' ' && (d == 0 || len(letters) > at+2) {
				return numberBefore(letters, i)
			}
		}
	}
	return 0
}

// numberBefore is where the number begins that stands right before a word, which is
// its unit; else where the word does.
func numberBefore(letters []rune, word int) int {
	i := word - 1
	for i > 0 && unicode.IsDigit(letters[i-1]) {
		i--
	}
	if i < word-1 && i > 1 && letters[i-1] == ' ' {
		return i
	}
	return word
}

// columnOf is the last column that begins before a stretch, or hardly behind its
// beginning; -1 where the stretch stands left of the table.
func columnOf(c stretch, heads []stretch) int {
	const slack = 2
	if c.begin+slack < heads[0].begin {
		return -1
	}
	at := 0
	for j, h := range heads {
		if h.begin <= c.begin+slack {
			at = j
		}
	}
	return at
}

// alignedGrid joins the lines of wrapped rows. Where empty lines stand between
// the rows they tell them apart; else a row begins with its name.
func alignedGrid(heads []stretch, rows []alignedRow) *grid {
	head := row{header: true}
	kinds := make([]fieldKind, len(heads))
	name := 0
	for j, h := range heads {
		head.cells = append(head.cells, cell{text: h.text, width: 1})
		kinds[j] = columnKind(h.text)
		if kinds[j] == nameField && kinds[name] != nameField {
			name = j
		}
	}
	g := &grid{rows: []row{head}}
	edge := 0 // how long a name may be until it is broken
	if name+1 < len(heads) {
		edge = heads[name+1].begin - heads[name].begin - 4
	}
	parted := blankBetween(rows)
	for _, line := range rows {
		switch {
		case len(line.cells) == 1: // a heading inside the table
			g.rows = append(g.rows, row{cells: []cell{{text: line.cells[0], width: len(heads)}}})
		case len(g.rows) > 1 && !(parted && line.blank) && (breaksName(g.rows[len(g.rows)-1], line, kinds, name, edge) || wraps(g.rows[len(g.rows)-1], line, kinds, name, parted)):
			last := g.rows[len(g.rows)-1].cells
			if breaksName(g.rows[len(g.rows)-1], line, kinds, name, edge) {
				last[name].text, line.cells[name] = last[name].text+line.cells[name], ""
			}
			for j, text := range line.cells {
				if text != "" {
					last[j].text = strings.TrimLeft(last[j].text+"\n"+text, "\n")
				}
			}
		default:
			next := row{}
			for _, text := range line.cells {
				next.cells = append(next.cells, cell{text: text, width: 1})
			}
			g.rows = append(g.rows, next)
		}
	}
	for _, r := range g.rows[1:] {
		for j := range r.cells {
			if len(r.cells) > 1 && kinds[j] != nameField {
				r.cells[j].text = squeeze(r.cells[j].text)
			} else if len(r.cells) > 1 {
				r.cells[j].text = joinWrappedName(r.cells[j].text)
			}
		}
	}
	return g
}

// blankBetween reports whether empty lines part the rows of a table: some do,
// and some lines follow another without.
func blankBetween(rows []alignedRow) bool {
	blank, tight := 0, 0
	for _, line := range rows[min(1, len(rows)):] {
		if line.blank {
			blank++
		} else {
			tight++
		}
	}
	return blank > 0 && tight > 0 && blank*3 >= tight
}

// wraps reports whether a line goes on with the row above it: it has no name, or
// it has one whose row would say nothing of its own.
func wraps(above row, line alignedRow, kinds []fieldKind, name int, parted bool) bool {
	if len(above.cells) != len(line.cells) {
		return false
	}
	for _, c := range above.cells {
		if len(c.text) > longestCell {
			return false
		}
	}
	if line.cells[name] == "" || parted && !beginsRow(above, line, kinds) {
		return true
	}
	unfinished := strings.HasSuffix(above.cells[name].text, ",") || strings.HasSuffix(above.cells[name].text, "_") || strings.HasSuffix(above.cells[name].text, "-")
	for j, text := range line.cells {
		switch {
		case j == name || text == "":
		case kinds[j] == lifetimeField && lifetimeOnly(text) && above.cells[j].text != "":
			return false
		case kinds[j] != purposeField && !unfinished:
			return false
		case startsUpper(text) && !unfinished:
			return false
		}
	}
	return unfinished || above.cells[name].text != "" && strengthOf(line.cells[name]) < likelyName
}

// breaksName reports whether a line goes on with the name of the row above it, which
// reached the edge of its column: the line states no lifetime of its own, and
// another of its cells goes on as well.
func breaksName(above row, line alignedRow, kinds []fieldKind, name, edge int) bool {
	if len(above.cells) != len(line.cells) || edge <= 0 || len(above.cells[name].text) < edge || strengthOf(above.cells[name].text) < likelyName {
		return false
	}
	piece := line.cells[name]
	if piece == "" || strengthOf(piece) >= strongName || piece[0] < 'a' || piece[0] > 'z' || strings.Contains(piece, " ") {
		return false
	}
	goesOn := false
	for j, text := range line.cells {
		if kinds[j] == lifetimeField && (text != "" || above.cells[j].text == "") {
			return false
		}
		goesOn = goesOn || j != name && text != "" && text[0] >= 'a' && text[0] <= 'z'
	}
	return goesOn
}

// beginsRow reports whether a line states a lifetime of its own below one that
// has its own as well.
func beginsRow(above row, line alignedRow, kinds []fieldKind) bool {
	for j, text := range line.cells {
		if kinds[j] == lifetimeField && lifetimeOnly(text) && lifetimeOnly(above.cells[j].text) {
			return true
		}
	}
	return false
}

// joinWrappedName puts a name together that was broken at the edge of its cell.
func joinWrappedName(text string) string {
	lines := strings.Split(text, "\n")
	out := lines[:1]
	for _, line := range lines[1:] {
		last := out[len(out)-1]
		if strings.HasSuffix(last, "_") || strings.HasSuffix(last, "-") {
			out[len(out)-1] = last + line
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

package policy

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"cookieaudit/crawler/evidence"
)

// facts is what a document's structure tells before it is interpreted.
type facts struct {
	records []record   // that were not taken yet
	kept    int        // how many there were
	class   classified // that the document gives to all its cookies
	life    string     // lifetime that it gives to all its cookies
	// statements are the texts outside of tables of cookies that were not taken yet.
	statements []statement
}

// A statement is a text of the document that may claim something.
type statement struct {
	text    string
	pos     int
	path    []entry
	heading bool
}

// A gatherer walks the blocks of a document and collects records.
type gatherer struct {
	outline outline
	tables  tableReader
	intro   classified
	out     facts
	topical func() bool // whether the document may be about cookies

	open   *openRecord
	headed int // where the last heading stands
	// stored is where a text below the last heading says that something is kept.
	stored evidence.StorageKind
	// tooMany is true once a table without its cells has too many rows.
	tooMany bool
}

// gather collects the facts of a document. It offers what it has found to take from
// time to time, and all that is left at the end. It fails with ErrTooMany.
func gather(s structure, take func(found *facts, all bool)) (*facts, error) {
	g := &gatherer{topical: sync.OnceValue(func() bool { return aboutCookies(s) })}
	markLists(s.blocks)
	markTrees(s.blocks)
	markHeadings(s.blocks)
	g.tables.legend = readLegend(s.blocks)
	if len(s.records)+len(s.scripts) > maxRows {
		return nil, ErrTooMany
	}
	if len(s.records) > 0 {
		// A data file: its rows are known, its texts may still claim something.
		g.out.records = s.records
		for _, b := range s.blocks {
			g.out.statements = append(g.out.statements, statement{text: b.text, pos: b.pos})
			g.introduce(b.text)
		}
		take(&g.out, true)
		return &g.out, nil
	}
	for i := 0; i < len(s.blocks); i++ {
		if table := s.blocks[i].table; g.out.kept > maxRows || table != nil && (table.cut || len(table.rows) > maxRows) {
			return nil, ErrTooMany
		}
		take(&g.out, false)
		if n := g.flat(s.blocks[i:]); n > 0 {
			i += n - 1
			continue
		}
		var next *block
		if i+1 < len(s.blocks) {
			next = &s.blocks[i+1]
		}
		g.block(&s.blocks[i], next)
	}
	if g.tooMany {
		return nil, ErrTooMany
	}
	g.close()
	g.out.records = append(g.out.records, s.scripts...)
	take(&g.out, true)
	return &g.out, nil
}

// keep adds records. Of a page that is about something else, such as goods whose
// numbers and guarantees look like names and lifetimes, only those that tell of
// storage.
func (g *gatherer) keep(records ...record) {
	g.out.kept += len(records)
	if !g.topical() {
		records = slices.DeleteFunc(records, func(r record) bool { return !r.ofStorage() })
	}
	g.out.records = append(g.out.records, records...)
}

// flat reads a table that lost its cells, and returns the number of its blocks.
func (g *gatherer) flat(list []block) int {
	b := list[0]
	if b.table != nil || b.kind == heading || len(b.text) > 5000 {
		return 0
	}
	if n := g.stream(list); n > 0 {
		return n
	}
	return g.collapsed(list)
}

func (g *gatherer) block(b, next *block) {
	if b.table == nil {
		g.out.statements = append(g.out.statements, statement{text: b.text, pos: b.pos, path: g.outline.path(), heading: b.kind == heading})
	}
	switch b.kind {
	case heading:
		g.heading(b, next)
	case tableBlock:
		g.table(b)
	default:
		g.running(b, next)
	}
}

func (g *gatherer) heading(b, next *block) {
	if g.labelBlock(b, next) {
		return
	}
	if g.open != nil && g.open.level > 0 && b.level > g.open.level && !g.isNameHeading(b, next) {
		return // a heading inside the block of one cookie
	}
	g.close()
	titled, title := bracketNames(b.text)
	if len(titled) > 0 && (next == nil || next.table != nil || next.kind == heading) {
		titled = nil
	}
	if titled == nil && g.isNameHeading(b, next) {
		titled, title = namesIn(strings.TrimRight(b.text, ": "), weakName), ""
	}
	if len(titled) > 0 {
		g.outline.drop(b.level)
		g.start(b, titled)
		g.open.level = b.level
		if labelClass(title).found {
			g.open.add(categoryField, "", title)
		}
		return
	}
	g.outline.push(b.level, b.text)
	g.headed, g.stored = b.pos, ""
	if !introducesList(b.text) {
		g.intro = classified{}
	}
}

// bracketNames are the names in the bracket that ends a heading, and the words
// before it ("Payment (pay_session, pay_id)").
func bracketNames(text string) (refs []nameRef, title string) {
	m := bracketAtEnd(strings.TrimRight(text, ": "))
	if m == nil || len(text) > 200 || m[1] == "" || len(namesIn(m[1], likelyName)) > 0 {
		return nil, ""
	}
	for _, part := range splitParts(m[2]) {
		name := strings.TrimSpace(part)
		if strengthOf(name) != strongName {
			return nil, ""
		}
		refs = append(refs, nameRef{name: canonicalName(name)})
	}
	return refs, m[1]
}

// isNameHeading reports whether a heading is the name of a cookie.
func (g *gatherer) isNameHeading(b, next *block) bool {
	text := strings.TrimRight(b.text, ": ")
	if len(text) > 120 || len(b.code) == 0 && len(strings.Fields(text)) > 6 {
		return false
	}
	refs := namesIn(text, weakName)
	if len(refs) == 0 || coversMore(text, refs) {
		return false
	}
	best := notName
	for _, r := range refs {
		best = max(best, strengthOf(r.name))
	}
	if best == strongName || b.listed || len(b.code) > 0 && best >= weakName {
		return true
	}
	// A plain or capitalised word is a name only where its block says so.
	if next == nil || next.kind == heading || labelClass(text).found || !startsWithLabel(next.text) && labelKind(next.text) == noField {
		return false
	}
	return best >= likelyName || best == weakName && strings.ToLower(text) == text
}

// coversMore reports whether a text has words that are no part of the names.
func coversMore(text string, refs []nameRef) bool {
	n := 0
	for _, r := range refs {
		n += len(strings.Fields(r.note)) + 1
	}
	return len(strings.Fields(text)) > 2*n+1
}

// classed reports whether the nearest heading of a level, or above it, is one of
// that level and the name of a class.
func (o *outline) classed(level int) bool {
	for i := len(o.entries) - 1; i >= 0; i-- {
		if e := o.entries[i]; e.level <= level {
			return e.level == level && e.class.found
		}
	}
	return false
}

// below reports whether the heading right above speaks of cookies.
func (o *outline) below() bool {
	return len(o.entries) > 0 && o.entries[len(o.entries)-1].cookies
}

// drop closes the headings from a level on.
func (o *outline) drop(level int) {
	for len(o.entries) > 0 && o.entries[len(o.entries)-1].level >= level {
		o.entries = o.entries[:len(o.entries)-1]
	}
}

// table reads a table of rows, or one whose first column holds the labels.
func (g *gatherer) table(b *block) {
	if columns := sideways(b.table); columns > 0 {
		g.sideways(b, columns)
		return
	}
	g.close()
	records := g.tables.records(b.table, g.outline.path())
	for i := range records {
		records[i].intro = g.intro
		if isKeyLabel(records[i].label(nameField)) {
			records[i].stored = g.stored
		}
	}
	g.keep(records...)
	if len(records) > 0 || g.labelledCells(b) {
		return
	}
	path := g.outline.path()
	for i, r := range b.table.rows {
		for _, c := range r.cells {
			if !c.merged && len(c.text) > 20 {
				g.out.statements = append(g.out.statements, statement{text: c.text, pos: b.table.pos + i, path: path})
			}
		}
	}
}

// labelledCells reads a table whose first cells are classes or services and whose
// others hold the labels of their cookies ("Cookie names: a, b").
func (g *gatherer) labelledCells(b *block) bool {
	before := g.out.kept
	for i, r := range b.table.rows {
		if len(r.cells) < 2 || r.cells[0].text == "" {
			continue
		}
		for _, c := range r.cells[1:] {
			if c.merged || !labelsNamesInside(c.text) {
				continue
			}
			g.outline.push(softLevel, r.cells[0].text)
			g.keyed(&block{kind: paragraph, text: c.text, pos: b.table.pos + i})
			g.close()
			g.outline.drop(softLevel)
		}
	}
	return g.out.kept > before
}

// labelsNamesInside reports whether a line of a cell has the label of names, and
// another one a label.
func labelsNamesInside(text string) bool {
	if !strings.Contains(text, "\n") {
		return false
	}
	named, labels := false, 0
	for _, line := range labelledLines(text) {
		for _, part := range line.parts {
			named = named || part.kind == nameField
			labels++
		}
	}
	return named && labels > 1
}

// sideways returns how many columns of values a table has whose first column
// holds the labels; 0 for other tables.
func sideways(t *grid) int {
	width := t.width()
	if width < 2 || len(t.rows) < 2 {
		return 0
	}
	labels, kinds := 0, map[fieldKind]bool{}
	for i, r := range t.rows {
		if i > 60 {
			break
		}
		if len(r.cells) == 0 {
			continue
		}
		if kind := labelKind(r.cells[0].text); kind != noField {
			labels++
			kinds[kind] = true
		}
	}
	if labels*10 < min(len(t.rows), 61)*6 || len(kinds) < 2 {
		return 0
	}
	// A usual table may begin with two labels of one word, but not below
	// a row of them.
	if isHeaderRow(t.rows[0]) && !kinds[nameField] && onlyText(t.rows[0]) == "" {
		return 0
	}
	across := 0
	for _, c := range t.rows[0].cells {
		if labelKind(c.text) != noField {
			across++
		}
	}
	if across == len(t.rows[0].cells) && width > 2 {
		return 0
	}
	return width - 1
}

func (g *gatherer) sideways(b *block, columns int) {
	for j := 1; j <= columns; j++ {
		if j > 1 {
			g.close()
		}
		for i, r := range b.table.rows {
			if j >= len(r.cells) {
				continue
			}
			at := block{kind: paragraph, text: r.quote(), pos: b.table.pos + i}
			if kind := labelKind(r.cells[0].text); kind != noField {
				g.labelled(&at, kind, r.cells[0].text, r.cells[j].text)
			} else if refs := namesIn(r.cells[0].text, spanStrength(r)); len(refs) > 0 && (r.cells[j].text == "" || r.cells[j].merged) {
				g.close()
				g.start(&at, refs)
			}
		}
	}
	g.close()
}

// spanStrength is how much a text must look like a name to stand above the labels
// of its cookie: less where it spans their table.
func spanStrength(r row) strength {
	if r.header || r.cells[0].width > 1 {
		return weakName
	}
	return likelyName
}

// introducesList reports whether a heading only leads over to a list of the
// cookies that the sentences above spoke of.
func introducesList(text string) bool {
	folded := strings.TrimRight(fold(text), " ")
	if strings.HasSuffix(folded, ":") {
		return true
	}
	ws := words(folded)
	if len(ws) == 0 {
		return false
	}
	switch ws[len(ws)-1] {
	case "include", "includes", "following", "follows", "below", "folgende", "folgenden", "suivants", "suivantes", "siguientes", "seguenti", "volgende", "nastepujace", "seguintes", "foljande", "seuraavat", "kovetkezok", "nasledujici":
		return true
	}
	return false
}

// leadsItems reports whether deeper items follow one that ends with a colon.
func leadsItems(b, next *block) bool {
	return b.text[len(b.text)-1] == ':' && next != nil && next.kind == item && next.level > b.level
}

// beforeBracket is what stands before the first bracket of a text.
func beforeBracket(text string) string {
	before, _, _ := strings.Cut(text, " (")
	return before
}

// valueLabel is the kind of the label that stands in front of a value in one line,
// and the value.
func valueLabel(line string) (kind fieldKind, value string) {
	label, value, found := strings.Cut(line, ": ")
	if value = strings.TrimSpace(value); !found || len(label) > 60 || value == "" {
		return noField, ""
	}
	return wordsKind(label), value
}

// softHeading reports whether a paragraph stands as a heading: short, without
// a full stop, and either emphasised as a whole, ended by a colon or a question
// mark, the name of a class, or above a longer text.
func softHeading(b, next *block) bool {
	text := b.text
	if text == "" || len(text) > 110 || strings.Contains(text, "\n") {
		return false
	}
	switch kind, _ := valueLabel(text); kind {
	case noField, categoryField, typeField, providerField:
	default:
		return false // "Purpose: to measure visits"
	}
	ws := strings.Fields(text)
	last := text[len(text)-1]
	if len(ws) > 14 || last == '.' || last == ',' || last == ';' || last == '|' {
		return false
	}
	if first := []rune(strings.TrimLeft(text, "\"'“„«¿(")); len(first) == 0 || unicode.IsLower(first[0]) && b.kind == item && !leadsItems(b, next) {
		return false
	}
	switch {
	case b.lead != "" && len(b.lead) >= len(strings.TrimRight(text, ": "))-2, last == ':', last == '?' && len(ws) <= 12:
		return true
	case b.lead != "" && b.kind == paragraph && last == ')' && strings.TrimSpace(beforeBracket(text)) == squeeze(b.lead):
		return true // "<b>Vimeo</b> (videos)"
	case labelClass(text).found && len(ws) <= 6:
		return true
	case b.kind == paragraph && last == ')' && strings.Count(beforeBracket(text), " ") < 4 && labelClass(beforeBracket(text)).found:
		return true // "Statistics (only with your consent)"
	case b.kind == paragraph && len(ws) <= 8 && next != nil && (next.kind == tableBlock || beginsLines(next.text)):
		return true
	case b.kind == paragraph && len(ws) <= 5 && mentionsCookies(text) && !unicode.IsLower([]rune(text)[0]):
		return true
	case b.kind == paragraph && len(ws) <= 8 && next != nil && next.kind == paragraph && len(strings.Fields(clip(next.text, 200))) > 12:
		return true
	case b.kind == item && next != nil && next.kind == item && next.level > b.level && len(ws) <= 8:
		return true
	}
	return false
}

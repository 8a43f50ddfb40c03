package policy

import "strings"

// A tableReader turns grids into records.
type tableReader struct {
	labels []string // of the last table with a heading row
	width  int
	fit    fitter
	legend legend
}

// records reads a table whose rows declare cookies. It returns none for tables
// of other things: categories, vendors, browsers, personal data.
func (t *tableReader) records(g *grid, path []entry) []record {
	width := min(g.width(), maxColumns)
	if width == 0 {
		return nil
	}
	g = unlabelled(g)
	labels, body, first := t.heading(g, width)
	body = t.legend.spell(joinUnits(withoutLabels(body, labels), width), labels, width)
	c, profiles := judge(labels, body, width)
	if c.name < 0 || !declares(c, profiles, body, path) {
		return nil
	}
	b := tableBody{columns: c, fit: &t.fit, width: width, path: path, inherited: make([]string, width)}
	for _, r := range g.rows[:max(0, first-1)] {
		if text := onlyText(r); headingClass(text).found {
			b.reset(text) // a heading above the row of labels
		}
	}
	for i, r := range body {
		b.row(r, g.pos+first+i)
	}
	return b.out
}

// heading finds the labels of a table. A table without any continues the last
// one of the same width.
func (t *tableReader) heading(g *grid, width int) (labels []string, body []row, first int) {
	continued := len(g.rows) > 0 && t.continues(g.rows[0])
	if continued || len(g.rows) > 1 && statesLength(g.rows[0]) {
		g.rows[0].header = false
	}
	for i := 0; i < len(g.rows) && i < 3; i++ {
		r := g.rows[i]
		if !isHeaderRow(r) || r.header && onlyText(r) != "" && width > 1 && i+1 < len(g.rows) {
			continue
		}
		labels = make([]string, width)
		for j, c := range r.cells {
			labels[j] = clip(c.text, longestHeading)
		}
		if divided(r) && i+1 < len(g.rows) && g.rows[i+1].header {
			// One heading over several columns; the row below tells them apart.
			i++
			for j, c := range g.rows[i].cells {
				if c.text != "" {
					labels[j] = clip(c.text, longestHeading)
				}
			}
		}
		t.labels, t.width = labels, width
		return labels, g.rows[i+1:], i + 1
	}
	if t.width == width || continued {
		return t.labels, g.rows, 0
	}
	return nil, g.rows, 0
}

// statesLength reports whether a cell of a row is a length ("13 months"), as none
// is of a row of labels.
func statesLength(r row) bool {
	for _, c := range r.cells {
		if len(c.text) < 40 && startsLength(fold(c.text)) && lifetimeOnly(c.text) && columnKind(c.text) == noField {
			return true
		}
	}
	return false
}

// continues reports whether the first row of a table is one of the last table's,
// whatever it is marked as: a name below the label of names, and a lifetime.
func (t *tableReader) continues(r row) bool {
	named, lives := false, false
	for j, c := range r.cells[:min(len(r.cells), len(t.labels))] {
		if columnKind(t.labels[j]) == nameField {
			refs := namesIn(c.text, weakName)
			named = named || len(refs) > 0 && !coversMore(c.text, refs) && labelKind(c.text) == noField
		}
		lives = lives || lifetimeOnly(c.text)
	}
	return named && lives
}

// divided reports whether a cell of a row spans several columns, and not all.
func divided(r row) bool {
	for _, c := range r.cells {
		if c.width > 1 && c.width < len(r.cells) {
			return true
		}
	}
	return false
}

// onlyText is the text of a row that has one text only, or spans one text over
// the whole table; "" otherwise.
func onlyText(r row) string {
	text := ""
	for _, c := range r.cells {
		if c.text == "" || c.merged && c.text == text || text != "" && leadsOn(c.text) {
			continue
		}
		if text != "" {
			return ""
		}
		text = c.text
	}
	return text
}

// leadsOn reports whether a text is that of a link to more.
func leadsOn(text string) bool {
	switch fold(strings.Trim(text, " .…>»→")) {
	case "read more", "learn more", "more", "more info", "more information", "find out more", "mehr", "mehr erfahren", "mehr lesen", "weitere informationen", "en savoir plus", "plus d'informations", "leer mas", "mas informacion", "leggi di piu", "scopri di piu", "lees meer", "meer informatie", "czytaj wiecej", "wiecej informacji", "saiba mais", "las mer", "laes mere", "les mer", "lue lisaa":
		return true
	}
	return false
}

// A tableBody walks the rows of a table.
type tableBody struct {
	columns
	fit       *fitter
	width     int
	path      []entry
	group     string // the row above that spoke for the rows below it
	under     entry  // that row as a heading
	over      entry  // the row of a class above it, where it names less than one
	inherited []string
	above     []string // the texts of the row above
	out       []record
}

func (b *tableBody) row(r row, pos int) {
	if r.blank() {
		b.reset("")
		return
	}
	if b.repeatsHeading(r) && isHeaderRow(r) && onlyText(r) == "" {
		return
	}
	if b.isGroup(r) {
		b.reset(onlyText(r))
		return
	}
	texts := b.texts(r)
	b.repeat(texts)
	if b.continues(r, texts, pos) {
		return
	}
	rec := record{pos: pos, path: b.path, quote: clip(r.quote(), quoteBytes)}
	for j, text := range texts {
		if j >= len(b.kinds) {
			break
		}
		if j < b.name && text == "" {
			text = b.inherited[j]
		} else if j < b.name {
			b.inherited[j] = text
		}
		b.cell(&rec, j, text)
	}
	if b.group != "" {
		rec.path = append([]entry(nil), rec.path...)
		if b.over.class.found {
			rec.path = append(rec.path, b.over)
		}
		rec.path = append(rec.path, b.under)
		rec.group = b.group
	}
	if len(rec.names) > 0 && !kindWordLeads(texts[b.name]) {
		b.out = append(b.out, rec)
	}
}

// cell adds the text of one column to a record.
func (b *tableBody) cell(rec *record, j int, text string) {
	switch {
	case b.kinds[j] == nameField:
		names := text
		if first, _, more := strings.Cut(text, "\n"); more && namesOwner(b.labels[j]) {
			names = first
			for line := range strings.SplitSeq(text[len(first)+1:], "\n") {
				if refs := namesIn(line, likelyName); len(refs) > 0 && !brandLike(refs[0].name) {
					names += "\n" + line
				} else {
					rec.add(providerField, b.labels[j], line)
				}
			}
		}
		rec.names = append(rec.names, namesIn(names, weakName)...)
		rec.add(nameField, b.labels[j], text)
		rec.add(providerField, b.labels[j], ownerLine(text))
	case isTick(text) && labelClass(b.labels[j]).found:
		rec.add(categoryField, b.labels[j], b.labels[j])
	case b.kinds[j] == ignoredField:
	case (b.kinds[j] == purposeField || b.kinds[j] == noField) && rec.addLabelled(text):
	default:
		rec.add(b.kinds[j], b.labels[j], text)
		if b.reasons[j] {
			rec.add(purposeField, b.labels[j], text)
		}
	}
}

// namesOwner reports whether the heading of the names asks for a provider or a host
// as well ("Cookie / Provider").
func namesOwner(label string) bool {
	for _, w := range words(labelText(label)) {
		if g := labelGroup(w); g < len(labelStems) && (labelStems[g].kind == providerField || labelStems[g].kind == hostField) {
			return true
		}
	}
	return false
}

// ownerLine is the organisation in the line below a name ("by Google").
func ownerLine(text string) string {
	_, below, found := strings.Cut(text, "\n")
	if !found || strings.Contains(below, "\n") {
		return ""
	}
	word := ownerWord.FindString(" " + strings.ToLower(clip(below, 60)))
	if len(word) < 2 || len(word) > len(below) {
		return ""
	}
	return properName(below[len(word)-1:])
}

// isTick reports whether a cell only marks its column.
func isTick(text string) bool {
	switch fold(text) {
	case "x", "✓", "✔", "✔\ufe0f", "☑", "✅", "●", "•", "yes", "ja", "oui", "si", "sim", "tak", "ano", "igen", "kylla", "da", "так", "да", "evet", "ναι", "はい", "○", "〇":
		return true
	}
	return false
}

// repeat puts in what a mark stands for that says "as above".
func (b *tableBody) repeat(texts []string) {
	for j, text := range texts {
		switch text {
		case `"`, "''", "″", "〃", "„", "”", "-\"-", "- \" -", "ditto", "dito", "Ditto", "Dito", "idem", "Idem":
			if j < len(b.above) {
				texts[j] = b.above[j]
			}
		}
	}
	b.above = texts
}

func (b *tableBody) reset(group string) {
	over := b.under
	if b.over.class.found {
		over = b.over
	}
	b.group = clip(group, longestHeading)
	b.under, b.over = newEntry(softLevel+1, b.group), entry{}
	if over.class.found && !over.class.weak && b.group != "" && !b.under.class.found && !titlesCookies(b.group) {
		b.over = over // a service below the heading of its class
	}
	clear(b.inherited)
}

// titlesCookies reports whether a text is the title of some kind of cookies ("Third
// party cookies").
func titlesCookies(text string) bool {
	return mentionsCookies(text) && strings.Count(text, " ") < 5
}

// repeatsHeading reports whether a row in the middle of the table is the
// heading again.
func (b *tableBody) repeatsHeading(r row) bool {
	same := 0
	for j, c := range r.cells {
		if j < len(b.labels) && c.text != "" && fold(c.text) == fold(b.labels[j]) {
			same++
		}
	}
	return r.header || same*2 >= len(r.cells)
}

// isGroup reports whether a row is a heading inside the table: one text, and
// not the name of a cookie whose other cells are empty.
func (b *tableBody) isGroup(r row) bool {
	text := onlyText(r)
	if text == "" || b.width == 1 {
		return false
	}
	spans := r.cells[0].width > 1 || r.loose
	if !spans && len(r.cells) > b.name && r.cells[b.name].text == text {
		refs := namesIn(text, weakName)
		return len(refs) == 0 || strengthOf(refs[0].name) == weakName && labelClass(text).found
	}
	if spans || r.cells[0].text == text && b.name > 0 || len(r.cells) == 1 {
		return strengthOf(text) != strongName
	}
	return false
}

// texts are the cells of a row, each in its column.
func (b *tableBody) texts(r row) []string {
	texts := make([]string, 0, b.width)
	var filled []string
	for _, c := range r.cells {
		texts = append(texts, c.text)
		if c.text != "" {
			filled = append(filled, c.text)
		}
	}
	surplus := len(r.cells) > b.used()
	if r.loose || surplus && len(filled) <= b.used() {
		aligned := b.fit.alignRow(filled, b.kinds[:max(b.used(), len(filled))])
		texts = append([]string(nil), aligned...)
	}
	for len(texts) < b.width {
		texts = append(texts, "")
	}
	if !r.loose && !surplus && len(filled) < b.used() && texts[b.used()-1] == "" {
		return b.settled(texts, filled)
	}
	return texts
}

// settled moves the texts of a row whose last cells are empty where some
// converter closed up the empty ones before, which shows in how badly the
// texts fit where they are.
func (b *tableBody) settled(texts, filled []string) []string {
	if len(filled) == 0 || texts[0] != filled[0] {
		return texts
	}
	aligned := b.fit.alignRow(filled, b.kinds[:b.used()])
	for len(aligned) < b.width {
		aligned = append(aligned, "")
	}
	there, moved := 0, 0
	for j, kind := range b.kinds {
		if texts[j] != "" {
			there += b.fit.look(texts[j])[kind]
		}
		if aligned[j] != "" {
			moved += b.fit.look(aligned[j])[kind]
		}
	}
	if moved >= there+4 {
		return aligned
	}
	return texts
}

// used is the number of columns that have a heading, or all.
func (b *tableBody) used() int {
	n := 0
	for j, label := range b.labels {
		if label != "" {
			n = j + 1
		}
	}
	if n == 0 {
		return b.width
	}
	return n
}

// continues adds a row without a name to the one above it, whose name cell
// reaches down to it.
func (b *tableBody) continues(r row, texts []string, pos int) bool {
	if len(b.out) == 0 || r.loose {
		return false
	}
	last := &b.out[len(b.out)-1]
	merged := b.name < len(r.cells) && r.cells[b.name].merged && r.cells[b.name].text != ""
	if !merged && texts[b.name] != "" || last.pos+last.rows+1 != pos {
		return false
	}
	if merged && r.cells[b.name].width == 0 {
		return false
	}
	last.rows++
	for j, text := range texts {
		if j != b.name && j < len(r.cells) && !r.cells[j].merged && b.kinds[j] != ignoredField && b.kinds[j] != nameField {
			if b.kinds[j] == lifetimeField || b.kinds[j] == purposeField {
				last.add(b.kinds[j], b.labels[j], text)
			}
		}
	}
	last.quote = clip(last.quote+" | "+r.quote(), quoteBytes)
	return true
}

// kindWordLeads reports whether a name cell names a tracker of an application
// rather than a cookie ("Tracker Firebase").
func kindWordLeads(text string) bool {
	first, _, more := strings.Cut(fold(text), " ")
	return more && hasAnyPrefix(first, []string{"tracker", "traceur", "sdk", "rastreador", "tracciatore"})
}

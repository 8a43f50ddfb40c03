package policy

import (
	"strings"

	"cookieaudit/crawler/evidence"
)

// blockKind says what a block is in the document's structure.
type blockKind int

const (
	paragraph blockKind = iota
	heading
	item       // of a list
	term       // of a definition list
	definition // of a definition list
	tableBlock
)

// A block is one unit of a document in reading order. Every format is first
// read into blocks; nothing after that knows the format.
type block struct {
	kind  blockKind
	level int    // of a heading from 1; depth of an item from 1
	text  string // a "\n" stands where the author broke the line
	lead  string // the emphasised text that begins the block
	code  []string
	table *grid
	pos   int // counts rows, paragraphs and items from 1
	// listed is true for an item of a list of names (see markLists).
	listed bool
	// label is the labelKind of the text, once it was asked for: each of the
	// blocks above may ask.
	label *fieldKind
}

func (b *block) labelKind() fieldKind {
	if b.label == nil {
		kind := labelKind(b.text)
		b.label = &kind
	}
	return *b.label
}

// A grid is a table with its spans written out.
type grid struct {
	rows []row
	pos  int  // of the first row
	cut  bool // it has more cells than are read
}

type row struct {
	cells  []cell
	header bool // every cell is marked as a heading
	loose  bool // the row's empty cells stand at its end, wherever they were
	// published is the row's text where its cells were put together or spelled
	// out.
	published string
}

type cell struct {
	text   string
	merged bool // a copy that a spanning cell left here
	width  int  // how many columns the cell spans, in its first column
}

// cellsOf makes a cell of each text.
func cellsOf(texts []string) []cell {
	cells := make([]cell, len(texts))
	for i, text := range texts {
		cells[i] = cell{text: text, width: 1}
	}
	return cells
}

// blank reports whether the row has no text at all.
func (r row) blank() bool {
	for _, c := range r.cells {
		if c.text != "" {
			return false
		}
	}
	return true
}

// quote is the row's text as a reader sees it.
func (r row) quote() string {
	if r.published != "" {
		return r.published
	}
	var parts []string
	for _, c := range r.cells {
		if c.text != "" && !(c.merged && c.width == 0) {
			parts = append(parts, squeeze(c.text))
		}
	}
	return strings.Join(parts, " | ")
}

// width is the number of columns of the widest row.
func (g *grid) width() int {
	n := 0
	for _, r := range g.rows {
		n = max(n, len(r.cells))
	}
	return n
}

// blocks collects the blocks of a document and numbers them.
type blocks struct {
	list []block
	next int
	// tooMany is true once a table has more rows than a document may have: what
	// follows need not be read.
	tooMany bool
}

func (b *blocks) add(x block) {
	x.text = narrowMarks(squeezeLines(x.text))
	if x.kind != tableBlock && x.text == "" {
		return
	}
	x.pos = b.next + 1
	if x.table == nil {
		b.next++
	} else {
		x.table.pos = x.pos
		b.next += max(1, len(x.table.rows))
		b.tooMany = b.tooMany || len(x.table.rows) > maxRows
	}
	b.list = append(b.list, x)
}

// narrowMarks writes the marks of Chinese and Japanese that separate as ours do.
func narrowMarks(s string) string {
	if strings.IndexByte(s, "："[0]) < 0 && strings.IndexByte(s, "、"[0]) < 0 {
		return s
	}
	return fullWidth.Replace(s)
}

// fullWidth are the marks of Chinese and Japanese that separate as ours do.
var fullWidth = strings.NewReplacer("：", ": ", "（", " (", "）", ")", "、", ", ", "；", "; ")

// An outline is the path of headings above the current block.
type outline struct {
	entries []entry
}

type entry struct {
	level   int
	text    string
	class   classified
	cookies bool                 // it has the word for cookies
	storage evidence.StorageKind // that it names
}

// longestHeading is how much of a heading is kept, in bytes: each record below
// it is read with it.
const longestHeading = 1000

func newEntry(level int, text string) entry {
	text = clip(text, longestHeading)
	return entry{level, text, headingClass(text), mentionsCookies(text), storageOf(text)}
}

// softLevel is the level of a paragraph that stands as a heading; a real
// heading always closes it.
const softLevel = 100

func (o *outline) push(level int, text string) {
	o.drop(level)
	o.entries = append(o.entries, newEntry(level, squeeze(text)))
}

// path is a copy of the headings from the outermost to the nearest.
func (o *outline) path() []entry {
	return append([]entry(nil), o.entries...)
}

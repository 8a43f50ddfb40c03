package policy

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on what one table may make of its spans.
const (
	maxColumns = 40
	maxRowSpan = 500
	maxCells   = 200_000
	// maxSpanned is how many bytes of text cells may leave in the others that
	// they span.
	maxSpanned = 4 << 20
)

// Bounds on what may stand inside itself. Each level is read again by the one
// above it.
const (
	nestedTables = 2
	nestedRows   = 2
)

// table reads a table element, or walks it as running text where it only lays
// out the page.
func (r *htmlReader) table(n *html.Node, at place) {
	at.kind = paragraph
	rows, caption, layout := tableRows(n)
	if layout || r.tables >= nestedTables {
		r.walkChildren(n, at)
		r.flush(at)
		return
	}
	if caption != nil {
		r.walk(caption, at)
	}
	r.tables++
	defer func() { r.tables-- }()
	g := spanned(rows, r.tables)
	if labels := cellLabels(rows); labels != nil {
		head := row{header: true}
		for _, text := range labels {
			head.cells = append(head.cells, cell{text: text, width: 1})
		}
		g.rows = append([]row{head}, g.rows...)
	}
	if g.width() == 1 && (len(g.rows) < 2 || len(g.rows[0].cells) == 0 || columnKind(g.rows[0].cells[0].text) != nameField) {
		r.walkChildren(n, at)
		r.flush(at)
		return
	}
	if len(g.rows) > 0 {
		r.out.add(block{kind: tableBlock, table: g})
	}
}

// tableRows lists the rows of a table; layout is true where it only lays out the
// page: a table stands inside it, and not below a heading for names.
func tableRows(n *html.Node) (rows []*html.Node, caption *html.Node, layout bool) {
	nested := false
	var collect func(n *html.Node, inside int)
	collect = func(n *html.Node, inside int) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			within := inside
			switch {
			case c.DataAtom == atom.Table:
				nested = true
				continue
			case c.DataAtom == atom.Tr || attribute(c, "role") == "row":
				if within++; within <= nestedRows {
					rows = append(rows, c)
				}
			case c.DataAtom == atom.Caption:
				caption = c
			}
			collect(c, within)
		}
	}
	collect(n, 0)
	return rows, caption, len(rows) == 0 || nested && !headsNames(rows[0])
}

// cellLabels are the labels that the cells of a table without a heading carry for
// narrow screens.
func cellLabels(rows []*html.Node) []string {
	var labels []string
	for i, tr := range rows[:min(len(rows), 3)] {
		cells := rowCells(tr)
		for j, td := range cells {
			label := ""
			for _, key := range []string{"data-label", "data-title", "data-th", "data-header", "data-column", "data-heading"} {
				if label == "" {
					label = squeeze(attribute(td, key))
				}
			}
			if td.DataAtom == atom.Th || label == "" || len(label) > 100 {
				return nil
			}
			if i == 0 {
				labels = append(labels, label)
			} else if j >= len(labels) || labels[j] != label {
				return nil
			}
		}
	}
	return labels
}

// headsNames reports whether the cells of a row are labels, one of them that of
// names.
func headsNames(tr *html.Node) bool {
	line, named := row{}, false
	for _, c := range rowCells(tr) {
		text := shortText(c)
		line.cells = append(line.cells, cell{text: text, width: 1})
		named = named || columnKind(text) == nameField
	}
	return named && isHeaderRow(line)
}

// shortText is the text of a node where it is short enough for a label.
func shortText(n *html.Node) string {
	var b strings.Builder
	nodes := 0
	for c := range n.Descendants() {
		text := ""
		if c.Type == html.TextNode {
			text = c.Data
		}
		if nodes++; b.Len()+len(text) > 100 || nodes > 100 || c.DataAtom == atom.Table {
			return ""
		}
		b.WriteString(text)
	}
	return squeeze(b.String())
}

// rowCells lists the cells of a row, whatever wraps them.
func rowCells(tr *html.Node) []*html.Node {
	var out []*html.Node
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		role := attribute(c, "role")
		switch {
		case c.DataAtom == atom.Td || c.DataAtom == atom.Th || role == "cell" || role == "gridcell" || role == "columnheader" || role == "rowheader":
			out = append(out, c)
		}
	}
	return out
}

// spanned writes out the spans of a table.
func spanned(rows []*html.Node, tables int) *grid {
	g := &grid{}
	var carry []carried
	total, copied := 0, 0
	for i, tr := range rows {
		line := row{header: true}
		cells := rowCells(tr)
		line.cells, carry = fill(line.cells, carry)
		for _, td := range cells {
			if len(line.cells) >= maxColumns {
				break
			}
			isHeader := td.DataAtom == atom.Th || attribute(td, "role") == "columnheader"
			line.header = line.header && isHeader
			text := cellText(td, tables)
			width := span(td, "colspan", maxColumns-len(line.cells))
			height := span(td, "rowspan", min(maxRowSpan, len(rows)-i))
			copied += len(text) * (width*height - 1)
			for k := range width {
				c := cell{text: text, width: width}
				if k > 0 {
					c = cell{text: text, merged: true}
				}
				column := len(line.cells)
				line.cells = append(line.cells, c)
				if height > 1 {
					carry = carryAt(carry, column, carried{cell: c, left: height - 1})
				}
			}
			line.cells, carry = fill(line.cells, carry)
		}
		line.header = line.header && len(cells) > 0
		total += len(line.cells)
		if total > maxCells || copied > maxSpanned {
			g.cut = true
			break
		}
		g.rows = append(g.rows, line)
	}
	return g
}

// A carried cell reaches into the rows below its own.
type carried struct {
	cell cell
	left int
}

func carryAt(carry []carried, column int, c carried) []carried {
	for len(carry) <= column {
		carry = append(carry, carried{})
	}
	carry[column] = c
	return carry
}

// fill puts carried cells where the next free column is taken by one.
func fill(cells []cell, carry []carried) ([]cell, []carried) {
	for len(cells) < len(carry) && len(cells) < maxColumns && carry[len(cells)].left > 0 {
		k := len(cells)
		c := carry[k].cell
		c.merged = true
		carry[k].left--
		cells = append(cells, c)
	}
	return cells, carry
}

func span(td *html.Node, key string, limit int) int {
	n, err := strconv.Atoi(strings.TrimSpace(attribute(td, key)))
	if err != nil || n < 1 {
		return 1
	}
	return max(1, min(n, limit))
}

// cellText is the text of a cell; blocks, list items and breaks in it begin new
// lines.
func cellText(td *html.Node, tables int) string {
	inner := &htmlReader{tables: tables}
	inner.walkChildren(td, place{})
	inner.flush(place{})
	var lines []string
	for i, b := range inner.out.list {
		if b.kind == definition && i > 0 && inner.out.list[i-1].kind == term && lifetimeOnly(b.text) {
			lines[len(lines)-1] += " (" + b.text + ")"
			continue
		}
		if b.table == nil {
			lines = append(lines, b.text)
			continue
		}
		for _, r := range b.table.rows {
			if !isHeaderRow(r) {
				lines = append(lines, bracketed(r))
			}
		}
	}
	if len(lines) == 0 {
		return pictured(td)
	}
	return strings.Join(lines, "\n")
}

// pictured is what stands for the pictures of a cell that has no text.
func pictured(td *html.Node) string {
	for c := range td.Descendants() {
		for _, key := range []string{"alt", "aria-label", "title"} {
			if text := squeeze(attribute(c, key)); text != "" && len(text) < 100 {
				return text
			}
		}
	}
	return ""
}

// bracketed writes a row of a table inside a cell as a name and what stands
// beside it.
func bracketed(r row) string {
	var texts []string
	for _, c := range r.cells {
		if c.text != "" && !c.merged {
			texts = append(texts, squeeze(c.text))
		}
	}
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	return texts[0] + " (" + strings.Join(texts[1:], "; ") + ")"
}

package policy

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on the elements that are read as the cells of a row.
const (
	maxRowCells  = 10
	maxCellBytes = 600
	maxCellDepth = 4
)

// A looseRow is a child of an element, and the texts of the cells that its own
// children may be.
type looseRow struct {
	node  *html.Node
	cells []string
	table int  // how many rows the table has that begins here
	named bool // a row of its own: a name, and what is said of it
	label bool // a label and its value, which no line break keeps apart
}

// rows reads the children of an element that stand as rows: a table without its
// tags, or cards whose texts no label tells apart. It returns false, and reads
// nothing, where no child is one.
func (r *htmlReader) rows(n *html.Node, at place) bool {
	var list []looseRow
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
			continue
		}
		list = append(list, looseRow{node: c, cells: looseCells(c)})
	}
	if !markRows(list) {
		return false
	}
	for i := 0; i < len(list); i++ {
		switch line := &list[i]; {
		case line.table > 0:
			r.flush(at)
			g := &grid{}
			for k, line := range list[i : i+line.table] {
				g.rows = append(g.rows, looseCellsRow(line.cells, k == 0))
			}
			r.out.add(block{kind: tableBlock, table: g})
			i += line.table - 1
		case line.named:
			r.flush(at)
			for k, text := range line.cells {
				line.cells[k] = squeeze(text)
			}
			r.out.add(block{kind: item, level: max(1, at.lists), text: strings.Join(line.cells, " | "), lead: line.cells[0]})
		case line.label:
			r.flush(at)
			r.out.add(block{kind: at.kind, level: at.level, text: strings.TrimRight(squeeze(line.cells[0]), ": ") + ": " + squeeze(line.cells[1])})
		default:
			r.text.WriteByte(' ') // the white space that was left out
			r.walk(line.node, at)
		}
	}
	return true
}

func looseCellsRow(texts []string, header bool) row {
	line := row{header: header}
	for _, text := range texts {
		line.cells = append(line.cells, cell{text: text, width: 1})
	}
	return line
}

// markRows finds the rows among the children of an element; false where there
// are none.
func markRows(list []looseRow) bool {
	found := false
	for i := 0; i < len(list); {
		j := i + 1
		for j < len(list) && len(list[j].cells) == len(list[i].cells) {
			j++
		}
		run := list[i:j]
		i = j
		if len(run[0].cells) < 2 {
			continue
		}
		if len(run[0].cells) == 2 {
			for k := range run {
				run[k].label = inlineChildren(run[k].node) && labelKind(run[k].cells[0]) != noField && run[k].cells[1] != ""
				found = found || run[k].label
			}
		}
		if len(run) > 1 && len(run[0].cells) > 2 && labelsNames(run[0].cells) {
			run[0].table = len(run)
			found = true
			continue
		}
		sure := false
		for k := range run {
			sure = sure || namedRow(run[k].cells, likelyName)
		}
		for k := range run {
			run[k].named = sure && namedRow(run[k].cells, weakName)
			found = found || run[k].named
		}
	}
	return found
}

// labelsNames reports whether texts are the labels of a table of names.
func labelsNames(texts []string) bool {
	named := false
	for _, text := range texts {
		named = named || labelKind(text) == nameField
	}
	return named && isHeaderRow(looseCellsRow(texts, false))
}

// namedRow reports whether the first text is a name and another one says what
// only storage has.
func namedRow(texts []string, least strength) bool {
	refs := namesIn(texts[0], least)
	if len(refs) == 0 || coversMore(texts[0], refs) || labelKind(texts[0]) != noField || statesClassOrLifetime(texts[0]) {
		return false
	}
	found := false
	for _, text := range texts[1:] {
		if strengthOf(text) == strongName && startsWithLabel(texts[1]) {
			return false // several cookies, each with its labels below it
		}
		found = found || statesClassOrLifetime(text) || storageOf(text) != ""
	}
	return found
}

// looseCells are the texts of an element's children where each of them is a leaf
// of the page's structure and no text stands beside them; nil for any other.
func looseCells(n *html.Node) []string {
	switch n.DataAtom {
	case atom.Div, atom.Li, atom.Section, atom.Article, atom.P, atom.A:
	default:
		return nil
	}
	var cells []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" || c.Type == html.CommentNode {
			continue
		}
		if len(cells) == maxRowCells || !isCell(c) {
			return nil
		}
		cells = append(cells, c)
	}
	if len(cells) < 2 {
		return nil
	}
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = cellText(c, 0)
	}
	return texts
}

// inlineChildren reports whether an element's children run on in one line.
func inlineChildren(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Div || c.DataAtom == atom.P {
			return false
		}
	}
	return true
}

// isCell reports whether an element may be a cell: short, and without structure.
func isCell(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.P, atom.Span, atom.B, atom.Strong, atom.Em, atom.I, atom.A, atom.Code, atom.Small, atom.Time:
	default:
		return false
	}
	length := maxCellBytes
	return isLeaf(n, maxCellDepth, &length)
}

func isLeaf(n *html.Node, depth int, length *int) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			if *length -= len(c.Data); *length < 0 {
				return false
			}
		case html.ElementNode:
			if _, isBlock := descend(c, place{}); isBlock && c.DataAtom != atom.P || depth == 0 || c.DataAtom == atom.Table || !isLeaf(c, depth-1, length) {
				return false
			}
		}
	}
	return true
}

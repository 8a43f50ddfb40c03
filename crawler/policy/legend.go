package policy

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// A legend tells what the letters and numbers stand for that a document writes
// for its classes ("SN = strictly necessary", "Category 1: …").
type legend map[string]string

// legendMark is such an explanation: at most three letters, or a number, before
// a mark and a text.
var legendMark = regexp.MustCompile(`(?:^|[\s,;.|])(?:\pL+ )?\(?([A-Z]{1,3}|\d{1,2}|[a-z])\)?\s*(?:=|:|–|—|-|\))\s*([^,;.=:\n|]{4,70})`)

// readLegend finds the legend of a document; nil where it has none, or one for
// other things than classes.
func readLegend(list []block) legend {
	out, classes := legend{}, map[string]bool{}
	for i := range list {
		text := list[i].text
		if list[i].table != nil || len(text) > 1000 || !mayExplain(text) {
			continue
		}
		for _, m := range legendMark.FindAllStringSubmatch(text, 12) {
			if c := labelClass(m[2]); c.found && !c.mixed && out[m[1]] == "" {
				out[m[1]] = strings.TrimSpace(m[2])
				classes[string(c.class)] = true
			}
		}
	}
	if len(classes) < 2 {
		return nil
	}
	return out
}

// mayExplain is a quick test for a text that legendMark finds something in: at
// most three letters or digits that stand alone before one of its marks.
func mayExplain(text string) bool {
	for i, c := range text {
		switch c {
		case '=', ':', '–', '—', '-', ')':
		default:
			continue
		}
		before := strings.TrimSuffix(strings.TrimRight(text[:i], asciiSpace), ")")
		begin := len(before)
		for begin > 0 && len(before)-begin < 4 && isWordChar(before[begin-1]) {
			begin--
		}
		if n := len(before) - begin; n > 0 && n < 4 && (begin == 0 || strings.IndexByte(asciiSpace+",;.|(", before[begin-1]) >= 0) {
			return true
		}
	}
	return false
}

// spell writes out a column of a table that holds nothing but marks of the
// legend.
func (l legend) spell(body []row, labels []string, width int) []row {
	for j := range width {
		if len(l) == 0 || j < len(labels) && columnKind(labels[j]) == lifetimeField || !l.fills(body, j) {
			continue
		}
		return changed(body, func(r row) {
			if j < len(r.cells) && r.cells[j].text != "" {
				r.cells[j].text = l[markIn(r.cells[j].text)]
			}
		})
	}
	return body
}

// markIn is the mark that a cell is ("1", "Category 1", "(b)").
func markIn(text string) string {
	return strings.Trim(lastWord(strings.TrimSpace(text)), "().")
}

// fills reports whether the marks fill a column. Numbers that count the rows are
// no marks.
func (l legend) fills(body []row, j int) bool {
	marks, counted := 0, true
	for i, r := range body[:min(len(body), sampled)] {
		if j >= len(r.cells) || r.cells[j].text == "" || r.cells[0].width > 1 {
			continue
		}
		text := r.cells[j].text
		if len(text) > 20 || l[markIn(text)] == "" {
			return false
		}
		marks++
		counted = counted && markIn(text) == strconv.Itoa(i+1)
	}
	return marks > 0 && !counted
}

// changed is a copy of rows whose cells a function changed, which keep their
// text as it was published.
func changed(body []row, change func(row)) []row {
	out := make([]row, len(body))
	for i, r := range body {
		out[i] = r
		out[i].cells = append([]cell(nil), r.cells...)
		out[i].published = r.quote()
		change(out[i])
	}
	return out
}

// joinUnits puts a column of numbers and the column of their units behind it
// together.
func joinUnits(body []row, width int) []row {
	for j := range width - 1 {
		if !unitColumn(body, j) {
			continue
		}
		return changed(body, func(r row) {
			if j+1 < len(r.cells) {
				r.cells[j].text = squeeze(r.cells[j].text + " " + r.cells[j+1].text)
				r.cells[j+1].text = ""
			}
		})
	}
	return body
}

// unitColumn reports whether a column holds numbers and the next one units of
// time.
func unitColumn(body []row, j int) bool {
	numbers := 0
	for _, r := range body[:min(len(body), sampled)] {
		if j+1 >= len(r.cells) || r.cells[j].merged || r.cells[j].text == "" || r.cells[0].width > 1 {
			continue
		}
		number, unit := r.cells[j].text, r.cells[j+1].text
		if len(unit) < 2 && lifetimeOnly(number) {
			continue // "Session", which has no unit
		}
		if len(number) > 8 || len(unit) > 20 || strings.ContainsFunc(number, unicode.IsLetter) || unitOf(fold(unit)) == 0 {
			return false
		}
		numbers++
	}
	return numbers > 0
}

// withoutLabels takes the heading of a column off its cells where a page for narrow
// screens repeats it in front of each.
func withoutLabels(body []row, labels []string) []row {
	repeated := 0
	for j, label := range labels {
		if repeats(body, j, label) {
			repeated++
		}
	}
	if repeated < 2 {
		return body
	}
	return changed(body, func(r row) {
		for j := range r.cells {
			if j < len(labels) && beginsWith(r.cells[j].text, labels[j]) {
				r.cells[j].text = strings.TrimLeft(r.cells[j].text[len(labels[j]):], ": \n")
			}
		}
	})
}

// repeats reports whether every filled cell of a column begins with its heading,
// and says more.
func repeats(body []row, j int, label string) bool {
	if label == "" {
		return false
	}
	filled := 0
	for _, r := range body[:min(len(body), sampled)] {
		if j >= len(r.cells) || r.cells[j].text == "" {
			continue
		}
		if filled++; !beginsWith(r.cells[j].text, label) {
			return false
		}
	}
	return filled > 0
}

func beginsWith(text, label string) bool {
	return len(text) > len(label) && label != "" && strings.EqualFold(text[:len(label)], label)
}

// unlabelled gives a table a heading whose cells all carry their labels ("Name:
// _ga | Expires: 2 years").
func unlabelled(g *grid) *grid {
	if len(g.rows) == 0 || len(g.rows[0].cells) < 2 || !startsWithLabel(g.rows[0].cells[0].text) {
		return g
	}
	head := row{header: true, published: g.rows[0].quote()}
	for _, c := range g.rows[0].cells {
		label, _, _ := strings.Cut(c.text, ":")
		head.cells = append(head.cells, cell{text: strings.TrimSpace(label), width: 1})
	}
	for _, r := range g.rows {
		for j, c := range r.cells {
			label, _, found := strings.Cut(c.text, ":")
			if !found || j >= len(head.cells) || strings.TrimSpace(label) != head.cells[j].text || labelKind(label) == noField {
				return g
			}
		}
	}
	body := changed(g.rows, func(r row) {
		for j := range r.cells {
			_, value, _ := strings.Cut(r.cells[j].text, ":")
			r.cells[j].text = strings.TrimSpace(value)
		}
	})
	return &grid{rows: append([]row{head}, body...), pos: g.pos - 1}
}

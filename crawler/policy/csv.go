package policy

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// readCSV reads a file of rows, whatever separates its fields.
func readCSV(text string) (structure, bool) {
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = separatorOf(text)
	reader.FieldsPerRecord = -1
	reader.LazyQuotes = true
	reader.TrimLeadingSpace = true
	g := &grid{}
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return structure{}, false
		}
		line := row{}
		for _, f := range fields[:min(len(fields), maxColumns)] {
			line.cells = append(line.cells, cell{text: squeezeLines(f), width: 1})
		}
		g.rows = append(g.rows, line)
	}
	if len(g.rows) < 2 || g.width() < 2 && columnKind(g.rows[0].cells[0].text) != nameField {
		return structure{}, false
	}
	g.rows[0].header = true
	var out blocks
	out.add(block{kind: tableBlock, table: g})
	return structure{blocks: out.list}, true
}

// separatorOf is the mark that is most frequent in the first line.
func separatorOf(text string) rune {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	best, most := ',', strings.Count(first, ",")
	for _, c := range []rune{';', '\t', '|'} {
		if n := strings.Count(first, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

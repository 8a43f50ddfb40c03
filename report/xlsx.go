package report

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// xlsxCell is how many characters a cell can hold (ECMA-376; Excel's
// specifications and limits).
const xlsxCell = 32767

// xlsxWidth is the width of a column in characters of the standard font: names
// and hosts are readable, quotes are for the cell that is selected.
const xlsxWidth = 22

// WriteXLSX writes one workbook: a sheet that says what was scanned and what
// came of it, then one sheet per CSVKind with the columns of WriteCSV, each a
// table that can be sorted and filtered. Text is stored as text, so nothing in
// it is a formula.
func WriteXLSX(w io.Writer, r *Report, _ Options) (err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil && cerr != nil {
			err = fmt.Errorf("write XLSX: %w", cerr)
		}
	}()
	if err := f.SetSheetName(f.GetSheetName(0), "scan"); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	if err := writeSheet(f, "scan", []string{"what", "value"}, r.scanRows()); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	for _, kind := range CSVKinds() {
		if _, err := f.NewSheet(string(kind)); err != nil {
			return fmt.Errorf("write XLSX: %w", err)
		}
		var header []string
		for _, c := range CSVColumns(kind) {
			header = append(header, c.Name)
		}
		if err := writeSheet(f, string(kind), header, csvTables()[kind].lines(r)); err != nil {
			return fmt.Errorf("write the sheet %s: %w", kind, err)
		}
	}
	b, err := f.WriteToBuffer()
	if err == nil {
		err = inOrder(w, b.Bytes())
	}
	if err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}

// inOrder writes a ZIP archive with its files in the order of their names. The
// library writes them in the order of a map, and the same scan is to give the
// same bytes.
func inOrder(w io.Writer, archive []byte) error {
	r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return err
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	zw := zip.NewWriter(w)
	for _, f := range r.File {
		if err := zw.Copy(f); err != nil {
			return err
		}
	}
	return zw.Close()
}

// scanRows says what was scanned, with what and what came of it.
func (r *Report) scanRows() [][]string {
	rows := [][]string{
		{"site", r.Scan.Site.URL},
		{"result", r.Summary.Headline},
		{"values", r.Scan.Values},
		{"only the findings of", cmp.Or(r.onlyText(), "all rules")},
		{"outcome", outcomeText(r.Scan.Outcome)},
		{"why", r.Scan.Why},
		{"scan", r.Scan.ID},
		{"started", r.Scan.Started.Format("2006-01-02 15:04:05 UTC")},
		{"profile", r.Scan.Profile},
		{"time in which pages came to rest", r.Scan.Settle},
		{"tool", toolText(r.Scan.Tool)},
		{"browser", toolText(r.Scan.Browser)},
	}
	for _, d := range r.Scan.Datasets {
		rows = append(rows, []string{"dataset", d.Name + " " + d.Version + ", SHA-256 " + d.SHA256})
	}
	return rows
}

func writeSheet(f *excelize.File, name string, header []string, rows [][]string) error {
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := s.SetColWidth(1, len(header), xlsxWidth); err != nil {
		return err
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(header))
	for i, h := range header {
		head[i] = h
	}
	if err := s.SetRow("A1", head); err != nil {
		return err
	}
	for i, row := range rows {
		values := make([]any, len(row))
		for j, text := range row {
			values[j] = xlsxValue(header[j], text)
		}
		at, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		if err := s.SetRow(at, values); err != nil {
			return err
		}
	}
	corner, err := excelize.CoordinatesToCellName(len(header), len(rows)+1)
	if err != nil {
		return err
	}
	if err := s.AddTable(&excelize.Table{Range: "A1:" + corner, Name: "t_" + name, StyleName: "TableStyleLight9"}); err != nil {
		return err
	}
	return s.Flush()
}

// xlsxValue is a number where the column holds numbers, else text that can be
// printed and fits.
func xlsxValue(column, text string) any {
	switch column {
	case "confidence", "requested_seconds", "stored_seconds", "lifetime_seconds", "first_seen_ms", "set_by_line", "value_length", "bytes":
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	}
	text = identifier(text)
	if utf8.RuneCountInString(text) > xlsxCell {
		return clip(text, xlsxCell)
	}
	return text
}

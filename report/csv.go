package report

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A CSVKind is one of the files that CSV needs: a list of cookies and a list of
// findings have no columns in common.
type CSVKind string

// The kinds.
const (
	CSVCookies      CSVKind = "cookies"
	CSVFindings     CSVKind = "findings"
	CSVDeclarations CSVKind = "declarations"
	CSVStorage      CSVKind = "storage"
	CSVCoverage     CSVKind = "coverage"
)

// CSVKinds lists the kinds; KIND.csv is the usual file name.
func CSVKinds() []CSVKind {
	return []CSVKind{CSVCookies, CSVFindings, CSVDeclarations, CSVStorage, CSVCoverage}
}

// ParseCSVKind returns the kind of that name. The error lists the names.
func ParseCSVKind(name string) (CSVKind, error) {
	if k := CSVKind(name); slices.Contains(CSVKinds(), k) {
		return k, nil
	}
	return "", fmt.Errorf("unknown kind of CSV %q: use one of %s", name, joined(CSVKinds(), ", "))
}

// WriteCSV writes one file with the rows of all reports under one header. Its
// form is that of RFC 4180: UTF-8, fields with commas or quotes quoted, lines end
// in CRLF, no line breaks inside fields. Columns keep their names and places;
// further ones may follow at the end.
//
// Every row begins with scan_id, site, scan_outcome and note. A report without a
// row of its kind gives one row with only these filled, whose note says whether
// there was nothing or nothing could be looked at. Lists in a cell are separated
// by " | ". Characters that cannot be printed are shown as escapes, and a cell
// that a spreadsheet would take for a formula starts with an apostrophe; the
// JSON form has everything exactly.
func WriteCSV(w io.Writer, kind CSVKind, o Options, reports ...*Report) error {
	table, ok := csvTables()[kind]
	if !ok {
		return fmt.Errorf("write CSV: unknown kind %q", kind)
	}
	var header []string
	for _, c := range CSVColumns(kind) {
		header = append(header, c.Name)
	}
	bw := bufio.NewWriter(w)
	if o.BOM {
		_, _ = bw.WriteString("\ufeff") // Flush reports the error
	}
	cw := csv.NewWriter(bw)
	cw.UseCRLF = true
	err := cw.Write(header)
	for _, r := range reports {
		if err != nil {
			break
		}
		err = writeRows(cw, table, r)
	}
	cw.Flush()
	if err == nil {
		err = cw.Error()
	}
	if err == nil {
		err = bw.Flush()
	}
	if err != nil {
		return fmt.Errorf("write %s as CSV: %w", kind, err)
	}
	return nil
}

func writeOneCSV(w io.Writer, r *Report, o Options) error {
	kind := o.CSV
	if kind == "" {
		kind = CSVCookies
	}
	return WriteCSV(w, kind, o, r)
}

func writeRows(cw *csv.Writer, t csvTable, r *Report) error {
	for _, line := range t.lines(r) {
		for i := range line {
			line[i] = cell(line[i])
		}
		if err := cw.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// cell makes a value harmless in a spreadsheet. Besides the start of the cell it
// looks behind semicolons, because Excel splits at them where the comma is the
// decimal sign, whatever is quoted.
func cell(s string) string {
	var b strings.Builder
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") {
		b.WriteByte('\'')
	}
	start := true
	for _, r := range identifier(s) {
		if start && strings.ContainsRune("=+-@＝＋－＠", r) {
			b.WriteByte('\'')
		}
		start = r == ';'
		b.WriteRune(r)
	}
	return b.String()
}

// joined writes a list in one cell.
func joined[T ~string](xs []T, sep string) string {
	parts := make([]string, len(xs))
	for i, x := range xs {
		parts[i] = string(x)
	}
	return strings.Join(parts, sep)
}

const listSeparator = " | "

func number[T int | int64](n *T) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(int64(*n), 10)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

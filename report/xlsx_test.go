package report_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"cookieaudit/report"
)

func workbook(t *testing.T, r *report.Report) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	if err := report.WriteXLSX(&b, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// Every kind has its sheet with the columns of the CSV file, and as many rows.
func TestXLSXSheets(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		r := report.New(s.scan, s.judge)
		f := workbook(t, r)
		want := []string{"scan"}
		for _, kind := range report.CSVKinds() {
			want = append(want, string(kind))
		}
		if d := cmp.Diff(want, f.GetSheetList()); d != "" {
			t.Errorf("%s: sheets (-want +got):\n%s", s.name, d)
		}
		counts := map[report.CSVKind]int{
			report.CSVCookies: len(r.Cookies), report.CSVFindings: len(r.Findings), report.CSVStorage: len(r.Storage),
			report.CSVDeclarations: len(r.Declarations), report.CSVCoverage: len(r.Coverage.Gaps),
		}
		for kind, n := range counts {
			rows, err := f.GetRows(string(kind))
			if err != nil {
				t.Fatal(err)
			}
			var header []string
			for _, c := range report.CSVColumns(kind) {
				header = append(header, c.Name)
			}
			if d := cmp.Diff(header, rows[0]); d != "" {
				t.Errorf("%s: header of %s (-want +got):\n%s", s.name, kind, d)
			}
			if got := len(rows) - 1; got != max(n, 1) {
				t.Errorf("%s: %d rows of %s, want %d", s.name, got, kind, max(n, 1))
			}
			if n == 0 && rows[1][3] == "" {
				t.Errorf("%s: no rows of %s, and no note that says why", s.name, kind)
			}
		}
	}
}

// A name that looks like a formula is text that can be printed, and a length is
// a number.
func TestXLSXCells(t *testing.T) {
	t.Parallel()
	f := workbook(t, report.New(hostile().scan, hostile().judge))
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, text := range row {
				if i := strings.IndexFunc(text, func(c rune) bool { return unicode.In(c, unicode.Cc, unicode.Cf) }); i >= 0 {
					t.Errorf("%s, row %d, column %d: %q", sheet, y+1, x+1, text)
				}
				at, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					t.Fatal(err)
				}
				if formula, err := f.GetCellFormula(sheet, at); err != nil || formula != "" {
					t.Errorf("%s!%s is the formula %q (%v)", sheet, at, formula, err)
				}
			}
		}
	}
	f = workbook(t, report.New(rich().scan, rich().judge))
	rows, err := f.GetRows("cookies")
	if err != nil {
		t.Fatal(err)
	}
	numbers := 0
	for x, name := range rows[0] {
		if !strings.HasSuffix(name, "_seconds") {
			continue
		}
		for y, row := range rows[1:] {
			if x >= len(row) || row[x] == "" {
				continue
			}
			at, err := excelize.CoordinatesToCellName(x+1, y+2)
			if err != nil {
				t.Fatal(err)
			}
			kind, err := f.GetCellType("cookies", at)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := strconv.Atoi(row[x]); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
				t.Errorf("%s in %s is %q, no number", name, at, row[x])
			}
			numbers++
		}
	}
	if numbers == 0 {
		t.Error("the sample has no cookie with a lifetime")
	}
}

// The same report gives the same bytes.
func TestXLSXIsReproducible(t *testing.T) {
	t.Parallel()
	r := report.New(rich().scan, rich().judge)
	var a, b bytes.Buffer
	if err := report.WriteXLSX(&a, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteXLSX(&b, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two workbooks of one report differ")
	}
}

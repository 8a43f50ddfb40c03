package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// asCells is LibreOffice's filter for CSV: commas, double quotes, UTF-8, from the
// first row, formulas as what they evaluate to and numbers as they are.
const asCells = "44,34,76,1,,0,false,false"

// everySheet has the filter write each sheet in a file of its own.
const everySheet = asCells + ",false,false,false,-1"

// TestLibreOfficeOpens opens the workbook and the CSV files of every sample in
// LibreOffice and compares what stands in its cells with what was written: a
// formula that it evaluated, a name that it took for a date and text that it
// read in another encoding would all differ.
func TestLibreOfficeOpens(t *testing.T) {
	t.Parallel()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed (soffice), so nobody checks here how a spreadsheet opens XLSX and CSV; on Debian: make setup-test")
	}
	dir := t.TempDir()
	want := map[string][][]string{} // cells, by the name of what LibreOffice writes
	for _, s := range append(samples(), numberLike()) {
		r := report.New(s.scan, s.judge)
		writeFile(t, filepath.Join(dir, s.name+".xlsx"), func(b *bytes.Buffer) error { return report.WriteXLSX(b, r, report.Options{}) })
		for _, kind := range report.CSVKinds() {
			var b bytes.Buffer
			if err := report.WriteCSV(&b, kind, report.Options{}, r); err != nil {
				t.Fatal(err)
			}
			rows := cellsOf(t, b.Bytes())
			if s.name != "number-like" { // those stay as they are in a workbook only
				writeFile(t, filepath.Join(dir, s.name+"."+string(kind)+".csv"), func(to *bytes.Buffer) error { _, err := to.Write(b.Bytes()); return err })
				want[s.name+"."+string(kind)+".csv"] = rows
			}
			want[s.name+"-"+string(kind)+".csv"] = unguarded(rows)
		}
		rows, err := workbook(t, r).GetRows("scan")
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			rows[i] = append(rows[i], make([]string, 2-len(rows[i]))...) // the library leaves empty cells out
		}
		want[s.name+"-scan.csv"] = rows
	}
	out := t.TempDir()
	convert(t, office, out, dir, "*.xlsx", "--convert-to", "csv:Text - txt - csv (StarCalc):"+everySheet)
	convert(t, office, out, dir, "*.csv", "--infilter=CSV:"+asCells, "--convert-to", "csv:Text - txt - csv (StarCalc):"+asCells)
	for name, rows := range want {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Errorf("LibreOffice wrote no %s: %v", name, err)
			continue
		}
		if d := cmp.Diff(rows, cellsOf(t, data)); d != "" {
			t.Errorf("%s (-written +opened):\n%s", name, d)
		}
	}
}

func writeFile(t *testing.T, name string, write func(*bytes.Buffer) error) {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func cellsOf(t *testing.T, doc []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(doc)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// convert has LibreOffice open files and write them anew in out.
func convert(t *testing.T, office, out, dir, files string, options ...string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, files))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s (%v)", files, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	args := append([]string{"-env:UserInstallation=file://" + filepath.ToSlash(filepath.Join(out, "profile")), "--headless"}, options...)
	said, err := exec.CommandContext(ctx, office, append(append(args, "--outdir", out), names...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("LibreOffice: %v\n%s", err, said)
	}
}

// unguarded are cells without what keeps CSV from being read as formulas, which
// a workbook has no need of.
func unguarded(rows [][]string) [][]string {
	guard := regexp.MustCompile(`(^|;)'([=+\-@＝＋－＠]|\\[tr])`)
	out := make([][]string, len(rows))
	for i, row := range rows {
		for _, c := range row {
			out[i] = append(out[i], guard.ReplaceAllString(c, "$1$2"))
		}
	}
	return out
}

// numberLike is a site whose names a spreadsheet would like to take for numbers,
// dates, times and truth values.
func numberLike() sample {
	s := newScan("scan-number-like", "numbers.test")
	for _, name := range strings.Fields("0012 1e5 2026-03-04 12345678901234567890 1/2 1.500 10:30 TRUE MAR1 5% $5 (5) 1,234 -0 +3 .5") {
		s.Cookies = append(s.Cookies, cookie(name, "numbers.test", evidence.First, nil))
	}
	return sample{"number-like", s, nil}
}

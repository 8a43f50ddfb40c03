package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

// elsewhere names what holds the formats that are no golden files here.
func elsewhere() map[string]string {
	return map[string]string{
		"csv":   "golden files by kind, below; encoding/csv; LibreOffice",
		"jsonl": "the same object as json (TestJSONLIsCompactJSON); a library for JSON Schema",
		"xlsx":  "excelize; LibreOffice",
		"pdf":   "the page, which is golden (TestPDF); poppler reads one in the command's tests",
	}
}

// Every format of every sample is a golden file, or is held elsewhere.
func TestFormatsGolden(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		r := report.New(s.scan, s.judge)
		for _, f := range report.Formats() {
			if elsewhere()[f.Name] != "" || f.Name == "json" && s.name == "hostile" {
				continue // bytes that are not UTF-8 are told apart by TestJSONKeepsNames
			}
			t.Run(s.name+"/"+f.Name, func(t *testing.T) {
				t.Parallel()
				var b bytes.Buffer
				if err := f.Write(&b, r, report.Options{}); err != nil {
					t.Fatal(err)
				}
				golden(t, s.name+f.Extension, b.Bytes())
			})
		}
		for _, kind := range report.CSVKinds() {
			t.Run(s.name+"/csv/"+string(kind), func(t *testing.T) {
				t.Parallel()
				var b bytes.Buffer
				if err := report.WriteCSV(&b, kind, report.Options{}, r); err != nil {
					t.Fatal(err)
				}
				golden(t, s.name+"."+string(kind)+".csv", b.Bytes())
			})
		}
	}
}

func TestTableOptionsGolden(t *testing.T) {
	t.Parallel()
	r := report.New(rich().scan, rich().judge)
	for name, o := range map[string]report.Options{
		"rich.details.txt": {Details: true},
		"rich.wide.txt":    {Width: 132},
		"rich.color.txt":   {Color: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := report.WriteTable(&b, r, o); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
		})
	}
}

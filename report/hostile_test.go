package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// No output holds a character that drives a terminal or turns text around.
func TestNoControlCharacters(t *testing.T) {
	t.Parallel()
	s := hostile()
	r := report.New(s.scan, s.judge)
	outputs := map[string][]byte{}
	for _, f := range report.Formats() {
		if f.Name == "xlsx" || f.Name == "pdf" {
			continue // binary: cells are looked at in TestXLSXCells, and what is printed is the page
		}
		for _, details := range []bool{false, true} {
			var b bytes.Buffer
			if err := f.Write(&b, r, report.Options{Details: details}); err != nil {
				t.Fatal(err)
			}
			outputs[f.Name] = append(outputs[f.Name], b.Bytes()...)
		}
	}
	for _, kind := range report.CSVKinds() {
		var b bytes.Buffer
		if err := report.WriteCSV(&b, kind, report.Options{}, r); err != nil {
			t.Fatal(err)
		}
		outputs["csv "+string(kind)] = bytes.ReplaceAll(b.Bytes(), []byte("\r\n"), []byte("\n"))
	}
	outputs["csv"] = bytes.ReplaceAll(outputs["csv"], []byte("\r\n"), []byte("\n"))
	for name, out := range outputs {
		for i, c := range string(out) {
			if c != '\n' && unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Errorf("%s: %U at byte %d: %q", name, c, i, out[max(0, i-40):min(len(out), i+40)])
				break
			}
		}
	}
}

// JSON keeps what the site sent, but for bytes that are not UTF-8.
func TestJSONKeepsNames(t *testing.T) {
	t.Parallel()
	s := hostile()
	var b bytes.Buffer
	if err := report.WriteJSON(&b, report.New(s.scan, s.judge), report.Options{}); err != nil {
		t.Fatal(err)
	}
	var got report.Report
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for i, c := range s.scan.Cookies {
		want := strings.ReplaceAll(c.Name, "\xff\xfe", "\ufffd\ufffd")
		if got.Cookies[i].Name != want {
			t.Errorf("name %q, want %q", got.Cookies[i].Name, want)
		}
	}
}

func TestJSONLIsCompactJSON(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		r := report.New(s.scan, s.judge)
		var indented, lines bytes.Buffer
		if err := report.WriteJSON(&indented, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		if err := report.WriteJSONL(&lines, r, report.Options{}); err != nil {
			t.Fatal(err)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, indented.Bytes()); err != nil {
			t.Fatal(err)
		}
		if compact.String() != strings.TrimSpace(lines.String()) {
			t.Errorf("%s: JSON and JSONL differ", s.name)
		}
	}
}

// A CSV reader gets back as many columns as are documented, in every row, and no
// cell that a spreadsheet would run.
func TestCSVReadBack(t *testing.T) {
	t.Parallel()
	var reports []*report.Report
	for _, s := range samples() {
		reports = append(reports, report.New(s.scan, s.judge))
	}
	for _, kind := range report.CSVKinds() {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := report.WriteCSV(&b, kind, report.Options{BOM: true}, reports...); err != nil {
				t.Fatal(err)
			}
			doc, ok := strings.CutPrefix(b.String(), "\ufeff")
			if !ok {
				t.Error("no byte order mark")
			}
			if n := strings.Count(doc, "\n"); n != strings.Count(doc, "\r\n") {
				t.Error("lines do not end in CRLF")
			}
			rows, err := csv.NewReader(strings.NewReader(doc)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			var header []string
			for _, c := range report.CSVColumns(kind) {
				header = append(header, c.Name)
				if c.About == "" {
					t.Errorf("column %s is not documented", c.Name)
				}
			}
			if d := cmp.Diff(header, rows[0]); d != "" {
				t.Errorf("header (-documented +written):\n%s", d)
			}
			scans := map[string]bool{}
			for _, row := range rows[1:] {
				scans[row[0]] = true
				for _, cell := range row {
					for _, part := range strings.Split(cell, ";") {
						if part != "" && strings.ContainsAny(part[:1], "=+-@\t\r") {
							t.Errorf("cell %q begins like a formula", cell)
						}
					}
				}
			}
			if len(scans) != len(reports) {
				t.Errorf("rows of %d scans, want %d: a scan without rows must say why", len(scans), len(reports))
			}
		})
	}
}

func TestCSVCells(t *testing.T) {
	t.Parallel()
	s := hostile()
	var b bytes.Buffer
	if err := report.WriteCSV(&b, report.CSVCookies, report.Options{}, report.New(s.scan, s.judge)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	name := slices.Index(rows[0], "name")
	for i, want := range map[int]string{
		0: `\x1b[31mred\x1b]0;title\x07`, 1: `'=cmd|' /C calc'!A0`, 2: `'+1;'=HYPERLINK("http://evil.example")`, 3: "'@SUM(1)", 4: "'-2",
		5: `'\ttab`, 6: `'\rcr`, 9: `safe\u202egnp.exe`, 11: `c1\u009b31m`, 12: `bad\xff\xfeutf8`, 15: `line\nbreak`, 14: "日本語クッキーの名前はとても長いことがあります",
	} {
		if got := rows[i+1][name]; got != want {
			t.Errorf("name %d is %q, want %q", i, got, want)
		}
	}
}

// No line of any table is wider than asked for.
func TestTableWidth(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		r := report.New(s.scan, s.judge)
		for _, width := range []int{0, 60, 80, 100, 200} {
			for _, details := range []bool{false, true} {
				var b bytes.Buffer
				o := report.Options{Width: width, Details: details}
				policy := report.NewPolicy(evidence.PolicyDocument{URL: s.scan.Site.URL}, s.scan.Declarations, s.scan.Claims, true)
				if err := errors.Join(report.WriteTable(&b, r, o), report.WriteSummary(&b, []*report.Report{r}, o), report.WritePolicyTable(&b, policy, o)); err != nil {
					t.Fatal(err)
				}
				limit := width
				if limit == 0 {
					limit = 80
				}
				for l := range strings.Lines(b.String()) {
					if w := twwidth.Width(strings.TrimSuffix(l, "\n")); w > limit {
						t.Errorf("%s, width %d, details %t: %d columns: %s", s.name, width, details, w, l)
					}
				}
			}
		}
	}
}

// Colour adds nothing but escape sequences.
func TestColorIsOnlyColor(t *testing.T) {
	t.Parallel()
	r := report.New(rich().scan, rich().judge)
	var plain, color bytes.Buffer
	if err := report.WriteTable(&plain, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := report.WriteTable(&color, r, report.Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	stripped := color.String()
	for _, code := range []string{"0", "1", "2", "31", "33", "1;31"} {
		stripped = strings.ReplaceAll(stripped, "\x1b["+code+"m", "")
	}
	if d := cmp.Diff(plain.String(), stripped); d != "" || !strings.Contains(color.String(), "\x1b[1;31m") {
		t.Errorf("colour changes the text:\n%s", d)
	}
}

// New leaves the scan and the judgement as they were.
func TestNewChangesNothing(t *testing.T) {
	t.Parallel()
	s, want := rich(), rich()
	r := report.New(s.scan, s.judge)
	for _, f := range report.Formats() {
		if err := f.Write(&bytes.Buffer{}, r, report.Options{Details: true, Print: unprinted}); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("changed:\n%s", cmp.Diff(want.scan, s.scan))
	}
}

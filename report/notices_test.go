package report_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"cookieaudit/report"
)

// written is what a format writes, with an XLSX file's parts unpacked.
func written(t *testing.T, f report.Format, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	o := report.Options{Width: 200, Print: func(page []byte) ([]byte, error) { return page, nil }}
	if err := f.Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	if f.Name != "xlsx" {
		return b.String()
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, part := range z.File {
		rc, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, rc); err != nil {
			t.Fatal(err)
		}
		rc.Close()
	}
	return all.String()
}

// TestValuesKept wants every format to say that it holds values, and none to
// hold one unless the scan kept them.
func TestValuesKept(t *testing.T) {
	t.Parallel()
	s := rich()
	hashed := report.New(s.scan, s.judge)
	s.scan.ValuesKept = true
	for i := range s.scan.Cookies {
		s.scan.Cookies[i].Value.Text = "value-of-a-visitor"
	}
	kept := report.New(s.scan, s.judge)
	says := map[string]string{
		"table": "Values are kept", "html": "Values are kept", "pdf": "Values are kept", "md": "Values are kept", "sarif": "Values are kept",
		"json": `"values": "kept"`, "jsonl": `"values":"kept"`, "csv": ",kept,", "junit": `name="values" value="kept"`, "xlsx": ">kept<",
	}
	for _, f := range report.Formats() {
		if want, out := says[f.Name], written(t, f, kept); want == "" || !strings.Contains(out, want) {
			t.Errorf("%s does not say %q", f.Name, want)
		}
		if strings.Contains(written(t, f, hashed), says[f.Name]) {
			t.Errorf("%s says that values are kept where none are", f.Name)
		}
	}
	for _, name := range []string{"html", "json", "csv", "xlsx"} {
		f, err := report.ParseFormat(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(written(t, f, kept), "value-of-a-visitor") {
			t.Errorf("%s does not show the values", name)
		}
	}
}

// TestOnlyRules wants every format to say that findings are left out, and to
// leave out none but those.
func TestOnlyRules(t *testing.T) {
	t.Parallel()
	all := report.New(rich().scan, rich().judge)
	some := all.OnlyRules([]string{"undeclared_*"})
	if len(some.Findings) == 0 || len(some.Findings) == len(all.Findings) {
		t.Fatalf("%d of %d findings", len(some.Findings), len(all.Findings))
	}
	for _, f := range some.Findings {
		if !strings.HasPrefix(f.Rule, "UNDECLARED_") {
			t.Errorf("%s is shown", f.Rule)
		}
	}
	if some.Summary.Headline != all.Summary.Headline || some.Judged.Score != all.Judged.Score {
		t.Error("the result is not that of all rules")
	}
	for _, f := range report.Formats() {
		if !strings.Contains(written(t, f, some), "undeclared_*") && f.Name != "md" {
			t.Errorf("%s does not say that findings are left out", f.Name)
		}
	}
	var b bytes.Buffer
	if err := report.WriteTable(&b, all.OnlyRules([]string{"UNDECLARED_COOKIE"}), report.Options{Details: true}); err != nil {
		t.Fatal(err)
	}
	golden(t, "rich.only.txt", b.Bytes())
	none := all.OnlyRules([]string{"NO_SUCH_*"})
	for _, f := range report.Formats() {
		if out := written(t, f, none); strings.Contains(out, "not audited") {
			t.Errorf("%s says that the scan was not audited", f.Name)
		}
	}
}

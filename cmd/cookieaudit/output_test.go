package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

func TestPlanOutputs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tests := []struct {
		name    string
		formats []string
		out     string
		sites   int
		want    []string // formats > file or folder/
		err     string
	}{
		{name: "nothing said", want: []string{"table > -"}},
		{name: "stdout", formats: []string{"json"}, want: []string{"json > -"}},
		{name: "files keep the table", formats: []string{"json=a", "csv=b"}, want: []string{"json > a", "csv > b", "table > -"}},
		{name: "file and stdout", formats: []string{"json=a", "csv"}, want: []string{"json > a", "csv > -"}},
		{name: "format to out", formats: []string{"json"}, out: "x", want: []string{"json > x", "table > -"}},
		{name: "extension", out: "x.csv", want: []string{"csv > x.csv", "table > -"}},
		{name: "folder by slash", formats: []string{"json"}, out: "x/", want: []string{"json > x/", "table > -"}},
		{name: "folder that exists", formats: []string{"json"}, out: dir, want: []string{"json > " + dir + "/", "table > -"}},
		{name: "several formats make a folder", formats: []string{"json", "csv"}, out: "x", want: []string{"json csv > x/", "table > -"}},
		{name: "folder without formats", out: "x/", want: []string{"html csv json > x/", "table > -"}},
		{name: "name without extension", out: "x", want: []string{"html csv json > x/", "table > -"}},
		{name: "folder for several sites", formats: []string{"json"}, out: "x/", sites: 3, want: []string{"json > x/", "table > -"}},
		{name: "lines for several sites", formats: []string{"jsonl"}, sites: 3, want: []string{"jsonl > -"}},
		{name: "two on stdout", formats: []string{"json", "csv"}, err: "cannot both go to stdout"},
		{name: "two in one file", formats: []string{"json=a", "jsonl=./a"}, err: "json and jsonl cannot both go to the file ./a"},
		{name: "two in the file of out", formats: []string{"json=a", "jsonl"}, out: "a", err: "cannot both go to the file a"},
		{name: "unknown", formats: []string{"docx"}, err: `unknown format "docx": use one of table, json`},
		{name: "no file", formats: []string{"json="}, err: "the file name is missing"},
		{name: "unknown extension", out: "x.docx", err: "no format has the extension .docx"},
		{name: "one object, several sites", formats: []string{"json"}, sites: 2, err: "or use --format jsonl"},
		{name: "one page, several sites", formats: []string{"html=a"}, sites: 2, err: "html holds one site"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			plan, err := planOutputs(tt.formats, tt.out, max(1, tt.sites))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, planText(plan)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func planText(plan []destination) []string {
	var out []string
	for _, d := range plan {
		var names []string
		for _, f := range d.formats {
			names = append(names, f.Name)
		}
		where := d.file
		switch {
		case d.dir != "":
			where = strings.TrimSuffix(d.dir, "/") + "/"
		case d.file == "":
			where = "-"
		}
		out = append(out, strings.Join(names, " ")+" > "+where)
	}
	return out
}

// TestFolder writes three reports, two of one host, and wants one file for each
// and one header in the tables of all.
func TestFolder(t *testing.T) {
	t.Parallel()
	var formats []report.Format
	for _, name := range []string{"json", "csv", "jsonl"} {
		f, err := report.ParseFormat(name)
		if err != nil {
			t.Fatal(err)
		}
		formats = append(formats, f)
	}
	dir := filepath.Join(t.TempDir(), "new")
	f, err := openFolder(dir, formats, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"one.example", "one.example", "::1"} {
		if err := f.write(report.New(sampleScan("id-"+host, host, evidence.Complete), nil)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	var names []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{"__1.json", "cookies.csv", "coverage.csv", "declarations.csv", "findings.csv", "one.example-2.json", "one.example.json", "reports.jsonl", "storage.csv"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	lines := strings.Split(strings.TrimSpace(readFile(t, filepath.Join(dir, "cookies.csv"))), "\r\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "scan_id,") || !strings.HasPrefix(lines[3], "id-::1,") {
		t.Errorf("cookies.csv: %q", lines)
	}
	if n := strings.Count(readFile(t, filepath.Join(dir, "reports.jsonl")), "\n"); n != 3 {
		t.Errorf("reports.jsonl has %d lines, want 3", n)
	}
}

// TestStreamReplaces wants nothing left of a longer file that was there, and
// nothing touched where there is nothing to write.
func TestStreamReplaces(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "r.json")
	if err := os.WriteFile(path, []byte(strings.Repeat("old ", 10000)), 0o600); err != nil {
		t.Fatal(err)
	}
	plan, err := planOutputs([]string{"json=" + path}, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, write := range []bool{false, true} {
		s, err := plan[0].open(nil, report.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if write {
			if err := s.write(report.New(sampleScan("x", "one.example", evidence.Complete), nil)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(readFile(t, path), "old") == write {
			t.Errorf("written %t: the old text was kept %t", write, write)
		}
	}
}

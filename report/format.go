package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Options shape what the writers print. The zero value is good for files.
type Options struct {
	// Width is the number of columns of the terminal; 0 means 80. Tables are not
	// drawn narrower than 60 columns.
	Width int
	// Color lets the terminal table use colour. Nothing is said by colour alone.
	Color bool
	// Details adds evidence, full citations, setters and storage to the table.
	Details bool
	// CSV chooses the file that the format csv writes; empty means cookies.
	CSV CSVKind
	// Print prints an HTML page as PDF, which takes a browser; without it the
	// format pdf is an error.
	Print func(page []byte) ([]byte, error)
	// BOM puts a byte order mark before CSV, without which Excel reads UTF-8 as
	// the code page of the machine.
	BOM bool
}

// A Format is one way to write a report. Name is what --format takes, Extension
// the usual end of a file name.
type Format struct {
	Name      string
	Extension string
	About     string
	// Single is true where a file can hold only one scan.
	Single bool
	Write  func(w io.Writer, r *Report, o Options) error
}

// Formats lists every format. Flags are parsed, help is printed and files are
// written from this list.
func Formats() []Format {
	return []Format{
		{"table", ".txt", "tables for the terminal", false, WriteTable},
		{"json", ".json", "one indented object per scan, schema " + Schema, true, WriteJSON},
		{"jsonl", ".jsonl", "one object per scan and line, schema " + Schema, false, WriteJSONL},
		{"csv", ".csv", "one row per cookie, finding, declaration, storage item or gap", false, writeOneCSV},
		{"html", ".html", "one self-contained page", true, WriteHTML},
		{"md", ".md", "a short summary for pull requests", false, WriteMarkdown},
		{"xlsx", ".xlsx", "one workbook with a sheet for each kind of row", true, WriteXLSX},
		{"pdf", ".pdf", "the page, printed by the browser", true, WritePDF},
		{"sarif", ".sarif", "SARIF 2.1.0, for code hosts", true, WriteSARIF},
		{"junit", ".xml", "JUnit XML, for build servers", true, WriteJUnit},
	}
}

// ParseFormat returns the format of that name. The error lists the names.
func ParseFormat(name string) (Format, error) {
	all := Formats()
	if i := slices.IndexFunc(all, func(f Format) bool { return f.Name == name }); i >= 0 {
		return all[i], nil
	}
	return Format{}, fmt.Errorf("unknown format %q: use one of %s", name, strings.Join(FormatNames(), ", "))
}

// FormatNames lists the names of the formats.
func FormatNames() []string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return names
}

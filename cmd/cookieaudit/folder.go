package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/report"
)

// A folder holds one file per site for formats that hold one site, and one file
// for all sites for the others: cookies.csv, findings.csv, …, reports.jsonl. The
// pages of several sites have an index.html.
type folder struct {
	dir     string
	formats []report.Format
	taken   map[string]bool
	shared  []*stream
	index   []report.IndexEntry
	printer func([]byte) ([]byte, error)
}

func openFolder(dir string, formats []report.Format, printer func([]byte) ([]byte, error)) (*folder, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder for the reports: %w", err)
	}
	return &folder{dir: dir, formats: formats, taken: map[string]bool{"index": true}, printer: printer}, nil
}

func (f *folder) write(r *report.Report) error {
	base := f.name(r.Scan.Site.Host)
	var errs []error
	for _, format := range f.formats {
		switch format.Name {
		case "csv", "jsonl":
			continue
		}
		name := base + format.Extension
		errs = append(errs, f.create(name, func(w io.Writer) error { return format.Write(w, r, report.Options{Print: f.printer}) }))
		if format.Name == "html" {
			f.index = append(f.index, report.IndexEntry{Report: brief(r), Path: name})
		}
	}
	if f.shared == nil {
		errs = append(errs, f.openShared())
	}
	for _, s := range f.shared {
		errs = append(errs, s.write(r))
	}
	return errors.Join(errs...)
}

// name turns a host into a file name that no other site of the folder has.
func (f *folder) name(host string) string {
	base := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		}
		return '_' // an IPv6 address
	}, host)
	name := base
	for n := 2; f.taken[name]; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	f.taken[name] = true
	return name
}

func (f *folder) create(name string, write func(io.Writer) error) error {
	file, err := os.Create(filepath.Join(f.dir, name))
	if err != nil {
		return fmt.Errorf("write a report: %w", err)
	}
	return errors.Join(write(file), file.Close())
}

func (f *folder) openShared() error {
	f.shared = []*stream{}
	for _, format := range f.formats {
		switch format.Name {
		case "jsonl":
			if err := f.open("reports"+format.Extension, format, ""); err != nil {
				return err
			}
		case "csv":
			for _, kind := range report.CSVKinds() {
				if err := f.open(string(kind)+format.Extension, format, kind); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (f *folder) open(name string, format report.Format, kind report.CSVKind) error {
	file, err := os.Create(filepath.Join(f.dir, name))
	if err != nil {
		return fmt.Errorf("write a report: %w", err)
	}
	f.shared = append(f.shared, &stream{format: format, options: report.Options{CSV: kind}, w: file, file: file})
	return nil
}

func (f *folder) close() error {
	var errs []error
	for _, s := range f.shared {
		errs = append(errs, s.close())
	}
	if len(f.index) > 1 {
		errs = append(errs, f.create("index.html", func(w io.Writer) error { return report.WriteIndex(w, f.index) }))
	}
	return errors.Join(errs...)
}

// brief is what summaries of many reports are made of. A scan of thousands of
// sites cannot keep every write of every cookie in memory.
func brief(r *report.Report) *report.Report {
	b := *r
	b.Phases, b.Cookies, b.Storage, b.Requests, b.Declarations, b.Claims = nil, nil, nil, nil, nil, nil
	b.Findings = make([]audit.Finding, len(r.Findings))
	for i, f := range r.Findings {
		f.Evidence, f.Citations = nil, nil
		b.Findings[i] = f
	}
	return &b
}

package config

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"cookieaudit/crawler/discover"
)

// A siteEntry is one entry under sites: a site, or a file that lists some.
type siteEntry struct {
	url, list, csv string
	name, group    string
	schedules      []string
	options        Options
}

func (e *siteEntry) fields() []field {
	return append(e.ownFields(), field{name: "options", doc: "how it is scanned; what is left out is as under defaults", value: value{
		schema: objectSchema(optionFields(&e.options)),
		read:   func(*reader, *yaml.Node) {}, // read once the defaults are known
	}})
}

func (e *siteEntry) ownFields() []field {
	return []field{
		text("url", "address of the landing page", &e.url, checkURL),
		path("list", "file of addresses, one per line", &e.list),
		path("csv", "file with the columns url, name, group, schedule; only url is required", &e.csv),
		text("name", "what the site is called", &e.name, nil),
		text("group", "group that the site belongs to", &e.group, nil),
		texts("schedule", "schedules that scan it; by hand only where it is left out", &e.schedules, nil),
	}
}

func checkURL(s string) error {
	_, err := discover.ParseSite(s)
	return err
}

func (f *file) readSite(r *reader, n *yaml.Node) {
	var e siteEntry
	before := len(r.problems)
	r.object(n, "a site", e.fields())
	given := 0
	for _, s := range []string{e.url, e.list, e.csv} {
		if s != "" {
			given++
		}
	}
	switch {
	case len(r.problems) > before:
	case given == 0:
		r.fail(n, "a site lacks url: write its address, or list or csv with a file that names some")
	case given > 1:
		r.fail(n, "a site has one of url, list and csv: make an entry of each")
	case e.name != "" && e.url == "":
		r.fail(n, "name is for one site; in a csv it is a column")
	}
	f.later = append(f.later, func() {
		e.options = f.Defaults
		if o := valueOf(n, "options"); o != nil {
			f.readOptions(r, o, &e.options)
		}
		for _, s := range e.schedules {
			f.checkScheduleName(r, valueOf(n, "schedule"), s)
		}
		f.addSites(r, n, &e)
	})
}

func (f *file) checkScheduleName(r *reader, n *yaml.Node, name string) {
	if f.schedule(name) == nil {
		r.fail(n, "%v", f.noSchedule(name))
	}
}

func (f *file) noSchedule(name string) error {
	if len(f.Schedules) == 0 {
		return fmt.Errorf("there is no schedule %q: write it under schedules", clip(name))
	}
	var names []string
	for _, s := range f.Schedules {
		names = append(names, s.Name)
	}
	return fmt.Errorf("there is no schedule %q: %s", clip(name), suggest(name, names))
}

// valueOf returns what a mapping has under a key; nil where it has none.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// addSites adds the sites of an entry, those of its file too.
func (f *file) addSites(r *reader, n *yaml.Node, e *siteEntry) {
	switch {
	case e.url != "":
		at := valueOf(n, "url")
		if err := f.add(fmt.Sprintf("%s:%d", r.file, at.Line), e.url, e, e.name, e.group, e.schedules); err != nil {
			r.fail(at, "%v", err)
		}
	case e.list != "":
		f.readFile(r, valueOf(n, "list"), e.list, func(data []byte) []Problem { return f.addList(e, data) })
	case e.csv != "":
		f.readFile(r, valueOf(n, "csv"), e.csv, func(data []byte) []Problem { return f.addCSV(e, data) })
	}
}

// maxFile bounds a file that is read, in bytes: a million addresses fit.
const maxFile = 128 << 20

func (f *file) readFile(r *reader, n *yaml.Node, name string, read func([]byte) []Problem) {
	data, err := readFile(name)
	if err != nil {
		r.fail(n, "%v", err)
		return
	}
	r.problems = append(r.problems, read(bytes.TrimPrefix(data, []byte("\ufeff")))...)
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s is longer than %d MiB", name, maxFile>>20)
	}
	return data, nil
}

func (f *file) addList(e *siteEntry, data []byte) (ps []Problem) {
	for i, l := range strings.Split(string(data), "\n") {
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		if err := f.add(fmt.Sprintf("%s:%d", e.list, i+1), l, e, "", e.group, e.schedules); err != nil {
			ps = append(ps, Problem{File: e.list, Line: i + 1, Message: err.Error()})
		}
	}
	return ps
}

// csvColumns are the columns of a file of sites.
func csvColumns() []string { return []string{"url", "name", "group", "schedule"} }

func (f *file) addCSV(e *siteEntry, data []byte) (ps []Problem) {
	rows := csv.NewReader(bytes.NewReader(data))
	rows.TrimLeadingSpace = true
	fail := func(line, column int, format string, args ...any) {
		ps = append(ps, Problem{File: e.csv, Line: line, Column: column, Message: fmt.Sprintf(format, args...)})
	}
	at := map[string]int{}
	for {
		row, err := rows.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if len(at) == 0 {
				fail(1, 0, "it is empty: its first line names the columns, %s", either(csvColumns()))
			}
			return ps
		case errors.As(err, &bad):
			fail(bad.Line, bad.Column, "%v", bad.Err)
			if !errors.Is(bad.Err, csv.ErrFieldCount) {
				return ps // what follows cannot be told apart
			}
			continue
		case err != nil:
			fail(1, 0, "%v", err)
			return ps
		case len(at) == 0:
			if ps = csvHead(e.csv, row, at); len(ps) > 0 {
				return ps
			}
			continue
		}
		cell := func(column string) (string, int) {
			i, ok := at[column]
			if !ok || strings.TrimSpace(row[i-1]) == "" {
				return "", 0
			}
			_, col := rows.FieldPos(i - 1)
			return strings.TrimSpace(row[i-1]), col
		}
		line, _ := rows.FieldPos(0)
		address, column := cell("url")
		name, _ := cell("name")
		group, _ := cell("group")
		if group == "" {
			group = e.group
		}
		schedules := e.schedules
		if s, col := cell("schedule"); s != "" {
			schedules = strings.Fields(s)
			for _, s := range schedules {
				if f.schedule(s) == nil {
					fail(line, col, "%v", f.noSchedule(s))
				}
			}
		}
		if err := f.add(fmt.Sprintf("%s:%d", e.csv, line), address, e, name, group, schedules); err != nil {
			fail(line, column, "%v", err)
		}
	}
}

// csvHead reads the names of the columns into at, counted from 1.
func csvHead(name string, row []string, at map[string]int) (ps []Problem) {
	for i, column := range row {
		column = strings.ToLower(strings.TrimSpace(column))
		if !slices.Contains(csvColumns(), column) {
			ps = append(ps, Problem{File: name, Line: 1, Message: fmt.Sprintf("there is no column %q: %s", clip(column), suggest(column, csvColumns()))})
		}
		at[column] = i + 1
	}
	if at["url"] == 0 && len(ps) == 0 {
		ps = append(ps, Problem{File: name, Line: 1, Message: "the column url is missing"})
	}
	return ps
}

// add puts a site into the list; where says which line names it.
func (f *file) add(where, address string, e *siteEntry, name, group string, schedules []string) error {
	site, err := discover.ParseSite(address)
	if err != nil {
		return err
	}
	if first, ok := f.listed[site.URL]; ok {
		return fmt.Errorf("%s is there twice: %s names it already", site.URL, first)
	}
	f.listed[site.URL] = where
	f.Sites = append(f.Sites, Site{Site: site, Name: name, Group: group, Schedules: schedules, Options: e.options})
	return nil
}

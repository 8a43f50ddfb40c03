package web

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// readUpload reads a list of sites that is a CSV file: the body itself, or the
// part named "file" of a form.
func (o *operation) readUpload(r *http.Request, mediaType string, in reflect.Value) error {
	if !slices.ContainsFunc(fieldsOf(o.Input), func(f field) bool { return f.Name == "sites" }) {
		return &problem{Status: http.StatusUnsupportedMediaType, Detail: "send application/json"}
	}
	values := url.Values{}
	if mediaType == "text/csv" {
		for name, given := range r.URL.Query() {
			values[name] = given
		}
		if err := addSites(values, r.Body); err != nil {
			return err
		}
		return fill(in, values, o.pathNames())
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return &problem{Status: http.StatusBadRequest, Detail: "the form cannot be read"}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fill(in, values, o.pathNames())
		}
		if err != nil {
			return bodyProblem(err)
		}
		if part.FormName() == "file" {
			err = addSites(values, part)
		} else {
			var text []byte
			if text, err = io.ReadAll(part); err == nil {
				values.Add(part.FormName(), string(text))
			}
		}
		if err != nil {
			var p *problem
			if errors.As(err, &p) {
				return p
			}
			return bodyProblem(err)
		}
	}
}

func addSites(values url.Values, r io.Reader) error {
	sites, err := readSiteList(r)
	if err != nil {
		return err
	}
	// One text with a line each, as a form has it.
	if len(sites) > 0 {
		values.Add("sites", strings.Join(sites, "\n"))
	}
	return nil
}

// readSiteList returns the addresses of a CSV file: the column whose heading is
// url, site, address, host or domain, else the first one. A list without commas
// is such a file too. Spreadsheets of half of Europe separate by semicolons.
func readSiteList(r io.Reader) ([]string, error) {
	br := bufio.NewReader(r)
	if start, err := br.Peek(3); err == nil && bytes.Equal(start, []byte("\xef\xbb\xbf")) {
		_, _ = br.Discard(3) // it was just peeked at
	}
	cr := csv.NewReader(br)
	cr.FieldsPerRecord, cr.TrimLeadingSpace, cr.Comment, cr.ReuseRecord = -1, true, '#', true
	if line, _ := br.Peek(4096); semicolons(line) {
		cr.Comma = ';'
	}
	var sites []string
	column := -1
	for {
		row, err := cr.Read()
		var wrong *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return sites, nil
		case errors.As(err, &wrong):
			return nil, &problem{Status: http.StatusBadRequest, Detail: fmt.Sprintf("the CSV file cannot be read: line %d: %v", wrong.Line, wrong.Err)}
		case err != nil:
			return nil, bodyProblem(err)
		}
		if column < 0 {
			heading := slices.IndexFunc(row, isSiteHeading)
			if column = max(heading, 0); heading >= 0 {
				continue
			}
		}
		if column < len(row) {
			sites = append(sites, strings.Map(oneLine, row[column]))
		}
	}
}

func semicolons(start []byte) bool {
	line, _, _ := bytes.Cut(start, []byte("\n"))
	return bytes.ContainsRune(line, ';') && !bytes.ContainsRune(line, ',')
}

func isSiteHeading(cell string) bool {
	return slices.Contains([]string{"url", "site", "address", "host", "domain"}, strings.ToLower(strings.TrimSpace(cell)))
}

// oneLine keeps a quoted cell with a line break from being read as two addresses.
func oneLine(r rune) rune {
	if r == '\n' || r == '\r' {
		return ' '
	}
	return r
}

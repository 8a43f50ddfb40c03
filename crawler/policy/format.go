package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// The formats of evidence.PolicyDocument.
const (
	formatHTML     = "html"
	formatMarkdown = "markdown"
	formatText     = "text"
	formatCSV      = "csv"
	formatJSON     = "json"
	formatYAML     = "yaml"
	formatPDF      = "pdf"
	formatManager  = "cmp"
)

// Errors of documents that cannot be read at all.
var (
	ErrEmpty  = errors.New("the document is empty")
	ErrPDF    = errors.New("the document is a PDF, whose text has to be extracted first")
	ErrBinary = errors.New("the document is not text")
	// ErrTooMany bounds the memory that a hostile document can take: the longest
	// lists that sites publish have a few thousand rows.
	ErrTooMany = fmt.Errorf("the document has more than %d rows or %d cells: it is no list of a site's cookies", maxRows, maxCells)
)

// maxRows bounds the rows of one table, and the declarations of a document.
const maxRows = 1 << 16

// IsPDF reports whether a file is a PDF. Some have a few bytes in front (ISO
// 32000-2, annex I: readers look at the first 1,024).
func IsPDF(body []byte) bool {
	head := body[:min(len(body), 1024)]
	at := bytes.Index(head, []byte("%PDF-"))
	return at >= 0 && (at == 0 || bytes.IndexByte(head, '<') < 0)
}

// formatOf tells the format from the content, the declared type and the name,
// in that order of trust: servers send everything as text/html.
func formatOf(in Input) (string, error) {
	body := bytes.TrimSpace(bytes.TrimPrefix(in.Body, []byte("\xef\xbb\xbf")))
	switch {
	case len(body) == 0:
		return "", ErrEmpty
	case IsPDF(body):
		return "", ErrPDF
	}
	media, _, _ := mime.ParseMediaType(in.ContentType)
	ext := strings.ToLower(path.Ext(strings.SplitN(in.URL, "?", 2)[0]))
	if looksJSON(body) {
		return formatJSON, nil
	}
	if looksHTML(body) {
		return formatHTML, nil
	}
	switch {
	case ext == ".yaml" || ext == ".yml" || strings.Contains(media, "yaml"):
		return formatYAML, nil
	case ext == ".csv" || ext == ".tsv" || strings.HasPrefix(media, "text/csv") || media == "text/tab-separated-values":
		return formatCSV, nil
	case ext == ".md" || ext == ".markdown" || media == "text/markdown":
		return formatMarkdown, nil
	case ext == ".html" || ext == ".htm" || ext == ".xhtml":
		return formatHTML, nil
	case looksCSV(string(body[:min(len(body), 4096)])):
		return formatCSV, nil
	case ext == ".txt" || media == "text/plain":
		return formatText, nil
	case strings.Contains(media, "html") && bytes.IndexByte(body, '<') >= 0:
		return formatHTML, nil
	}
	return formatText, nil
}

func looksJSON(body []byte) bool {
	return (body[0] == '{' || body[0] == '[') && json.Valid(body)
}

// looksHTML reports whether a document begins as HTML or holds many of its
// tags; markdown with some HTML in it is not.
func looksHTML(body []byte) bool {
	head := bytes.ToLower(body[:min(len(body), 1024)])
	for _, sign := range []string{"<!doctype html", "<html", "<head", "<body", "<?xml"} {
		if bytes.Contains(head, []byte(sign)) {
			return true
		}
	}
	if body[0] != '<' {
		return false
	}
	sample := bytes.ToLower(body[:min(len(body), 1<<16)])
	closing := bytes.Count(sample, []byte("</"))
	heads := bytes.Count(sample, []byte("\n#")) + bytes.Count(sample, []byte("|--"))
	return closing >= 2 && heads == 0
}

// looksCSV reports whether a document begins with a row of labels, one of them
// that of the names, and with rows of as many fields: a file that came without a
// name, or as text.
func looksCSV(head string) bool {
	lines := strings.SplitN(head, "\n", 4)
	for _, mark := range []string{",", ";"} {
		labels := strings.Split(lines[0], mark)
		named, known := false, 0
		for _, l := range labels {
			kind := columnKind(strings.Trim(l, " \r\""))
			named = named || kind == nameField
			if kind != noField {
				known++
			}
		}
		if named && known >= 2 && known >= len(labels)/2 && len(lines) > 1 && strings.Count(lines[1], mark) >= len(labels)-1 {
			return true
		}
	}
	return false
}

// decode turns the body into valid UTF-8.
func decode(in Input, format string) (string, error) {
	body := in.Body
	if bytes.HasPrefix(body, []byte("\xef\xbb\xbf")) {
		body = body[3:]
	}
	body = markUTF16(body)
	utf16 := bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff"))
	if !utf16 && bytes.IndexByte(body[:min(len(body), 8192)], 0) >= 0 {
		return "", ErrBinary
	}
	if utf16 || !utf8.Valid(body) {
		contentType := in.ContentType
		if format == formatHTML && contentType == "" {
			contentType = "text/html"
		}
		reader, err := charset.NewReader(bytes.NewReader(body), contentType)
		if err != nil {
			return "", fmt.Errorf("decode %s: %w", in.URL, err)
		}
		if body, err = io.ReadAll(reader); err != nil {
			return "", fmt.Errorf("decode %s: %w", in.URL, err)
		}
	}
	text := strings.ToValidUTF8(string(body), "\uFFFD")
	if n := strings.Count(text[:min(len(text), 8192)], "\uFFFD"); n > 200 {
		return "", ErrBinary
	}
	return strings.ReplaceAll(text, "\x00", ""), nil
}

// markUTF16 puts the byte order mark before UTF-16 that lacks it, which shows in
// every other byte being zero.
func markUTF16(body []byte) []byte {
	head := body[:min(len(body), 8192)&^1]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case half < 8 || len(body)%2 != 0:
	case zeros[1]*10 > half*7 && zeros[0]*50 < half:
		return append([]byte("\xff\xfe"), body...)
	case zeros[0]*10 > half*7 && zeros[1]*50 < half:
		return append([]byte("\xfe\xff"), body...)
	}
	return body
}

// stripTags takes the tags off a page that is too deep to parse and breaks the
// lines at them.
func stripTags(text string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			break
		}
		b.WriteString(text[:open])
		end := strings.IndexByte(text[open:], '>')
		if end < 0 {
			text = ""
			break
		}
		b.WriteByte('\n')
		text = text[open+end+1:]
	}
	b.WriteString(text)
	return html.UnescapeString(squeezeLines(b.String()))
}

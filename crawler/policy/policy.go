// Package policy reads a published cookie policy: which cookies it declares and
// what it promises about them.
//
// A document of any format is first read into blocks (headings, paragraphs,
// list items, tables), the blocks into records (one per row, block or sentence
// that declares cookies), and the records into declarations. The first step
// alone knows formats and the last alone knows what names, hosts, purpose
// classes and lifetimes look like, so that every layout is read by the same
// rules.
package policy

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"cookieaudit/crawler/evidence"
)

// Input is a document to read.
type Input struct {
	URL         string // address or file name
	ContentType string // the HTTP Content-Type, empty where not known
	Body        []byte
	// PDF is the file that Body is the text of, if it is one; the document's hash
	// is its.
	PDF []byte
}

// Document is what a policy document declares and claims.
type Document struct {
	evidence.PolicyDocument // Fetched is left to the caller
	Declarations            []evidence.Declaration
	Claims                  []evidence.Claim
}

// SpeaksOfCookies reports whether a document says anything of cookies at all.
func (d *Document) SpeaksOfCookies() bool {
	return len(d.Declarations)+len(d.Claims) > 0 || holdsCookieWord(fold(d.Text)) || mentionsCookies(d.Text)
}

// Read reads a document. It fails only for what cannot be read at all: an empty
// body, a binary file, a PDF whose text was not extracted first, more rows than
// any site has cookies. Time and memory grow with the length of the body: 5 MiB
// take 0.9 to 2.6 seconds of processor time, which two processors share, and a
// quarter of a GiB in the layouts of make growth (measured), and up to three times
// as long where every line is made to look like several of them.
func Read(in Input) (*Document, error) {
	format, err := formatOf(in)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", in.URL, err)
	}
	text, err := decode(in, format)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", in.URL, err)
	}
	original := in.Body
	if in.PDF != nil {
		original, format = in.PDF, formatPDF
	}
	sum := sha256.Sum256(original)
	doc := &Document{}
	doc.URL, doc.Format, doc.SHA256 = in.URL, format, hex.EncodeToString(sum[:])

	s := structureOf(text, format)
	doc.Title, doc.Text = clip(s.title, 300), s.text()
	doc.Language = languageOf(s.language, doc.Text)

	r := newReading(interpreter{url: in.URL, notes: readFootnotes(s.blocks), ukrainian: isUkrainian(doc.Language, doc.Text), german: strings.HasPrefix(strings.ToLower(doc.Language), "de")})
	_, err = gather(s, r.take)
	declared, claims, failed := r.end()
	if err = cmp.Or(err, failed); err != nil {
		return nil, fmt.Errorf("read %s: %w", in.URL, err)
	}
	doc.Declarations, doc.Claims = merge(declared), claims
	doc.DeclaresNone = declaresNone(doc)
	return doc, nil
}

// ReadManager reads what the configuration of a page's consent manager declares.
// script is JavaScript or JSON: only the literals in it are read, nothing runs.
// The document's text is empty, and it has no claims.
func ReadManager(url, script string) *Document {
	sum := sha256.Sum256([]byte(script))
	doc := &Document{}
	doc.URL, doc.Title, doc.Format, doc.SHA256 = url, "Configuration of the consent manager", formatManager, hex.EncodeToString(sum[:])
	records := scriptRecords(script, "", nil, 0)
	reader := &interpreter{url: url}
	for i := range records {
		doc.Declarations = append(doc.Declarations, reader.declarations(&records[i])...)
	}
	doc.Declarations = merge(doc.Declarations)
	return doc
}

// structure is a document as blocks, or as the records of a data file.
type structure struct {
	title    string
	language string
	blocks   []block
	records  []record
	scripts  []record // of a page's scripts, beside its text
}

func structureOf(text, format string) structure {
	switch format {
	case formatHTML:
		if page, ok := readHTML([]byte(text)); ok {
			return structure{title: page.title, language: page.language, blocks: page.out.list, scripts: page.scripts}
		}
		// Too deep for a tree: read it as text without tags.
		text = stripTags(text)
	case formatJSON, formatYAML:
		if s, ok := readData(text, format); ok {
			return s
		}
	case formatCSV:
		if s, ok := readCSV(text); ok {
			return s
		}
	}
	md := readMarkdown(text, format != formatMarkdown)
	if head := md.matter; format == formatMarkdown && len(md.out.list) == 0 && head != "" {
		if s, ok := readData(head, formatYAML); ok {
			return s // a page whose text stands in its head
		}
	}
	return structure{title: md.title, blocks: md.out.list}
}

// text is the document without markup.
func (s structure) text() string {
	var b strings.Builder
	for _, blk := range s.blocks {
		if blk.table == nil {
			b.WriteString(blk.text)
			b.WriteByte('\n')
			continue
		}
		for _, r := range blk.table.rows {
			b.WriteString(r.quote())
			b.WriteByte('\n')
		}
	}
	if len(s.blocks) == 0 {
		for _, r := range s.records {
			b.WriteString(r.quote)
			b.WriteByte('\n')
		}
	}
	return strings.TrimSpace(b.String())
}

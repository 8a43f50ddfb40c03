package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

//go:embed html
var htmlFiles embed.FS

// WriteHTML writes one self-contained page: style, script, pictures and charts
// are inside, nothing is loaded from anywhere, and a Content-Security-Policy
// says so to the browser.
func WriteHTML(w io.Writer, r *Report, _ Options) error {
	h, err := newHead()
	if err != nil {
		return err
	}
	return execute(w, "page", newPage(h, r))
}

// head is what every page begins with.
type head struct {
	CSS    template.CSS
	Script template.JS
	CSP    string
}

func newHead() (head, error) {
	css, err := htmlFiles.ReadFile("html/style.css")
	if err != nil {
		return head{}, fmt.Errorf("read the style of pages: %w", err)
	}
	script, err := htmlFiles.ReadFile("html/script.js")
	if err != nil {
		return head{}, fmt.Errorf("read the script of pages: %w", err)
	}
	return head{
		CSS:    template.CSS(css),   //nolint:gosec // embedded in the binary, not from a site
		Script: template.JS(script), //nolint:gosec // embedded in the binary, not from a site
		CSP:    fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; img-src data:; base-uri 'none'; form-action 'none'", cspHash(css), cspHash(script)),
	}, nil
}

// PagePolicy is the Content-Security-Policy that every page carries inside. A
// server that hands pages out says it too, for what only a header can add.
func PagePolicy() (string, error) {
	h, err := newHead()
	return h.CSP, err
}

// PageStyle is the style sheet of pages, for pages of another package that are to
// look like them.
func PageStyle() (string, error) {
	h, err := newHead()
	return string(h.CSS), err
}

// cspHash names an inline style or script in a policy (CSP level 3, section 2.3.1).
func cspHash(content []byte) string {
	sum := sha256.Sum256(content)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// htmlPages are the templates of pages, parsed once.
var htmlPages = sync.OnceValues(func() (*template.Template, error) {
	return template.New("").Funcs(functions()).ParseFS(htmlFiles, "html/*.gohtml")
})

func execute(w io.Writer, name string, data any) error {
	t, err := htmlPages()
	if err != nil {
		return fmt.Errorf("parse the templates of pages: %w", err)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("fill the page %s: %w", name, err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write the page %s: %w", name, err)
	}
	return nil
}

// Characters of one text that a page shows; JSON has all of them.
const (
	pageName = 160
	pageText = 2000
)

func functions() template.FuncMap {
	return template.FuncMap{
		"id":         func(s string) string { return clip(identifier(s), pageName) },
		"say":        func(s string) string { return clip(prose(s), pageText) },
		"link":       newLink,
		"source":     newSourceLink,
		"outcome":    func(o evidence.Outcome) string { return strings.ToLower(outcomeText(o)) },
		"answer":     answerText,
		"phase":      phaseText,
		"moment":     moment,
		"yesno":      yesNo,
		"bannerLine": bannerLine,
		"subject":    func(s audit.Subject) string { return clip(subjectText(s), 2*pageName) },
		"purpose":    purposeText,
		"claim":      func(k evidence.ClaimKind) string { return strings.ReplaceAll(string(k), "_", " ") },
		"tool":       toolText,
		"clicks":     clicksText,
		"plural":     Plural,
		"dict":       dict,
	}
}

func clicksText(n *int) string {
	if n == nil {
		return "not offered or not known"
	}
	return strconv.Itoa(*n)
}

// dict hands several values to a template.
func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

// A link is an address to show, and to follow where that is safe.
type link struct {
	Text string
	Href string // empty where it must not be followed
}

// newLink makes a link of http and https addresses only: a site chooses what its
// addresses look like, and "javascript:" is one.
func newLink(address string) link {
	l := link{Text: clip(identifier(address), pageName)}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return l
	}
	if strings.ContainsFunc(address, func(r rune) bool { return unprintable(r) || r == unicode.ReplacementChar }) {
		return l
	}
	l.Href = u.String()
	return l
}

// newSourceLink makes a link of a setter: what follows its line and column is no
// part of the address.
func newSourceLink(source string) link {
	l := newLink(scriptOf(source))
	l.Text = clip(identifier(source), pageName)
	return l
}

// Tone is the class of the box with the result: bad, warn, or good where there is
// nothing that was violated or could not be told.
func (r *Report) Tone() string {
	worst, violated := r.Worst()
	switch {
	case violated && worst.AtLeast(audit.High), !r.Coverage.looked():
		return "bad"
	case violated, len(r.Coverage.Gaps) > 0, len(r.judged()) == 0, r.Summary.CouldNotTell() > 0:
		return "warn"
	default:
		return "good"
	}
}

// An IndexEntry is one row of the index page.
type IndexEntry struct {
	Report *Report
	// Path is the page of the report, relative to the index, with slashes; empty
	// where there is none.
	Path string
}

type indexPage struct {
	head
	Sites      string
	Severities []audit.Severity
	Rows       []indexRow
}

type indexRow struct {
	Site, Path, Headline, Why string
	Outcome                   evidence.Outcome
	Cells                     []string
}

// WriteIndex writes a page that lists reports, in their order, and links to the
// page of each.
func WriteIndex(w io.Writer, entries []IndexEntry) error {
	h, err := newHead()
	if err != nil {
		return err
	}
	p := indexPage{head: h, Sites: Plural(len(entries), "site"), Severities: audit.Severities()}
	for _, e := range entries {
		r := e.Report
		p.Rows = append(p.Rows, indexRow{
			Site: clip(identifier(r.siteName()), pageName), Path: relativePath(e.Path), Outcome: r.Scan.Outcome,
			Cells: r.summaryRow()[2:], Headline: prose(r.Summary.Headline), Why: prose(r.Scan.Why),
		})
	}
	return execute(w, "index", p)
}

// relativePath encodes a path so that no part of it reads as a scheme, a query or
// a fragment.
func relativePath(path string) string {
	if path == "" {
		return ""
	}
	return (&url.URL{Path: path}).String()
}

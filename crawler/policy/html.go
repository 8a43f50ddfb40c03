package policy

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An htmlReader turns a parsed page into blocks. html.Parse refuses trees
// deeper than 512 elements, so that walking one may recurse.
type htmlReader struct {
	out      blocks
	title    string
	language string

	// scripts are the records that configurations of consent managers hold.
	scripts []record

	tables int // that the walk stands in, beside those that lay out the page

	text strings.Builder
	lead string // emphasised text that began the current block
	code []string
	// marked are the other emphasised texts of the current block, of which flush
	// tells which are names.
	marked []string

	root *html.Node // of the page; nil inside a cell
	tabs map[string]*html.Node
}

// place is where in the page's structure the walk is.
type place struct {
	kind    blockKind
	level   int
	lists   int
	details int
	pre     bool
}

// readHTML reads a page or a fragment of one.
func readHTML(body []byte) (*htmlReader, bool) {
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, false
	}
	r := &htmlReader{root: root}
	r.walkChildren(root, place{})
	r.flush(place{})
	return r, true
}

func (r *htmlReader) flush(at place) {
	text := r.text.String()
	r.text.Reset()
	lead, code := squeeze(r.lead), append(r.code, markedNames(text, r.marked)...)
	r.lead, r.code, r.marked = "", nil, nil
	r.out.add(block{kind: at.kind, level: at.level, text: text, lead: lead, code: code})
}

func (r *htmlReader) walkChildren(n *html.Node, at place) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c, at)
	}
}

func (r *htmlReader) walk(n *html.Node, at place) {
	switch n.Type {
	case html.TextNode:
		if at.pre {
			r.text.WriteString(n.Data)
			return
		}
		r.text.WriteString(flattenSpace(seen(n.Data)))
	case html.ElementNode:
		r.element(n, at)
	case html.DocumentNode:
		r.walkChildren(n, at)
	}
}

var lineBreaks = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")

// unseen are characters that only say where a word may be broken.
var unseen = strings.NewReplacer("\u00ad", "", "\u200b", "", "\u2060", "", "\ufeff", "")

// seen is a text without what no reader sees.
func seen(s string) string {
	if isASCII(s) {
		return s
	}
	return unseen.Replace(s)
}

// flattenSpace makes line breaks in running text spaces.
func flattenSpace(s string) string {
	if strings.ContainsAny(s, "\n\r\t") {
		return lineBreaks.Replace(s)
	}
	return s
}

func (r *htmlReader) element(n *html.Node, at place) {
	r.settings(n)
	switch n.DataAtom {
	case atom.Script:
		r.script(n)
	case atom.Template:
		if attribute(n, "shadowrootmode") != "" { // its content is shown
			r.walkChildren(n, at)
		}
	case atom.Style, atom.Noscript, atom.Svg, atom.Iframe, atom.Select, atom.Textarea, atom.Nav, atom.Datalist, atom.Object, atom.Canvas, atom.Video, atom.Audio:
		return
	case atom.Html:
		r.language = attribute(n, "lang")
		r.walkChildren(n, at)
	case atom.Title:
		if r.title == "" {
			r.title = squeeze(plainText(n))
		}
	case atom.Br:
		r.text.WriteByte('\n')
	case atom.Sup:
		r.text.WriteString(superscript(plainText(n)))
	case atom.B, atom.Strong, atom.Em, atom.I, atom.Code, atom.Kbd, atom.Samp, atom.Tt, atom.Mark, atom.U:
		r.emphasis(n, at)
	case atom.Table:
		r.flush(at)
		r.table(n, at)
	default:
		if role := attribute(n, "role"); role == "table" || role == "grid" {
			r.flush(at)
			r.table(n, at)
			return
		}
		inner, isBlock := descend(n, at)
		if !isBlock {
			if before := n.PrevSibling; before != nil && before.Type == html.ElementNode && startsWithLabel(shortText(n)) {
				r.text.WriteByte('\n') // labels of a row that no white space keeps apart
			}
			r.walkChildren(n, at)
			return
		}
		r.flush(at)
		if n.DataAtom == atom.Pre && !at.pre && r.preformatted(n) {
			return
		}
		r.panel(n)
		if !r.rows(n, inner) {
			r.walkChildren(n, inner)
		}
		r.flush(inner)
	}
}

// descend says where the children of a block element stand.
func descend(n *html.Node, at place) (place, bool) {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		at.kind, at.level = heading, int(n.Data[1]-'0')
	case atom.Caption, atom.Legend:
		at.kind, at.level = heading, softLevel
	case atom.Summary:
		if !holdsHeading(n) {
			at.kind, at.level = heading, 6+at.details
		}
	case atom.Details:
		at.details = min(at.details+1, 20)
		at.kind = paragraph
	case atom.Ul, atom.Ol, atom.Menu:
		at.lists++
		at.kind, at.level = item, at.lists
	case atom.Li:
		at.kind, at.level = item, max(1, at.lists)
	case atom.Dl:
		at.kind = definition
	case atom.Dt:
		at.kind, at.level = term, 1
	case atom.Dd:
		at.kind, at.level = definition, 1
	case atom.Pre:
		at.pre = true
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.Footer, atom.Aside, atom.Button, atom.Label, atom.Form, atom.Fieldset, atom.Figure, atom.Figcaption, atom.Blockquote, atom.Address, atom.Hr, atom.Body, atom.Tr, atom.Td, atom.Th, atom.Tbody, atom.Thead, atom.Tfoot, atom.Center, atom.Hgroup, atom.Option, atom.Dialog:
	default:
		return at, false
	}
	return at, true
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// holdsHeading reports whether a heading element is among the descendants.
func holdsHeading(n *html.Node) bool {
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return true
		}
	}
	return false
}

// plainText is the text of a node without any structure.
func plainText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

var superscripts = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "*", "⁎", "(", "", ")", "", "[", "", "]", "")

// superscript keeps a raised footnote mark apart from the word before it.
func superscript(text string) string {
	text = squeeze(text)
	if len(text) > 4 {
		return text
	}
	return superscripts.Replace(text)
}

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

	text strings.Builder
	lead string // emphasised text that began the current block
	code []string
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
	r := &htmlReader{}
	r.walkChildren(root, place{})
	r.flush(place{})
	return r, true
}

func (r *htmlReader) flush(at place) {
	text := r.text.String()
	r.text.Reset()
	lead, code := squeeze(r.lead), r.code
	r.lead, r.code = "", nil
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
		r.text.WriteString(flattenSpace(n.Data))
	case html.ElementNode:
		r.element(n, at)
	case html.DocumentNode:
		r.walkChildren(n, at)
	}
}

// script reads the configuration of a consent manager.
func (r *htmlReader) script(n *html.Node) {
	if c := n.FirstChild; c != nil && !strings.Contains(attribute(n, "type"), "ld+json") {
		r.scripts = append(r.scripts, scriptRecords(c.Data, r.out.next)...)
	}
}

var lineBreaks = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")

// flattenSpace makes line breaks in running text spaces.
func flattenSpace(s string) string {
	if strings.ContainsAny(s, "\n\r\t") {
		return lineBreaks.Replace(s)
	}
	return s
}

func (r *htmlReader) element(n *html.Node, at place) {
	switch n.DataAtom {
	case atom.Script:
		r.script(n)
	case atom.Style, atom.Noscript, atom.Svg, atom.Template, atom.Iframe, atom.Select, atom.Textarea, atom.Nav, atom.Datalist, atom.Object, atom.Canvas, atom.Video, atom.Audio:
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
			r.walkChildren(n, at)
			return
		}
		r.flush(at)
		r.walkChildren(n, inner)
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

func (r *htmlReader) emphasis(n *html.Node, at place) {
	begin := r.text.Len()
	leads := r.lead == "" && strings.TrimSpace(r.text.String()) == ""
	r.walkChildren(n, at)
	whole := r.text.String()
	if begin > len(whole) {
		return // a block inside flushed the text
	}
	text := whole[begin:]
	if leads {
		r.lead = text
	}
	if !leads && n.DataAtom != atom.Code && nameBesideCookies(whole[:begin], text) {
		r.code = append(r.code, squeeze(text))
	}
	if n.DataAtom == atom.Code || n.DataAtom == atom.Kbd || n.DataAtom == atom.Samp || n.DataAtom == atom.Tt {
		r.code = append(r.code, squeeze(text))
	}
}

// nameBesideCookies reports whether an emphasised text stands behind the word for
// cookies and looks like a name ("súbor cookie <b>PHPSESSID</b>"): as good as
// one that is set as code.
func nameBesideCookies(before, text string) bool {
	word := lastWord(strings.TrimRight(clipFront(before, 60), " \n\t\u00a0"))
	return word != "" && isCookieWord(fold(strings.Trim(word, "()\"'„“"))) && strengthOf(strings.TrimSpace(text)) >= likelyName && !labelClass(text).found
}

// clipFront keeps at most the last longest bytes of s.
func clipFront(s string, longest int) string {
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[len(s)-longest:], "")
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

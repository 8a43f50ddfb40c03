package policy

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// preformatted reads a table that is set with white space; false where a text
// is none.
func (r *htmlReader) preformatted(n *html.Node) bool {
	found := readMarkdown(plainText(n), true).out.list
	for _, b := range found {
		if b.table != nil {
			for _, b := range found {
				r.out.add(b)
			}
			return true
		}
	}
	return false
}

// panel puts the text of its tab above what a tab shows (WAI-ARIA: a tab panel is
// labelled by its tab).
func (r *htmlReader) panel(n *html.Node) {
	if r.root == nil || attribute(n, "role") != "tabpanel" {
		return
	}
	if r.tabs == nil {
		r.tabs = map[string]*html.Node{}
		for c := range r.root.Descendants() {
			if c.Type != html.ElementNode || attribute(c, "role") != "tab" {
				continue
			}
			for _, key := range []string{attribute(c, "id"), attribute(c, "aria-controls")} {
				if key != "" {
					r.tabs[key] = c
				}
			}
		}
	}
	label := attribute(n, "aria-label")
	for _, key := range []string{attribute(n, "id"), attribute(n, "aria-labelledby")} {
		if tab := r.tabs[key]; tab != nil {
			label = shortText(tab)
		}
	}
	if label = squeeze(label); len(label) < 100 {
		r.out.add(block{kind: heading, level: panelLevel(n), text: label})
	}
}

// panelLevel is that of a heading above those inside of a panel.
func panelLevel(n *html.Node) int {
	nodes := 0
	for c := range n.Descendants() {
		if nodes++; nodes > 200 {
			break
		}
		switch c.DataAtom {
		case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return int(c.Data[1]-'0') - 1
		}
	}
	return 6
}

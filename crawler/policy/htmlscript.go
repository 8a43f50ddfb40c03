package policy

import (
	"strings"

	"golang.org/x/net/html"
)

// script reads the configuration of a consent manager.
func (r *htmlReader) script(n *html.Node) {
	if c := n.FirstChild; c != nil && !strings.Contains(attribute(n, "type"), "ld+json") {
		r.scripts = append(r.scripts, scriptRecords(c.Data, attribute(n, "id"), nil, r.out.next)...)
	}
}

// settings reads the lists of cookies that a page hands to its scripts in the
// attributes of an element, as JSON.
func (r *htmlReader) settings(n *html.Node) {
	for _, a := range n.Attr {
		value := strings.TrimSpace(a.Val)
		if len(value) < 20 || value[0] != '{' && value[0] != '[' {
			continue
		}
		var path []entry
		for _, key := range []string{"title", "heading", "category", "label"} {
			if text := attribute(n, key); text != "" && len(text) < 100 {
				path = appendEntry(path, len(path)+1, text)
			}
		}
		about := strings.Join([]string{n.Data, a.Key, attribute(n, "id"), attribute(n, "class")}, " ")
		r.scripts = append(r.scripts, scriptRecords(value, about, path, r.out.next)...)
	}
}

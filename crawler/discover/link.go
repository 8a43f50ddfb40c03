package discover

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

const (
	maxLinks    = 5000
	maxLinkText = 200 // runes
)

// A Link is one link of a page.
type Link struct {
	// URL is absolute and canonical, its fragment kept.
	URL string
	// Text is what a visitor reads: the text, else the accessible name.
	Text string
	// Rel and Lang are the attributes rel and hreflang, lower case.
	Rel  string
	Lang string
	// Download is true for a link that asks the browser to save its target.
	Download bool
	InFooter bool
	InBanner bool
	// Mapped is true for a page that a sitemap names and no link leads to.
	Mapped bool
}

// Links returns the links of an HTML page in UTF-8, in document order: a and
// area elements whose target is http or https. It stops after 5,000.
func Links(baseURL string, body []byte) ([]Link, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("read links: %w: base address: %w", ErrAddress, err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read links of %s: %w", clip(baseURL, 200), err)
	}
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if b := absolute(base, href); b != "" {
			base, _ = url.Parse(b) // canonical addresses parse
		}
	}
	footers := nodes(doc.Find(`footer, [role=contentinfo], [id*=footer], [class*=footer]`))
	banners := nodes(doc.Find(`[id*=cookie], [class*=cookie], [id*=consent], [class*=consent]`).Not("html, body, main, a"))
	var links []Link
	doc.Find("a[href], area[href]").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		if u := absolute(base, s.AttrOr("href", "")); u != "" {
			l := newLink(u, s)
			l.InFooter, l.InBanner = inside(s, footers), inside(s, banners)
			links = append(links, l)
		}
		return len(links) < maxLinks
	})
	return links, nil
}

func nodes(s *goquery.Selection) map[*html.Node]bool {
	set := make(map[*html.Node]bool, s.Length())
	for _, n := range s.Nodes {
		set[n] = true
	}
	return set
}

// inside reports whether an ancestor is in the set. The HTML parser nests no
// deeper than 512 elements.
func inside(s *goquery.Selection, set map[*html.Node]bool) bool {
	for n := s.Nodes[0].Parent; n != nil; n = n.Parent {
		if set[n] {
			return true
		}
	}
	return false
}

func newLink(u string, s *goquery.Selection) Link {
	_, download := s.Attr("download")
	return Link{
		URL:      u,
		Text:     linkText(s),
		Rel:      strings.ToLower(s.AttrOr("rel", "")),
		Lang:     strings.ToLower(s.AttrOr("hreflang", "")),
		Download: download,
	}
}

func linkText(s *goquery.Selection) string {
	for _, t := range []string{s.Text(), s.AttrOr("aria-label", ""), s.AttrOr("title", ""), s.Find("img[alt]").AttrOr("alt", ""), s.AttrOr("alt", "")} {
		if t = strings.Join(strings.Fields(t), " "); t != "" {
			return clip(t, maxLinkText)
		}
	}
	return ""
}

package discover

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html/charset"
)

// maxMapped bounds the pages that are taken from all sitemaps of a site, and
// from a single file, so that one long list does not crowd out the others.
const (
	maxMapped     = 20000
	maxMappedFile = 5000
	// maxElements bounds the elements around an address: the format has three.
	maxElements = 8
)

// A sitemap is one file: pages, or further files.
type sitemap struct {
	pages, maps []string
	// cut says that the file holds more than was read.
	cut bool
}

var errNoSitemap = errors.New("it is not a sitemap")

// parseSitemap reads a sitemap or a sitemap index (https://www.sitemaps.org,
// protocol 0.9), or a text file with one address a line.
func parseSitemap(body []byte) (sitemap, error) {
	if !bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n"), []byte("<")) {
		return parseTextSitemap(body)
	}
	var m sitemap
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict = false // unescaped ampersands are common
	d.CharsetReader = charset.NewReaderLabel
	var path []string
	var text strings.Builder
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return m, nil
		case err != nil && len(m.pages)+len(m.maps) > 0:
			m.cut = true // what came before the damage is as good
			return m, nil
		case err != nil:
			return m, errNoSitemap
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(path) == 0 && t.Name.Local != "urlset" && t.Name.Local != "sitemapindex" || len(path) == maxElements {
				return m, errNoSitemap
			}
			path = append(path, t.Name.Local)
			text.Reset()
		case xml.CharData:
			if len(path) == 3 && text.Len() < maxAddress {
				text.Write(t[:min(len(t), maxAddress)])
			}
		case xml.EndElement:
			if m.take(path, text.String()) {
				return m, nil
			}
			path = path[:max(0, len(path)-1)]
		}
	}
}

// take keeps the address at the end of an element, and reports whether the file
// has given all that it may.
func (m *sitemap) take(path []string, text string) (full bool) {
	if len(path) != 3 || path[2] != "loc" {
		return false // "loc" also names images and videos, deeper down
	}
	switch text = strings.TrimSpace(text); path[1] {
	case "url":
		m.pages = append(m.pages, text)
	case "sitemap":
		m.maps = append(m.maps, text)
	}
	m.cut = len(m.pages)+len(m.maps) >= maxMappedFile
	return m.cut
}

func parseTextSitemap(body []byte) (sitemap, error) {
	var m sitemap
	for line := range strings.Lines(string(body)) {
		line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		if line == "" {
			continue
		}
		if u, err := url.Parse(line); err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return sitemap{}, errNoSitemap
		}
		if len(m.pages) == maxMappedFile {
			m.cut = true
			break
		}
		m.pages = append(m.pages, line)
	}
	if len(m.pages) == 0 {
		return m, errNoSitemap
	}
	return m, nil
}

package discover

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// headBytes is how far into a page a refreshing meta element is looked for.
const headBytes = 64 << 10

// headerRefresh returns the address in a Refresh header or in the content of a
// refreshing meta element ("5; url=/next"), empty where there is none.
func headerRefresh(v string) string {
	_, rest, ok := strings.Cut(v, ";")
	if !ok {
		if _, rest, ok = strings.Cut(v, ","); !ok {
			return ""
		}
	}
	rest = strings.TrimSpace(rest)
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "url") {
		if after, ok := strings.CutPrefix(strings.TrimSpace(rest[3:]), "="); ok {
			rest = after
		}
	}
	return strings.Trim(strings.TrimSpace(rest), `"'`)
}

// resolveRefresh looks for a refreshing meta element and makes Refresh absolute.
func (f *Fetched) resolveRefresh() {
	if f.Refresh == "" {
		f.Refresh = metaRefresh(f.Body)
	}
	if f.Refresh == "" {
		return
	}
	base, err := url.Parse(f.FinalURL)
	if err != nil {
		f.Refresh = ""
		return
	}
	f.Refresh = absolute(base, f.Refresh)
}

func metaRefresh(body []byte) string {
	z := html.NewTokenizer(bytes.NewReader(body[:min(len(body), headBytes)]))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "meta" {
				continue
			}
			var refresh bool
			var content string
			for _, a := range t.Attr {
				switch a.Key {
				case "http-equiv":
					refresh = strings.EqualFold(strings.TrimSpace(a.Val), "refresh")
				case "content":
					content = a.Val
				}
			}
			if refresh {
				return headerRefresh(content)
			}
		}
	}
}

// absolute resolves a reference and returns it as a canonical http or https
// address, empty where it is neither.
func absolute(base *url.URL, ref string) string {
	if len(ref) > maxAddress {
		return ""
	}
	// Browsers drop tabs and line breaks inside an address (URL standard).
	ref = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(strings.TrimSpace(ref))
	u, err := base.Parse(ref)
	if err != nil {
		return ""
	}
	c, err := canonical(u)
	if err != nil {
		return ""
	}
	c.Fragment, c.RawFragment = u.Fragment, u.RawFragment
	return c.String()
}

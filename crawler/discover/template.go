package discover

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// manyChildren is how many different pages below one path make it a list: from
// then on they count as one template.
const manyChildren = 4

// templatesOf returns, for each address, what its page is probably made from:
// pages with the same template run the same scripts. A segment that is a number,
// a date, a hash or a long title is a placeholder, and so is the last segment
// where many pages lie side by side below a common path.
func templatesOf(us []*url.URL) []string {
	children := map[string]map[string]bool{}
	for _, u := range us {
		parent, last := splitLast(u)
		if parent == "" {
			continue
		}
		if children[parent] == nil {
			children[parent] = map[string]bool{}
		}
		children[parent][last] = true
	}
	out := make([]string, len(us))
	for i, u := range us {
		parent, _ := splitLast(u)
		if parent == "" || len(children[parent]) < manyChildren {
			parent = joinTemplate(u.Host, strings.Split(strings.Trim(u.Path, "/"), "/"))
		} else {
			parent += "/{}"
		}
		out[i] = parent + "?" + strings.Join(queryKeys(u), "&")
	}
	return out
}

// splitLast returns the template of all but the last segment of a path, and that
// segment; an empty template where the path has one segment only, because the
// pages of a site's top level differ.
func splitLast(u *url.URL) (parent, last string) {
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	n := len(segments) - 1
	if n < 1 {
		return "", segments[n]
	}
	return joinTemplate(u.Host, segments[:n]), segments[n]
}

func joinTemplate(host string, segments []string) string {
	var b strings.Builder
	b.WriteString(host)
	for _, s := range segments {
		b.WriteByte('/')
		if isPlaceholder(s) {
			s = "{}"
		}
		b.WriteString(s)
	}
	return b.String()
}

func isPlaceholder(s string) bool {
	digits, letters := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	hyphens := strings.Count(s, "-") + strings.Count(s, "_")
	return digits > 0 && letters == 0 || // 12, 2026-11-21
		digits >= 4 && digits+letters >= 8 || // a91f3b2c, uuid, title-20261121
		digits > 0 && hyphens >= 1 && len(s) >= 12 || // some-title-12
		hyphens >= 3 // a-title-of-an-article
}

func queryKeys(u *url.URL) []string {
	q := u.Query()
	keys := make([]string, 0, len(q))
	for k := range q {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

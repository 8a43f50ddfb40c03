package discover

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// A Pattern matches whole paths: "*" stands for any characters, "/" too. One
// with a "?" matches the path and the query behind it.
type Pattern string

// maxPattern bounds a pattern that a user or a robots.txt gives, in bytes.
const maxPattern = 2 << 10

// ParsePattern checks a pattern that a user gives.
func ParsePattern(s string) (Pattern, error) {
	switch {
	case s == "":
		return "", errors.New("the pattern is empty")
	case len(s) > maxPattern:
		return "", fmt.Errorf("the pattern is longer than %d bytes", maxPattern)
	case strings.Contains(s, "://"):
		return "", errors.New("a pattern is matched against the path, not the whole address: write it like /news/*")
	case s[0] != '/' && s[0] != '*':
		return "", fmt.Errorf("a pattern begins with / or *: did you mean /%s or *%[1]s?", s)
	}
	return Pattern(s), nil
}

// matches reports whether the pattern fits a page.
func (p Pattern) matches(u *url.URL) bool {
	text := u.Path
	if strings.Contains(string(p), "?") {
		text = u.Path + "?" + u.RawQuery
	}
	return wild(string(p), text, true)
}

func anyMatches(ps []Pattern, u *url.URL) bool {
	for _, p := range ps {
		if p.matches(u) {
			return true
		}
	}
	return false
}

// wild matches a text with a pattern of "*", to its end or, where whole is
// false, as a prefix. Each part is looked for once, so that the time is that of
// a search.
func wild(pattern, text string, whole bool) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok || len(parts) == 1 {
		return ok && (!whole || rest == "")
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	if whole {
		return strings.HasSuffix(rest, parts[last])
	}
	return strings.Contains(rest, parts[last])
}

package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// minToken is the shortest part of a value, in bytes, that can tell visitors
	// apart well enough to be held for an identifier.
	minToken = 8
	// maxTokens bounds the parts that are kept of a value, and maxTokenised how
	// much of it is read: an identifier comes early, a cached page does not end.
	maxTokens    = 16
	maxTokenised = 4096
	// tokenHash is how many bytes of a part's hash are kept: enough that two
	// parts of one scan do not meet by chance.
	tokenHash = 8
)

// Tokens returns the hashes, as Value.Tokens has them, of the parts of a text that was seen at a
// moment: those that are long enough to be identifiers and are no dates or times.
func Tokens(s string, at time.Time) []string {
	s = s[:min(len(s), maxTokenised)]
	if plain, err := url.QueryUnescape(strings.ReplaceAll(s, "+", "%2B")); err == nil {
		s = plain
	}
	var out []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool {
		return !('0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r >= utf8.RuneSelf)
	}) {
		if len(part) < minToken || isMoment(part, at) {
			continue
		}
		sum := sha256.Sum256([]byte(part))
		if h := hex.EncodeToString(sum[:tokenHash]); !slices.Contains(out, h) {
			out = append(out, h)
		}
		if len(out) == maxTokens {
			break
		}
	}
	return out
}

// isMoment reports whether a number is a date (20261122), or a time in seconds,
// milliseconds or microseconds since 1970, from five years before to three
// years after a moment: when something was made, or when it expires.
func isMoment(s string, at time.Time) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return false
	}
	if _, err := time.Parse("20060102", s); err == nil {
		return true
	}
	if len(s) == len("20060102150405") {
		if _, err := time.Parse("20060102150405", s); err == nil {
			return true
		}
	}
	var t time.Time
	switch len(s) {
	case 10:
		t = time.Unix(n, 0)
	case 13:
		t = time.UnixMilli(n)
	case 16:
		t = time.UnixMicro(n)
	default:
		return false
	}
	return t.After(at.AddDate(-5, 0, 0)) && t.Before(at.AddDate(3, 0, 0))
}

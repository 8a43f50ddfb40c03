package browser

import (
	"crypto/md5"  //nolint:gosec // looked for, not relied on: trackers send it
	"crypto/sha1" //nolint:gosec // likewise
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf8"

	"cookieaudit/crawler/evidence"
)

// Bounds on what is looked through for identifiers, so that a page with much
// storage or large requests costs no more than it should.
const (
	minIdentifier = 8   // characters
	maxIdentifier = 512 // characters
	maxPieces     = 50  // of one stored value
	maxIndexed    = 50_000
	maxHolders    = 4    // places that hold the same value
	maxWords      = 4000 // of one request
	maxFound      = 100  // in one request
)

// An identifierIndex knows the stored values that could tell a visitor from
// others, plain and as trackers send them. It lives while a record is made.
type identifierIndex map[string][]identifier

// An identifier is a stored value as it would look in a request.
type identifier struct {
	evidence.Carried
	site string // the registrable domain that it was stored for
}

// add takes a stored value, whole and in its pieces: "GA1.1.123.456" and JSON
// hold more than the identifier.
func (x identifierIndex) add(kind evidence.StorageKind, name, owner, host, value string) {
	h := identifier{evidence.Carried{Kind: kind, Name: clip(name), Owner: owner}, siteOf(host)}
	pieces := append([]string{value}, words(value, maxPieces, isPlain)...)
	if rest, ok := strings.CutPrefix(value, "GA1."); ok { // the client id follows the depth of the domain
		_, id, _ := strings.Cut(rest, ".")
		pieces = append(pieces, id)
	}
	for _, p := range pieces {
		if !identifies(p) || len(x) > maxIndexed {
			continue
		}
		b := []byte(p)
		x.put(p, h, "plain")
		m, s1, s256 := md5.Sum(b), sha1.Sum(b), sha256.Sum256(b) //nolint:gosec // see the import
		x.put(hex.EncodeToString(m[:]), h, "md5")
		x.put(hex.EncodeToString(s1[:]), h, "sha1")
		x.put(hex.EncodeToString(s256[:]), h, "sha256")
		x.put(base64.RawStdEncoding.EncodeToString(b), h, "base64")
		x.put(base64.RawURLEncoding.EncodeToString(b), h, "base64")
	}
}

func (x identifierIndex) put(text string, h identifier, encoding string) {
	for _, old := range x[text] {
		if old.Kind == h.Kind && old.Name == h.Name && old.Owner == h.Owner {
			return
		}
	}
	if h.Encoding = encoding; len(x[text]) < maxHolders {
		x[text] = append(x[text], h)
	}
}

// identifies reports whether a value could tell one visitor from others: eight
// characters and more of some variety, with a digit among them. Flags, words,
// dates and moments do not.
func identifies(s string) bool {
	if len(s) < minIdentifier || len(s) > maxIdentifier || !utf8.ValidString(s) || strings.ContainsAny(s, " \t\n") {
		return false
	}
	digits, different := 0, map[rune]bool{}
	for _, r := range s {
		different[r] = true
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	moment := digits == len(s) && (len(s) == 10 || len(s) == 13) && s[0] == '1' // Unix time, s or ms
	date := digits == 8 && len(s) <= 10 && (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20"))
	return digits > 0 && len(different) >= 5 && !moment && !date
}

// find looks for stored values in a part of a request to a host. What goes back
// to the site that it was stored for is nobody else's.
func (x identifierIndex) find(part, text, host string, found *[]evidence.Carried) {
	site := siteOf(host)
	look := func(text, encoding string) {
		for _, h := range x[text] {
			c := h.Carried
			c.In = part
			if c.Encoding == "plain" {
				c.Encoding = encoding
			}
			if h.site != site && len(*found) < maxFound && !carried(*found, &c) {
				*found = append(*found, c)
			}
		}
	}
	left := maxWords
	encoding := "plain"
	for range 3 { // as it stands, and with its escapes resolved, which trackers nest
		for _, is := range [...]func(rune) bool{isPlain, isDashed, isBase64, isParameter} {
			for _, w := range words(text, left, is) {
				left--
				look(w, encoding)
				look(strings.TrimRight(w, "="), encoding)
				look(strings.ToLower(w), encoding) // digests in capitals
				for _, inner := range unpacked(w) {
					look(inner, "base64")
				}
			}
		}
		plain, err := url.QueryUnescape(text)
		if err != nil || plain == text {
			break
		}
		text, encoding = plain, "url"
	}
}

func carried(found []evidence.Carried, c *evidence.Carried) bool {
	for _, f := range found {
		if f.Kind == c.Kind && f.Name == c.Name && f.Owner == c.Owner && f.In == c.In {
			return true
		}
	}
	return false
}

// unpacked are the words of a text that was packed as base64, such as the JSON
// of a beacon.
func unpacked(w string) []string {
	w = strings.TrimRight(w, "=")
	if len(w) < 12 {
		return nil
	}
	for _, e := range [...]*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if b, err := e.DecodeString(w); err == nil && utf8.Valid(b) {
			return words(string(b), maxPieces, isPlain)
		}
	}
	return nil
}

// words cuts a text into its runs of some characters, at most so many, leaving
// out what is too short to identify anybody.
func words(text string, most int, in func(rune) bool) []string {
	var out []string
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !in(r) }) {
		if len(out) >= most {
			break
		}
		if len(w) >= minIdentifier {
			out = append(out, w)
		}
	}
	return out
}

func isAlphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}
func isPlain(r rune) bool     { return isAlphanumeric(r) || r == '-' || r == '_' || r == '.' }
func isDashed(r rune) bool    { return isAlphanumeric(r) || r == '-' || r == '_' } // "ID.html"
func isBase64(r rune) bool    { return isAlphanumeric(r) || r == '+' || r == '/' || r == '=' }
func isParameter(r rune) bool { return r > ' ' && !strings.ContainsRune("?&=;#\"'", r) }

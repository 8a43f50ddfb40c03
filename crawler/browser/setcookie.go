package browser

import (
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// A setCookie is a Set-Cookie line, or what a script assigned to
// document.cookie, read as a browser reads it (RFC 6265bis section 5.6).
type setCookie struct {
	name, value string
	domain      string // lower case, without a leading dot; empty where not given
	path        string // empty where not given or not beginning with "/"
	maxAge      *int64 // seconds
	expires     *time.Time
	sameSite    string
	secure      bool
	httpOnly    bool
	partitioned bool
}

// parseSetCookie reads one line. ok is false where a browser ignores the whole
// line: it has a control character, or neither name nor value. What can be read
// of the line is returned all the same.
func parseSetCookie(line string) (c setCookie, ok bool) {
	ok = !strings.ContainsFunc(line, func(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7f })
	pair, rest, _ := strings.Cut(line, ";")
	// Without "=" the whole is the value of a nameless cookie.
	if name, value, found := strings.Cut(pair, "="); found {
		c.name, c.value = trimBlank(name), trimBlank(value)
	} else {
		c.value = trimBlank(pair)
	}
	// Neither name nor value is nothing, and Chrome, other than the RFC, takes no
	// tab within them (measured on Chromium 156).
	if c.name == "" && c.value == "" || strings.ContainsRune(c.name+c.value, '\t') {
		ok = false
	}
	for rest != "" {
		var attribute string
		attribute, rest, _ = strings.Cut(rest, ";")
		name, value, _ := strings.Cut(attribute, "=")
		c.attribute(strings.ToLower(trimBlank(name)), trimBlank(value))
	}
	return c, ok
}

// attribute takes one attribute; of several with the same name the last counts,
// in Chrome also where it cannot be read (measured on Chromium 156).
func (c *setCookie) attribute(name, value string) {
	const longest = 1024 // RFC 6265bis section 5.6: longer ones are ignored
	if len(value) > longest {
		return
	}
	switch name {
	case "domain":
		c.domain = canonicalHost(strings.TrimPrefix(value, "."))
	case "path":
		c.path = ""
		if strings.HasPrefix(value, "/") {
			c.path = value
		}
	case "max-age":
		c.maxAge = nil
		if n, ok := parseMaxAge(value); ok {
			c.maxAge = &n
		}
	case "expires":
		c.expires = nil
		if t, ok := parseCookieDate(value); ok {
			c.expires = &t
		}
	case "samesite":
		switch strings.ToLower(value) {
		case "strict":
			c.sameSite = "Strict"
		case "lax":
			c.sameSite = "Lax"
		case "none":
			c.sameSite = "None"
		}
	case "secure":
		c.secure = true
	case "httponly":
		c.httpOnly = true
	case "partitioned":
		c.partitioned = true
	}
}

// canonicalHost writes a host as a jar does: in small letters, other than ASCII
// in punycode (RFC 6265bis section 5.1.2).
func canonicalHost(host string) string {
	host = strings.ToLower(host)
	if !strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 }) {
		return host
	}
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		return ascii
	}
	return host
}

// lifetime is the lifetime that the line asks for, counted from now: nil for a
// session cookie. Max-Age wins over Expires (section 5.7 step 7).
func (c *setCookie) lifetime(now time.Time) *int64 {
	switch {
	case c.maxAge != nil:
		return c.maxAge
	case c.expires != nil:
		// Expires has whole seconds: one that was computed from the present
		// moment has lost its fraction. Unix seconds reach further than a
		// time.Duration.
		s := c.expires.Unix() - now.Unix()
		return &s
	}
	return nil
}

// parseMaxAge reads an optional sign and digits. The RFC knows no plus; Chrome
// takes one (measured on Chromium 156). A number too large for the
// clock becomes the largest that there is.
func parseMaxAge(s string) (int64, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	if !negative {
		digits = strings.TrimPrefix(s, "+")
	}
	if digits == "" || strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) {
		return 0, false
	}
	const largest = 1<<53 - 1 // what JSON readers hold exactly
	var n int64
	for _, d := range []byte(digits) {
		if n = n*10 + int64(d-'0'); n > largest {
			n = largest
			break
		}
	}
	if negative {
		n = -n
	}
	return n, true
}

func trimBlank(s string) string { return strings.Trim(s, " \t") }

// defaultPath is the path of a cookie without a Path attribute (section 5.1.4).
func defaultPath(urlPath string) string {
	i := strings.LastIndex(urlPath, "/")
	if !strings.HasPrefix(urlPath, "/") || i <= 0 {
		return "/"
	}
	return urlPath[:i]
}

// mask returns the line with the cookie's value replaced by its length, so that
// what is kept of it identifies nobody.
func (c *setCookie) mask(line string) string {
	pair, rest, hasRest := strings.Cut(line, ";")
	name, _, found := strings.Cut(pair, "=")
	masked := valueNote(c.value)
	if found {
		masked = name + "=" + masked
	}
	if hasRest {
		masked += ";" + rest
	}
	return masked
}

package evidence

import (
	"cmp"
	"strings"
)

// A Cookie is everything that a scan saw of one cookie: every write of every
// phase, and what was left in the jars. Its identity is CookieKey.
type Cookie struct {
	CookieKey
	// Site is the registrable domain of Domain.
	Site  string `json:"site"`
	Party Party  `json:"party"`

	// Phases in which the cookie was written or held, in reporting order.
	Phases []Phase `json:"phases"`
	// AfterAnswer lists the phases in which it was written after the banner
	// was answered.
	AfterAnswer []Phase `json:"after_answer"`
	// Writes holds every attempt to set the cookie, in order of time per phase.
	Writes []Write `json:"writes"`
	// Stored is true where the jar of at least one phase held it at the end,
	// or a write of it was accepted by the browser.
	Stored bool `json:"stored"`

	// Session is true for a cookie without Max-Age and Expires.
	Session bool `json:"session"`
	// Requested is the longest lifetime that a write asked for, in seconds;
	// nil for a session cookie and where it could not be seen.
	Requested *int64 `json:"requested_seconds"`
	// Kept is the lifetime that the browser granted, in seconds: at most 400
	// days (RFC 6265bis section 5.5); nil for a session cookie and for a cookie
	// that was not in a jar at the end.
	Kept *int64 `json:"stored_seconds"`

	Secure   bool   `json:"secure"`
	HTTPOnly bool   `json:"http_only"`
	SameSite string `json:"same_site"` // Strict, Lax, None; empty where not set
	Value    Value  `json:"value"`
}

// A CookieKey identifies a cookie in a jar (RFC 6265bis section 5.7 and the
// partitioned storage of CHIPS).
type CookieKey struct {
	Name string `json:"name"`
	// Domain is the cookie's host without a leading dot.
	Domain string `json:"domain"`
	Path   string `json:"path"`
	// PartitionKey is the top-level site of a partitioned cookie, else empty.
	PartitionKey string `json:"partition_key"`
	// HostOnly is true where no Domain attribute widened the cookie to
	// sub-domains (section 5.6, host-only-flag). A jar holds a host-only cookie
	// and a wide one of the same name and domain beside each other.
	HostOnly bool `json:"host_only"`
}

// Compare orders keys by domain and name, then by the rest.
func (k CookieKey) Compare(l CookieKey) int {
	hostOnly := 0
	switch {
	case k.HostOnly && !l.HostOnly:
		hostOnly = -1
	case l.HostOnly && !k.HostOnly:
		hostOnly = 1
	}
	return cmp.Or(strings.Compare(k.Domain, l.Domain), strings.Compare(k.Name, l.Name),
		strings.Compare(k.Path, l.Path), strings.Compare(k.PartitionKey, l.PartitionKey), hostOnly)
}

// A Value stands for a value: what can be compared without knowing it, and
// checked by whoever has the value.
type Value struct {
	SHA256 string `json:"sha256"`
	Length int    `json:"length"` // bytes
	// Tokens are the first 16 hexadecimal digits of the SHA-256 of each part of
	// the value that is long enough to be an identifier (runs of 8 letters and
	// digits or more), without dates and times.
	Tokens []string `json:"tokens,omitempty"`
	// Text is the value itself; empty unless the scan keeps values.
	Text string `json:"text,omitempty"`
}

// First returns the earliest write, or nil where only a jar held the cookie.
// Phases are compared in reporting order.
func (c *Cookie) First() *Write {
	for _, p := range Phases() {
		for i := range c.Writes {
			if c.Writes[i].Phase == p {
				return &c.Writes[i]
			}
		}
	}
	return nil
}

// WrittenIn returns the accepted, non-deleting writes of a phase.
func (c *Cookie) WrittenIn(p Phase) []*Write {
	var ws []*Write
	for i := range c.Writes {
		if w := &c.Writes[i]; w.Phase == p && len(w.Blocked) == 0 && !w.Deletes {
			ws = append(ws, w)
		}
	}
	return ws
}

// A Mechanism is the way in which something was written.
type Mechanism string

// The mechanisms. Unknown is what only the jar knew.
const (
	HTTP           Mechanism = "http"            // Set-Cookie response header
	DocumentCookie Mechanism = "document.cookie" // script
	CookieStore    Mechanism = "cookieStore"     // script, Cookie Store API
	Unknown        Mechanism = "unknown"
)

// A Write is one attempt to set a cookie.
type Write struct {
	Phase Phase `json:"phase"`
	// Page is the address of the top-level page that was being visited.
	Page string `json:"page"`
	// Frame is the address of the document or worker that caused the write.
	Frame string `json:"frame"`
	// AtMS is the time in milliseconds since the phase's first navigation, on
	// the page's own clock where virtual time ran ahead of the real one.
	AtMS      int64     `json:"at_ms"`
	Mechanism Mechanism `json:"mechanism"`
	// AfterAnswer is true for a write after the banner was answered.
	AfterAnswer bool `json:"after_answer"`
	// Login is true for what came of the user's login script, before the landing
	// page: whether the script answered a banner is not known.
	Login bool `json:"login,omitempty"`

	// URL is the response that carried the Set-Cookie header, or the document
	// whose script wrote the cookie.
	URL string `json:"url"`
	// Host is the host of URL, or of Script where a script wrote. Party is its
	// party: a first-party cookie that a third party's script writes has both.
	Host         string `json:"host"`
	Party        Party  `json:"party,omitempty"`
	Status       int    `json:"status,omitempty"`
	ResourceType string `json:"resource_type,omitempty"`
	// Redirects are the addresses that led to URL, first to last.
	Redirects []string `json:"redirects,omitempty"`
	// Bounce is true for the response of another site that the visitor was sent
	// through on the way to the page. Its cookies are the other site's, a third
	// party's, although its address stood in the address bar.
	Bounce bool `json:"bounce,omitempty"`

	// Script, Line and Column name the code that wrote, or that made the request
	// whose response wrote; Line and Column count from 1. Stack is the call stack,
	// innermost first.
	Script string `json:"script,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Stack  []Call `json:"stack,omitempty"`
	// Initiators are the scripts that brought the setter into the page,
	// innermost first.
	Initiators []string `json:"initiators,omitempty"`

	// Raw is the Set-Cookie line or what the script wrote, with the value
	// replaced by its length.
	Raw string `json:"raw"`
	// Requested is the lifetime asked for in seconds; nil for none, that is,
	// for a session cookie.
	Requested *int64 `json:"requested_seconds"`
	Value     Value  `json:"value"`
	// Deletes is true for a write that expires the cookie.
	Deletes bool `json:"deletes,omitempty"`
	// Blocked gives the browser's reasons for refusing the cookie; empty where
	// it was accepted.
	Blocked []string `json:"blocked,omitempty"`
}

// A Call is one frame of a script's stack.
type Call struct {
	Function string `json:"function,omitempty"`
	URL      string `json:"url"`
	Line     int    `json:"line"`   // from 1
	Column   int    `json:"column"` // from 1
}

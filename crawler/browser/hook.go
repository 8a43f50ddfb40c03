package browser

import (
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

//go:embed hook.js
var hookSource string

// newMark returns what the hook's messages begin with. It also names what the
// hook leaves in a document, so a page must not be able to guess it.
func newMark() string { return "m" + strings.ToLower(rand.Text()) }

// hook returns the hook's source for one session. Two sessions can share a
// process, where each must only report of its own documents.
func hook(mark string, session int) string {
	return strings.NewReplacer("%MARK%", mark, "%NAME%", hookName(mark, session)).Replace(hookSource)
}

func hookName(mark string, session int) string { return mark + strconv.Itoa(session) }

// hookClock is an expression for what the clock shows, in milliseconds since
// 1970, whatever a page has made of Date; 0 where there is no hook.
func hookClock(mark string, session int) string {
	name := hookName(mark, session)
	return "typeof " + name + `==="function"?` + name + "():0"
}

// A report is what the hook says of one write. Everything in it comes from the
// page's process and is not to be trusted.
type report struct {
	// Number counts the writes of a document or worker. A report without a kind
	// says what became of the write of its number.
	Number int     `json:"n"`
	Kind   string  `json:"k"`
	At     float64 `json:"t"` // milliseconds since 1970 on the page's clock
	URL    string  `json:"u"`
	// Text is what was assigned to document.cookie.
	Text string      `json:"v"`
	Data *cookieArgs `json:"d"`
	// Seen: whether the cookie could be read back; nil where nobody looked.
	Seen *bool `json:"seen"`
	// Unread: the arguments could not be read without the page's noticing.
	Unread bool `json:"unread"`
}

// cookieArgs are the arguments of cookieStore.set and of storage writes.
type cookieArgs struct {
	Name        string          `json:"name"`
	Value       string          `json:"value"`
	Domain      string          `json:"domain"`
	Path        *string         `json:"path"`
	Expires     json.RawMessage `json:"expires"` // milliseconds since 1970
	MaxAge      json.RawMessage `json:"maxAge"`  // seconds
	SameSite    string          `json:"sameSite"`
	Partitioned bool            `json:"partitioned"`
}

// maxReport bounds a report: a page may write megabytes into a storage key's
// name, and the record must not grow with it. The hook cuts what it reads to
// 32768 characters of at most three bytes, or six where JSON escapes them.
const maxReport = 1 << 19

func parseReport(payload string) (*report, error) {
	if len(payload) > maxReport {
		return nil, fmt.Errorf("report of %d bytes is too long", len(payload))
	}
	r := new(report)
	if err := json.Unmarshal([]byte(payload), r); err != nil {
		return nil, fmt.Errorf("decode the hook's report: %w", err)
	}
	return r, nil
}

func hostOf(address string) string {
	u, err := url.Parse(strings.TrimPrefix(address, "blob:"))
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

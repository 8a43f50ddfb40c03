package browser

import (
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"cookieaudit/crawler/evidence"
)

//go:embed hook.js
var hookSource string

// bindingPlaceholder stands in the hook for the name of the binding.
const bindingPlaceholder = "%BINDING%"

// newBinding returns a name for the function through which the hook reports. A
// page cannot guess it, and the hook removes it from a document before the
// page's first script.
func newBinding() string { return "b" + strings.ToLower(rand.Text()) }

func hook(binding string) string { return strings.Replace(hookSource, bindingPlaceholder, binding, 2) }

// A report is what the hook says of one write. Everything in it comes from the
// page's process and is not to be trusted.
type report struct {
	Kind string  `json:"k"`
	At   float64 `json:"t"` // milliseconds since 1970 on the page's clock
	URL  string  `json:"u"`
	// Text is what was assigned to document.cookie.
	Text  string      `json:"v"`
	Data  *cookieArgs `json:"d"`
	Stack string      `json:"s"`
	// Seen: the cookie could be read back at once.
	Seen    bool   `json:"seen"`
	Refused string `json:"refused"`
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
// name, and the record must not grow with it.
const maxReport = 64 << 10

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

// calls reads a V8 stack trace, innermost frame first. The first line is the
// error's name; the frames of the hook itself have no address.
func (r *report) calls() []evidence.Call {
	var calls []evidence.Call
	for line := range strings.Lines(r.Stack) {
		c, ok := parseFrame(strings.TrimSpace(line))
		if ok {
			calls = append(calls, c)
		}
	}
	return calls
}

// parseFrame reads "at name (url:line:column)" or "at url:line:column".
func parseFrame(s string) (evidence.Call, bool) {
	s, ok := strings.CutPrefix(s, "at ")
	if !ok {
		return evidence.Call{}, false
	}
	var c evidence.Call
	place := s
	switch name, made, isEval := strings.Cut(s, "eval at "); {
	case isEval:
		// "eval at f (url:1:2), <anonymous>:3:4": the code was made by code at the
		// inner address, which is the one that can be looked up.
		c.Function = strings.TrimSuffix(name, " (")
		place, _, _ = strings.Cut(made, ")")
		place = place[strings.LastIndex(place, "(")+1:]
	case strings.HasSuffix(s, ")"):
		if i := strings.LastIndex(s, " ("); i >= 0 {
			c.Function, place = s[:i], s[i+2:len(s)-1]
		}
	}
	place = strings.TrimPrefix(place, "async ")
	rest, column, ok := cutNumber(place)
	if !ok {
		return c, false
	}
	address, line, ok := cutNumber(rest)
	if !ok || !strings.Contains(address, ":") {
		return c, false // <anonymous>: the hook, or code without an address
	}
	c.URL, c.Line, c.Column = address, line, column
	return c, true
}

// cutNumber cuts ":123" off the end of s.
func cutNumber(s string) (rest string, n int, ok bool) {
	i := strings.LastIndex(s, ":")
	if i < 0 {
		return s, 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	return s[:i], n, err == nil
}

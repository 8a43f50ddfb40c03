package consent

import (
	"strings"
	"unicode/utf8"
)

// A role is what a control of a banner does, in the words of
// evidence.BannerControl.
type role string

const (
	accept      role = "accept"
	reject      role = "reject"
	settings    role = "settings"
	save        role = "save"
	closes      role = "close"
	acknowledge role = "acknowledge"
	link        role = "link"
	other       role = "other"
	// toggle is an input for one purpose; it is reported as other.
	toggle role = "toggle"

	// learn and veto exist only among words: they end as link or other.
	learn role = "learn"
	veto  role = "veto"
)

// A control is something in a banner that can be clicked, as the probe saw it.
type control struct {
	Path    []int  `json:"path"`
	Kind    string `json:"kind"` // button, link, toggle, radio
	Name    string `json:"name"` // accessible name
	Text    string `json:"text"` // visible text
	Href    string `json:"href"` // where a link leads, when to another document
	Group   string `json:"group"`
	Width   int    `json:"width"`
	Height  int    `json:"height"`
	Checked bool   `json:"checked"`
	Locked  bool   `json:"locked"`
}

// label is what a report calls the control.
func (c *control) label() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Text
}

// maxLabel is the longest label that is read as a command, in runes. What is
// longer is a sentence that happens to be clickable.
const maxLabel = 80

// roleOf classifies a control by its accessible name, and by its visible text
// where the name says nothing, or only what becomes of the box: "Got it" is
// often named "dismiss cookie message".
func (c *control) roleOf() role {
	if c.Kind == "toggle" || c.Kind == "radio" {
		return toggle
	}
	r := labelRole(c.Name)
	if r == other || r == closes {
		if t := labelRole(c.Text); t != other && t != veto {
			r = t
		}
	}
	switch {
	case c.Locked:
		return other
	case r == learn && c.Kind == "link":
		return link
	case r == learn:
		return other
	case c.Kind != "link" || c.Href == "":
		return r
	}
	// A link to another document is a choice only where it says so: settings
	// that lie on another page are not a layer of this banner.
	if r == accept || r == reject {
		return r
	}
	return link
}

// labelRole classifies a label. Subscriptions, log-ins and purchases are never
// a choice, whatever else the label offers.
func labelRole(label string) role {
	if utf8.RuneCountInString(label) > maxLabel {
		return other
	}
	if isCross(label) {
		return closes
	}
	text := padded(label)
	best, length := other, 0
	for _, w := range words().controls {
		n := w.phrases.longest(text)
		if w.role == veto && n > 0 {
			return other
		}
		if n > length {
			best, length = w.role, n
		}
	}
	return best
}

// isCross recognises the signs that close a box.
func isCross(label string) bool {
	switch strings.TrimSpace(label) {
	case "×", "✕", "✖", "✗", "✘", "╳", "⨯", "⨉", "❌", "X", "x":
		return true
	}
	return false
}

// optional reports whether a toggle is a choice: it is not locked and not called
// necessary.
func (c *control) optional() bool {
	return !c.Locked && !words().necessary.in(padded(c.Name))
}

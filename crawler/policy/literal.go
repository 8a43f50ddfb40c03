package policy

import (
	"strings"
	"unicode/utf8"
)

// Bounds on the literals of one script.
const (
	maxScript   = 4 << 20 // bytes
	maxLiterals = 200_000 // values
)

// A literalReader reads the object and array literals of a script without
// running it: JSON, and what JavaScript adds to it (bare keys, other quotes,
// comments, trailing commas, regular expressions). Any other expression is an
// empty value.
type literalReader struct {
	s    string
	i    int
	left int // values that may still be read
}

// An assigned literal and the name that it was given.
type assigned struct {
	name  string
	node  *node
	whole bool // the script is the literal
}

// literals finds the literals of a script that are assigned, passed or
// returned, or that are all of it.
func literals(script string) []assigned {
	r := &literalReader{s: script[:min(len(script), maxScript)], left: maxLiterals}
	var out []assigned
	before, name := byte(0), ""
	for r.i < len(r.s) && r.left > 0 {
		r.blank()
		if r.i >= len(r.s) {
			break
		}
		begin := r.i
		switch c := r.s[r.i]; {
		case c == '"' || c == '\'' || c == '`':
			name = r.quoted(c)
		case (c == '{' || c == '[') && (before == 0 || strings.IndexByte("=(,:?", before) >= 0):
			out = append(out, assigned{name, r.value(0), before == 0})
		case identifier(c):
			for r.i < len(r.s) && identifier(r.s[r.i]) {
				r.i++
			}
			name = r.s[begin:r.i]
			if name == "return" {
				before = '='
				continue
			}
		default:
			r.i++
		}
		before = r.s[r.i-1]
	}
	return out
}

func identifier(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf
}

// blank skips white space and comments.
func (r *literalReader) blank() {
	for r.i < len(r.s) {
		rest := r.s[r.i:]
		switch {
		case rest[0] == ' ' || rest[0] == '\n' || rest[0] == '\t' || rest[0] == '\r':
			r.i++
		case strings.HasPrefix(rest, "//"):
			r.skipPast("\n")
		case strings.HasPrefix(rest, "/*"):
			r.skipPast("*/")
		default:
			return
		}
	}
}

func (r *literalReader) skipPast(mark string) {
	if n := strings.Index(r.s[r.i+2:], mark); n >= 0 {
		r.i += 2 + n + len(mark)
	} else {
		r.i = len(r.s)
	}
}

// value reads the value at the current place.
func (r *literalReader) value(depth int) *node {
	r.blank()
	r.left--
	if r.i >= len(r.s) {
		return &node{}
	}
	n := &node{}
	switch c := r.s[r.i]; {
	case depth > maxDepth || r.left <= 0:
		r.expression()
	case c == '{':
		r.members(n, depth)
	case c == '[':
		n.list = true
		r.i++
		for !r.closes(']') {
			n.values = append(n.values, r.value(depth+1))
		}
	case c == '"' || c == '\'' || c == '`':
		n.text = r.quoted(c)
		r.expression() // what is added to it
	default:
		n.text = r.expression()
	}
	return n
}

// members reads the members of an object; methods and spreads have no value.
func (r *literalReader) members(n *node, depth int) {
	n.object = true
	r.i++
	for !r.closes('}') {
		var key string
		if c := r.s[r.i]; c == '"' || c == '\'' {
			key = r.quoted(c)
		} else {
			begin := r.i
			for r.i < len(r.s) && identifier(r.s[r.i]) {
				r.i++
			}
			key = r.s[begin:r.i]
		}
		r.blank()
		if r.i < len(r.s) && r.s[r.i] == ':' {
			r.i++
			n.keys = append(n.keys, key)
			n.values = append(n.values, r.value(depth+1))
			continue
		}
		r.expression()
	}
}

// closes passes over commas and reports whether the end of a list or an object
// was passed, or that of the script.
func (r *literalReader) closes(mark byte) bool {
	for {
		r.blank()
		if r.i >= len(r.s) {
			return true
		}
		switch r.s[r.i] {
		case mark:
			r.i++
			return true
		case ',':
			r.i++
		case '}', ']', ')', ';':
			return true // the other kind: broken, or cut
		default:
			return false
		}
	}
}

// expression skips to the comma or bracket that ends an expression, and returns
// its text where it is short: a number, a word, a regular expression.
func (r *literalReader) expression() string {
	begin, open := r.i, 0
	for r.i < len(r.s) {
		switch c := r.s[r.i]; c {
		case '"', '\'', '`':
			r.quoted(c)
			continue
		case '/':
			if before := strings.TrimSpace(r.s[begin:r.i]); before == "" || strings.HasSuffix(before, "/") {
				r.quoted('/')
				continue
			}
		case '{', '[', '(':
			open++
		case '}', ']', ')':
			if open--; open < 0 {
				return short(r.s[begin:r.i])
			}
		case ',':
			if open == 0 {
				return short(r.s[begin:r.i])
			}
		}
		r.i++
	}
	return short(r.s[begin:r.i])
}

func short(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 200 || strings.ContainsAny(text, "\n{") || text == "null" || text == "undefined" {
		return ""
	}
	return text
}

// quoted reads a text up to its closing mark.
func (r *literalReader) quoted(mark byte) string {
	r.i++
	begin := r.i
	escaped := false
	for r.i < len(r.s) {
		switch r.s[r.i] {
		case '\\':
			escaped = true
			r.i++
		case mark:
			text := r.s[begin:r.i]
			r.i++
			if escaped && mark != '/' {
				text = unescape(text)
			}
			return text
		}
		r.i++
	}
	r.i = len(r.s)
	return r.s[begin:]
}

// unescape undoes the escapes of a string that matter to a name or a sentence.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 >= len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'r', 't', '\n':
			b.WriteByte(' ')
		case 'u', 'x':
			digits := 4
			if s[i] == 'x' {
				digits = 2
			}
			if r, ok := hexRune(s[i+1:], digits); ok {
				b.WriteRune(r)
				i += digits
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return strings.ToValidUTF8(b.String(), "")
}

func hexRune(s string, digits int) (rune, bool) {
	if len(s) < digits {
		return 0, false
	}
	r := rune(0)
	for i := range digits {
		n := strings.IndexByte("0123456789abcdef", lower(s[i]))
		if n < 0 {
			return 0, false
		}
		r = r<<4 | rune(n)
	}
	return r, true
}

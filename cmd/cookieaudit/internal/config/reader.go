package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A Problem is one mistake in a file.
type Problem struct {
	File string
	// Line and Column count from 1; 0 where the place is not known.
	Line, Column int
	Message      string
}

func (p Problem) Error() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", where, p.Line)
	}
	if p.Column > 0 {
		where = fmt.Sprintf("%s:%d", where, p.Column)
	}
	return where + ": " + p.Message
}

// Problems are all the mistakes in a configuration, in the order of the files.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// A reader walks a file and collects what is wrong with it.
type reader struct {
	file string
	// folder is what relative paths in the file start from.
	folder   string
	problems Problems
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: n.Line, Column: n.Column, Message: fmt.Sprintf(format, args...)})
}

// A field is one key of a mapping.
type field struct {
	name, doc string
	required  bool
	value     value
}

// A value reads one node, and describes what it reads as JSON Schema.
type value struct {
	schema map[string]any
	read   func(r *reader, n *yaml.Node)
}

func required(f field) field {
	f.required = true
	return f
}

// object reads a mapping with fields; what names it in messages.
func (r *reader) object(n *yaml.Node, what string, fields []field) {
	if !r.isKind(n, yaml.MappingNode, what, "keys with values") {
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		at := slices.IndexFunc(fields, func(f field) bool { return f.name == key.Value })
		switch line, twice := seen[key.Value]; {
		case at < 0:
			r.unknown(key, what, fields)
		case twice:
			r.fail(key, "%s is there twice: it is in line %d already", key.Value, line)
		default:
			fields[at].value.read(r, val)
		}
		seen[key.Value] = key.Line
	}
	for _, f := range fields {
		if _, ok := seen[f.name]; f.required && !ok {
			r.fail(n, "%s lacks %s: %s", what, f.name, f.doc)
		}
	}
}

func (r *reader) unknown(key *yaml.Node, what string, fields []field) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	r.fail(key, "%s has no key %q: %s", what, clip(key.Value), suggest(key.Value, names))
}

// isKind refuses a node of another kind. An alias is refused too: a few lines of
// them can stand for gigabytes.
func (r *reader) isKind(n *yaml.Node, kind yaml.Kind, what, want string) bool {
	switch {
	case n.Kind == kind && n.Tag != "!!null":
		return true
	case n.Kind == yaml.AliasNode:
		r.fail(n, "%s is an alias (*%s): write its value out, or put it under defaults", what, clip(n.Value))
	case n.Tag == "!!null":
		r.fail(n, "%s is empty: write %s, or leave the key out", what, want)
	default:
		r.fail(n, "%s is %s: write %s", what, kindName(n), want)
	}
	return false
}

func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!int", n.Tag == "!!float":
		return "a number"
	case n.Tag == "!!bool":
		return "true or false"
	}
	return "a text"
}

// suggest says which of the names was meant, or lists them.
func suggest(given string, names []string) string {
	if best := nearest(given, names); best != "" {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return "use " + either(names)
}

// nearest returns the name that was probably meant; empty where none was.
func nearest(given string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	best := slices.MinFunc(names, func(a, b string) int { return cmp.Compare(distance(given, a), distance(given, b)) })
	if distance(given, best) > max(1, len(best)/3) {
		return ""
	}
	return best
}

// either lists names: "a, b or c".
func either(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// maxWord is longer than any key, in bytes; longer words are not compared.
const maxWord = 40

// distance is how many letters have to be changed, added or removed to make one
// word of the other (Levenshtein).
func distance(a, b string) int {
	if len(a) > maxWord {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// clip shortens what a message repeats of a file.
func clip(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

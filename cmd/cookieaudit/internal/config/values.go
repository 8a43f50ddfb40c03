package config

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// scalar returns the text of a node that holds one value. A date counts as a
// text: only YAML's older type system makes something else of it.
func (r *reader) scalar(n *yaml.Node, name, want string, tags ...string) (string, bool) {
	if !r.isKind(n, yaml.ScalarNode, name, want) {
		return "", false
	}
	if !slices.Contains(tags, n.Tag) {
		hint := ""
		if slices.Contains(tags, "!!str") {
			hint = ", in quotes"
		}
		r.fail(n, "%s is %s: write %s%s", name, kindName(n), want, hint)
		return "", false
	}
	return n.Value, true
}

// text is a string that check, where there is one, accepts.
func text(name, doc string, into *string, check func(string) error) field {
	return field{name: name, doc: doc, value: textValue(name, "a text", check, func(s string) { *into = s })}
}

func textValue(name, want string, check func(string) error, put func(string)) value {
	return value{
		schema: map[string]any{"type": "string", "minLength": 1},
		read: func(r *reader, n *yaml.Node) {
			s, ok := r.scalar(n, name, want, "!!str", "!!timestamp")
			if !ok {
				return
			}
			if s == "" {
				r.fail(n, "%s is empty: write %s, or leave the key out", name, want)
				return
			}
			if check != nil {
				if err := check(s); err != nil {
					r.fail(n, "%s: %v", name, err)
					return
				}
			}
			put(s)
		},
	}
}

// fitting adds a regular expression that the schema asks of a text.
func fitting(f field, pattern string) field {
	f.value.schema["pattern"] = pattern
	return f
}

// path is a file; a relative one starts at the folder of the configuration.
func path(name, doc string, into *string) field {
	f := field{name: name, doc: doc}
	f.value = value{
		schema: map[string]any{"type": "string", "minLength": 1},
		read: func(r *reader, n *yaml.Node) {
			textValue(name, "a file", nil, func(s string) { *into = r.path(s) }).read(r, n)
		},
	}
	return f
}

func (r *reader) path(s string) string {
	if filepath.IsAbs(s) {
		return s
	}
	return filepath.Join(r.folder, s)
}

// word is one of a few values.
func word[T ~string](name, doc string, into *T, values []T) field {
	return field{name: name, doc: doc, value: wordValue(name, values, func(v T) { *into = v })}
}

func wordValue[T ~string](name string, values []T, put func(T)) value {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	return value{
		schema: map[string]any{"enum": names},
		read: func(r *reader, n *yaml.Node) {
			s, ok := r.scalar(n, name, either(names), "!!str")
			switch {
			case !ok:
			case !slices.Contains(values, T(s)):
				r.fail(n, "%s %q: %s", name, clip(s), suggest(s, names))
			default:
				put(T(s))
			}
		},
	}
}

func flag(name, doc string, into *bool) field {
	return field{name: name, doc: doc, value: value{
		schema: map[string]any{"type": "boolean"},
		read: func(r *reader, n *yaml.Node) {
			if s, ok := r.scalar(n, name, "true or false", "!!bool"); ok {
				*into = strings.EqualFold(s, "true")
			}
		},
	}}
}

func number(name, doc string, into *int, least, most int) field {
	want := fmt.Sprintf("a whole number from %d to %d", least, most)
	return field{name: name, doc: doc, value: value{
		schema: map[string]any{"type": "integer", "minimum": least, "maximum": most},
		read: func(r *reader, n *yaml.Node) {
			s, ok := r.scalar(n, name, want, "!!int")
			if !ok {
				return
			}
			v, err := strconv.ParseInt(s, 0, 64)
			if err != nil || v < int64(least) || v > int64(most) {
				r.fail(n, "%s %s: write %s", name, clip(s), want)
				return
			}
			*into = int(v)
		},
	}}
}

// spanPattern is what the schema says of ParseSpan.
const spanPattern = `^([0-9]+(\.[0-9]+)?(ms|s|m|h|d|w))+$`

func span(name, doc string, into *time.Duration, least time.Duration) field {
	return field{name: name, doc: doc, value: value{
		schema: map[string]any{"type": "string", "pattern": spanPattern},
		read: func(r *reader, n *yaml.Node) {
			s, ok := r.scalar(n, name, "a time with its unit such as 30s, 5m, 12h or 400d", "!!str")
			if !ok {
				return
			}
			d, err := ParseSpan(s)
			switch {
			case err != nil:
				r.fail(n, "%s %q: %v", name, clip(s), err)
			case d < least:
				r.fail(n, "%s %q: it is at least %s", name, clip(s), least)
			default:
				*into = d
			}
		},
	}}
}

var errSpan = errors.New("write a time with its unit such as 30s, 5m, 12h or 400d")

// ParseSpan reads a length of time: as Go writes it, and with days (24 h) and
// weeks.
func ParseSpan(s string) (time.Duration, error) {
	total := 0.0
	units := []struct {
		name   string
		length time.Duration
	}{{"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}, {"w", 7 * 24 * time.Hour}}
	rest := s
	for rest != "" {
		end := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if end < 1 {
			return 0, errSpan
		}
		n, err := strconv.ParseFloat(rest[:end], 64)
		if err != nil {
			return 0, errSpan
		}
		rest = rest[end:]
		at := slices.IndexFunc(units, func(u struct {
			name   string
			length time.Duration
		},
		) bool {
			return strings.HasPrefix(rest, u.name)
		})
		if at < 0 {
			return 0, errSpan
		}
		rest = rest[len(units[at].name):]
		total += n * float64(units[at].length)
	}
	if s == "" || total > math.MaxInt64/2 {
		return 0, errSpan
	}
	return time.Duration(total), nil
}

// list is a list of values; a single one may stand without brackets. item
// returns the value that reads one element and puts it into the list.
func list[T any](name, doc string, into *[]T, item func(put func(T)) value) field {
	one := item(func(T) {})
	return field{name: name, doc: doc, value: value{
		schema: map[string]any{"anyOf": []any{one.schema, map[string]any{"type": "array", "items": one.schema}}},
		read: func(r *reader, n *yaml.Node) {
			items := []*yaml.Node{n}
			if n.Kind == yaml.SequenceNode {
				items = n.Content
			}
			read := []T{}
			for _, it := range items {
				item(func(v T) { read = append(read, v) }).read(r, it)
			}
			*into = read
		},
	}}
}

// texts is a list of strings.
func texts(name, doc string, into *[]string, check func(string) error) field {
	return list(name, doc, into, func(put func(string)) value { return textValue(name, "a text", check, put) })
}

// paths is a list of files.
func paths(name, doc string, into *[]string) field {
	return list(name, doc, into, func(put func(string)) value {
		var p string
		v := path(name, doc, &p).value
		read := v.read
		v.read = func(r *reader, n *yaml.Node) {
			p = ""
			if read(r, n); p != "" {
				put(p)
			}
		}
		return v
	})
}

// words is a list of values of a few.
func words[T ~string](name, doc string, into *[]T, values []T) field {
	return list(name, doc, into, func(put func(T)) value { return wordValue(name, values, put) })
}

// object is a mapping with fields of its own.
func object(name, doc string, fields []field) field {
	return field{name: name, doc: doc, value: value{
		schema: objectSchema(fields),
		read:   func(r *reader, n *yaml.Node) { r.object(n, name, fields) },
	}}
}

// objects is a list of mappings. read fills one and is told where it stands.
func objects(name, doc, what string, fields []field, read func(r *reader, n *yaml.Node)) field {
	return field{name: name, doc: doc, value: value{
		schema: map[string]any{"type": "array", "items": objectSchema(fields)},
		read: func(r *reader, n *yaml.Node) {
			if !r.isKind(n, yaml.SequenceNode, name, "a list, each entry behind a dash") {
				return
			}
			for _, it := range n.Content {
				if r.isKind(it, yaml.MappingNode, what, "keys with values") {
					read(r, it)
				}
			}
		},
	}}
}

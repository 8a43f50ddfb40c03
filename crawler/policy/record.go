package policy

import (
	"strings"

	"cookieaudit/crawler/evidence"
)

// A record is one row, block or sentence that declares cookies, whatever its
// layout was.
type record struct {
	fields []field
	names  []nameRef
	quote  string
	pos    int
	path   []entry
	// intro is the class that a sentence above the record gives to it.
	intro classified
	// stored is where a text above says that what the record names is kept.
	stored evidence.StorageKind
	group  string // the heading row of the table above the record
	rows   int    // further rows that belong to it
}

// A field is one labelled text of a record.
type field struct {
	kind  fieldKind
	label string
	text  string
}

func (r *record) add(kind fieldKind, label, text string) {
	if text = strings.TrimSpace(text); text != "" {
		r.fields = append(r.fields, field{kind, label, text})
	}
}

// addLabelled adds the parts of a cell that has a label of its own on every
// line; false where it has not.
func (r *record) addLabelled(text string) bool {
	if !strings.Contains(text, ":") || !strings.Contains(text, "\n") || len(text) > 5000 {
		return false
	}
	var found []field
	for line := range strings.SplitSeq(text, "\n") {
		head, parts := labelledParts(unbullet(line))
		if len(parts) == 0 && !foreignLabel(line) || strings.TrimSpace(head) != "" && len(parts) > 0 {
			return false
		}
		found = append(found, parts...)
	}
	for _, f := range found {
		if f.kind != ignoredField && f.kind != nameField {
			r.add(f.kind, f.label, f.text)
		}
	}
	return len(found) > 0
}

func (r *record) has(kind fieldKind) bool {
	for _, f := range r.fields {
		if f.kind == kind {
			return true
		}
	}
	return false
}

// tellsOfStorage reports whether a field says what only storage has: a
// lifetime, a host, a purpose class, a kind of storage.
func (r *record) tellsOfStorage() bool {
	for _, f := range r.fields {
		switch f.kind {
		case lifetimeField:
			if _, ok := parseLifetime(f.text, headerUnit(f.label)); ok {
				return true
			}
		case hostField:
			if hostOf(f.text) != "" {
				return true
			}
		case categoryField, typeField, storageField:
			if labelClass(f.text).found || storageOf(f.text) != "" {
				return true
			}
		}
	}
	return false
}

// label is the first label of one kind.
func (r *record) label(kind fieldKind) string {
	for _, f := range r.fields {
		if f.kind == kind {
			return f.label
		}
	}
	return ""
}

// text joins the texts of one kind.
func (r *record) text(kind fieldKind) string {
	var parts []string
	for _, f := range r.fields {
		if f.kind == kind {
			parts = append(parts, f.text)
		}
	}
	return strings.Join(parts, "\n")
}

// section is the nearest heading of the record outside of its table.
func (r *record) section() string {
	path := r.path
	if r.group != "" {
		path = path[:len(path)-1]
	}
	return sectionOf(path)
}

// sectionOf is the nearest heading of a path.
func sectionOf(path []entry) string {
	if len(path) == 0 {
		return ""
	}
	return clip(path[len(path)-1].text, 200)
}

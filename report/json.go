package report

import (
	"bytes"
	_ "embed" // the schema ships inside the binary
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

//go:embed schema/report-v1.schema.json
var schemaV1 string

// JSONSchema returns the JSON Schema (draft 2020-12) of the report's JSON form.
func JSONSchema() string { return schemaV1 }

// WriteJSON writes the report as one indented JSON object.
func WriteJSON(w io.Writer, r *Report, _ Options) error { return writeJSON(w, r, indent) }

// WriteJSONL writes the report as one JSON object on one line.
func WriteJSONL(w io.Writer, r *Report, _ Options) error { return writeJSON(w, r, "") }

// WriteValue writes any value as indented JSON, as safe to print as a report.
func WriteValue(w io.Writer, v any) error { return writeJSON(w, v, indent) }

const indent = "  "

func writeJSON(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("encode JSON: %w", err)
	}
	if _, err := w.Write(escapeJSON(b.Bytes())); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// escapeJSON writes as \u escapes the control and format characters that JSON
// allows as they are: a report that is printed must not drive the terminal (C1
// controls do) or turn its text around. Outside strings JSON has none of them,
// so that nothing else changes.
func escapeJSON(doc []byte) []byte {
	out := make([]byte, 0, len(doc))
	for i := 0; i < len(doc); {
		r, n := utf8.DecodeRune(doc[i:])
		switch {
		case r == '\n' || r >= ' ' && r < 0x7f || !unprintable(r):
			out = append(out, doc[i:i+n]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	return out
}

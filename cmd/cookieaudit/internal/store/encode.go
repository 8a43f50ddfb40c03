package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An encoder writes values as JSON that json.Unmarshal reads back as they were.
// It differs from json.Marshal in three points: every zero value is left out,
// which makes records a third smaller; a list that is empty but not nil is
// always kept, even where the tag says omitempty, because a record must come
// back exactly; and "&" stays one byte, of which addresses are full.
//
// It is for one goroutine; it remembers the fields of the types it has seen.
type encoder struct {
	fields map[reflect.Type][]field
	buf    []byte
}

type field struct {
	index int
	key   string // `"name":`; empty for an embedded struct
}

func newEncoder() *encoder {
	return &encoder{fields: map[reflect.Type][]field{}}
}

// encode returns v, or what v points to, as JSON.
func (e *encoder) encode(v any) (string, error) {
	e.buf = e.buf[:0]
	if err := e.value(reflect.ValueOf(v)); err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(e.buf), nil
}

func (e *encoder) value(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		if _, ok := v.Interface().(json.Marshaler); ok { // times
			return e.encodeStandard(v.Interface())
		}
		e.buf = append(e.buf, '{')
		if err := e.members(v); err != nil {
			return err
		}
		e.trimComma()
		e.buf = append(e.buf, '}')
		return nil
	case reflect.Pointer:
		if v.IsNil() {
			e.buf = append(e.buf, "null"...)
			return nil
		}
		return e.value(v.Elem())
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 { // base64
			return e.encodeStandard(v.Interface())
		}
		return e.list(v)
	case reflect.String:
		return e.text(v.String())
	case reflect.Int, reflect.Int64:
		e.buf = strconv.AppendInt(e.buf, v.Int(), 10)
		return nil
	default:
		return e.encodeStandard(v.Interface())
	}
}

// members writes the fields of a struct, each followed by a comma.
func (e *encoder) members(v reflect.Value) error {
	for _, f := range e.fieldsOf(v.Type()) {
		member := v.Field(f.index)
		if member.IsZero() {
			continue
		}
		if f.key == "" {
			if err := e.members(member); err != nil {
				return err
			}
			continue
		}
		e.buf = append(e.buf, f.key...)
		if err := e.value(member); err != nil {
			return err
		}
		e.buf = append(e.buf, ',')
	}
	return nil
}

func (e *encoder) fieldsOf(t reflect.Type) []field {
	if fields, ok := e.fields[t]; ok {
		return fields
	}
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			fields = append(fields, field{index: i})
		case name == "":
			fields = append(fields, field{index: i, key: strconv.Quote(f.Name) + ":"})
		default:
			fields = append(fields, field{index: i, key: strconv.Quote(name) + ":"})
		}
	}
	e.fields[t] = fields
	return fields
}

func (e *encoder) list(v reflect.Value) error {
	if v.IsNil() {
		e.buf = append(e.buf, "null"...)
		return nil
	}
	e.buf = append(e.buf, '[')
	for i := range v.Len() {
		if err := e.value(v.Index(i)); err != nil {
			return err
		}
		e.buf = append(e.buf, ',')
	}
	e.trimComma()
	e.buf = append(e.buf, ']')
	return nil
}

func (e *encoder) trimComma() {
	e.buf = bytes.TrimSuffix(e.buf, []byte{','})
}

func (e *encoder) text(s string) error {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return e.encodeStandard(s)
		}
	}
	e.buf = append(e.buf, '"')
	e.buf = append(e.buf, s...)
	e.buf = append(e.buf, '"')
	return nil
}

func (e *encoder) encodeStandard(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	e.buf = append(e.buf, bytes.TrimSuffix(b.Bytes(), []byte{'\n'})...)
	return nil
}

// decode reads what encode wrote.
func decode[T ~string | ~[]byte](record T, into any) error {
	if err := json.Unmarshal([]byte(record), into); err != nil {
		return fmt.Errorf("decode %T: %w", into, err)
	}
	return nil
}

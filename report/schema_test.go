package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/xeipuuv/gojsonschema"

	"cookieaudit/audit"
	"cookieaudit/report"
)

// A walker checks a decoded document against the part of JSON Schema that the
// shipped schema uses. Any other keyword is an error, so that the schema cannot
// outgrow its test unnoticed. It is stricter than JSON Schema in one thing: every
// field must be described.
type walker struct {
	defs map[string]any
	errs []string
}

func (w *walker) fail(path, format string, args ...any) {
	w.errs = append(w.errs, path+": "+fmt.Sprintf(format, args...))
}

func (w *walker) check(path string, schema map[string]any, v any) {
	for key, arg := range schema {
		switch key {
		case "$schema", "$id", "$defs", "title", "description", "format", "properties", "additionalProperties":
		case "$ref":
			def, ok := w.defs[strings.TrimPrefix(arg.(string), "#/$defs/")]
			if !ok {
				w.fail(path, "no such definition: %v", arg)
				continue
			}
			w.check(path, def.(map[string]any), v)
		case "type":
			w.checkType(path, arg, v)
		case "enum":
			if !slices.Contains(arg.([]any), v) {
				w.fail(path, "%v is none of %v", v, arg)
			}
		case "const":
			if v != arg {
				w.fail(path, "%v is not %v", v, arg)
			}
		case "minimum":
			if n, ok := v.(float64); ok && n < arg.(float64) {
				w.fail(path, "%v is below %v", v, arg)
			}
		case "maximum":
			if n, ok := v.(float64); ok && n > arg.(float64) {
				w.fail(path, "%v is above %v", v, arg)
			}
		case "items":
			if xs, ok := v.([]any); ok {
				for i, x := range xs {
					w.check(fmt.Sprintf("%s[%d]", path, i), arg.(map[string]any), x)
				}
			}
		case "required":
			if o, ok := v.(map[string]any); ok {
				for _, name := range arg.([]any) {
					if _, ok := o[name.(string)]; !ok {
						w.fail(path, "%v is missing", name)
					}
				}
			}
		default:
			w.fail(path, "the test does not know the keyword %s", key)
		}
	}
	w.checkProperties(path, schema, v)
}

func (w *walker) checkProperties(path string, schema map[string]any, v any) {
	o, isObject := v.(map[string]any)
	if !isObject || schema["$ref"] != nil {
		return
	}
	props, _ := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(o)) {
		sub, ok := props[name].(map[string]any)
		if further, open := schema["additionalProperties"].(map[string]any); !ok && open {
			sub, ok = further, true
		}
		if !ok {
			w.fail(path, "%s is not described", name)
			continue
		}
		w.check(path+"."+name, sub, o[name])
	}
}

func (w *walker) checkType(path string, arg, v any) {
	allowed, ok := arg.([]any)
	if !ok {
		allowed = []any{arg}
	}
	got := map[string]bool{}
	switch x := v.(type) {
	case nil:
		got["null"] = true
	case bool:
		got["boolean"] = true
	case string:
		got["string"] = true
	case float64:
		got["number"], got["integer"] = true, x == float64(int64(x))
	case []any:
		got["array"] = true
	case map[string]any:
		got["object"] = true
	}
	if !slices.ContainsFunc(allowed, func(a any) bool { return got[a.(string)] }) {
		w.fail(path, "%v is not of type %v", v, arg)
	}
}

func validate(t *testing.T, doc []byte) []string {
	t.Helper()
	var schema map[string]any
	if err := json.Unmarshal([]byte(report.JSONSchema()), &schema); err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatal(err)
	}
	w := &walker{defs: schema["$defs"].(map[string]any)}
	w.check("$", schema, v)
	return append(w.errs, foreignErrors(t, doc)...)
}

// foreignErrors are those of a library that knows nothing of us.
func foreignErrors(t *testing.T, doc []byte) []string {
	t.Helper()
	l := gojsonschema.NewSchemaLoader()
	l.AutoDetect, l.Draft = false, gojsonschema.Draft7 // our keywords mean the same there
	schema, err := l.Compile(gojsonschema.NewStringLoader(report.JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	result, err := schema.Validate(gojsonschema.NewBytesLoader(doc))
	if err != nil {
		t.Fatal(err)
	}
	var errs []string
	for _, e := range result.Errors() {
		errs = append(errs, e.Context().String()+": "+e.Description())
	}
	return errs
}

func TestJSONFollowsSchema(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := report.WriteJSONL(&b, report.New(s.scan, s.judge), report.Options{}); err != nil {
				t.Fatal(err)
			}
			for _, e := range validate(t, b.Bytes()) {
				// The hostile sample writes its names into mechanisms, too.
				if s.name != "hostile" || !strings.Contains(e, ".mechanism: ") {
					t.Error(e)
				}
			}
			if n := bytes.Count(b.Bytes(), []byte("\n")); n != 1 {
				t.Errorf("JSONL has %d lines", n)
			}
		})
	}
}

// The schema is worth its name only if it can say no.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.WriteJSON(&b, report.New(rich().scan, rich().judge), report.Options{}); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"unknown party":    {`"party": "third"`, `"party": "second"`},
		"missing field":    {`"host_only": `, `"hostonly": `},
		"wrong type":       {`"stored": true`, `"stored": "yes"`},
		"null list":        {`"near_misses": []`, `"near_misses": null`},
		"wrong schema":     {report.Schema, "cookieaudit/report/v2"},
		"unknown verdict":  {`"verdict": "pass"`, `"verdict": "passed"`},
		"fraction of ms":   {`"at_ms": 700`, `"at_ms": 700.5`},
		"too confident":    {`"confidence": 0.9`, `"confidence": 1.1`},
		"negative count":   {`"seen": 6`, `"seen": -6`},
		"missing citation": {`"as_of"`, `"asof"`},
	} {
		doc := strings.Replace(b.String(), change[0], change[1], 1)
		if doc == b.String() {
			t.Errorf("%s: nothing to change", name)
		} else if len(validate(t, []byte(doc))) == 0 {
			t.Errorf("%s: not refused", name)
		}
	}
}

// A report that is made again from stored data has the same bytes in every
// format.
func TestRebuiltFromStoredData(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		if s.name == "hostile" {
			continue // bytes that are not UTF-8 do not survive JSON, which is all that this test stores in
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			again := sample{scan: clone(t, s.scan)}
			if s.judge != nil {
				again.judge = clone[audit.Judgement](t, s.judge)
			}
			for _, f := range report.Formats() {
				if a, b := render(t, f, s), render(t, f, again); !bytes.Equal(a, b) {
					t.Errorf("%s differs", f.Name)
				}
			}
		})
	}
}

func render(t *testing.T, f report.Format, s sample) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, report.New(s.scan, s.judge), report.Options{Print: unprinted}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func clone[T any](t *testing.T, v *T) *T {
	t.Helper()
	doc, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out := new(T)
	if err := json.Unmarshal(doc, out); err != nil {
		t.Fatal(err)
	}
	return out
}

package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A field is one input of an operation, as the tags of its struct say:
//
//	Site string `json:"site" check:"required,max=2048" enum:"a b" doc:"…"`
//
// Fields are texts, numbers and lists of texts. max bounds the characters of a
// text, the items of a list and the value of a number; day wants a date, lines
// lets a text have line breaks.
type field struct {
	Index    int
	Name     string
	Doc      string
	Kind     reflect.Kind // String, Int or Slice
	Required bool
	Day      bool
	Lines    bool
	Min, Max int
	Enum     []string
}

// maxText bounds a text that says nothing else, in characters.
const maxText = 2048

func fieldsOf(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		sf := t.Field(i)
		f := field{Index: i, Name: sf.Tag.Get("json"), Doc: sf.Tag.Get("doc"), Kind: sf.Type.Kind(), Max: maxText, Enum: strings.Fields(sf.Tag.Get("enum"))}
		for rule := range strings.SplitSeq(sf.Tag.Get("check"), ",") {
			name, value, _ := strings.Cut(rule, "=")
			n, _ := strconv.Atoi(value)
			switch name {
			case "required":
				f.Required = true
			case "day":
				f.Day = true
			case "lines":
				f.Lines = true
			case "min":
				f.Min = n
			case "max":
				f.Max = n
			}
		}
		out = append(out, f)
	}
	return out
}

// read fills the input of an operation from a request: from its query where it
// only reads, else from its body, a form or JSON; and from its path.
func (o *operation) read(r *http.Request) (any, error) {
	in := reflect.New(o.Input)
	var err error
	switch {
	case o.safe() || o.Method == http.MethodDelete:
		var q url.Values
		if q, err = url.ParseQuery(r.URL.RawQuery); err != nil {
			return nil, &problem{Status: http.StatusBadRequest, Detail: "the query cannot be read"}
		}
		err = fill(in.Elem(), q, o.pathNames())
	default:
		err = o.readBody(r, in)
	}
	if err != nil {
		return nil, err
	}
	path := url.Values{}
	for _, name := range o.pathNames() {
		path.Set(name, r.PathValue(name))
	}
	if err := fill(in.Elem(), path, nil); err != nil {
		return nil, err
	}
	if err := validate(in.Elem()); err != nil {
		return nil, err
	}
	return in.Interface(), nil
}

func (o *operation) readBody(r *http.Request, in reflect.Value) error {
	mediaType, _, err := mime.ParseMediaType(cmp.Or(r.Header.Get("Content-Type"), "application/json"))
	if err != nil {
		return &problem{Status: http.StatusUnsupportedMediaType, Detail: "the content type cannot be read"}
	}
	switch mediaType {
	case "application/json":
		return readJSON(r, in)
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return bodyProblem(err)
		}
		return fill(in.Elem(), r.PostForm, o.pathNames())
	case "multipart/form-data", "text/csv":
		return o.readUpload(r, mediaType, in.Elem())
	}
	return &problem{Status: http.StatusUnsupportedMediaType, Detail: "send application/json"}
}

func readJSON(r *http.Request, in reflect.Value) error {
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil:
		return bodyProblem(err)
	case len(body) == 0:
		return nil // what is required is asked for afterwards
	case !utf8.Valid(body):
		return &problem{Status: http.StatusBadRequest, Detail: "the body is not UTF-8"}
	}
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(in.Interface()); err != nil {
		return &problem{Status: http.StatusBadRequest, Detail: "the body is not the JSON that is wanted: " + strings.TrimPrefix(err.Error(), "json: ")}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return &problem{Status: http.StatusBadRequest, Detail: "something follows the JSON object"}
	}
	return nil
}

// bodyProblem says what kept a body from being read.
func bodyProblem(err error) error {
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return &problem{Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("a request has at most %d bytes", tooLong.Limit)}
	}
	return &problem{Status: http.StatusBadRequest, Detail: "the body cannot be read"}
}

// fill sets fields from named texts. Names that there are not, or that are given
// twice, are refused: a slip must not change what is asked for. The names of
// reserved come from elsewhere.
func fill(v reflect.Value, values url.Values, reserved []string) error {
	fields := fieldsOf(v.Type())
	p := &problem{Status: http.StatusBadRequest}
	for _, name := range sortedKeys(values) {
		given := values[name]
		i := slices.IndexFunc(fields, func(f field) bool { return f.Name == name })
		if i < 0 || slices.Contains(reserved, name) {
			p.add(printableName(name), "there is no such field")
			continue
		}
		f := fields[i]
		switch {
		case f.Kind == reflect.Slice:
			var items []string
			for _, g := range given {
				for line := range strings.Lines(g) {
					if line = strings.TrimSpace(line); line != "" {
						items = append(items, line)
					}
				}
			}
			v.Field(f.Index).Set(reflect.ValueOf(items))
		case len(given) > 1:
			p.add(name, "is given more than once")
		case f.Kind == reflect.Int && given[0] != "":
			n, err := strconv.Atoi(given[0])
			if err != nil {
				p.add(name, "is not a number")
				continue
			}
			v.Field(f.Index).SetInt(int64(n))
		case f.Kind == reflect.String:
			v.Field(f.Index).SetString(given[0])
		}
	}
	return p.orNil()
}

func sortedKeys(values url.Values) []string {
	var names []string
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// printableName is a name that a client has sent, fit for an answer.
func printableName(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	if utf8.RuneCountInString(name) > 60 {
		name = string([]rune(name)[:60]) + "…"
	}
	return name
}

func validate(v reflect.Value) error {
	p := &problem{Status: http.StatusUnprocessableEntity}
	for _, f := range fieldsOf(v.Type()) {
		value := v.Field(f.Index)
		switch f.Kind {
		case reflect.String:
			if why := f.textProblem(value.String()); why != "" {
				p.add(f.Name, why)
			}
		case reflect.Int:
			if n := int(value.Int()); n != 0 && (n < f.Min || n > f.Max) || n < 0 {
				p.add(f.Name, fmt.Sprintf("is a number from %d to %d", max(f.Min, 0), f.Max))
			}
		case reflect.Slice:
			f.listProblems(value, p)
		}
	}
	return p.orNil()
}

func (f *field) listProblems(value reflect.Value, p *problem) {
	items, _ := value.Interface().([]string)
	if f.Required && len(items) == 0 {
		p.add(f.Name, "is missing")
	}
	if len(items) > f.Max {
		p.add(f.Name, fmt.Sprintf("has at most %d items", f.Max))
		return
	}
	one := field{Max: maxText}
	for i, item := range items {
		if why := one.textProblem(item); why != "" {
			p.add(fmt.Sprintf("%s[%d]", f.Name, i), why)
		}
	}
}

// textProblem says what is wrong with a text; empty where nothing is.
func (f *field) textProblem(s string) string {
	switch {
	case s == "" && f.Required, f.Required && strings.TrimSpace(s) == "":
		return "is missing"
	case s == "":
		return ""
	case !utf8.ValidString(s):
		return "is not UTF-8"
	case utf8.RuneCountInString(s) > f.Max:
		return fmt.Sprintf("has at most %d characters", f.Max)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && (!f.Lines || r != '\n' && r != '\r') }):
		return "holds control characters"
	case len(f.Enum) > 0 && !slices.Contains(f.Enum, s):
		return "is one of " + strings.Join(f.Enum, ", ")
	}
	if _, err := time.Parse(time.DateOnly, s); f.Day && err != nil {
		return "is a day such as 2027-03-31"
	}
	return ""
}

func validateInput(in any) error { return validate(reflect.ValueOf(in).Elem()) }

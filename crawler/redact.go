package crawler

import (
	"encoding/base64"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"cookieaudit/crawler/evidence"
)

// masked stands in a record where the site gave back a value of the user's: in
// an address that a form made, a title that greets, a policy that repeats it.
const masked = "‹start state›"

// shortestSecret is the length in bytes from which a value is masked: shorter
// ones are everywhere and keep nothing secret.
const shortestSecret = 4

// maxNesting is how often a value may be encoded over.
const maxNesting = 6

// secrets are the values of the state that must not come into a record, in
// every form in which a site gives them back, the longest first. What stands in
// the site's own address is known to all.
func (s *Start) secrets(site evidence.Site) []string {
	var values []string
	for _, k := range s.Cookies {
		values = append(values, k.Value)
	}
	for _, h := range s.Headers {
		values = append(values, h.Value)
		if words := strings.Fields(h.Value); len(words) > 1 {
			values = append(values, words[len(words)-1]) // behind "Bearer"
		}
	}
	for _, it := range s.Storage {
		values = append(values, it.Value)
	}
	if s.Login != nil {
		for _, step := range s.Login.Steps {
			if step.Fill != nil {
				values = append(values, step.Fill.Value)
			}
		}
	}
	if s.Proxy != nil && s.Proxy.User != nil {
		password, _ := s.Proxy.User.Password()
		values = append(values, s.Proxy.User.Username(), password)
	}
	var out []string
	for _, v := range values {
		if len(v) < shortestSecret || slices.Contains([]string{"true", "false", "null", "none"}, v) || strings.Contains(site.URL, v) {
			continue
		}
		b := []byte(v)
		out = append(out, v, base64.StdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b))
		// As forms, scripts and paths encode, and again in each address around that.
		for _, e := range []string{url.QueryEscape(v), strings.ReplaceAll(url.QueryEscape(v), "+", "%20"), url.PathEscape(v)} {
			for range maxNesting {
				out = append(out, e)
				e = url.QueryEscape(e)
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(out)
}

// redact masks the values of the start state in everything that a scan and its
// capture say; the latter may be nil.
func (s *Start) redact(scan *evidence.Scan, capture *evidence.Capture) {
	values := s.secrets(scan.Site)
	if len(values) == 0 {
		return
	}
	pairs := make([]string, 0, 2*len(values))
	for _, v := range values {
		pairs = append(pairs, v, masked)
	}
	r := redactor{strings.NewReplacer(pairs...), values}
	r.walk(reflect.ValueOf(scan).Elem())
	if capture == nil {
		return
	}
	r.walk(reflect.ValueOf(capture).Elem())
	for i := range capture.Policies {
		p := &capture.Policies[i]
		if text := r.mask(string(p.Body)); text != string(p.Body) {
			p.Body, p.Masked = []byte(text), true
		}
	}
}

type redactor struct {
	*strings.Replacer
	values []string
}

// mask masks the values in a text, and the beginning of one at which a long text
// was cut off.
func (r redactor) mask(s string) string {
	s = r.Replace(s)
	body, cut := strings.CutSuffix(s, "…")
	for _, v := range r.values {
		for n := min(len(v), len(body)); n >= shortestSecret; n-- {
			if strings.HasSuffix(body, v[:n]) {
				body = body[:len(body)-n] + masked
				break
			}
		}
	}
	if cut {
		body += "…"
	}
	return body
}

// walk masks every text below a value. Evidence is plain data: structs, lists,
// pointers and texts.
func (r redactor) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(r.mask(v.String()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			r.walk(v.Elem())
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			r.walk(v.Field(i))
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // a picture
		}
		for i := range v.Len() {
			r.walk(v.Index(i))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			e := reflect.New(v.Type().Elem()).Elem()
			e.Set(v.MapIndex(k))
			r.walk(e)
			v.SetMapIndex(k, e)
		}
	default: // numbers and truth values
	}
}

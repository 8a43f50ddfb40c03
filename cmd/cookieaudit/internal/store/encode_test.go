package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/crawler/evidence"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	type inner struct {
		A string `json:"a"`
	}
	type outer struct {
		inner
		Plain   string
		Count   int       `json:"count"`
		Big     *int64    `json:"big"`
		Flag    bool      `json:"flag"`
		Share   float64   `json:"share"`
		List    []string  `json:"list,omitempty"`
		Nested  []inner   `json:"nested"`
		At      time.Time `json:"at"`
		Raw     []byte    `json:"raw"`
		Strange map[string]int
	}
	tests := []struct {
		name string
		give any
		want string
	}{
		{"zero values are left out", &outer{}, `{}`},
		{"a nil list alone is told", []string(nil), `null`},
		{"an empty list is kept", &outer{List: []string{}}, `{"list":[]}`},
		{"a pointer to zero is kept", &outer{Big: new(int64(0))}, `{"big":0}`},
		{"embedded fields are the outer one's", &outer{inner: inner{A: "x"}, Plain: "y"}, `{"a":"x","Plain":"y"}`},
		{"lists of zero values keep their length", &outer{Nested: []inner{{}, {A: ","}}}, `{"nested":[{},{"a":","}]}`},
		{"numbers", &outer{Count: -3, Share: 0.1, Flag: true}, `{"count":-3,"flag":true,"share":0.1}`},
		{"addresses stay legible", &outer{Plain: "https://a.test/?a=1&b=<2>"}, `{"Plain":"https://a.test/?a=1&b=<2>"}`},
		{"quotes and controls", &outer{Plain: "\"\\\n\x00é\u2028"}, `{"Plain":"\"\\\n\u0000é\u2028"}`},
		{"bytes that are not UTF-8", &outer{Plain: "a\xffb"}, `{"Plain":"a\ufffdb"}`},
		{"time", &outer{At: moment(120)}, `{"at":"2026-03-14T09:26:53.00000012Z"}`},
		{"bytes and maps", &outer{Raw: []byte{1, 2}, Strange: map[string]int{"k": 1}}, `{"raw":"AQI=","Strange":{"k":1}}`},
	}
	e := newEncoder() // one for all: it must not keep anything of the one before
	for _, test := range tests {
		got, err := e.encode(test.give)
		if err != nil || got != test.want {
			t.Errorf("%s: %s, %v; want %s", test.name, got, err, test.want)
		}
	}
}

// The encoder leaves out, but what it writes means the same as json.Marshal's.
func TestEncodeMeansTheSameAsMarshal(t *testing.T) {
	t.Parallel()
	e := newEncoder()
	for _, v := range []any{sampleScan("a"), sampleJudgement()} {
		standard, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		record, err := e.encode(v)
		if err != nil {
			t.Fatal(err)
		}
		switch v := v.(type) {
		case *evidence.Scan:
			var back evidence.Scan
			must(t, decode(record, &back))
			if diff := cmp.Diff(v, &back); diff != "" {
				t.Errorf("(-given +back):\n%s", diff)
			}
		case *audit.Judgement:
			var back audit.Judgement
			must(t, decode(record, &back))
			if diff := cmp.Diff(v, &back); diff != "" {
				t.Errorf("(-given +back):\n%s", diff)
			}
		}
		if len(record) >= len(standard) {
			t.Errorf("%T: %d bytes, json.Marshal takes %d", v, len(record), len(standard))
		}
	}
}

// FuzzText gives names as sites may choose them; the database must accept each
// one, find it by its column and give it back.
func FuzzText(f *testing.F) { fuzzText(f, newFile(f)) }

// FuzzTextOnServer is FuzzText for PostgreSQL, whose text is more particular.
func FuzzTextOnServer(f *testing.F) { fuzzText(f, postgrestest.URL(f)) }

func fuzzText(f *testing.F, dsn string) {
	for _, s := range []string{
		"", "sid", "\x00", "a\x00b", "\\u0000", "\\\x00", "\\\\u0000\x00\x00", "\u2400", "\"'\\", "\xff\xfe", "\u2028<&>", "$.name", "7", "null", "{}",
		"\U0010FFFF", "\ufffd", strings.Repeat("long", 5000),
	} {
		f.Add(s)
	}
	s := openAt(f, dsn)
	var saved atomic.Int64
	f.Fuzz(func(t *testing.T, text string) {
		// JSON replaces each byte that is not UTF-8, and so does Map.
		valid := strings.Map(func(r rune) rune { return r }, text)
		id := fmt.Sprint(saved.Add(1)) + "-" + strings.ToValidUTF8(valid[:min(len(valid), maxID-20)], "")
		want := &evidence.Scan{
			ID:       id,
			Site:     evidence.Site{URL: text, Host: text, Domain: text},
			Cookies:  []evidence.Cookie{{CookieKey: evidence.CookieKey{Name: text, Domain: text}, SameSite: text}},
			Policies: []evidence.PolicyDocument{{Text: text}},
		}
		if err := s.Save(t.Context(), want, nil); err != nil {
			t.Fatal(err)
		}
		got, _, err := s.Load(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		want.Cookies[0].Name, want.Cookies[0].Domain, want.Cookies[0].SameSite = valid, valid, valid
		want.Site = evidence.Site{URL: valid, Host: valid, Domain: valid}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-saved +loaded):\n%s", diff)
		}
		if text != "" {
			if n := count(t, s, `SELECT count(*) FROM cookies JOIN scans ON seq = scan WHERE id = $1 AND name = $2`, s.text(id), s.text(valid)); n != 1 {
				t.Errorf("%d cookies have the name in their column, want 1", n)
			}
		}
	})
}

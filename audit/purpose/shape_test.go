package purpose_test

import (
	"testing"

	"cookieaudit/crawler/evidence"
)

// A site's own name beside words for one purpose is what the site calls its own;
// a name that only begins so, or a value that tells visitors apart for long, is not.
func TestOwnName(t *testing.T) {
	t.Parallel()
	c := classifier(t)
	for _, tt := range []struct {
		name, site string
		class      string // empty where the name proves too little
	}{
		{"hazelmill_session", "hazelmill.example", "session"},
		{"hazel_mill_session", "hazel-mill.example", "session"},
		{"__Host-hazelmill-session", "hazelmill.example", "session"},
		{"HazelMillCart", "hazelmill.example", "shopping basket"},
		{"hazelmill_csrf_token", "hazelmill.example", "security"},
		{"hazelmill_cookie_consent", "hazelmill.example", "consent"},
		{"hazelmill_session", "other.example", ""},
		{"hazelmillsession", "hazelmill.example", ""},
		{"hazelmill_session_stats", "hazelmill.example", ""},
		{"hazelmill_visitor_session", "hazelmill.example", ""},
		{"hazelmill_id", "hazelmill.example", ""},
		{"hazelmill", "hazelmill.example", ""},
		{"abc_session", "abc.example", ""},
	} {
		p := c.Named(tt.name, "www."+tt.site, tt.site)
		if got := p.Sure() >= 0.7; got != (tt.class != "") || got && (p.Class != tt.class || !p.Exempt) {
			t.Errorf("%s of %s: %+v, want %q", tt.name, tt.site, p, tt.class)
		}
	}
	week, year := int64(7*86400), int64(365*86400)
	for seconds, sure := range map[*int64]bool{&week: true, &year: false} {
		k := first("example_session", "")
		k.Requested = seconds
		again := k.Writes[0]
		again.Phase = evidence.Reject
		k.Writes[0].Value.Tokens, again.Value.Tokens = []string{"0123456789abcdef"}, []string{"fedcba9876543210"}
		k.Writes = append(k.Writes, again)
		if p := c.Cookie(scanOf(k), &k); (p.Sure() >= 0.7) != sure {
			t.Errorf("kept for %d s: %+v", *seconds, p)
		}
	}
}

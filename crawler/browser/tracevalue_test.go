package browser

import (
	"testing"
	"time"

	"cookieaudit/crawler/evidence"
)

func TestTraceFields(t *testing.T) {
	t.Parallel()
	start := Start{Headers: []Header{{"X-Pin", "12"}}, Cookies: []StartCookie{{Name: "hue", Value: "abc"}}}
	hashed, kept := valueRules{&VisitOptions{Start: start}}, valueRules{&VisitOptions{Start: start, KeepValues: true}}
	const one = "‹sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b, 1 bytes›" // of "1"
	for _, test := range []struct{ name, value, hashed, kept string }{
		{"Content-Type", "text/html", "text/html", "text/html"},
		{":path", "/a?b", "/a?b", "/a?b"},
		{"Referer", "https://a.example/", "https://a.example/", "https://a.example/"},
		{"Authorization", "1", one, "1"},
		{"ETag", "1", one, "1"},
		{"X-Whatever", "1", one, "1"},
		{"x-pin", "12", ofTheUser, ofTheUser},
		{"Cookie", "a=1; hue=abc; hue=1", "a=" + one + "; hue=" + ofTheUser + "; hue=" + one, "a=1; hue=" + ofTheUser + "; hue=1"},
		{"cookie", "1", one, "1"},
		{"Set-Cookie", "a=1; Path=/", "a=‹1 bytes›; Path=/", "a=1; Path=/"},
	} {
		if got := hashed.field(test.name, test.value); got != (evidence.Field{Name: test.name, Value: test.hashed}) {
			t.Errorf("%s: %s: hashed it is %q, want %q", test.name, test.value, got.Value, test.hashed)
		}
		if got := kept.field(test.name, test.value); got.Value != test.kept {
			t.Errorf("%s: %s: kept it is %q, want %q", test.name, test.value, got.Value, test.kept)
		}
	}
	if v := hashed.of("1", time.Time{}); v.Text != "" || v.SHA256 != one[len("‹sha256:"):len("‹sha256:")+64] {
		t.Errorf("hashed: %+v", v)
	}
	if v := kept.of("1", time.Time{}); v.Text != "1" {
		t.Errorf("kept: %+v", v)
	}
}

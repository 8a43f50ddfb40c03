package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/report"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"", ""},
		{"one", "one"},
		{"one two three four", "one two|three|four"},
		{"  much   space ", "much|space"},
		{"unbreakable-word a", "unbreak|able-wo|rd a"},
		{"ééééé ü", "ééééé ü"},
		{"日本語 日本", "日本語|日本"},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, strings.Join(report.Wrap(tt.in, 7), "|")); d != "" {
			t.Errorf("%q: -want +got:\n%s", tt.in, d)
		}
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"", ""}, {"12345", "12345"}, {"123456", "1234…"}, {"日本語", "日本…"}, {"日本1", "日本1"},
	}
	for _, tt := range tests {
		if got := report.Fit(tt.in, 5); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"1 site": report.Plural(1, "site"), "0 sites": report.Plural(0, "site"), "1 address": report.Plural(1, "address"), "9 addresses": report.Plural(9, "address"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

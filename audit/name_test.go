package audit_test

import (
	"strings"
	"testing"
	"time"

	"cookieaudit/audit"
)

func TestMatchName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"_ga", "_ga", true},
		{"_ga", "_ga_ABC", false},
		{"_ga", "_GA", false},
		{"_ga_*", "_ga_ABC", true},
		{"_ga_*", "_ga", false},
		{"_pk_id*", "_pk_id", true},
		{"_pk_id.*", "_pk_id.1.1fff", true},
		{"mp_*_mixpanel", "mp_6d7c_mixpanel", true},
		{"mp_*_mixpanel", "mp_mixpanel", false},
		{"*_session", "shop_session", true},
		{"*_session", "shop_session_id", false},
		{"a*b*a", "aba", true},
		{"a*a", "a", false},
		{"*", "", true},
		{"", "", true},
		{"", "x", false},
		{"a.c", "abc", false},
		{"[ab]*", "a1", false},
		{"[ab]*", "[ab]1", true},
		{"a**b", "a-b", true},
	}
	for _, tt := range tests {
		if got := audit.MatchName(tt.pattern, tt.name); got != tt.want {
			t.Errorf("MatchName(%q, %q) = %v", tt.pattern, tt.name, got)
		}
	}
}

func TestMatchNameStaysLinear(t *testing.T) {
	t.Parallel()
	pattern, name := strings.Repeat("a*", 50_000)+"b", strings.Repeat("a", 100_000)
	start := time.Now()
	if audit.MatchName(pattern, name) {
		t.Fatal("the name has no b")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

package rules

import "testing"

func TestHoldsWord(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, word string
		want       bool
	}{
		{"see cdn.kite.test.", "kite.test", true},
		{"see notkite.test", "kite.test", false},
		{"see kite.testing", "kite.test", false},
		{"see xkite.test and kite.test", "kite.test", true},
		{"kite", "kite", true},
		{"kites", "kite", false},
		{"é", "", false},
		{"ökite", "kite", false},
		{"(kite)", "kite", true},
	}
	for _, tt := range tests {
		if got := holdsWord(tt.text, tt.word); got != tt.want {
			t.Errorf("holdsWord(%q, %q) = %v", tt.text, tt.word, got)
		}
	}
}

func TestSameOwner(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want bool
	}{
		{"mill.test", "mill.test", true},
		{"civocracy.org", "civocracy.com", true},
		{"example-shop.co.uk", "example-shop.de", true},
		{"guardian.test", "guardian-cdn.test", true},
		{"guardian.test", "staticguardian.test", true},
		{"guardian.test", "guardianangel.test", false},
		{"bbc.co.uk", "bbc.com", false}, // too short to be told from others by its name
		{"a.test", "b.test", false},
	}
	for _, tt := range tests {
		if got := sameOwner(tt.a, tt.b); got != tt.want {
			t.Errorf("sameOwner(%q, %q) = %v", tt.a, tt.b, got)
		}
	}
}

package rules

import "testing"

func TestLengthless(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want bool
	}{
		{"", true},
		{"–", true},
		{"**", true},
		{"Persistent**", true},
		{"persistent", true},
		{"Persistente", true},
		{"dauerhaft", true},
		{"Unbegrenzt", true},
		{"Until you delete it", true},
		{"Persistente (fino alla cancellazione manuale)", true},
		{"hartnäckig", true},
		{"No expiry: never", true},
		{"illimitée", true},
		{"trwałe", true},
		{"2 years", false},
		{"Persistent (2 Years)", false},
		{"persistent, one year", false},
		{"zwei Jahre", false},
		{"kaksi vuotta", false},
		{"un an", false},
		{"as set out above", false},
		{"セッション", false},
	}
	for _, tt := range tests {
		if got := lengthless(tt.text); got != tt.want {
			t.Errorf("lengthless(%q) = %v", tt.text, got)
		}
	}
}

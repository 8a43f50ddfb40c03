package consent

import "testing"

// The pairs and their ratios are common knowledge among those who check WCAG.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21}, {"#ffffff", "#ffffff", 1}, {"#767676", "#ffffff", 4.54}, {"#ffffff", "#777777", 4.48}, {"#0000ff", "#ffffff", 8.59}, {"#ff0000", "#ffffff", 4},
	} {
		if got, ok := contrast(c.a, c.b); !ok || got != c.want {
			t.Errorf("%s on %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
	for _, bad := range []string{"", "#fff", "#ggffff", "ffffff0"} {
		if _, ok := contrast(bad, "#ffffff"); ok {
			t.Errorf("%q is no colour", bad)
		}
	}
}

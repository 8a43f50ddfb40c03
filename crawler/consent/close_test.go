package consent

import "testing"

// What closes a banner says nothing; what says yes, no or something else beside
// that is no control that only closes.
func TestOnlyCloses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		what string
		c    control
		want bool
	}{
		{"a cross", control{Name: "×", Text: "×"}, true},
		{"a named cross", control{Name: "Close", Text: "✕"}, true},
		{"a cross without a name", control{Text: "X"}, true},
		{"English", control{Name: "Close banner"}, true},
		{"German", control{Name: "Schließen"}, true},
		{"French", control{Name: "Fermer"}, true},
		{"Italian", control{Name: "Chiudi"}, true},
		{"Japanese", control{Name: "閉じる"}, true},
		{"a cross that refuses", control{Name: "Close without accepting", Text: "×"}, false},
		{"a refusal", control{Name: "Continue without accepting"}, false},
		{"an Italian refusal", control{Name: "Continua senza accettare", Text: "×"}, false},
		{"a French refusal", control{Name: "Fermer sans accepter"}, false},
		{"a cross that accepts", control{Name: "Accept and close", Text: "×"}, false},
		{"a German yes", control{Name: "Akzeptieren und schließen"}, false},
		{"what saves", control{Name: "Save and close"}, false},
		{"what hides details", control{Name: "Details ausblenden"}, false},
		{"settings", control{Name: "Close cookie settings"}, false},
		{"something else", control{Name: "Search"}, false},
	} {
		tc.c.Kind = "button"
		if got := tc.c.roleOf() == closes && tc.c.onlyCloses(); got != tc.want {
			t.Errorf("%s (%q, %q): %v; its role is %s", tc.what, tc.c.Name, tc.c.Text, got, tc.c.roleOf())
		}
	}
}

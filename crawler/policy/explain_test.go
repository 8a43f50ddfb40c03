package policy_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/policy"
)

// TestBasis holds which text each field is said to come from.
func TestBasis(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		page string
		want map[string]string
	}{
		"cells and headings": {
			"# Cookies\n\n## Statistics cookies\n\n| Name | Provider | Purpose | Expiry |\n|---|---|---|---|\n| _ga | Google, google.com | Counts visits | 2 years |\n",
			map[string]string{
				"name": "_ga", "host": "Google, google.com", "provider": "Google, google.com",
				"category": "Statistics cookies", "lifetime": "2 years", "storage": "cookie",
			},
		},
		"a sentence": {
			"# Cookies\n\n## Local storage\n\n- **theme_pref** (Acme): set by Acme for 30 days. It expires after 30 days.\n",
			map[string]string{
				"name":     "theme_pref (Acme): set by Acme for 30 days. It expires after 30 days.",
				"lifetime": "30 days", "provider": "Acme", "storage": "Local storage",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := policy.Read(policy.Input{URL: "page.md", Body: []byte(test.page)})
			if err != nil || len(doc.Declarations) != 1 {
				t.Fatalf("%v, %+v", err, doc)
			}
			got := map[string]string{}
			for _, b := range doc.Declarations[0].Basis {
				got[b.Field] = b.Text
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

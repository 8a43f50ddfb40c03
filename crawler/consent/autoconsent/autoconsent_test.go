package autoconsent

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApplying(t *testing.T) {
	t.Parallel()
	rules, err := readRules([]byte(`{"autoconsent": [
		{"name": "everywhere"},
		{"name": "frames", "runContext": {"main": false, "frame": true}},
		{"name": "both", "runContext": {"frame": true}},
		{"name": "site", "runContext": {"urlPattern": "^https://(www\\.)?example\\.org/"}},
		{"name": "lookahead", "runContext": {"urlPattern": "^https://(?!shop)"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	p := &Package{rules: rules}
	for _, tc := range []struct {
		address string
		top     bool
		want    []string
	}{
		{"https://www.example.org/a", true, []string{"everywhere", "both", "site", "lookahead"}},
		{"https://example.com/", true, []string{"everywhere", "both", "lookahead"}},
		{"https://www.example.org/", false, []string{"frames", "both"}},
	} {
		var got []string
		for _, raw := range p.applying(tc.address, tc.top) {
			var r struct{ Name string }
			if err := json.Unmarshal(raw, &r); err != nil {
				t.Fatal(err)
			}
			got = append(got, r.Name)
		}
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s, top %v (-want +got):\n%s", tc.address, tc.top, d)
		}
	}
}

// TestEmbedded wants the embedded package to be the pinned one.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	p, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	if p == nil {
		t.Skip("autoconsent is not built in: make packages")
	}
	pinned, err := os.ReadFile("package.json")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(pinned), `"@duckduckgo/autoconsent": "`+p.Version+`"`) {
		t.Errorf("version %s is not the pinned one", p.Version)
	}
	// Most rules are for single sites; those that let a banner be accepted must
	// be among them, which the package's compact set lacks.
	generic, optIn := p.applying("https://www.example.org/", true), 0
	for _, r := range p.rules {
		if strings.Contains(string(r.raw), `"optIn":[{`) {
			optIn++
		}
	}
	if len(generic) == 0 || len(generic)*2 > len(p.rules) || optIn < 100 {
		t.Errorf("%d of %d rules for any page, %d accept", len(generic), len(p.rules), optIn)
	}
}

package purpose_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit/purpose"
	"cookieaudit/crawler/evidence"
)

func TestOwnDataWins(t *testing.T) {
	t.Parallel()
	c := classifier(t, `
rows:
  - {host: kite-statistics.test, provider: Kite Statistics, aliases: [Kite], category: analytics, class: audience measurement}
  - {name: "_kite_optout", host: kite-statistics.test, provider: Kite Statistics, category: necessary, class: consent, exempt: true}
  - {name: "_ga", provider: Our own, category: functional, class: house, exempt: true}
  - {name: "pref_*", host: self, category: functional, class: interface, exempt: true}
`, `rows: [{name: "pref_*", category: necessary, class: session, exempt: true}]`, `
rows:
  - {name: LB, category: necessary, class: load-balancing}
  - {name: housekeeping, category: necessary}
`)
	kite := "https://cdn.kite-statistics.test/k.js"
	gtm := "https://www.googletagmanager.com/gtm.js"
	tests := []struct {
		cookie   evidence.Cookie
		category evidence.Category
		exempt   bool
		provider string
	}{
		{third("id", "kite-statistics.test"), evidence.Analytics, false, "Kite Statistics"},
		{third("id", "eu.kite-statistics.test"), evidence.Analytics, false, "Kite Statistics"},
		{third("id", "notkite-statistics.test"), evidence.UnknownCategory, false, ""},
		{first("_kite_id", kite), evidence.Analytics, false, "Kite Statistics"},
		{first("_kite_id", gtm, kite), evidence.Analytics, false, "Kite Statistics"},
		{first("_kite_optout", kite), evidence.Necessary, true, "Kite Statistics"},
		{first("_ga", kite), evidence.Functional, true, "Our own"},
		{first("pref_a", ""), evidence.Necessary, true, ""},
		{first("LB", ""), evidence.Necessary, true, ""},
		{first("housekeeping", ""), evidence.Necessary, false, ""},
	}
	for _, tt := range tests {
		got := c.Cookie(scanOf(tt.cookie), &tt.cookie)
		if got.Category != tt.category || got.Exempt != tt.exempt || got.Provider != tt.provider {
			t.Errorf("%s on %s: %+v, want %s exempt=%v of %q", tt.cookie.Name, tt.cookie.Domain, got, tt.category, tt.exempt, tt.provider)
		}
	}
	k := third("id", "kite-statistics.test")
	if got := c.Cookie(scanOf(k), &k); !got.NonExempt() || !slices.Contains(got.Aliases, "Kite") {
		t.Errorf("%+v", got)
	}
	it := &evidence.StorageItem{Key: "k", Origin: "https://www.example.org", Party: evidence.First, Writes: []evidence.StorageWrite{{Script: kite}}}
	if got := c.Storage(scanOf(), it); got.Provider != "Kite Statistics" {
		t.Errorf("storage: %+v", got)
	}
}

func TestOwnDataIsReadStrictly(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, data, want string }{
		{"unknown field", "rows:\n  - {name: a, category: analytics}\n  - {nmae: b, category: analytics}\n", "line 3"},
		{"unknown category", "rows:\n  - {name: a, category: analytics}\n  - {name: b, category: tracking}\n", "line 3"},
		{"no category", "rows:\n  - {name: a}\n", "line 2"},
		{"neither name nor host", "rows:\n  - {provider: A, category: analytics}\n", "line 2"},
		{"a name that fits all", "rows:\n  - {name: \"*\", category: analytics}\n", "line 2"},
		{"an address for a host", "rows:\n  - {host: \"https://a.test/\", category: analytics}\n", "line 2"},
		{"exempt advertising", "rows:\n  - {name: a, category: marketing, exempt: true}\n", "line 2"},
		{"not YAML", "rows: [", "own data 1"},
		{"not rows", "cookies: []", "line 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := purpose.New([]byte(tt.data))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one that says %q", err, tt.want)
			}
		})
	}
	if _, err := purpose.New(nil, []byte("# nothing yet\n")); err != nil {
		t.Errorf("an empty file: %v", err)
	}
}

func TestDatasets(t *testing.T) {
	t.Parallel()
	var got []string
	for _, d := range classifier(t, `rows: [{name: a, category: analytics}]`).Datasets() {
		got = append(got, d.Name)
		if len(d.SHA256) != 64 || d.Version == "" || d.Licence == "" {
			t.Errorf("%+v", d)
		}
	}
	if diff := cmp.Diff([]string{"cookieaudit-organisations", "third-party-web", "open-cookie-database", "cookieaudit-overlay", "own data 1"}, got); diff != "" {
		t.Error(diff)
	}
}

package evidence_test

import (
	"slices"
	"testing"
	"time"

	"cookieaudit/crawler/evidence"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC)
	tests := []struct {
		name, value string
		want        int
	}{
		{"an identifier and the moment it was made", "GA1.1.2044819921.1795309200", 1},
		{"a UUID has two long parts", "6f1c2f0e-51a1-4f0e-9a55-0c8f3a6c1b2d", 2},
		{"behind percent signs", "v1%3A173012345678901234", 1},
		{"a base64 plus is no space", "abcdefgh+ijklmnop", 2},
		{"a date", "20261122", 0},
		{"a date and time", "20261122101500", 0},
		{"milliseconds", "1795309200123", 0},
		{"a number that is no moment", "9995309200", 1},
		{"a version", "v1.2.3-build.44", 0},
		{"short", "abc", 0},
		{"the same part twice", "abcdefgh.abcdefgh", 1},
		{"nothing", "", 0},
	}
	for _, tt := range tests {
		if got := evidence.Tokens(tt.value, at); len(got) != tt.want {
			t.Errorf("%s: %d parts, want %d: %q", tt.name, len(got), tt.want, got)
		}
	}
	if a, b := evidence.Tokens("x.abcdefgh.1", at), evidence.Tokens("y.abcdefgh.2", at); !slices.Equal(a, b) {
		t.Error("a part that two values share has one hash")
	}
}

// A visit is the values that one phase saw, each a list of parts.
type visit [][]string

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	const before, reject = evidence.Before, evidence.Reject
	tests := []struct {
		name   string
		visits map[evidence.Phase]visit
		want   int
	}{
		{"differs between visits", map[evidence.Phase]visit{before: {{"a"}}, reject: {{"b"}}}, 2},
		{"the same for all", map[evidence.Phase]visit{before: {{"a"}}, reject: {{"a"}}}, 0},
		{"a part for the visitor, a part for all", map[evidence.Phase]visit{before: {{"a", "k"}}, reject: {{"b", "k"}}}, 2},
		{"new on every page", map[evidence.Phase]visit{before: {{"a"}, {"b"}}, reject: {{"c"}, {"d"}}}, 0},
		{"kept through the visit", map[evidence.Phase]visit{before: {{"a"}, {"x", "a"}}, reject: {{"c"}, {"c"}}}, 2},
		{"one visit proves nothing", map[evidence.Phase]visit{before: {{"a"}, {"a"}}}, 0},
		{"no part long enough", map[evidence.Phase]visit{before: {nil}, reject: {nil}}, 0},
	}
	for _, tt := range tests {
		k := evidence.Cookie{}
		for _, p := range []evidence.Phase{before, reject} {
			for _, tokens := range tt.visits[p] {
				k.Writes = append(k.Writes, evidence.Write{Phase: p, Value: evidence.Value{Tokens: tokens}})
			}
		}
		if got := k.Identifiers(); len(got) != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	it := evidence.StorageItem{Held: []evidence.HeldValue{
		{Phase: before, Value: evidence.Value{Tokens: []string{"a"}}}, {Phase: reject, Value: evidence.Value{Tokens: []string{"b"}}},
	}}
	if got := it.Identifiers(); len(got) != 2 {
		t.Errorf("storage: %q", got)
	}
}

package main

import (
	"testing"

	"cookieaudit/cmd/cookieaudit/internal/store"
)

func TestIDLength(t *testing.T) {
	t.Parallel()
	tests := []struct {
		ids  []string
		want int
	}{
		{nil, 15},
		{[]string{"20261121T225936-xj7pvhrg"}, 15},
		{[]string{"20261121T225936-xj7pvhrg", "20261121T225937-xj7pvhrg"}, 15},
		{[]string{"20261121T225936-xj7pvhrg", "20261121T225936-aj7pvhrg"}, 17},
		{[]string{"20261121T225936-xj7pvhrg", "20261121T225936-xj7pvhrh"}, 24},
		{[]string{"a", "b"}, 15},
		{[]string{"same", "same"}, 15}, // cannot be, but must end
	}
	for _, tt := range tests {
		var entries []store.Entry
		for _, id := range tt.ids {
			entries = append(entries, store.Entry{ID: id})
		}
		if got := idLength(entries); got != tt.want {
			t.Errorf("%q: %d, want %d", tt.ids, got, tt.want)
		}
	}
}

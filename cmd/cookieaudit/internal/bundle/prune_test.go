package bundle

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPrune(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	before := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	put := func(name string, files ...string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, name), folderMode); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(dir, name, f), []byte("{}"), fileMode); err != nil {
				t.Fatal(err)
			}
		}
		old := before.AddDate(0, 0, -1)
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	put("20260228T235959-aaaaaaaa", manifestName, "record.json")
	put("20260228T000000-keptkept", manifestName)
	put("20260301T000000-bbbbbbbb", manifestName)
	put("20260101T000000-notours1", "letters.txt")
	put("20260101T000000", "letters.txt")
	put("mine", manifestName)
	put(unfinished+"123", "record.json")
	put(unfinished + "456")
	if err := os.Chtimes(filepath.Join(dir, unfinished+"456"), before, before); err != nil {
		t.Fatal(err)
	}
	kept := func(scan string) (bool, error) { return scan == "20260228T000000-keptkept", nil }
	n, err := Prune(dir, before, kept)
	if err != nil || n != 1 {
		t.Errorf("%d removed: %v", n, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	want := []string{
		unfinished + "456", "20260101T000000", "20260101T000000-notours1", "20260228T000000-keptkept", "20260301T000000-bbbbbbbb", "mine",
	}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("-want +left:\n%s", diff)
	}
	if n, err := Prune(filepath.Join(dir, "none"), before, kept); n != 0 || err != nil {
		t.Errorf("a folder that is not there yet: %d, %v", n, err)
	}
}

package browser_test

import (
	"bytes"
	"strings"
	"testing"
)

// A page is printed whole, with its pictures, and as often as one asks.
func TestPDF(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := browsers[kind]
			if b == nil {
				t.Skip(kind + " is not installed")
			}
			page := func(paragraphs int) []byte {
				return []byte(`<!doctype html><title>Case</title><img alt="" src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>">` +
					strings.Repeat("<p style='break-after:page'>text</p>", paragraphs))
			}
			for _, n := range []int{1, 5} {
				got, err := b.PDF(t.Context(), page(n))
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.HasPrefix(got, []byte("%PDF-1")) || !bytes.Contains(got, []byte("%%EOF")) {
					t.Fatalf("%d bytes that are no PDF", len(got))
				}
				if pages := bytes.Count(got, []byte("/Type /Page\n")); pages != n {
					t.Errorf("%d pages, want %d", pages, n)
				}
			}
		})
	}
}

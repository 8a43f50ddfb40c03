package report_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"cookieaudit/report"
)

// unprinted stands in for a browser.
func unprinted(page []byte) ([]byte, error) { return page, nil }

// What is printed is the page, and without a printer nothing is written.
func TestPDF(t *testing.T) {
	t.Parallel()
	r := report.New(rich().scan, rich().judge)
	var page, printed bytes.Buffer
	if err := report.WriteHTML(&page, r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := report.WritePDF(&printed, r, report.Options{Print: unprinted}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page.Bytes(), printed.Bytes()) {
		t.Error("something else than the page was printed")
	}
	jammed := errors.New("paper jam")
	for want, o := range map[string]report.Options{
		"needs a browser": {},
		"paper jam":       {Print: func([]byte) ([]byte, error) { return nil, jammed }},
	} {
		var b bytes.Buffer
		if err := report.WritePDF(&b, r, o); err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("%v and %d bytes, want %q and none", err, b.Len(), want)
		}
	}
}

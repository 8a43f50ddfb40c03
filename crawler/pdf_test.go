package crawler

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pdfOf writes a PDF with one text per place of each page.
func pdfOf(pages ...[]string) []byte {
	var b strings.Builder
	var offsets []int
	object := func(body string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	b.WriteString("%PDF-1.4\n")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 4+2*i))
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(pages)))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>")
	for i, texts := range pages {
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>", 5+2*i))
		stream := "BT /F1 9 Tf\n" + strings.Join(texts, "\n") + "\nET"
		object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream))
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, xref)
	return []byte(b.String())
}

// at sets a text at a place of the page, in points.
func at(x, y int, text string) string {
	return fmt.Sprintf("1 0 0 1 %d %d Tm (%s) Tj", x, y, text)
}

func needPDFReader(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed")
	}
}

// TestPDF reads a table whose cells are wrapped and that goes on over the edge
// of a page, below a header that is printed on each.
func TestPDF(t *testing.T) {
	t.Parallel()
	needPDFReader(t)
	head := []string{at(40, 770, "Cookie notice of the Tern Observatory"), at(500, 20, "Page 1")}
	first := append(head,
		at(40, 720, "Cookie"), at(160, 720, "Purpose"), at(340, 720, "Category"), at(460, 720, "Expiry"),
		at(40, 700, "tern_session"), at(160, 700, "Keeps your visit together"), at(340, 700, "Strictly"), at(460, 700, "Session"),
		at(160, 690, "while you move around"), at(340, 690, "necessary"),
		at(40, 670, "_pk_id.*"), at(160, 670, "Counts visitors"), at(340, 670, "Statistics"), at(460, 670, "13 months"))
	second := []string{
		at(40, 770, "Cookie notice of the Tern Observatory"), at(500, 20, "Page 2"),
		at(40, 720, "tern_layout"), at(160, 720, "Remembers the layout"), at(340, 720, "Functional"), at(460, 720, "30 days"),
	}
	file := filepath.Join(t.TempDir(), "notice.pdf")
	if err := os.WriteFile(file, pdfOf(first, second), 0o600); err != nil {
		t.Fatal(err)
	}
	doc, _, err := readPolicyFile(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range doc.Declarations {
		got = append(got, fmt.Sprint(d.Name, " | ", d.Category, " | ", d.Lifetime, " | ", d.Description))
	}
	want := []string{
		"tern_session | necessary | Session | Keeps your visit together while you move around",
		"_pk_id.* | analytics | 13 months | Counts visitors",
		"tern_layout | functional | 30 days | Remembers the layout",
	}
	if diff := cmp.Diff(want, got); diff != "" || doc.Format != "pdf" {
		t.Errorf("format %s, declarations (-want +got):\n%s", doc.Format, diff)
	}
}

func TestPDFErrors(t *testing.T) {
	t.Parallel()
	needPDFReader(t)
	for name, test := range map[string]struct {
		body []byte
		want string
	}{
		"cut short":  {[]byte("%PDF-1.7\n1 0 obj << /Type /Catalog"), "could not read the PDF"},
		"no text":    {pdfOf([]string{}), "pictures"},
		"endless":    {pdfOf([]string{strings.Repeat(at(40, 700, strings.Repeat("x", 900)), 1000), strings.Repeat("/F1 9 Tf ", 1000)}), ""},
		"self-made":  {[]byte("%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj 2 0 obj << /Type /Pages /Kids [2 0 R] /Count 1 >> endobj\ntrailer << /Root 1 0 R >>"), ""},
		"not a page": {[]byte("%PDF-1.4\n%%EOF"), "could not read the PDF"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := textOfPDF(t.Context(), test.body)
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("textOfPDF = %v, want %q", err, test.want)
			}
		})
	}
}

// TestNoPDFReader holds that a machine without the reader says what it lacks.
func TestNoPDFReader(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := textOfPDF(t.Context(), []byte("%PDF-1.4")); !errors.Is(err, errNoPDFReader) {
		t.Errorf("textOfPDF = %v, want %v", err, errNoPDFReader)
	}
}

func TestJoinPages(t *testing.T) {
	t.Parallel()
	got := joinPages("Tern notice\n\nName   Expiry\na_b    1 day\n\n   Page 1 of 2\n\fTern notice\n\nc_d    1 week\n\n   Page 2 of 2\n\f")
	if want := "Name   Expiry\na_b    1 day\nc_d    1 week"; got != want {
		t.Errorf("joinPages = %q, want %q", got, want)
	}
}

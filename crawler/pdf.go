package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
	"unicode"

	"cookieaudit/crawler/policy"
)

// Bounds on what the text of one PDF may cost.
const (
	pdfTime  = 20 * time.Second
	pdfPages = "300"
	pdfText  = 16 << 20 // bytes
	// pdfMemory is in KiB, as ulimit has it.
	pdfMemory = "1048576"
)

var (
	errNoPDFReader = errors.New("the policy is a PDF, and pdftotext, which reads those, is not installed (Debian: apt-get install poppler-utils)")
	errPDFTime     = fmt.Errorf("reading the PDF took more than %s", pdfTime)
	errPDFLong     = errors.New("the text of the PDF is too long")
)

// readDocument reads a policy of any format. A PDF's text comes from poppler's
// pdftotext, in a process of its own: no library in Go keeps the columns of a
// table apart, and a hostile file must not take the scan with it.
func readDocument(ctx context.Context, in policy.Input) (*policy.Document, error) {
	if !policy.IsPDF(in.Body) {
		return policy.Read(in)
	}
	text, err := textOfPDF(ctx, in.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", in.URL, err)
	}
	return policy.Read(policy.Input{URL: in.URL, ContentType: "text/plain; charset=utf-8", Body: []byte(text), PDF: in.Body})
}

// textOfPDF is the text of a PDF as it stands on its pages.
func textOfPDF(ctx context.Context, body []byte) (string, error) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		return "", errNoPDFReader
	}
	ctx, cancel := context.WithTimeoutCause(ctx, pdfTime, errPDFTime)
	defer cancel()
	// The shell sets the bound on memory, where the system has one.
	cmd := exec.CommandContext(ctx, "sh", "-c", "ulimit -v "+pdfMemory+" 2>/dev/null; exec pdftotext -q -layout -enc UTF-8 -l "+pdfPages+" - -")
	cmd.Stdin = bytes.NewReader(body)
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", fmt.Errorf("read the text of the PDF: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("start pdftotext: %w", err)
	}
	text, readErr := io.ReadAll(io.LimitReader(out, pdfText+1))
	if len(text) > pdfText {
		cancel()
	}
	waitErr := cmd.Wait()
	switch {
	case len(text) > pdfText:
		return "", errPDFLong
	case context.Cause(ctx) != nil:
		return "", context.Cause(ctx)
	case waitErr != nil:
		return "", fmt.Errorf("pdftotext could not read the PDF: %w", waitErr)
	case readErr != nil:
		return "", fmt.Errorf("read the text of the PDF: %w", readErr)
	case strings.TrimSpace(string(text)) == "":
		return "", errors.New("the PDF has no text: its pages are pictures")
	}
	return joinPages(string(text)), nil
}

// joinPages puts the pages of a text together without what is printed on most of
// them, so that a table goes on over the edge of a page.
func joinPages(text string) string {
	pages := strings.Split(strings.TrimRight(text, "\f"), "\f")
	seen := map[string]int{}
	for _, page := range pages {
		for _, i := range edges(strings.Split(page, "\n")) {
			seen[printed(strings.Split(page, "\n")[i])]++
		}
	}
	var out []string
	for _, page := range pages {
		lines := strings.Split(page, "\n")
		for _, i := range edges(lines) {
			if len(pages) > 1 && seen[printed(lines[i])]*2 > len(pages) {
				lines[i] = ""
			}
		}
		for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
			lines = lines[1:]
		}
		for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
			lines = lines[:len(lines)-1]
		}
		out = append(out, strings.Join(lines, "\n"))
	}
	return strings.Join(out, "\n")
}

// edges are the first and the last line of a page that have text.
func edges(lines []string) []int {
	first, last := -1, -1
	for i, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	if first < 0 || first == last {
		return nil
	}
	return []int{first, last}
}

// printed is a line without its page number.
func printed(line string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, line)
}

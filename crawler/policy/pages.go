package policy

import (
	"regexp"
	"strings"
)

// withoutPages takes the lines off a text that a browser prints on the top and at
// the foot of each page, and the empty lines beside them, which would part a table
// that goes on over the page.
func withoutPages(lines []string) []string {
	var out []string
	for i, line := range lines {
		if !isPageLine(line) {
			if out != nil {
				if line != "" || out[len(out)-1] != "" {
					out = append(out, strings.TrimLeft(line, "\f"))
				}
			}
			continue
		}
		if out == nil {
			out = append(make([]string, 0, len(lines)), lines[:i]...)
		}
		for len(out) > 0 && strings.TrimSpace(out[len(out)-1]) == "" {
			out = out[:len(out)-1]
		}
		out = append(out, "")
	}
	if out == nil {
		return lines
	}
	return out
}

// isPageLine reports whether a line is the date and the title, or the address and
// the number, of a printed page.
func isPageLine(line string) bool {
	line = strings.Trim(line, " \f")
	if len(line) < 12 || len(line) > 400 || !strings.Contains(line, "  ") {
		return false
	}
	switch {
	case line[0] >= '0' && line[0] <= '9':
		return printedAt.MatchString(line)
	case strings.HasPrefix(line, "http"), strings.HasPrefix(line, "file:"):
		return pageNumber.MatchString(line)
	}
	return false
}

var (
	printedAt  = regexp.MustCompile(`^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\.?,? +\d{1,2}[:.]\d{2}(?: ?[AP]M)? {2,}`)
	pageNumber = regexp.MustCompile(`^(?:https?|file)://\S+ {2,}\d{1,3}/\d{1,3}$`)
)

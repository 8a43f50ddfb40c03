package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Everything a site sends can hold what a terminal, a spreadsheet or a reader's
// eye takes for something else: escape sequences, line breaks, characters that
// turn the direction of text. Every writer passes site data through identifier
// or prose; JSON alone keeps it exact and escapes it in its own syntax.

// identifier makes a name, host or address safe to print on one line: control,
// format and line separator characters and bytes that are not UTF-8 appear as
// escapes, because in a name each of them means something.
func identifier(s string) string { return escape(s, unprintable) }

// prose makes text safe to print on one line: runs of white space become one
// space, joiners that some scripts need stay, soft hyphens go, and the rest is
// escaped as in identifier.
func prose(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return escape(strings.ReplaceAll(s, "\u00ad", ""), func(r rune) bool {
		return r != '\u200c' && r != '\u200d' && unprintable(r)
	})
}

func unprintable(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}

func escape(s string, hide func(rune) bool) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !hide(r):
			b.WriteString(s[i : i+n])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += n
	}
	return b.String()
}

// clip cuts s after limit characters and says how long it was.
func clip(s string, limit int) string {
	n := utf8.RuneCountInString(s)
	if n <= limit {
		return s
	}
	cut := 0
	for range limit {
		_, size := utf8.DecodeRuneInString(s[cut:])
		cut += size
	}
	return fmt.Sprintf("%s… (%d characters)", s[:cut], n)
}

// PageName is identifier for a page of another package: cut where it is long.
func PageName(s string) string { return clip(identifier(s), pageName) }

// PageText is prose for a page of another package: cut where it is long.
func PageText(s string) string { return clip(prose(s), pageText) }

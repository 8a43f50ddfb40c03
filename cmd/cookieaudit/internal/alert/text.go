package alert

import (
	"fmt"
	"strings"
	"unicode"
)

// subject says in one line what a message is about.
func subject(m *Message) string {
	news, over := 0, 0
	for _, e := range m.Events {
		if e.State == Over {
			over++
		} else {
			news++
		}
	}
	var parts []string
	if len(m.Events) == 1 && m.Events[0].Subject == Unreachable {
		return clean(m.Host) + ": " + map[State]string{New: "could not be looked at", Over: "can be looked at again"}[m.Events[0].State]
	}
	if news > 0 {
		parts = append(parts, fmt.Sprintf("%d new", news))
	}
	if over > 0 {
		parts = append(parts, fmt.Sprintf("%d over", over))
	}
	return clean(m.Host) + ": " + strings.Join(parts, ", ")
}

// line says what an event is.
func line(e *Event) string {
	what := string(e.Subject)
	if e.Rule != "" {
		what = fmt.Sprintf("%s %s (%s)", what, e.Rule, e.Severity)
	}
	return fmt.Sprintf("[%s] %s: %s", e.State, what, clean(e.Text))
}

// body is the text of a mail.
func body(m *Message) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Site:  %s\nScan:  %s\nBegan: %s\n\n", clean(m.Site), m.Scan, m.Started.Format("2006-01-02 15:04 MST"))
	for i := range m.Events {
		fmt.Fprintf(&b, "- %s\n", line(&m.Events[i]))
	}
	b.WriteString("\nThese are observations of a machine: potential non-compliance, for a person to judge.\n")
	return b.String()
}

// clean keeps what a site wrote on one line, without what steers a terminal or
// turns the direction of writing.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(clip(s, 4000), ""))
}

// clip cuts a text to so many letters.
func clip(s string, longest int) string {
	if len(s) <= longest {
		return s
	}
	r := []rune(s)
	if len(r) <= longest {
		return s
	}
	return string(r[:longest-1]) + "…"
}

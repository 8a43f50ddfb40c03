package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twwidth"
	"github.com/olekukonko/tablewriter/tw"

	"cookieaudit/audit"
)

// Widths in columns of the terminal.
const (
	defaultWidth = 80
	minWidth     = 60
)

// longest is how many characters of one text are printed: more than any honest
// sentence has, and little enough that no site can flood the terminal.
const longest = 1000

// A terminal collects lines that are no wider than its width. Whoever prints
// passes site data through identifier or prose first.
type terminal struct {
	out   bytes.Buffer
	width int
	color bool
}

func newTerminal(o Options) *terminal {
	t := &terminal{width: o.Width, color: o.Color}
	if t.width == 0 {
		t.width = defaultWidth
	}
	t.width = max(t.width, minWidth)
	return t
}

func (t *terminal) flush(w io.Writer) error {
	if _, err := w.Write(t.out.Bytes()); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// A style is a set of SGR parameters (ECMA-48 section 8.3.117).
type style string

const (
	plain  style = ""
	bold   style = "1"
	red    style = "31"
	redB   style = "1;31"
	yellow style = "33"
	green  style = "32"
	dim    style = "2"
)

func severityStyle(s audit.Severity) style {
	switch s {
	case audit.Critical, audit.High:
		return redB
	case audit.Medium:
		return yellow
	default:
		return bold
	}
}

func (t *terminal) paint(s style, text string) string {
	if !t.color || s == plain {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// line prints one line as it is, cut at the width.
func (t *terminal) line(s style, text string) {
	t.out.WriteString(t.paint(s, strings.TrimRight(Fit(text, t.width), " ")))
	t.out.WriteByte('\n')
}

func (t *terminal) blank() { t.out.WriteByte('\n') }

func (t *terminal) heading(text string) {
	t.blank()
	t.line(bold, text)
}

// wrapped prints text below a first line that begins with lead; further lines
// are indented as far.
func (t *terminal) wrapped(s style, lead, text string) {
	t.paragraph(s, lead, clip(text, longest))
}

// paragraph is wrapped for text whose length is bounded already.
func (t *terminal) paragraph(s style, lead, text string) {
	indent := strings.Repeat(" ", twwidth.Width(lead))
	for i, l := range Wrap(text, t.width-len(indent)) {
		if i == 0 {
			t.line(s, lead+l)
		} else {
			t.line(s, indent+l)
		}
	}
}

// Fit cuts text to a width in columns and marks the cut.
func Fit(text string, width int) string {
	if twwidth.Width(text) <= width {
		return text
	}
	used, room := 0, width-twwidth.Width("…")
	for i, r := range text {
		used += twwidth.Width(string(r))
		if used > room {
			return text[:i] + "…"
		}
	}
	return text
}

// Wrap breaks text into lines of at most width columns, at spaces, and inside words that are too long.
func Wrap(text string, width int) []string {
	var lines []string
	cur, used := "", 0
	for _, word := range strings.Fields(text) {
		w := twwidth.Width(word)
		if cur != "" && used+1+w <= width {
			cur, used = cur+" "+word, used+1+w
			continue
		}
		if cur != "" {
			lines = append(lines, cur)
		}
		parts := pieces(word, width)
		lines = append(lines, parts[:len(parts)-1]...)
		cur = parts[len(parts)-1]
		used = twwidth.Width(cur)
	}
	if cur != "" || len(lines) == 0 {
		lines = append(lines, cur)
	}
	return lines
}

// pieces cuts a word into parts that fit.
func pieces(word string, width int) []string {
	var parts []string
	start, used := 0, 0
	for i, r := range word {
		w := twwidth.Width(string(r))
		if used+w > width && i > start {
			parts = append(parts, word[start:i])
			start, used = i, 0
		}
		used += w
	}
	return append(parts, word[start:])
}

// A gridColumn is one column of a table in the terminal. A column with Shrink
// gives up room, in proportion, down to Min.
type gridColumn struct {
	Head   string
	Min    int
	Shrink bool
	Right  bool
}

const gridGap = 2 // spaces between columns

// grid prints a table without lines, indented by two, in the widths that
// gridWidths gives: cells that do not fit are cut and marked.
func (t *terminal) grid(columns []gridColumn, widths []int, rows [][]string) error {
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.Head
	}
	var b bytes.Buffer
	table := tablewriter.NewTable(&b,
		tablewriter.WithRendition(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		}),
		tablewriter.WithPadding(tw.Padding{Right: strings.Repeat(" ", gridGap), Overwrite: true}),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithAlignment(tw.MakeAlign(len(columns), tw.AlignLeft)),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
	)
	table.Header(padRow(columns, head, widths))
	for _, row := range rows {
		if err := table.Append(padRow(columns, row, widths)); err != nil {
			return fmt.Errorf("add a row to a table: %w", err)
		}
	}
	if err := table.Render(); err != nil {
		return fmt.Errorf("draw a table: %w", err)
	}
	for i, l := range strings.Split(strings.TrimRight(b.String(), "\n"), "\n") {
		s := plain
		if i == 0 {
			s = dim
		}
		t.line(s, "  "+strings.TrimRight(l, " "))
	}
	return nil
}

// padRow brings every cell to the width of its column, so that tables with the
// same widths stand in line below each other.
func padRow(columns []gridColumn, row []string, widths []int) []string {
	out := make([]string, len(row))
	for i, s := range row {
		s = Fit(s, widths[i])
		space := strings.Repeat(" ", max(0, widths[i]-twwidth.Width(s)))
		if columns[i].Right {
			out[i] = space + s
		} else {
			out[i] = s + space
		}
	}
	return out
}

// gridWidths gives every column what its cells need and takes back what is too
// much from the widest column that may shrink.
func (t *terminal) gridWidths(columns []gridColumn, rows [][]string) []int {
	room := t.width - 2
	widths := make([]int, len(columns))
	total := gridGap * len(columns)
	for i, c := range columns {
		widths[i] = twwidth.Width(c.Head)
		for _, row := range rows {
			widths[i] = max(widths[i], min(twwidth.Width(row[i]), room))
		}
		total += widths[i]
	}
	for total > room {
		widest := -1
		for i, c := range columns {
			if c.Shrink && widths[i] > c.Min && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		total--
	}
	return widths
}

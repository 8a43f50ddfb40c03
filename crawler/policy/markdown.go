package policy

import (
	"regexp"
	"strings"
)

// A markdownReader turns markdown or plain text into blocks. Plain text is
// markdown whose lines mean more.
type markdownReader struct {
	out      blocks
	title    string
	lines    []string
	i        int
	para     []string
	matter   string // the YAML head
	lineMode bool   // every line is a paragraph
	// unflat counts the lines that were read for flattened tables that were none.
	// The next line begins such a search again: the count keeps it linear.
	unflat int
	// hung and hungEnd are how deep the last name stood that lines hang below, and
	// where they ended.
	hung, hungEnd int
}

var (
	atxHeading  = regexp.MustCompile(`^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$`)
	listItem    = regexp.MustCompile(`^(\s*)(?:(?:[-*+•·▪◦‣o]|\d{1,3}[.)]|[a-z][.)])\s+|[・•])(.*)$`)
	setextLine  = regexp.MustCompile(`^\s{0,3}(=+|-{2,})\s*$`)
	delimiter   = regexp.MustCompile(`^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$`)
	htmlOpening = regexp.MustCompile(`(?i)^\s{0,3}<(table|p|div|h[1-6]|ul|ol|dl|details|section|article|main|header|footer|form)[\s>]`)
)

// leads reports whether a line begins with one of the bytes. Most lines do not,
// and the patterns cost much more than this.
func leads(trimmed, bytes string) bool {
	return trimmed != "" && strings.IndexByte(bytes, trimmed[0]) >= 0
}

func isHeading(line string) bool {
	return strings.IndexByte(line, '#') >= 0 && atxHeading.MatchString(line)
}

// isItem reports whether a line begins an item of a list: with a bullet, a
// number or a letter.
func isItem(line, trimmed string) bool {
	if strings.HasPrefix(trimmed, "・") || strings.HasPrefix(trimmed, "•") {
		return listItem.MatchString(line) // some set no space behind these
	}
	mark, _, found := strings.Cut(trimmed, " ")
	if !found {
		mark, _, found = strings.Cut(trimmed, "\t")
	}
	if mark == "o" && !(strings.HasPrefix(line, "  ") && startsUpper(strings.TrimSpace(trimmed[1:]))) {
		return false // the bullet of a list inside another, in the text of a page
	}
	return found && len(mark) <= 4 && listItem.MatchString(line)
}

func readMarkdown(text string, lineMode bool) *markdownReader {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = narrowMarks(strings.ReplaceAll(text, "\r", "\n"))
	r := &markdownReader{lines: liftPipes(withoutPages(strings.Split(text, "\n")))}
	r.lineMode = lineMode && linesStandAlone(r.lines)
	r.frontMatter()
	for r.i < len(r.lines) && !r.out.tooMany {
		r.step()
	}
	r.flush()
	return r
}

// linesStandAlone reports whether a text has so few empty lines that its line
// breaks must be the paragraphs.
func linesStandAlone(lines []string) bool {
	blank := 0
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			blank++
		}
	}
	return len(lines) > 8 && blank*8 < len(lines)
}

// frontMatter skips a YAML head and keeps its title.
func (r *markdownReader) frontMatter() {
	if len(r.lines) == 0 || strings.TrimSpace(r.lines[0]) != "---" {
		return
	}
	for j := 1; j < len(r.lines); j++ {
		line := strings.TrimSpace(r.lines[j])
		if line == "---" {
			if j >= 60 && strings.TrimSpace(strings.Join(r.lines[j+1:], "")) != "" {
				return // a rule across the page
			}
			r.i = j + 1
			r.matter = strings.Join(r.lines[1:j], "\n")
			return
		}
		if v, found := strings.CutPrefix(line, "title:"); found {
			r.title = strings.Trim(strings.TrimSpace(v), `"'`)
		}
	}
}

// step reads the block that begins at the current line.
func (r *markdownReader) step() {
	line := r.lines[r.i]
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "":
		r.flush()
		r.i++
	case r.flattened(), r.pipeTable(), r.gridTable(trimmed), r.alignedTable(), r.stackedTable(), r.directive(trimmed), r.htmlBlock(trimmed), r.hanging(line, trimmed), r.defined(trimmed):
	case r.headingLine(line), r.ruledTitle(trimmed):
	case len(r.para) > 0 && len(r.para) <= 2 && leads(trimmed, "=-") && setextLine.MatchString(line):
		level := 2
		if strings.HasPrefix(trimmed, "=") {
			level = 1
		}
		text := strings.Join(r.para, " ")
		r.para = nil
		r.emit(heading, level, text)
		r.i++
	case len(r.para) == 0 && leads(trimmed, "|:-") && delimiter.MatchString(line) && !strings.Contains(line, "|"):
		r.i++ // a rule across the page
	case isItem(line, trimmed):
		r.item(line)
	default:
		if beginsLines(trimmed) {
			r.flush()
		}
		r.para = append(r.para, strings.TrimPrefix(strings.TrimLeft(line, " \t"), "> "))
		r.i++
		if r.lineMode {
			r.flush()
		}
	}
}

func (r *markdownReader) headingLine(line string) bool {
	if strings.IndexByte(line, '#') < 0 {
		return false
	}
	m := atxHeading.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	r.flush()
	r.emit(heading, len(m[1]), m[2])
	r.i++
	return true
}

// item reads a list item with its continuation lines.
func (r *markdownReader) item(line string) {
	r.flush()
	m := listItem.FindStringSubmatch(line)
	depth := len(strings.ReplaceAll(m[1], "\t", "    "))/2 + 1
	text := []string{m[2]}
	r.i++
	for r.i < len(r.lines) && !r.lineMode {
		next := r.lines[r.i]
		trimmed := strings.TrimSpace(next)
		if trimmed == "" || isItem(next, trimmed) || isHeading(next) || strings.HasPrefix(trimmed, "|") || r.tableBegins() {
			break
		}
		if beginsLines(trimmed) {
			break
		}
		text = append(text, trimmed+hardBreak(next))
		r.i++
	}
	body := joinLines(text)
	if rest, found := strings.CutPrefix(body, `\- `); found {
		body = rest
	}
	r.emit(item, depth, body)
}

// htmlBlock hands a stretch of HTML to the HTML reader.
func (r *markdownReader) htmlBlock(trimmed string) bool {
	if !strings.HasPrefix(trimmed, "<") {
		return false
	}
	m := htmlOpening.FindStringSubmatch(r.lines[r.i])
	if m == nil {
		return false
	}
	tag := strings.ToLower(m[1])
	end := r.i
	for end < len(r.lines) {
		l := r.lines[end]
		if tag == "table" {
			if strings.Contains(strings.ToLower(l), "</table") {
				end++
				break
			}
		} else if strings.TrimSpace(l) == "" {
			break
		}
		end++
	}
	page, ok := readHTML([]byte(strings.Join(r.lines[r.i:end], "\n")))
	if !ok {
		return false
	}
	r.flush()
	for _, b := range page.out.list {
		r.out.add(b)
	}
	r.i = end
	return true
}

// flush ends the paragraph.
func (r *markdownReader) flush() {
	if len(r.para) == 0 {
		return
	}
	text := joinLines(r.para)
	r.para = nil
	r.emit(paragraph, 0, text)
}

func (r *markdownReader) emit(kind blockKind, level int, raw string) {
	text, lead, code := inline(raw)
	if r.title == "" && kind == heading {
		r.title = squeeze(text)
	}
	r.out.add(block{kind: kind, level: level, text: text, lead: lead, code: code})
}

// joinLines puts wrapped lines together. A break stays where the author forced
// it, and before and after a line that is a label of its own.
func joinLines(lines []string) string {
	var b strings.Builder
	rows := false   // a line of labels stands above
	labels := false // a line with a label stands above
	for i, line := range lines {
		if i > 0 {
			previous := lines[i-1]
			rows = rows || beginsLines(previous)
			labels = labels || startsWithLabel(previous)
			if rows || labels && foreignLabel(line) || hardBreak(previous) != "" || startsWithLabel(line) || startsWithClass(line) || dashedRow(line) || startsWithLabel(previous) && len(previous) < 60 || beginsWithName(previous, line, rows) || endsShort(previous, line) || marksNote(line) || commaCells(strings.TrimSpace(line)) != nil || pipes(line) > 1 && pipes(line) == pipes(previous) {
				b.WriteByte('\n')
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteString(strings.TrimSuffix(strings.TrimSpace(line), `\`))
	}
	return b.String()
}

// marksNote reports whether a line begins with the mark of a footnote.
func marksNote(line string) bool {
	line = strings.TrimPrefix(strings.TrimSpace(line), `\`)
	mark, rest := cutMark(line)
	return mark != "" && line[0] != '*' || strings.HasPrefix(line, "* ") && rest != ""
}

// pipes is how many cells of a line end with a pipe.
func pipes(line string) int { return strings.Count(clip(line, 1000), " | ") }

// beginsWithName reports whether a line begins with the name of a cookie, as
// rows of a table do that were put on one line.
func beginsWithName(previous, line string, rows bool) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	if strings.HasSuffix(strings.TrimSpace(previous), ".") && (strings.HasSuffix(first, ":") && strengthOf(first[:len(first)-1]) != notName || startsLower(first) && strengthOf(first) >= likelyName) {
		return true // no sentence goes on, and none begins so
	}
	least := strongName
	if rows {
		least = likelyName
	}
	return strengthOf(strings.TrimRight(first, ",:")) >= least
}

// endsShort reports whether a line ended long before the margin, without a
// stop, and a new beginning follows.
func endsShort(line, next string) bool {
	line, next = strings.TrimSpace(line), strings.TrimSpace(next)
	return len(line) < 45 && line != "" && next != "" && strings.IndexByte(",;-(", line[len(line)-1]) < 0 && startsUpper(next)
}

// hardBreak is the mark of a forced line break at the end of a line.
func hardBreak(line string) string {
	if strings.HasSuffix(line, "  ") || strings.HasSuffix(line, `\`) {
		return "  "
	}
	return ""
}

// startsWithLabel reports whether a line begins with "Label:".
func startsWithLabel(line string) bool {
	head, _, found := strings.Cut(clip(line, 80), ":")
	if !found {
		return false
	}
	return labelKind(strings.Trim(head, "*_- ")) != noField
}

// startsWithClass reports whether a line begins with the name of a class and a
// colon ("Performance cookies: …").
func startsWithClass(line string) bool {
	head, _, found := strings.Cut(clip(line, 80), ": ")
	return found && labelClass(strings.Trim(head, "*_- ")).found
}

// dashedRow reports whether a line begins with what may be a name and a dash.
func dashedRow(line string) bool {
	fields := strings.Fields(clip(line, 200))
	if len(fields) < 3 || strengthOf(fields[0]) == notName {
		return false
	}
	return fields[1] == "—" || fields[1] == "–" || fields[1] == "-"
}

// pipeCells splits a table line at its pipes. Escaped pipes and those in code
// stay.
func pipeCells(line string) []string {
	var cells []string
	var b strings.Builder
	code := false
	trimmed := strings.TrimSpace(line)
	trimmed = strings.TrimPrefix(trimmed, "|")
	for i := 0; i < len(trimmed); i++ {
		switch c := trimmed[i]; {
		case c == '\\' && i+1 < len(trimmed):
			if trimmed[i+1] == '|' {
				b.WriteByte('|')
			} else {
				b.WriteByte(c)
				b.WriteByte(trimmed[i+1])
			}
			i++
		case c == '`':
			code = !code
			b.WriteByte(c)
		case c == '|' && (!code || !strings.Contains(trimmed[i:], "`")):
			cells = append(cells, strings.TrimSpace(b.String()))
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	if last := strings.TrimSpace(b.String()); last != "" || !strings.HasSuffix(trimmed, "|") {
		cells = append(cells, last)
	}
	if len(cells) > maxColumns {
		cells = cells[:maxColumns]
	}
	return cells
}

package policy

import (
	"encoding/csv"
	"regexp"
	"strings"
	"unicode/utf8"
)

// rstTable begins a table that reStructuredText has as a directive.
var rstTable = regexp.MustCompile(`^\s*\.\. (csv-table|list-table)::\s*(.*)$`)

// rstOption is an option of a directive.
var rstOption = regexp.MustCompile(`^:([a-z-]+):\s*(.*)$`)

// directive reads a table of reStructuredText: rows with commas between the cells,
// or a list of lists.
func (r *markdownReader) directive(trimmed string) bool {
	if !strings.HasPrefix(trimmed, ".. ") {
		return false
	}
	m := rstTable.FindStringSubmatch(r.lines[r.i])
	if m == nil {
		return false
	}
	indent := indentOf(r.lines[r.i])
	options := map[string]string{}
	var body []string
	end := r.i + 1
	for ; end < len(r.lines); end++ {
		line := r.lines[end]
		if strings.TrimSpace(line) == "" {
			continue
		}
		if indentOf(line) <= indent {
			break
		}
		if o := rstOption.FindStringSubmatch(strings.TrimSpace(line)); o != nil && len(body) == 0 {
			options[o[1]] = o[2]
			continue
		}
		body = append(body, line)
	}
	g := &grid{}
	if m[1] == "csv-table" {
		g.rows = csvRows(options, body)
	} else {
		g.rows = listRows(body)
	}
	if len(g.rows) == 0 {
		return false
	}
	g.rows[0].header = options["header"] != "" || options["header-rows"] != "" && options["header-rows"] != "0"
	r.flush()
	r.i = end
	if m[2] != "" {
		r.emit(heading, softLevel, m[2])
	}
	r.out.add(block{kind: tableBlock, table: g})
	return true
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// csvRows are the rows of a csv-table; its header may be an option.
func csvRows(options map[string]string, body []string) []row {
	if options["header"] != "" {
		body = append([]string{options["header"]}, body...)
	}
	var out []row
	for _, line := range body {
		reader := csv.NewReader(strings.NewReader(strings.TrimSpace(line)))
		reader.LazyQuotes, reader.TrimLeadingSpace = true, true
		if mark, size := utf8.DecodeRuneInString(options["delim"]); size == 1 && size == len(options["delim"]) {
			reader.Comma = mark
		}
		fields, err := reader.Read()
		if err != nil {
			continue
		}
		out = append(out, row{cells: inlineCells(fields[:min(len(fields), maxColumns)])})
	}
	return out
}

// listRows are the rows of a list-table: an item for each, whose items are its
// cells.
func listRows(body []string) []row {
	var out []row
	for _, line := range body {
		text := strings.TrimSpace(line)
		if rest, found := strings.CutPrefix(text, "* "); found {
			out = append(out, row{})
			text = strings.TrimSpace(rest)
		}
		if len(out) == 0 {
			return nil
		}
		last := &out[len(out)-1]
		if text == "-" || strings.HasPrefix(text, "- ") {
			if len(last.cells) < maxColumns {
				last.cells = append(last.cells, inlineCells([]string{strings.TrimSpace(text[1:])})...)
			}
			continue
		}
		if n := len(last.cells); n > 0 && len(last.cells[n-1].text) <= longestCell {
			last.cells[n-1].text = squeeze(last.cells[n-1].text + " " + plainInline(text))
		}
	}
	return out
}

// titleRule is the line below a title of reStructuredText, or above it.
var titleRule = regexp.MustCompile("^[*~^\"+#'.:_`=-]{3,}$")

// ruledTitle reads a title with a line of one mark below it that is as long, and
// often with the same line above.
func (r *markdownReader) ruledTitle(trimmed string) bool {
	over := isTitleRule(trimmed)
	at := r.i
	if over {
		at++
	}
	if len(r.para) > 0 || at+1 >= len(r.lines) {
		return false
	}
	title, rule := strings.TrimSpace(r.lines[at]), strings.TrimSpace(r.lines[at+1])
	if !isTitleRule(rule) || title == "" || isTitleRule(title) || over && rule != trimmed || utf8.RuneCountInString(title) > len(rule) {
		return false
	}
	if !over && (rule[0] == '=' || rule[0] == '-') {
		return false // markdown has them too
	}
	r.flush()
	level := 2 + strings.IndexByte("-*~^\"+#'.:_`", rule[0]) + 1
	if over || rule[0] == '=' {
		level = 1
	}
	r.emit(heading, min(level, 6), title)
	r.i = at + 2
	return true
}

func isTitleRule(line string) bool {
	return line != "" && titleRule.MatchString(line) && strings.Trim(line, line[:1]) == ""
}

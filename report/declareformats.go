package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// A TableFormat is one way to write a CookieTable.
type TableFormat struct {
	Name      string
	Extension string
	Write     func(io.Writer, *CookieTable) error
}

// TableFormats lists the formats of a CookieTable, the default first.
func TableFormats() []TableFormat {
	return []TableFormat{
		{"html", ".html", writeTableHTML},
		{"md", ".md", writeTableMarkdown},
		{"csv", ".csv", writeTableCSV},
		{"json", ".json", writeTableJSON},
	}
}

func tableColumns() []string {
	return []string{"Name", "Type", "Provider", "Host", "Party", "Category", "Purpose", "Lifetime"}
}

func (r *TableRow) cells() []string {
	return []string{r.Name, r.Type, r.Provider, r.Host, r.Party, string(r.Category), r.Purpose, r.Lifetime}
}

// tableHTML is a section for a page of the site: without styles of its own, so
// that it looks like the site.
const tableHTML = `<section lang="en">
<h2>Cookies and similar storage</h2>
<p>What <a href="{{.Site}}">{{.Site}}</a> stores in your browser, as of {{.Date}}.</p>
<table>
<thead>
<tr>{{range .Columns}}<th scope="col">{{.}}</th>{{end}}</tr>
</thead>
<tbody>
{{range .Rows}}<tr>{{range .}}<td>{{.}}</td>{{end}}</tr>
{{end}}</tbody>
</table>
</section>
`

func writeTableHTML(w io.Writer, t *CookieTable) error {
	page, err := template.New("table").Parse(tableHTML)
	if err != nil {
		return fmt.Errorf("parse the template of the cookie table: %w", err)
	}
	view := struct {
		Site, Date string
		Columns    []string
		Rows       [][]string
	}{identifier(t.Site), t.Date, tableColumns(), nil}
	for i := range t.Rows {
		var row []string
		for _, c := range t.Rows[i].cells() {
			row = append(row, prose(c))
		}
		view.Rows = append(view.Rows, row)
	}
	if err := page.Execute(w, view); err != nil {
		return fmt.Errorf("write the cookie table as HTML: %w", err)
	}
	return nil
}

func writeTableMarkdown(w io.Writer, t *CookieTable) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "## Cookies and similar storage\n\nWhat %s stores in your browser, as of %s.\n\n", markdown(t.Site), t.Date)
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(tableColumns(), " | "), strings.Repeat("---|", len(tableColumns())))
	for i := range t.Rows {
		cells := t.Rows[i].cells()
		for j := range cells {
			cells[j] = markdown(cells[j])
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write the cookie table as Markdown: %w", err)
	}
	return nil
}

func writeTableCSV(w io.Writer, t *CookieTable) error {
	cw := csv.NewWriter(w)
	cw.UseCRLF = true
	rows := [][]string{tableColumns()}
	for i := range t.Rows {
		cells := t.Rows[i].cells()
		for j := range cells {
			cells[j] = cell(cells[j])
		}
		rows = append(rows, cells)
	}
	if err := cw.WriteAll(rows); err != nil {
		return fmt.Errorf("write the cookie table as CSV: %w", err)
	}
	return nil
}

func writeTableJSON(w io.Writer, t *CookieTable) error { return writeJSON(w, t, indent) }

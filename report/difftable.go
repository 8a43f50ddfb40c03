package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A DiffFormat is one way to write a Diff.
type DiffFormat struct {
	Name  string
	Write func(io.Writer, *Diff, Options) error
}

// DiffFormats lists the formats of a Diff, the default first.
func DiffFormats() []DiffFormat {
	return []DiffFormat{{"table", writeDiffTable}, {"json", writeDiffJSON}, {"md", writeDiffMarkdown}}
}

func writeDiffJSON(w io.Writer, d *Diff, _ Options) error { return writeJSON(w, d, indent) }

// A DiffPart is one list of a Diff with its heading.
type DiffPart struct {
	Title   string
	Changes []Change
}

// Parts lists what a Diff holds, findings first.
func (d *Diff) Parts() []DiffPart {
	return []DiffPart{
		{"Potential violations", d.Findings},
		{"Cookies", d.Cookies},
		{"Other storage", d.Storage},
		{"Declared in the policy", d.Declarations},
		{"Policies", d.Policies},
	}
}

func writeDiffTable(w io.Writer, d *Diff, o Options) error {
	t := newTerminal(o)
	t.line(bold, "CHANGES "+identifier(d.New.Site))
	t.wrapped(plain, "  from ", d.Old.text())
	t.wrapped(plain, "  to   ", d.New.text())
	for _, n := range d.Notes {
		t.wrapped(yellow, "! ", prose(n))
	}
	if d.Empty() {
		t.blank()
		t.wrapped(plain, "", d.emptyText())
		return t.flush(w)
	}
	for _, part := range d.Parts() {
		if len(part.Changes) == 0 {
			continue
		}
		t.heading(strings.ToUpper(part.Title) + " (" + countChanges(part.Changes) + ")")
		for i := range part.Changes {
			t.change(&part.Changes[i])
		}
	}
	d.policyTexts(t)
	if d.doubtful() {
		t.blank()
		t.wrapped(dim, "", doubt)
	}
	return t.flush(w)
}

// policyTexts tells which lines of the policies changed.
func (d *Diff) policyTexts(t *terminal) {
	for i := range d.PolicyChanges {
		c := &d.PolicyChanges[i]
		if len(c.Lines) == 0 {
			continue
		}
		t.heading("TEXT OF " + identifier(c.URL))
		t.lineChanges(c)
	}
}

// doubt says what it means that something is not proven.
const doubt = "\"Not seen\" is said where the other scan could not look at what would show it: in the same visits, " +
	"in the policy, or with the same rule. It is no proof that the site changed."

func (d *Diff) doubtful() bool {
	for _, part := range d.Parts() {
		if slices.ContainsFunc(part.Changes, func(c Change) bool { return !c.Proven }) {
			return true
		}
	}
	return false
}

func (s DiffScan) text() string {
	return fmt.Sprintf("scan %s of %s, %s", identifier(s.ID), s.Started.Format("2006-01-02 15:04 UTC"), s.Outcome)
}

// emptyText says what it is worth that nothing changed.
func (d *Diff) emptyText() string {
	if len(d.Notes) == 0 {
		return "Nothing changed."
	}
	return "Nothing changed as far as both scans could see."
}

// ChangeText names the kind of a change, as kinds are counted: what is not proven to be
// new or gone is "not seen".
func (c *Change) ChangeText() string {
	switch {
	case c.Proven || c.Change == Changed:
		return string(c.Change)
	case c.Change == Gone:
		return "not seen this time"
	default:
		return "not seen before"
	}
}

func countChanges(cs []Change) string {
	var parts []string
	for i := 0; i < len(cs); {
		n := i
		for n < len(cs) && cs[n].ChangeText() == cs[i].ChangeText() {
			n++
		}
		parts = append(parts, fmt.Sprintf("%d %s", n-i, cs[i].ChangeText()))
		i = n
	}
	return strings.Join(parts, ", ")
}

func (t *terminal) change(c *Change) {
	mark, s := "~ ", yellow
	switch {
	case !c.Proven && c.Change == Gone:
		mark, s = "? ", dim
	case c.Change == Appeared && c.Severity != "":
		mark, s = "+ ", severityStyle(c.Severity)
	case c.Change == Appeared:
		mark, s = "+ ", bold
	case c.Change == Gone:
		mark, s = "- ", dim
	}
	title := c.title()
	if !c.Proven {
		title += ": " + c.ChangeText()
	}
	t.wrapped(s, "  "+mark, title)
	if c.Change == Appeared && c.Text != "" {
		t.wrapped(plain, "      ", prose(c.Text))
	}
	for _, f := range c.Fields {
		t.wrapped(plain, "      ", prose(f.text()))
	}
}

// title names what changed.
func (c *Change) title() string {
	name := identifier(c.Name)
	if c.Domain != "" && c.Domain != c.Name {
		name = strings.TrimSpace(name + " (" + identifier(c.Domain) + ")")
	}
	return strings.TrimSpace(strings.TrimSpace(string(c.Severity)+" "+identifier(c.Kind)) + " " + name)
}

func (f FieldChange) text() string {
	return fmt.Sprintf("%s: %s, was %s", f.Field, cmp.Or(f.New, "none"), cmp.Or(f.Old, "none"))
}

// writeDiffMarkdown writes a short summary for pull requests.
func writeDiffMarkdown(w io.Writer, d *Diff, _ Options) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "## Cookies: what changed on %s\n\nFrom %s to %s.\n", markdown(d.New.Site), markdown(d.Old.text()), markdown(d.New.text()))
	if len(d.Notes) > 0 {
		b.WriteByte('\n')
	}
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "- **Note**: %s\n", markdown(n))
	}
	if d.Empty() {
		fmt.Fprintf(&b, "\n%s\n", d.emptyText())
	}
	for _, part := range d.Parts() {
		if len(part.Changes) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s (%s)\n\n", part.Title, countChanges(part.Changes))
		for i := range part.Changes {
			if i == markdownFindings {
				fmt.Fprintf(&b, "- and %d more\n", len(part.Changes)-i)
				break
			}
			c := &part.Changes[i]
			fmt.Fprintf(&b, "- **%s** %s", c.ChangeText(), markdown(c.title()))
			var more []string
			for _, f := range c.Fields {
				more = append(more, f.text())
			}
			if c.Change == Appeared && c.Text != "" {
				more = append(more, c.Text)
			}
			if len(more) > 0 {
				fmt.Fprintf(&b, ": %s", markdown(strings.Join(more, "; ")))
			}
			b.WriteByte('\n')
		}
	}
	if d.doubtful() {
		fmt.Fprintf(&b, "\n%s\n", doubt)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write Markdown: %w", err)
	}
	return nil
}

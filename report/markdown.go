package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"cookieaudit/audit"
)

// markdownFindings is how many findings a summary lists; a pull request is not
// the place for all of them.
const markdownFindings = 20

// markdownText is how many characters of one text are shown: the messages of
// rules are shorter.
const markdownText = 400

// WriteMarkdown writes a short summary in GitHub-flavoured Markdown: result,
// what could not be looked at, violations by severity, and the gravest findings.
func WriteMarkdown(w io.Writer, r *Report, _ Options) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "## Cookie audit of %s\n\n**%s**\n", markdown(r.Scan.Site.URL), markdown(r.Summary.Headline))
	for _, n := range r.notices() {
		fmt.Fprintf(&b, "\n**%s**\n", markdown(n))
	}
	if len(r.Coverage.Gaps) > 0 {
		b.WriteString("\n### What could not be looked at\n\n")
		for _, g := range shortGaps(r.Coverage.Gaps) {
			fmt.Fprintf(&b, "- **%s**: %s", markdown(g.label()), markdown(g.What))
			if g.Why != "" {
				fmt.Fprintf(&b, " (%s)", markdown(g.Why))
			}
			b.WriteByte('\n')
		}
	}
	r.markdownCounts(&b)
	r.markdownFindings(&b)
	if n := r.Summary.NotRequested; n > 0 {
		fmt.Fprintf(&b, "\n%s phases that were not asked for: nothing is known of what they look for. `%s` asks for them.\n", needs(n), r.everyPhase())
	}
	fmt.Fprintf(&b, "\nScan %s of %s with %s and %s, profile %s. Potential non-compliance: the tool observes, a person judges.\n",
		markdown(r.Scan.ID), r.Scan.Started.Format("2006-01-02 15:04 UTC"), markdown(toolText(r.Scan.Tool)), markdown(toolText(r.Scan.Browser)),
		markdown(r.profileText()))
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write Markdown: %w", err)
	}
	return nil
}

func (r *Report) markdownCounts(b *bytes.Buffer) {
	b.WriteString("\n| Cookies | third party | declared |")
	for _, sev := range audit.Severities() {
		fmt.Fprintf(b, " %s |", sev)
	}
	b.WriteString(" could not tell |\n|---:|---:|---:|" + strings.Repeat("---:|", len(audit.Severities())) + "---:|\n|")
	for _, cell := range r.summaryRow()[2:] {
		fmt.Fprintf(b, " %s |", markdown(cell))
	}
	b.WriteByte('\n')
}

func (r *Report) markdownFindings(b *bytes.Buffer) {
	total := r.Summary.Verdicts[audit.Violation]
	if total == 0 {
		return
	}
	b.WriteString("\n| Severity | Finding | About | What was found | Law |\n|---|---|---|---|---|\n")
	listed := 0
	for _, g := range grouped(r.Findings) {
		for _, f := range g.Findings {
			if listed == markdownFindings {
				fmt.Fprintf(b, "\n%d further findings are in the full report.\n", total-listed)
				return
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", f.Severity, markdown(f.Rule), markdown(subjectText(f.Subject)), markdown(f.Message), markdown(shortLaws(f.Citations)))
			listed++
		}
	}
}

// markdown makes text literal wherever it stands inside a line: no links, images,
// HTML, code, emphasis, formulas, emoji, table cells or automatic links
// (CommonMark section 2.4, GFM section 6.9). GitHub looks for mentions after that,
// and does not see one behind a word joiner.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range clip(prose(s), markdownText) {
		switch {
		case r == '@':
			b.WriteString("@&#8288;")
		case strings.ContainsRune("\\`*_[]<>&|~$#:!^", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "www.", "www\\.")
}

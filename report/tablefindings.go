package report

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
)

// A ruleGroup holds the violations of one rule at one severity, and what they
// have in common, each once.
type ruleGroup struct {
	Rule, Title string
	Severity    audit.Severity
	Findings    []audit.Finding
	Remedies    []string
	Citations   []law.Citation
}

func (g *ruleGroup) add(f audit.Finding) {
	g.Findings = append(g.Findings, f)
	if f.Remediation != "" && !slices.Contains(g.Remedies, f.Remediation) {
		g.Remedies = append(g.Remedies, f.Remediation)
	}
	for _, c := range f.Citations {
		if !slices.Contains(g.Citations, c) {
			g.Citations = append(g.Citations, c)
		}
	}
}

// grouped sorts violations by severity, gravest first, and gathers those of one
// rule; rules and findings keep their order otherwise.
func grouped(fs []audit.Finding) []ruleGroup {
	var out []ruleGroup
	for _, sev := range audit.Severities() {
		at := map[string]int{}
		for _, f := range fs {
			if f.Verdict != audit.Violation || f.Severity != sev {
				continue
			}
			i, ok := at[f.Rule]
			if !ok {
				i = len(out)
				at[f.Rule] = i
				out = append(out, ruleGroup{Rule: f.Rule, Title: f.Title, Severity: sev})
			}
			out[i].add(f)
		}
	}
	return out
}

func (t *terminal) findings(r *Report, o Options) {
	groups := grouped(r.Findings)
	t.heading("FINDINGS")
	if len(groups) == 0 {
		t.wrapped(plain, "  ", noFindings(r))
		return
	}
	for i, g := range groups {
		if i > 0 {
			t.blank()
		}
		t.line(severityStyle(g.Severity), fmt.Sprintf("%-8s  %s (%d)", strings.ToUpper(string(g.Severity)), prose(g.Rule), len(g.Findings)))
		t.wrapped(plain, "  ", prose(g.Title))
		if !o.Details && len(g.Citations) > 0 {
			t.wrapped(dim, "  Law: ", prose(shortLaws(g.Citations)))
		}
		if o.Details {
			for _, f := range g.Findings {
				t.findingWhole(f)
			}
			t.common(g)
			continue
		}
		for _, f := range g.Told() {
			t.finding(f)
		}
		for _, l := range g.Rest() {
			t.line(plain, "  * "+l.Title()+":")
			t.paragraph(plain, "    ", l.Names())
		}
	}
}

// noFindings says what an empty list of violations is worth.
func noFindings(r *Report) string {
	switch {
	case len(r.Findings) == 0:
		return noneJudged(r)
	case len(r.Only) > 0:
		var said []string
		for _, f := range r.Findings {
			said = append(said, fmt.Sprintf("%s: %s: %s", prose(f.Rule), verdictText(f.Verdict), prose(f.Message)))
		}
		return strings.Join(said, "; ")
	default:
		return prose(r.Summary.Headline)
	}
}

func verdictText(v audit.Verdict) string { return strings.ReplaceAll(string(v), "_", " ") }

// findingHead says what a finding is about and how sure it is, which no long
// name may push off the line.
func (t *terminal) findingHead(f audit.Finding) {
	sure := fmt.Sprintf(" [%s]", f.Certainty)
	t.line(plain, "  * "+Fit(subjectText(f.Subject), t.width-len("  * ")-len(sure))+sure)
	if a := acceptedText(f); a != "" {
		t.wrapped(dim, "    ", a)
	}
}

// maxMessage is how many columns of a finding's message are printed without
// --details: three to four lines of 80.
const maxMessage = 280

// maxAddress is how many columns of an address are printed without --details.
const maxAddress = 140

// finding prints a finding with where it was seen.
func (t *terminal) finding(f audit.Finding) {
	t.findingHead(f)
	message := prose(f.Message)
	t.wrapped(plain, "    ", Fit(message, maxMessage))
	if where := whereText(f, message); where != "" {
		t.wrapped(dim, "    ", where)
	}
}

// findingWhole prints a finding with all its evidence.
func (t *terminal) findingWhole(f audit.Finding) {
	t.findingHead(f)
	t.wrapped(plain, "    ", prose(f.Message))
	for _, e := range f.Evidence {
		t.wrapped(plain, "    Evidence: ", strings.Join(exhibitParts(e), "; "))
	}
}

// whereText says in which phase, on which page and by whom the first of a
// finding's observations was made; the setter only where the message does not
// name it. It is empty where the evidence is a policy.
func whereText(f audit.Finding, message string) string {
	var first *audit.Exhibit
	n := 0
	for i := range f.Evidence {
		if f.Evidence[i].Page == "" {
			continue
		}
		if n++; first == nil {
			first = &f.Evidence[i]
		}
	}
	if first == nil {
		return ""
	}
	text := "Seen "
	if first.Phase != "" {
		text += phaseText(first.Phase) + " "
	}
	text += "on " + Fit(prose(first.Page), maxAddress)
	if by := prose(first.Source); by != "" && !strings.Contains(message, scriptOf(by)) {
		text += ", by " + Fit(by, maxAddress)
	}
	if n > 1 {
		text += fmt.Sprintf(" (1 of %d observations)", n)
	}
	return text
}

// scriptOf is the address of a setter without its line and column.
func scriptOf(source string) string {
	for range 2 {
		i := strings.LastIndexByte(source, ':')
		if i < 0 || i+1 == len(source) || strings.Trim(source[i+1:], "0123456789") != "" {
			break
		}
		source = source[:i]
	}
	return source
}

// common prints what the findings of a rule share.
func (t *terminal) common(g ruleGroup) {
	for _, remedy := range g.Remedies {
		t.wrapped(plain, "  Remedy: ", prose(remedy))
	}
	for _, c := range g.Citations {
		text := fmt.Sprintf("%s (%s", longLaw(c), c.Instrument.Authority)
		if c.AsOf != "" {
			text += ", as of " + c.AsOf
		}
		t.wrapped(dim, "  Law: ", prose(text+") "+c.Instrument.URL))
	}
}

// inconclusive lists the rules that could not tell, those with the same reason
// together.
func (t *terminal) inconclusive(r *Report) {
	var reasons []string
	rules := map[string][]string{}
	n := 0
	for _, f := range r.Findings {
		if !f.CouldNotTell() {
			continue
		}
		if n++; rules[f.Message] == nil {
			reasons = append(reasons, f.Message)
		}
		rules[f.Message] = append(rules[f.Message], prose(f.Rule))
	}
	if n == 0 {
		return
	}
	t.heading(fmt.Sprintf("COULD NOT TELL (%d)", n))
	for _, why := range reasons {
		t.wrapped(yellow, "  ", strings.Join(rules[why], ", "))
		t.wrapped(plain, "    ", prose(why))
	}
}

// notRequested lists the rules that need phases which the scan was not asked to
// visit, those with the same needs together.
func (t *terminal) notRequested(r *Report) {
	var needs []string
	rules := map[string][]string{}
	n := 0
	for _, f := range r.Findings {
		if len(f.NotRequested) == 0 {
			continue
		}
		n++
		missing := phaseNames(f.NotRequested)
		if rules[missing] == nil {
			needs = append(needs, missing)
		}
		rules[missing] = append(rules[missing], prose(f.Rule))
	}
	if n == 0 {
		return
	}
	t.heading(fmt.Sprintf("NOT ASKED FOR (%d)", n))
	width := 8
	for _, missing := range needs {
		width = max(width, len(missing))
	}
	for _, missing := range needs {
		t.wrapped(plain, fmt.Sprintf("  %-*s  ", width, missing), strings.Join(rules[missing], ", "))
	}
	t.wrapped(dim, "  ", "These rules need phases that the scan was not asked to visit, so nothing is known of them. "+r.everyPhase()+" asks for them.")
}

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
)

// Of the findings of one rule so many are told in full without --details, the
// rest by name: many of low severity would bury what matters, and those about
// declarations, which were not seen anywhere, differ in little but the name.
const (
	maxTold    = 10
	maxToldFew = 3
	// maxNames is how many names are listed, maxName how many columns of one.
	maxNames = 60
	maxName  = 60
)

// told is how many findings of the group are told in full.
func (g *ruleGroup) told() int {
	n := len(g.Findings)
	switch {
	case n <= maxToldFew:
		return n
	case audit.Low.AtLeast(g.Severity):
		return 0
	case !slices.ContainsFunc(g.Findings, func(f audit.Finding) bool { return f.Subject.Kind != audit.SubjectDeclaration }):
		return maxToldFew
	default:
		return min(n, maxTold)
	}
}

// Told returns the findings that are told in full.
func (g *ruleGroup) Told() []audit.Finding { return g.Findings[:g.told()] }

// Rest returns the other findings as lists of names.
func (g *ruleGroup) Rest() []nameList {
	lists := nameLists(g.Findings[g.told():])
	for i := range lists {
		lists[i].further = g.told() > 0
	}
	return lists
}

// A nameList holds findings that differ in little but the name of the subject.
type nameList struct {
	Findings  []audit.Finding
	kind      audit.SubjectKind
	certainty audit.Certainty
	further   bool // others of the rule are told in full
	domains   []domainNames
}

type domainNames struct {
	Domain string
	Names  []string
}

// nameLists gathers findings in the order in which kinds and domains first
// appear. Of the names it keeps maxNames.
func nameLists(fs []audit.Finding) []nameList {
	var out []nameList
	for _, f := range fs {
		i := slices.IndexFunc(out, func(l nameList) bool { return l.kind == f.Subject.Kind && l.certainty == f.Certainty })
		if i < 0 {
			i = len(out)
			out = append(out, nameList{kind: f.Subject.Kind, certainty: f.Certainty})
		}
		out[i].add(f)
	}
	return out
}

func (l *nameList) add(f audit.Finding) {
	if l.Findings = append(l.Findings, f); len(l.Findings) > maxNames {
		return
	}
	s := f.Subject
	i := slices.IndexFunc(l.domains, func(d domainNames) bool { return d.Domain == s.Domain })
	if i < 0 {
		i = len(l.domains)
		l.domains = append(l.domains, domainNames{Domain: s.Domain})
	}
	l.domains[i].Names = append(l.domains[i].Names, Fit(cmp.Or(identifier(s.Name), `""`), maxName))
}

// Title says how many there are and how sure the tool is.
func (l *nameList) Title() string {
	noun := string(l.kind)
	if l.further {
		noun = "further " + noun
	}
	return fmt.Sprintf("%s [%s]", Plural(len(l.Findings), noun), l.certainty)
}

// Names lists the names with the domain behind those that share it.
func (l *nameList) Names() string {
	var parts []string
	for _, d := range l.domains {
		part := strings.Join(d.Names, ", ")
		if d.Domain != "" {
			part += " (" + Fit(identifier(d.Domain), maxName) + ")"
		}
		parts = append(parts, part)
	}
	text := strings.Join(parts, "; ")
	if n := len(l.Findings) - maxNames; n > 0 {
		text += fmt.Sprintf("; and %d more", n)
	}
	return text
}

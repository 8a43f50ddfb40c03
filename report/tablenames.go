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

// A nameList holds the subjects of findings that differ in nothing but the name.
type nameList struct {
	Kind      audit.SubjectKind
	Certainty audit.Certainty
	Count     int
	Domains   []domainNames
}

type domainNames struct {
	Domain string
	Names  []string
}

// nameLists gathers findings in the order in which kinds and domains first
// appear. Count counts all, the names end at maxNames.
func nameLists(fs []audit.Finding) []nameList {
	var out []nameList
	for _, f := range fs {
		i := slices.IndexFunc(out, func(l nameList) bool { return l.Kind == f.Subject.Kind && l.Certainty == f.Certainty })
		if i < 0 {
			i = len(out)
			out = append(out, nameList{Kind: f.Subject.Kind, Certainty: f.Certainty})
		}
		out[i].add(f.Subject)
	}
	return out
}

func (l *nameList) add(s audit.Subject) {
	if l.Count++; l.Count > maxNames {
		return
	}
	i := slices.IndexFunc(l.Domains, func(d domainNames) bool { return d.Domain == s.Domain })
	if i < 0 {
		i = len(l.Domains)
		l.Domains = append(l.Domains, domainNames{Domain: s.Domain})
	}
	l.Domains[i].Names = append(l.Domains[i].Names, fit(cmp.Or(identifier(s.Name), `""`), maxName))
}

// text lists the names with the domain behind those that share it.
func (l *nameList) text() string {
	var parts []string
	for _, d := range l.Domains {
		part := strings.Join(d.Names, ", ")
		if d.Domain != "" {
			part += " (" + fit(identifier(d.Domain), maxName) + ")"
		}
		parts = append(parts, part)
	}
	text := strings.Join(parts, "; ")
	if n := l.Count - maxNames; n > 0 {
		text += fmt.Sprintf("; and %d more with --details", n)
	}
	return text
}

// names prints findings by the names of their subjects alone; further says that
// others of the rule stand above.
func (t *terminal) names(fs []audit.Finding, further bool) {
	for _, l := range nameLists(fs) {
		noun := string(l.Kind)
		if further {
			noun = "further " + noun
		}
		t.line(plain, fmt.Sprintf("  * %s [%s]:", plural(l.Count, noun), l.Certainty))
		t.paragraph(plain, "    ", l.text())
	}
}

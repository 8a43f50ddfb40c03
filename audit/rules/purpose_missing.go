package rules

import (
	"fmt"
	"strings"
	"unicode"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PurposeMissing: a consent without a purpose is no consent.
var PurposeMissing = audit.Rule{
	ID:          "PURPOSE_MISSING",
	Title:       "Policy does not say what a cookie is for",
	Severity:    audit.Medium,
	Certainty:   audit.Likely,
	NeedsPolicy: true,
	Condition:   "A policy names a cookie or storage key without any purpose: no class, no description, or only a word such as \"unclassified\".",
	Control: "A heading that gives the purpose of all rows below it counts, as does any running text in the row. Another row of the same name and " +
		"host that tells the purpose is enough.",
	Remediation: "State for each cookie, in its row or above it, what it is for.",
	Cites:       []law.Citation{law.GDPR13_1c},
	Check:       checkPurposeMissing,
}

func checkPurposeMissing(c *audit.Case) audit.Result {
	if len(c.Scan.Declarations) == 0 {
		return audit.Result{NotApplicable: "the policies name no cookie"}
	}
	told := map[audit.Subject]bool{}
	for i := range c.Scan.Declarations {
		if d := &c.Scan.Declarations[i]; tellsPurpose(d) {
			told[declarationSubject(d)] = true
		}
	}
	var found collection
	for i := range c.Scan.Declarations {
		d := &c.Scan.Declarations[i]
		if told[declarationSubject(d)] || d.Unsure != "" {
			continue
		}
		f := audit.Finding{
			Subject: declarationSubject(d), Message: fmt.Sprintf("The policy names %q%s without saying what it is for.", d.Name, forHost(d)),
			Evidence: []audit.Exhibit{declarationExhibit(d)},
		}
		if unclassified(d.Description) || unclassified(d.Source.Section) {
			f.Certainty = audit.Confirmed
			f.Message = fmt.Sprintf("The policy names %q%s as not classified.", d.Name, forHost(d))
		}
		found.add(f)
	}
	return audit.Result{Violations: found.list}
}

// tellsPurpose reports whether a row, its heading or its class says what
// something is for.
func tellsPurpose(d *evidence.Declaration) bool {
	if d.Category != evidence.UnknownCategory && d.Category != "" {
		return true
	}
	if unclassified(d.Description) || unclassified(d.Source.Section) {
		return false
	}
	// What the row holds beside the fields that were read may be a purpose in
	// a form that was not understood.
	rest := d.Source.Quote
	for _, known := range []string{d.Name, d.Host, d.Provider, d.Lifetime} {
		if known != "" && words(known) < longText {
			rest = strings.ReplaceAll(rest, known, "")
		}
	}
	return words(d.Description) >= 2 || words(rest) >= longText || abbreviates(d.Description)
}

// longText is how many words a text has that says more than a field.
const longText = 5

// abbreviates reports whether a description is a word beside short ones: "A/B
// testing", "UI language".
func abbreviates(s string) bool {
	return words(s) == 1 && len(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })) > 1
}

func words(s string) int {
	n := 0
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len([]rune(w)) > 2 {
			n++
		}
	}
	return n
}

func unclassified(s string) bool {
	s = strings.ToLower(s)
	for _, stem := range []string{
		"unclassif", "not classified", "uncategor", "not categor", "nicht klassifiziert", "nicht kategor", "unklassifiz", "non classé", "non classif",
		"no clasific", "sin clasific", "non classificat", "niet geclassificeerd", "niesklasyfik", "não classific", "oklassific", "uklassific", "luokittelemat", "nezařazen", "neklasifik",
	} {
		if strings.Contains(s, stem) {
			return true
		}
	}
	return false
}

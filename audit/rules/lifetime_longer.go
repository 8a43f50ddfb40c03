package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// LifetimeLongerThanDeclared: how long cookies work is part of what visitors
// must be told.
var LifetimeLongerThanDeclared = audit.Rule{
	ID:          "LIFETIME_LONGER_THAN_DECLARED",
	Title:       "Cookie kept longer than declared",
	Severity:    audit.Medium,
	Certainty:   audit.Confirmed,
	Needs:       []evidence.Phase{evidence.Before},
	NeedsPolicy: true,
	Condition:   "A cookie asks to be kept more than one and a half times as long as declared, and at least a day longer.",
	Control: "What the cookie asks for is compared, not what the browser grants: browsers cut at 400 days. The tolerance covers 365 or 366 " +
		"days and months of 28 to 31; --strict leaves a twentieth, which still does. Of several rows for one name the longest counts. A declared text that could not be read as a length " +
		"makes the answer inconclusive. High where it is more than twice as long and the cookie is known to need consent.",
	Remediation: "Shorten the cookie's lifetime to the declared one, or declare the real one and ask for consent again.",
	Cites:       []law.Citation{law.Planet49DurationAndAccess, law.GDPR13_2a, law.LifetimeCap},
	Check:       checkLifetimeLonger,
}

const day = 86400 // seconds

func checkLifetimeLonger(c *audit.Case) audit.Result {
	var found collection
	why := ""
	for i := range c.Scan.Cookies {
		k, a := &c.Scan.Cookies[i], c.Cookies[i]
		if a.Match.State == audit.NotKnown {
			return audit.Result{Inconclusive: unread}
		}
		if a.Match.State != audit.Declared || !stored(k) {
			continue
		}
		d := longest(c.Scan, a.Match)
		if d == nil || *d.Seconds == 0 {
			continue // no length to compare with, or a session: other rules
		}
		is, says := asked(k), *d.Seconds
		longer := 2*is > 3*says
		if c.Strict {
			longer = 20*is > 21*says
		}
		if !longer || is-says < day {
			continue
		}
		if row := unreadLength(c.Scan, a.Match); row != nil {
			why = fmt.Sprintf("the declared lifetime of %q, %s, could not be read as a length", k.Name, quote(row.Lifetime))
			continue
		}
		found.add(longerFinding(k, a, d, is))
	}
	if len(found.list) > 0 {
		return audit.Result{Violations: found.list}
	}
	if why == "" {
		why = unreadLengths(c)
	}
	if why != "" {
		return audit.Result{Inconclusive: why}
	}
	return passUnless(c.Scan)
}

func longerFinding(k *evidence.Cookie, a audit.Assessment, d *evidence.Declaration, is int64) audit.Finding {
	says := *d.Seconds
	f := audit.Finding{
		Subject: cookieSubject(k), Severity: audit.Medium, Certainty: audit.Confirmed,
		Message: fmt.Sprintf("%q on %s: declared %s, set for %s (%s as long).", k.Name, k.Domain, declaredLength(d), span(is), times(is, says)),
	}
	if is > 2*says && a.Purpose.NonExempt() {
		f.Severity = audit.High
	}
	if d.Unsure != "" || d.Name != k.Name && literal(d.Name) < 3 {
		f.Certainty = audit.Likely
	}
	f.Evidence = append(longestExhibit(k), declarationExhibit(d))
	return f
}

// longest returns the row, of those with the name that matched best, that
// declares the longest lifetime; nil where none declares one.
func longest(s *evidence.Scan, m audit.Match) *evidence.Declaration {
	var best *evidence.Declaration
	for _, d := range sameName(s, m) {
		if d.Seconds != nil && (best == nil || *d.Seconds > *best.Seconds) {
			best = d
		}
	}
	return best
}

// sameName returns the matching rows that bear the name of the best one.
func sameName(s *evidence.Scan, m audit.Match) []*evidence.Declaration {
	var ds []*evidence.Declaration
	for _, i := range m.Declarations {
		if d := &s.Declarations[i]; d.Name == s.Declarations[m.Declarations[0]].Name {
			ds = append(ds, d)
		}
	}
	return ds
}

// unreadLength returns a row whose lifetime is given, but in words that were
// not understood.
func unreadLength(s *evidence.Scan, m audit.Match) *evidence.Declaration {
	for _, d := range sameName(s, m) {
		if d.Seconds == nil && !lengthless(d.Lifetime) {
			return d
		}
	}
	return nil
}

// unreadLengths says for which stored cookie no length could be compared
// because the declared text was not understood.
func unreadLengths(c *audit.Case) string {
	for i := range c.Scan.Cookies {
		k, m := &c.Scan.Cookies[i], c.Cookies[i].Match
		if m.State != audit.Declared || !stored(k) || longest(c.Scan, m) != nil {
			continue
		}
		if d := unreadLength(c.Scan, m); d != nil {
			return fmt.Sprintf("the declared lifetime of %q, %s, could not be read as a length", k.Name, quote(d.Lifetime))
		}
	}
	return ""
}

// declaredLength words a declared lifetime with its length where the policy's
// own words do not say it in the same unit.
func declaredLength(d *evidence.Declaration) string {
	if words := span(*d.Seconds); words != clip(d.Lifetime) {
		return fmt.Sprintf("%s (%s)", quote(d.Lifetime), words)
	}
	return d.Lifetime
}

func times(is, says int64) string {
	return fmt.Sprintf("%.3g times", float64(is)/float64(says))
}

// longestExhibit shows the write that asks for the longest lifetime.
func longestExhibit(k *evidence.Cookie) []audit.Exhibit {
	var best *evidence.Write
	for _, p := range evidence.Phases() {
		for _, w := range writesIn(k, p) {
			if w.Requested != nil && (best == nil || *w.Requested > *best.Requested) {
				best = w
			}
		}
	}
	if best == nil {
		return firstExhibit(k)
	}
	return []audit.Exhibit{writeExhibit(k, best)}
}

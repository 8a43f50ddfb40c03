package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// storedBeforeAnswer finds cookies of a category that the phase before any
// answer stored. The phase never answers, so every write of it counts.
func storedBeforeAnswer(c *audit.Case, category evidence.Category, severity audit.Severity) audit.Result {
	var found collection
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		p, byPolicy := admitted(c, i)
		// Below 0.4 the category is unknown, so it cannot be this one.
		if p.Category != category || p.Exempt || !storedIn(k, evidence.Before) {
			continue
		}
		f := audit.Finding{Subject: cookieSubject(k)}
		f.Severity, f.Certainty = banded(p, severity)
		f.Message = fmt.Sprintf("%q (%s) was stored on %s before the visitor had answered, to be kept %s",
			k.Name, admittedWords(p, byPolicy), k.Domain, lifetime(k))
		if ws := writesIn(k, evidence.Before); len(ws) > 0 {
			f.Message += fmt.Sprintf("; set %s", setBy(ws[0]))
			if onlyLogin(ws) {
				f.Severity, f.Certainty = f.Severity.Lower(), audit.Possible
				f.Message += "; this was while the user's login script ran: check that the script did not answer the banner"
			}
		}
		f.Message += "."
		f.Evidence = []audit.Exhibit{storedExhibit(k, evidence.Before), basisExhibit(p)}
		found.add(conditional(c, f, p, k.Party))
	}
	return audit.Result{Violations: found.list}
}

// conditional turns a finding about what a national law exempts under
// conditions into information: whether they are met is for a person to check.
// What a third party keeps serves it as well, so it is not exempt.
func conditional(c *audit.Case, f audit.Finding, p audit.Purpose, party evidence.Party) audit.Finding {
	e := exception(c, p, party)
	if e == nil {
		return f
	}
	f.Severity, f.Certainty = audit.Info, audit.Possible
	f.Message += " It may be exempt here: " + e.Conditions
	f.Citations = slices.Clone(e.Cites)
	return f
}

// exception returns the national exemption that a purpose may fall under, nil
// for none.
func exception(c *audit.Case, p audit.Purpose, party evidence.Party) *audit.Exception {
	switch {
	case party != evidence.First:
		return nil
	case p.Category == evidence.Analytics && p.Class == "audience measurement":
		return c.Profile.Statistics
	case p.Category == evidence.Functional:
		return c.Profile.Preferences
	}
	return nil
}

// onlyLogin reports whether every write came of the user's login script, which
// may have answered the banner without the audit knowing.
func onlyLogin(ws []*evidence.Write) bool {
	return !slices.ContainsFunc(ws, func(w *evidence.Write) bool { return !w.Login })
}

package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PreConsentWebStorage: the law speaks of storing information, not of cookies.
var PreConsentWebStorage = audit.Rule{
	ID:        "PRE_CONSENT_WEB_STORAGE",
	Title:     "Web storage used before consent",
	Severity:  audit.High,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "Local storage, session storage or a database holds, before the visitor has answered, something for advertising, statistics or comfort, " +
		"or an identifier of unknown purpose that nothing ends.",
	Control: "What is written and deleted again (tests whether storage works) does not count, nor do caches of files. The severity is that of the " +
		"purpose: critical for advertising, high for statistics, medium otherwise. Unknown purposes are possible only.",
	Remediation: "Treat web storage like cookies: write after consent, or show that it is strictly necessary.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.TechnicalScopeStorage},
	Check:       checkPreConsentWebStorage,
}

func checkPreConsentWebStorage(c *audit.Case) audit.Result {
	var found collection
	for i := range c.Scan.Storage {
		it, p := &c.Scan.Storage[i], c.Storage[i].Purpose
		if !heldIn(it, evidence.Before) || p.Exempt {
			continue
		}
		f := audit.Finding{Subject: storageSubject(it)}
		switch {
		case p.Category == evidence.UnknownCategory:
			if it.Kind == evidence.KindSessionStorage || len(it.Identifiers()) == 0 {
				continue
			}
			f.Severity, f.Certainty = audit.Medium, audit.Possible
		case !p.NonExempt():
			continue
		default:
			f.Severity, f.Certainty = banded(p, purposeSeverity(p))
		}
		f.Message = fmt.Sprintf("%q (%s) was kept in %s of %s before the visitor had answered.", clip(it.Key), purposeWords(p), it.Kind, it.Origin)
		f.Evidence = append(storageExhibits(it, evidence.Before), basisExhibit(p))
		found.add(conditional(c, f, p, it.Party))
	}
	return audit.Result{Violations: found.list}
}

// purposeSeverity is how grave it is to store something of a purpose without
// consent.
func purposeSeverity(p audit.Purpose) audit.Severity {
	switch p.Category {
	case evidence.Marketing:
		return audit.Critical
	case evidence.Analytics:
		return audit.High
	}
	return audit.Medium
}

// heldIn reports whether a phase still held a storage item at its end. Caches
// hold files.
func heldIn(it *evidence.StorageItem, p evidence.Phase) bool {
	if it.Kind == evidence.KindCacheStorage || !slices.Contains(it.Phases, p) {
		return false
	}
	if it.Kind == evidence.KindIndexedDB {
		return true // databases are listed at the end of a phase only
	}
	return slices.ContainsFunc(it.Held, func(h evidence.HeldValue) bool { return h.Phase == p })
}

// kept reports whether any phase held a storage item at its end.
func kept(it *evidence.StorageItem) bool {
	return slices.ContainsFunc(evidence.Phases(), func(p evidence.Phase) bool { return heldIn(it, p) })
}

func storageSubject(it *evidence.StorageItem) audit.Subject {
	return audit.Subject{Kind: audit.SubjectStorage, Name: it.Key, Domain: it.Origin}
}

// storageExhibits show how a storage item came to be there in a phase; any
// phase where p is empty.
func storageExhibits(it *evidence.StorageItem, p evidence.Phase) []audit.Exhibit {
	for i := range it.Writes {
		w := &it.Writes[i]
		if p != "" && w.Phase != p {
			continue
		}
		return []audit.Exhibit{storageExhibit(it, w)}
	}
	return []audit.Exhibit{{Phase: p, What: fmt.Sprintf("%q held in %s of %s at the end of the phase", clip(it.Key), it.Kind, it.Origin)}}
}

// storageExhibit shows one write.
func storageExhibit(it *evidence.StorageItem, w *evidence.StorageWrite) audit.Exhibit {
	what := fmt.Sprintf("%q written to %s of %s", clip(it.Key), it.Kind, it.Origin)
	if w.Script != "" {
		what += " by the script " + place(w.Script)
	}
	return audit.Exhibit{Phase: w.Phase, Page: w.Page, AtMS: w.AtMS, What: what, Source: w.Script}
}

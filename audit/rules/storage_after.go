package rules

import (
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// storageAfter finds web storage of trackers that is written after an answer that
// forbids it and that the phase held at its end: storage is within Article 5(3) as
// a cookie is (EDPB Guidelines 2/2023). What is there without a write that was
// seen may be left over from before.
func storageAfter(c *audit.Case, ans *answer, covered map[string]bool) []audit.Finding {
	var found collection
	for i := range c.Scan.Storage {
		it, p := &c.Scan.Storage[i], c.Storage[i].Purpose
		if !tracks(p) || !heldIn(it, ans.phase) {
			continue
		}
		w := writtenAfter(it, ans.phase)
		if w == nil {
			continue
		}
		severity, certainty := banded(p, audit.Critical)
		if len(it.Identifiers()) == 0 {
			certainty = weaker(certainty, audit.Likely) // it may be the tracker's note of the refusal
		}
		severity, certainty = unverified(ans.consent, severity, certainty)
		found.add(afterRefusal(c, audit.Finding{
			Subject: storageSubject(it), Severity: severity, Certainty: certainty,
			Message:  fmt.Sprintf("%q (%s) was written to %s of %s after the visitor %s.", clip(it.Key), purposeWords(p), it.Kind, it.Origin, ans.done),
			Evidence: []audit.Exhibit{ans.exhibit(), storageExhibit(it, w), basisExhibit(p)},
		}, p, it.Party))
		cover(covered, p.Provider, it.Site, evidence.HostOf(w.Script))
	}
	return found.list
}

// writtenAfter returns the first write of a phase that came after the answer.
func writtenAfter(it *evidence.StorageItem, p evidence.Phase) *evidence.StorageWrite {
	for i := range it.Writes {
		if w := &it.Writes[i]; w.Phase == p && w.AfterAnswer {
			return w
		}
	}
	return nil
}

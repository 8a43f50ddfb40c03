package rules

import (
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// StorageRespawn: who restores what was deleted overrules the visitor.
var StorageRespawn = audit.Rule{
	ID:        "STORAGE_RESPAWN",
	Title:     "Deleted identifier comes back",
	Severity:  audit.High,
	Certainty: audit.Likely,
	Needs:     []evidence.Phase{evidence.Before},
	Condition: "A cookie is deleted and then written again, in the same visit, with the same identifier, which another store holds.",
	Control: "Tests whether cookies work write a value that is the same for all visitors; a cookie that is rewritten without the identifier " +
		"being kept elsewhere is not this.",
	Remediation: "Delete the identifier from every store when the visitor deletes it from one.",
	Cites:       []law.Citation{law.EPrivacy5_3},
	Check:       checkRespawn,
}

func checkRespawn(c *audit.Case) audit.Result {
	ids := newIdentifiers(c)
	var found collection
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		for _, t := range k.Identifiers() {
			deleted, back := respawned(k, t)
			if back == nil {
				continue
			}
			for _, h := range ids.holders[t] {
				if h.subject == cookieSubject(k) {
					continue
				}
				found.add(audit.Finding{
					Subject:  cookieSubject(k),
					Message:  fmt.Sprintf("%q on %s was deleted and came back with the same identifier, which %q of %s holds.", k.Name, k.Domain, clip(h.name), h.host),
					Evidence: []audit.Exhibit{writeExhibit(k, deleted), writeExhibit(k, back), h.exhibit()},
				})
			}
		}
	}
	return audit.Result{Violations: found.list}
}

// respawned returns the write that deleted an identifier and the one that
// brought it back.
func respawned(k *evidence.Cookie, token string) (deleted, back *evidence.Write) {
	had := map[evidence.Phase]bool{}
	gone := map[evidence.Phase]*evidence.Write{}
	for i := range k.Writes {
		w := &k.Writes[i]
		holds := slices.Contains(w.Value.Tokens, token)
		switch {
		case len(w.Blocked) > 0:
		case w.Deletes && had[w.Phase]:
			gone[w.Phase] = w
		case holds && gone[w.Phase] != nil:
			return gone[w.Phase], w
		case holds:
			had[w.Phase] = true
		}
	}
	return nil, nil
}

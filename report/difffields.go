package report

import (
	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A lifetime that is counted from a date differs by seconds from visit to visit,
// and one that slides to a fixed day by hours: below these bounds it is the same.
const (
	sameSeconds = 120
	sameShare   = 0.02
)

// fieldChanges collects the fields that differ.
type fieldChanges []FieldChange

func (f *fieldChanges) add(field, older, newer string) {
	if older != newer {
		*f = append(*f, FieldChange{field, older, newer})
	}
}

func cookieFieldChanges(older, newer *Report, a, b *Cookie) []FieldChange {
	var f fieldChanges
	if !sameLifetime(a, b) {
		f.add("lifetime", a.lifetime(span), b.lifetime(span))
	}
	f.sightings(func(p evidence.Phase) (was, is Sighting) { return older.sighting(a, p), newer.sighting(b, p) })
	f.add("set by", setterText(a), setterText(b))
	f.add("party", string(a.Party), string(b.Party))
	f.add("category", purposeText(a.Category, a.ExemptConfidence), purposeText(b.Category, b.ExemptConfidence))
	f.add("provider", a.Provider, b.Provider)
	f.add("declared", string(a.Declared), string(b.Declared))
	f.add("stored", yesNo(a.Stored), yesNo(b.Stored))
	f.add("secure", yesNo(a.Secure), yesNo(b.Secure))
	f.add("http only", yesNo(a.HTTPOnly), yesNo(b.HTTPOnly))
	f.add("same site", a.SameSite, b.SameSite)
	return f
}

// sightings compares what phases tell that both reports looked at: what one of
// them could not see has not changed.
func (f *fieldChanges) sightings(sightings func(evidence.Phase) (was, is Sighting)) {
	for _, p := range evidence.Phases() {
		if was, is := sightings(p); was.told() && is.told() {
			f.add(phaseText(p), was.text().Meaning, is.text().Meaning)
		}
	}
}

// told is true where the phase says something of the thing.
func (s Sighting) told() bool { return s != NotKnown && s != NotPart }

// setterText names who set a cookie. A line moves with every release of a
// script, and an address with every cache buster, so the host is compared.
func setterText(c *Cookie) string {
	if c.SetBy.Mechanism == evidence.Unknown {
		return ""
	}
	return string(c.SetBy.Mechanism) + " by " + c.SetBy.Host
}

func sameLifetime(a, b *Cookie) bool {
	if a.Session != b.Session || a.Session {
		return a.Session == b.Session
	}
	return sameLength(a.RequestedSeconds, b.RequestedSeconds)
}

func sameLength(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	apart, longer := *a-*b, max(*a, *b)
	return max(apart, -apart) <= max(sameSeconds, int64(float64(longer)*sameShare))
}

func storageFieldChanges(older, newer *Report, a, b *StorageItem) []FieldChange {
	var f fieldChanges
	f.sightings(func(p evidence.Phase) (was, is Sighting) {
		return older.storageSighting(a, p), newer.storageSighting(b, p)
	})
	f.add("category", purposeText(a.Category, a.ExemptConfidence), purposeText(b.Category, b.ExemptConfidence))
	f.add("provider", a.Provider, b.Provider)
	f.add("declared", string(a.Declared), string(b.Declared))
	return f
}

func declarationFieldChanges(a, b *Declaration) []FieldChange {
	var f fieldChanges
	f.add("category", string(a.Category), string(b.Category))
	f.add("lifetime", a.Lifetime, b.Lifetime)
	f.add("description", a.Description, b.Description)
	return f
}

// policyChanges are the changes of documents in the form of all other changes.
// What a document with the same text names otherwise is told of declarations.
func policyChanges(changes []PolicyChange) []Change {
	out := []Change{}
	for _, c := range changes {
		kind, fields := c.Change, fieldChanges{}
		if kind == Moved {
			kind = Changed
			fields.add("address", c.OldURL, c.URL)
		}
		if kind == Changed {
			fields.add("text (SHA-256)", c.OldTextSHA256, c.TextSHA256)
			if len(fields) == 0 && len(c.Declarations)+len(c.Claims) > 0 {
				continue
			}
		}
		out = append(out, Change{Change: kind, Proven: c.Proven, Kind: "policy", Name: c.URL, Fields: list(fields)})
	}
	sortChanges(out)
	return out
}

// findingChanges compares violations. One is gone for certain only where its
// rule answered again.
func findingChanges(older, newer *Report) []Change {
	return changes(violations(older), violations(newer), listing[audit.Finding]{
		subject: func(f *audit.Finding) Change {
			return Change{Kind: f.Rule, Name: f.Subject.Name, Domain: f.Subject.Domain, Severity: f.Severity, Text: f.Message}
		},
		key: func(f *audit.Finding) string { return string(f.Subject.Kind) },
		fields: func(a, b *audit.Finding) []FieldChange {
			var f fieldChanges
			f.add("severity", string(a.Severity), string(b.Severity))
			f.add("certainty", string(a.Certainty), string(b.Certainty))
			return f
		},
		proven: func(f *audit.Finding, other *Report) bool { return other.answered(f.Rule) },
	}, older, newer)
}

func violations(r *Report) []audit.Finding {
	var out []audit.Finding
	for _, f := range r.Findings {
		if f.Verdict == audit.Violation {
			out = append(out, f)
		}
	}
	return out
}

// answered is true where a rule was asked and could tell.
func (r *Report) answered(rule string) bool {
	asked := false
	for _, f := range r.Findings {
		if f.Rule == rule {
			if f.Verdict == audit.Inconclusive {
				return false
			}
			asked = true
		}
	}
	return asked
}

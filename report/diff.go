package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// DiffSchema names the version of the machine-readable form of a Diff.
const DiffSchema = "cookieaudit/diff/v1"

// A Diff is what changed between two scans of a site, the older one first.
type Diff struct {
	Schema string   `json:"schema"`
	Old    DiffScan `json:"old"`
	New    DiffScan `json:"new"`
	// Notes say how the scans differ in what they could see.
	Notes        []string `json:"notes"`
	Findings     []Change `json:"findings"` // violations only
	Cookies      []Change `json:"cookies"`
	Storage      []Change `json:"storage"`
	Declarations []Change `json:"declarations"`
	Policies     []Change `json:"policies"`
	// PolicyChanges tell the same as Policies, with what each document names,
	// promises and says otherwise.
	PolicyChanges []PolicyChange `json:"policy_changes"`
}

// A DiffScan names one of the two scans.
type DiffScan struct {
	ID      string           `json:"id"`
	Site    string           `json:"site"` // address of the landing page
	Started time.Time        `json:"started"`
	Outcome evidence.Outcome `json:"outcome"`
	Profile string           `json:"profile"`
}

// A ChangeKind says what became of a thing.
type ChangeKind string

// The kinds of changes.
const (
	Appeared ChangeKind = "new"
	Gone     ChangeKind = "gone"
	Changed  ChangeKind = "changed"
)

// A Change is one thing that is new, gone or changed.
type Change struct {
	Change ChangeKind `json:"change"`
	// Proven is false for what is new or gone as far as could be seen only: the
	// scan that lacks it could not look where the other one saw it.
	Proven bool `json:"proven"`
	// Kind is the rule of a finding, else cookie, localStorage, policy, ….
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Domain string `json:"domain"` // host or origin; empty where there is none
	// Severity is that of the newer finding; empty for all that is no finding.
	Severity audit.Severity `json:"severity,omitempty"`
	// Text says what a finding found.
	Text   string        `json:"text,omitempty"`
	Fields []FieldChange `json:"fields"` // empty unless changed
}

// A FieldChange is one property with another value.
type FieldChange struct {
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Compare tells what changed from one report to another. Both may come from a
// database or from a JSON file.
func Compare(older, newer *Report) *Diff {
	d := &Diff{
		Schema: DiffSchema, Old: diffScan(older), New: diffScan(newer), Notes: diffNotes(older, newer),
		Findings: findingChanges(older, newer), PolicyChanges: policyDocumentChanges(older, newer),
	}
	d.Policies = policyChanges(d.PolicyChanges)
	d.Cookies = changes(older.Cookies, newer.Cookies, listing[Cookie]{
		subject: func(c *Cookie) Change {
			return Change{Kind: string(evidence.KindCookie), Name: c.Name, Domain: c.Domain}
		},
		key:    func(c *Cookie) string { return strings.Join([]string{c.Path, c.PartitionKey, yesNo(c.HostOnly)}, " ") },
		fields: func(a, b *Cookie) []FieldChange { return cookieFieldChanges(older, newer, a, b) },
		proven: func(c *Cookie, other *Report) bool { return other.wouldShow(c.Phases) },
	}, older, newer)
	d.Storage = changes(older.Storage, newer.Storage, listing[StorageItem]{
		subject: func(s *StorageItem) Change {
			return Change{Kind: string(s.Kind), Name: s.Key, Domain: s.Origin}
		},
		fields: func(a, b *StorageItem) []FieldChange { return storageFieldChanges(older, newer, a, b) },
		proven: func(s *StorageItem, other *Report) bool { return other.wouldShow(s.Phases) },
	}, older, newer)
	d.Declarations = changes(older.Declarations, newer.Declarations, listing[Declaration]{
		subject: func(d *Declaration) Change {
			return Change{Kind: string(d.Storage), Name: d.Name, Domain: d.AllHosts()}
		},
		key:    func(d *Declaration) string { return d.Provider },
		fields: declarationFieldChanges,
		proven: func(_ *Declaration, other *Report) bool { return other.Coverage.Policy.Outcome == evidence.Complete },
	}, older, newer)
	return d
}

// NewAtLeast counts violations that are new or have become graver, from a
// severity on.
func (d *Diff) NewAtLeast(sev audit.Severity) int {
	n := 0
	for _, c := range d.Findings {
		if c.Change != Gone && c.Severity.AtLeast(sev) && (c.Change == Appeared || c.Graver()) {
			n++
		}
	}
	return n
}

// Graver is true for a finding whose severity rose.
func (c *Change) Graver() bool {
	for _, f := range c.Fields {
		if f.Field == "severity" {
			was, is := audit.Severity(f.Old), audit.Severity(f.New)
			return was != is && is.AtLeast(was)
		}
	}
	return false
}

// Empty is true where nothing changed.
func (d *Diff) Empty() bool {
	return len(d.Findings)+len(d.Cookies)+len(d.Storage)+len(d.Declarations)+len(d.Policies) == 0
}

func diffScan(r *Report) DiffScan {
	return DiffScan{ID: r.Scan.ID, Site: r.Scan.Site.URL, Started: r.Scan.Started, Outcome: r.Scan.Outcome, Profile: r.Scan.Profile}
}

// diffNotes says what of the difference may lie in the scans and not in the site.
func diffNotes(older, newer *Report) []string {
	notes := []string{}
	for _, f := range []FieldChange{
		{"site", older.Scan.Site.URL, newer.Scan.Site.URL},
		{"profile", older.Scan.Profile, newer.Scan.Profile},
		{"time in which pages came to rest", older.Scan.Settle, newer.Scan.Settle},
		{"browser", toolText(older.Scan.Browser), toolText(newer.Scan.Browser)},
		{"version of the tool", toolText(older.Scan.Tool), toolText(newer.Scan.Tool)},
		{"phases", joined(older.phases(), ", "), joined(newer.phases(), ", ")},
	} {
		if f.Old != f.New {
			notes = append(notes, "another "+f.Field+": "+cmp.Or(f.Old, "none")+" before, "+cmp.Or(f.New, "none")+" now")
		}
	}
	for _, s := range []struct {
		name string
		r    *Report
	}{{"older", older}, {"newer", newer}} {
		if s.r.Scan.Outcome != evidence.Complete {
			notes = append(notes, "the "+s.name+" scan is "+string(s.r.Scan.Outcome)+": "+cmp.Or(s.r.Scan.Why, "no reason was recorded"))
		}
	}
	return notes
}

// wouldShow is true where the report proves that what belongs to these phases
// was not there.
func (r *Report) wouldShow(phases []evidence.Phase) bool {
	return len(phases) > 0 && !slices.ContainsFunc(phases, func(p evidence.Phase) bool { return !r.Coverage.phase(p).AbsenceProven })
}

// A listing says how the items of a list are told apart and compared.
type listing[T any] struct {
	subject func(*T) Change
	// key tells items with the same subject apart; nil where none have.
	key    func(*T) string
	fields func(older, newer *T) []FieldChange
	// proven reports whether the other report proves that it lacks the item.
	proven func(item *T, other *Report) bool
}

// changes pairs the items of two lists. Items that nothing tells apart are paired
// in their order.
func changes[T any](older, newer []T, l listing[T], oldReport, newReport *Report) []Change {
	out := []Change{}
	was := index(older, l)
	for i, k := range keys(newer, l) {
		item := &newer[i]
		c := l.subject(item)
		before, ok := was[k]
		delete(was, k)
		switch {
		case !ok:
			c.Change, c.Proven = Appeared, l.proven(item, oldReport)
		default:
			c.Change, c.Proven, c.Fields = Changed, true, l.fields(before, item)
			if len(c.Fields) == 0 {
				continue
			}
		}
		out = append(out, c)
	}
	for _, k := range keys(older, l) {
		if item, ok := was[k]; ok {
			c := l.subject(item)
			c.Change, c.Proven = Gone, l.proven(item, newReport)
			out = append(out, c)
		}
	}
	for i := range out {
		out[i].Fields = list(out[i].Fields)
	}
	sortChanges(out)
	return out
}

// sortChanges puts what is new first, then what is gone.
func sortChanges(out []Change) {
	order := []string{"new", "not seen before", "gone", "not seen this time", "changed"}
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.ChangeText()), slices.Index(order, b.ChangeText())),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Name, b.Name))
	})
}

// An itemKey identifies an item; n counts items that nothing tells apart.
type itemKey struct {
	kind, name, domain, key string
	n                       int
}

func keys[T any](items []T, l listing[T]) []itemKey {
	out := make([]itemKey, len(items))
	seen := map[itemKey]int{}
	for i := range items {
		c := l.subject(&items[i])
		k := itemKey{kind: c.Kind, name: c.Name, domain: c.Domain}
		if l.key != nil {
			k.key = l.key(&items[i])
		}
		seen[k]++
		out[i] = k
		out[i].n = seen[k]
	}
	return out
}

func index[T any](items []T, l listing[T]) map[itemKey]*T {
	out := map[itemKey]*T{}
	for i, k := range keys(items, l) {
		out[k] = &items[i]
	}
	return out
}

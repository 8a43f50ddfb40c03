package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A CookieTable is the table that a site can publish: what it was seen to store,
// in the words of its own policy where that has any.
type CookieTable struct {
	Site string     `json:"site"` // address of the landing page
	Date string     `json:"date"` // of the scan, as 2006-01-02
	Rows []TableRow `json:"cookies"`
	// Open says what a person has to complete or decide before publishing.
	Open []string `json:"-"`
}

// A TableRow is one row: a cookie or storage item, or several whose names differ
// in a part that varies.
type TableRow struct {
	Name     string            `json:"name"` // "*" stands for what varies
	Type     string            `json:"type"`
	Provider string            `json:"provider"`
	Host     string            `json:"host"`
	Party    string            `json:"party"`
	Category evidence.Category `json:"category"`
	Purpose  string            `json:"purpose"`
	Lifetime string            `json:"lifetime"`
}

// ToComplete stands where nobody but the owner of the site knows what to write.
const ToComplete = "[to be completed]"

// TableOptions say what goes into a table.
type TableOptions struct {
	// Prune leaves out what the policy declares and the scan did not see.
	Prune bool
}

// NewCookieTable builds the table from what was observed and what was declared.
// An observed thing takes its name pattern, provider, purpose and, where the
// data do not know it with certainty, its category from the declaration that
// matches it; its lifetime is the longest that was asked for.
func NewCookieTable(r *Report, o TableOptions) *CookieTable {
	b := tableBuilder{report: r, rows: map[rowKey]*tableItem{}}
	for i := range r.Cookies {
		b.cookie(&r.Cookies[i])
	}
	for i := range r.Storage {
		b.storage(&r.Storage[i])
	}
	if !o.Prune {
		for i := range r.Declarations {
			b.declared(&r.Declarations[i])
		}
	}
	t := &CookieTable{Site: r.Scan.Site.URL, Date: r.Scan.Started.Format("2006-01-02"), Rows: []TableRow{}}
	for _, item := range b.sorted() {
		t.Rows = append(t.Rows, item.TableRow)
		t.Open = append(t.Open, item.open...)
	}
	t.Open = append(t.Open, b.open...)
	return t
}

// A rowKey is what rows are grouped by: the same name of one site in one kind
// of storage.
type rowKey struct {
	kind       evidence.StorageKind
	name, site string
}

// A tableItem is a row in the making.
type tableItem struct {
	TableRow
	key      rowKey
	hosts    []string
	seconds  int64 // longest lifetime; 0 for a session
	declared bool  // the lifetime is what the policy says
	open     []string
}

type tableBuilder struct {
	report *Report
	rows   map[rowKey]*tableItem
	order  []rowKey
	open   []string
}

// row returns the row of a key; new is true where it has just been made.
func (b *tableBuilder) row(k rowKey) (item *tableItem, isNew bool) {
	if item, ok := b.rows[k]; ok {
		return item, false
	}
	item = &tableItem{key: k, TableRow: TableRow{Name: k.name, Type: storageText(k.kind)}}
	b.rows[k] = item
	b.order = append(b.order, k)
	return item, true
}

func (b *tableBuilder) cookie(c *Cookie) {
	if !c.Stored {
		return // refused by the browser: nothing to declare
	}
	d := b.declaration(c.DeclarationIndex)
	item, isNew := b.row(rowKey{evidence.KindCookie, rowName(c.Name, d), c.Site})
	if isNew {
		item.Party = partyText(c.Party)
		item.describe(d, class{c.Category, c.ExemptConfidence, c.Also}, cmp.Or(c.Provider, ownProvider(c.Party)))
		item.star(c.Name)
	}
	item.host(c.Domain)
	switch {
	case c.Session:
	case c.RequestedSeconds != nil:
		item.seconds = max(item.seconds, *c.RequestedSeconds)
	case c.StoredSeconds != nil:
		item.seconds = max(item.seconds, *c.StoredSeconds)
	default:
		item.open = append(item.open, fmt.Sprintf("%s: its lifetime was not seen", c.Name))
	}
}

func (b *tableBuilder) storage(s *StorageItem) {
	switch s.Kind {
	case evidence.KindLocalStorage, evidence.KindSessionStorage, evidence.KindIndexedDB:
	default:
		b.open = append(b.open, fmt.Sprintf("%s of %s (%s) is not in the table: no policy lists its kind by name", s.Key, s.Origin, s.Kind))
		return
	}
	d := b.declaration(s.DeclarationIndex)
	item, isNew := b.row(rowKey{s.Kind, rowName(s.Key, d), s.Site})
	if isNew {
		item.Party = partyText(s.Party)
		item.describe(d, class{s.Category, s.ExemptConfidence, s.Also}, cmp.Or(s.Provider, ownProvider(s.Party)))
		item.star(s.Key)
	}
	if _, host, ok := strings.Cut(s.Origin, "://"); ok {
		item.host(host)
	}
}

// declared adds what was declared and not seen: a log-in or a rare page may
// store it. What the policy says of it stands.
func (b *tableBuilder) declared(d *Declaration) {
	if d.Observed {
		return
	}
	item, isNew := b.row(rowKey{d.Storage, d.Name, d.AllHosts() + " " + d.Provider})
	if !isNew {
		return
	}
	item.describe(d, class{}, "")
	item.Host, item.Lifetime, item.declared = d.AllHosts(), cmp.Or(d.Lifetime, ToComplete), true
	item.open = append(item.open, fmt.Sprintf("%s: the policy declares it and the scan did not see it; leave it out if it is gone", d.Name))
}

func (b *tableBuilder) declaration(i *int) *Declaration {
	if i == nil || *i < 0 || *i >= len(b.report.Declarations) {
		return nil
	}
	return &b.report.Declarations[*i]
}

// confirmed is the confidence from which on what is known of a thing stands
// against what the policy says of it (../audit: bands of purposes).
const confirmed = 0.9

// ownProvider is the provider of what nobody is known to be behind: the site
// itself for its own.
func ownProvider(p evidence.Party) string {
	if p == evidence.First {
		return "this website"
	}
	return ""
}

// A class is what is known of a thing, how sure it is that it needs consent or
// does not, and what others call it.
type class struct {
	category evidence.Category
	sure     float64
	also     []evidence.Category
}

func (item *tableItem) describe(d *Declaration, known class, provider string) {
	item.Category, item.Provider, item.Purpose = evidence.UnknownCategory, cmp.Or(provider, ToComplete), ToComplete
	if known.sure >= sure {
		item.Category = known.category
	}
	if d != nil {
		item.Provider = cmp.Or(d.Provider, item.Provider)
		item.Purpose = cmp.Or(prose(d.Description), ToComplete)
		switch {
		case d.Category == evidence.UnknownCategory:
		case item.Category == evidence.UnknownCategory || known.sure < confirmed || slices.Contains(known.also, d.Category):
			item.Category = d.Category
		case item.Category != d.Category:
			item.open = append(item.open, fmt.Sprintf("%s: the policy calls it %s; what is known of it says %s", item.Name, d.Category, item.Category))
		}
	}
	if item.Category == evidence.UnknownCategory {
		item.open = append(item.open, item.Name+": what class it belongs to")
	}
	if item.Provider == ToComplete {
		item.open = append(item.open, item.Name+": who is behind it")
	}
	if item.Purpose == ToComplete {
		item.open = append(item.open, item.Name+": what it is for")
	}
}

// star says where a name holds what stands for anything in a table.
func (item *tableItem) star(name string) {
	if strings.Contains(name, "*") {
		item.open = append(item.open, fmt.Sprintf("%s: the star is part of the name, and whoever reads the table takes it for anything", name))
	}
}

func (item *tableItem) host(host string) {
	if !slices.Contains(item.hosts, host) {
		item.hosts = append(item.hosts, host)
	}
}

// sorted finishes the rows and puts them in the order of a published table:
// first party before third, then by class, provider and name.
func (b *tableBuilder) sorted() []*tableItem {
	var out []*tableItem
	for _, k := range b.order {
		item := b.rows[k]
		slices.Sort(item.hosts)
		if len(item.hosts) > 0 {
			item.Host = strings.Join(item.hosts, ", ")
		}
		switch {
		case item.declared:
		case k.kind == evidence.KindLocalStorage || k.kind == evidence.KindIndexedDB:
			item.Lifetime = "until deleted"
		default:
			item.Lifetime = publicLength(item.seconds)
		}
		out = append(out, item)
	}
	order := []evidence.Category{evidence.Necessary, evidence.Functional, evidence.Analytics, evidence.Marketing, evidence.UnknownCategory}
	slices.SortStableFunc(out, func(a, b *tableItem) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Category), slices.Index(order, b.Category)), cmp.Compare(a.Party, b.Party),
			cmp.Compare(strings.ToLower(a.Provider), strings.ToLower(b.Provider)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type))
	})
	return out
}

// rowName is the name to publish: the declared pattern where one matches, else
// the name with what varies from visitor to visitor replaced.
func rowName(name string, d *Declaration) string {
	if d != nil && d.Pattern && audit.MatchName(d.Name, name) {
		return d.Name
	}
	return NamePattern(name)
}

func storageText(k evidence.StorageKind) string {
	switch k {
	case evidence.KindCookie:
		return "cookie"
	case evidence.KindLocalStorage:
		return "local storage"
	case evidence.KindSessionStorage:
		return "session storage"
	default:
		return string(k)
	}
}

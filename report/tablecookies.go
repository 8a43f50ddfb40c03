package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A cookieGroup holds the cookies of one party that appear first in one phase.
type cookieGroup struct {
	Phase   evidence.Phase
	Party   evidence.Party
	Cookies []*Cookie
}

// Title names the group, such as "First seen before any answer, third party".
func (g cookieGroup) Title() string {
	if g.Phase == "" {
		return "Phase not known, " + partyText(g.Party)
	}
	return "First seen " + phaseText(g.Phase) + ", " + partyText(g.Party)
}

// cookieGroups sorts the cookies by the phase that they were first seen in, then
// by party, domain, name, path and partition.
func (r *Report) cookieGroups() []cookieGroup {
	var all []*Cookie
	for i := range r.Cookies {
		all = append(all, &r.Cookies[i])
	}
	slices.SortStableFunc(all, func(a, b *Cookie) int {
		return cmp.Or(
			cmp.Compare(phaseRank(a.firstPhase()), phaseRank(b.firstPhase())), cmp.Compare(a.Party, b.Party),
			cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Path, b.Path), cmp.Compare(a.PartitionKey, b.PartitionKey))
	})
	var groups []cookieGroup
	for _, c := range all {
		if n := len(groups); n == 0 || groups[n-1].Phase != c.firstPhase() || groups[n-1].Party != c.Party {
			groups = append(groups, cookieGroup{Phase: c.firstPhase(), Party: c.Party})
		}
		g := &groups[len(groups)-1]
		g.Cookies = append(g.Cookies, c)
	}
	return groups
}

func (c *Cookie) firstPhase() evidence.Phase {
	if c.FirstSeen == nil {
		return ""
	}
	return c.FirstSeen.Phase
}

func (t *terminal) observations(r *Report, o Options) error {
	n := r.Summary.Cookies
	t.heading(fmt.Sprintf("COOKIES (%s)", r.seenText(n.Seen)))
	if n.Seen == 0 {
		t.noneSeen(r)
	} else {
		t.wrapped(plain, "  ", fmt.Sprintf("%d first party, %d third party; %d before any answer; %d declared, %d undeclared, %d unknown",
			n.FirstParty, n.ThirdParty, n.Before, n.Declared, n.Undeclared, n.Unknown))
		t.wrapped(dim, "  ", r.legend())
		if err := t.cookies(r, o); err != nil {
			return err
		}
	}
	t.heading(fmt.Sprintf("OTHER STORAGE (%s)", r.seenText(len(r.Storage))))
	if len(r.Storage) == 0 {
		t.noneSeen(r)
	} else if err := t.storage(r); err != nil {
		return err
	}
	t.requests(r)
	return nil
}

// noneSeen says what an empty list is worth; the reasons stand under COVERAGE.
func (t *terminal) noneSeen(r *Report) {
	text := noneSeen(r)
	if !r.Coverage.looked() {
		text = "could not be looked at: see COVERAGE"
	}
	t.wrapped(plain, "  ", text)
}

// seenText counts what was seen; where nothing was looked at there is no count.
func (r *Report) seenText(n int) string {
	switch {
	case n == 0 && !r.Coverage.looked():
		return "not looked at"
	case !r.Coverage.scannedWhole():
		return fmt.Sprintf("at least %d", n)
	default:
		return fmt.Sprint(n)
	}
}

// legend explains the marks and names the phases in the order of the marks.
func (r *Report) legend() string {
	marks := make([]string, 0, len(sightings()))
	for _, s := range sightings() {
		marks = append(marks, s.Mark+" "+s.Meaning)
	}
	var phases []string
	for _, p := range r.phases() {
		phases = append(phases, string(p))
	}
	return "Marks stand for " + strings.Join(phases, ", ") + ": " + strings.Join(marks, ", ") + ". A ? behind a category marks a guess."
}

// markHead is the heading of the marks: the initials of the phases.
func (r *Report) markHead() string {
	var b strings.Builder
	for _, p := range r.phases() {
		b.WriteString(strings.ToUpper(string(p[:1])))
	}
	return b.String()
}

func (r *Report) marks(sighting func(evidence.Phase) Sighting) string {
	var b strings.Builder
	for _, p := range r.phases() {
		b.WriteString(sighting(p).text().Mark)
	}
	return b.String()
}

func (t *terminal) cookies(r *Report, o Options) error {
	columns := []gridColumn{
		{Head: "NAME", Min: 12, Shrink: true},
		{Head: "DOMAIN", Min: 12, Shrink: true},
		{Head: "CATEGORY"},
		{Head: "LIFETIME", Min: 8, Shrink: true},
		{Head: r.markHead()},
		{Head: "DECLARED"},
	}
	groups := r.cookieGroups()
	alike := map[[2]string]int{}
	for i := range r.Cookies {
		alike[[2]string{r.Cookies[i].Name, r.Cookies[i].Domain}]++
	}
	rows := make([][][]string, len(groups))
	for i, g := range groups {
		for _, c := range g.Cookies {
			place := identifier(c.Domain)
			if alike[[2]string{c.Name, c.Domain}] > 1 {
				place += identifier(c.Path)
			}
			rows[i] = append(rows[i], []string{
				identifier(c.Name), place, purposeText(c.Category, c.ExemptConfidence), c.lifetime(about),
				r.marks(func(p evidence.Phase) Sighting { return r.sighting(c, p) }), declaredText(c.Declared),
			})
		}
	}
	widths := t.gridWidths(columns, slices.Concat(rows...))
	for i, g := range groups {
		t.blank()
		t.line(bold, fmt.Sprintf("  %s (%d)", g.Title(), len(g.Cookies)))
		if err := t.grid(columns, widths, rows[i]); err != nil {
			return err
		}
		if o.Details {
			for _, c := range g.Cookies {
				t.cookieDetails(c)
			}
		}
	}
	return nil
}

func (t *terminal) cookieDetails(c *Cookie) {
	t.wrapped(bold, "  ", identifier(c.Name)+" "+identifier(c.Domain)+identifier(c.Path))
	t.wrapped(plain, "    Lifetime: ", fmt.Sprintf("asked for %s, kept by the browser: %s", c.lifetime(span), c.kept()))
	by := string(c.SetBy.Mechanism)
	for _, s := range []string{c.SetBy.Host, c.SetBy.URL, c.SetBy.Script} {
		if s != "" {
			by += ", " + identifier(s)
		}
	}
	if c.SetBy.Party != "" && c.SetBy.Party != c.Party {
		by += ", " + string(c.SetBy.Party) + " party"
	}
	if c.SetBy.Line != nil {
		by += fmt.Sprintf(", line %d", *c.SetBy.Line)
	}
	t.wrapped(plain, "    Set by: ", by)
	if len(c.Blocked) > 0 {
		t.wrapped(plain, "    Refused: ", prose(strings.Join(c.Blocked, ", ")))
	}
	t.wrapped(plain, "    Purpose: ", fmt.Sprintf("%s, confidence %.2f%s, provider %s", c.Category, c.Confidence, c.otherwise(), cmp.Or(prose(c.Provider), "not known")))
	if c.Declaration != nil {
		t.wrapped(plain, "    Declared as: ", identifier(*c.Declaration))
	} else if len(c.NearMisses) > 0 {
		t.wrapped(plain, "    Near misses: ", prose(strings.Join(c.NearMisses, ", ")))
	}
}

func (t *terminal) storage(r *Report) error {
	columns := []gridColumn{
		{Head: "KEY", Min: 12, Shrink: true},
		{Head: "ORIGIN", Min: 12, Shrink: true},
		{Head: "KIND"},
		{Head: "CATEGORY"},
		{Head: r.markHead()},
		{Head: "DECLARED"},
	}
	var rows [][]string
	mis := r.misfiled()
	for i := range r.Storage {
		s := &r.Storage[i]
		rows = append(rows, []string{
			identifier(s.Key), identifier(strings.TrimPrefix(s.Origin, "https://")), strings.TrimSuffix(string(s.Kind), "Storage"), purposeText(s.Category, s.ExemptConfidence),
			r.marks(func(p evidence.Phase) Sighting { return r.storageSighting(s, p) }), mis.declaredText(r, s),
		})
	}
	return t.grid(columns, t.gridWidths(columns, rows), rows)
}

// misfiled finds the declaration of an item that the policy lists as another
// kind of storage: what scripts keep in localStorage often stands among the
// cookies, and to call it undeclared would deny that the policy names it at all.
type misfiled map[string]int // indices of declarations that were seen, by name

func (r *Report) misfiled() misfiled {
	m := misfiled{}
	for i := range r.Declarations {
		if d := &r.Declarations[i]; d.Observed {
			m[d.Name] = i
		}
	}
	return m
}

// find returns the index of the declaration, and false where there is none.
func (m misfiled) find(r *Report, s *StorageItem) (int, bool) {
	i, ok := m[s.Key]
	return i, ok && s.Declared == audit.Undeclared && r.Declarations[i].Storage != s.Kind
}

// declaredText is declaredText for an item that may be misfiled.
func (m misfiled) declaredText(r *Report, s *StorageItem) string {
	if i, ok := m.find(r, s); ok {
		return "as " + string(r.Declarations[i].Storage)
	}
	return declaredText(s.Declared)
}

// requests lists the other sites that were asked for something.
func (t *terminal) requests(r *Report) {
	hosts := r.thirdPartyHosts()
	t.heading(fmt.Sprintf("THIRD-PARTY HOSTS (%s)", r.seenText(len(hosts))))
	if len(hosts) == 0 {
		t.noneSeen(r)
		return
	}
	t.wrapped(plain, "  ", identifier(strings.Join(hosts, ", ")))
}

func (r *Report) thirdPartyHosts() []string {
	var hosts []string
	for _, q := range r.Requests {
		if q.Party == evidence.Third {
			hosts = append(hosts, q.Host)
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

func (t *terminal) policy(r *Report, o Options) error {
	t.heading("POLICY")
	t.wrapped(plain, "  ", r.policyLine())
	for _, d := range r.Policies {
		t.wrapped(plain, "  ", fmt.Sprintf("%s %s", cmp.Or(prose(d.Title), "(no title)"), identifier(d.URL)))
	}
	t.policyChanges(r, o)
	if len(r.Declarations) == 0 {
		t.wrapped(plain, "  ", noneDeclared(r))
		return nil
	}
	counts := map[string]int{}
	for i := range r.Declarations {
		counts[r.observedText(&r.Declarations[i])]++
	}
	t.wrapped(plain, "  ", fmt.Sprintf("%s: %d seen, %d not seen, %d not known, %d not looked for",
		Plural(len(r.Declarations), "declaration"), counts["yes"], counts["no"], counts["unknown"], counts["not looked for"]))
	if o.Details {
		if err := t.declared(r); err != nil {
			return err
		}
	}
	t.claims(r.Claims)
	return nil
}

// policyChanges says what became of the policies since the earlier scan, with
// details also in which lines.
func (t *terminal) policyChanges(r *Report, o Options) {
	for i, line := range r.PolicyChangeLines() {
		if i >= len(r.PolicyChanges) {
			t.wrapped(plain, "  ", prose(line))
			continue
		}
		c := &r.PolicyChanges[i]
		t.wrapped(yellow, "  ! ", prose(line)+": "+identifier(c.URL))
		if c.OldURL != "" {
			t.wrapped(plain, "    ", "before: "+identifier(c.OldURL))
		}
		if details := c.details(); details != "" {
			t.wrapped(plain, "    ", details)
		}
		if o.Details {
			t.lineChanges(c)
		}
	}
}

func (t *terminal) lineChanges(c *PolicyChange) {
	for _, l := range c.Lines {
		mark := "    + "
		if l.Change == Gone {
			mark = "    - "
		}
		t.wrapped(plain, mark, prose(l.Text))
	}
	if c.MoreLines > 0 {
		t.wrapped(dim, "    ", fmt.Sprintf("and %s more", Plural(c.MoreLines, "line")))
	}
}

// declared lists the declarations and whether they were seen.
func (t *terminal) declared(r *Report) error {
	columns := []gridColumn{
		{Head: "DECLARED NAME", Min: 12, Shrink: true},
		{Head: "PROVIDER", Min: 10, Shrink: true},
		{Head: "CATEGORY"},
		{Head: "LIFETIME", Min: 8, Shrink: true},
		{Head: "SEEN"},
	}
	var rows [][]string
	for i := range r.Declarations {
		d := &r.Declarations[i]
		rows = append(rows, []string{
			identifier(d.Name), cmp.Or(identifier(d.Provider), identifier(d.AllHosts()), "not stated"), string(d.Category),
			declaredLifetime(&d.Declaration), r.observedText(d),
		})
	}
	return t.grid(columns, t.gridWidths(columns, rows), rows)
}

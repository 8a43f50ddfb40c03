package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// page is what the page template shows.
type page struct {
	head
	R             *Report
	Tone          string
	Tiles         []tile
	Sections      []sectionLink
	Severities    []severityGroup
	NoFindings    string
	Notices       []string
	Inconclusive  []audit.Finding
	NotRequested  []audit.Finding
	EveryPhase    string // the flag that asks for what NotRequested needs
	Passed        []audit.Finding
	NotApplicable []audit.Finding
	Phases        []evidence.Phase
	Legend        []sightingText
	CookieCounts  string
	Cookies       []cookieRow
	Storage       []storageRow
	Hosts         []hostRow
	Tree          []*branch
	TreeLeft      int // hosts that have no place in it
	Gaps          []Gap
	NoneSeen      string
	Categories    []evidence.Category
	Timelines     []timeline
	Writes        []writeRow
	PolicyLine    string
	PolicyChanges []policyChangeRow
	Declarations  []declarationRow
	Undeclared    []observedRow
	NoneDeclared  string
	Shots         []shot
	ShotsLeft     string
	Visits        []Phase
}

type tile struct {
	Class, Label, Count string
}

type sectionLink struct {
	ID, Title, Count string
}

type severityGroup struct {
	Severity audit.Severity
	Title    string
	Count    int
	Rules    []ruleGroup
}

type cookieRow struct {
	*Cookie
	Lifetime, Exact, Kept    string // Exact is empty where Lifetime is exact
	SortLifetime, SortKept   int64
	Marks                    []sightingText
	DeclaredText, DeclaredAs string
	Response                 bool // set by a response: Script only asked for it
}

type storageRow struct {
	*StorageItem
	Marks        []sightingText
	DeclaredText string
}

type hostRow struct {
	Host, Provider string
	Category       evidence.Category
	Confidence     float64  // that it needs consent, or does not
	Requests       []string // per phase
	SentCookie     bool
	Carries        []string // what its requests took along besides, each once
}

// A policyChangeRow is a document that changed, or, without an address, what is to
// say of all of them.
type policyChangeRow struct {
	Line, URL, OldURL, Details string
	Lines                      []LineChange
	More                       int
}

type declarationRow struct {
	*Declaration
	LifetimeText, Seen string
	Observed           []observedRow
}

type observedRow struct {
	Name, Domain, Lifetime string
	Category               evidence.Category
}

func newPage(h head, r *Report) page {
	n := r.Summary.Cookies
	p := page{
		head: h, R: r, Tone: r.Tone(), Phases: r.phases(), Legend: sightings(), NoneSeen: noneSeen(r), NoFindings: noFindings(r), Notices: r.notices(),
		PolicyLine: r.policyLine(), Gaps: shortGaps(r.Coverage.Gaps), NoneDeclared: noneDeclared(r), Visits: r.Phases,
		EveryPhase: r.everyPhase(),
		Categories: []evidence.Category{evidence.Necessary, evidence.Functional, evidence.Analytics, evidence.Marketing, evidence.UnknownCategory},
		CookieCounts: fmt.Sprintf("%s seen: %d first party, %d third party; %d before any answer; %d declared, %d undeclared, %d unknown.",
			r.seenText(n.Seen), n.FirstParty, n.ThirdParty, n.Before, n.Declared, n.Undeclared, n.Unknown),
	}
	p.addFindings(r)
	p.addCookies(r)
	mis := r.misfiled()
	for i := range r.Storage {
		s := &r.Storage[i]
		p.Storage = append(p.Storage, storageRow{
			StorageItem: s, DeclaredText: mis.declaredText(r, s),
			Marks: markTexts(p.Phases, func(ph evidence.Phase) Sighting { return r.storageSighting(s, ph) }),
		})
	}
	p.addHosts(r)
	p.addPolicyChanges(r)
	p.Tree, p.TreeLeft = newTree(r, p.Hosts)
	p.addDeclarations(r)
	p.addShots(r)
	p.Timelines, p.Writes = newTimelines(r), allWrites(r)
	p.Sections = []sectionLink{
		{"coverage", "Coverage", gapCount(r)},
		{"findings", "Findings", r.ViolationTotal()},
		{"cookies", "Cookies", r.countText(n.Seen)},
		{"timeline", "Timeline", ""},
		{"storage", "Other storage", r.countText(len(r.Storage))},
		{"third-parties", "Third-party hosts", r.countText(len(p.Hosts))},
		{"declared", "Declared against observed", ""},
		{"banner", "Banner", ""},
		{"method", "How this was made", ""},
	}
	return p
}

func gapCount(r *Report) string {
	if n := len(r.Coverage.Gaps); n > 0 {
		return Plural(n, "gap")
	}
	return ""
}

func (p *page) addFindings(r *Report) {
	for _, sev := range audit.Severities() {
		p.Tiles = append(p.Tiles, tile{string(sev), string(sev), r.violationCount(sev)})
	}
	p.Tiles = append(p.Tiles,
		tile{"inconclusive", "rules could not tell", r.verdictCount(r.Summary.CouldNotTell())})
	if n := r.Summary.NotRequested; n > 0 {
		p.Tiles = append(p.Tiles, tile{"inconclusive", "rules not asked for", r.verdictCount(n)})
	}
	p.Tiles = append(p.Tiles,
		tile{"pass", "rules passed", r.verdictCount(r.Summary.Verdicts[audit.Pass])})
	for _, g := range grouped(r.Findings) {
		if k := len(p.Severities); k == 0 || p.Severities[k-1].Severity != g.Severity {
			name := string(g.Severity)
			p.Severities = append(p.Severities, severityGroup{Severity: g.Severity, Title: strings.ToUpper(name[:1]) + name[1:]})
		}
		s := &p.Severities[len(p.Severities)-1]
		s.Count += len(g.Findings)
		s.Rules = append(s.Rules, g)
	}
	for _, f := range r.Findings {
		switch f.Verdict {
		case audit.Inconclusive:
			if !f.CouldNotTell() {
				p.NotRequested = append(p.NotRequested, f)
				continue
			}
			p.Inconclusive = append(p.Inconclusive, f)
		case audit.Pass:
			p.Passed = append(p.Passed, f)
		case audit.NotApplicable:
			p.NotApplicable = append(p.NotApplicable, f)
		case audit.Violation: // in the groups
		}
	}
}

func markTexts(phases []evidence.Phase, sighting func(evidence.Phase) Sighting) []sightingText {
	var out []sightingText
	for _, p := range phases {
		out = append(out, sighting(p).text())
	}
	return out
}

func (p *page) addCookies(r *Report) {
	for _, g := range r.cookieGroups() {
		for _, c := range g.Cookies {
			row := cookieRow{
				Cookie: c, Lifetime: c.lifetime(about), Kept: c.kept(), SortLifetime: sortSeconds(c.RequestedSeconds, c.Session),
				SortKept: sortSeconds(c.StoredSeconds, c.Session && c.Stored), DeclaredText: declaredText(c.Declared), DeclaredAs: text(c.Declaration),
				Response: c.SetBy.Mechanism == evidence.HTTP,
				Marks:    markTexts(p.Phases, func(ph evidence.Phase) Sighting { return r.sighting(c, ph) }),
			}
			if exact := c.lifetime(span); exact != row.Lifetime {
				row.Exact = exact
			}
			p.Cookies = append(p.Cookies, row)
		}
	}
}

// sortSeconds puts what is not known first, then sessions, then lengths.
func sortSeconds(n *int64, session bool) int64 {
	switch {
	case session:
		return 1
	case n == nil:
		return 0
	default:
		return *n
	}
}

func (p *page) addHosts(r *Report) {
	counts := map[string]map[evidence.Phase]int{}
	rows := map[string]*hostRow{}
	for i := range r.Requests {
		q := &r.Requests[i]
		if q.Party != evidence.Third {
			continue
		}
		if rows[q.Host] == nil {
			rows[q.Host] = &hostRow{Host: q.Host, Provider: q.Provider, Category: q.Category, Confidence: q.ExemptConfidence}
			counts[q.Host] = map[evidence.Phase]int{}
		}
		row := rows[q.Host]
		row.SentCookie = row.SentCookie || q.SentCookie
		for _, c := range q.Carries {
			if text := carriedText(c); !slices.Contains(row.Carries, text) {
				row.Carries = append(row.Carries, text)
			}
		}
		row.Provider = cmp.Or(row.Provider, q.Provider)
		if row.Category == evidence.UnknownCategory || q.ExemptConfidence > row.Confidence && q.Category != evidence.UnknownCategory {
			row.Category, row.Confidence = q.Category, q.ExemptConfidence
		}
		counts[q.Host][q.Phase]++
	}
	for _, host := range r.thirdPartyHosts() {
		row := rows[host]
		for _, ph := range p.Phases {
			row.Requests = append(row.Requests, r.requestCount(counts[host][ph], ph))
		}
		p.Hosts = append(p.Hosts, *row)
	}
}

func carriedText(c evidence.Carried) string {
	return fmt.Sprintf("%s %s of %s (%s, in the %s)", c.Kind, c.Name, c.Owner, c.Encoding, c.In)
}

// requestCount writes how many requests a phase made: zero only where it is proven.
func (r *Report) requestCount(n int, p evidence.Phase) string {
	if n > 0 {
		return fmt.Sprint(n)
	}
	if s := r.presence(nil, nil, p); s != Absent {
		return s.text().Mark
	}
	return "0"
}

func (p *page) addDeclarations(r *Report) {
	observed := map[int][]observedRow{}
	mis := r.misfiled()
	for i := range r.Cookies {
		c := &r.Cookies[i]
		row := observedRow{c.Name, c.Domain, c.lifetime(about), c.Category}
		if c.DeclarationIndex != nil {
			observed[*c.DeclarationIndex] = append(observed[*c.DeclarationIndex], row)
		} else if c.Declared == audit.Undeclared {
			p.Undeclared = append(p.Undeclared, row)
		}
	}
	for i := range r.Storage {
		s := &r.Storage[i]
		row := observedRow{s.Key, s.Origin, string(s.Kind), s.Category}
		if s.DeclarationIndex != nil {
			observed[*s.DeclarationIndex] = append(observed[*s.DeclarationIndex], row)
		} else if at, ok := mis.find(r, s); ok {
			observed[at] = append(observed[at], row)
		} else if s.Declared == audit.Undeclared {
			p.Undeclared = append(p.Undeclared, row)
		}
	}
	for i := range r.Declarations {
		d := &r.Declarations[i]
		p.Declarations = append(p.Declarations, declarationRow{Declaration: d, LifetimeText: declaredLifetime(&d.Declaration), Seen: r.observedText(d), Observed: observed[i]})
	}
}

func (p *page) addPolicyChanges(r *Report) {
	for i, line := range r.PolicyChangeLines() {
		row := policyChangeRow{Line: strings.ToUpper(line[:1]) + line[1:]}
		if i < len(r.PolicyChanges) {
			c := &r.PolicyChanges[i]
			row.URL, row.OldURL, row.Details, row.Lines, row.More = c.URL, c.OldURL, c.details(), c.Lines, c.MoreLines
		}
		p.PolicyChanges = append(p.PolicyChanges, row)
	}
}

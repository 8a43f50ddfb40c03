package web

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

func pageList() []page {
	named := func(title string) func(any) string { return func(any) string { return title } }
	return []page{
		{pattern: "/{$}", op: "listSites", template: "sites", nav: "sites", title: named("Sites"), data: withInput},
		{pattern: "/site", op: "getSite", template: "site", nav: "sites", title: siteTitle, data: siteData},
		{pattern: "/scans/{id}", op: "getScan", template: "scan", nav: "sites", title: scanTitle, data: scanData},
		{pattern: "/diff", op: "compareScans", template: "diff", nav: "sites", title: named("What changed")},
		{pattern: "/findings", op: "listFindings", template: "findings", nav: "findings", title: named("Findings"), data: findingsData},
		{pattern: "/findings/summary", op: "countFindings", template: "summary", nav: "findings", title: named("Findings by rule and provider")},
		{pattern: "/search", op: "search", template: "search", nav: "search", title: named("Search"), data: withInput},
		{pattern: "/queue", op: "listJobs", template: "queue", nav: "queue", title: named("Queue"), data: withInput},
		{pattern: "/acceptances", op: "listAcceptances", template: "acceptances", nav: "acceptances", title: named("Accepted findings")},
		{pattern: "/users", op: "listUsers", template: "users", nav: "users", title: named("Users")},
		{pattern: "/account", op: "listTokens", template: "account", nav: "account", title: named("Your account")},
	}
}

// asked is a result with what was asked for, which the page's form shows again.
type asked struct{ In, Out any }

func withInput(_ context.Context, _ *server, in, out any) (any, error) { return asked{in, out}, nil }

func siteTitle(out any) string {
	d, _ := out.(siteDetail)
	return "Site " + report.PageName(d.Site.Host)
}

func scanTitle(out any) string {
	r, _ := out.(*report.Report)
	return "Scan of " + report.PageName(r.Scan.Site.Host)
}

type sitePage struct {
	siteDetail
	Chart chart
	// Older and Newer are the scans that the form to compare proposes.
	Older, Newer string
}

func siteData(_ context.Context, _ *server, _, out any) (any, error) {
	d, _ := out.(siteDetail)
	p := sitePage{siteDetail: d}
	var points []Point
	var links []string
	for _, sc := range slices.Backward(d.Scans) {
		pt := Point{Started: sc.Started, Outcome: sc.Outcome}
		if sc.Score != nil {
			pt.Score = &sc.Score.Value
		}
		points, links = append(points, pt), append(links, scanPath(sc.ID))
	}
	p.Chart = newChart(points, links, largeShape())
	if len(d.Scans) > 1 {
		p.Newer, p.Older = d.Scans[0].ID, d.Scans[1].ID
	}
	return p, nil
}

type scanPage struct {
	R *report.Report
	// Violations are the gravest first, Unanswered the rules that could not tell.
	Violations []audit.Finding
	Unanswered []audit.Finding
	Passed     int
	Downloads  []file
	// Until is the day that the form to accept a finding proposes.
	Until string
}

// acceptFor is how long a finding is accepted for where nobody says otherwise.
const acceptFor = 90 * 24 * time.Hour

func scanData(_ context.Context, s *server, _, out any) (any, error) {
	r, _ := out.(*report.Report)
	p := scanPage{R: r, Downloads: downloads(), Until: s.Now().UTC().Add(acceptFor).Format(time.DateOnly)}
	for _, f := range r.Findings {
		switch f.Verdict {
		case audit.Violation:
			p.Violations = append(p.Violations, f)
		case audit.Inconclusive:
			p.Unanswered = append(p.Unanswered, f)
		case audit.Pass:
			p.Passed++
		case audit.NotApplicable:
		}
	}
	slices.SortStableFunc(p.Violations, func(a, b audit.Finding) int { return rank(a.Severity) - rank(b.Severity) })
	return p, nil
}

type findingsPage struct {
	asked
	Rules []audit.Rule
}

func findingsData(_ context.Context, s *server, in, out any) (any, error) {
	return findingsPage{asked{in, out}, s.Rules}, nil
}

func functions() template.FuncMap {
	return template.FuncMap{
		"id":           report.PageName,
		"say":          report.PageText,
		"plural":       report.Plural,
		"path":         pathOf,
		"scanPath":     scanPath,
		"sitePath":     func(s evidence.Site) string { return pathOf("/site", "site", s.URL) },
		"short":        shortAddress,
		"when":         when,
		"in":           in,
		"spark":        func(ps []Point) chart { return newChart(ps, nil, sparkShape()) },
		"severities":   audit.Severities,
		"stateText":    func(s JobState) string { return strings.ReplaceAll(string(s), "_", " ") },
		"open":         openText,
		"score":        scoreText,
		"pattern":      subjectPattern,
		"subject":      subjectText,
		"pageOf":       pageOf,
		"cookies":      cookiesText,
		"roles":        account.Roles,
		"navs":         newNavLink,
		"dict":         dict,
		"add":          func(a, b int) int { return a + b },
		"pager":        func(page, pages int, back string) pager { return pager{page, pages, back} },
		"noViolations": noViolations,
	}
}

func scanPath(id string) string { return "/scans/" + template.URLQueryEscaper(id) }

// shortAddress is an address without what nearly all have in common.
func shortAddress(address string) string {
	return report.PageName(strings.TrimSuffix(strings.TrimPrefix(address, "https://"), "/"))
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// openText writes how many open violations of a severity a scan has: "?" where
// nothing could be looked at or nothing was judged, "+" behind a lower bound.
func openText(sc Scan, sev audit.Severity) string {
	n := sc.Open[sev]
	switch {
	case sc.Open == nil, sc.Outcome == evidence.Unavailable, sc.Score == nil:
		return "?"
	case sc.Outcome != evidence.Complete, sc.Score.Open > 0:
		return fmt.Sprintf("%d+", n)
	}
	return fmt.Sprint(n)
}

// scoreText writes a score, "?" where there is none.
func scoreText(s *audit.Score) string {
	if s == nil {
		return "?"
	}
	return fmt.Sprint(s.Value)
}

func subjectText(s audit.Subject) string {
	name := report.PageName(s.Name)
	switch {
	case s.Kind == audit.SubjectSite:
		return "the site"
	case s.Domain != "" && s.Domain != s.Name:
		return fmt.Sprintf("%s %s (%s)", s.Kind, name, report.PageName(s.Domain))
	}
	return string(s.Kind) + " " + name
}

// pageOf is the address of another part of a list.
func pageOf(back string, page int) string { return withQuery(back, "page", fmt.Sprint(page)) }

// A pager leads to the other parts of a list.
type pager struct {
	Page, Pages int
	Back        string
}

// A navLink is one entry of the main menu.
type navLink struct {
	Path, Text string
	Here       bool
}

func newNavLink(v view, name, path, text string) navLink {
	return navLink{Path: path, Text: text, Here: v.Nav == name}
}

// dict hands several values to a template.
func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

// cookiesText counts the cookies that a scan saw, as openText counts violations.
func cookiesText(sc Scan) string {
	switch sc.Outcome {
	case evidence.Complete:
		return fmt.Sprint(sc.Cookies)
	case evidence.Unavailable:
		return "?"
	}
	return fmt.Sprintf("%d+", sc.Cookies)
}

// noViolations says what it is worth that a report has no violation.
func noViolations(r *report.Report) string {
	switch {
	case len(r.Findings) == 0:
		return "The scan was not judged: there is nothing to say."
	case r.Scan.Outcome == evidence.Unavailable:
		return "Nothing could be looked at, so nothing can be said."
	case len(r.Coverage.Gaps) > 0 || r.Summary.Verdicts[audit.Inconclusive] > 0:
		return "None was seen, but not everything could be looked at."
	}
	return "None was found; every rule that applies could be answered."
}

// subjectPattern is the name of a subject as a form can hold it: characters that
// cannot be typed are left open.
func subjectPattern(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return '*'
		}
		return r
	}, name)
}

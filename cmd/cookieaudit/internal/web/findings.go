package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"cookieaudit/audit"
)

type findingsInput struct {
	Rule     string `json:"rule" check:"max=100" doc:"ID of a rule"`
	Provider string `json:"provider" check:"max=200" doc:"organisation behind what the finding is about"`
	Site     string `json:"site" doc:"address of a landing page, host or registrable domain"`
	Severity string `json:"severity" enum:"critical high medium low info" doc:"of this severity only"`
	State    string `json:"state" enum:"open accepted all" doc:"all unless stated"`
	Page     int    `json:"page" check:"max=100000" doc:"from 1 on"`
	PerPage  int    `json:"per_page" check:"max=200" doc:"50 unless stated"`
}

type findingList struct {
	paging
	Findings []Finding `json:"findings"`
}

func (s *server) listFindings(ctx context.Context, _ *caller, in findingsInput) (findingList, error) {
	out := findingList{paging: newPaging(in.Page, in.PerPage), Findings: []Finding{}}
	q := FindingQuery{Rule: in.Rule, Provider: in.Provider, Site: in.Site, Severity: audit.Severity(in.Severity)}
	if in.State == "" || in.State == "all" {
		q.Limit, q.Offset = out.PerPage, out.offset()
		found, total, err := s.findings(ctx, q)
		out.Findings, out.Total = append(out.Findings, found...), total
		return out, err
	}
	// Which ones are accepted today is no matter of the database.
	all, _, err := s.findings(ctx, q)
	if err != nil {
		return out, err
	}
	all = slices.DeleteFunc(all, func(f Finding) bool { return (f.Accepted != nil) != (in.State == "accepted") })
	out.Total = len(all)
	from := min(out.offset(), len(all))
	out.Findings = append(out.Findings, all[from:min(from+out.PerPage, len(all))]...)
	return out, nil
}

// findings are violations as they stand today.
func (s *server) findings(ctx context.Context, q FindingQuery) ([]Finding, int, error) {
	all, total, err := s.Findings.Findings(ctx, q)
	if err != nil {
		return nil, 0, err
	}
	suppressions, err := s.suppressions(ctx)
	if err != nil {
		return nil, 0, err
	}
	today := s.Now()
	for i := range all {
		f := &all[i]
		if f.Accepted != nil || len(suppressions) > 0 {
			f.Accepted = audit.Accept([]audit.Finding{f.judged()}, f.Site, today, suppressions)[0].Accepted
		}
	}
	return all, total, nil
}

func rank(s audit.Severity) int { return slices.Index(audit.Severities(), s) }

type findingSummary struct {
	Rules     []FindingCount `json:"rules"`
	Providers []FindingCount `json:"providers"`
}

func (s *server) countFindings(ctx context.Context, _ *caller, _ nothing) (findingSummary, error) {
	rules, err := s.Findings.Count(ctx, ByRule)
	if err != nil {
		return findingSummary{}, err
	}
	providers, err := s.Findings.Count(ctx, ByProvider)
	if err != nil {
		return findingSummary{}, err
	}
	suppressions, err := s.suppressions(ctx)
	if err != nil {
		return findingSummary{}, err
	}
	judgedSo := len(suppressions) == 0 && !slices.ContainsFunc(rules, func(c FindingCount) bool { return c.Accepted > 0 })
	if !judgedSo {
		// What is accepted today may be other than when the scans were judged.
		all, _, err := s.findings(ctx, FindingQuery{})
		if err != nil {
			return findingSummary{}, err
		}
		rules = countBy(all, func(f *Finding) string { return f.Rule })
		providers = countBy(all, func(f *Finding) string { return f.Provider })
	}
	for i := range rules {
		if r, err := s.rule(rules[i].Name); err == nil {
			rules[i].Title = r.Title
		}
	}
	return findingSummary{Rules: append([]FindingCount{}, rules...), Providers: append([]FindingCount{}, providers...)}, nil
}

// countBy counts findings by a name; those without one are left out.
func countBy(all []Finding, name func(*Finding) string) []FindingCount {
	counts := map[string]*FindingCount{}
	sites := map[[2]string]bool{}
	for i := range all {
		f := &all[i]
		n := name(f)
		if n == "" {
			continue
		}
		c := counts[n]
		if c == nil {
			c = &FindingCount{Name: n, Severity: f.Severity}
			counts[n] = c
		}
		if f.Accepted != nil {
			c.Accepted++
			continue
		}
		c.Open++
		if k := [2]string{n, f.Site.URL}; !sites[k] {
			sites[k] = true
			c.Sites++
		}
	}
	var out []FindingCount
	for _, c := range counts {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b FindingCount) int {
		return cmp.Or(cmp.Compare(rank(a.Severity), rank(b.Severity)), cmp.Compare(b.Sites, a.Sites), strings.Compare(a.Name, b.Name))
	})
	return out
}

type searchInput struct {
	Query string `json:"q" check:"max=200" doc:"part of a host, of a cookie's name, of a provider or of a rule"`
}

type searchResult struct {
	Hits []Hit `json:"hits"`
	// More is true where there are more than were listed.
	More bool `json:"more"`
}

// maxHits is how many hits a search lists.
const maxHits = 100

func (s *server) search(ctx context.Context, _ *caller, in searchInput) (searchResult, error) {
	text := strings.TrimSpace(in.Query)
	if text == "" {
		return searchResult{Hits: []Hit{}}, nil // nothing is asked for yet
	}
	hits, err := s.Findings.Search(ctx, text, maxHits+1)
	if err != nil {
		return searchResult{}, err
	}
	out := searchResult{Hits: append([]Hit{}, hits...)}
	if len(out.Hits) > maxHits {
		out.Hits, out.More = out.Hits[:maxHits], true
	}
	for i := range s.Rules {
		r := &s.Rules[i]
		if strings.Contains(strings.ToLower(r.ID+" "+r.Title), strings.ToLower(text)) {
			out.Hits = append(out.Hits, Hit{Kind: "rule", Text: r.ID})
		}
	}
	return out, nil
}

// rule returns the rule of that ID.
func (s *server) rule(id string) (*audit.Rule, error) {
	i := slices.IndexFunc(s.Rules, func(r audit.Rule) bool { return r.ID == id })
	if i < 0 {
		return nil, &problem{Status: http.StatusUnprocessableEntity, Errors: []fieldProblem{{"rule", "there is no such rule"}}}
	}
	return &s.Rules[i], nil
}

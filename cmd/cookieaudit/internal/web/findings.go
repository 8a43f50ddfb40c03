package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

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
	var err error
	switch in.State {
	case "accepted":
		var all []Finding
		if all, err = s.acceptedToday(ctx, q); err == nil {
			from := min(out.offset(), len(all))
			out.Findings, out.Total = append(out.Findings, all[from:min(from+out.PerPage, len(all))]...), len(all)
		}
	case "open":
		err = s.listOpen(ctx, q, &out)
	default:
		q.Limit, q.Offset = out.PerPage, out.offset()
		var found []Finding
		found, out.Total, err = s.findings(ctx, q)
		out.Findings = append(out.Findings, found...)
	}
	return out, err
}

// openAtOnce is how many findings are looked at in one go for those that are open.
const openAtOnce = 200

// listOpen fills a page with findings that are open today. The database does not
// know which these are, so it walks past those of the pages before.
func (s *server) listOpen(ctx context.Context, q FindingQuery, out *findingList) error {
	accepted, err := s.acceptedToday(ctx, q)
	if err != nil {
		return err
	}
	skip := out.offset()
	if len(accepted) == 0 {
		q.Offset, skip = skip, 0
	}
	q.Limit = max(openAtOnce, out.PerPage)
	for {
		found, total, err := s.findings(ctx, q)
		if err != nil {
			return err
		}
		out.Total = total - len(accepted)
		for _, f := range found {
			switch {
			case f.Accepted != nil:
			case skip > 0:
				skip--
			case len(out.Findings) < out.PerPage:
				out.Findings = append(out.Findings, f)
			}
		}
		q.Offset += len(found)
		if len(found) == 0 || len(out.Findings) == out.PerPage || q.Offset >= total {
			return nil
		}
	}
}

// acceptedToday lists the violations that are accepted today.
func (s *server) acceptedToday(ctx context.Context, q FindingQuery) ([]Finding, error) {
	rules, err := s.Findings.Count(ctx, ByRule)
	if err != nil {
		return nil, err
	}
	all, err := s.concerned(ctx, q, rules)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for i := range all {
		if all[i].Accepted != nil {
			out = append(out, all[i].Finding)
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return cmp.Compare(rank(a.Severity), rank(b.Severity)) })
	return out, nil
}

// A concernedFinding is a violation that somebody accepts or has accepted, or one
// of the same rule.
type concernedFinding struct {
	Finding      // as it stands today
	was     bool // accepted when it was judged
}

// concerned lists the violations of all rules of which one is accepted, or was
// when it was judged. Of the others the database knows how they stand.
func (s *server) concerned(ctx context.Context, q FindingQuery, counts []FindingCount) ([]concernedFinding, error) {
	suppressions, err := s.suppressions(ctx)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for i := range suppressions {
		if r := suppressions[i].Rule; suppressions[i].Holds(s.Now()) {
			wanted[r] = true
		}
	}
	for _, c := range counts {
		wanted[c.Name] = wanted[c.Name] || c.Accepted > 0
	}
	var out []concernedFinding
	for _, c := range counts { // in their order
		if !wanted[c.Name] || q.Rule != "" && q.Rule != c.Name {
			continue
		}
		of := q
		of.Rule = c.Name
		found, _, err := s.Findings.Findings(ctx, of)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			x := concernedFinding{Finding: f, was: f.Accepted != nil}
			x.Accepted = f.today(s.Now(), suppressions)
			out = append(out, x)
		}
	}
	return out, nil
}

// today returns by what the finding is accepted on a day; nil where it is open.
func (f *Finding) today(day time.Time, suppressions []audit.Suppression) *audit.Acceptance {
	if f.Accepted == nil && len(suppressions) == 0 {
		return nil
	}
	return audit.Accept([]audit.Finding{f.judged()}, f.Site, day, suppressions)[0].Accepted
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
	for i := range all {
		all[i].Accepted = all[i].today(s.Now(), suppressions)
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
	// What is accepted today may be other than when the scans were judged.
	all, err := s.concerned(ctx, FindingQuery{}, rules)
	if err != nil {
		return findingSummary{}, err
	}
	byRule, changed := map[string][]Finding{}, map[string]bool{}
	for i := range all {
		f := &all[i]
		byRule[f.Rule] = append(byRule[f.Rule], f.Finding)
		if f.was != (f.Accepted != nil) {
			changed[f.Provider] = true
		}
	}
	for i, c := range rules {
		if byRule[c.Name] != nil {
			rules[i] = countOf(c.Name, byRule[c.Name])
		}
	}
	for i, c := range providers {
		if changed[c.Name] {
			of, _, err := s.findings(ctx, FindingQuery{Provider: c.Name})
			if err != nil {
				return findingSummary{}, err
			}
			providers[i] = countOf(c.Name, of)
		}
	}
	for i := range rules {
		if r, err := s.rule(rules[i].Name); err == nil {
			rules[i].Title = r.Title
		}
	}
	return findingSummary{Rules: append([]FindingCount{}, rules...), Providers: append([]FindingCount{}, providers...)}, nil
}

// countOf counts the findings of one name.
func countOf(name string, all []Finding) FindingCount {
	c := FindingCount{Name: name}
	sites := map[string]bool{}
	for i := range all {
		f := &all[i]
		if c.Severity == "" || f.Severity.AtLeast(c.Severity) {
			c.Severity = f.Severity
		}
		if f.Accepted != nil {
			c.Accepted++
			continue
		}
		c.Open++
		sites[f.Site.URL] = true
	}
	c.Sites = len(sites)
	return c
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

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
	all, err := s.findings(ctx, FindingQuery{Rule: in.Rule, Provider: in.Provider, Site: in.Site})
	if err != nil {
		return out, err
	}
	all = slices.DeleteFunc(all, func(f Finding) bool {
		return in.Severity != "" && string(f.Severity) != in.Severity ||
			in.State == "open" && f.Accepted != nil || in.State == "accepted" && f.Accepted == nil
	})
	out.Total = len(all)
	from := min(out.offset(), len(all))
	out.Findings = append(out.Findings, all[from:min(from+out.PerPage, len(all))]...)
	return out, nil
}

// findings are the violations as they stand today, the gravest first.
func (s *server) findings(ctx context.Context, q FindingQuery) ([]Finding, error) {
	all, err := s.Scans.Findings(ctx, q)
	if err != nil {
		return nil, err
	}
	suppressions, err := s.suppressions(ctx)
	if err != nil {
		return nil, err
	}
	today := s.Now()
	for i := range all {
		f := &all[i]
		if f.Accepted == nil && len(suppressions) == 0 {
			continue
		}
		f.Accepted = audit.Accept([]audit.Finding{f.judged()}, f.Site, today, suppressions)[0].Accepted
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(rank(a.Severity), rank(b.Severity)), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Site.URL, b.Site.URL))
	})
	return all, nil
}

func rank(s audit.Severity) int { return slices.Index(audit.Severities(), s) }

// A findingCount counts the violations of one rule, or those that speak of one
// provider.
type findingCount struct {
	Name     string         `json:"name"`
	Title    string         `json:"title,omitempty"`
	Severity audit.Severity `json:"severity"` // the gravest
	Sites    int            `json:"sites"`    // with open ones
	Open     int            `json:"open"`
	Accepted int            `json:"accepted"`
}

type findingSummary struct {
	Rules     []findingCount `json:"rules"`
	Providers []findingCount `json:"providers"`
}

func (s *server) countFindings(ctx context.Context, _ *caller, _ nothing) (findingSummary, error) {
	all, err := s.findings(ctx, FindingQuery{})
	if err != nil {
		return findingSummary{}, err
	}
	return findingSummary{
		Rules:     countBy(all, func(f *Finding) (string, string) { return f.Rule, f.Title }),
		Providers: countBy(all, func(f *Finding) (string, string) { return f.Provider, "" }),
	}, nil
}

// countBy counts findings by a name; those without one are left out.
func countBy(all []Finding, name func(*Finding) (name, title string)) []findingCount {
	counts := map[string]*findingCount{}
	sites := map[[2]string]bool{}
	for i := range all {
		f := &all[i]
		n, title := name(f)
		if n == "" {
			continue
		}
		c := counts[n]
		if c == nil {
			c = &findingCount{Name: n, Title: title, Severity: f.Severity}
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
	out := []findingCount{}
	for _, c := range counts {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b findingCount) int {
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
	hits, err := s.Scans.Search(ctx, text, maxHits+1)
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

package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

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
	q := FindingQuery{
		Rule: in.Rule, Provider: in.Provider, Site: in.Site, Severity: audit.Severity(in.Severity), State: in.State, Day: s.Now(),
		Limit: out.PerPage, Offset: out.offset(),
	}
	if q.State == "all" {
		q.State = ""
	}
	found, total, err := s.Findings.Findings(ctx, q)
	if err != nil {
		return out, err
	}
	suppressions, err := s.suppressions(ctx)
	if err != nil {
		return out, err
	}
	for i := range found {
		found[i].Accepted = found[i].today(q.Day, suppressions)
	}
	out.Findings, out.Total = append(out.Findings, found...), total
	return out, nil
}

// today returns by what the finding is accepted on a day; nil where it is open.
func (f *Finding) today(day time.Time, suppressions []audit.Suppression) *audit.Acceptance {
	if f.Accepted == nil && len(suppressions) == 0 {
		return nil
	}
	judged := audit.Finding{Rule: f.Rule, Verdict: audit.Violation, Subject: f.Subject, Accepted: f.Accepted}
	return audit.Accept([]audit.Finding{judged}, f.Site, day, suppressions)[0].Accepted
}

func rank(s audit.Severity) int { return slices.Index(audit.Severities(), s) }

type findingSummary struct {
	Rules     []FindingCount `json:"rules"`
	Providers []FindingCount `json:"providers"`
}

func (s *server) countFindings(ctx context.Context, _ *caller, _ nothing) (findingSummary, error) {
	var rules, providers []FindingCount
	g, counting := errgroup.WithContext(ctx) // each reads what the latest scans of all sites found
	g.Go(func() (err error) {
		rules, err = s.Findings.Count(counting, ByRule, s.Now())
		return err
	})
	g.Go(func() (err error) {
		providers, err = s.Findings.Count(counting, ByProvider, s.Now())
		return err
	})
	if err := g.Wait(); err != nil {
		return findingSummary{}, err
	}
	for i := range rules {
		if r, err := s.rule(rules[i].Name); err == nil {
			rules[i].Title = r.Title
		}
	}
	return findingSummary{Rules: append([]FindingCount{}, rules...), Providers: append([]FindingCount{}, providers...)}, nil
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

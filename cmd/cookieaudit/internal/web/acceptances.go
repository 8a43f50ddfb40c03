package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/account"
)

// suppressions are what stands of the users' decisions, whether or not it has
// expired.
func (s *server) suppressions(ctx context.Context) ([]audit.Suppression, error) {
	all, err := s.Decisions.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	return audit.Standing(all), nil
}

type acceptanceState string

const (
	stateActive    acceptanceState = "active"
	stateExpired   acceptanceState = "expired"
	stateWithdrawn acceptanceState = "withdrawn"
)

type acceptance struct {
	ID          string          `json:"id"`
	Rule        string          `json:"rule"`
	Site        string          `json:"site"`
	Subject     string          `json:"subject"`
	Reason      string          `json:"reason"`
	Owner       string          `json:"owner"`
	Expires     string          `json:"expires"`
	State       acceptanceState `json:"state"`
	By          string          `json:"by"`
	Made        time.Time       `json:"made"`
	WithdrawnBy string          `json:"withdrawn_by"`
	Withdrawn   *time.Time      `json:"withdrawn"`
}

func newAcceptance(d *audit.Decision, today time.Time) acceptance {
	a := acceptance{
		ID: d.ID, Rule: d.Rule, Site: d.Site, Subject: d.Subject, Reason: d.Reason, Owner: d.Owner, Expires: d.Expires,
		State: stateActive, By: d.By, Made: d.Made, WithdrawnBy: d.WithdrawnBy,
	}
	switch {
	case d.WithdrawnBy != "":
		a.State, a.Withdrawn = stateWithdrawn, &d.Withdrawn
	case !d.Holds(today):
		a.State = stateExpired
	}
	return a
}

type acceptanceList struct {
	Acceptances []acceptance `json:"acceptances"`
}

func (s *server) listAcceptances(ctx context.Context, _ *caller, _ nothing) (acceptanceList, error) {
	all, err := s.Decisions.Decisions(ctx)
	if err != nil {
		return acceptanceList{}, err
	}
	out := acceptanceList{Acceptances: []acceptance{}}
	for i := range all {
		out.Acceptances = append(out.Acceptances, newAcceptance(&all[i], s.Now()))
	}
	slices.SortStableFunc(out.Acceptances, func(a, b acceptance) int { return b.Made.Compare(a.Made) })
	return out, nil
}

type acceptInput struct {
	Rule    string `json:"rule" check:"required,max=100" doc:"ID of the rule"`
	Site    string `json:"site" check:"max=300" doc:"host or registrable domain, * for any characters; empty for every site"`
	Subject string `json:"subject" check:"max=500" doc:"name of the cookie, storage item or host that the finding is about, * for any characters; empty for every subject"`
	Reason  string `json:"reason" check:"required,max=1000" doc:"why it is accepted"`
	Owner   string `json:"owner" check:"required,max=200" doc:"who answers for it"`
	Expires string `json:"expires" check:"required,day" doc:"last day on which it holds, such as 2027-03-31"`
}

// maxAcceptance is how long a finding can be accepted for at most: what nobody
// looks at again is hidden after all.
const maxAcceptance = 2 * 366 * 24 * time.Hour

func (s *server) acceptFinding(ctx context.Context, c *caller, in acceptInput) (acceptance, error) {
	if _, err := s.rule(in.Rule); err != nil {
		return acceptance{}, err
	}
	now := s.Now().UTC()
	last, err := time.Parse(time.DateOnly, in.Expires)
	switch {
	case err != nil:
		return acceptance{}, invalid("expires", "is a day such as 2027-03-31")
	case last.Before(now.Truncate(24 * time.Hour)):
		return acceptance{}, invalid("expires", "is in the past")
	case last.After(now.Add(maxAcceptance)):
		return acceptance{}, invalid("expires", "is more than two years ahead")
	}
	d := audit.Decision{
		Suppression: audit.Suppression{
			Rule: in.Rule, Site: strings.TrimSpace(in.Site), Subject: in.Subject,
			Acceptance: audit.Acceptance{ID: account.NewID(), Reason: strings.TrimSpace(in.Reason), Owner: strings.TrimSpace(in.Owner), Expires: in.Expires},
		},
		By: c.User, Made: now,
	}
	if err := s.Decisions.Decide(ctx, d); err != nil {
		return acceptance{}, err
	}
	s.Log.Info("finding accepted", "id", d.ID, "rule", d.Rule, "site", d.Site, "by", c.User)
	return newAcceptance(&d, now), nil
}

type idInput struct {
	ID string `json:"id" check:"required,max=200" doc:"as the list has it"`
}

func (s *server) withdrawAcceptance(ctx context.Context, c *caller, in idInput) (nothing, error) {
	all, err := s.Decisions.Decisions(ctx)
	if err != nil {
		return nothing{}, err
	}
	i := slices.IndexFunc(all, func(d audit.Decision) bool { return d.ID == in.ID })
	switch {
	case i < 0:
		return nothing{}, ErrNotFound
	case all[i].WithdrawnBy != "":
		return nothing{}, &problem{Status: http.StatusConflict, Detail: "it was withdrawn already"}
	}
	if err := s.Decisions.Withdraw(ctx, in.ID, c.User, s.Now().UTC()); err != nil {
		return nothing{}, err
	}
	s.Log.Info("acceptance withdrawn", "id", in.ID, "by", c.User)
	return nothing{}, nil
}

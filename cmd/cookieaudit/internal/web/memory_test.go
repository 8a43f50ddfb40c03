package web

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/crawler/evidence"
)

// memory stands in for the database and the queue.
type memory struct {
	mu        sync.Mutex
	records   []record
	decisions []audit.Decision
	users     map[string]account.User
	sessions  map[account.Digest]account.Session
	tokens    map[account.Digest]account.Token
	jobs      []Job
	next      map[string]time.Time
	refuse    error // of Enqueue
}

type record struct {
	scan *evidence.Scan
	j    *audit.Judgement
}

func newMemory() *memory {
	return &memory{users: map[string]account.User{}, sessions: map[account.Digest]account.Session{}, tokens: map[account.Digest]account.Token{}, next: map[string]time.Time{}}
}

func (r record) line() Scan {
	s := Scan{
		ID: r.scan.ID, Site: r.scan.Site, Started: r.scan.Started, Finished: r.scan.Finished, Profile: r.scan.Profile,
		Outcome: r.scan.Outcome, Why: r.scan.Why, Cookies: len(r.scan.Cookies),
	}
	if r.j != nil {
		s.Score = r.j.Score
		s.Open = map[audit.Severity]int{}
		for _, f := range r.j.Findings {
			switch {
			case f.Verdict != audit.Violation:
			case f.Accepted != nil:
				s.Accepted++
			default:
				s.Open[f.Severity]++
			}
		}
	}
	return s
}

// latest are the latest scans by site.
func (m *memory) latest() []record {
	var out []record
	for _, r := range m.records {
		i := slices.IndexFunc(out, func(o record) bool { return o.scan.Site.URL == r.scan.Site.URL })
		switch {
		case i < 0:
			out = append(out, r)
		case out[i].scan.Started.Before(r.scan.Started):
			out[i] = r
		}
	}
	slices.SortFunc(out, func(a, b record) int { return strings.Compare(a.scan.Site.URL, b.scan.Site.URL) })
	return out
}

func part[T any](xs []T, limit, offset int) []T {
	offset = min(offset, len(xs))
	return xs[offset:min(offset+limit, len(xs))]
}

func (m *memory) Sites(_ context.Context, q SiteQuery) ([]Site, int, error) {
	var out []Site
	for _, r := range m.latest() {
		if !strings.Contains(r.scan.Site.URL, q.Text) {
			continue
		}
		s := Site{Latest: r.line()}
		for _, o := range m.records {
			if o.scan.Site.URL == r.scan.Site.URL {
				p := Point{Started: o.scan.Started, Outcome: o.scan.Outcome}
				if l := o.line(); l.Score != nil {
					p.Score = &l.Score.Value
				}
				s.Trend = append(s.Trend, p)
			}
		}
		out = append(out, s)
	}
	return part(out, q.Limit, q.Offset), len(out), nil
}

func (m *memory) History(_ context.Context, site string, limit, offset int) ([]Scan, int, error) {
	var out []Scan
	for _, r := range m.records {
		if s := r.scan.Site; site == s.URL || site == s.Host || site == s.Domain {
			out = append(out, r.line())
		}
	}
	slices.SortFunc(out, func(a, b Scan) int { return b.Started.Compare(a.Started) })
	return part(out, limit, offset), len(out), nil
}

func (m *memory) Load(_ context.Context, id string) (*evidence.Scan, *audit.Judgement, error) {
	for _, r := range m.records {
		if r.scan.ID == id {
			return r.scan, r.j, nil
		}
	}
	return nil, nil, ErrNotFound
}

func (m *memory) EarlierPolicies(_ context.Context, scan *evidence.Scan) (earlier, between *evidence.Scan, err error) {
	for _, r := range m.records {
		if r.scan.Site.URL == scan.Site.URL && r.scan.Started.Before(scan.Started) && len(r.scan.Policies) > 0 {
			earlier = r.scan
		}
	}
	return earlier, nil, nil
}

func (m *memory) Findings(_ context.Context, q FindingQuery) ([]Finding, int, error) {
	var out []Finding
	for _, r := range m.latest() {
		if q.Site == "" || q.Site == r.scan.Site.URL || q.Site == r.scan.Site.Host {
			out = append(out, r.violations()...)
		}
	}
	out = slices.DeleteFunc(out, func(f Finding) bool {
		accepted := f.today(q.Day, audit.Standing(m.decisions)) != nil
		return q.Rule != "" && q.Rule != f.Rule || q.Provider != "" && q.Provider != f.Provider || q.Severity != "" && q.Severity != f.Severity ||
			q.State == "open" && accepted || q.State == "accepted" && !accepted
	})
	slices.SortStableFunc(out, func(a, b Finding) int { return rank(a.Severity) - rank(b.Severity) })
	if q.Limit == 0 {
		return out, len(out), nil
	}
	return part(out, q.Limit, q.Offset), len(out), nil
}

func (m *memory) FindingsOf(_ context.Context, scans, _ []string) (map[string][]audit.Finding, error) {
	out := map[string][]audit.Finding{}
	for _, r := range m.records {
		if r.j != nil && slices.Contains(scans, r.scan.ID) {
			out[r.scan.ID] = slices.DeleteFunc(slices.Clone(r.j.Findings), func(f audit.Finding) bool { return f.Verdict != audit.Violation })
		}
	}
	return out, nil
}

func (r record) violations() (out []Finding) {
	if r.j == nil {
		return nil
	}
	for _, f := range r.j.Findings {
		if f.Verdict != audit.Violation {
			continue
		}
		out = append(out, Finding{
			Scan: r.scan.ID, Site: r.scan.Site, Started: r.scan.Started, Rule: f.Rule, Title: f.Title, Severity: f.Severity, Certainty: f.Certainty,
			Subject: f.Subject, Message: f.Message, Accepted: f.Accepted, Provider: "Tracker Ltd",
		})
	}
	return out
}

func (m *memory) Count(ctx context.Context, by CountBy, day time.Time) ([]FindingCount, error) {
	named, sites := map[string]*FindingCount{}, map[string]bool{}
	for _, state := range []string{"open", "accepted"} {
		all, _, err := m.Findings(ctx, FindingQuery{State: state, Day: day})
		if err != nil {
			return nil, err
		}
		for _, f := range all {
			name := f.Rule
			if by == ByProvider {
				name = f.Provider
			}
			c := named[name]
			if c == nil {
				c = &FindingCount{Name: name, Severity: f.Severity}
				named[name] = c
			}
			if f.Severity.AtLeast(c.Severity) {
				c.Severity = f.Severity
			}
			switch {
			case state == "accepted":
				c.Accepted++
			case !sites[name+" "+f.Site.URL]:
				sites[name+" "+f.Site.URL] = true
				c.Sites++
				fallthrough
			default:
				c.Open++
			}
		}
	}
	var out []FindingCount
	for _, c := range named {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b FindingCount) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func (m *memory) Search(_ context.Context, text string, limit int) ([]Hit, error) {
	var out []Hit
	for _, r := range m.latest() {
		if strings.Contains(r.scan.Site.Host, text) {
			out = append(out, Hit{Kind: "host", Text: r.scan.Site.Host, Sites: 1, Site: r.scan.Site, Scan: r.scan.ID})
		}
		for _, c := range r.scan.Cookies {
			if strings.Contains(c.Name, text) {
				out = append(out, Hit{Kind: "cookie", Text: c.Name, Sites: 1, Site: r.scan.Site, Scan: r.scan.ID})
			}
		}
	}
	return part(out, limit, 0), nil
}

func (m *memory) Decisions(context.Context) ([]audit.Decision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.decisions), nil
}

func (m *memory) Decide(_ context.Context, d audit.Decision) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.decisions = append(m.decisions, d)
	return nil
}

func (m *memory) Withdraw(_ context.Context, id, by string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.decisions {
		if m.decisions[i].ID == id {
			m.decisions[i].WithdrawnBy, m.decisions[i].Withdrawn = by, at
			return nil
		}
	}
	return ErrNotFound
}

func (m *memory) Users(context.Context) ([]account.User, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []account.User
	for _, u := range m.users {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b account.User) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func (m *memory) User(_ context.Context, name string) (account.User, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if u, ok := m.users[name]; ok {
		return u, nil
	}
	return account.User{}, account.ErrNotFound
}

func (m *memory) AddUser(_ context.Context, u account.User) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.users[u.Name]; ok {
		return account.ErrExists
	}
	m.users[u.Name] = u
	return nil
}

// lastAdmin reports whether nobody but one user is an admin.
func (m *memory) lastAdmin(name string) bool {
	for _, u := range m.users {
		if u.Role == account.Admin && u.Name != name {
			return false
		}
	}
	return m.users[name].Role == account.Admin
}

func (m *memory) endSessions(name string) {
	for id, s := range m.sessions {
		if s.User == name {
			delete(m.sessions, id)
		}
	}
}

func (m *memory) ChangeUser(_ context.Context, u account.User) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, ok := m.users[u.Name]
	switch {
	case !ok:
		return account.ErrNotFound
	case u.Role != account.Admin && m.lastAdmin(u.Name):
		return account.ErrLastAdmin
	case old.Hash != u.Hash:
		m.endSessions(u.Name)
	}
	m.users[u.Name] = u
	return nil
}

func (m *memory) RemoveUser(_ context.Context, name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.users[name]; !ok {
		return account.ErrNotFound
	}
	if m.lastAdmin(name) {
		return account.ErrLastAdmin
	}
	delete(m.users, name)
	m.endSessions(name)
	for d, t := range m.tokens {
		if t.User == name {
			delete(m.tokens, d)
		}
	}
	return nil
}

func (m *memory) StartSession(_ context.Context, s account.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[s.ID] = s
	return nil
}

func (m *memory) Session(_ context.Context, id account.Digest) (account.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[id]
	if !ok {
		return s, account.ErrNotFound
	}
	s.Role = m.users[s.User].Role
	return s, nil
}

func (m *memory) SeeSession(_ context.Context, id account.Digest, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.sessions[id]
	s.Seen = at
	m.sessions[id] = s
	return nil
}

func (m *memory) EndSession(_ context.Context, id account.Digest) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, id)
	return nil
}

func (m *memory) Tokens(_ context.Context, user string) ([]account.Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []account.Token
	for _, t := range m.tokens {
		if t.User == user {
			out = append(out, t)
		}
	}
	return out, nil
}

func (m *memory) AddToken(_ context.Context, t account.Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens[t.Digest] = t
	return nil
}

func (m *memory) RemoveToken(_ context.Context, user, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for d, t := range m.tokens {
		if t.User == user && t.ID == id {
			delete(m.tokens, d)
			return nil
		}
	}
	return account.ErrNotFound
}

func (m *memory) Token(_ context.Context, d account.Digest) (account.Token, account.Role, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tokens[d]
	if !ok {
		return t, "", account.ErrNotFound
	}
	return t, m.users[t.User].Role, nil
}

func (m *memory) SeeToken(_ context.Context, d account.Digest, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.tokens[d]
	t.Used = at
	m.tokens[d] = t
	return nil
}

func (m *memory) Enqueue(_ context.Context, sites []evidence.Site, by string, priority int) (Enqueued, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.refuse != nil {
		return Enqueued{}, m.refuse
	}
	var out Enqueued
	for _, s := range sites {
		if slices.ContainsFunc(m.jobs, func(j Job) bool { return j.URL == s.URL && j.State == Pending }) {
			out.Waiting++
			continue
		}
		out.Added++
		m.jobs = append(m.jobs, Job{ID: int64(len(m.jobs) + 1), URL: s.URL, State: Pending, Priority: priority, Attempts: 5, By: by})
	}
	return out, nil
}

func (m *memory) Jobs(_ context.Context, q JobQuery) ([]Job, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(m.jobs), func(j Job) bool { return q.State != "" && j.State != q.State })
	return part(all, q.Limit, q.Offset), nil
}

func (m *memory) Counts(context.Context) (map[JobState]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[JobState]int{}
	for _, j := range m.jobs {
		out[j.State]++
	}
	return out, nil
}

func (m *memory) Change(_ context.Context, id int64, c JobChange) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.jobs {
		j := &m.jobs[i]
		switch {
		case j.ID != id:
			continue
		case c == CancelJob && (j.State == Cancelled || j.State == Completed):
			return ErrState
		case c == CancelJob:
			j.State = Cancelled
		default:
			j.State = Pending
		}
		return nil
	}
	return ErrNotFound
}

func (m *memory) Next(_ context.Context, urls []string) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	for _, u := range urls {
		if at, ok := m.next[u]; ok {
			out[u] = at
		}
	}
	return out, nil
}

package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"cookieaudit/crawler/evidence"
)

// errNoQueue is the answer where the program only shows what is stored.
func errNoQueue() error {
	return &problem{Status: http.StatusServiceUnavailable, Detail: "this program has no queue: nothing can be scanned from here"}
}

type enqueueInput struct {
	Sites    []string `json:"sites" check:"required,max=100000" doc:"addresses or hosts"`
	Priority int      `json:"priority" check:"min=1,max=4" doc:"1 is the most urgent; unless stated 1 for up to ten sites, else 2"`
}

// handful is how many sites somebody waits for. A long list lets others pass, but
// comes before what a schedule asks for.
const handful = 10

func (s *server) enqueueScans(ctx context.Context, c *caller, in enqueueInput) (Enqueued, error) {
	if s.Queue == nil {
		return Enqueued{}, errNoQueue()
	}
	// All or none: a list with a slip in it is put right and sent again.
	var sites []evidence.Site
	seen := map[string]bool{}
	p := &problem{Status: http.StatusUnprocessableEntity}
	for i, address := range in.Sites {
		site, err := s.ParseSite(address)
		if err != nil {
			p.add(fmt.Sprintf("sites[%d]", i), err.Error())
			continue
		}
		if !seen[site.URL] {
			seen[site.URL] = true
			sites = append(sites, site)
		}
	}
	if err := p.orNil(); err != nil {
		return Enqueued{}, err
	}
	priority := in.Priority
	if priority == 0 {
		priority = 1
		if len(sites) > handful {
			priority = 2
		}
	}
	out, err := s.Queue.Enqueue(ctx, sites, c.User, priority)
	if err != nil {
		return out, err
	}
	s.Log.Info("scans enqueued", "added", out.Added, "waiting", out.Waiting, "by", c.User)
	return out, nil
}

type queueInput struct {
	State   string `json:"state" enum:"pending running retrying set_aside cancelled completed" doc:"in this state only"`
	Page    int    `json:"page" check:"max=100000" doc:"from 1 on"`
	PerPage int    `json:"per_page" check:"max=200" doc:"50 unless stated"`
}

type stateCount struct {
	State JobState `json:"state"`
	Jobs  int      `json:"jobs"`
}

type jobList struct {
	paging
	Counts []stateCount `json:"counts"`
	Jobs   []Job        `json:"jobs"`
}

func (s *server) listJobs(ctx context.Context, _ *caller, in queueInput) (jobList, error) {
	out := jobList{paging: newPaging(in.Page, in.PerPage), Jobs: []Job{}, Counts: []stateCount{}}
	if s.Queue == nil {
		return out, errNoQueue()
	}
	counts, err := s.Queue.Counts(ctx)
	if err != nil {
		return out, err
	}
	for _, st := range JobStates() {
		out.Counts = append(out.Counts, stateCount{st, counts[st]})
		if in.State == "" || in.State == string(st) {
			out.Total += counts[st]
		}
	}
	jobs, err := s.Queue.Jobs(ctx, JobQuery{State: JobState(in.State), Limit: out.PerPage, Offset: out.offset()})
	if err != nil {
		return out, err
	}
	out.Jobs = append(out.Jobs, jobs...)
	return out, nil
}

func (s *server) cancelJob(ctx context.Context, c *caller, in idInput) (nothing, error) {
	return s.changeJob(ctx, c, in, CancelJob)
}

func (s *server) retryJob(ctx context.Context, c *caller, in idInput) (nothing, error) {
	return s.changeJob(ctx, c, in, RetryJob)
}

func (s *server) changeJob(ctx context.Context, c *caller, in idInput, change JobChange) (nothing, error) {
	if s.Queue == nil {
		return nothing{}, errNoQueue()
	}
	id, err := strconv.ParseInt(in.ID, 10, 64)
	if err != nil || id < 1 {
		return nothing{}, ErrNotFound
	}
	if err := s.Queue.Change(ctx, id, change); err != nil {
		return nothing{}, err
	}
	s.Log.Info("job changed", "job", id, "change", change, "by", c.User)
	return nothing{}, nil
}

// in says how long from now a moment is, for people.
func in(at, now time.Time) string {
	d := at.Sub(now)
	switch {
	case at.IsZero():
		return ""
	case d < 0:
		return "now"
	case d < 2*time.Minute:
		return "in a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("in %d minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("in %d hours", int(d.Hours()))
	}
	return fmt.Sprintf("in %d days", int(d.Hours()/24))
}

package main

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/riverqueue/river/rivertype"

	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/jobs"
	"cookieaudit/cmd/cookieaudit/internal/web"
	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/guard"
)

// A dashboardQueue is the queue as the dashboard asks for it.
type dashboardQueue struct {
	*jobs.Queue
	plan    *jobs.Plan
	guarded bool // private networks are not scanned
}

// Enqueue implements web.Queue.
func (d dashboardQueue) Enqueue(ctx context.Context, sites []evidence.Site, by string, priority int) (web.Enqueued, error) {
	list := make([]config.Site, len(sites))
	for i, s := range sites {
		if d.guarded && private(s.Host) {
			return web.Enqueued{}, fmt.Errorf("%s: %w: this server scans public sites only (server.allow_private)", s.URL, web.ErrRefused)
		}
		list[i] = d.plan.Site(s)
	}
	added, err := d.EnqueueNow(ctx, list, by, jobs.Priority(priority))
	return web.Enqueued{Added: added, Waiting: len(sites) - added}, err
}

// private reports whether a host is known for one of a private network without
// asking for its address. Where names lead is seen when they are connected to.
func private(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return !guard.Public(ip)
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// states are the queue's states by the words of the dashboard.
func states() map[web.JobState][]rivertype.JobState {
	return map[web.JobState][]rivertype.JobState{
		web.Pending:   {rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateScheduled},
		web.Running:   {rivertype.JobStateRunning},
		web.Retrying:  {rivertype.JobStateRetryable},
		web.SetAside:  {rivertype.JobStateDiscarded},
		web.Cancelled: {rivertype.JobStateCancelled},
		web.Completed: {rivertype.JobStateCompleted},
	}
}

// Counts implements web.Queue.
func (d dashboardQueue) Counts(ctx context.Context) (map[web.JobState]int, error) {
	found, err := d.States(ctx)
	out := map[web.JobState]int{}
	for word, list := range states() {
		for _, s := range list {
			out[word] += found[s]
		}
	}
	return out, err
}

// Jobs implements web.Queue.
func (d dashboardQueue) Jobs(ctx context.Context, q web.JobQuery) ([]web.Job, error) {
	found, err := d.Queue.Jobs(ctx, states()[q.State], q.Limit, q.Offset)
	words := map[rivertype.JobState]web.JobState{}
	for word, list := range states() {
		for _, s := range list {
			words[s] = word
		}
	}
	var out []web.Job
	for _, j := range found {
		out = append(out, web.Job{
			ID: j.ID, URL: j.URL, State: words[j.State], Priority: int(j.Priority), Attempt: j.Attempt, Attempts: j.Attempts,
			Due: j.Due, Started: j.Started, By: j.By, Worker: j.Worker, Error: j.Error,
		})
	}
	return out, err
}

// Change implements web.Queue.
func (d dashboardQueue) Change(ctx context.Context, id int64, c web.JobChange) error {
	change := d.CancelJob
	if c == web.RetryJob {
		change = d.RetryJob
	}
	err := change(ctx, id)
	switch {
	case errors.Is(err, jobs.ErrNoJob):
		return web.ErrNotFound
	case errors.Is(err, jobs.ErrState):
		return web.ErrState
	}
	return err
}

// Next implements web.Queue.
func (d dashboardQueue) Next(_ context.Context, urls []string) (map[string]time.Time, error) {
	return d.Queue.Next(urls), nil
}

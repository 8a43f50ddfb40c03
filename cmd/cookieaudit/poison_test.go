package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/riverqueue/river/rivertype"

	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

// A queue with a site that kills its browser at every visit, one that kills it in
// the first two and one that does no harm: the first is set aside after its
// retries with a record that says why, the others are recorded whole, each once.
func TestPoisonedBrowser(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	var d *deployment
	kills := func(most int32) http.Handler {
		var killed atomic.Int32
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Sec-Fetch-Mode") == "navigate" && killed.Add(1) <= most {
				killBrowsers(t, d.dir)
				return
			}
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<!doctype html><title>calm</title><link rel=icon href=data:,><p>Calm.`)
		})
	}
	d = deploy(t, map[string]http.Handler{"poison.test": kills(1000), "ill.test": kills(2), "calm.test": kills(0)}, "q.db", "before", "retries: 1\nparallel: 1")
	d.run(t, "enqueue", "--batch", "sweep", "https://poison.test/", "https://ill.test/", "https://calm.test/")
	db, q := d.open(t)
	d.start(t, "work")
	eventually(t, "the list is worked off", func() bool {
		// The minute before the next attempt is not waited for.
		for _, j := range must(q.Jobs(t.Context(), []rivertype.JobState{rivertype.JobStateRetryable}, 10, 0))(t) {
			if err := q.RetryJob(t.Context(), j.ID); err != nil {
				t.Error(err)
			}
		}
		p := must(q.Progress(t.Context(), "sweep"))(t)
		return p.Finished() && p.SetAside == 1
	})
	got := map[string]store.Entry{}
	for _, e := range must(db.History(t.Context(), store.Filter{}))(t) {
		if _, twice := got[e.Site.Host]; twice {
			t.Errorf("%s is recorded twice", e.Site.Host)
		}
		got[e.Site.Host] = e
	}
	if len(got) != 3 || got["calm.test"].Outcome != evidence.Complete || got["ill.test"].Outcome != evidence.Complete {
		t.Errorf("recorded: %+v", got)
	}
	if e := got["poison.test"]; e.Outcome != evidence.Unavailable ||
		!strings.HasPrefix(e.Why, "set aside after 2 attempts: ") || !strings.Contains(e.Why, "the browser died in each of 2 attempts") {
		t.Errorf("the poisoned site: %s %q", e.Outcome, e.Why)
	}
}

// killBrowsers kills the browsers of a deployment, as the kernel would.
func killBrowsers(t *testing.T, dir string) {
	for _, p := range processesOf(t, dir) {
		if !strings.Contains(p.command, "cookieaudit-profile-") || strings.Contains(p.command, "--type=") {
			continue
		}
		if err := syscall.Kill(p.id, syscall.SIGKILL); err != nil {
			t.Log(err) // it has died before
		}
	}
}

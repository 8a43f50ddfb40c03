package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/jobs"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/crawler/evidence"
)

var fleetJobs = flag.Int("jobs", 1000, "how many sites BenchmarkFleet scans with each number of workers")

// fleetParallel is how many sites each worker of BenchmarkFleet scans at once.
const fleetParallel = 2

// BenchmarkFleet works off jobs of small sites, each of a registrable domain of
// its own, with 1, 2 and 4 worker processes on PostgreSQL. Beyond a scan, with its
// audit and its record, is what a scan costs that nobody queued does not: in time,
// how long a worker's slots are empty while there are jobs; in CPU, what the queue
// makes a process and the server use for a job whose scan is a pause.
func BenchmarkFleet(b *testing.B) {
	var queue time.Duration // CPU of one job
	b.Run("queue", func(b *testing.B) {
		for b.Loop() {
			queue = queueCPU(b)
		}
		b.ReportMetric(milliseconds(queue), "ms-cpu-beyond/job")
	})
	for _, workers := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			for b.Loop() {
				fleetRun(b, workers).report(b, queue)
			}
		})
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// queueCPU is the CPU time of a job beyond its scan, of the process that works it
// and of the server.
func queueCPU(b *testing.B) time.Duration {
	b.Helper()
	const n = 1000
	postgrestest.Shared(b) // skips where there is none
	server := must(postgrestest.Start(b.Context()))(b)
	db := must(store.Open(b.Context(), server.URL("postgres")))(b)
	pause := func(ctx context.Context, site evidence.Site) (*evidence.Scan, error) {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
		}
		now := time.Now().UTC()
		return &evidence.Scan{ID: evidence.NewScanID(now), Site: site, Started: now, Finished: now, Outcome: evidence.Complete}, nil
	}
	q := must(jobs.Open(b.Context(), db, jobs.Options{
		Parallel: 8, Open: func(context.Context, config.Options) (jobs.Line, error) {
			return jobs.Line{Crawler: pausing(pause), Auditor: pausing(nil), Close: func() error { return nil }}, nil
		},
	}))(b)
	batch := jobs.Batch{Name: "sweep", Priority: jobs.PriorityBatch}
	for _, host := range fleetHosts(n) {
		site := evidence.Site{URL: "https://" + host + "/", Host: host, Domain: host}
		batch.Sites = append(batch.Sites, config.Site{Site: site, Options: config.DefaultOptions()})
	}
	if _, err := q.Enqueue(b.Context(), batch); err != nil {
		b.Fatal(err)
	}
	before := ownCPU(b)
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	waitForSweep(b, q)
	stop()
	if err := <-ended; err != nil {
		b.Error(err)
	}
	own := ownCPU(b) - before
	if err := db.Close(); err != nil {
		b.Error(err)
	}
	if err := server.Remove(); err != nil {
		b.Error(err)
	}
	used := server.Used()
	b.ReportMetric(milliseconds(own)/n, "ms-cpu-worker/job")
	b.ReportMetric(milliseconds(used)/n, "ms-cpu-server/job")
	return (own + used) / n
}

// pausing is a crawler and an auditor in whose place others do nothing.
type pausing func(context.Context, evidence.Site) (*evidence.Scan, error)

// Scan implements pipeline.Crawler.
func (p pausing) Scan(ctx context.Context, site evidence.Site) (*evidence.Scan, error) {
	return p(ctx, site)
}

// Judge implements pipeline.Auditor.
func (pausing) Judge(*evidence.Scan) *audit.Judgement { return &audit.Judgement{} }

func ownCPU(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func fleetHosts(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("site%04d.test", i))
	}
	return out
}

// fleetSite is a site like many small ones: a few cookies, a picture, a policy.
func fleetSite(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/":
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1", Secure: true, HttpOnly: true})
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang=en><title>A small site</title><link rel=icon href=data:,><link rel=stylesheet href=/a.css>
<h1>Welcome</h1><img src=/a.svg alt=""><p>What we do, and for whom.</p><script src=/a.js></script><footer><a href=/cookies>Cookie policy</a></footer>`)
	case "/a.js":
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `document.cookie = "seen=1; max-age=86400; secure"; localStorage.setItem("theme", "light");`)
	case "/a.css":
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprint(w, `body { font-family: sans-serif }`)
	case "/a.svg":
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>`)
	case "/cookies":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang=en><title>Cookie policy</title><h1>Cookies</h1><table><tr><th>Name<th>Purpose<th>Duration
<tr><td>session<td>Necessary: keeps you signed in<td>Session<tr><td>seen<td>Functional: what you have seen<td>1 day</table>`)
	default:
		http.NotFound(w, r)
	}
}

// A fleetResult is what came of one run.
type fleetResult struct {
	jobs, slots int
	took        time.Duration
	cpu         time.Duration // of the workers and their browsers
	scans       []span        // of all workers
	idle        time.Duration // of slots, while there were jobs
	full        int           // jobs that were begun while there were others
}

// A span is from when to when a slot had a scan.
type span struct{ from, to time.Time }

func fleetRun(b *testing.B, workers int) (r fleetResult) {
	b.Helper()
	hosts := map[string]http.Handler{}
	var sites []string
	for _, host := range fleetHosts(*fleetJobs) {
		hosts[host] = http.HandlerFunc(fleetSite)
		sites = append(sites, "https://"+host+"/")
	}
	d := deploy(b, hosts, postgrestest.URL(b), "before, reject, accept", fmt.Sprintf("parallel: %d", fleetParallel))
	d.write(b, "sites.txt", strings.Join(sites, "\n"))
	d.run(b, "enqueue", "--batch", "sweep", "sites.txt")
	db, q := d.open(b)
	var fleet []*service
	var meters []*meter
	for range workers {
		s := d.start(b, "work")
		fleet, meters = append(fleet, s), append(meters, newMeter(s.Process.Pid))
	}
	waitForSweep(b, q, meters...)
	r = fleetResult{jobs: *fleetJobs, slots: workers * fleetParallel}
	for i, s := range fleet {
		r.cpu += meters[i].sum()
		s.stop()
		r.add(scansOf(b, s.log.String()))
	}
	seen := map[string]bool{}
	for _, e := range must(db.History(b.Context(), store.Filter{}))(b) {
		if seen[e.Site.URL] || e.Outcome != evidence.Complete {
			b.Errorf("%s: %s %s, or recorded twice", e.Site.URL, e.Outcome, e.Why)
		}
		seen[e.Site.URL] = true
	}
	if len(seen) != *fleetJobs || len(r.scans) != *fleetJobs {
		b.Errorf("%d sites are recorded by %d scans, want %d", len(seen), len(r.scans), *fleetJobs)
	}
	slices.SortFunc(r.scans, func(a, b span) int { return a.from.Compare(b.from) })
	last := slices.MaxFunc(r.scans, func(a, b span) int { return a.to.Compare(b.to) })
	r.took = last.to.Sub(r.scans[0].from)
	return r
}

// waitForSweep waits until the batch is worked off, and looks at the meters until
// then, without asking so often that it would show in what is measured.
func waitForSweep(b *testing.B, q *jobs.Queue, meters ...*meter) {
	b.Helper()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for done := false; !done; <-tick.C {
		p := must(q.Progress(b.Context(), "sweep"))(b)
		done = p.Finished()
		for _, m := range meters {
			m.look(b)
		}
	}
}

// A meter adds up the CPU time of a worker and its browsers. A browser that is
// ended, as each is after some hundred scans, takes along what its renderers used:
// the process that waited for them is waited for by nobody. So each counts with the
// most that it was seen to have used, together with what descends from it.
type meter struct {
	worker   int // process id
	own      time.Duration
	browsers map[int]time.Duration // by process id
}

func newMeter(worker int) *meter { return &meter{worker: worker, browsers: map[int]time.Duration{}} }

func (m *meter) sum() time.Duration {
	sum := m.own
	for _, used := range m.browsers {
		sum += used
	}
	return sum
}

// look reads what the processes have used until now.
func (m *meter) look(b *testing.B) {
	b.Helper()
	type entry struct {
		parent        int
		own, children time.Duration // of the children that it has waited for
	}
	all := map[int]entry{}
	for _, file := range must(filepath.Glob("/proc/[0-9]*/stat"))(b) {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		// The name, in brackets, may hold anything.
		f := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		ticks := func(i int) time.Duration { // USER_HZ, the same on every machine that Go knows
			return time.Duration(must(strconv.Atoi(f[i]))(b)) * (time.Second / 100)
		}
		all[must(strconv.Atoi(filepath.Base(filepath.Dir(file))))(b)] = entry{
			parent: must(strconv.Atoi(f[1]))(b), own: ticks(11) + ticks(12), children: ticks(13) + ticks(14),
		}
	}
	m.own = max(m.own, all[m.worker].own)
	now := map[int]time.Duration{}
	for id, e := range all {
		for at := id; at > 1; at = all[at].parent {
			if all[at].parent == m.worker {
				now[at] += e.own + e.children
				break
			}
		}
	}
	for id, used := range now {
		m.browsers[id] = max(m.browsers[id], used)
	}
}

// scansOf reads from a worker's log when it scanned.
func scansOf(b *testing.B, log string) []span {
	b.Helper()
	var out []span
	for line := range strings.Lines(log) {
		var said struct {
			Time    time.Time
			Msg     string
			Seconds float64
		}
		if json.Unmarshal([]byte(line), &said) == nil && said.Msg == "site scanned" {
			out = append(out, span{said.Time.Add(-time.Duration(said.Seconds * float64(time.Second))), said.Time})
		}
	}
	return out
}

// add adds the scans of one worker. Until it began the last of them it had others
// to do: a slot without one was idle.
func (r *fleetResult) add(scans []span) {
	r.scans = append(r.scans, scans...)
	if len(scans) < 2 {
		return
	}
	slices.SortFunc(scans, func(a, b span) int { return a.from.Compare(b.from) })
	first, last := scans[0].from, scans[len(scans)-1].from
	r.idle += fleetParallel * last.Sub(first)
	for _, s := range scans {
		end := s.to
		if end.After(last) {
			end = last
		}
		r.idle -= end.Sub(s.from)
	}
	r.full += len(scans)
}

func (r fleetResult) report(b *testing.B, queue time.Duration) {
	b.Helper()
	var scanning time.Duration
	for _, s := range r.scans {
		scanning += s.to.Sub(s.from)
	}
	n := time.Duration(r.jobs)
	scan, cpu, idle := scanning/n, r.cpu/n, r.idle/time.Duration(max(r.full, 1))
	b.ReportMetric(0, "ns/op") // a run is no operation
	b.ReportMetric(float64(r.jobs)/r.took.Seconds(), "jobs/s")
	b.ReportMetric(scan.Seconds(), "s-scan/job")
	b.ReportMetric(cpu.Seconds(), "s-cpu/job")
	b.ReportMetric(milliseconds(idle), "ms-beyond/job")
	b.ReportMetric(100*float64(idle)/float64(scan), "%-beyond")
	b.ReportMetric(100*float64(queue)/float64(cpu), "%-cpu-beyond")
}

package jobs

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/config"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

// workerEnv holds, for a process of this test binary that works a queue, where
// it stays for ever: in a "scan" or in the "audit" behind it, of the site that
// hangs, or nowhere. One that is serving has a schedule too, and one that is
// telling stays in its first alert.
const (
	workerEnv   = "COOKIEAUDIT_TEST_WORKER"
	databaseEnv = "COOKIEAUDIT_TEST_DATABASE"
	hanging     = "hangs.example"
	serving     = "serving"
	telling     = "telling"
)

// workerProcess works a queue until it is killed.
func workerProcess() int {
	err := work(os.Getenv(workerEnv), os.Getenv(databaseEnv))
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func work(where, dsn string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, dsn)
	if err != nil {
		return err
	}
	stay := func(at string, s evidence.Site) {
		if s.Host == hanging && at == where {
			fmt.Println("stays")
			select {}
		}
	}
	o := quick(nil)
	if where == telling {
		o.Alerts = deaf{}
	}
	if where == serving {
		yearly, err := config.NewSchedule("yearly", "@yearly", "UTC", 0)
		if err != nil {
			return err
		}
		o.Plan = &Plan{Schedules: []config.Schedule{yearly}}
		for _, s := range sites(20) {
			o.Plan.Sites = append(o.Plan.Sites, config.Site{Site: s, Schedules: []string{"yearly"}, Options: config.DefaultOptions()})
		}
		o.TickEvery = 20 * time.Millisecond
	}
	o.Open = func(context.Context, config.Options) (Line, error) {
		return Line{
			Crawler: crawl(func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
				stay("scan", s)
				return seen(s), nil
			}),
			Auditor: judgeWith(func(s *evidence.Scan) { stay("audit", s.Site) }),
			Close:   func() error { return nil },
		}, nil
	}
	q, err := Open(ctx, db, o)
	if err != nil {
		return err
	}
	return q.Run(ctx)
}

// deaf is told of a scan and never comes back.
type deaf struct{}

func (deaf) Alert(context.Context, string) error {
	fmt.Println("stays")
	select {}
}

type judgeWith func(*evidence.Scan)

func (f judgeWith) Judge(s *evidence.Scan) *audit.Judgement {
	f(s)
	return judge{}.Judge(s)
}

// A workerProc is a running process.
type workerProc struct {
	cmd   *exec.Cmd
	stays chan struct{}
}

// launch starts a process that works the queue of a database.
func launch(t testing.TB, where, dsn string) *workerProc {
	t.Helper()
	p := &workerProc{cmd: exec.Command(os.Args[0]), stays: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), workerEnv+"="+where, databaseEnv+"="+dsn)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.kill() })
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.TrimSpace(lines.Text()) == "stays" {
				close(p.stays)
				return
			}
		}
	}()
	return p
}

// kill ends the process as kill -9 does.
func (p *workerProc) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait() // it was killed
	}
}

// later makes it later for a queue: leases that nobody renewed have run out, and
// another process is to lead.
func later(t *testing.T, q *Queue, by time.Duration) {
	t.Helper()
	for _, s := range []struct {
		statement string
		args      []any
	}{
		{`UPDATE river_job SET attempted_at = $1 WHERE state = 'running'`, []any{q.riverTime(time.Now().Add(-by))}},
		{`UPDATE leases SET until = until - $1`, []any{by.Milliseconds()}},
		{`DELETE FROM river_leader`, nil},
	} {
		if _, err := q.db.DB().ExecContext(t.Context(), s.statement, s.args...); err != nil {
			t.Fatal(err)
		}
	}
}

// A scan whose worker renews its lease stays with it, however long it takes; one
// whose worker was killed is given to another.
func TestExpire(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		db := openStore(t, dsn)
		q := openQueue(t, db, quick(nil))
		enqueue(t, q, "sweep", []evidence.Site{site(hanging)})
		p := launch(t, "scan", dsn)
		<-p.stays
		rescuable := func() (n int) {
			t.Helper()
			if err := q.expire(t.Context()); err != nil {
				t.Fatal(err)
			}
			err := db.DB().QueryRowContext(t.Context(), `SELECT count(*) FROM river_job WHERE state = 'running' AND attempted_at < $1`,
				q.riverTime(time.Now().Add(-q.o.Rescue))).Scan(&n)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if _, err := db.DB().ExecContext(t.Context(), `UPDATE river_job SET attempted_at = $1`, q.riverTime(time.Now().Add(-q.o.Rescue/2))); err != nil {
			t.Fatal(err)
		}
		if rescuable() != 0 {
			t.Error("a scan that goes on is taken from its worker")
		}
		p.kill()
		if rescuable() != 0 {
			t.Error("a scan is taken from its worker before the lease has run out")
		}
		later(t, q, 2*time.Minute)
		if rescuable() != 1 {
			t.Error("the scan stays with a worker that was killed")
		}
	})
}

// A process is killed in mid-scan, and between a scan and its record: nothing is
// lost, and nothing is recorded twice.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"scan", "audit"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, dsn string) {
				db := openStore(t, dsn)
				q := openQueue(t, db, quick(func(_ context.Context, s evidence.Site) (*evidence.Scan, error) { return seen(s), nil }))
				list := append(sites(5), site(hanging))
				enqueue(t, q, "sweep", list)
				p := launch(t, where, dsn)
				<-p.stays
				eventually(t, "the others are recorded", func() (bool, error) { return len(recorded(t, db)) == 5, nil })
				p.kill()
				if n := recorded(t, db)["https://"+hanging+"/"]; n != 0 {
					t.Errorf("what was not finished is recorded %d times", n)
				}
				later(t, q, 2*time.Minute)
				if err := q.expire(t.Context()); err != nil {
					t.Fatal(err)
				}
				start(t, q)
				batchDone(t, q, "sweep")
				wantEachOnce(t, db, list)
			})
		})
	}
}

// Two processes work one file.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		db := openStore(t, dsn)
		q := openQueue(t, db, Options{})
		list := sites(60)
		enqueue(t, q, "sweep", list)
		launch(t, "nowhere", dsn)
		launch(t, "nowhere", dsn)
		batchDone(t, q, "sweep")
		wantEachOnce(t, db, list)
	})
}

// Two processes with the same schedule on one database put a slot that is due into
// the queue once, and scan each of its sites once.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, dsn string) {
		db := openStore(t, dsn)
		q := openQueue(t, db, Options{})
		if _, err := db.DB().ExecContext(t.Context(), `INSERT INTO slots (schedule, slot) VALUES ('yearly', 0)`); err != nil {
			t.Fatal(err)
		}
		launch(t, serving, dsn)
		launch(t, serving, dsn)
		eventually(t, "the slot is worked off", func() (bool, error) {
			s, err := q.States(t.Context())
			return s["completed"] >= 20 && len(s) == 1, err
		})
		for slot, n := range jobsOf(t, db) {
			if n != 20 {
				t.Errorf("%d jobs of %s were put into the queue, want 20", n, slot)
			}
		}
		wantEachOnce(t, db, sites(20))
	})
}

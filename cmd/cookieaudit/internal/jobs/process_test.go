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
// hangs, or nowhere.
const (
	workerEnv   = "COOKIEAUDIT_TEST_WORKER"
	databaseEnv = "COOKIEAUDIT_TEST_DATABASE"
	hanging     = "hangs.example"
	// paidParallel is how many sites a process of BenchmarkFleet scans at once.
	paidParallel = 8
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
	if where == "paid" { // for a benchmark
		o.Parallel, o.Poll = paidParallel, time.Second
	}
	o.Open = func(context.Context, config.Options) (Line, error) {
		return Line{
			Crawler: crawl(func(_ context.Context, s evidence.Site) (*evidence.Scan, error) {
				stay("scan", s)
				if where == "paid" {
					<-time.After(scanCost)
				}
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

// later makes it hours later for a database: what silent workers held is free.
func later(t *testing.T, db *store.Store) {
	t.Helper()
	for _, q := range []string{
		`UPDATE river_job SET attempted_at = '2020-01-01 00:00:00.000' WHERE state = 'running'`,
		`UPDATE leases SET until = 0`, `DELETE FROM river_leader`,
	} {
		if _, err := db.DB().ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
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
				later(t, db)
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

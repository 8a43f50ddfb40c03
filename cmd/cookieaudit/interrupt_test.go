package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
	"cookieaudit/fixtures"
)

// TestInterrupt sends SIGINT to a scan of two sites while the second one never
// finishes loading: what was seen is recorded, the exit code says that the scan
// is incomplete, and no browser stays behind.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	server, asked := serveSlow(t)
	scan := startScan(t, server, "")
	select {
	case <-asked:
	case err := <-scan.ended:
		t.Fatalf("ended by itself with %v; stderr:\n%s", err, scan.stderr.String())
	}
	if err := scan.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Error(err)
	}
	var exited *exec.ExitError
	if err := <-scan.ended; !errors.As(err, &exited) || exited.ExitCode() != exitIncomplete {
		t.Errorf("ended with %v, want exit code %d; stderr:\n%s", err, exitIncomplete, scan.stderr.String())
	}
	if n := strings.Count(scan.stdout.String(), "\n"); n != 2 {
		t.Errorf("%d reports on stdout, want those of the two sites that were begun", n)
	}
	entries := recorded(t, scan.dir)
	if len(entries) != 2 || entries[0].Outcome == evidence.Complete || entries[1].Outcome != evidence.Complete {
		t.Errorf("recorded: %+v", entries)
	}
	if left, _ := filepath.Glob(filepath.Join(scan.dir, "cookieaudit-profile-*")); len(left) > 0 {
		t.Errorf("profiles stay behind: %v", left)
	}
}

// TestKilled kills cookieaudit itself in the middle of a scan: the database
// opens clean and holds whole records only, the browser ends too, and the next
// run clears its profile away.
func TestKilled(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs a browser")
	}
	for _, path := range truthBrowsers {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(path); err != nil {
				t.Skipf("%s is not installed", path)
			}
			server, asked := serveSlow(t)
			scan := startScan(t, server, path)
			select {
			case <-asked:
			case err := <-scan.ended:
				t.Fatalf("ended by itself with %v; stderr:\n%s", err, scan.stderr.String())
			}
			if len(processesOf(t, scan.dir)) == 0 {
				t.Fatal("no browser runs in the middle of a scan: the check below could not fail")
			}
			if err := scan.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			<-scan.ended
			waitForNone(t, scan.dir)
			entries := recorded(t, scan.dir)
			if len(entries) != 1 || entries[0].Outcome != evidence.Complete {
				t.Errorf("recorded: %+v", entries)
			}
			next := exec.CommandContext(t.Context(), os.Args[0], "doctor")
			next.Args[0] = "cookieaudit"
			next.Dir, next.Env = scan.dir, scan.cmd.Env
			if out, err := next.CombinedOutput(); err != nil {
				t.Errorf("the next run: %v\n%s", err, out)
			}
			if left, _ := filepath.Glob(filepath.Join(scan.dir, "cookieaudit-profile-*")); len(left) > 0 {
				t.Errorf("profiles stay behind: %v", left)
			}
		})
	}
}

// slow is a host that answers nothing.
const slow = "slow.test"

// serveSlow serves the fixtures and slow, which tells that it was asked.
func serveSlow(t *testing.T) (*fixtures.Server, <-chan struct{}) {
	t.Helper()
	asked := make(chan struct{}, 100)
	server := serveFixtures(t, fixtures.Options{Handlers: map[string]http.Handler{
		slow: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			asked <- struct{}{}
			<-r.Context().Done()
		}),
	}})
	return server, asked
}

// A running scan of three sites, of which the second one never answers.
type runningScan struct {
	cmd            *exec.Cmd
	dir            string
	stdout, stderr bytes.Buffer
	ended          chan error
}

func startScan(t *testing.T, server *fixtures.Server, browser string) *runningScan {
	t.Helper()
	s := &runningScan{dir: t.TempDir(), ended: make(chan error, 1)}
	args := []string{"scan", "--insecure", "--parallel", "1", "--timeout", "5m", "--fail-on", "none", "--format", "jsonl"}
	if browser != "" {
		args = append(args, "--browser", browser)
	}
	for _, rule := range server.Resolve() {
		if addr, ok := strings.CutPrefix(rule, "clean.test:443:"); ok {
			args = append(args, "--resolve", "*:443:"+addr)
		}
	}
	args = append(args, "https://www.clean.test/", "https://"+slow+"/", "https://www.civic.test/")
	s.cmd = exec.CommandContext(t.Context(), os.Args[0], args...)
	s.cmd.Args[0] = "cookieaudit"
	s.cmd.Dir = s.dir
	s.cmd.Env = append(os.Environ(), "TMPDIR="+s.dir)
	s.cmd.Stdout, s.cmd.Stderr = &s.stdout, &s.stderr
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	return s
}

// recorded opens the scan's database, which must be clean, and lists it.
func recorded(t *testing.T, dir string) []store.Entry {
	t.Helper()
	db := must(store.Open(context.Background(), filepath.Join(dir, defaultDB)))(t)
	defer db.Close()
	return must(db.History(context.Background(), store.Filter{}))(t)
}

// A program is one that runs.
type program struct {
	id      int
	command string
}

// processesOf lists the processes whose command line names the folder: those of
// a browser name their profile.
func processesOf(t *testing.T, dir string) []program {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(lines) == 0 {
		t.Skip("this system has no /proc to look for processes in")
	}
	var out []program
	for _, file := range lines {
		b, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(b, []byte(dir)) {
			continue
		}
		id := must(strconv.Atoi(filepath.Base(filepath.Dir(file))))(t)
		out = append(out, program{id, strings.ReplaceAll(string(b), "\x00", " ")})
	}
	return out
}

// waitForNone waits until the kernel has ended the folder's processes.
func waitForNone(t *testing.T, dir string) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		left := processesOf(t, dir)
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still running: %v", left)
		}
	}
}

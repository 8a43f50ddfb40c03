package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/crawler/evidence"
)

// childEnv tells the test binary to act as another process that uses a
// database: "ROLE ARGUMENT PATH".
const childEnv = "COOKIEAUDIT_STORE_CHILD"

func TestMain(m *testing.M) {
	role, ok := os.LookupEnv(childEnv)
	if !ok {
		os.Exit(postgrestest.Main(m))
	}
	if err := act(context.Background(), role); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func act(ctx context.Context, role string) error {
	words := strings.SplitN(role, " ", 3)
	n, err := strconv.Atoi(words[1])
	if err != nil {
		return err
	}
	switch path := words[2]; words[0] {
	case "stop-at":
		return stopAt(ctx, path, n)
	case "save-forever":
		return saveForever(ctx, path)
	case "save":
		return saveMany(ctx, path, n)
	case "as-nobody":
		// Root may write everywhere.
		if err := syscall.Setuid(n); err != nil {
			return err
		}
		_, err := Open(ctx, path)
		return err
	}
	return errors.New("unknown role " + role)
}

// child starts the test binary in a role. Its standard output is to be read to
// its end before it is waited for.
func child(t *testing.T, role string, argument int, path string) (*exec.Cmd, io.Reader, *strings.Builder) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d %s", childEnv, role, argument, path))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return cmd, out, &stderr
}

// bigScan is large enough that its pages do not fit into SQLite's cache, so
// that a part of it is in the file's log before the commit.
func bigScan(id string) (*evidence.Scan, *audit.Judgement) {
	scan, j := sampleScan(id), sampleJudgement()
	for len(scan.Cookies) < 5000 {
		scan.Cookies = append(scan.Cookies, scan.Cookies...)
		j.Cookies = append(j.Cookies, j.Cookies...)
	}
	scan.Cookies, j.Cookies = scan.Cookies[:5000], j.Cookies[:5000]
	return scan, j
}

// A trap is a context that stops its user for good from the n-th time on that
// it is asked: database/sql asks before every statement.
type trap struct {
	context.Context //nolint:containedctx // it is a context
	left            atomic.Int64
}

func (c *trap) Done() <-chan struct{} {
	if left := c.left.Add(-1); left <= 0 {
		if left == 0 {
			fmt.Println("stopped")
		}
		select {}
	}
	return c.Context.Done()
}

// stopAt saves one scan, which works, and a second one that stands still at the
// n-th question for the context, in the middle of its transaction.
func stopAt(ctx context.Context, path string, n int) error {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	scan, j := bigScan("first")
	if err := s.Save(ctx, scan, j); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx) // a context that can end is asked
	defer cancel()
	c := &trap{Context: ctx}
	c.left.Store(int64(n))
	scan, j = bigScan("second")
	if err := s.Save(c, scan, j); err != nil {
		return err
	}
	fmt.Printf("saved, asked %d times\n", int64(n)-c.left.Load())
	return s.Close()
}

func saveForever(ctx context.Context, path string) error {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		scan, j := bigScan(strconv.Itoa(i))
		fmt.Println("saving", i)
		if err := s.Save(ctx, scan, j); err != nil {
			return err
		}
		fmt.Println("saved", i)
	}
}

func saveMany(ctx context.Context, path string, n int) error {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	for i := range n {
		if err := s.Save(ctx, sampleScan(fmt.Sprintf("%d-%d", os.Getpid(), i)), sampleJudgement()); err != nil {
			return errors.Join(err, s.Close())
		}
	}
	return s.Close()
}

// A process that is killed in the middle of Save, wherever, leaves the records
// that were saved before, and of the one it was at nothing.
func TestKilledInSave(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		// How often the context is asked during one whole Save.
		cmd, out, stderr := child(t, "stop-at", 1<<40, dsn)
		answer, err := io.ReadAll(out)
		must(t, err)
		if err := cmd.Wait(); err != nil {
			t.Fatalf("%v: %s", err, stderr)
		}
		var asked int
		if _, err := fmt.Sscanf(string(answer), "saved, asked %d times", &asked); err != nil || asked < 500 {
			t.Fatalf("answer %q, error %v", answer, err)
		}
		checkKept(t, dsn, "first", "second")

		// The number differs by some from run to run, because goroutines of
		// database/sql ask too: the last moment keeps away from the commit, which
		// TestKilledWhileSaving meets.
		for _, at := range []int{1, 5, 20, asked / 2, asked - 100} {
			t.Run(fmt.Sprintf("at %d of %d", at, asked), func(t *testing.T) {
				t.Parallel()
				dsn := another(t, dsn)
				cmd, out, stderr := child(t, "stop-at", at, dsn)
				line, err := bufio.NewReader(out).ReadString('\n')
				if err != nil || line != "stopped\n" {
					t.Fatalf("line %q, error %v, %s", line, err, stderr)
				}
				kill(t, cmd)
				checkKept(t, dsn, "first")
			})
		}
	})
}

func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	must(t, cmd.Process.Kill()) // SIGKILL
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the process ended with %v", err)
	}
}

// settle waits until a server has noticed that a client has gone: until then it
// may still be at its last statement.
func settle(t *testing.T, s *Store) {
	t.Helper()
	if s.engine == SQLite {
		return
	}
	const others = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
	for count(t, s, others) > 0 {
		_, err := s.read.ExecContext(t.Context(), `SELECT pg_sleep(0.01)`)
		must(t, err)
	}
}

// checkKept opens a database after a crash and compares what is in it.
func checkKept(t *testing.T, dsn string, ids ...string) {
	t.Helper()
	s, err := Open(t.Context(), dsn)
	must(t, err)
	defer s.Close()
	settle(t, s)
	checkIntegrity(t, s)
	entries, err := s.History(t.Context(), Filter{})
	must(t, err)
	if len(entries) != len(ids) {
		t.Errorf("%d scans, want %v", len(entries), ids)
	}
	for _, id := range ids {
		want, wantJ := bigScan(id)
		scan, j, err := s.Load(t.Context(), id)
		must(t, err)
		if !reflect.DeepEqual(want, scan) || !reflect.DeepEqual(wantJ, j) { // cmp takes seconds for a scan of this size
			t.Errorf("scan %s is not what was saved", id)
		}
	}
	save(t, s, sampleScan("after the crash"), sampleJudgement())
}

// Killed at moments that nobody chose, between statements or in the middle of
// one or of a commit: every record that was reported as saved is there, and
// every record that is there is whole.
func TestKilledWhileSaving(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		for round := range 3 {
			t.Run(strconv.Itoa(round), func(t *testing.T) {
				t.Parallel()
				killWhileSaving(t, another(t, dsn), round)
			})
		}
	})
}

func killWhileSaving(t *testing.T, dsn string, round int) {
	cmd, out, stderr := child(t, "save-forever", 0, dsn)
	lines := bufio.NewScanner(out)
	saved := 0
	for lines.Scan() {
		switch line := lines.Text(); {
		case strings.HasPrefix(line, "saved"):
			saved++
		case line == fmt.Sprint("saving ", round):
			must(t, cmd.Process.Kill())
		}
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the process ended with %v: %s", err, stderr)
	}
	s, err := Open(t.Context(), dsn)
	must(t, err)
	settle(t, s)
	entries, err := s.History(t.Context(), Filter{})
	must(t, err)
	must(t, s.Close())
	// The commit may have been made, and its report lost.
	if len(entries) < saved || len(entries) > saved+1 {
		t.Fatalf("%d records, %d were reported as saved", len(entries), saved)
	}
	var ids []string
	for i := range entries {
		ids = append(ids, strconv.Itoa(i))
	}
	checkKept(t, dsn, ids...)
}

func TestManyProcessesSaveAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, manyProcesses)
}

func manyProcesses(t *testing.T, path string) {
	const processes, scans = 4, 10
	var cmds []*exec.Cmd
	var errs []*strings.Builder
	for range processes { // they also create and migrate the file at once
		cmd, _, stderr := child(t, "save", scans, path)
		cmds, errs = append(cmds, cmd), append(errs, stderr)
	}
	for i, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %s", err, errs[i])
		}
	}
	s, err := Open(t.Context(), path)
	must(t, err)
	defer s.Close()
	checkIntegrity(t, s)
	if n := count(t, s, `SELECT count(*) FROM scans`); n != processes*scans {
		t.Errorf("%d scans, want %d", n, processes*scans)
	}
}

// What a user without the right to write reads.
func TestOpenTellsThatTheFolderIsReadOnly(t *testing.T) {
	t.Parallel()
	const nobody = 65534
	if os.Getuid() != 0 {
		t.Log("not root: tried as this user")
	}
	for name, test := range map[string]struct {
		prepare func(*testing.T, string)
		want    []string
	}{
		"no file yet": {func(*testing.T, string) {}, []string{"cannot create a database in folder", "permission denied"}},
		"a file that may be read": {func(t *testing.T, path string) {
			t.Helper()
			must(t, openAndClose(t, path))
			must(t, os.Chmod(path, 0o444))
		}, []string{"must both be writable"}},
		"a file that may be written, in a folder that may not": {func(t *testing.T, path string) {
			t.Helper()
			must(t, openAndClose(t, path))
			must(t, os.Chmod(path, 0o666))
		}, []string{"must both be writable"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "scans.db")
			test.prepare(t, path)
			must(t, os.Chmod(filepath.Dir(dir), 0o755)) // t.TempDir lets only its owner pass
			must(t, os.Chmod(dir, 0o555))
			uid := os.Getuid()
			if uid == 0 {
				uid = nobody
			}
			cmd, out, stderr := child(t, "as-nobody", uid, path)
			_, err := io.Copy(io.Discard, out)
			must(t, err)
			if err := cmd.Wait(); err == nil {
				t.Fatal("it was opened")
			}
			for _, want := range append(test.want, dir) {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("error %q lacks %q", stderr, want)
				}
			}
			must(t, os.Chmod(dir, 0o755)) // so that it can be removed
		})
	}
}

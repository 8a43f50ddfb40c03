package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

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
	const slow = "slow.test" // answers nothing and tells that it was asked
	asked := make(chan struct{}, 100)
	server, err := fixtures.Serve(fixtures.Options{Handlers: map[string]http.Handler{
		slow: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			asked <- struct{}{}
			<-r.Context().Done()
		}),
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	dir := t.TempDir()
	args := []string{"scan", "--insecure", "--parallel", "1", "--timeout", "5m", "--fail-on", "none", "--format", "jsonl"}
	for _, rule := range server.Resolve() {
		if addr, ok := strings.CutPrefix(rule, "clean.test:443:"); ok {
			args = append(args, "--resolve", "*:443:"+addr)
		}
	}
	args = append(args, "https://www.clean.test/", "https://"+slow+"/", "https://www.civic.test/")
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Args[0] = "cookieaudit"
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-asked:
	case err := <-ended:
		t.Fatalf("ended by itself with %v; stderr:\n%s", err, stderr.String())
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Error(err)
	}
	var exited *exec.ExitError
	if err := <-ended; !errors.As(err, &exited) || exited.ExitCode() != exitIncomplete {
		t.Errorf("ended with %v, want exit code %d; stderr:\n%s", err, exitIncomplete, stderr.String())
	}
	if n := strings.Count(stdout.String(), "\n"); n != 2 {
		t.Errorf("%d reports on stdout, want those of the two sites that were begun", n)
	}
	db, err := store.Open(context.Background(), filepath.Join(dir, defaultDB))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	entries, err := db.History(context.Background(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 || entries[0].Outcome == evidence.Complete || entries[1].Outcome != evidence.Complete {
		t.Errorf("recorded: %+v", entries)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "cookieaudit-profile-*")); len(left) > 0 {
		t.Errorf("profiles stay behind: %v", left)
	}
}

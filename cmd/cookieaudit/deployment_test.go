package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/jobs"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/fixtures"
)

// A deployment is a folder with a configuration, from which commands run as they
// do on a machine of their own.
type deployment struct {
	dir, db string
	env     []string
}

// deploy serves hosts and makes a deployment that visits one page of each in some
// phases, with further lines in its configuration.
func deploy(t testing.TB, hosts map[string]http.Handler, db, phases, further string) *deployment {
	t.Helper()
	server := serveFixtures(t, fixtures.Options{Handlers: hosts})
	d := &deployment{dir: t.TempDir(), db: db}
	d.env = append(os.Environ(), "TMPDIR="+d.dir)
	text := "server: {allow_private: true}\ndelay: 0s\n" + further +
		"\ndefaults: {insecure: true, pages: 0, phases: [" + phases + "], dns: off, resolve: ['*:443:" + secureAddress(t, server) + "']}\n"
	d.write(t, defaultConfig, text)
	return d
}

// write puts a file into the deployment's folder.
func (d *deployment) write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// secureAddress is where a server answers over TLS, for every host.
func secureAddress(t testing.TB, server *fixtures.Server) string {
	t.Helper()
	for _, rule := range server.Resolve() {
		if addr, ok := strings.CutPrefix(rule, "clean.test:443:"); ok {
			return addr
		}
	}
	t.Fatal("the server has no port for TLS")
	return ""
}

func (d *deployment) command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], append(args, "--db", d.db)...)
	cmd.Args[0], cmd.Dir, cmd.Env = "cookieaudit", d.dir, d.env
	return cmd
}

// run runs a command to its end.
func (d *deployment) run(t testing.TB, args ...string) string {
	t.Helper()
	out, err := d.command(args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// A service is a command that runs until it is told to end.
type service struct {
	*exec.Cmd
	log  lockedBuffer
	stop func()
}

// start starts a service; at the latest it is stopped with the test.
func (d *deployment) start(t testing.TB, args ...string) *service {
	t.Helper()
	s := &service{Cmd: d.command(args...)}
	s.Stdout, s.Stderr = &s.log, &s.log
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	s.stop = sync.OnceFunc(func() {
		if err := s.Process.Signal(syscall.SIGTERM); err != nil {
			t.Errorf("%s: %v", args[0], err)
		}
		if err := s.Wait(); err != nil {
			t.Errorf("%s: %v", args[0], err)
		}
		if t.Failed() {
			t.Logf("log of %s:\n%s", args[0], s.log.String())
		}
	})
	t.Cleanup(s.stop)
	return s
}

// open opens the deployment's database, and its queue to ask for jobs.
func (d *deployment) open(t testing.TB) (*store.Store, *jobs.Queue) {
	t.Helper()
	name := d.db
	if !strings.Contains(name, "://") {
		name = filepath.Join(d.dir, name)
	}
	db := must(store.Open(context.WithoutCancel(t.Context()), name))(t)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, must(jobs.Open(t.Context(), db, jobs.Options{}))(t)
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(90 * time.Second); !is(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within 90 s: %s", what)
		}
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

package postgrestest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNotInstalled says that the machine has no PostgreSQL.
var ErrNotInstalled = errors.New("PostgreSQL is not installed here (no initdb in PATH or /usr/lib/postgresql/*/bin): bash .ci/setup test installs it")

// Superuser is that of every server.
const Superuser = "auditor"

// Password is that of Superuser. It has what is special in an address.
const Password = "s3cret@/:%ü"

const (
	startTimeout = 60 * time.Second // a loaded machine with two cores
	stopTimeout  = 30 * time.Second
)

// A Server listens on a port of the loopback interface and asks for a password.
type Server struct {
	bin, dir string // the programs; everything else
	port     string
	as       *syscall.Credential // nil where we are no superuser
	process  *exec.Cmd
	done     chan exit // receives once the process has ended
}

// exit is how the process ended.
type exit struct{ err error }

// Start makes a server and starts it.
func Start(ctx context.Context) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin}
	if s.as, err = credential(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "cookieaudit-postgres-*"); err != nil {
		return nil, err
	}
	if err := s.initialise(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	if s.port, err = freePort(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	if err := s.Start(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

// binaries finds the folder of the newest server.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	slices.SortFunc(found, func(a, b string) int { return versionOf(a) - versionOf(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", ErrNotInstalled
	}
	return filepath.Dir(path), nil
}

func versionOf(initdb string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	if err != nil {
		return 0
	}
	return n
}

// credential is whom the server runs as: it refuses to run as root.
func credential() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil //nolint:nilnil // there is nothing to change
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("there is no user that PostgreSQL could run as: neither postgres nor nobody")
}

// initialise makes the server's files. Its collation is a natural language's, as
// on most servers, so that what relies on another one fails.
func (s *Server) initialise(ctx context.Context) error {
	secret := filepath.Join(s.dir, "password")
	if err := os.WriteFile(secret, []byte(Password+"\n"), 0o600); err != nil {
		return err
	}
	for _, path := range []string{s.dir, secret} {
		if err := s.Own(path); err != nil {
			return err
		}
	}
	cmd := s.command(ctx, "initdb", "--pgdata", s.data(), "--username", Superuser, "--pwfile", secret, "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "en", "--no-sync")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// Own gives a file or a folder to whom the server runs as.
func (s *Server) Own(path string) error {
	if s.as == nil {
		return nil
	}
	return os.Chown(path, int(s.as.Uid), int(s.as.Gid))
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...) //nolint:gosec // a program of PostgreSQL
	cmd.Dir = s.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TZ=UTC"}
	// Without us nobody would end it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	return cmd
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

// Start starts a server that was stopped, on the same port, and waits until it
// takes connections. The server outlives ctx.
func (s *Server) Start(ctx context.Context) error {
	// What a crash of the machine would lose does not matter here.
	cmd := s.command(context.WithoutCancel(ctx), "postgres", "-D", s.data(), "-p", s.port,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
		"-c", "max_connections=300", "-c", "shared_buffers=64MB", "-c", "log_destination=stderr")
	log, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	s.process, s.done = cmd, make(chan exit, 1)
	ready, said := make(chan struct{}), &strings.Builder{}
	go func() {
		follow(log, ready, said)
		s.done <- exit{cmd.Wait()}
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, errors.New("postgres was not ready in time"))
	defer cancel()
	select {
	case <-ready:
		return nil
	case end := <-s.done:
		return fmt.Errorf("postgres ended: %w: %s", end.err, said)
	case <-ctx.Done():
		return errors.Join(context.Cause(ctx), s.Kill())
	}
}

// follow reads the server's log to its end. What it says before it is ready is
// kept in said.
func follow(log io.Reader, ready chan<- struct{}, said *strings.Builder) {
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if ready == nil {
			continue
		}
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), "ready to accept connections") {
			close(ready)
			ready = nil
		}
	}
}

// Stop ends the server as an administrator would who does not wait for its
// clients: what is committed stays, connections are cut.
func (s *Server) Stop() error { return s.end(syscall.SIGINT) }

// Kill ends the server as a crash would.
func (s *Server) Kill() error { return s.end(syscall.SIGQUIT) }

func (s *Server) end(signal syscall.Signal) error {
	if err := s.process.Process.Signal(signal); err != nil {
		return fmt.Errorf("end postgres: %w", err)
	}
	select {
	case <-s.done: // Kill makes it end with a code that is not 0
		return nil
	case <-time.After(stopTimeout):
		return errors.Join(errors.New("postgres did not end in time"), s.process.Process.Kill())
	}
}

// Remove ends the server and removes its files.
func (s *Server) Remove() error {
	return errors.Join(s.Kill(), os.RemoveAll(s.dir))
}

// Used is the CPU time of the server that was removed, with all its processes.
func (s *Server) Used() time.Duration {
	return s.process.ProcessState.UserTime() + s.process.ProcessState.SystemTime()
}

// Port is the port of the loopback interface that the server listens on.
func (s *Server) Port() string { return s.port }

// URL returns the address of a database for the superuser.
func (s *Server) URL(database string) string { return s.URLFor(Superuser, Password, database) }

// URLFor returns the address of a database for another role.
func (s *Server) URLFor(role, password, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, password),
		Host: net.JoinHostPort("127.0.0.1", s.port), Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Exec runs statements in a database as the superuser.
func (s *Server) Exec(ctx context.Context, database, statements string) (err error) {
	conn, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	_, err = conn.Exec(ctx, statements, pgx.QueryExecModeSimpleProtocol)
	return err
}

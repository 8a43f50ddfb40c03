// Package postgrestest runs a real PostgreSQL server for tests: of its own, from
// the binaries that the machine has, in a folder that goes when the tests end.
//
// A test binary has at most one, which the first URL starts and Main stops:
//
//	func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }
//
//	func TestX(t *testing.T) {
//		url := postgrestest.URL(t) // an empty database; skips where there is no server
//	}
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
)

// shared is the server of this test binary.
var shared = sync.OnceValues(func() (*Server, error) { return Start(context.Background()) })

var (
	started   atomic.Bool  //nolint:gochecknoglobals // whether Main has something to stop
	databases atomic.Int64 //nolint:gochecknoglobals // numbers the databases
)

// Main runs the tests and stops the server that they started, if any. It returns
// the exit code.
func Main(m interface{ Run() int }) int {
	code := m.Run()
	if !started.Load() {
		return code
	}
	if s, err := shared(); err == nil {
		if err := s.Remove(); err != nil {
			fmt.Fprintln(os.Stderr, "postgrestest:", err)
			return max(code, 1)
		}
	}
	return code
}

// Shared returns the server of this test binary. The test is skipped where the
// machine has none.
func Shared(t testing.TB) *Server {
	t.Helper()
	started.Store(true)
	s, err := shared()
	if errors.Is(err, ErrNotInstalled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// URL returns the address of a new, empty database of the shared server.
func URL(t testing.TB) string {
	t.Helper()
	s := Shared(t)
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := s.Exec(t.Context(), "postgres", "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return s.URL(name)
}

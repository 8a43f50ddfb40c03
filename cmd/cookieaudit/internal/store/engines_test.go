package store

import (
	"path/filepath"
	"testing"

	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
)

// onEach runs a test once for every engine, each with the name of a database of
// its own that is still empty.
func onEach(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	for engine, dsn := range map[Engine]func(testing.TB) string{SQLite: newFile, Postgres: postgrestest.URL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			test(t, dsn(t))
		})
	}
}

func newFile(t testing.TB) string { return filepath.Join(t.TempDir(), "scans.db") }

// openTemp opens a new file.
func openTemp(t testing.TB) *Store { return openAt(t, newFile(t)) }

// openAt opens a database until the test ends.
func openAt(t testing.TB, dsn string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// another names a further empty database of the same engine.
func another(t testing.TB, dsn string) string {
	t.Helper()
	if IsServer(dsn) {
		return postgrestest.URL(t)
	}
	return newFile(t)
}

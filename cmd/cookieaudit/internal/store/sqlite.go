package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
)

// busyTimeout is how long a connection waits for another one that writes. A
// Save holds the file for well under a second; this is many of them in a row.
const busyTimeout = 15 * time.Second

func openSQLite(ctx context.Context, path string, busy time.Duration) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := prepareFile(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s := &Store{name: path, dialect: dialect{
		engine:   SQLite,
		versions: versionTable{name: goose.DefaultTablename, dialect: goose.DialectSQLite3, steps: steps(SQLite)},
		reclaim:  reclaimFile,
		raw:      func(text string) any { return text },
		text:     func(text string) string { return text },
		meaning:  func(err error) string { return sqliteMeaning(path, err) },
	}}
	if err := s.connectSQLite(ctx, path, busy); err != nil {
		return nil, errors.Join(s.explain("open database", err), s.Close())
	}
	return s, nil
}

func (s *Store) connectSQLite(ctx context.Context, path string, busy time.Duration) error {
	if err := identify(ctx, path, busy); err != nil {
		return err
	}
	var err error
	if s.write, err = sql.Open("sqlite3", sqliteDSN(path, busy, "_txlock", "immediate")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := s.migrateInTurn(ctx, busy); err != nil {
		return err
	}
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite3", sqliteDSN(path, busy, "_txlock", "deferred", "_query_only", "true")); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(max(4, runtime.NumCPU()))
	return nil
}

// migrateInTurn makes the schema and waits for other processes that make it at
// the same moment: SQLite does not wait by itself where two of them change a new
// file to a write-ahead log (https://sqlite.org/c3ref/busy_handler.html).
func (s *Store) migrateInTurn(ctx context.Context, busy time.Duration) error {
	for begun := time.Now(); ; {
		err := s.migrate(ctx, s.versions)
		var e sqlite3.Error
		if !errors.As(err, &e) || e.Code != sqlite3.ErrBusy || time.Since(begun) > busy {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// sqliteDSN names the file and what holds for every connection to it, then the
// given further pairs.
//
// mode=rw, because a file that SQLite itself created would be readable by
// everybody. A write-ahead log, so that reading never waits for writing.
// synchronous=FULL, because a record that was reported as kept must outlive a
// power cut; its price is one flush to disk per scan.
func sqliteDSN(path string, busy time.Duration, pairs ...string) string {
	q := url.Values{
		"mode":          {"rw"},
		"_busy_timeout": {strconv.FormatInt(busy.Milliseconds(), 10)},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"true"},
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return fileURI(path) + "?" + q.Encode()
}

func fileURI(path string) string {
	return (&url.URL{Scheme: "file", Path: path}).String()
}

func sqliteMeaning(path string, err error) string {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Code {
	case sqlite3.ErrNotADB:
		return " (it is not a cookieaudit database, or its first bytes are damaged)"
	case sqlite3.ErrCorrupt:
		return " (the file is damaged; restore it from a copy)"
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return " (another program holds the file)"
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		return fmt.Sprintf(" (the file and its folder %s must both be writable: SQLite keeps its log beside the file)", filepath.Dir(path))
	case sqlite3.ErrFull:
		return " (no space left)"
	}
	return ""
}

// applicationID marks the file as one of ours (https://sqlite.org/pragma.html#pragma_application_id):
// the letters "ckAu".
const applicationID = 0x636b4175

// prepareFile creates the file, readable by its owner alone, if it is missing.
// It never opens one that exists: closing it would drop the locks that SQLite
// holds on it for other connections of this process
// (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
func prepareFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder, not a database file", path)
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", path)
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("the folder of the database: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist): // another process was faster
		return nil
	case err != nil:
		return fmt.Errorf("cannot create a database in folder %s: %w", dir, err)
	}
	return f.Close()
}

// identify makes sure that the file is ours before anything is written to it:
// a cookie file of a browser is a SQLite database too.
func identify(ctx context.Context, path string, busy time.Duration) (err error) {
	// No journal mode here: setting it writes to the file.
	uri := fileURI(path) + "?mode=rw&_busy_timeout=" + strconv.FormatInt(busy.Milliseconds(), 10)
	db, err := sql.Open("sqlite3", uri)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	// In this order: another process that makes the file sets the number first.
	var id, objects int64
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&objects); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id == applicationID {
		return nil
	}
	if id != 0 || objects != 0 {
		return errForeign
	}
	// Free pages are kept track of, so that Prune can give them back; that is to be
	// said before anything is written.
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = %d", applicationID))
	return err
}

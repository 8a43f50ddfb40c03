// Package store keeps scans and their audits in a SQLite file. It holds the
// only SQL of the program.
//
// A scan's record is written in one transaction and never changed afterwards:
// the file holds all of it or none, whatever kills the program. What Load
// returns is equal to what Save was given; strings that are not UTF-8 are the
// one exception, their stray bytes come back as U+FFFD.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver named sqlite3
)

// busyTimeout is how long a connection waits for another one that writes. A
// Save holds the file for well under a second; this is many of them in a row.
const busyTimeout = 15 * time.Second

// A Store is an open database. It may be used by many goroutines at once, and
// several programs may have the same file open.
type Store struct {
	path string
	// write has one connection, so that the goroutines of this program wait for
	// each other in order instead of polling for the file's lock.
	write *sql.DB
	// read connections see the last committed state and never wait.
	read *sql.DB
}

// Open opens the database at path, which is created if it is missing and
// brought to the program's schema if it is older.
func Open(ctx context.Context, path string) (*Store, error) {
	return open(ctx, path, busyTimeout)
}

func open(ctx context.Context, path string, busy time.Duration) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := prepareFile(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s := &Store{path: path}
	if err := s.connect(ctx, busy); err != nil {
		return nil, errors.Join(s.explain("open database", err), s.Close())
	}
	return s, nil
}

func (s *Store) connect(ctx context.Context, busy time.Duration) error {
	if err := s.identify(ctx, busy); err != nil {
		return err
	}
	var err error
	if s.write, err = sql.Open("sqlite3", dsn(s.path, busy, "_txlock", "immediate")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite3", dsn(s.path, busy, "_txlock", "deferred", "_query_only", "true")); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(max(4, runtime.NumCPU()))
	return nil
}

// Close closes the database. The writing connection goes last: it is the one
// that can fold the write-ahead log into the file.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db == nil {
			continue
		}
		if err := db.Close(); err != nil {
			errs = append(errs, fmt.Errorf("close database: %w", err))
		}
	}
	return errors.Join(errs...)
}

// dsn names the file and what holds for every connection to it, then the
// given further pairs.
//
// mode=rw, because a file that SQLite itself created would be readable by
// everybody. A write-ahead log, so that reading never waits for writing.
// synchronous=FULL, because a record that was reported as kept must outlive a
// power cut; its price is one flush to disk per scan.
func dsn(path string, busy time.Duration, pairs ...string) string {
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

// Package store keeps scans and their audits, in a SQLite file or in
// PostgreSQL. Together with the queue it holds the only SQL of the program.
//
// A scan's record is written in one transaction and never changed afterwards:
// the database holds all of it or none, whatever kills the program. What Load
// returns is equal to what Save was given; strings that are not UTF-8 are the
// one exception, their stray bytes come back as U+FFFD.
//
// The same statements run on both databases. What differs is in their dialects
// and migrations: a file has one connection that writes, and a server many.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A Store is an open database. It may be used by many goroutines at once, and
// several programs may have the same database open.
type Store struct {
	dialect
	name string // for people: without a password
	// write and read are the same for a server. For a file, write has one
	// connection, so that the goroutines of this program wait for each other in
	// order instead of polling for the file's lock, and read connections see the
	// last committed state and never wait.
	write, read *sql.DB
	// pool is what write takes its connections from; nil for a file.
	pool *pgxpool.Pool
}

// Open opens a database: a path is that of a SQLite file, which is created if it
// is missing; an address that begins with postgres:// or postgresql:// is that of
// a PostgreSQL database, which must exist. It is brought to the program's schema
// if it is older; where it is not, a role that may read and write the tables is
// enough. No error tells the address's password.
func Open(ctx context.Context, dsn string) (*Store, error) {
	if IsServer(dsn) {
		return openPostgres(ctx, dsn)
	}
	return openSQLite(ctx, dsn, busyTimeout)
}

// Close closes the database. For a file, the writing connection goes last: it is
// the one that can fold the write-ahead log into it.
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
	if s.pool != nil {
		s.pool.Close()
	}
	return errors.Join(errs...)
}

// Engine says which database it is.
func (s *Store) Engine() Engine { return s.engine }

// Name tells the database to people: the file's path, or the server's address
// without the password.
func (s *Store) Name() string { return s.name }

// DB returns the handle that writes, for a queue whose tables lie in the same
// database. Of a file it is the one connection that writes: whoever has begun a
// transaction on it must end that one before it asks DB or Store for anything
// that writes, or it waits for itself.
func (s *Store) DB() *sql.DB { return s.write }

// Pool returns the connections to a server, those of DB too, for a queue that
// speaks to the server by itself; nil for a file.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Migrate brings further tables, those of another part of the program, to their
// newest version. steps holds a folder of migrations for each engine, called
// sqlite and postgres, and table is where their versions are kept.
func (s *Store) Migrate(ctx context.Context, table string, migrations fs.FS) error {
	sub, err := fs.Sub(migrations, string(s.engine))
	if err != nil {
		return err
	}
	return s.explain("prepare "+table+" in", s.migrate(ctx, versionTable{name: table, dialect: s.versions.dialect, steps: sub}))
}

// Write runs a function in a transaction that may write, and commits it where
// the function returns nil; its error comes back as it is. The function works on
// the transaction alone, never on the store or DB: see DB.
//
// Where the connection to a server is lost during the commit, nobody knows
// whether it took place: what Write runs has to find out when it runs again, as
// Save does by ErrExists.
func (s *Store) Write(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return s.explain("write to", err)
	}
	defer tx.Rollback() // once committed, it does nothing
	if s.durable != "" {
		if _, err := tx.ExecContext(ctx, s.durable); err != nil {
			return s.explain("write to", err)
		}
	}
	err = do(tx)
	if err == nil {
		err = s.explain("write to", tx.Commit())
	}
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		// The context's end has rolled it back; which call noticed is chance.
		return s.explain("write to", context.Cause(ctx))
	}
	return err
}

// snapshot runs a function in a transaction that only reads and that sees one
// state of the database throughout, so that a scan that is being deleted is seen
// whole or not at all.
func (s *Store) snapshot(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return do(tx)
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrServerBackup says that a server is copied by its own means.
var ErrServerBackup = errors.New("this copies a file; a PostgreSQL database is copied by pg_dump --format=custom, " +
	"which sees one state of it too while scans are written")

// Backup copies a database file to a new one as it is at one moment, the queue
// included, while others go on reading and writing. It does not overwrite. The
// copy is a database like any other; where it fails, nothing is left of it.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.engine != SQLite {
		return fmt.Errorf("back up %s: %w", s.name, ErrServerBackup)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("back up to: %w", err)
	}
	// SQLite fills an empty file; one that it made itself everybody could read.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("back up to %s: it exists already, and a backup does not overwrite", path)
	case err != nil:
		return fmt.Errorf("back up to: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	if err := s.copyTo(ctx, path); err != nil {
		return errors.Join(s.explain("back up to "+path+" from", err), os.Remove(path))
	}
	return nil
}

// copyTo works on a connection of its own: those that read may not write
// anywhere, and that which writes is left to others.
func (s *Store) copyTo(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite3", sqliteDSN(s.name, busyTimeout, "_txlock", "deferred"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, path)
	return err
}

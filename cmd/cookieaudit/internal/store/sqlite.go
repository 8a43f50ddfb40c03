package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

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
func (s *Store) identify(ctx context.Context, busy time.Duration) (err error) {
	// No journal mode here: setting it writes to the file.
	uri := fileURI(s.path) + "?mode=rw&_busy_timeout=" + strconv.FormatInt(busy.Milliseconds(), 10)
	db, err := sql.Open("sqlite3", uri)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	var id, objects int64
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id == applicationID {
		return nil
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&objects); err != nil {
		return err
	}
	if id != 0 || objects != 0 {
		return errForeign
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	return err
}

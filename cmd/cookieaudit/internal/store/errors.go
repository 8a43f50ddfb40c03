package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// ErrNotFound says that no stored scan answers the description.
var ErrNotFound = errors.New("no such scan")

// ErrExists says that a scan with this ID is already stored.
var ErrExists = errors.New("a scan with this ID is already stored")

// errForeign says that the file is a database of another program.
var errForeign = errors.New("it is a database of another program")

// An AmbiguousError says that several scans begin with what was given as an ID.
type AmbiguousError struct {
	Prefix string
	// Candidates are IDs that begin with Prefix, in order; More says that there
	// are others.
	Candidates []string
	More       bool
}

func (e *AmbiguousError) Error() string {
	list := strings.Join(e.Candidates, ", ")
	if e.More {
		list += ", …"
	}
	return fmt.Sprintf("several scans begin with %q: %s", e.Prefix, list)
}

// A newerSchemaError says that a later version of the program wrote the file.
type newerSchemaError struct{ found, known int64 }

func (e *newerSchemaError) Error() string {
	return fmt.Sprintf("it was written by a newer cookieaudit (schema %d, this one knows up to %d): update cookieaudit", e.found, e.known)
}

// explain adds what was being done, the file, and in words what SQLite's code
// means for the person who chose the file.
func (s *Store) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w%s", doing, s.path, err, s.meaning(err))
}

func (s *Store) meaning(err error) string {
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
		return fmt.Sprintf(" (the file and its folder %s must both be writable: SQLite keeps its log beside the file)", filepath.Dir(s.path))
	case sqlite3.ErrFull:
		return " (no space left)"
	}
	return ""
}

// isUnique reports whether err is a breach of a unique index.
func isUnique(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.ExtendedCode == sqlite3.ErrConstraintUnique
}

package store

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNotFound says that no stored scan answers the description.
var ErrNotFound = errors.New("no such scan")

// ErrExists says that a scan with this ID is already stored.
var ErrExists = errors.New("a scan with this ID is already stored")

// errForeign says that the file is a database of another program.
var errForeign = errors.New("it is a database of another program")

// errAddress says no more than this, for what cannot be read may be a password.
var errAddress = errors.New("open database: the address is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE " +
	"(what is special in a password is percent-encoded: %40 for @)")

// errEncoding says that a database cannot hold every character.
var errEncoding = errors.New("its encoding is not UTF8: create it with ENCODING 'UTF8' TEMPLATE template0")

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

// A newerSchemaError says that a later version of the program wrote the database.
type newerSchemaError struct{ found, known int64 }

func (e *newerSchemaError) Error() string {
	return fmt.Sprintf("it was written by a newer cookieaudit (schema %d, this one knows up to %d): update cookieaudit", e.found, e.known)
}

// explain adds what was being done, the database, and in words what its error
// means for the person who chose it.
func (s *Store) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w%s", doing, s.name, err, s.meaning(err))
}

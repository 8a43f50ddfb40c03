// Package account says who may use the dashboard and the API, and how they
// prove who they are: roles, passwords, sessions and tokens.
//
// Nothing here is kept as it was given: of a password there is an argon2id hash,
// of a session and of a token the SHA-256 of a random secret.
package account

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Role says what a user may do. Each role may do what the ones before it may.
type Role string

// The roles. A viewer reads; an operator starts and stops scans and accepts
// findings; an admin manages users.
const (
	Viewer   Role = "viewer"
	Operator Role = "operator"
	Admin    Role = "admin"
)

// Roles lists the roles, the one that may do least first.
func Roles() []Role { return []Role{Viewer, Operator, Admin} }

// ParseRole returns the role of that name. The error lists the names.
func ParseRole(name string) (Role, error) {
	if r := Role(name); slices.Contains(Roles(), r) {
		return r, nil
	}
	return "", fmt.Errorf("there is no role %q: use one of %s, %s, %s", name, Viewer, Operator, Admin)
}

// Allows reports whether r may do what needs the role other.
func (r Role) Allows(other Role) bool {
	mine, needed := slices.Index(Roles(), r), slices.Index(Roles(), other)
	return needed >= 0 && mine >= needed
}

// AtMost returns the one of two roles that may do less.
func (r Role) AtMost(other Role) Role {
	if r.Allows(other) {
		return other
	}
	return r
}

// Errors that callers tell apart.
var (
	// ErrNotFound says that there is no such user, session or token.
	ErrNotFound = errors.New("not found")
	// ErrExists says that a user of that name is there already.
	ErrExists = errors.New("a user of that name exists already")
	// ErrLastAdmin says that nobody would be left who can manage users.
	ErrLastAdmin = errors.New("the last admin cannot be removed or given another role")
)

// A User is a person, or a program, that may sign in.
type User struct {
	Name string
	Role Role
	// Hash is of the password, in the form that Hash returns.
	Hash    string
	Created time.Time
	// Changed is when the password was last set.
	Changed time.Time
}

// A Session is a signed-in browser.
type Session struct {
	// ID is the digest of the secret that the browser holds.
	ID      Digest
	User    string
	Role    Role // of the user, as it is now
	Created time.Time
	// Seen is when it was last used, to about a minute.
	Seen time.Time
}

// How long a session lasts without being used, and at most (OWASP, Session
// Management: idle time-outs of hours are for low-risk applications; what is
// read here is of the day's work).
const (
	SessionIdle = 2 * time.Hour
	SessionLife = 12 * time.Hour
	// seenStep keeps a session from being written at every request.
	seenStep = time.Minute
)

// Valid reports whether the session still holds.
func (s *Session) Valid(now time.Time) bool {
	return now.Before(s.Created.Add(SessionLife)) && now.Before(s.Seen.Add(SessionIdle))
}

// Stale reports whether it is time to write down that it was used.
func (s *Session) Stale(now time.Time) bool { return now.Sub(s.Seen) >= seenStep }

// A Token lets a program use the API in a user's name.
type Token struct {
	ID   string // public; names it in lists
	User string
	// Name says what it is for, Role what it may do at most.
	Name    string
	Role    Role
	Digest  Digest
	Created time.Time
	// Used is when it was last used, zero for never; Expires is zero for a token
	// that does not.
	Used    time.Time
	Expires time.Time
}

// Valid reports whether the token still holds.
func (t *Token) Valid(now time.Time) bool { return t.Expires.IsZero() || now.Before(t.Expires) }

// Stale reports whether it is time to write down that it was used.
func (t *Token) Stale(now time.Time) bool { return now.Sub(t.Used) >= seenStep }

// MaxName is the longest name of a user, in characters.
const MaxName = 64

// CheckName says what is wrong with the name of a user. Names are told apart as
// they are written, so what only looks alike is not let in.
func CheckName(name string) error {
	switch {
	case name == "":
		return errors.New("a name is missing")
	case utf8.RuneCountInString(name) > MaxName:
		return fmt.Errorf("a name has at most %d characters", MaxName)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-@+", r))
	}):
		return errors.New("a name is written in lower-case letters a to z, digits and . _ - @ +")
	}
	return nil
}

// The lengths of a password in characters. NIST SP 800-63B asks for 15 where it
// is the only factor, and for room for at least 64; longer ones only cost time.
const (
	MinPassword = 15
	MaxPassword = 256
)

// CheckPassword says what is wrong with a new password of a user.
func CheckPassword(name, password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return errors.New("a password has no control characters")
	case n < MinPassword:
		return fmt.Errorf("a password has at least %d characters", MinPassword)
	case n > MaxPassword:
		return fmt.Errorf("a password has at most %d characters", MaxPassword)
	case len(name) > 3 && strings.Contains(strings.ToLower(password), name):
		return errors.New("a password does not hold the user's name")
	case distinct(password) < 5:
		return errors.New("a password has at least 5 different characters")
	}
	return nil
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

package account

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what one hash takes. Memory is in KiB.
type Cost struct {
	Time, Memory uint32
	Threads      uint8
}

// DefaultCost is the second recommended option of RFC 9106, section 4, for
// machines that have not got 2 GiB to spare for a login: 64 MiB, three passes. It
// is above what OWASP's Password Storage Cheat Sheet asks for.
func DefaultCost() Cost { return Cost{Time: 3, Memory: 64 << 10, Threads: 4} }

// Bounds of what a stored hash may ask for: a hash that somebody has put into
// the database must not take the machine down.
const (
	maxTime   = 16
	maxMemory = 1 << 20 // KiB
)

const (
	saltLength = 16
	keyLength  = 32
)

// A Hasher hashes and checks passwords.
type Hasher struct {
	cost Cost
	// busy bounds how much memory logins take together.
	busy chan struct{}
	// decoy is checked where there is no such user, so that the answer takes as
	// long as for one that is there.
	decoy string
}

// NewHasher returns a Hasher of that cost.
func NewHasher(c Cost) *Hasher {
	h := &Hasher{cost: c, busy: make(chan struct{}, max(2, runtime.NumCPU()))}
	h.decoy = h.hash(NewSecret())
	return h
}

// Hash returns the hash of a password with its salt and cost, in PHC string
// format: $argon2id$v=19$m=65536,t=3,p=4$SALT$HASH.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return h.hash(password), nil
}

func (h *Hasher) hash(password string) string {
	salt := random(saltLength)
	key := argon2.IDKey([]byte(password), salt, h.cost.Time, h.cost.Memory, h.cost.Threads, keyLength)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.Memory, h.cost.Time, h.cost.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// Check reports whether a password is that of a hash. An empty hash stands for a
// user who is not there: it takes as long and is never right.
func (h *Hasher) Check(ctx context.Context, hash, password string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	c, salt, key, err := parseHash(hash)
	if err != nil {
		return false, err
	}
	got := argon2.IDKey([]byte(password), salt, c.Time, c.Memory, c.Threads, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1 && known, nil
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.busy <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for a turn to check a password: %w", context.Cause(ctx))
	}
}

func (h *Hasher) leave() { <-h.busy }

var errHash = errors.New("the stored hash of the password cannot be read")

func parseHash(s string) (c Cost, salt, key []byte, err error) {
	var version int
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return c, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return c, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); err != nil {
		return c, nil, nil, errHash
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 ||
		c.Time < 1 || c.Time > maxTime || c.Memory < 8 || c.Memory > maxMemory || c.Threads < 1 {
		return c, nil, nil, errHash
	}
	return c, salt, key, nil
}

package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"time"
)

// A Digest is the SHA-256 of a secret. The secret is random and as long as the
// digest, so it cannot be guessed and a slow hash would add nothing.
type Digest [sha256.Size]byte

// TokenPrefix begins every token, so that scanners of source code can find one
// that was published by mistake.
const TokenPrefix = "cookieaudit_"

// secretLength is 256 bits.
const secretLength = 32

// NewSecret returns a random secret for a session's cookie.
func NewSecret() string { return base64.RawURLEncoding.EncodeToString(random(secretLength)) }

// NewID returns a short random name that is no secret.
func NewID() string { return hex.EncodeToString(random(8)) }

// random reads from the system; crypto/rand.Read never fails.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

var errSecret = errors.New("this is no secret of ours")

// DigestOf returns the digest of a secret; the error is for what none of ours
// looks like.
func DigestOf(secret string) (Digest, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimPrefix(secret, TokenPrefix))
	if err != nil || len(b) != secretLength {
		return Digest{}, errSecret
	}
	return sha256.Sum256(b), nil
}

// MakeToken returns a new token and its secret.
func MakeToken(user, name string, role Role, now time.Time, life time.Duration) (t Token, secret string, err error) {
	secret = TokenPrefix + NewSecret()
	d, err := DigestOf(secret)
	if err != nil {
		return Token{}, "", err
	}
	return Token{ID: NewID(), User: user, Name: name, Role: role, Digest: d, Created: now, Expires: now.Add(life)}, secret, nil
}

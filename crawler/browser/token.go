package browser

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"cookieaudit/crawler/evidence"
)

// valueOf stands for a value that was seen at a moment.
func valueOf(s string, at time.Time) evidence.Value {
	sum := sha256.Sum256([]byte(s))
	return evidence.Value{SHA256: hex.EncodeToString(sum[:]), Length: len(s), Tokens: evidence.Tokens(s, at)}
}

package evidence

import (
	"crypto/rand"
	"strings"
	"time"
)

// NewScanID makes an identifier for a scan that sorts by time: the date and time
// of the start in UTC, and 40 random bits.
func NewScanID(started time.Time) string {
	return started.UTC().Format("20060102T150405") + "-" + strings.ToLower(rand.Text()[:8])
}

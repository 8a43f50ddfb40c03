package browser

import (
	"fmt"
	"slices"
)

// limits bound what one visit keeps of a site and does for it, so that none can
// fill the memory or hold up the others. All lie far above what sites need that
// mean no harm: the largest news pages come to some 1,500 requests, 300 cookie
// writes and 60 frames. What goes beyond a limit is told by Visit.Missed.
type limits struct {
	requests    int // requests that are kept; a page may fetch without end
	lines       int // Set-Cookie lines that are kept
	lineBytes   int // and their length together: a header may have 256 KB
	writes      int // writes by scripts that are kept
	writeBytes  int // and their length together: one may have 64 KB
	stored      int // keys, databases and caches of web storage that are kept
	storedBytes int // and their length together: an origin may have 10 MB
	frames      int // documents of a page that are looked into, each a round trip
	windows     int // windows that a site may open, each a renderer at worst
	dialogs     int // dialogs that are answered before the script that opens them is stopped
	elements    int // of a document that is searched for closed shadow roots: 60,000 come to some 10 MB
	markup      int // bytes of a page that are searched for links
	address     int // bytes of an address that are kept; data: has megabytes
}

func visitLimits() limits {
	return limits{
		requests: 20_000, lines: 20_000, lineBytes: 32 << 20, writes: 20_000, writeBytes: 32 << 20,
		stored: 20_000, storedBytes: 64 << 20, frames: 100, windows: 10, dialogs: 20,
		elements: 60_000, markup: 8 << 20, address: 64 << 10,
	}
}

// miss notes something that could not be seen, once.
func (r *recorder) miss(format string, args ...any) {
	const most = 20
	if text := fmt.Sprintf(format, args...); len(r.missed) < most && !slices.Contains(r.missed, text) {
		r.missed = append(r.missed, text)
	}
}

// Missed says what of the visit was not seen or not kept, and why. Where it says
// nothing, what is not in the Record was not there to be seen.
func (v *Visit) Missed() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.rec.missed)
}

// A volume counts what is kept of a kind.
type volume struct{ count, bytes int }

// take adds one thing of n bytes and reports whether there was room for it.
func (u *volume) take(n, most, mostBytes int) bool {
	if u.count >= most || u.bytes+n > mostBytes {
		return false
	}
	u.count++
	u.bytes += n
	return true
}

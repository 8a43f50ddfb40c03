package account

import (
	"sync"
	"time"
)

// A Limiter counts failures by key, such as an address or a name, and says when
// there were too many. It counts in memory: a restart forgets.
type Limiter struct {
	most   int
	window time.Duration

	mu   sync.Mutex
	keys map[string]*attempts
	// swept is when what is over was last thrown away.
	swept time.Time
}

type attempts struct {
	n     int
	since time.Time
}

// maxKeys bounds the memory that somebody with many addresses can fill.
const maxKeys = 100_000

// NewLimiter returns a Limiter that lets most attempts pass within a window that
// begins with the first of them.
func NewLimiter(most int, window time.Duration) *Limiter {
	return &Limiter{most: most, window: window, keys: map[string]*attempts{}}
}

// Take counts an attempt and reports whether it may be made; if not, after how
// long the next one may. It counts before the outcome is known, so that attempts
// at the same time count too; Undo takes it back.
func (l *Limiter) Take(key string, now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	a := l.keys[key]
	if a == nil || now.Sub(a.since) >= l.window {
		if a == nil && len(l.keys) >= maxKeys {
			return l.window, false
		}
		a = &attempts{since: now}
		l.keys[key] = a
	}
	if a.n >= l.most {
		return a.since.Add(l.window).Sub(now), false
	}
	a.n++
	return 0, true
}

// Undo takes an attempt back that was a success.
func (l *Limiter) Undo(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.keys[key]; a != nil && a.n > 0 {
		a.n--
	}
}

func (l *Limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < l.window {
		return
	}
	l.swept = now
	for k, a := range l.keys {
		if now.Sub(a.since) >= l.window {
			delete(l.keys, k)
		}
	}
}

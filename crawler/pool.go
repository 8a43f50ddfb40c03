package crawler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"

	"cookieaudit/crawler/browser"
)

// A pool lends browsers to scans: a few processes with a few scans each, so that
// a browser that dies takes few scans along, and none grows old.
type pool struct {
	launch func(context.Context) (*browser.Browser, error) // started and tested
	limits poolLimits
	log    *slog.Logger

	mu      sync.Mutex
	members []*member
	failed  error // what went wrong when browsers were ended
}

// poolLimits bound what is asked of one browser.
type poolLimits struct {
	scans  int   // at the same time
	age    int   // scans in its life: what a context leaves behind adds up
	memory int64 // bytes that its main process may hold before it takes no more scans
}

// A browser's main process was measured at 100 to 200 MiB, whatever the scans;
// the renderers are bounded by themselves.
func defaultPoolLimits() poolLimits { return poolLimits{scans: 4, age: 500, memory: 1 << 30} }

// A member is one browser of the pool.
type member struct {
	b      *browser.Browser
	active int // scans that hold it
	begun  int // scans that ever held it
}

// usable reports whether the member may be lent to one more scan.
func (m *member) usable(l poolLimits) bool { return m.active < l.scans && !m.spent(l) }

// spent reports whether the member is to be ended once nobody holds it.
func (m *member) spent(l poolLimits) bool {
	return m.gone() || m.begun >= l.age || m.b.Memory() > l.memory
}

func (m *member) gone() bool { return !m.b.Answers() }

// borrow returns the usable browser with the fewest scans, or a new one.
func (p *pool) borrow(ctx context.Context) (*member, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	var best *member
	for _, m := range p.members {
		if m.usable(p.limits) && (best == nil || m.active < best.active) {
			best = m
		}
	}
	if best == nil {
		b, err := p.launch(ctx)
		if err != nil {
			return nil, err
		}
		best = &member{b: b}
		p.members = append(p.members, best)
	}
	best.active++
	best.begun++
	return best, nil
}

// sweep forgets browsers that have died while nobody held them; p.mu is held.
func (p *pool) sweep() {
	p.members = slices.DeleteFunc(p.members, func(m *member) bool {
		if m.active > 0 || !m.gone() {
			return false
		}
		p.failed = errors.Join(p.failed, m.b.Close())
		return true
	})
}

// giveBack ends a browser that is spent and that nobody holds any more.
func (p *pool) giveBack(m *member) {
	p.mu.Lock()
	m.active--
	ends := m.active == 0 && m.spent(p.limits)
	if ends {
		p.members = slices.DeleteFunc(p.members, func(o *member) bool { return o == m })
	}
	p.mu.Unlock()
	if !ends {
		return
	}
	p.log.Debug("browser ended", "scans", m.begun, "died", m.gone())
	if err := m.b.Close(); err != nil {
		p.mu.Lock()
		p.failed = errors.Join(p.failed, err)
		p.mu.Unlock()
	}
}

// close ends every browser.
func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.failed
	for _, m := range p.members {
		err = errors.Join(err, m.b.Close())
	}
	p.members = nil
	return err
}

// A lease is one scan's hold on a browser of the pool.
type lease struct {
	pool *pool

	mu   sync.Mutex
	held *member
}

// browser returns the scan's browser, which is living and tested: the same one
// until it dies.
func (l *lease) browser(ctx context.Context) (*browser.Browser, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held != nil && l.held.gone() {
		l.pool.log.Debug("the browser has died: another one takes its place")
		l.pool.giveBack(l.held)
		l.held = nil
	}
	if l.held == nil {
		m, err := l.pool.borrow(ctx)
		if err != nil {
			return nil, err
		}
		l.held = m
	}
	return l.held.b, nil
}

// end gives the browser back.
func (l *lease) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held != nil {
		l.pool.giveBack(l.held)
		l.held = nil
	}
}

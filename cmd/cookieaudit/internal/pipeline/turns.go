package pipeline

import (
	"sync"

	"cookieaudit/crawler/evidence"
)

// perDomain is how many sites of one registrable domain are scanned at once: they
// are often served by one machine, and a scan is as heavy as three visitors.
const perDomain = 2

// turns hands out sites in their order, past those whose domain has enough to do.
type turns struct {
	sites []evidence.Site

	mu     sync.Mutex
	at     int            // the next one that was not looked at yet
	freed  []int          // those that were passed over and may go now
	busy   map[string]int // scans by domain
	passed map[string][]int
}

func newTurns(sites []evidence.Site) *turns {
	return &turns{sites: sites, busy: map[string]int{}, passed: map[string][]int{}}
}

// next returns the number of a site whose turn it is. Where there is none, those
// that are left wait for a scan that is under way, and whoever makes that one
// takes them on.
func (t *turns) next() (int, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.freed); n > 0 {
		i := t.freed[n-1]
		t.freed = t.freed[:n-1]
		t.busy[t.sites[i].Domain]++
		return i, true
	}
	for ; t.at < len(t.sites); t.at++ {
		d := t.sites[t.at].Domain
		if d == "" || t.busy[d] < perDomain {
			t.busy[d]++
			t.at++
			return t.at - 1, true
		}
		t.passed[d] = append(t.passed[d], t.at)
	}
	return 0, false
}

// done says that a site was scanned.
func (t *turns) done(i int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	d := t.sites[i].Domain
	if t.busy[d]--; t.busy[d] == 0 {
		delete(t.busy, d)
	}
	if waiting := t.passed[d]; len(waiting) > 0 {
		t.freed = append(t.freed, waiting[0])
		t.passed[d] = waiting[1:]
	}
}

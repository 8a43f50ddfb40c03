// Package machine keeps scans from asking more of a machine than it has.
package machine

import (
	"context"
	"runtime"
	"sync"
	"time"
)

const (
	// scanMemory is what a scan may come to need, in bytes: shop-sized pages were
	// measured at 60 to 100 MiB for each of three visits (PSS), heavy ones at twice
	// that.
	scanMemory = 400 << 20
	// spareMemory is left to everything else that runs.
	spareMemory = 256 << 20
	// grownUp is when a scan has taken most of the memory that it will take.
	grownUp = 5 * time.Second
	// busy is the share of time, in percent, in which something waited for a CPU
	// and from which on no more than one scan for each core is begun.
	busy = 20
	// pause is the time between two looks.
	pause = 250 * time.Millisecond
)

// A State is what a machine has left.
type State struct {
	// Memory is how many bytes can be taken without swapping, -1 where the system
	// does not tell.
	Memory int64
	// Pressure is in how much of the last ten seconds something waited for a CPU,
	// in percent; -1 where the system does not tell.
	Pressure float64
}

// A Gate lets scans begin while the machine has room for them. One scan is always
// let in, so that there is always one that ends.
type Gate struct {
	free int // scans that are let in without a look at the CPUs
	look func() State
	now  func() time.Time

	mu     sync.Mutex
	active int
	begun  []time.Time // of the scans that may still grow
}

// NewGate returns a gate of this machine. Of more scans than free, one is begun
// only while the CPUs have time.
func NewGate(free int) *Gate { return &Gate{free: free, look: Look, now: time.Now} }

// Cores is how many CPUs this process may use, as its container has it.
func Cores() int { return runtime.GOMAXPROCS(0) }

// Enter waits until there is room for a scan or ctx ends, which is the scan's own
// affair. The caller calls leave when the scan is done.
func (g *Gate) Enter(ctx context.Context) (leave func()) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for !g.admit() {
		select {
		case <-ctx.Done():
			return func() {}
		case <-tick.C:
		}
	}
	return func() {
		g.mu.Lock()
		g.active--
		g.mu.Unlock()
	}
}

func (g *Gate) admit() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	for len(g.begun) > 0 && now.Sub(g.begun[0]) > grownUp {
		g.begun = g.begun[1:]
	}
	if g.active > 0 && !g.room() {
		return false
	}
	g.active++
	g.begun = append(g.begun, now)
	return true
}

// room reports whether there is room for one scan more; g.mu is held.
func (g *Gate) room() bool {
	s := g.look()
	if s.Memory >= 0 && s.Memory < spareMemory+scanMemory*int64(1+len(g.begun)) {
		return false
	}
	// One at a time above that: what it costs shows a moment later.
	return g.active < g.free || s.Pressure >= 0 && s.Pressure < busy && len(g.begun) == 0
}

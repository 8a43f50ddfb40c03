package machine

import (
	"context"
	"testing"
	"time"
)

func TestGate(t *testing.T) {
	t.Parallel()
	const gib = 1 << 30
	for name, test := range map[string]struct {
		state State
		free  int
		at    time.Duration // between two scans that ask
		ask   int
		want  int
	}{
		"as many as there are cores":          {State{64 * gib, 90}, 4, time.Minute, 10, 4},
		"more while the CPUs have time":       {State{64 * gib, 3}, 4, time.Minute, 10, 10},
		"more, but not all at once":           {State{64 * gib, 3}, 4, time.Millisecond, 10, 4},
		"no memory, and one goes on":          {State{100 << 20, 0}, 4, time.Minute, 10, 1},
		"what has just begun will grow":       {State{gib, 0}, 4, time.Millisecond, 10, 1},
		"what has begun long ago has grown":   {State{gib, 0}, 4, time.Minute, 10, 10},
		"a system that tells nothing":         {State{-1, -1}, 3, time.Minute, 10, 3},
		"a system without pressure, a memory": {State{64 * gib, -1}, 3, time.Minute, 10, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now()
			g := &Gate{free: test.free, look: func() State { return test.state }, now: func() time.Time { return now }}
			in := 0
			for range test.ask {
				now = now.Add(test.at)
				if g.admit() {
					in++
				}
			}
			if in != test.want {
				t.Errorf("%d of %d were let in, want %d", in, test.ask, test.want)
			}
		})
	}
}

// Who leaves makes room, and who waits hears of the end of its context.
func TestGateEnter(t *testing.T) {
	t.Parallel()
	g := &Gate{free: 1, look: func() State { return State{-1, -1} }, now: time.Now}
	leave := g.Enter(t.Context())
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	g.Enter(ended)()
	if g.active != 1 {
		t.Errorf("%d are in after one gave up, want 1", g.active)
	}
	in := make(chan func())
	go func() { in <- g.Enter(t.Context()) }()
	leave()
	(<-in)()
	if g.active != 0 {
		t.Errorf("%d are in after all have left", g.active)
	}
}

package pipeline

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"cookieaudit/crawler/evidence"
)

// A domain with many sites neither gets more than two scans at once nor keeps the
// other domains waiting, and every site has its turn, in order where it can.
func TestTurns(t *testing.T) {
	t.Parallel()
	var list []evidence.Site
	for i := range 9 {
		list = append(list, evidence.Site{URL: fmt.Sprintf("https://www%d.big.test/", i), Domain: "big.test"})
	}
	list = append(list, evidence.Site{URL: "https://one.test/", Domain: "one.test"}, evidence.Site{URL: "http://127.0.0.1/"})
	q := newTurns(list)
	take := func(want ...int) {
		t.Helper()
		for _, w := range want {
			if i, ok := q.next(); !ok || i != w {
				t.Fatalf("turn of %d %v, want %d", i, ok, w)
			}
		}
	}
	take(0, 1, 9, 10)
	if i, ok := q.next(); ok {
		t.Fatalf("turn of %d while two of its domain are under way", i)
	}
	q.done(9)
	if i, ok := q.next(); ok {
		t.Fatalf("turn of %d while two of its domain are under way", i)
	}
	for i := 2; i < 9; i++ {
		q.done(i - 2)
		take(i)
	}
	q.done(7)
	q.done(8)
	if i, ok := q.next(); ok {
		t.Fatalf("turn of %d after all", i)
	}
}

// A hundred thousand sites of one domain cost no more for each than a hundred.
func TestTurnsAreLinear(t *testing.T) {
	t.Parallel()
	list := make([]evidence.Site, 100_000)
	for i := range list {
		list[i] = evidence.Site{URL: fmt.Sprintf("https://www%d.big.test/", i), Domain: "big.test"}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	q := newTurns(list)
	seen := make([]bool, len(list))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, ok := q.next(); ok && ctx.Err() == nil; i, ok = q.next() {
				seen[i] = true
				q.done(i)
			}
		})
	}
	wg.Wait()
	for i, s := range seen {
		if !s {
			t.Fatalf("site %d had no turn", i)
		}
	}
}

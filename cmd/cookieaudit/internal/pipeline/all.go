package pipeline

import (
	"context"
	"sync"

	"cookieaudit/crawler/evidence"
)

// RunAll scans sites, at most parallel at once (one where parallel is less
// than 1), and hands exactly one result per site to done, in the order of
// sites, as soon as it and those before it are there. done is never called
// twice at once; scanning waits for a done that is slow. Of one registrable
// domain at most two sites are scanned at once, and the others go first.
//
// A failure of one site never stops the others; it is in that site's result.
// When the context ends, what has begun is recorded, the rest is handed to done
// with ErrNotScanned, and RunAll returns the context's cause.
func (p *Pipeline) RunAll(ctx context.Context, sites []evidence.Site, parallel int, done func(Result)) error {
	order := &inOrder{waiting: map[int]Result{}, done: done}
	turns := newTurns(sites)
	var wg sync.WaitGroup
	for range min(max(1, parallel), len(sites)) {
		wg.Go(func() {
			for i, ok := turns.next(); ok; i, ok = turns.next() {
				order.add(i, p.Run(ctx, sites[i]))
				turns.done(i)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx) // nil while the context holds
}

// inOrder passes results on in the order of their numbers.
type inOrder struct {
	mu      sync.Mutex
	waiting map[int]Result
	next    int
	done    func(Result)
}

func (o *inOrder) add(i int, r Result) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.waiting[i] = r
	for {
		r, ok := o.waiting[o.next]
		if !ok {
			return
		}
		delete(o.waiting, o.next)
		o.next++
		o.done(r)
	}
}

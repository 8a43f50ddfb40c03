package browser

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/chromedp/cdproto/runtime"
)

// busyTimeout is how long a document that has held everything up before is given
// to answer, before its script is stopped and once more after that. A slow machine
// must not look like an endless script.
const busyTimeout = 2 * time.Second

var errBusy = errors.New("the document did not answer")

// unblock stops the scripts that hold up the visited page's documents, so that
// the rest of what these do is seen. A visitor's browser offers the same.
func (v *Visit) unblock(ctx context.Context) {
	v.mu.Lock()
	sessions := v.documents()
	v.mu.Unlock()
	var wg sync.WaitGroup
	for _, s := range sessions {
		wg.Go(func() {
			if !errors.Is(s.answers(ctx), errBusy) {
				return
			}
			s.post(runtime.TerminateExecution.Method, nil)
			if s.answers(ctx) != nil {
				return // it was no script that held it up
			}
			v.mu.Lock()
			v.rec.miss("a script that did not end was stopped")
			v.mu.Unlock()
		})
	}
	wg.Wait()
}

// answers waits for a sign of life from a session's process.
func (s *session) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, busyTimeout, errBusy)
	defer cancel()
	return evaluate(ctx, s, 0, "0", nil)
}

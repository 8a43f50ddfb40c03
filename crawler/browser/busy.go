package browser

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/chromedp/cdproto/runtime"
)

// busyTimeout is how long a document that has held everything up before is given
// to answer before its script is stopped: a slow machine, or a page on its way to
// the next one, must not look like an endless script.
const busyTimeout = 4 * time.Second

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
			ctx, cancel := context.WithTimeoutCause(ctx, busyTimeout, errBusy)
			defer cancel()
			if err := evaluate(ctx, s, 0, "0", nil); !errors.Is(err, errBusy) {
				return
			}
			s.post(runtime.TerminateExecution.Method, nil)
			v.mu.Lock()
			v.rec.miss("a document did not answer for %s: what its script was doing was stopped", busyTimeout)
			v.mu.Unlock()
		})
	}
	wg.Wait()
}

package browser

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/chromedp/cdproto/runtime"
)

// busyTimeout is how long a document that has held everything up before is
// given to answer before its script counts as one that does not end.
const busyTimeout = 500 * time.Millisecond

var errBusy = errors.New("a script does not end")

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
			v.note("a script that did not end was stopped")
			v.mu.Unlock()
		})
	}
	wg.Wait()
}

package browser

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/systeminfo"
)

const (
	// rendererMemory is what one renderer process may hold in memory. Pages that
	// mean no harm were measured at 60 to 500 MiB; V8 alone would go on to 4 GiB,
	// and buffers have no bound at all.
	rendererMemory = 2 << 30 // bytes
	// memoryPause is the time between two looks: a page fills 1 to 2 GiB a second.
	memoryPause = 250 * time.Millisecond
)

// watchMemory ends renderers that hold too much memory, until the browser ends
// or ctx does. Whoever visits the page learns that its renderer is gone.
func (b *Browser) watchMemory(ctx context.Context, most int64) {
	tick := time.NewTicker(memoryPause)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-b.exited:
			return
		case <-ctx.Done():
			return
		}
		got, err := cdp.Call(ctx, b.root, systeminfo.GetProcessInfo, cdp.Empty{})
		if err != nil {
			continue // it is ending, or too busy to tell
		}
		for _, p := range got.ProcessInfo {
			if p.Type == "renderer" && residentBytes(int(p.ID)) > most {
				b.log.Debug("renderer ended for its memory", "pid", p.ID)
				b.greedy.Store(ptr(time.Now()))
				killProcess(int(p.ID))
			}
		}
	}
}

// Memory is what the browser's main process holds, in bytes; 0 where the system
// does not tell.
func (b *Browser) Memory() int64 { return residentBytes(b.PID()) }

// endOfRenderer says why a renderer has just gone. The browser does not tell; one
// that was ended for its memory was so a moment ago.
func (b *Browser) endOfRenderer() string {
	if ended := b.greedy.Load(); ended != nil && time.Since(*ended) < 2*time.Second {
		return "the page's renderer was ended: it used too much memory"
	}
	return "the page crashed its renderer"
}

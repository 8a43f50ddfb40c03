package browser

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
)

const (
	// pictureTimeout bounds one picture in real time.
	pictureTimeout = 5 * time.Second
	// pictureWait is how long a picture is waited for before the page's clock is
	// moved: it takes 30 to 200 ms (measured on Chromium 156, on 2 cores).
	pictureWait = 500 * time.Millisecond
	// maxPicture bounds what a record keeps of one picture, in bytes.
	maxPicture = 4 << 20
)

var (
	errPictureTimeout = errors.New("the page drew no picture within 5 s")
	errNoPage         = errors.New("no page is open")
	errBigPicture     = errors.New("it has more than 4 MiB")
)

// Screenshot takes a PNG picture of what the window shows. A page whose clock
// stands still has nothing new to draw; one that is in the middle of drawing is
// let go on.
func (v *Visit) Screenshot(ctx context.Context) ([]byte, error) {
	v.mu.Lock()
	s := v.page
	v.mu.Unlock()
	if s == nil {
		return nil, fmt.Errorf("take a picture: %w", errNoPage)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, pictureTimeout, errPictureTimeout)
	defer cancel()
	type result struct {
		png []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		// As many bytes as it takes, sooner: optimising them takes longer than the
		// picture itself.
		shot, err := cdp.Call(ctx, s, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, OptimizeForSpeed: ptr(true)})
		done <- result{shot.Data, err}
	}()
	tick := time.NewTicker(pictureWait)
	defer tick.Stop()
	for {
		select {
		case r := <-done:
			switch {
			case r.err != nil:
				return nil, fmt.Errorf("take a picture: %w", r.err)
			case len(r.png) > maxPicture:
				return nil, fmt.Errorf("take a picture: %w", errBigPicture)
			}
			return r.png, nil
		case <-tick.C:
			// An error is the context's, which ends the call as well.
			_ = v.Advance(ctx, answerTime)
		}
	}
}

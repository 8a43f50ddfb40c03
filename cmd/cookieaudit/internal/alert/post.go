package alert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// postTime bounds one attempt to deliver a message.
const postTime = 15 * time.Second

// attempts is how often a message is posted before the caller is told that it
// did not arrive.
const attempts = 3

// A poster posts JSON. The address may be a secret: no error holds it.
type poster struct {
	client *http.Client
	wait   time.Duration // before the second attempt; five times as long before the next
}

func newPoster(client *http.Client) poster {
	if client == nil {
		client = &http.Client{}
	}
	c := *client
	if c.Timeout == 0 {
		c.Timeout = postTime
	}
	// What is signed for one receiver is not handed on to another.
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return poster{client: &c, wait: time.Second}
}

// errRefused is an answer that another attempt does not change.
var errRefused = errors.New("the receiver refused it")

// post delivers a body. headers are made anew for each attempt, with its time.
func (p poster) post(ctx context.Context, address string, body []byte, headers func(time.Time) http.Header) error {
	wait := p.wait
	for attempt := 1; ; attempt++ {
		err := p.once(ctx, address, body, headers(time.Now()))
		if err == nil || attempt == attempts || errors.Is(err, errRefused) {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(err, context.Cause(ctx))
		case <-timer.C:
		}
		wait *= 5
	}
}

func (p poster) once(ctx context.Context, address string, body []byte, headers http.Header) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: its address is none", errRefused)
	}
	req.Header = headers
	resp, err := p.client.Do(req)
	var hasAddress *url.Error
	if errors.As(err, &hasAddress) {
		err = hasAddress.Err
	}
	if err != nil {
		return fmt.Errorf("post: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	switch s := resp.StatusCode; {
	case s >= 200 && s < 300:
		return nil
	case s == http.StatusRequestTimeout, s == http.StatusTooManyRequests, s >= 500:
		return fmt.Errorf("the receiver answered %d", s)
	default:
		return fmt.Errorf("%w: it answered %d", errRefused, s)
	}
}

package browser

import (
	"sync"

	"github.com/chromedp/cdproto"
)

// A queue holds commands until they can be written. It has no bound: the
// handler of events adds to it and must never wait.
type queue struct {
	mu     sync.Mutex
	items  []*cdproto.Message
	closed bool
	ready  chan struct{} // holds one token while there is something to do
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

// put adds a command and reports whether the queue still takes any.
func (q *queue) put(m *cdproto.Message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.items = append(q.items, m)
	q.signal()
	return true
}

// take waits for commands and returns all of them; nil once closed.
func (q *queue) take() []*cdproto.Message {
	for range q.ready {
		q.mu.Lock()
		items := q.items
		q.items = nil
		q.mu.Unlock()
		if len(items) > 0 {
			return items
		}
	}
	return nil
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		close(q.ready)
	}
}

func (q *queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

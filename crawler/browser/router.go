package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	jsonv2 "github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// errDetached says that the target of a session has gone away.
var errDetached = errors.New("the target has gone")

// A router carries the messages of every session of one browser. Events are
// handed on in the order in which the browser sent them, on one goroutine, so
// their handler must not wait for a call.
type router struct {
	transport chromedp.Transport
	handle    func(*session, any)
	log       *slog.Logger
	root      *session
	outbox    *queue
	done      chan struct{} // closed when nothing more can be read
	wrote     chan struct{} // closed when nothing more is written

	mu       sync.Mutex
	last     int64
	pending  map[int64]*call
	sessions map[target.SessionID]*session
}

// A call is a command that was sent and not answered yet.
type call struct {
	session *session
	method  string
	reply   chan *cdproto.Message // nil where nobody waits for the answer
	then    func(result []byte)   // takes the answer when it comes; nil where nobody does
}

// A session is the conversation with one target. It implements cdp.Session.
type session struct {
	router *router
	id     target.SessionID
	info   *target.Info // nil for the browser itself
	parent *session
	gone   *once // fired when nothing answers there any more

	// visit is set once, when the session is made, by the event's handler.
	visit *Visit
	// hook is the hook's source for this session, clock an expression for what the
	// clock of its documents shows; both are set likewise.
	hook, clock string
	// shift is how far that clock is behind the page's; the visit's mu guards it.
	shift time.Duration
	// spare is true while another session watches the same target.
	spare bool
}

func newRouter(t chromedp.Transport, handle func(*session, any), log *slog.Logger) *router {
	r := &router{
		transport: t, handle: handle, log: log,
		outbox: newQueue(), done: make(chan struct{}), wrote: make(chan struct{}),
		pending: map[int64]*call{}, sessions: map[target.SessionID]*session{},
	}
	r.root = &session{router: r, gone: newOnce()}
	r.sessions[""] = r.root
	go r.read()
	go r.write()
	return r
}

// close ends the conversation and waits for both directions to stop.
func (r *router) close() {
	r.outbox.close()
	_ = r.transport.Close() // nothing more is said on it
	<-r.done
	<-r.wrote
}

func (r *router) read() {
	defer close(r.done)
	for {
		msg := new(cdproto.Message)
		if err := r.transport.Read(context.Background(), msg); err != nil {
			if closedPipe(err) {
				return
			}
			r.log.Debug("message not understood", "error", err)
			continue
		}
		if msg.ID != 0 {
			r.answer(msg)
			continue
		}
		r.event(msg)
	}
}

// closedPipe reports whether err is the pipe's and not that of one message.
func closedPipe(err error) bool {
	var pathErr *os.PathError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrClosed) ||
		errors.As(err, &pathErr)
}

// write sends what is queued. It has a goroutine of its own so that a browser
// that has stopped reading blocks nobody: a caller's context still ends a call.
func (r *router) write() {
	defer close(r.wrote)
	for msgs := r.outbox.take(); msgs != nil; msgs = r.outbox.take() {
		for _, msg := range msgs {
			if err := r.transport.Write(context.Background(), msg); err != nil {
				r.log.Debug("command not sent", "method", msg.Method, "error", err)
			}
		}
	}
}

func (r *router) answer(msg *cdproto.Message) {
	r.mu.Lock()
	c := r.pending[msg.ID]
	delete(r.pending, msg.ID)
	r.mu.Unlock()
	switch {
	case c == nil:
	case c.reply != nil:
		c.reply <- msg // has room for one
	case c.then != nil && msg.Error == nil:
		c.then(msg.Result)
	case msg.Error != nil:
		// Not every kind of target knows every domain.
		r.log.Debug("command refused", "method", c.method, "target", c.session.kind(), "error", msg.Error)
	}
}

func (r *router) event(msg *cdproto.Message) {
	r.mu.Lock()
	s := r.sessions[msg.SessionID]
	r.mu.Unlock()
	if s == nil || !wanted(msg, s.mark()) {
		return
	}
	ev, err := cdproto.UnmarshalMessage(msg, chromedp.DefaultUnmarshalOptions)
	if err != nil {
		r.log.Debug("event not understood", "method", msg.Method, "error", err)
		return
	}
	switch e := ev.(type) {
	case *target.EventAttachedToTarget:
		// The child must be known before its first event is read.
		child := &session{router: r, id: e.SessionID, info: e.TargetInfo, parent: s, gone: newOnce()}
		r.mu.Lock()
		r.sessions[e.SessionID] = child
		r.mu.Unlock()
		r.handle(child, e)
		return
	case *target.EventDetachedFromTarget:
		r.mu.Lock()
		child := r.sessions[e.SessionID]
		delete(r.sessions, e.SessionID)
		r.mu.Unlock()
		if child == nil {
			return
		}
		child.gone.fire()
		r.handle(child, e)
		return
	}
	r.handle(s, ev)
}

// mark is what the hook's messages of the session begin with, empty where there
// is no hook.
func (s *session) mark() string {
	if s.visit == nil {
		return ""
	}
	return s.visit.mark
}

// kind is the type of the session's target, such as "page" or "service_worker".
func (s *session) kind() string {
	if s.info == nil {
		return "browser"
	}
	return s.info.Type
}

// post sends a command whose answer nobody waits for.
func (s *session) post(method string, params any) {
	s.ask(method, params, nil)
}

// ask sends a command whose answer is handed to a function, on the router's
// goroutine: it must not wait. None is handed on where the command fails.
func (s *session) ask(method string, params any, then func(result []byte)) {
	if err := s.send(method, params, call{then: then}); err != nil {
		s.router.log.Debug("command not sent", "method", method, "error", err)
	}
}

func (s *session) send(method string, params any, c call) error {
	var buf jsonv2.Value
	if params != nil {
		var err error
		if buf, err = jsonv2.Marshal(params, chromedp.DefaultMarshalOptions); err != nil {
			return fmt.Errorf("encode: %w", err)
		}
	}
	r := s.router
	r.mu.Lock()
	r.last++
	id := r.last
	c.session, c.method = s, method
	r.pending[id] = &c
	r.mu.Unlock()
	msg := &cdproto.Message{ID: id, SessionID: s.id, Method: cdproto.MethodType(method), Params: buf}
	if !r.outbox.put(msg) {
		r.forget(id)
		return ErrGone
	}
	return nil
}

// Call implements cdp.Session: it sends a command and waits for its answer, the
// end of the context, of the target or of the browser.
func (s *session) Call(ctx context.Context, method string, params, result any) error {
	reply := make(chan *cdproto.Message, 1)
	if err := s.send(method, params, call{reply: reply}); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, context.Cause(ctx))
	case <-s.gone.c:
		return fmt.Errorf("%s: %w", method, errDetached)
	case <-s.router.done:
		return fmt.Errorf("%s: %w", method, ErrGone)
	case msg := <-reply:
		if msg.Error != nil {
			return fmt.Errorf("%s: %w", method, msg.Error)
		}
		if result == nil {
			return nil
		}
		if err := jsonv2.Unmarshal(msg.Result, result, chromedp.DefaultUnmarshalOptions); err != nil {
			return fmt.Errorf("%s: decode the answer: %w", method, err)
		}
		return nil
	}
}

// forget drops a call that nobody waits for any more.
func (r *router) forget(id int64) {
	r.mu.Lock()
	delete(r.pending, id)
	r.mu.Unlock()
}

// Subscribe completes cdp.Session. Events reach the router's handler instead,
// so a subscription stays empty.
func (s *session) Subscribe(string) (events <-chan jsonv2.Value, cancel func()) {
	return make(chan jsonv2.Value), func() {}
}

var _ cdp.Session = (*session)(nil)

package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// A Frame is one document of the visited page, its own or that of an iframe,
// cross-site ones too.
type Frame struct {
	visit *Visit
	id    cdp.FrameID
	url   string
	top   bool
}

var errNoDocument = errors.New("the frame has no document")

// Frames lists the documents of the visited page, the top one first. Of a page
// that holds too many it lists some.
func (v *Visit) Frames() []*Frame {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []*Frame
	for id, f := range v.frames {
		if v.page == nil || f.session == nil || !f.session.within(v.page) {
			continue
		}
		out = append(out, &Frame{visit: v, id: id, url: f.url, top: v.isTop(f)})
	}
	slices.SortFunc(out, func(a, b *Frame) int {
		if a.top != b.top {
			if a.top {
				return -1
			}
			return 1
		}
		if c := strings.Compare(a.url, b.url); c != 0 {
			return c
		}
		return strings.Compare(string(a.id), string(b.id))
	})
	if most := v.rec.limits.frames; len(out) > most {
		v.rec.miss("more than %d frames on a page: not all were looked into", most)
		out = out[:most]
	}
	return out
}

func (v *Visit) isTop(f *frame) bool { return f.session == v.page && f.parent == "" }

func (v *Visit) isTopID(id cdp.FrameID) bool {
	f := v.frames[id]
	return f != nil && v.isTop(f)
}

// Top is the document of the visited page itself.
func (v *Visit) Top() *Frame {
	v.mu.Lock()
	defer v.mu.Unlock()
	for id, f := range v.frames {
		if v.isTop(f) {
			return &Frame{visit: v, id: id, url: f.url, top: true}
		}
	}
	return &Frame{visit: v, top: true} // its evaluations say that there is none
}

// URL is the document's address.
func (f *Frame) URL() string { return f.url }

// Top reports whether the document is the visited page's own.
func (f *Frame) Top() bool { return f.top }

// session is the session of the process that the document lives in, nil where
// the document has gone.
func (f *Frame) session() *session {
	f.visit.mu.Lock()
	defer f.visit.mu.Unlock()
	if d := f.visit.frames[f.id]; d != nil {
		return d.session
	}
	return nil
}

// worldName names the isolated world that our own scripts run in.
const worldName = "cookieaudit"

// Eval runs an expression in a world of our own, where the page's changes to
// built-in functions do not reach, and decodes its JSON value into out. A
// promise is waited for.
func (f *Frame) Eval(ctx context.Context, expression string, out any) error {
	for attempt := 0; ; attempt++ {
		s, world, err := f.world(ctx)
		if err == nil {
			err = evaluate(ctx, s, world, expression, out)
		}
		// The document may have been replaced since the world was made.
		if err == nil || attempt > 0 || !isGoneWorld(err) {
			return err
		}
		f.visit.mu.Lock()
		if d := f.visit.frames[f.id]; d != nil {
			d.own = 0
		}
		f.visit.mu.Unlock()
	}
}

// Markup returns the visited page as it is now, and whether that is all of it: of
// one that is very long it is the beginning.
func (v *Visit) Markup(ctx context.Context) (text string, whole bool, err error) {
	v.mu.Lock()
	most := v.rec.limits.markup
	v.mu.Unlock()
	var got struct {
		Markup string `json:"markup"`
		Length int    `json:"length"` // in UTF-16 units
	}
	ask := fmt.Sprintf(`(() => { const m = document.documentElement?.outerHTML ?? ""; return {markup: m.slice(0, %d), length: m.length} })()`, most)
	if err := v.Top().Eval(ctx, ask, &got); err != nil {
		return "", false, fmt.Errorf("read the rendered page: %w", err)
	}
	whole = got.Length <= most
	if !whole {
		v.mu.Lock()
		v.rec.miss("the page's markup has more than %d MiB: what lies behind was not searched for links", most>>20)
		v.mu.Unlock()
	}
	return got.Markup, whole, nil
}

// EvalMain runs an expression in the page's own world. What comes back is what
// the page wants to be seen.
func (f *Frame) EvalMain(ctx context.Context, expression string, out any) error {
	f.visit.mu.Lock()
	d := f.visit.frames[f.id]
	if d == nil || d.session == nil || d.main == 0 {
		f.visit.mu.Unlock()
		return errNoDocument
	}
	s, world := d.session, d.main
	f.visit.mu.Unlock()
	return evaluate(ctx, s, world, expression, out)
}

func (f *Frame) world(ctx context.Context) (*session, runtime.ExecutionContextID, error) {
	f.visit.mu.Lock()
	d := f.visit.frames[f.id]
	if d == nil || d.session == nil {
		f.visit.mu.Unlock()
		return nil, 0, errNoDocument
	}
	s, own := d.session, d.own
	f.visit.mu.Unlock()
	if own != 0 {
		return s, own, nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, evalTimeout, errEvalTimeout)
	defer cancel()
	made, err := cdp.Call(ctx, s, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: f.id, WorldName: worldName})
	if err != nil {
		return nil, 0, fmt.Errorf("make an isolated world: %w", err)
	}
	f.visit.mu.Lock()
	if d := f.visit.frames[f.id]; d != nil && d.session == s {
		d.own = made.ExecutionContextID
	}
	f.visit.mu.Unlock()
	return s, made.ExecutionContextID, nil
}

func isGoneWorld(err error) bool {
	return strings.Contains(err.Error(), "Cannot find context") || strings.Contains(err.Error(), "context was destroyed")
}

func evaluate(ctx context.Context, s *session, world runtime.ExecutionContextID, expression string, out any) error {
	ctx, cancel := context.WithTimeoutCause(ctx, evalTimeout, errEvalTimeout)
	defer cancel()
	res, err := cdp.Call(ctx, s, runtime.Evaluate, runtime.EvaluateParams{
		Expression: expression, ContextID: world,
		ReturnByValue: ptr(true), AwaitPromise: ptr(true),
	})
	if err != nil {
		return err
	}
	if e := res.ExceptionDetails; e != nil {
		text := e.Text
		if e.Exception != nil && e.Exception.Description != "" {
			text = e.Exception.Description
		}
		return fmt.Errorf("evaluate: %s", text)
	}
	if out == nil {
		return nil
	}
	if res.Result == nil || len(res.Result.Value) == 0 {
		return errors.New("evaluate: no value came back")
	}
	if err := json.Unmarshal(res.Result.Value, out); err != nil {
		return fmt.Errorf("decode what the page answered: %w", err)
	}
	return nil
}

package browser

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
)

//go:embed reveal.js
var revealScript string

const (
	// revealDepth is how many levels of a document are read at once: the browser
	// refuses an answer of more than 300 levels of JSON (Chromium 156, crdtp), and
	// an element takes two, a shadow root two more.
	revealDepth = 60
	// mostRoots bounds the closed roots of a document, each a round trip: those of
	// a banner are one or two.
	mostRoots = 500
	// revealGroup names what is held of the document while it is being read.
	revealGroup = "reveal"
)

// Reveal finds the closed shadow roots of the visited page, those that markup
// declares too, and returns how many were not known before. In the world that
// Eval runs in, element.shadowRoot has them from now on; the page's own world
// stays as it is, so that no page can tell. What is too large to be searched is
// told by Missed.
func (v *Visit) Reveal(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, evalTimeout, errEvalTimeout)
	defer cancel()
	found := 0
	for _, f := range v.Frames() {
		n, err := f.reveal(ctx)
		if err != nil && (ctx.Err() != nil || f.top) {
			return found, fmt.Errorf("look for closed shadow roots: %w", err)
		}
		found += n // a frame that is gone has none
	}
	v.mu.Lock()
	v.closed = v.closed || found > 0
	v.mu.Unlock()
	return found, nil
}

// Closed reports whether a page of the visit was found to have closed shadow
// roots.
func (v *Visit) Closed() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.closed
}

// A node is as much of a document's tree as tells where its shadow roots are.
type node struct {
	ID       cdp.BackendNodeID  `json:"backendNodeId"`
	Children []*node            `json:"children"`
	Count    int                `json:"childNodeCount"`
	Roots    []*node            `json:"shadowRoots"`
	Kind     cdp.ShadowRootType `json:"shadowRootType"`
}

// reveal finds the closed shadow roots of one document and hands them to our
// world.
func (f *Frame) reveal(ctx context.Context) (int, error) {
	s, world, err := f.world(ctx)
	if err != nil {
		return 0, err
	}
	f.visit.mu.Lock()
	most := f.visit.rec.limits.elements
	f.visit.mu.Unlock()
	ask := fmt.Sprintf(`document.getElementsByTagName("*").length > %d ? null : document`, most)
	got, err := cdp.Call(ctx, s, runtime.Evaluate, runtime.EvaluateParams{Expression: ask, ContextID: world, ObjectGroup: revealGroup})
	if err != nil {
		return 0, err
	}
	defer s.post(runtime.ReleaseObjectGroup.Method, runtime.ReleaseObjectGroupParams{ObjectGroup: revealGroup})
	if got.Result == nil || got.Result.ObjectID == "" {
		f.visit.mu.Lock()
		f.visit.rec.miss("a document has more than %d elements: it was not searched for closed shadow roots", most)
		f.visit.mu.Unlock()
		return 0, nil
	}
	closed, err := closedRoots(ctx, s, got.Result.ObjectID)
	if err != nil || len(closed) == 0 {
		return 0, err
	}
	return hand(ctx, s, world, closed)
}

// closedRoots lists the closed shadow roots of a document, outermost first.
func closedRoots(ctx context.Context, s *session, document runtime.RemoteObjectID) ([]cdp.BackendNodeID, error) {
	var closed []cdp.BackendNodeID
	var cut []cdp.BackendNodeID // whose children were too deep to be read with the others
	var walk func(n *node)
	walk = func(n *node) {
		if n.Kind == cdp.ShadowRootTypeUserAgent || len(closed) >= mostRoots {
			return // the browser's own, of inputs and videos
		}
		if n.Kind == cdp.ShadowRootTypeClosed {
			closed = append(closed, n.ID)
		}
		if n.Count > 0 && len(n.Children) == 0 {
			cut = append(cut, n.ID)
		}
		for _, c := range slices.Concat(n.Roots, n.Children) {
			walk(c)
		}
	}
	ask := dom.DescribeNodeParams{ObjectID: document, Depth: ptr(int64(revealDepth)), Pierce: ptr(true)}
	for {
		var got struct {
			Node *node `json:"node"`
		}
		if err := s.Call(ctx, dom.DescribeNode.Method, ask, &got); err != nil {
			return nil, err
		}
		if got.Node != nil {
			for _, c := range got.Node.Children { // it was met itself before
				walk(c)
			}
		}
		if len(cut) == 0 {
			return closed, nil
		}
		ask.ObjectID, ask.BackendNodeID = "", cut[0]
		cut = cut[1:]
	}
}

// hand gives shadow roots to our world of their document and returns how many
// were new to it.
func hand(ctx context.Context, s *session, world runtime.ExecutionContextID, roots []cdp.BackendNodeID) (int, error) {
	call := runtime.CallFunctionOnParams{
		FunctionDeclaration: revealScript, ExecutionContextID: world, ReturnByValue: ptr(true),
	}
	for _, id := range roots {
		got, err := cdp.Call(ctx, s, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: id, ExecutionContextID: world, ObjectGroup: revealGroup})
		if err != nil {
			continue // it has just been removed
		}
		call.Arguments = append(call.Arguments, &runtime.CallArgument{ObjectID: got.Object.ObjectID})
	}
	var n struct {
		Result struct {
			Value int `json:"value"`
		} `json:"result"`
	}
	err := s.Call(ctx, runtime.CallFunctionOn.Method, call, &n)
	return n.Result.Value, err
}

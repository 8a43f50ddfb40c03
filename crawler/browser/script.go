package browser

import (
	"encoding/json"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/debugger"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"cookieaudit/crawler/evidence"
)

// A script is a piece of code that a document or worker ran.
type script struct {
	// url is where the code was loaded from, for inline code its document; empty
	// for code that a script made: eval, a script element filled by a script.
	url string
	// by are the calls that were running when the code was compiled: those that
	// made it or brought it into the page. Empty for what the browser ran by itself.
	by []codeCall
	// around is the document around an about: document that the code is in.
	around string
}

// A codeCall is one frame of a stack with the code that it runs.
type codeCall struct {
	evidence.Call
	script *script // nil where it is not known
}

type scriptID struct {
	session *session
	id      cdp.ScriptID
}

// maxScripts bounds the memory for a page that makes code for ever.
const maxScripts = 50_000

// parsed notes a new script. Ids are given out anew when a page moves to
// another process, so stacks must be read when they come.
func (r *recorder) parsed(s *session, e *debugger.EventScriptParsed) {
	if len(r.code) >= maxScripts {
		return
	}
	// A sourceURL comment is what the code calls itself.
	c := &script{url: e.EmbedderName, by: r.calls(s, e.StackTrace)}
	if c.url == "" && !e.HasSourceURL {
		c.url = e.URL
	}
	if isAbout(c.url) && len(c.by) == 0 {
		var aux struct {
			FrameID cdp.FrameID `json:"frameId"`
		}
		if json.Unmarshal(e.ExecutionContextAuxData, &aux) == nil {
			made := r.made[aux.FrameID]
			c.by, c.around = made.calls, made.url
		}
	}
	r.code[scriptID{s, e.ScriptID}] = c
}

// isAbout reports whether an address is that of a document without one of its own:
// about:blank, about:srcdoc. What brought it into the page is who made its frame.
func isAbout(address string) bool { return strings.HasPrefix(address, "about:") }

// maxFrames bounds the memory for a page that makes frames for ever.
const maxFrames = 20_000

// framed notes who made a frame: a script, or the markup of the document around
// it. One that moves to another process is told of anew, without its maker.
func (r *recorder) framed(s *session, e *page.EventFrameAttached, around string) {
	o := origin{calls: r.calls(s, e.Stack), url: around}
	if _, known := r.made[e.FrameID]; (known && len(o.calls) == 0) || len(r.made) >= maxFrames {
		return
	}
	r.made[e.FrameID] = o
}

// calls reads a stack, innermost call first, with those that scheduled it after
// it. Code without an address stands where it was made, which is what can be
// looked up.
func (r *recorder) calls(s *session, t *runtime.StackTrace) []codeCall {
	var out []codeCall
	for depth := 0; t != nil && depth <= asyncDepth; t, depth = t.Parent, depth+1 {
		for _, f := range t.CallFrames {
			c := codeCall{
				Call:   evidence.Call{Function: f.FunctionName, URL: f.URL, Line: int(f.LineNumber) + 1, Column: int(f.ColumnNumber) + 1},
				script: r.code[scriptID{s, f.ScriptID}],
			}
			switch {
			case c.script == nil:
			case c.script.url != "":
				c.URL = c.script.url
			case len(c.script.by) > 0:
				maker := c.script.by[0]
				c.URL, c.Line, c.Column = maker.URL, maker.Line, maker.Column
			default:
				c.URL = ""
			}
			if c.URL != "" {
				out = append(out, c)
			}
		}
	}
	return out
}

// reported are the calls behind a report of the hook, whose own two come first:
// the reporter, which has no address, and the condition, whose address is the mark.
func (r *recorder) reported(s *session, t *runtime.StackTrace, mark string) []codeCall {
	if t == nil {
		return nil
	}
	for i, f := range t.CallFrames {
		if f.URL == mark {
			site := *t
			site.CallFrames = t.CallFrames[i+1:]
			return r.calls(s, &site)
		}
	}
	return nil
}

// An origin is who caused a request: the calls that made it, or the document
// whose markup asks for it.
type origin struct {
	calls []codeCall
	url   string
}

func (r *recorder) origin(s *session, i *network.Initiator, in cdp.FrameID) origin {
	if i == nil {
		return origin{}
	}
	o := origin{calls: r.calls(s, i.Stack), url: i.URL}
	if made, known := r.made[in]; known && len(o.calls) == 0 && isAbout(o.url) {
		return made
	}
	return o
}

// address is that of the innermost code, else of the document.
func (o *origin) address() string {
	if len(o.calls) > 0 {
		return o.calls[0].URL
	}
	return o.url
}

// plainCalls are calls as they are recorded.
func plainCalls(calls []codeCall) []evidence.Call {
	var out []evidence.Call
	for _, c := range calls {
		c.URL = clip(c.URL)
		out = append(out, c.Call)
	}
	return out
}

package consent

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The bridge runs expressions in documents of a real browser without a debugging
// protocol: every document that the test server sends begins with a script that
// asks the server what to evaluate and posts what came of it. Layout, events and
// storage are the browser's own. Page time runs tenfold: the script divides what
// the page gives to setTimeout by ten.

//go:embed testdata/bridge.js
var bridgeJS string

// domain is the registrable domain of the pages, so that each is its own site's
// first party although the driving document embeds it.
const domain = "cases.test"

var errGone = errors.New("document is gone")

type bridge struct {
	pages map[string]string // host/path -> HTML
	done  chan struct{}     // closed at the end of the test

	mu      sync.Mutex
	changed chan struct{} // closed and replaced when frames come or go
	frames  []*bridgeFrame
	pending map[string]chan answer // sequence -> who waits
	seq     int
}

type answer struct {
	Value json.RawMessage `json:"value"`
	Error string          `json:"error"`
}

type order struct {
	Seq  string `json:"seq"`
	Code string `json:"code"`
}

func newBridge(pages map[string]string) *bridge {
	return &bridge{pages: pages, done: make(chan struct{}), changed: make(chan struct{}), pending: map[string]chan answer{}}
}

// ServeHTTP sends pages and passes orders and answers.
func (b *bridge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, _ := strings.Cut(r.Host, ":")
	id := r.URL.Query().Get("id")
	switch r.URL.Path {
	case "/~hello":
		b.hello(&bridgeFrame{bridge: b, id: id, host: host, url: r.URL.Query().Get("url"), top: r.URL.Query().Get("top") == "1", orders: make(chan order)})
	case "/~bye":
		b.bye(id)
	case "/~next":
		b.next(w, r, id)
	case "/~done":
		var a answer
		if err := json.NewDecoder(r.Body).Decode(&a); err != nil {
			a.Error = err.Error()
		}
		b.mu.Lock()
		c := b.pending[r.URL.Query().Get("seq")]
		delete(b.pending, r.URL.Query().Get("seq"))
		b.mu.Unlock()
		if c != nil {
			c <- a
		}
	default:
		page, ok := b.pages[host+r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		fmt.Fprintf(w, "<!doctype html><script>%s</script>%s", bridgeJS, page)
	}
}

func (b *bridge) hello(f *bridgeFrame) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f.gone = make(chan struct{})
	b.frames = append(b.frames, f)
	b.notify()
}

func (b *bridge) bye(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, f := range b.frames {
		if f.id == id {
			close(f.gone)
			b.frames = append(b.frames[:i:i], b.frames[i+1:]...)
			b.notify()
			return
		}
	}
}

func (b *bridge) notify() {
	close(b.changed)
	b.changed = make(chan struct{})
}

func (b *bridge) next(w http.ResponseWriter, r *http.Request, id string) {
	b.mu.Lock()
	var f *bridgeFrame
	for _, x := range b.frames {
		if x.id == id {
			f = x
		}
	}
	b.mu.Unlock()
	if f == nil {
		http.Error(w, "unknown frame", http.StatusGone)
		return
	}
	select {
	case o := <-f.orders:
		json.NewEncoder(w).Encode(o)
	case <-r.Context().Done():
	case <-b.done:
		http.Error(w, "over", http.StatusGone)
	}
}

// of returns the frames of a case, the top one first.
func (b *bridge) of(name string) []*bridgeFrame {
	b.mu.Lock()
	defer b.mu.Unlock()
	var top, rest []*bridgeFrame
	for _, f := range b.frames {
		if label, _, _ := strings.Cut(f.host, "."); label != name {
			continue
		}
		if f.top {
			top = append(top, f)
		} else {
			rest = append(rest, f)
		}
	}
	return append(top, rest...)
}

// top waits for the top frame of a case.
func (b *bridge) top(ctx context.Context, name string) (*bridgeFrame, error) {
	for {
		b.mu.Lock()
		changed := b.changed
		b.mu.Unlock()
		if fs := b.of(name); len(fs) > 0 && fs[0].top {
			return fs[0], nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// A bridgeFrame is a document in the browser.
type bridgeFrame struct {
	bridge    *bridge
	id        string
	host, url string
	top       bool
	orders    chan order
	gone      chan struct{}
}

func (f *bridgeFrame) URL() string { return f.url }
func (f *bridgeFrame) Top() bool   { return f.top }
func (f *bridgeFrame) EvalMain(ctx context.Context, expression string, out any) error {
	return f.Eval(ctx, expression, out)
}

func (f *bridgeFrame) Eval(ctx context.Context, expression string, out any) error {
	f.bridge.mu.Lock()
	f.bridge.seq++
	o := order{fmt.Sprint(f.bridge.seq), expression}
	c := make(chan answer, 1)
	f.bridge.pending[o.Seq] = c
	f.bridge.mu.Unlock()
	select {
	case f.orders <- o:
	case <-f.gone:
		return errGone
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case a := <-c:
		if a.Error != "" {
			return errors.New(a.Error)
		}
		if out == nil {
			return nil
		}
		return json.Unmarshal(a.Value, out)
	case <-f.gone:
		return errGone
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// A bridgePage is one case, open in the browser.
type bridgePage struct {
	bridge  *bridge
	name    string
	elapsed time.Duration
	marked  []int64 // moments at which an answer was announced
}

func (p *bridgePage) Frames() []Frame {
	var fs []Frame
	for _, f := range p.bridge.of(p.name) {
		fs = append(fs, f)
	}
	return fs
}

func (p *bridgePage) Now() int64 { return p.elapsed.Milliseconds() }

func (p *bridgePage) MarkAnswer(context.Context) error {
	p.marked = append(p.marked, p.Now())
	return nil
}

// Advance lets the page's own timer say when the time is over. A page that
// navigates meanwhile loses its timer: the new one is asked again.
func (p *bridgePage) Advance(ctx context.Context, d time.Duration) error {
	p.elapsed += d
	for {
		f, err := p.bridge.top(ctx, p.name)
		if err != nil {
			return err
		}
		err = f.Eval(ctx, fmt.Sprintf("new Promise((r) => setTimeout(r, %d))", d.Milliseconds()), nil)
		if !errors.Is(err, errGone) {
			return err
		}
	}
}

func (p *bridgePage) Cookies(ctx context.Context) ([]StoredCookie, error) {
	f, err := p.bridge.top(ctx, p.name)
	if err != nil {
		return nil, err
	}
	var line string
	if err := f.Eval(ctx, "document.cookie", &line); err != nil {
		return nil, err
	}
	var cs []StoredCookie
	for _, part := range strings.Split(line, "; ") {
		if name, value, ok := strings.Cut(part, "="); ok {
			cs = append(cs, StoredCookie{Name: name, Domain: f.host, Value: value})
		}
	}
	return cs, nil
}

// startBrowser serves the pages, starts a browser on the driving document and
// returns the driver. It skips where no browser is installed.
func startBrowser(t *testing.T, pages map[string]string) (*bridge, *bridgeFrame) {
	t.Helper()
	bin := ""
	for _, name := range []string{os.Getenv("COOKIEAUDIT_BROWSER"), "chromium-headless-shell", "chromium", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil && bin == "" {
			bin = p
		}
	}
	if bin == "" {
		t.Skip("no browser is installed")
	}
	pages["driver."+domain+"/"] = "<body style='margin:0'>"
	b := newBridge(pages)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: b, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()

	cmd := exec.Command(bin, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-port=0", "--window-size=1300,900",
		"--user-data-dir="+t.TempDir(), "--host-resolver-rules=MAP *.test "+l.Addr().String()+", MAP * ~NOTFOUND", "http://driver."+domain+"/")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(b.done)
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
			t.Errorf("end the browser: %v", err)
		}
		_ = cmd.Wait() // killed
		server.Close()
		<-served
	})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	driver, err := b.top(ctx, "driver")
	if err != nil {
		t.Fatalf("the browser did not open the driving document: %v", err)
	}
	return b, driver
}

// openCase loads a case beside the others, in an iframe of its own.
func (b *bridge) openCase(ctx context.Context, driver *bridgeFrame, name, slot string) (*bridgePage, error) {
	const open = `(() => { const f = document.createElement('iframe'); f.name = %q; f.id = %q; f.src = %q;
		f.style.cssText = 'position:absolute;border:0;left:0;top:0;width:1280px;height:800px'; document.body.append(f); return 0; })()`
	if err := driver.Eval(ctx, fmt.Sprintf(open, "top", slot, "http://"+name+"."+domain+"/"), nil); err != nil {
		return nil, fmt.Errorf("open case %s: %w", name, err)
	}
	if _, err := b.top(ctx, name); err != nil {
		return nil, fmt.Errorf("open case %s: %w", name, err)
	}
	return &bridgePage{bridge: b, name: name}, nil
}

// closeCase forgets a case and what it stored.
func (b *bridge) closeCase(ctx context.Context, driver *bridgeFrame, name, slot string) error {
	f, err := b.top(ctx, name)
	if err != nil {
		return fmt.Errorf("close case %s: %w", name, err)
	}
	const forget = `(() => { localStorage.clear(); sessionStorage.clear(); for (const c of document.cookie.split('; ')) document.cookie = c.split('=')[0] + '=;max-age=0;path=/'; return 0; })()`
	if err := f.Eval(ctx, forget, nil); err != nil {
		return fmt.Errorf("clear case %s: %w", name, err)
	}
	if err := driver.Eval(ctx, fmt.Sprintf(`(document.getElementById(%q).remove(), 0)`, slot), nil); err != nil {
		return fmt.Errorf("close case %s: %w", name, err)
	}
	// The pagehide beacon may be late: the slot is free when it has arrived.
	for _, f := range b.of(name) {
		select {
		case <-f.gone:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

package browser

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"cookieaudit/crawler/evidence"
)

// Options say how a browser is launched. The zero value finds an installed
// browser and lets it resolve and verify everything itself.
type Options struct {
	// Path is the executable; see Find for what an empty one means.
	Path string
	// Insecure accepts certificates that cannot be verified.
	Insecure bool
	// ProxyOnly keeps WebRTC from connecting past the proxy of a visit.
	ProxyOnly bool
	// HostRules are Chrome's host-resolver-rules, such as
	// "MAP www.example.org:443 127.0.0.1:8443".
	HostRules []string
	// Client is what the browser says of itself.
	Client Client
	// RendererMemory is what one renderer process may hold in memory, in bytes,
	// before it is ended; default 2 GiB. It is watched on Linux only.
	RendererMemory int64
	// Log gets protocol oddities at debug level; nil discards them.
	Log *slog.Logger
}

const (
	startTimeout = 30 * time.Second
	closeTimeout = 3 * time.Second
	exitDelay    = 500 * time.Millisecond
)

var (
	errStartTimeout = errors.New("the browser did not answer within 30 s of its start")
	// ErrGone says that the browser process has ended.
	ErrGone = errors.New("the browser has ended")
)

// A Browser is one running browser process.
type Browser struct {
	*router
	info    evidence.Tool
	client  Client
	agent   string
	cmd     *exec.Cmd
	profile *profile
	stderr  *tail
	exited  chan struct{} // closed when the process has been waited for
	log     *slog.Logger

	watching sync.WaitGroup // the look at its memory
	unwatch  context.CancelFunc
	greedy   atomic.Pointer[time.Time] // when a renderer was last ended for its memory

	closeOnce sync.Once
	closeErr  error

	mu     sync.Mutex
	visits map[cdp.BrowserContextID]*Visit
}

// Launch starts a browser with a profile of its own. The caller must Close it.
func Launch(ctx context.Context, o Options) (*Browser, error) {
	if err := o.Client.Check(); err != nil {
		return nil, err
	}
	path, err := Find(o.Path)
	if err != nil {
		return nil, err
	}
	v, err := version(ctx, path)
	if err != nil {
		return nil, err
	}
	p, err := newProfile()
	if err != nil {
		return nil, err
	}
	b := &Browser{
		profile: p, stderr: &tail{}, exited: make(chan struct{}),
		log: o.Log, client: o.Client, visits: map[cdp.BrowserContextID]*Visit{},
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	if err := b.start(path, switches(path, v, p.dir, o)); err != nil {
		return nil, errors.Join(err, p.remove())
	}
	watch, unwatch := context.WithCancel(context.WithoutCancel(ctx))
	b.unwatch = unwatch
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, errStartTimeout)
	defer cancel()
	if err := b.greet(ctx); err != nil {
		err = fmt.Errorf("start %s: %w", path, err)
		return nil, errors.Join(err, b.Close(), b.stderr.asError())
	}
	b.watching.Go(func() { b.watchMemory(watch, cmp.Or(o.RendererMemory, rendererMemory)) })
	return b, nil
}

// Info names the browser and its version.
func (b *Browser) Info() evidence.Tool { return b.info }

// UserAgent is what the browser sends as such.
func (b *Browser) UserAgent() string { return b.agent }

// Gone is closed when the process has ended, for whatever reason.
func (b *Browser) Gone() <-chan struct{} { return b.exited }

// Answers reports whether the browser can still be spoken to. Its pipe closes a
// moment before the process has ended.
func (b *Browser) Answers() bool {
	select {
	case <-b.exited:
		return false
	case <-b.done:
		return false
	default:
		return true
	}
}

// PID is the process id of the browser's main process.
func (b *Browser) PID() int { return b.cmd.Process.Pid }

func switches(path, version, dir string, o Options) []string {
	s := []string{
		"--remote-debugging-pipe", "--user-data-dir=" + dir,
		"--disable-blink-features=AutomationControlled",
		"--no-first-run", "--no-default-browser-check", "--disable-default-apps", "--disable-extensions",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-breakpad",
		"--disable-client-side-phishing-detection", "--safebrowsing-disable-auto-update", "--disable-field-trial-config",
		"--metrics-recording-only", "--password-store=basic", "--use-mock-keychain",
		"--disable-dev-shm-usage", "--disable-gpu", "--mute-audio", "--hide-scrollbars",
		// Timers of pages in the background must run as those of a page in view.
		"--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
		"--disable-renderer-backgrounding", "--disable-ipc-flooding-protection",
		// Windows that a page opens must open: they set cookies too.
		"--disable-popup-blocking", "--disable-hang-monitor", "--disable-prompt-on-repost",
	}
	if !isHeadlessShell(path) {
		// Every window of the full browser loads the pop-ups of its address bar,
		// pages of 300 scripts together: without them a trivial page opens in a
		// third of a second instead of two (Chromium 156).
		s = append(s, "--headless=new", "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup")
	}
	if os.Geteuid() == 0 {
		s = append(s, "--no-sandbox") // Chrome refuses to run sandboxed as root
	}
	if o.Insecure {
		s = append(s, "--ignore-certificate-errors")
	}
	if o.ProxyOnly {
		s = append(s, "--force-webrtc-ip-handling-policy=disable_non_proxied_udp")
	}
	if len(o.HostRules) > 0 {
		// The self-test's own two hosts are never mapped.
		rules := append([]string{"EXCLUDE 127.0.0.1", "EXCLUDE localhost"}, o.HostRules...)
		s = append(s, "--host-resolver-rules="+strings.Join(rules, ","))
	}
	return append(append(s, o.Client.switches(version)...), "about:blank")
}

func (b *Browser) start(path string, args []string) error {
	fromUs, toBrowser, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make the command pipe: %w", err)
	}
	fromBrowser, toUs, err := os.Pipe()
	if err != nil {
		return errors.Join(fmt.Errorf("make the event pipe: %w", err), fromUs.Close(), toBrowser.Close())
	}
	b.cmd = exec.Command(path, args...) //nolint:gosec,noctx // the path is the user's choice; Close ends it in order
	b.cmd.ExtraFiles = []*os.File{fromUs, toUs}
	b.cmd.Stderr = b.stderr
	b.cmd.Env = append(append(os.Environ(), b.client.environment()...), "TMPDIR="+socketFolder(b.profile.dir))
	// A helper that outlives the main process holds the error output open.
	b.cmd.WaitDelay = exitDelay
	setProcessGroup(b.cmd)
	started := make(chan error)
	go func() {
		// The kernel sends the death signal when the thread that forked ends,
		// so that thread has to stay for as long as the browser lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := b.cmd.Start()
		started <- err
		if err == nil {
			_ = b.cmd.Wait() // how it ended is of no use here
			killProcessGroup(b.cmd)
			close(b.exited)
		}
	}()
	err = <-started
	_ = fromUs.Close()
	_ = toUs.Close()
	if err != nil {
		return errors.Join(fmt.Errorf("start %s: %w", path, err), toBrowser.Close(), fromBrowser.Close())
	}
	b.router = newRouter(chromedp.NewPipeConn(fromBrowser, toBrowser), b.dispatch, b.log)
	return nil
}

// socketFolder is where the browser makes its socket. Full Chromium leaves it
// behind when it is killed, so the profile is the best place, but it refuses to
// start where the path is longer than a socket's address can be (104 bytes on
// macOS, 108 on Linux).
func socketFolder(profile string) string {
	const socket, longest = "/org.chromium.Chromium.XXXXXX/SingletonSocket", 103
	for _, dir := range []string{profile, os.TempDir()} {
		if len(dir)+len(socket) <= longest {
			return dir
		}
	}
	return "/tmp"
}

// greet learns the version and asks for every target, present and future.
func (b *Browser) greet(ctx context.Context) error {
	v, err := cdp.Call(ctx, b.root, browser.GetVersion, cdp.Empty{})
	if err != nil {
		return err
	}
	name, number, _ := strings.Cut(v.Product, "/")
	b.agent = v.UserAgent
	b.info = evidence.Tool{Name: strings.TrimPrefix(name, "Headless"), Version: number}
	if strings.HasPrefix(name, "Headless") {
		b.info.Name += " (headless)"
	}
	_, err = cdp.Call(ctx, b.root, target.SetAutoAttach, autoAttach())
	return err
}

// Close ends the browser: it asks, then kills the process group that Launch
// made. It returns when the process is gone and its profile removed.
func (b *Browser) Close() error {
	b.closeOnce.Do(func() {
		b.unwatch()
		b.watching.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		_, _ = cdp.Call(ctx, b.root, browser.Close, cdp.Empty{}) // it may be gone already
		select {
		case <-b.exited:
		case <-ctx.Done():
			killProcessGroup(b.cmd)
			<-b.exited
		}
		b.router.close()
		b.closeErr = b.profile.remove()
	})
	return b.closeErr
}

// A tail keeps the last bytes of the browser's error output for the message of
// a failed start.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailBytes = 4096

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if n := len(t.buf) - tailBytes; n > 0 {
		t.buf = append([]byte(nil), t.buf[n:]...)
	}
	return len(p), nil
}

func (t *tail) asError() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(bytes.TrimSpace(t.buf)) == 0 {
		return nil
	}
	return fmt.Errorf("the browser printed: %s", bytes.TrimSpace(t.buf))
}

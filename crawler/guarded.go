package crawler

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"sync"

	"cookieaudit/crawler/evidence"
	"cookieaudit/crawler/guard"
)

// A Guard lets scans connect to public addresses only, wherever redirections and
// name servers lead: for sites that others name. The browser then connects
// through a proxy of the scan's own on loopback.
type Guard struct {
	// Allow are networks that are let through although they are not public.
	Allow []netip.Prefix
}

// maxFailures bounds how many connections that failed are noted.
const maxFailures = 50

// A watch is the guard of one scan, and what it heard.
type watch struct {
	proxy *guard.Proxy

	mu       sync.Mutex
	order    []string
	failures map[string]error // by HOST:PORT
	more     int
}

// watch starts the guard of a scan; nil where there is none.
func (c *Crawler) watch(ctx context.Context) (*watch, error) {
	if c.c.Guard == nil {
		return nil, nil
	}
	w := &watch{failures: map[string]error{}}
	var err error
	w.proxy, err = guard.Start(context.WithoutCancel(ctx), c.resolve.dial, w.failed)
	return w, err
}

func (w *watch) close() {
	if w != nil {
		_ = w.proxy.Close() // its listener is on loopback, and nobody is left to ask it
	}
}

func (w *watch) failed(target string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, known := w.failures[target]
	_, refused := guard.Refused(err)
	switch {
	case known && !refused:
	case known || len(w.order) < maxFailures:
		if !known {
			w.order = append(w.order, target)
		}
		w.failures[target] = err
	default:
		w.more++
	}
}

// notes are what the browser was not told: a proxy's "no" has no reason.
func (w *watch) notes() []string {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, target := range w.order {
		out = append(out, w.reason(target))
	}
	if w.more > 0 {
		out = append(out, fmt.Sprintf("%d further connections failed", w.more))
	}
	return out
}

// explain gives a visit that saw nothing the reason of its landing page's
// connection.
func (w *watch) explain(v *evidence.Visit, site evidence.Site) {
	if w == nil || v.Outcome != evidence.Unavailable {
		return
	}
	address := site.URL
	if len(v.Pages) > 0 && v.Pages[0].FinalURL != "" {
		address = v.Pages[0].FinalURL
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if target := targetOf(address); slices.Contains(w.order, target) {
		v.Why = w.reason(target)
	}
}

// reason is why a connection failed. The caller holds the lock.
func (w *watch) reason(target string) string {
	if refused, ok := guard.Refused(w.failures[target]); ok {
		return fmt.Sprintf("%s was not connected to: %v", target, refused)
	}
	return fmt.Sprintf("%s could not be connected to: %v", target, w.failures[target])
}

// targetOf is guard.HostPort of an address as text; empty where it is none.
func targetOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return guard.HostPort(u)
}

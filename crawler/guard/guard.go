// Package guard keeps scans away from private networks: a dialer that connects to
// public addresses only, and a proxy on loopback that has a browser connect by
// it. The address that is connected to is what counts, so that neither a
// redirection nor a name that changes its address gets around it.
package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A RefusedError says that a connection was not made because of where it leads.
type RefusedError struct {
	Address string // IP address and port
}

func (e *RefusedError) Error() string { return e.Address + " is not a public address" }

// A Dial connects as net.Dialer's DialContext does.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

const (
	dialTime = 15 * time.Second
	headTime = 30 * time.Second
)

// Dialer connects to public addresses, and to those of the given networks. Other
// connections fail with a RefusedError.
func Dialer(allow []netip.Prefix) *net.Dialer {
	return &net.Dialer{
		Timeout: dialTime,
		// Control sees the address itself, after the name was resolved.
		Control: func(_, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil {
				return &RefusedError{Address: address}
			}
			ip := to.Addr().Unmap()
			if Public(ip) || slices.ContainsFunc(allow, func(p netip.Prefix) bool { return p.Contains(ip) }) {
				return nil
			}
			return &RefusedError{Address: address}
		},
	}
}

// A Proxy is one that runs on loopback.
type Proxy struct {
	dial     Dial
	failed   func(target string, err error)
	listener net.Listener
	server   *http.Server
	ended    chan struct{}
}

// Start begins to listen. failed is told of every connection that did not come
// about, from many goroutines: a browser that is told nothing but "no" by its
// proxy knows no more. Close ends the proxy.
func Start(ctx context.Context, dial Dial, failed func(target string, err error)) (*Proxy, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the guard: %w", err)
	}
	p := &Proxy{dial: dial, failed: failed, listener: l, ended: make(chan struct{})}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: headTime}
	go func() {
		defer close(p.ended)
		_ = p.server.Serve(l) // ends by Close
	}()
	return p, nil
}

// URL is the address of the proxy.
func (p *Proxy) URL() *url.URL { return &url.URL{Scheme: "http", Host: p.listener.Addr().String()} }

// Close ends the proxy. Tunnels end with the browser's side of them.
func (p *Proxy) Close() error {
	err := p.server.Close()
	<-p.ended
	return err
}

// ServeHTTP answers the browser: CONNECT by a tunnel, plain HTTP by passing it on.
// In both cases bytes come back as the server sent them: what a library would
// make of odd header lines is not for a proxy to decide.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	target := r.Host
	if r.Method != http.MethodConnect {
		if !r.URL.IsAbs() || r.URL.Scheme != "http" {
			http.Error(w, "this is a proxy", http.StatusBadRequest)
			return
		}
		target = HostPort(r.URL)
	}
	far, err := p.dial(r.Context(), "tcp", target)
	if err != nil {
		p.failed(target, err)
		// Never an answer in the server's place: a page would be taken for it.
		if r.Method == http.MethodConnect {
			http.Error(w, "", http.StatusBadGateway)
			return
		}
		panic(http.ErrAbortHandler)
	}
	defer far.Close()
	if r.Method != http.MethodConnect {
		out := r.Clone(r.Context())
		out.Header.Del("Proxy-Connection")
		out.Close = true
		if err := out.Write(far); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	near, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer near.Close()
	_ = near.SetDeadline(time.Time{})
	if r.Method == http.MethodConnect {
		if _, err := io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
			return
		}
		go func() {
			_, _ = io.Copy(far, buffered)
			_ = far.Close() // ends the copy below
		}()
	}
	_, _ = io.Copy(near, far)
}

// HostPort is what is connected to for an http or https address: host and port,
// the port of its scheme where it names none.
func HostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// Refused returns the refusal behind an error.
func Refused(err error) (*RefusedError, bool) {
	var refused *RefusedError
	ok := errors.As(err, &refused)
	return refused, ok
}

package browser

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"cookieaudit/crawler/evidence"
)

// ErrThirdPartyCookies says that the browser refuses third-party cookies by
// itself, so that "none found" would mean nothing.
var ErrThirdPartyCookies = errors.New("this browser refuses third-party cookies, so it cannot show what a site sets; " +
	"use another one with --browser, or lift the policy that blocks them")

// ErrNoHook says that the browser's debugger does not tell which script writes a
// cookie, as Chromium's does (measured on 156).
var ErrNoHook = errors.New("this browser does not show what scripts write: use a newer one with --browser")

const selfTestTimeout = 20 * time.Second

// SelfTest loads a page of our own on the loopback interface and checks that a
// cookie of another site (SameSite=None; Secure) is stored and seen, and that
// what a script writes is. Debian's Chromium refuses such cookies by default, in
// every context and in silence.
func (b *Browser) SelfTest(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("self-test: %w", err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return errors.Join(fmt.Errorf("self-test: %w", err), l.Close())
	}
	srv := &http.Server{ReadHeaderTimeout: selfTestTimeout, Handler: selfTestSite(port)}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = srv.Serve(l) // it ends by being closed
	}()
	defer func() {
		_ = srv.Close()
		<-served
	}()
	return b.selfTest(ctx, "http://127.0.0.1:"+port+"/")
}

// selfTestSite is a page on 127.0.0.1 with an image from localhost: two sites,
// both trustworthy enough for Secure cookies without TLS.
func selfTestSite(port string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "localhost") {
			http.SetCookie(w, &http.Cookie{Name: "third", Value: "1", Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode})
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg"/>`)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>self-test</title><img src="http://localhost:%s/"><script>document.cookie="first=1"</script>`, port)
	})
}

func (b *Browser) selfTest(ctx context.Context, address string) error {
	v, err := b.NewVisit(ctx, VisitOptions{RealTime: true})
	if err != nil {
		return fmt.Errorf("self-test: %w", err)
	}
	defer func() { _ = v.Close(context.WithoutCancel(ctx)) }()
	p, err := v.Open(ctx, address, "", selfTestTimeout)
	if err != nil {
		return fmt.Errorf("self-test: %w", err)
	}
	if err := errors.Join(v.Idle(ctx), v.Snapshot(ctx)); err != nil {
		return fmt.Errorf("self-test: %w", err)
	}
	loaded, hooked := false, false
	for _, c := range v.Record().Cookies {
		switch {
		case c.Name == "first":
			hooked = c.Writes[0].Mechanism == evidence.DocumentCookie && c.Writes[0].Line == 1
		case c.Name == "third" && c.Kept == nil && c.Stored:
			loaded = true
		case c.Name == "third":
			return fmt.Errorf("%w (%s)", ErrThirdPartyCookies, strings.Join(c.Writes[0].Blocked, ", "))
		}
	}
	switch {
	case loaded && hooked:
		return nil
	case loaded:
		return ErrNoHook
	}
	return fmt.Errorf("self-test: the browser loaded no test page on 127.0.0.1 (%s): check proxy settings", p.Why)
}

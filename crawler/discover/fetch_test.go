package discover

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func finder(t *testing.T, o Options) *Finder {
	t.Helper()
	f := New(o)
	t.Cleanup(f.Close)
	return f
}

func TestFetch(t *testing.T) {
	t.Parallel()
	root := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hop":
			http.Redirect(w, r, "/page?a=1", http.StatusFound)
		case "/page":
			w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
			fmt.Fprintf(w, "<meta http-equiv=refresh content='0; URL=\"/next#x\"'><p>caf\xe9 %s %s", r.UserAgent(), r.Header.Get("Accept-Language"))
		case "/gone":
			w.WriteHeader(http.StatusGone)
			fmt.Fprint(w, "gone")
		case "/cookie-wall": // redirects until its cookie comes back
			if _, err := r.Cookie("seen"); err != nil {
				http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1", Path: "/"})
				http.Redirect(w, r, "/cookie-wall", http.StatusFound)
				return
			}
			fmt.Fprint(w, "inside")
		case "/seen":
			_, err := r.Cookie("seen")
			fmt.Fprint(w, err == nil)
		}
	})
	f := finder(t, Options{UserAgent: "auditor/1"})
	ctx := t.Context()

	got, err := f.Fetch(ctx, root+"/hop")
	if err != nil {
		t.Fatal(err)
	}
	if got.FinalURL != root+"/page?a=1" || got.Status != 200 || got.ContentType != "text/html; charset=iso-8859-1" || got.Refresh != root+"/next#x" {
		t.Errorf("got %+v", got)
	}
	if !bytes.Contains(got.Body, []byte("caf\xe9 auditor/1 en-US,en;q=0.9")) {
		t.Errorf("body is not as sent: %q", got.Body)
	}
	if !bytes.Contains(got.UTF8(), []byte("café")) {
		t.Errorf("UTF8 = %q", got.UTF8())
	}

	got, err = f.Fetch(ctx, root+"/gone")
	if err != nil || got.Status != http.StatusGone || string(got.Body) != "gone" {
		t.Errorf("status page: %+v, %v", got, err)
	}
	got, err = f.Fetch(ctx, root+"/cookie-wall")
	if err != nil || string(got.Body) != "inside" {
		t.Errorf("cookie wall: %+v, %v", got, err)
	}
	got, err = f.Fetch(ctx, root+"/seen")
	if err != nil || string(got.Body) != "false" {
		t.Errorf("a cookie of one fetch was sent by the next: %+v, %v", got, err)
	}
}

func zipped(n int) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(bytes.Repeat([]byte("a"), n))
	z.Close()
	return b.Bytes()
}

func TestFetchErrors(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	root := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/loop":
			http.Redirect(w, r, "/loop?"+r.URL.RawQuery+"x", http.StatusFound)
		case "/large":
			w.Write(bytes.Repeat([]byte("a"), 2000))
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("a"), 4096)); err != nil {
					return
				}
			}
		case "/bomb": // transparent gzip
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(zipped(1 << 22))
		case "/bomb.gz", "/sitemap.xml.gz":
			w.Write(zipped(1 << 22))
		case "/x-bomb":
			w.Header().Set("Content-Encoding", "x-gzip")
			w.Write(zipped(1 << 22))
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "xx")
		case "/slow":
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-stop:
			}
		case "/half":
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "half")
		case "/ftp":
			http.Redirect(w, r, "ftp://example.org/", http.StatusFound)
		}
	})
	tlsServer := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(tlsServer.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	l.Close()

	small := Options{MaxBytes: 1000, Timeout: 5 * time.Second}
	for _, tt := range []struct {
		name    string
		options Options
		url     string
		want    error
	}{
		{"redirect loop", small, root + "/loop", ErrRedirectLoop},
		{"announced length", small, root + "/large", ErrTooLarge},
		{"endless body", small, root + "/endless", ErrTooLarge},
		{"gzip bomb", small, root + "/bomb", ErrTooLarge},
		{"gzip file", small, root + "/bomb.gz", ErrTooLarge},
		{"x-gzip bomb", small, root + "/x-bomb", ErrTooLarge},
		{"unasked encoding", small, root + "/brotli", ErrEncoding},
		{"slow body", Options{Timeout: 50 * time.Millisecond}, root + "/slow", ErrTimeout},
		{"half an answer", small, root + "/half", ErrConnection},
		{"redirect to another scheme", small, root + "/ftp", ErrAddress},
		{"closed port", small, closed, ErrRefused},
		{"untrusted certificate", small, tlsServer.URL, ErrTLS},
		{"https to a http port", small, strings.Replace(root, "http://", "https://", 1), ErrTLS},
		{"no such host", Options{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "gone.test", IsNotFound: true}}
		}}, "http://gone.test/", ErrNotResolved},
		{"bad address", small, "javascript:alert(1)", ErrAddress},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := finder(t, tt.options).Fetch(t.Context(), tt.url)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %+v, %v, want %v", got, err, tt.want)
			}
		})
	}

	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancelCause(t.Context())
		enough := errors.New("enough")
		cancel(enough)
		if _, err := finder(t, small).Fetch(ctx, root+"/slow"); !errors.Is(err, enough) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("insecure and mapped", func(t *testing.T) {
		t.Parallel()
		o := Options{Insecure: true, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, tlsServer.Listener.Addr().String())
		}}
		got, err := finder(t, o).Fetch(t.Context(), "https://staging.test/")
		if err != nil || got.Status != http.StatusNotFound {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func TestFetchSitemap(t *testing.T) {
	t.Parallel()
	root := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-gzip")
		w.Write(zipped(10))
	})
	got, err := finder(t, Options{}).Fetch(t.Context(), root+"/sitemap.xml.gz")
	if err != nil || string(got.Body) != "aaaaaaaaaa" {
		t.Errorf("got %+v, %v", got, err)
	}
}

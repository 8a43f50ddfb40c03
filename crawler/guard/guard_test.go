package guard_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/crawler/guard"
)

func TestPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "2002:5db8:d822::1": true, "64:ff9b::5db8:d822": true,
		"127.0.0.1": false, "127.8.9.1": false, "::1": false, "0.0.0.0": false, "::": false, "10.1.2.3": false, "172.16.0.1": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false, "fe80::1%eth0": false, "fd00:ec2::254": false, "224.0.0.1": false,
		"ff02::1": false, "255.255.255.255": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "2002:7f00:1::1": false,
		"64:ff9b::a9fe:a9fe": false, "192.0.2.1": false, "2001:db8::1": false, "198.18.0.1": false,
	} {
		if got := guard.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("Public(%s) = %t", address, got)
		}
	}
}

// TestProxy asks a server on loopback through a guard, in clear and through a
// tunnel.
func TestProxy(t *testing.T) {
	t.Parallel()
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Method+" "+r.URL.RequestURI()+" "+string(b))
	})
	plain, secure := httptest.NewServer(hello), httptest.NewTLSServer(hello)
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	for name, allow := range map[string][]netip.Prefix{"refused": nil, "allowed": {netip.MustParsePrefix("127.0.0.0/8")}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var failed []string
			g, err := guard.Start(t.Context(), guard.Dialer(allow).DialContext, func(target string, err error) {
				mu.Lock()
				defer mu.Unlock()
				if _, ok := guard.Refused(err); !ok {
					t.Errorf("%s: %v", target, err)
				}
				failed = append(failed, target)
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := g.Close(); err != nil {
					t.Error(err)
				}
			})
			transport := secure.Client().Transport.(*http.Transport).Clone()
			transport.Proxy = http.ProxyURL(g.URL())
			t.Cleanup(transport.CloseIdleConnections)
			client := &http.Client{Transport: transport}
			mapped := strings.Replace(plain.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1)
			var want []string
			for _, base := range []string{plain.URL, secure.URL, mapped} {
				resp, err := client.Post(base+"/a?b=c", "text/plain", strings.NewReader("body"))
				if allow == nil {
					if err == nil {
						resp.Body.Close()
						t.Errorf("%s: an answer, %s", base, resp.Status)
					}
					_, target, _ := strings.Cut(base, "://")
					want = append(want, target)
					continue
				}
				if err != nil {
					t.Fatalf("%s: %v", base, err)
				}
				b, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || string(b) != "POST /a?b=c body" {
					t.Errorf("%s: %q %v", base, b, err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			if diff := cmp.Diff(want, slices.Compact(failed)); diff != "" {
				t.Errorf("(-want +refused):\n%s", diff)
			}
		})
	}
}

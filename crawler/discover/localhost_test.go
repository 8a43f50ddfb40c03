package discover

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestLocalhost(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"shop.localhost:8080":      "localhost:8080",
		"a.b.LOCALHOST:80":         "localhost:80",
		"shop.localhost.:443":      "localhost:443",
		"localhost:80":             "localhost:80",
		"notlocalhost:80":          "notlocalhost:80",
		"localhost.example.org:80": "localhost.example.org:80",
		"[::1]:80":                 "[::1]:80",
		"no port":                  "no port",
	} {
		if got := Localhost(address); got != want {
			t.Errorf("%s: dials %s, want %s", address, got, want)
		}
	}
}

func TestFetchBelowLocalhost(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(r.Host))
	}))
	defer s.Close()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	f := New(Options{})
	defer f.Close()
	got, err := f.Fetch(t.Context(), "http://shop.localhost:"+port+"/")
	if err != nil {
		t.Fatal(err)
	}
	if want := "shop.localhost:" + port; string(got.Body) != want {
		t.Errorf("the server was asked for %q, want %q", got.Body, want)
	}
}

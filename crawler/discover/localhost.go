package discover

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Localhost returns the address to dial for HOST:PORT: names below "localhost"
// are this machine's own, as in every browser, and no name server is asked for
// them (RFC 6761, section 6.3).
func Localhost(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || !belowLocalhost(host) {
		return address
	}
	return net.JoinHostPort("localhost", port)
}

func belowLocalhost(host string) bool {
	return strings.HasSuffix(strings.ToLower(strings.TrimSuffix(host, ".")), ".localhost")
}

func dialLocalhost(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, network, Localhost(address))
}

// environmentProxy leaves names below "localhost" out, as the standard library
// leaves out "localhost" itself.
func environmentProxy(r *http.Request) (*url.URL, error) {
	if belowLocalhost(r.URL.Hostname()) {
		return nil, nil
	}
	return http.ProxyFromEnvironment(r)
}

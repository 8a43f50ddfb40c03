package crawler

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"cookieaudit/crawler/discover"
)

// A resolver sends connections to other addresses than the ones that the names
// resolve to: what curl's --resolve does, for the browser and for our own
// requests alike.
type resolver struct {
	rules   []resolveRule
	offline bool
	dialer  *net.Dialer
}

type resolveRule struct {
	host string // a name, "*", or "*." and a domain
	port string
	addr string // host:port to connect to
}

// newResolver reads rules of the form HOST:PORT:ADDR or HOST:PORT:ADDR:PORT.
// An IPv6 address stands in brackets.
func newResolver(rules []string, offline bool) (resolver, error) {
	r := resolver{offline: offline, dialer: &net.Dialer{}}
	for _, text := range rules {
		rule, err := parseResolve(text)
		if err != nil {
			return r, fmt.Errorf("--resolve %q: %w (form: HOST:PORT:ADDR, such as www.example.org:443:127.0.0.1)", text, err)
		}
		r.rules = append(r.rules, rule)
	}
	return r, nil
}

func parseResolve(text string) (resolveRule, error) {
	var rule resolveRule
	host, rest, ok := strings.Cut(text, ":")
	if !ok || host == "" {
		return rule, errors.New("no host")
	}
	port, addr, ok := strings.Cut(rest, ":")
	if !ok || addr == "" {
		return rule, errors.New("no address")
	}
	if !isPort(port) {
		return rule, fmt.Errorf("%q is no port", port)
	}
	rule.host, rule.port = strings.ToLower(host), port
	ip, toPort := addr, port
	if h, p, err := net.SplitHostPort(addr); err == nil {
		ip, toPort = h, p
	}
	ip = strings.Trim(ip, "[]")
	if net.ParseIP(ip) == nil {
		return rule, fmt.Errorf("%q is no IP address", ip)
	}
	if !isPort(toPort) {
		return rule, fmt.Errorf("%q is no port", toPort)
	}
	rule.addr = net.JoinHostPort(ip, toPort)
	return rule, nil
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

func (r resolver) empty() bool { return len(r.rules) == 0 && !r.offline }

// chrome writes the rules as host-resolver-rules, which the browser tries in
// order.
func (r resolver) chrome() []string {
	var out []string
	for _, x := range r.rules {
		out = append(out, fmt.Sprintf("MAP %s:%s %s", x.host, x.port, x.addr))
	}
	if r.offline {
		out = append(out, "MAP * ~NOTFOUND")
	}
	return out
}

// dial connects as the rules say.
func (r resolver) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", address, err)
	}
	for _, x := range r.rules {
		if x.port == port && x.matches(strings.ToLower(host)) {
			return r.dialer.DialContext(ctx, network, x.addr)
		}
	}
	if r.offline {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return r.dialer.DialContext(ctx, network, discover.Localhost(address))
}

// given reports whether a rule says where a host is, at any port.
func (r resolver) given(host string) bool {
	return slices.ContainsFunc(r.rules, func(x resolveRule) bool { return x.matches(host) })
}

func (x resolveRule) matches(host string) bool {
	if suffix, ok := strings.CutPrefix(x.host, "*"); ok {
		return strings.HasSuffix(host, suffix)
	}
	return x.host == host
}

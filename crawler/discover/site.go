package discover

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cookieaudit/crawler/evidence"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxAddress bounds an address that a user or a page gives, in bytes. Longer
// ones exist only as data: URLs and attacks.
const maxAddress = 8 << 10

// ErrAddress is the cause of every address that cannot be visited: a scheme
// other than http and https, user information, a malformed host or port.
var ErrAddress = errors.New("not an address that can be visited")

// ParseSite reads what a user calls a site: "example.org", a host with a port
// or a path, an IP address, a single label such as "localhost", or a whole http
// or https URL, international domain names included. Without a scheme it is
// https, and SchemeAssumed says so. The canonical URL has a lower-case host in its ASCII form (RFC 5891),
// no default port, at least the path "/" and no fragment. Every error wraps
// ErrAddress.
func ParseSite(raw string) (evidence.Site, error) {
	u, err := parseAddress(raw)
	if err != nil {
		return evidence.Site{}, fmt.Errorf("read site %q: %w", clip(raw, 120), err)
	}
	host := u.Hostname()
	return evidence.Site{URL: u.String(), Host: host, Domain: RegistrableDomain(host), SchemeAssumed: !hasScheme(strings.TrimSpace(raw))}, nil
}

// parseAddress reads and canonicalises an address as ParseSite describes it.
func parseAddress(raw string) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	switch {
	case raw == "":
		return nil, fmt.Errorf("%w: it is empty", ErrAddress)
	case len(raw) > maxAddress:
		return nil, fmt.Errorf("%w: it is longer than %d bytes", ErrAddress, maxAddress)
	case strings.ContainsFunc(raw, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar }):
		return nil, fmt.Errorf("%w: it holds control characters or spaces", ErrAddress)
	}
	u, err := url.Parse(withScheme(raw))
	if err != nil {
		// url.Error repeats the whole address; its cause says enough.
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	return canonical(u)
}

// withScheme adds https to an address that has no scheme. "host:8080" is a host
// with a port, although it reads as a scheme to a URL parser.
func withScheme(raw string) string {
	if strings.HasPrefix(raw, "//") {
		return "https:" + raw
	}
	if hasScheme(raw) {
		return raw
	}
	if ip, err := netip.ParseAddr(raw); err == nil && ip.Is6() {
		raw = "[" + raw + "]"
	}
	return "https://" + raw
}

func hasScheme(raw string) bool {
	scheme, _, ok := strings.Cut(raw, "://")
	return ok && !strings.ContainsAny(scheme, "/?#.@[]:")
}

// canonical checks an absolute URL and brings it into the form of Site.URL.
func canonical(u *url.URL) (*url.URL, error) {
	scheme := strings.ToLower(u.Scheme)
	switch {
	case scheme != "http" && scheme != "https":
		return nil, fmt.Errorf("%w: scheme %q is not http or https", ErrAddress, clip(scheme, 20))
	case u.User != nil:
		return nil, fmt.Errorf("%w: it holds user information", ErrAddress)
	case u.Opaque != "" || u.Host == "":
		return nil, fmt.Errorf("%w: it has no host", ErrAddress)
	case strings.HasSuffix(u.Host, ":"):
		return nil, fmt.Errorf("%w: the port is empty", ErrAddress)
	}
	host, err := canonicalHost(u.Hostname())
	if err != nil {
		return nil, err
	}
	port := u.Port()
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return nil, fmt.Errorf("%w: port %q is not between 1 and 65535", ErrAddress, clip(port, 20))
		}
		port = strconv.FormatUint(n, 10)
	}
	if port == "443" && scheme == "https" || port == "80" && scheme == "http" {
		port = ""
	}
	c := &url.URL{Scheme: scheme, Host: joinHost(host, port), Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}
	if c.Path == "" {
		c.Path = "/"
	}
	// Resolving against itself removes dot segments (RFC 3986 section 5.2.4).
	return c.ResolveReference(&url.URL{Path: c.Path, RawPath: c.RawPath, RawQuery: c.RawQuery}), nil
}

func joinHost(host, port string) string {
	if port != "" {
		return net.JoinHostPort(host, port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// canonicalHost returns a host as browsers write it: lower case, ASCII, without
// a trailing dot; IPv6 addresses without brackets.
func canonicalHost(host string) (string, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Zone() != "" {
			return "", fmt.Errorf("%w: address %q has a zone", ErrAddress, clip(host, 80))
		}
		return ip.String(), nil
	}
	if !utf8.ValidString(host) { // after percent-decoding
		return "", fmt.Errorf("%w: host is not UTF-8", ErrAddress)
	}
	ascii, err := hostProfile().ToASCII(strings.TrimSuffix(host, "."))
	if err != nil {
		return "", fmt.Errorf("%w: host %q: %w", ErrAddress, clip(host, 80), err)
	}
	// The forbidden domain code points of the URL standard, and those that
	// net/url would write as escapes: no such host has an address.
	if ascii == "" || strings.ContainsAny(ascii, "\x00\t\n\r #/:<>?@[\\]^|%{}`") || strings.ContainsFunc(ascii, unicode.IsControl) {
		return "", fmt.Errorf("%w: host %q is malformed", ErrAddress, clip(host, 80))
	}
	// A host whose last label is a number is an IPv4 address to a browser, and
	// this one is not a well-formed one: "127.1" would silently be 127.0.0.1.
	if last := ascii[strings.LastIndexByte(ascii, '.')+1:]; strings.Trim(last, "0123456789") == "" {
		return "", fmt.Errorf("%w: host %q is not a whole IPv4 address", ErrAddress, clip(host, 80))
	}
	return ascii, nil
}

// hostProfile is the URL standard's "domain to ASCII", beStrict false, save that
// lengths are verified: a name that DNS cannot carry cannot be visited.
func hostProfile() *idna.Profile {
	return idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false),
		idna.CheckHyphens(false), idna.CheckJoiners(true), idna.BidiRule(), idna.VerifyDNSLength(true))
}

// RegistrableDomain returns the registrable domain of a host: its public suffix
// and one label more. The private section of the Public Suffix List counts, as
// it does in browsers when they decide what is one site: two customers of a
// hosting domain are two parties. An IP address, a single label, a public suffix
// and what is no host at all are returned as they are, lower case and without
// brackets or outer dots.
func RegistrableDomain(host string) string {
	host = strings.ToLower(strings.Trim(host, ".[]"))
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return host
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

// clip bounds a text from outside for an error message.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}

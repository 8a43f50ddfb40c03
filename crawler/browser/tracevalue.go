package browser

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"

	"cookieaudit/crawler/evidence"
)

// ofTheUser stands for a value that the user of the tool gave.
const ofTheUser = "‹start state›"

// plainHeaders carry what a server or browser says of itself and of a document.
// The values of all others are hashed: a name tells nothing about whether what
// stands there is a token.
var plainHeaders = [...]string{
	":authority", ":method", ":path", ":scheme", ":status",
	"accept", "accept-ch", "accept-encoding", "accept-language", "accept-ranges", "access-control-allow-credentials",
	"access-control-allow-headers", "access-control-allow-methods", "access-control-allow-origin", "access-control-expose-headers",
	"access-control-max-age", "access-control-request-headers", "access-control-request-method", "age", "allow", "alt-svc",
	"attribution-reporting-eligible", "cache-control", "clear-site-data", "connection", "content-disposition", "content-encoding",
	"content-language", "content-length", "content-location", "content-range", "content-security-policy",
	"content-security-policy-report-only", "content-type", "critical-ch", "cross-origin-embedder-policy", "cross-origin-opener-policy",
	"cross-origin-resource-policy", "date", "dnt", "expires", "feature-policy", "host", "keep-alive", "last-modified", "link", "location",
	"nel", "observe-browsing-topics", "origin", "p3p", "permissions-policy", "pragma", "priority", "proxy-connection", "range", "referer",
	"referrer-policy", "refresh", "report-to", "reporting-endpoints", "retry-after", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform",
	"sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-fetch-storage-access", "sec-fetch-user", "sec-gpc", "sec-websocket-extensions",
	"sec-websocket-protocol", "sec-websocket-version", "server", "server-timing", "service-worker", "service-worker-allowed",
	"strict-transport-security", "supports-loading-mode", "te", "timing-allow-origin", "tk", "trailer", "transfer-encoding", "upgrade",
	"upgrade-insecure-requests", "user-agent", "vary", "via", "x-content-type-options", "x-dns-prefetch-control", "x-frame-options",
	"x-powered-by", "x-requested-with", "x-xss-protection",
}

// valueRules say what is written of a value: its hash, unless values are kept,
// and never what the user of the tool gave.
type valueRules struct{ o *VisitOptions }

// of stands for a value that was seen at a moment.
func (u valueRules) of(value string, at time.Time) evidence.Value {
	v := valueOf(value, at)
	if u.o.KeepValues {
		v.Text = clip(value)
	}
	return v
}

// raw is a Set-Cookie line, or what a script assigned.
func (u valueRules) raw(c *setCookie, line string) string {
	if u.o.KeepValues {
		return line
	}
	return c.mask(line)
}

// short is a value in a line that a script wrote.
func (u valueRules) short(value string) string {
	if u.o.KeepValues {
		return value
	}
	return valueNote(value)
}

// note is a value in the midst of a text.
func (u valueRules) note(value string) string {
	if u.o.KeepValues {
		return value
	}
	return hashNote(value)
}

func hashNote(value string) string {
	return fmt.Sprintf("‹sha256:%x, %d bytes›", sha256.Sum256([]byte(value)), len(value))
}

// users reports whether the user put a cookie of this name and value into the
// jar.
func (u valueRules) users(name, value string) bool {
	return slices.ContainsFunc(u.o.Start.Cookies, func(k StartCookie) bool { return k.Name == name && k.Value == value })
}

// field is one line of a head.
func (u valueRules) field(name, value string) evidence.Field {
	f := evidence.Field{Name: clip(name), Value: value}
	lower := strings.ToLower(name)
	switch {
	case slices.ContainsFunc(u.o.Start.Headers, func(h Header) bool { return strings.EqualFold(h.Name, name) }):
		f.Value = ofTheUser
	case lower == "proxy-authorization" && u.o.Start.Proxy != nil:
		f.Value = ofTheUser
	case lower == "cookie":
		var pairs []string
		for pair := range strings.SplitSeq(value, ";") {
			n, v, found := strings.Cut(strings.TrimSpace(pair), "=")
			if !found {
				n, v = "", n
			}
			shown := u.note(v)
			if u.users(n, v) {
				shown = ofTheUser
			}
			if found {
				shown = n + "=" + shown
			}
			pairs = append(pairs, shown)
		}
		f.Value = strings.Join(pairs, "; ")
	case lower == "set-cookie":
		c, _ := parseSetCookie(value)
		f.Value = u.raw(&c, value)
	case !slices.Contains(plainHeaders[:], lower):
		f.Value = u.note(value)
	}
	f.Value = clip(f.Value)
	return f
}

// fields are the lines of a head, by name: the protocol tells them without
// their order, and joins those of one name by a line feed.
func (t *trace) fields(headers network.Headers) []evidence.Field {
	out := make([]evidence.Field, 0, len(headers))
	for name, value := range headers {
		for line := range strings.SplitSeq(headerText(fmt.Sprint(value)), "\n") {
			out = append(out, t.rules.field(name, line))
		}
	}
	slices.SortStableFunc(out, func(a, b evidence.Field) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out
}

// cookieLines are the Set-Cookie lines of a head.
func cookieLines(headers network.Headers) []string {
	var out []string
	for name, value := range headers {
		if strings.EqualFold(name, "set-cookie") {
			out = append(out, strings.Split(headerText(fmt.Sprint(value)), "\n")...)
		}
	}
	return out
}

// set is a cookie as an answer sets it.
func (u valueRules) set(c setCookie, at time.Time) evidence.WireCookie {
	return evidence.WireCookie{
		Name: clip(c.name), Value: u.of(c.value, at), Path: clip(c.path), Domain: clip(c.domain), Expires: c.expires, MaxAge: c.maxAge,
		HTTPOnly: c.httpOnly, Secure: c.secure, SameSite: c.sameSite,
	}
}

// sent are the cookies that a request carried.
func (u valueRules) sent(cookies []*network.AssociatedCookie, at time.Time) []evidence.WireCookie {
	var out []evidence.WireCookie
	for _, a := range cookies {
		c := a.Cookie
		if len(a.BlockedReasons) > 0 || c == nil {
			continue
		}
		w := evidence.WireCookie{
			Name: clip(c.Name), Value: u.of(c.Value, at), Path: clip(c.Path), Domain: c.Domain,
			HTTPOnly: c.HTTPOnly, Secure: c.Secure, SameSite: string(c.SameSite),
		}
		if u.users(c.Name, c.Value) {
			w.Value = evidence.Value{Text: ofTheUser}
		}
		if !c.Session {
			w.Expires = ptr(time.Unix(int64(c.Expires), 0).UTC())
		}
		out = append(out, w)
	}
	return out
}

func tlsOf(d *network.SecurityDetails) *evidence.TLS {
	if d == nil {
		return nil
	}
	names := make([]string, 0, min(len(d.SanList), maxNames))
	for _, n := range d.SanList[:min(len(d.SanList), maxNames)] {
		names = append(names, clip(n))
	}
	return &evidence.TLS{
		Protocol: d.Protocol, Cipher: d.Cipher, Group: d.KeyExchangeGroup, Subject: clip(d.SubjectName), Issuer: clip(d.Issuer),
		Names: names, From: fromEpoch(d.ValidFrom), To: fromEpoch(d.ValidTo),
	}
}

// maxNames bounds the names of a certificate that are kept with each exchange;
// the certificate has all of them.
const maxNames = 20

// timingOf turns the network's own moments, in milliseconds from one point, into
// lengths. A part that there was not has -1.
func timingOf(n *network.ResourceTiming) *evidence.Timing {
	if n == nil {
		return nil
	}
	span := func(from, to float64) float64 {
		if from < 0 || to < from {
			return -1
		}
		return to - from
	}
	t := &evidence.Timing{
		DNS: span(n.DNSStart, n.DNSEnd), Connect: span(n.ConnectStart, n.ConnectEnd), SSL: span(n.SslStart, n.SslEnd),
		Send: max(0, span(n.SendStart, n.SendEnd)), Wait: max(0, span(n.SendEnd, n.ReceiveHeadersEnd)), Blocked: -1,
	}
	for _, first := range []float64{n.DNSStart, n.ConnectStart, n.SendStart} {
		if first >= 0 {
			t.Blocked = first
			break
		}
	}
	return t
}

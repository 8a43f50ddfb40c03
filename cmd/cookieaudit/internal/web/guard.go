package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"

	"cookieaudit/report"
)

// The policy of every page of ours. A page that a report brings along has its
// own, which allows its inline style and script by their hashes.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// maxBody bounds what a request may send, in bytes. A list of 100,000 addresses
// has 4 MB or so.
const maxBody = 16 << 20

// guard stands before every page: it refuses what does not come from our own
// pages, and says to browsers what the answer may do.
func (s *server) guard(next http.Handler) http.Handler {
	// Cross-site requests that would change something are told by what every
	// browser says of them by itself (Sec-Fetch-Site since 2023, Origin since
	// 2020). With SameSite=Lax besides, a token in each form would guard against
	// nothing more, and could only be got wrong.
	cross := http.NewCrossOriginProtection()
	if s.origin != nil {
		// Behind a proxy the Host may be another one than the user's.
		if err := cross.AddTrustedOrigin(s.origin.Scheme + "://" + s.origin.Host); err != nil {
			s.Log.Error("trust the origin of the dashboard", "error", err)
		}
	}
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, &problem{Status: http.StatusForbidden, Detail: "the request came from a page of another site"})
	}))
	next = cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		// Not "no-referrer", under which forms have the Origin "null" (Fetch, 3.2).
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "browsing-topics=(), camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if s.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer s.recovered(w, r)
		if !s.knows(r.Host) {
			s.fail(w, r, &problem{Status: http.StatusMisdirectedRequest, Detail: "the dashboard is not known under this host name: name it in the configuration"})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// recovered answers for a page that panicked, which is a defect of ours.
func (s *server) recovered(w http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	s.Log.Error("a request panicked", "method", r.Method, "pattern", r.Pattern, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
	s.fail(w, r, &problem{Status: http.StatusInternalServerError, Detail: "this is a defect of the program; its log says more"})
}

// knows reports whether the dashboard may be asked for under a host. A site that
// makes its own name resolve to our address (DNS rebinding) comes under that name;
// an IP address cannot be had that way.
func (s *server) knows(host string) bool {
	name := hostname(host)
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return s.hosts[name]
}

// hostname is a host without its port, in lower case.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
}

// An asset is a file that never changes while the program runs.
type asset struct {
	content   []byte
	mediaType string
}

// newStyle is the style of a report's pages with what only the dashboard has.
func newStyle() (asset, error) {
	shared, err := report.PageStyle()
	if err != nil {
		return asset{}, err
	}
	own, err := files.ReadFile("static/style.css")
	if err != nil {
		return asset{}, fmt.Errorf("read the style of the dashboard: %w", err)
	}
	return asset{content: append([]byte(shared), own...), mediaType: "text/css; charset=utf-8"}, nil
}

func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", a.mediaType)
	w.Header().Set("Cache-Control", "no-cache")
	writeTagged(w, r, a.content)
}

func etagOf(content []byte) string {
	sum := sha256.Sum256(content)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`
}

// writeTagged answers 304 where the client has the content already.
func writeTagged(w http.ResponseWriter, r *http.Request, content []byte) {
	tag := etagOf(content)
	w.Header().Set("ETag", tag)
	for known := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	_, _ = io.Copy(w, bytes.NewReader(content)) // a client that has gone away is not our error
}

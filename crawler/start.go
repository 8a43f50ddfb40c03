package crawler

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// Start is the state in which every visit begins, the user's own. The zero value
// is a new visitor. Its values come to the sites only: never into a record, a
// log or a message.
type Start struct {
	browser.Client
	// Cookies are in the jar before the first page; one with neither URL nor
	// Domain is the landing page's.
	Cookies []browser.StartCookie
	// Headers are sent with every request to the site's own registrable domain.
	Headers []browser.Header
	// Storage is there before the first page; an entry without an origin is the
	// landing page's.
	Storage []browser.StartItem
	// Position is told to whoever asks; nil for a visitor who does not say.
	Position *browser.Position
	// GPC and DNT send Global Privacy Control and Do Not Track in every phase.
	GPC, DNT bool
	// Proxy is what all connections go through: http, https or socks5.
	Proxy *url.URL
	// Login runs in each phase before the landing page; nil for none.
	Login *Login
}

// check says what of the state cannot be brought about.
func (s *Start) check() error {
	if err := s.Client.Check(); err != nil {
		return err
	}
	for _, h := range s.Headers {
		if err := checkHeader(h); err != nil {
			return fmt.Errorf("header %q: %w", h.Name, err)
		}
	}
	for _, k := range s.Cookies {
		if err := checkCookie(k); err != nil {
			return fmt.Errorf("cookie %q: %w", k.Name, err)
		}
	}
	for _, it := range s.Storage {
		if u, err := url.Parse(it.Origin); it.Origin != "" && (err != nil || u.Host == "" || u.Scheme+"://"+u.Host != it.Origin) {
			return fmt.Errorf("storage of %q: an origin is written like https://www.example.org", it.Origin)
		}
	}
	if p := s.Position; p != nil && (p.Latitude < -90 || p.Latitude > 90 || p.Longitude < -180 || p.Longitude > 180) {
		return errors.New("the position is not on earth: latitude is -90 to 90, longitude -180 to 180")
	}
	return s.checkProxy()
}

func (s *Start) checkProxy() error {
	if s.Proxy == nil {
		return nil
	}
	switch {
	case !slices.Contains([]string{"http", "https", "socks5"}, s.Proxy.Scheme) || s.Proxy.Hostname() == "":
		return errors.New("a proxy is written like http://proxy.example:3128, https://… or socks5://…")
	case s.Proxy.Scheme == "socks5" && s.Proxy.User != nil:
		return errors.New("browsers give no credentials to a socks5 proxy: use an http proxy, or one that asks for none")
	case s.Proxy.Path != "" && s.Proxy.Path != "/" || s.Proxy.RawQuery != "":
		return errors.New("a proxy has a host and a port, no path")
	}
	return nil
}

// checkHeader refuses what is no header and what has an option of its own.
func checkHeader(h browser.Header) error {
	if !httpguts.ValidHeaderFieldName(h.Name) {
		return errors.New("this is not the name of a header")
	}
	if !httpguts.ValidHeaderFieldValue(h.Value) || strings.ContainsAny(h.Value, "\r\n") {
		return errors.New("the value holds characters that no header can carry")
	}
	switch name := strings.ToLower(h.Name); name {
	case "cookie":
		return errors.New("use --cookie")
	case "user-agent":
		return errors.New("use --user-agent")
	case "accept-language":
		return errors.New("use --locale")
	case "sec-gpc":
		return errors.New("use --gpc")
	case "dnt":
		return errors.New("use --dnt")
	case "proxy-authorization":
		return errors.New("use --proxy with user and password")
	case "host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer", "keep-alive", "expect":
		return errors.New("the browser sets it by itself")
	}
	return nil
}

func checkCookie(k browser.StartCookie) error {
	switch {
	case k.Name == "" && k.Value == "":
		return errors.New("it has neither name nor value")
	case strings.ContainsFunc(k.Name, invalidInCookie) || strings.Contains(k.Name, "="):
		return errors.New("the name holds characters that no cookie can carry")
	case strings.ContainsFunc(k.Value, invalidInCookie):
		return errors.New("the value holds characters that no cookie can carry")
	case !slices.Contains([]string{"", "Strict", "Lax", "None"}, k.SameSite):
		return errors.New("SameSite is Strict, Lax or None")
	case k.SameSite == "None" && !k.Secure:
		return errors.New("SameSite=None needs Secure")
	}
	return nil
}

func invalidInCookie(r rune) bool { return r < ' ' || r == 0x7f || r == ';' }

// at is the state as the browser takes it for a site.
func (s *Start) at(site evidence.Site) browser.Start {
	out := browser.Start{Domain: site.Domain, Headers: s.Headers, Position: s.Position, DNT: s.DNT, Proxy: s.Proxy}
	for _, k := range s.Cookies {
		if k.URL == "" && k.Domain == "" {
			k.URL = site.URL
		}
		out.Cookies = append(out.Cookies, k)
	}
	for _, it := range s.Storage {
		it.Origin = cmp.Or(it.Origin, originOf(site.URL))
		out.Storage = append(out.Storage, it)
	}
	return out
}

// visitOptions are how a visit of the scan behaves.
func (s *scan) visitOptions(p evidence.Phase) browser.VisitOptions {
	start := s.c.Start.at(s.site)
	if s.watch != nil {
		start.Proxy, start.ProxyLoopback = s.watch.proxy.URL(), true
	}
	return browser.VisitOptions{
		Phase: p, RealTime: s.c.Settle == Real, Start: start, GPC: s.c.Start.GPC || p == evidence.GPC,
		Trace: s.c.Capture != nil && p != "", KeepValues: s.c.KeepValues,
	}
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "" // a Site's address parses
	}
	return u.Scheme + "://" + u.Host
}

// visitor is in whose name our own requests to a site are made.
func (s *Start) visitor(site evidence.Site, agent string) discover.Visitor {
	v := discover.Visitor{UserAgent: agent, Domain: site.Domain, Header: http.Header{}}
	for _, h := range s.Headers {
		v.Header.Add(h.Name, h.Value)
	}
	if s.GPC {
		v.Header.Set("Sec-GPC", "1")
	}
	if s.DNT {
		v.Header.Set("DNT", "1")
	}
	for _, k := range s.at(site).Cookies {
		domain := strings.TrimPrefix(k.Domain, ".")
		v.Cookies = append(v.Cookies, discover.Cookie{
			URL:    cmp.Or(k.URL, "https://"+domain+"/"),
			Cookie: &http.Cookie{Name: k.Name, Value: k.Value, Domain: domain, Path: cmp.Or(k.Path, "/"), Secure: k.Secure},
		})
	}
	return v
}

// state tells what of the state a record says; nil for a new visitor.
func (s *Start) state(site evidence.Site) *evidence.StartState {
	out := &evidence.StartState{
		Locale: s.Locale, Timezone: s.Timezone, Device: s.Device, UserAgent: s.UserAgent, GPC: s.GPC, DNT: s.DNT,
		LoginSteps: s.Login.steps(),
	}
	if s.Position != nil {
		out.Position = fmt.Sprintf("%g,%g", s.Position.Latitude, s.Position.Longitude)
	}
	if s.Proxy != nil {
		out.Proxy = s.Proxy.Scheme + "://" + s.Proxy.Host
	}
	for _, h := range s.Headers {
		out.Headers = append(out.Headers, http.CanonicalHeaderKey(h.Name))
	}
	for _, k := range s.at(site).Cookies {
		host := cmp.Or(strings.TrimPrefix(k.Domain, "."), evidence.HostOf(k.URL))
		if discover.RegistrableDomain(host) == site.Domain {
			out.Cookies = append(out.Cookies, k.Name)
		} else {
			out.OtherCookies++
		}
	}
	for _, it := range s.at(site).Storage {
		if discover.RegistrableDomain(evidence.HostOf(it.Origin)) == site.Domain {
			out.Storage = append(out.Storage, it.Key)
		}
	}
	if out.String() == "" {
		return nil
	}
	return out
}

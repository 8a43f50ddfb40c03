package browser

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are checked, on machines that have no list of them

	"golang.org/x/text/language"
)

// A Client is what a browser says of itself, the same for everything that it
// loads. The zero value is a desktop with the machine's own language and time.
type Client struct {
	// Locale is a BCP 47 tag such as "de-AT": the language that pages are asked
	// for in and in which they write dates and numbers.
	Locale string
	// Timezone is a name of the IANA time zone database, such as "Europe/Vienna".
	Timezone string
	// UserAgent is sent in place of the browser's own.
	UserAgent string
	// Device is the name of one of Devices; empty for a desktop.
	Device string
}

// Check says what of a client no browser can be.
func (c Client) Check() error {
	if c.Locale != "" {
		if t, err := language.Parse(c.Locale); err != nil || t.IsRoot() || t.String() == "und" {
			return fmt.Errorf("locale %q is not a language tag: write it like de, de-AT or pt-BR", c.Locale)
		}
	}
	if c.Timezone != "" {
		if _, err := time.LoadLocation(c.Timezone); err != nil || c.Timezone == "Local" {
			return fmt.Errorf("time zone %q is not known: write it like Europe/Vienna or UTC", c.Timezone)
		}
	}
	if strings.ContainsFunc(c.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }) {
		return errors.New("the user agent holds characters that no header can carry")
	}
	if _, ok := deviceNamed(c.Device); !ok {
		return fmt.Errorf("there is no device %q: use one of %s", c.Device, strings.Join(DeviceNames(), ", "))
	}
	return nil
}

// languages is the list that a browser with the client's locale prefers: the
// locale and, where it names a region or script, the bare language.
func (c Client) languages() []string {
	out := []string{c.Locale}
	if base, _, more := strings.Cut(c.Locale, "-"); more {
		out = append(out, base)
	}
	return out
}

// AcceptLanguage is the header that the browser sends for the client's locale,
// empty for the browser's own.
func (c Client) AcceptLanguage() string {
	if c.Locale == "" {
		return ""
	}
	return strings.Join(c.languages(), ",") + strings.Repeat(";q=0.9", len(c.languages())-1)
}

// switches are the command line switches that make a browser the client, and
// environment the variables. Both hold in every process, workers included, from
// the first request on; the protocol's overrides hold for one document at a time.
func (c Client) switches(version string) []string {
	agent, device := c.UserAgent, c.device()
	if agent == "" {
		agent = device.userAgent(version)
	}
	s := []string{"--user-agent=" + agent, fmt.Sprintf("--window-size=%d,%d", device.Width, device.Height)}
	if device.Touch {
		// Frames with a process of their own take no metrics from the page.
		s = append(s, fmt.Sprintf("--force-device-scale-factor=%g", device.Scale))
	}
	if c.Locale != "" {
		s = append(s, "--lang="+c.Locale, "--accept-lang="+strings.Join(c.languages(), ","))
	}
	return s
}

func (c Client) environment() []string {
	var env []string
	if c.Timezone != "" {
		env = append(env, "TZ="+c.Timezone)
	}
	if c.Locale != "" {
		env = append(env, "LANGUAGE="+strings.ReplaceAll(c.Locale, "-", "_"))
	}
	return env
}

func (c Client) device() Device {
	d, _ := deviceNamed(c.Device) // Check has seen it
	return d
}

// A Start is the state in which a visitor comes to a site. What it holds is the
// user's own: it is put into the browser and never into a record.
type Start struct {
	// Domain is the registrable domain that Headers are sent to, with every host
	// below it, and to no other.
	Domain  string
	Headers []Header
	// Cookies are in the jar before the first page.
	Cookies []StartCookie
	// Storage is there before the first page.
	Storage []StartItem
	// Position is where the visitor is, and says so when asked; nil for a visitor
	// who does not say.
	Position *Position
	// DNT sends "Do Not Track", as a header and to scripts.
	DNT bool
	// Proxy is what connections go through, "scheme://host:port"; nil for the
	// machine's own settings. Its user information answers the proxy's question
	// for credentials.
	Proxy *url.URL
	// ProxyLoopback has connections to this machine go through the proxy as well.
	ProxyLoopback bool
}

// A Header is one line of the requests' head.
type Header struct{ Name, Value string }

// A StartCookie is a cookie that the user puts into the jar.
type StartCookie struct {
	Name, Value string
	// URL makes the cookie host-only; where it is empty, Domain widens it.
	URL, Domain string
	Path        string
	Secure      bool
	HTTPOnly    bool
	SameSite    string    // Strict, Lax, None or empty
	Expires     time.Time // zero for a session cookie
}

// A StartItem is a key of web storage that the user puts into the browser.
type StartItem struct {
	Origin     string // "https://www.example.org"
	Session    bool   // sessionStorage, else localStorage
	Key, Value string
}

// A Position is a place on earth.
type Position struct {
	Latitude, Longitude float64 // degrees
}

// own reports whether an address is one that the user's headers go to.
func (s *Start) own(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return s.Domain != "" && (host == s.Domain || strings.HasSuffix(host, "."+s.Domain) && !isIP(host))
}

// proxyBypass are the hosts that are connected to without the proxy.
func (s *Start) proxyBypass() string {
	if s.ProxyLoopback {
		return "<-loopback>" // none: without it, loopback addresses are
	}
	return ""
}

// proxyServer is the proxy as the browser takes it, without credentials.
func (s *Start) proxyServer() string {
	if s.Proxy == nil {
		return ""
	}
	return s.Proxy.Scheme + "://" + s.Proxy.Host
}

// intercepts reports whether requests have to be held for the start state.
func (s *Start) intercepts() bool { return len(s.Headers) > 0 || s.Proxy != nil && s.Proxy.User != nil }

// session returns the sessionStorage that the visit begins with, by origin.
func (s *Start) session() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, it := range s.Storage {
		if it.Session {
			if out[it.Origin] == nil {
				out[it.Origin] = map[string]string{}
			}
			out[it.Origin][it.Key] = it.Value
		}
	}
	return out
}

// origins lists the origins that localStorage is given for, in order.
func (s *Start) origins() []string {
	var out []string
	for _, it := range s.Storage {
		if !it.Session && !slices.Contains(out, it.Origin) {
			out = append(out, it.Origin)
		}
	}
	return out
}

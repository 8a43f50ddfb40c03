package evidence

import (
	"fmt"
	"strings"
)

// A StartState is what the user of the tool brought into every visit of a scan.
// It changes what a site does, so that a scan has to say it. Values that the
// user gave are no part of it: only what they are called.
type StartState struct {
	Locale    string `json:"locale,omitempty"`   // BCP 47
	Timezone  string `json:"timezone,omitempty"` // IANA
	Device    string `json:"device,omitempty"`   // desktop, phone, tablet
	UserAgent string `json:"user_agent,omitempty"`
	// Position is latitude and longitude in degrees, "48.2,16.37".
	Position string `json:"position,omitempty"`
	// Proxy is scheme, host and port.
	Proxy string `json:"proxy,omitempty"`
	GPC   bool   `json:"gpc,omitempty"` // Global Privacy Control was sent
	DNT   bool   `json:"dnt,omitempty"` // Do Not Track was sent
	// Headers are the names of request headers, sent to the site's own
	// registrable domain only.
	Headers []string `json:"headers,omitempty"`
	// Cookies are the names of cookies of the site that were in the jar, and
	// OtherCookies the number of those of other sites.
	Cookies      []string `json:"cookies,omitempty"`
	OtherCookies int      `json:"other_cookies,omitempty"`
	// Storage are the keys of web storage.
	Storage []string `json:"storage,omitempty"`
	// LoginSteps is the number of steps of the login script that ran before the
	// landing page; 0 where there was none.
	LoginSteps int `json:"login_steps,omitempty"`
}

// String tells the state in words, empty for a new visitor of whom nothing was
// chosen.
func (s *StartState) String() string {
	if s == nil {
		return ""
	}
	var parts []string
	add := func(given bool, format string, args ...any) {
		if given {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(s.Locale != "", "locale %s", s.Locale)
	add(s.Timezone != "", "time zone %s", s.Timezone)
	add(s.Device != "", "device %s", s.Device)
	add(s.UserAgent != "", "user agent %q", s.UserAgent)
	add(s.Position != "", "position %s", s.Position)
	add(s.Proxy != "", "proxy %s", s.Proxy)
	add(s.GPC, "Global Privacy Control")
	add(s.DNT, "Do Not Track")
	add(len(s.Headers) > 0, "headers %s", strings.Join(s.Headers, ", "))
	add(len(s.Cookies) > 0, "cookies %s", strings.Join(s.Cookies, ", "))
	add(s.OtherCookies > 0, "cookies of other sites: %d", s.OtherCookies)
	add(len(s.Storage) > 0, "storage %s", strings.Join(s.Storage, ", "))
	add(s.LoginSteps > 0, "a login script of %d steps", s.LoginSteps)
	return strings.Join(parts, "; ")
}

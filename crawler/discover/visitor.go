package discover

import (
	"net/http"
	"slices"
)

// A Visitor is in whose name pages are fetched, so that they are those which
// the browser is shown.
type Visitor struct {
	// UserAgent is the browser's; empty for that of the Options.
	UserAgent string
	// Domain is the registrable domain that Header is sent to, with every host
	// below it, and to no other.
	Domain string
	Header http.Header
	// Cookies are in the jar of each fetch.
	Cookies []Cookie
}

// A Cookie is one cookie of a visitor and the address that could have set it.
type Cookie struct {
	URL string
	*http.Cookie
}

// As returns a finder that fetches for a visitor, over the same connections.
func (f *Finder) As(v Visitor) *Finder {
	return &Finder{options: f.options, transport: f.transport, visitor: v}
}

// dress adds the visitor's headers to a request of the visitor's site.
func (v *Visitor) dress(req *http.Request) *http.Request {
	if len(v.Header) == 0 || RegistrableDomain(req.URL.Hostname()) != v.Domain {
		return req
	}
	req = req.Clone(req.Context())
	for name, values := range v.Header {
		req.Header[name] = slices.Clone(values)
	}
	return req
}

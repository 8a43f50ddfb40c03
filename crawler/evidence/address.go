package evidence

import (
	"net/url"
	"strings"
)

// HostOf returns the host of an address, lower case and without port; empty where
// there is none.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

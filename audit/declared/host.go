package declared

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"cookieaudit/crawler/evidence"
)

// covers reports whether the declared host lets a declaration speak of a
// thing. Tables write many things into the host column: the cookie's host, the
// site itself for every row, the provider's name or home page, or nothing.
func (ix *index) covers(d *evidence.Declaration, t *thing) bool {
	tokens := strings.Fields(d.Host)
	if len(tokens) == 0 {
		return true
	}
	for _, tok := range tokens {
		h := canonicalHost(tok)
		if !isHost(h) || related(h, t.host) || related(h, ix.scan.Site.Domain) || namesProvider(h, t.providers) {
			return true
		}
		for _, s := range t.setters {
			if related(h, s) {
				return true
			}
		}
	}
	return false
}

// names reports whether a declaration names the very host of a thing.
func (ix *index) names(d *evidence.Declaration, t *thing) bool {
	for _, tok := range strings.Fields(d.Host) {
		if h := canonicalHost(tok); h == t.host || strings.HasSuffix(t.host, "."+h) {
			return true
		}
	}
	return false
}

// related reports whether two hosts belong to one registrable domain: a table
// that says "www.example.org" speaks of cookies of ".example.org" too.
func related(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	return a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a) || registrable(a) == registrable(b)
}

// sameProvider reports whether a declaration names the organisation behind a
// thing.
func sameProvider(d *evidence.Declaration, t *thing) bool {
	declared := fold(d.Provider)
	if declared == "" {
		return false
	}
	for _, p := range t.providers {
		if fold(p) == declared {
			return true
		}
	}
	return false
}

// namesProvider reports whether a host is that of an organisation by its name:
// "google.com" for what Google keeps on doubleclick.net.
func namesProvider(host string, providers []string) bool {
	label, _, _ := strings.Cut(registrable(host), ".")
	for _, p := range providers {
		if fold(p) == fold(label) || strings.EqualFold(p, registrable(host)) {
			return true
		}
	}
	return false
}

// fold reduces a name to its letters and digits.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r > 127:
			return r
		}
		return -1
	}, s)
}

// registrable returns the registrable domain of a host, or the host itself
// where it has none: an address, a single label, a public suffix.
func registrable(host string) string {
	if strings.Trim(host, "0123456789.") == "" {
		return host
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

// canonicalHost reduces what tables write for a host: a leading dot or "*.",
// an address, a port, a "www.".
func canonicalHost(s string) string {
	s = strings.ToLower(s)
	if strings.Contains(s, "://") {
		s = evidence.HostOf(s)
	}
	s = strings.TrimLeft(s, "*.")
	s, _, _ = strings.Cut(s, "/")
	s, _, _ = strings.Cut(s, ":")
	return strings.Trim(strings.TrimPrefix(s, "www."), ".,;")
}

// isHost reports whether a token of a host column is a host name; what has no
// dot is a provider's name or a word such as "self".
func isHost(h string) bool {
	return strings.Contains(h, ".") && strings.Trim(h, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}

// settersOf lists the hosts whose code or response wrote a cookie.
func settersOf(k *evidence.Cookie) []string {
	var hosts []string
	seen := map[string]bool{}
	for i := range k.Writes {
		for _, h := range []string{k.Writes[i].Host, evidence.HostOf(k.Writes[i].Script)} {
			if h != "" && !seen[h] {
				seen[h] = true
				hosts = append(hosts, h)
			}
		}
	}
	return hosts
}

package rules

import (
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A holder is a cookie or storage item whose value tells visitors apart.
type holder struct {
	name, host, site string
	subject          audit.Subject
	purpose          audit.Purpose
	// setters are the registrable domains of whoever wrote it.
	setters []string
	exhibit func() audit.Exhibit
}

// identifiers are the parts of values that tell visitors apart, and who holds
// each of them.
type identifiers struct {
	holders map[string][]*holder // by part
	places  map[location][]*holder
}

// A location is where something is kept.
type location struct {
	kind        evidence.StorageKind
	name, owner string // the cookie's domain, the item's origin
}

// carriedIdentifiers is newIdentifiers for rules about requests: most scans have
// none that carries anything, and finding identifiers is a third of an audit.
func carriedIdentifiers(c *audit.Case) *identifiers {
	if !slices.ContainsFunc(c.Scan.Requests, func(r evidence.Request) bool { return len(r.Carries) > 0 }) {
		return &identifiers{}
	}
	return newIdentifiers(c)
}

func newIdentifiers(c *audit.Case) *identifiers {
	ids := &identifiers{holders: map[string][]*holder{}, places: map[location][]*holder{}}
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		tokens := k.Identifiers()
		if len(tokens) == 0 || !stored(k) {
			continue
		}
		h := &holder{name: k.Name, host: k.Domain, site: k.Site, subject: cookieSubject(k), purpose: c.Cookies[i].Purpose, exhibit: func() audit.Exhibit { return firstExhibit(k)[0] }}
		for j := range k.Writes {
			if w := &k.Writes[j]; w.Mechanism == evidence.HTTP {
				h.settle("", w.Host) // the script only made the request
			} else {
				h.settle(w.Script, w.Host)
			}
		}
		ids.add(tokens, h, location{evidence.KindCookie, k.Name, k.Domain})
	}
	for i := range c.Scan.Storage {
		it := &c.Scan.Storage[i]
		tokens := it.Identifiers()
		if len(tokens) == 0 {
			continue
		}
		h := &holder{name: it.Key, host: it.Origin, site: it.Site, subject: storageSubject(it), purpose: c.Storage[i].Purpose, exhibit: func() audit.Exhibit { return storageExhibits(it, "")[0] }}
		for j := range it.Writes {
			h.settle(it.Writes[j].Script, "")
		}
		ids.add(tokens, h, location{it.Kind, it.Key, it.Origin})
	}
	return ids
}

func (h *holder) settle(script, host string) {
	if s := evidence.HostOf(script); s != "" {
		host = s
	}
	if d := registrable(host); d != "" && !slices.Contains(h.setters, d) {
		h.setters = append(h.setters, d)
	}
}

func (ids *identifiers) add(tokens []string, h *holder, at location) {
	ids.places[at] = append(ids.places[at], h)
	for _, t := range tokens {
		if !slices.Contains(ids.holders[t], h) {
			ids.holders[t] = append(ids.holders[t], h)
		}
	}
}

// A handover is a holder whose value a request carried.
type handover struct {
	*holder
	carried evidence.Carried
}

// in returns the holders whose value a request carried, in whatever part and
// encoding. Only values that tell visitors apart have a holder.
func (ids *identifiers) in(r *evidence.Request) []handover {
	var out []handover
	for _, c := range r.Carries {
		for _, h := range ids.places[location{c.Kind, c.Name, c.Owner}] {
			if !slices.ContainsFunc(out, func(o handover) bool { return o.holder == h }) {
				out = append(out, handover{h, c})
			}
		}
	}
	return out
}

// words says how a value was carried: "in the body, as sha256".
func (h handover) words() string {
	s := "in the " + map[string]string{"url": "address", "body": "body", "referer": "referrer"}[h.carried.In]
	if h.carried.Encoding != "plain" && h.carried.Encoding != "url" {
		s += ", as " + h.carried.Encoding
	}
	return s
}

// sameOrganisation reports whether two domains, with what is known of who runs
// them, belong to one organisation.
func sameOrganisation(siteA string, a audit.Purpose, siteB string, b audit.Purpose) bool {
	if sameOwner(siteA, siteB) {
		return true
	}
	names := func(p audit.Purpose) []string { return append([]string{p.Provider}, p.Aliases...) }
	for _, n := range names(a) {
		if n != "" && slices.ContainsFunc(names(b), func(m string) bool { return strings.EqualFold(n, m) }) {
			return true
		}
	}
	return false
}

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
	holders map[string][]*holder
	scan    *evidence.Scan
}

func newIdentifiers(c *audit.Case) *identifiers {
	ids := &identifiers{holders: map[string][]*holder{}, scan: c.Scan}
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		if !stored(k) {
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
		ids.add(k.Identifiers(), h)
	}
	for i := range c.Scan.Storage {
		it := &c.Scan.Storage[i]
		h := &holder{name: it.Key, host: it.Origin, site: it.Site, subject: storageSubject(it), purpose: c.Storage[i].Purpose, exhibit: func() audit.Exhibit { return storageExhibits(it, "")[0] }}
		for j := range it.Writes {
			h.settle(it.Writes[j].Script, "")
		}
		ids.add(it.Identifiers(), h)
	}
	return ids
}

func (h *holder) settle(script, host string) {
	if s := hostOf(script); s != "" {
		host = s
	}
	if d := registrable(host); d != "" && !slices.Contains(h.setters, d) {
		h.setters = append(h.setters, d)
	}
}

func (ids *identifiers) add(tokens []string, h *holder) {
	for _, t := range tokens {
		if !slices.Contains(ids.holders[t], h) {
			ids.holders[t] = append(ids.holders[t], h)
		}
	}
}

// in returns the holders whose identifier a request carries in its address.
func (ids *identifiers) in(r *evidence.Request) []*holder {
	if len(ids.holders) == 0 {
		return nil
	}
	var out []*holder
	for part := range strings.SplitSeq(r.URL, "&") {
		for _, t := range evidence.Tokens(part, ids.scan.Started) {
			for _, h := range ids.holders[t] {
				if !slices.Contains(out, h) {
					out = append(out, h)
				}
			}
		}
	}
	return out
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

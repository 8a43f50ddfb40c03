package purpose

import (
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// Host tells what stands behind a host of the visited site, by the names that
// its own is an alias of. Only targets that are known to be what sites give
// their names to for tracking count: most aliases lead to delivery networks,
// shops and hosting, some of which belong to advertisers too.
func (c *Classifier) Host(_ *evidence.Scan, h *evidence.ResolvedHost) audit.Purpose {
	target, org, own := c.behindAlias(h)
	p := audit.Purpose{Category: evidence.UnknownCategory, Basis: []string{}}
	switch {
	case own != nil:
		p = own.verdict(fmt.Sprintf("%s is an alias of %s, of which your data (%s) says so", h.Host, target, own.from))
	case org != nil:
		v := vote{category: org.Category, class: org.Class, confidence: curated}
		p = v.purpose([]string{fmt.Sprintf("%s is an alias of %s, which belongs to %s", h.Host, target, org.describe())})
		p.Provider, p.ProviderConfidence, p.Aliases = org.Name, curated, org.Aliases
	}
	return p
}

// behindAlias returns the first name of a chain that a tracker is known to
// receive visitors of other sites under.
func (c *Classifier) behindAlias(h *evidence.ResolvedHost) (target string, org *organisation, own *entry) {
	for _, name := range h.Names {
		if e := c.own.ofHost(name); e != nil && (e.Category == evidence.Analytics || e.Category == evidence.Marketing) {
			return name, nil, e
		}
		if o := longest(c.cnames, name); o != nil {
			return name, o, nil
		}
	}
	return "", nil, nil
}

// alias returns who stands behind a host of the visited site; an empty target
// where nobody else is known to.
func (c *Classifier) alias(scan *evidence.Scan, host string) (target string, org *organisation, own *entry) {
	if scan.DNS == nil {
		return "", nil, nil
	}
	for i := range scan.DNS.Hosts {
		if h := &scan.DNS.Hosts[i]; strings.EqualFold(h.Host, host) {
			return c.behindAlias(h)
		}
	}
	return "", nil, nil
}

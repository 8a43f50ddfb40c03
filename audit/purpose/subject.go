package purpose

import (
	"net/url"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// A subject is what a scan saw of the thing that is being judged.
type subject struct {
	name  string
	host  string // domain, origin or requested host
	first bool   // it belongs to the site that was visited
	site  string // registrable domain of that site, empty where it is not known
	// ownFrame is true for what a framed document keeps on its own domain.
	ownFrame bool
	// org is who stands behind host, nil where nobody is known or the site
	// itself is.
	org    *organisation
	setter setter

	// days is the lifetime asked for, 0 for a session or where it is not known.
	days int64
	// identifying is true where the value holds an identifier.
	identifying bool
	// endless is true where nothing ends what is kept.
	endless bool
	length  int
	// serverSession is true for a first-party, HttpOnly session cookie that
	// came in a response.
	serverSession bool
}

// A setter is who wrote something.
type setter struct {
	// host is where the code or response came from, past tag managers and
	// delivery networks; empty where it is not known or the site's own.
	host string
	org  *organisation
	// through names the tag managers and delivery networks on the way.
	through []string
	// own is the user's entry for host.
	own *entry
}

func (c *Classifier) cookieSubject(scan *evidence.Scan, k *evidence.Cookie) *subject {
	s := &subject{name: k.Name, host: k.Domain, first: k.Party == evidence.First, site: scan.Site.Domain, length: k.Value.Length}
	if !s.first {
		s.org = c.organisationOf(s.host)
	}
	for i := range k.Writes {
		w := &k.Writes[i]
		if len(w.Blocked) > 0 || w.Deletes {
			continue
		}
		if !s.first && k.Site != "" && under(hostOf(w.Frame), k.Site) {
			s.ownFrame = true
		}
		if s.first && s.setter.host == "" {
			s.setter = c.setterOf(scan, chain(w.Script, w.Host, w.Stack, w.Initiators))
		}
		if w.Mechanism == evidence.HTTP && s.first && k.Session && k.HTTPOnly {
			s.serverSession = true
		}
	}
	switch {
	case k.Requested != nil:
		s.days = *k.Requested / 86400
	case k.Kept != nil:
		s.days = *k.Kept / 86400
	}
	s.identifying = len(k.Identifiers()) > 0
	return s
}

func (c *Classifier) storageSubject(scan *evidence.Scan, it *evidence.StorageItem) *subject {
	s := &subject{name: it.Key, host: hostOf(it.Origin), first: it.Party == evidence.First, site: scan.Site.Domain}
	if !s.first {
		s.org = c.organisationOf(s.host)
		s.ownFrame = true
	}
	for i := range it.Writes {
		w := &it.Writes[i]
		if s.first && s.setter.host == "" {
			s.setter = c.setterOf(scan, chain(w.Script, "", w.Stack, nil))
		}
	}
	s.identifying = len(it.Identifiers()) > 0
	s.endless = it.Kind != evidence.KindSessionStorage
	return s
}

// chain lists the hosts that led to a write, innermost first.
func chain(script, host string, stack []evidence.Call, initiators []string) []string {
	var hosts []string
	add := func(h string) {
		if h != "" && !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	if h := hostOf(script); h != "" {
		add(h)
	} else {
		add(strings.ToLower(host))
	}
	for _, call := range stack {
		add(hostOf(call.URL))
	}
	for _, u := range initiators {
		add(hostOf(u))
	}
	return hosts
}

// setterOf walks from the innermost host outwards. Tag managers, delivery
// networks and hosting serve any purpose, so it looks past them; the site's own
// code ends the walk, as does the first host that is anybody else's, be it
// under a name of the site.
func (c *Classifier) setterOf(scan *evidence.Scan, hosts []string) setter {
	var s setter
	for _, h := range hosts {
		if under(h, scan.Site.Domain) {
			target, org, own := c.alias(scan, h)
			if target == "" {
				return s
			}
			return setter{host: target, org: org, own: own, through: append(s.through, h)}
		}
		own := c.own.ofHost(h)
		org := c.organisationOf(h)
		if own == nil && org != nil && org.servesAny() {
			s.through = append(s.through, org.Name)
			continue
		}
		s.host, s.org, s.own = h, org, own
		return s
	}
	return s
}

// servesAny reports whether an organisation carries what others have written.
func (o *organisation) servesAny() bool {
	return o.Category == evidence.UnknownCategory && o.Class != "content"
}

// hostOf returns the host of an address, lower case and without port; empty
// where there is none.
func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}

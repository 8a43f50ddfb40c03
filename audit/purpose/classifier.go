package purpose

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A Classifier judges from fixed data. It is safe for concurrent use.
type Classifier struct {
	own      *table // the user's rows; they win
	overlay  *table
	database *database
	// databaseSet names the database.
	databaseSet evidence.Dataset
	hosts       map[string]*organisation
	cnames      map[string]*organisation // targets of aliases
	byName      map[string]*organisation
	datasets    []evidence.Dataset
	hints       map[string]hint // by word
}

var _ audit.Classifier = (*Classifier)(nil)

// New returns a classifier over the embedded data and further YAML files of
// the form
//
//	rows:
//	  - {name: "_kite_*", host: kite.example, provider: Kite Statistics,
//	     aliases: [Kite], category: analytics, class: audience measurement}
//
// whose rows win over everything else. Among them the most specific counts,
// and of equally specific ones the last. A row without a name speaks of the whole host: of its cookies,
// its requests and what its scripts store on the visited site. Without a host,
// a row holds on the visited site's own domain. An error names the line.
func New(extra ...[]byte) (*Classifier, error) {
	c := &Classifier{hosts: map[string]*organisation{}, cnames: map[string]*organisation{}, byName: map[string]*organisation{}, hints: hints()}
	if err := c.addOrganisations(organisationsFile); err != nil {
		return nil, err
	}
	if err := c.addHosts(); err != nil {
		return nil, err
	}
	if err := c.addDatabase(); err != nil {
		return nil, err
	}
	overlay, err := c.addRows(overlayFile, "overlay")
	if err != nil {
		return nil, err
	}
	var own []*entry
	for i, data := range extra {
		es, err := c.addRows(data, fmt.Sprintf("own data %d", i+1))
		if err != nil {
			return nil, err
		}
		own = append(own, es...)
	}
	c.overlay, c.own = newTable(overlay), newTable(own)
	return c, nil
}

// Datasets names every file that judgements rest on, embedded ones first.
func (c *Classifier) Datasets() []evidence.Dataset { return slices.Clone(c.datasets) }

// Cookie tells what a cookie is for.
func (c *Classifier) Cookie(scan *evidence.Scan, k *evidence.Cookie) audit.Purpose {
	s := c.cookieSubject(scan, k)
	p, weak := c.judge(s)
	if weak != nil && weak.Provider != "" && c.platformSeen(scan, weak.Provider) {
		p = c.corroborate(p, weak)
	}
	return p
}

// Storage tells what a key of web storage, a database or a cache is for.
func (c *Classifier) Storage(scan *evidence.Scan, it *evidence.StorageItem) audit.Purpose {
	p, _ := c.judge(c.storageSubject(scan, it))
	return p
}

// Request tells what a request is for, from the host that it goes to.
func (c *Classifier) Request(scan *evidence.Scan, r *evidence.Request) audit.Purpose {
	s := &subject{host: strings.ToLower(r.Host), first: r.Party == evidence.First}
	if s.first {
		if target, _, _ := c.alias(scan, s.host); target != "" {
			return c.Host(scan, &evidence.ResolvedHost{Host: s.host, Names: []string{target}})
		}
	}
	if e := c.own.ofHost(s.host); e != nil {
		return e.verdict(fmt.Sprintf("your data (%s) says so of %s", e.from, s.host))
	}
	s.org = c.organisationOf(s.host)
	p, _ := c.judge(s)
	return p
}

// Declaration tells what a declared name is known for. Tables write the site
// itself into the host column of every row, so a host on which the name means
// nothing is left out.
func (c *Classifier) Declaration(scan *evidence.Scan, d *evidence.Declaration) audit.Purpose {
	best := c.Named(d.Name, "", scan.Site.Domain)
	for _, h := range strings.Fields(d.Host) {
		if p := c.Named(d.Name, h, scan.Site.Domain); p.Confidence > best.Confidence {
			best = p
		}
	}
	return best
}

// Named tells what a name is known for, on a host, where nothing was observed:
// what a table lists, or what somebody asks about. An empty host is not known;
// one of the site's own domain makes it the site's own cookie.
func (c *Classifier) Named(name, host, site string) audit.Purpose {
	host = canonicalHost(host)
	s := &subject{name: name, host: host, first: host == "" || site != "" && under(host, site), site: site}
	if !s.first {
		s.org = c.organisationOf(host)
	}
	p, _ := c.judge(s)
	return p
}

func (c *Classifier) addOrganisations(data []byte) error {
	f, _, err := read("organisations", data)
	if err != nil {
		return err
	}
	for i := range f.Organisations {
		o := &f.Organisations[i]
		for _, h := range o.Hosts {
			c.hosts[h] = o
		}
		for _, h := range o.CNAMEs {
			c.cnames[h] = o
		}
		if c.byName[o.Name] == nil {
			c.byName[o.Name] = o
		}
	}
	c.datasets = append(c.datasets, digest(f, data, "organisations"))
	return nil
}

func (c *Classifier) addRows(data []byte, name string) ([]*entry, error) {
	f, lines, err := read(name, data)
	if err != nil {
		return nil, err
	}
	d := digest(f, data, name)
	c.datasets = append(c.datasets, d)
	var es []*entry
	for i := range f.Rows {
		r := &f.Rows[i]
		if o := c.byName[r.Provider]; o != nil {
			r.Aliases = union(r.Aliases, o.Aliases)
		}
		es = append(es, r.entries(fmt.Sprintf("%s %s, line %d", d.Name, d.Version, lines[i]))...)
	}
	return es, nil
}

// organisationOf returns who stands behind a host, by its longest known parent.
func (c *Classifier) organisationOf(host string) *organisation { return longest(c.hosts, host) }

// longest returns the entry of a host or of its longest parent that has one.
func longest(hosts map[string]*organisation, host string) *organisation {
	for h := host; h != ""; {
		if o := hosts[h]; o != nil {
			return o
		}
		_, rest, found := strings.Cut(h, ".")
		if !found {
			return nil
		}
		h = rest
	}
	return nil
}

// is reports whether an organisation goes by a name.
func (o *organisation) is(name string) bool {
	return strings.EqualFold(o.Name, name) ||
		slices.ContainsFunc(o.Aliases, func(a string) bool { return strings.EqualFold(a, name) })
}

// maxCorroboration bounds how many cookies are looked at for other cookies of
// a platform, so that a site with thousands stays cheap to judge.
const maxCorroboration = 500

// platformSeen reports whether the scan holds a distinctive cookie of a
// platform on the site itself.
func (c *Classifier) platformSeen(scan *evidence.Scan, provider string) bool {
	for i := range scan.Cookies[:min(len(scan.Cookies), maxCorroboration)] {
		k := &scan.Cookies[i]
		if k.Party != evidence.First {
			continue
		}
		for _, e := range c.overlay.named(k.Name) {
			if e.Provider == provider && !e.Weak && e.gate != onHosts {
				return true
			}
		}
	}
	return false
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.ContainsFunc(out, func(t string) bool { return strings.EqualFold(s, t) }) {
			out = append(out, s)
		}
	}
	return out
}

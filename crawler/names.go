package crawler

import (
	"cmp"
	"context"
	"net"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// Names tells what hosts' names are aliases of.
type Names interface {
	// Chain returns the names that a host's name is an alias of, from the first to
	// the last; none where it is no alias.
	Chain(ctx context.Context, host string) ([]string, error)
	// Server names who is asked.
	Server() string
}

const (
	// namesTimeout bounds all questions of one scan.
	namesTimeout = 10 * time.Second
	// namesAtOnce and maxNames bound the questions: a site may make up names
	// without end.
	namesAtOnce = 8
	maxNames    = 64
)

// lookUp asks what the names of the site's own hosts are aliases of, apart from
// those of the visited pages. It adds to the scan's requests one to each host
// whose name leads away from the site.
func (s *scan) lookUp(ctx context.Context, out *evidence.Scan, records []*browser.Record, own parties) {
	requests := ownRequests(records, own)
	var hosts []string
	for _, q := range requests {
		if !slices.Contains(hosts, q.Host) && !visited(out, q.Host) {
			hosts = append(hosts, q.Host)
		}
	}
	slices.Sort(hosts)
	out.DNS = s.resolveAll(ctx, hosts)
	for _, h := range out.DNS.Hosts {
		leads := slices.ContainsFunc(h.Names, func(n string) bool { return own.of(n) == evidence.Third })
		for _, q := range requests {
			if leads && q.Host == h.Host {
				out.Requests = append(out.Requests, q)
			}
		}
	}
}

func (s *scan) resolveAll(ctx context.Context, hosts []string) *evidence.DNS {
	d := &evidence.DNS{Outcome: evidence.Complete, Hosts: []evidence.ResolvedHost{}}
	if s.c.Names == nil {
		d.Outcome, d.Why = evidence.Unavailable, cmp.Or(s.c.NoNames, "names were not looked up")
		return d
	}
	d.Resolver = s.c.Names.Server()
	if len(hosts) > maxNames {
		d.Outcome, d.Why = evidence.Partial, "the site has more hosts than are looked up"
		hosts = hosts[:maxNames]
	}
	d.Hosts = make([]evidence.ResolvedHost, len(hosts))
	ctx, cancel := context.WithTimeout(ctx, namesTimeout)
	defer cancel()
	var g errgroup.Group
	g.SetLimit(namesAtOnce)
	for i, h := range hosts {
		g.Go(func() error {
			d.Hosts[i] = s.resolveOne(ctx, h)
			return nil
		})
	}
	_ = g.Wait() // each host says itself what went wrong
	for i := range d.Hosts {
		if h := &d.Hosts[i]; h.Why != "" {
			d.Outcome, d.Why = evidence.Partial, cmp.Or(d.Why, h.Why)
		}
	}
	return d
}

func (s *scan) resolveOne(ctx context.Context, host string) evidence.ResolvedHost {
	h := evidence.ResolvedHost{Host: host, Names: []string{}, At: time.Now().UTC()}
	// Offline, the names come from whoever gave the addresses.
	if !s.c.Offline && s.resolve.given(host) {
		h.Why = "the address of " + host + " was given by the user"
		return h
	}
	names, err := s.c.Names.Chain(ctx, host)
	switch {
	case err != nil:
		h.Why = err.Error()
	case names != nil:
		h.Names = names
	}
	return h
}

// ownRequests picks one request for each phase and host of the site: the first
// that carried a cookie, or else the first.
func ownRequests(records []*browser.Record, own parties) []evidence.Request {
	type key struct {
		phase evidence.Phase
		host  string
	}
	at := map[key]int{}
	var out []evidence.Request
	for _, r := range records {
		for _, q := range r.Requests {
			if own.of(q.Host) != evidence.First || net.ParseIP(q.Host) != nil {
				continue
			}
			q.Party, q.Site = evidence.First, discover.RegistrableDomain(q.Host)
			i, seen := at[key{q.Phase, q.Host}]
			switch {
			case !seen:
				at[key{q.Phase, q.Host}] = len(out)
				out = append(out, q)
			case q.SentCookie && !out[i].SentCookie:
				out[i] = q
			}
		}
	}
	return out
}

// visited reports whether a host served one of the pages that were visited.
func visited(s *evidence.Scan, host string) bool {
	return slices.ContainsFunc(s.Visits, func(v evidence.Visit) bool {
		return slices.ContainsFunc(v.Pages, func(p evidence.Page) bool {
			return evidence.HostOf(p.URL) == host || evidence.HostOf(p.FinalURL) == host
		})
	})
}

package crawler

import (
	"cmp"
	"slices"
	"strings"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// parties tells first from third party. A site that sends its visitors to
// another domain of its own is at home in both.
type parties []string

func (p parties) of(host string) evidence.Party {
	for _, own := range p {
		// Scripts try a cookie on ever shorter domains: one that the site's own
		// domain lies under is refused, but it is nobody else's.
		if strings.HasSuffix(own, "."+host) {
			return evidence.First
		}
	}
	if slices.Contains(p, discover.RegistrableDomain(host)) {
		return evidence.First
	}
	return evidence.Third
}

// merge joins the records of the phases. They are given in reporting order.
func merge(scan *evidence.Scan, records []*browser.Record, own parties) {
	cookies := map[evidence.CookieKey]*evidence.Cookie{}
	items := map[itemKey]*evidence.StorageItem{}
	for _, r := range records {
		for _, c := range r.Cookies {
			mergeCookie(cookies, c)
		}
		for _, s := range r.Storage {
			mergeItem(items, s)
		}
		for _, q := range r.Requests {
			if q.Party = own.of(q.Host); q.Party == evidence.Third {
				q.Site = discover.RegistrableDomain(q.Host)
				scan.Requests = append(scan.Requests, q)
			}
		}
	}
	for _, c := range cookies {
		c.Site, c.Party = discover.RegistrableDomain(c.Domain), own.of(c.Domain)
		for i := range c.Writes {
			if w := &c.Writes[i]; w.Host != "" {
				w.Party = own.of(w.Host)
			}
		}
		scan.Cookies = append(scan.Cookies, *c)
	}
	for _, s := range items {
		host := evidence.HostOf(s.Origin)
		s.Site, s.Party = discover.RegistrableDomain(host), own.of(host)
		scan.Storage = append(scan.Storage, *s)
	}
	slices.SortFunc(scan.Cookies, func(x, y evidence.Cookie) int {
		return cmp.Or(cmp.Compare(x.Party, y.Party), x.Compare(y.CookieKey))
	})
	slices.SortFunc(scan.Storage, func(x, y evidence.StorageItem) int {
		return cmp.Or(cmp.Compare(x.Party, y.Party), strings.Compare(x.Origin, y.Origin), cmp.Compare(x.Kind, y.Kind), strings.Compare(x.Key, y.Key))
	})
}

// mergeCookie adds what one phase saw of a cookie to what the phases before saw.
// What a cookie is like at the end is told by the first phase that stored it.
func mergeCookie(all map[evidence.CookieKey]*evidence.Cookie, c evidence.Cookie) {
	old := all[c.CookieKey]
	if old == nil {
		all[c.CookieKey] = &c
		return
	}
	if c.Stored && !old.Stored { // the phases so far only saw it refused
		old.Stored, old.Value = true, c.Value
		old.Secure, old.HTTPOnly, old.SameSite = c.Secure, c.HTTPOnly, c.SameSite
	}
	old.Phases = append(old.Phases, c.Phases...)
	old.AfterAnswer = append(old.AfterAnswer, c.AfterAnswer...)
	old.Writes = append(old.Writes, c.Writes...)
	old.Session = old.Session && c.Session
	old.Requested = longer(old.Requested, c.Requested)
	old.Kept = longer(old.Kept, c.Kept)
}

func longer(a, b *int64) *int64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

type itemKey struct {
	kind        evidence.StorageKind
	origin, key string
}

func mergeItem(all map[itemKey]*evidence.StorageItem, s evidence.StorageItem) {
	k := itemKey{s.Kind, s.Origin, s.Key}
	old := all[k]
	if old == nil {
		all[k] = &s
		return
	}
	old.Phases = append(old.Phases, s.Phases...)
	old.Writes = append(old.Writes, s.Writes...)
	old.Held = append(old.Held, s.Held...)
	if old.Value.SHA256 == "" {
		old.Bytes, old.Value = s.Bytes, s.Value
	}
}

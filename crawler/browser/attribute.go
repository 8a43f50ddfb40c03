package browser

import (
	"cmp"
	"net"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"cookieaudit/crawler/evidence"
)

// initiators tells of each requested address what brought it into the page.
func (r *recorder) initiators() map[string]origin {
	m := map[string]origin{}
	for _, q := range r.order {
		for _, h := range q.hops {
			if _, known := m[h.url]; !known {
				m[h.url] = q.from
			}
		}
	}
	return m
}

// arrivals tells of each page the last address that its own document was asked
// for at, after all redirects.
func (r *recorder) arrivals() map[int]string {
	m := map[int]string{}
	for _, q := range r.order {
		if q.top {
			m[q.page] = q.hops[len(q.hops)-1].url
		}
	}
	return m
}

// chain follows who brought whom into the page, beginning with the address of
// the origin itself. Each address is named once.
func (a *assembler) chain(o origin) []string {
	const most, steps = 20, 100 // deeper than any tag manager, and an end to circles
	var out []string
	for n := 0; o.address() != "" && len(out) < most && n < steps; n++ {
		if address := clip(o.address()); !slices.Contains(out, address) {
			out = append(out, address)
		}
		o = a.before(o)
	}
	return out
}

// before is what brought an origin into the page: for code that other code
// made or wrote into the page those calls, else who asked for its address.
func (a *assembler) before(o origin) origin {
	if len(o.calls) > 0 {
		if s := o.calls[0].script; s != nil && len(s.by) > 0 {
			return origin{calls: s.by}
		} else if s != nil && s.around != "" {
			return origin{url: s.around}
		}
	}
	return a.initiators[o.address()]
}

// requestList tells the requests of a visit, each address of a redirect too.
func (r *recorder) requestList(ids identifierIndex) []evidence.Request {
	var out []evidence.Request
	for _, q := range r.order {
		initiator := q.from.address()
		for i, h := range q.hops {
			u, err := url.Parse(h.url)
			if err != nil || !slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme) {
				continue
			}
			if i > 0 {
				initiator = q.hops[i-1].url
			}
			e := evidence.Request{
				Phase: r.phase, Page: r.pageURL(q.page), Login: r.login(q.page), URL: clip(h.url), Host: strings.ToLower(u.Hostname()),
				AtMS: r.begun(q, &h), AfterAnswer: q.after, Type: strings.ToLower(q.kind),
				Initiator: clip(initiator), Cookies: q.cookies(i),
			}
			e.SentCookie = len(e.Cookies) > 0
			for _, part := range [...]struct{ name, text string }{{"url", h.url}, {"body", h.body}, {"referer", h.referer}} {
				ids.find(part.name, part.text, e.Host, &e.Carries)
			}
			out = append(out, e)
		}
	}
	return out
}

// isStorage reports whether the hook reports writes of a kind under its name.
func isStorage(k evidence.StorageKind) bool {
	switch k {
	case evidence.KindLocalStorage, evidence.KindSessionStorage, evidence.KindIndexedDB, evidence.KindCacheStorage, evidence.KindServiceWorker:
		return true
	}
	return false
}

type storeKey struct {
	kind   evidence.StorageKind
	origin string
	key    string
}

// storage joins the snapshots of web storage with the writes that the hook saw.
func (r *recorder) storage() []evidence.StorageItem {
	items := map[storeKey]*evidence.StorageItem{}
	item := func(k storeKey) *evidence.StorageItem {
		it := items[k]
		if it == nil {
			it = &evidence.StorageItem{Kind: k.kind, Origin: k.origin, Key: clip(k.key), Phases: []evidence.Phase{r.phase}, Writes: []evidence.StorageWrite{}}
			items[k] = it
		}
		return it
	}
	for i := range r.stores {
		e := &r.stores[i]
		if r.start.keeps(e) {
			continue
		}
		it := item(storeKey{e.kind, e.origin, e.key})
		if e.known {
			it.Bytes, it.Value = int64(len(e.value)), r.rules.of(e.value, r.pages[len(r.pages)-1].began)
			it.Held = []evidence.HeldValue{{Phase: r.phase, Value: it.Value}}
		}
		it.Entries, it.Parts, it.Script = e.entries, e.parts, e.script
	}
	for _, s := range r.scripts {
		kind := evidence.StorageKind(s.Kind)
		if s.Data == nil || !isStorage(kind) {
			continue
		}
		key := s.Data.Name
		if kind == evidence.KindServiceWorker {
			key = scopeOf(s)
		}
		it := item(storeKey{kind, originOf(s.URL), key})
		w := evidence.StorageWrite{
			Phase: r.phase, Page: r.pageURL(s.page), Login: r.login(s.page), Frame: clip(s.URL),
			AtMS: max(r.moment(s.page, s.reading), s.least), AfterAnswer: s.after, Stack: plainCalls(s.calls),
		}
		if len(w.Stack) > 0 {
			w.Script, w.Line = w.Stack[0].URL, w.Stack[0].Line
		}
		it.Writes = append(it.Writes, w)
	}
	out := make([]evidence.StorageItem, 0, len(items))
	for _, it := range items {
		out = append(out, *it)
	}
	slices.SortFunc(out, func(x, y evidence.StorageItem) int {
		return cmp.Or(strings.Compare(x.Origin, y.Origin), cmp.Compare(x.Kind, y.Kind), strings.Compare(x.Key, y.Key))
	})
	return out
}

// scopeOf is the scope of a service worker that a script registers: the one that
// is asked for, else the folder of the worker's own script (Service Workers,
// "register").
func scopeOf(s *scriptWrite) string {
	base, err := url.Parse(s.URL)
	if err != nil {
		return s.Data.Name
	}
	if s.Data.Path != nil {
		if u, err := base.Parse(*s.Data.Path); err == nil {
			return u.String()
		}
	}
	u, err := base.Parse(s.Data.Name)
	if err != nil {
		return s.Data.Name
	}
	return u.ResolveReference(&url.URL{Path: "./"}).String()
}

func originOf(address string) string {
	u, err := url.Parse(strings.TrimPrefix(address, "blob:"))
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

// domainMatch reports whether a host may set cookies for a domain (RFC 6265bis
// section 5.1.3).
func domainMatch(host, domain string) bool {
	return host == domain || strings.HasSuffix(host, "."+domain) && !isIP(host)
}

// isPublicSuffix reports whether a domain is one under which names are given
// out, such as "co.uk".
func isPublicSuffix(domain string) bool {
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

// pathMatch reports whether a document sees cookies of a path (section 5.1.4).
func pathMatch(document, path string) bool {
	u, err := url.Parse(strings.TrimPrefix(document, "blob:"))
	if err != nil {
		return false
	}
	p := cmp.Or(u.EscapedPath(), "/")
	return p == path || strings.HasPrefix(p, path) && (strings.HasSuffix(path, "/") || p[len(path)] == '/')
}

func isIP(host string) bool { return net.ParseIP(strings.Trim(host, "[]")) != nil }

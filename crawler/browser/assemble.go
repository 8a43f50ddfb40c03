package browser

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"

	"cookieaudit/crawler/evidence"
)

// A Record is what one visit saw. Which party something belongs to is left to
// whoever knows the public suffixes.
type Record struct {
	Cookies  []evidence.Cookie
	Storage  []evidence.StorageItem
	Requests []evidence.Request
}

// Record works out what the visit saw until now. It can be called when the
// browser has gone: what was seen stays seen.
func (v *Visit) Record() *Record {
	v.mu.Lock()
	defer v.mu.Unlock()
	a := &assembler{r: &v.rec, cookies: map[evidence.CookieKey]*evidence.Cookie{}, initiators: v.rec.initiators(), sites: map[string]int{}, sweptSites: v.rec.swept()}
	a.readJars()
	a.arrivals = v.rec.arrivals()
	for _, q := range v.rec.order {
		a.httpWrites(q)
	}
	for _, s := range v.rec.scripts {
		a.scriptWrite(s)
	}
	return &Record{Cookies: a.finish(), Storage: v.rec.storage(), Requests: v.rec.requestList(a.identifiers())}
}

// identifiers indexes what was stored during the visit, by whatever way it is known.
func (a *assembler) identifiers() identifierIndex {
	x := identifierIndex{}
	for _, e := range a.r.jars {
		domain := strings.TrimPrefix(e.cookie.Domain, ".")
		x.add(evidence.KindCookie, e.cookie.Name, domain, domain, e.cookie.Value)
	}
	for key, ws := range a.writes {
		for i := range ws {
			if len(ws[i].Blocked) == 0 {
				x.add(evidence.KindCookie, key.Name, key.Domain, key.Domain, ws[i].set.value)
			}
		}
	}
	for i := range a.r.stores {
		e := &a.r.stores[i]
		x.add(e.kind, e.key, e.origin, hostOf(e.origin), e.value)
	}
	return x
}

// An assembler joins the writes and the jars of a visit into cookies.
type assembler struct {
	r          *recorder
	cookies    map[evidence.CookieKey]*evidence.Cookie
	jar        map[evidence.CookieKey]jarEntry // the last sight of each cookie in a jar
	writes     map[evidence.CookieKey][]realWrite
	initiators map[string]origin
	sites      map[string]int  // how many cookies the jar holds of each site
	sweptSites map[string]bool // whose cookies an answer removed
	arrivals   map[int]string  // by page, the address that its visit ended at
}

// realWrite is a write with what only the merge needs.
type realWrite struct {
	evidence.Write
	real   time.Time
	set    setCookie
	looked bool // whether a script could read it back was told
}

func (a *assembler) readJars() {
	a.jar, a.writes = map[evidence.CookieKey]jarEntry{}, map[evidence.CookieKey][]realWrite{}
	for _, e := range a.r.jars {
		key := evidence.CookieKey{Name: e.cookie.Name, Domain: strings.TrimPrefix(e.cookie.Domain, "."), Path: e.cookie.Path, HostOnly: !strings.HasPrefix(e.cookie.Domain, ".")}
		if p := e.cookie.PartitionKey; p != nil {
			key.PartitionKey = p.TopLevelSite
		}
		if earlier, known := a.jar[key]; known {
			e.page, e.at = earlier.page, earlier.at
		} else {
			a.sites[siteOf(key.Domain)]++
		}
		a.jar[key] = e
	}
}

// httpWrites takes the Set-Cookie lines of a request. The browser sends the raw
// heads of a request in the order of its hops, leaving out those that it
// answered itself.
func (a *assembler) httpWrites(q *request) {
	hops := make([]int, 0, len(q.hops))
	for i := range q.hops {
		last := i == len(q.hops)-1
		if q.hops[i].noExtra || last && q.final != nil && !q.final.hasExtra {
			continue
		}
		hops = append(hops, i)
	}
	for n, x := range q.extras {
		if len(x.lines) == 0 || len(q.hops) == 0 {
			continue
		}
		at := len(q.hops) - 1
		if n < len(hops) {
			at = hops[n]
		}
		for _, line := range x.lines {
			a.httpWrite(q, at, &x, line)
		}
	}
}

func (a *assembler) httpWrite(q *request, at int, x *extra, line string) {
	h := q.hops[at]
	u, err := url.Parse(h.url)
	if err != nil {
		return
	}
	c, ok := parseSetCookie(line)
	clock := x.at
	if !x.date.IsZero() {
		// Chrome, too, counts Expires from the server's own clock.
		clock = x.date
	}
	w := realWrite{real: x.at, set: c}
	w.Write = evidence.Write{
		Phase: a.r.phase, Page: a.r.pageURL(q.page), Login: a.r.login(q.page), Frame: q.doc,
		AtMS: a.r.begun(q, &h), Mechanism: evidence.HTTP, AfterAnswer: q.after,
		URL: clip(h.url), Host: strings.ToLower(u.Hostname()), Status: x.status, ResourceType: strings.ToLower(q.kind),
		Raw: clip(a.r.rules.raw(&c, line)), Requested: c.lifetime(clock), Value: a.r.rules.of(c.value, x.at), Blocked: x.blocked[line],
	}
	w.Bounce = q.top && siteOf(w.Host) != siteOf(hostOf(a.arrivals[q.page]))
	for _, earlier := range q.hops[:at] {
		w.Redirects = append(w.Redirects, clip(earlier.url))
	}
	if w.Stack = plainCalls(q.from.calls); len(w.Stack) > 0 {
		w.Script, w.Line, w.Column = w.Stack[0].URL, w.Stack[0].Line, w.Stack[0].Column
	}
	w.Initiators = a.chain(q.from)
	if !ok && len(w.Blocked) == 0 {
		w.Blocked = []string{"SyntaxError"}
	}
	if len(w.Blocked) == 0 && c.partitioned && !c.secure {
		// Refused (CHIPS), of which the browser says nothing (Chromium 156).
		w.Blocked = []string{"InvalidPartitioned"}
	}
	a.add(w, u)
}

func (a *assembler) scriptWrite(s *scriptWrite) {
	u, err := url.Parse(strings.TrimPrefix(s.URL, "blob:"))
	if err != nil {
		return
	}
	var c setCookie
	var raw string
	ok := true
	mechanism := evidence.DocumentCookie
	switch {
	case s.Kind == "document.cookie":
		c, ok = parseSetCookie(s.Text)
		raw = a.r.rules.raw(&c, s.Text)
	case strings.HasPrefix(s.Kind, "cookieStore.") && s.Data != nil:
		mechanism = evidence.CookieStore
		c, raw = fromCookieStore(s, a.r.rules)
	default:
		return // web storage
	}
	page := time.UnixMilli(int64(s.At))
	w := realWrite{real: s.real, set: c}
	w.Write = evidence.Write{
		Phase: a.r.phase, Page: a.r.pageURL(s.page), Login: a.r.login(s.page), Frame: clip(s.URL),
		AtMS: max(a.r.moment(s.page, s.reading), s.least), Mechanism: mechanism, AfterAnswer: s.after,
		URL: clip(s.URL), Raw: clip(raw), Requested: c.lifetime(page), Value: a.r.rules.of(c.value, page), Stack: plainCalls(s.calls),
	}
	w.Host = strings.ToLower(u.Hostname())
	if len(w.Stack) > 0 {
		top := w.Stack[0]
		w.Script, w.Line, w.Column = top.URL, top.Line, top.Column
		if h := hostOf(top.URL); h != "" {
			w.Host = h
		}
		w.Initiators = a.chain(origin{calls: s.calls})[1:]
	}
	if !ok {
		w.Blocked = []string{"SyntaxError"}
	}
	w.looked = s.Seen != nil
	if key := a.add(w, u); ok && s.Seen != nil && !*s.Seen {
		a.doubt(key)
	}
}

// fromCookieStore reads the arguments of cookieStore.set or delete.
func fromCookieStore(s *scriptWrite, rules valueRules) (setCookie, string) {
	d := s.Data
	c := setCookie{
		name: d.Name, value: d.Value, domain: canonicalHost(strings.TrimPrefix(d.Domain, ".")),
		path: "/", sameSite: "Strict", secure: true, partitioned: d.Partitioned,
	}
	if d.Path != nil && *d.Path != "" {
		c.path = *d.Path
	}
	switch strings.ToLower(d.SameSite) {
	case "lax":
		c.sameSite = "Lax"
	case "none":
		c.sameSite = "None"
	}
	var ms, seconds float64
	switch {
	case s.Kind == "cookieStore.delete":
		c.maxAge = new(int64)
	case json.Unmarshal(d.MaxAge, &seconds) == nil && string(d.MaxAge) != "null" && math.Abs(seconds) < 8.64e12:
		c.maxAge = ptr(int64(seconds))
	case json.Unmarshal(d.Expires, &ms) == nil && ms != 0 && math.Abs(ms) < 8.64e15:
		t := time.UnixMilli(int64(ms)).UTC()
		c.expires = &t
	}
	raw := fmt.Sprintf("%s %s=%s; Path=%s", s.Kind, c.name, rules.short(c.value), c.path)
	if c.domain != "" {
		raw += "; Domain=" + c.domain
	}
	if c.maxAge != nil && s.Kind != "cookieStore.delete" {
		raw += fmt.Sprintf("; Max-Age=%d", *c.maxAge)
	}
	if c.expires != nil {
		raw += "; Expires=" + c.expires.Format(time.RFC1123)
	}
	return c, raw
}

// add files a write under the cookie that it sets.
func (a *assembler) add(w realWrite, u *url.URL) evidence.CookieKey {
	key := evidence.CookieKey{Name: w.set.name, Domain: strings.ToLower(u.Hostname()), Path: w.set.path}
	// An address, and a public suffix that names itself, widen nothing (RFC
	// 6265bis section 5.7).
	if key.HostOnly = w.set.domain == "" || w.set.domain == key.Domain && (isIP(key.Domain) || isPublicSuffix(key.Domain)); !key.HostOnly {
		key.Domain = w.set.domain
	}
	if key.Path == "" {
		key.Path = defaultPath(u.EscapedPath())
	}
	if w.set.partitioned {
		key.PartitionKey = a.partition(key)
	}
	w.Deletes = w.Requested != nil && *w.Requested <= 0
	a.writes[key] = append(a.writes[key], w)
	return key
}

// partition finds the partition of a cookie in the jars, which name it.
func (a *assembler) partition(key evidence.CookieKey) string {
	for k := range a.jar {
		if p := k.PartitionKey; p != "" {
			if k.PartitionKey = key.PartitionKey; k == key {
				return p
			}
		}
	}
	return ""
}

// doubt marks the last write of a cookie that a script could not read back and
// that no jar ever held: the browser refused it without a word.
func (a *assembler) doubt(key evidence.CookieKey) {
	ws := a.writes[key]
	w := &ws[len(ws)-1]
	e, held := a.jar[key]
	if held && e.cookie.HTTPOnly && !w.Deletes {
		// No script can overwrite what only answers may (section 5.7 step 17).
		w.Blocked = []string{"NotStored"}
		return
	}
	if held || w.Deletes || !pathMatch(w.URL, key.Path) {
		return // a cookie of another path cannot be read back, wherever it went
	}
	w.Blocked = []string{"NotStored"}
	// No cookie may be set for a public suffix (RFC 6265bis section 5.7).
	if d := w.set.domain; d != "" && (!domainMatch(hostOf(w.URL), d) || isPublicSuffix(d)) {
		w.Blocked = []string{"InvalidDomain"}
	}
}

func (a *assembler) finish() []evidence.Cookie {
	for key, e := range a.jar {
		if _, ok := a.writes[key]; !ok && !a.r.start.holds(e.cookie) {
			a.writes[key] = nil
		}
	}
	out := make([]evidence.Cookie, 0, len(a.writes))
	for key, ws := range a.writes {
		a.missing(key, ws)
		slices.SortStableFunc(ws, func(x, y realWrite) int { return cmp.Compare(x.AtMS, y.AtMS) })
		out = append(out, a.cookie(key, ws))
	}
	slices.SortFunc(out, func(x, y evidence.Cookie) int { return x.Compare(y.CookieKey) })
	return out
}

// cookie tells one cookie from its writes and its last sight in a jar.
func (a *assembler) cookie(key evidence.CookieKey, ws []realWrite) evidence.Cookie {
	c := evidence.Cookie{CookieKey: key, Phases: []evidence.Phase{a.r.phase}, AfterAnswer: []evidence.Phase{}, Writes: []evidence.Write{}, Session: true}
	var last *realWrite // the last write that the browser took, else the last of all
	for i := range ws {
		w := &ws[i]
		c.Writes = append(c.Writes, w.Write)
		taken := len(w.Blocked) == 0
		if w.AfterAnswer && taken && !w.Deletes {
			c.AfterAnswer = []evidence.Phase{a.r.phase}
		}
		if taken && !w.Deletes {
			c.Stored = true
		}
		if w.Requested != nil && !w.Deletes {
			c.Session = false
			if c.Requested == nil || *w.Requested > *c.Requested {
				c.Requested = w.Requested
			}
		}
		if !w.Deletes && (last == nil || taken || len(last.Blocked) > 0) {
			last = w
		}
	}
	if last != nil {
		c.Secure, c.HTTPOnly, c.SameSite, c.Value = last.set.secure, last.set.httpOnly, last.set.sameSite, last.Value
	}
	if e, held := a.jar[key]; held {
		a.fromJar(&c, e, last)
	}
	return c
}

func (a *assembler) fromJar(c *evidence.Cookie, e jarEntry, last *realWrite) {
	j := e.cookie
	c.Stored = true
	c.Secure, c.HTTPOnly, c.SameSite, c.Value = j.Secure, j.HTTPOnly, string(j.SameSite), a.r.rules.of(j.Value, e.real)
	if last == nil {
		// Nobody was seen to write it: what is known is that it was there.
		c.Writes = append(c.Writes, evidence.Write{
			Phase: a.r.phase, Page: a.r.pageURL(e.page), Login: a.r.login(e.page), AtMS: e.at,
			Mechanism: evidence.Unknown, Value: c.Value, Raw: a.unseen(c.Domain),
		})
		c.Session = j.Session
	}
	if j.Session {
		return
	}
	c.Session = false
	from := e.real
	if last != nil {
		from = last.real
	}
	kept := int64(math.Round(j.Expires - float64(from.UnixMilli())/1000))
	// The jar's moment and ours differ by a round trip, and by the lead of the
	// page's clock where a script computed the date.
	for _, exact := range []*int64{c.Requested, ptr(longestLifetime)} {
		if exact != nil && abs(kept-*exact) <= tolerance {
			kept = *exact
			break
		}
	}
	if last == nil {
		// The moment of the write is not known, only that it lies in the visit.
		kept = roundest(kept, a.r.now(e.real)/1000)
	}
	c.Kept = &kept
}

// roundest returns the roundest length between at least and at least + slack
// seconds: a whole number of days, hours or minutes where there is one.
func roundest(least, slack int64) int64 {
	for _, unit := range []int64{86400, 3600, 60} {
		if n := (least + unit - 1) / unit * unit; least > 0 && n <= least+slack {
			return n
		}
	}
	return least
}

const (
	// longestLifetime is what Chrome cuts lifetimes to: 400 days, in seconds
	// (RFC 6265bis section 5.5).
	longestLifetime = int64(400 * 24 * 60 * 60)
	tolerance       = int64(15) // seconds
)

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

func valueNote(s string) string { return fmt.Sprintf("‹%d bytes›", len(s)) }

// clip bounds what a site can put into a record.
func clip(s string) string {
	const longest = 4096
	if len(s) <= longest {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return strings.ToValidUTF8(s[:longest], "") + "…"
}

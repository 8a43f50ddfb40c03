package browser

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"cookieaudit/crawler/evidence"
)

const (
	// crowded is how many cookies of one site a jar may hold before it may have
	// thrown others out: Chromium cuts 180 down to 150 (RFC 6265bis section 6.1
	// asks for at least 50).
	crowded = 140
	// soon is the lifetime in which a cookie may be gone by the end of a page.
	soon = 5 * time.Second
)

// missing marks the cookies that the browser did not take without giving a
// reason: those of answers to requests without credentials and to preflights
// (Fetch, sections 2.2.5 and 4.8), and what a script writes in a document without
// an origin. That is told from their absence, so nothing else may have removed
// them before the jar was read.
func (a *assembler) missing(key evidence.CookieKey, ws []realWrite) {
	site := siteOf(key.Domain)
	if _, held := a.jar[key]; held || a.sites[site] >= crowded || a.sweptSites[site] {
		return
	}
	if slices.ContainsFunc(ws, func(w realWrite) bool { return w.Deletes }) {
		return
	}
	for i := range ws {
		w := &ws[i]
		if w.looked || len(w.Blocked) > 0 {
			continue
		}
		for _, read := range a.r.jarReads {
			if read.After(w.real) {
				if age := read.Sub(w.real) + soon; w.Requested == nil || *w.Requested > int64(age.Seconds()) {
					w.Blocked = []string{"NotStored"}
				}
				break
			}
		}
	}
}

// swept lists the sites whose cookies an answer's Clear-Site-Data removed.
func (r *recorder) swept() map[string]bool {
	sites := map[string]bool{}
	for _, q := range r.order {
		if slices.ContainsFunc(q.extras, func(x extra) bool { return x.clears }) {
			for _, h := range q.hops {
				sites[siteOf(hostOf(h.url))] = true
			}
		}
	}
	return sites
}

// siteOf is the registrable domain of a host, or the host itself where it has none.
func siteOf(host string) string {
	if site, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil && !isIP(host) {
		return site
	}
	return host
}

// unseen says how a cookie is known that nobody was seen to write. The browser
// keeps the headers of some answers to itself: of a service worker's script, of
// what a shared worker fetches, of a WebSocket's handshake with another site
// (Chromium 156). Those that could have set the cookie are named. Nor does its
// debugger report what a page does at once that is shown again (see hookAgain).
func (a *assembler) unseen(domain string) string {
	const most = 3
	var answers []string
	for _, q := range a.r.order {
		if q.final == nil || len(q.hops) == 0 || slices.ContainsFunc(q.extras, func(x extra) bool { return !q.socket || len(x.lines) > 0 }) {
			continue
		}
		address := q.hops[len(q.hops)-1].url
		if host := hostOf(address); len(answers) < most && host != "" && domainMatch(host, domain) {
			answers = append(answers, clip(address))
		}
	}
	text := "seen in the cookie jar only"
	if a.r.restored {
		text += "; a page was shown again from the back/forward cache, and the browser does not show what its scripts do at once"
	}
	if len(answers) > 0 {
		text += fmt.Sprintf("; the browser does not show the headers of %s", strings.Join(answers, ", "))
	}
	return text
}

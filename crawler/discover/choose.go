package discover

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// A Choice says which pages of a site are visited beside the landing page.
type Choice struct {
	// Pages is how many at most.
	Pages int
	// Include, where it has any, lets only pages be chosen that one of them fits:
	// policies too, which are read elsewhere and otherwise left out.
	Include []Pattern
	// Exclude rules pages out.
	Exclude []Pattern
	// HonourRobots rules out what robots.txt disallows (see the package comment).
	HonourRobots bool

	disallows func(*url.URL) bool
}

// ranked orders every page that can be chosen, the best first. The same links in
// the same order give the same pages.
//
// A page is a http or https address of the site's registrable domain other than
// the landing page. One page of each path template comes first (/news/12 and
// /news/13 are one template), pages of the landing page's host before those of
// other hosts, language versions last, else in the order of the links. Never
// chosen are files, links that do something (log out, delete, unsubscribe, buy,
// share), redirectors and policies, which are read elsewhere.
func ranked(site evidence.Site, links []Link, c Choice) []candidate {
	cands := candidates(site, links, c)
	seen := map[string]int{}
	for i := range cands {
		cands[i].repeat = seen[cands[i].template]
		seen[cands[i].template]++
	}
	slices.SortStableFunc(cands, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(btoi(a.language), btoi(b.language)),
			cmp.Compare(btoi(a.repeat > 0), btoi(b.repeat > 0)),
			cmp.Compare(btoi(a.otherHost), btoi(b.otherHost)),
			cmp.Compare(a.repeat, b.repeat),
		)
	})
	return cands
}

// A candidate is a page that may be visited, with what its rank depends on.
type candidate struct {
	url       string
	template  string
	repeat    int // pages of the same template before this one
	otherHost bool
	language  bool
	mapped    bool // from a sitemap
}

func candidates(site evidence.Site, links []Link, c Choice) []candidate {
	home, err := url.Parse(site.URL)
	if err != nil {
		return nil
	}
	var us []*url.URL
	var kept []Link
	seen := map[string]bool{pageKey(home): true}
	for _, l := range links {
		u, err := url.Parse(l.URL)
		if err != nil || !c.allows(site, u, l) || seen[pageKey(u)] {
			continue
		}
		seen[pageKey(u)] = true
		u.Fragment, u.RawFragment = "", ""
		us, kept = append(us, u), append(kept, l)
	}
	templates := templatesOf(us)
	cands := make([]candidate, len(us))
	for i, u := range us {
		cands[i] = candidate{
			url: u.String(), template: templates[i],
			otherHost: bareHost(u) != bareHost(home),
			language:  isLanguageSwitch(home, u, kept[i]),
			mapped:    kept[i].Mapped,
		}
	}
	return cands
}

// allows reports whether a link leads to a page that may be chosen.
func (c *Choice) allows(site evidence.Site, u *url.URL, l Link) bool {
	if !harmless(site, u, l) || anyMatches(c.Exclude, u) || c.disallows != nil && c.disallows(u) {
		return false
	}
	if len(c.Include) > 0 {
		return anyMatches(c.Include, u)
	}
	return kindOf(u, l).kind == notPolicy
}

// harmless reports whether a link leads to a page of the site that can be opened
// without doing anything.
func harmless(site evidence.Site, u *url.URL, l Link) bool {
	if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || RegistrableDomain(u.Hostname()) != site.Domain {
		return false
	}
	if l.Download || isFile(u) || hasAction(u) || redirectsAway(site, u) {
		return false
	}
	x := words()
	return !anyIn(x.leave, padded(l.Text)) && !anyIn(x.leave, addressWords(u))
}

// pageKey is what makes two addresses the same page: scheme, "www.", a default
// document, a slash at the end and the fragment do not.
func pageKey(u *url.URL) string {
	p := strings.TrimSuffix(u.EscapedPath(), "/")
	if base := strings.ToLower(path.Base(p)); strings.HasPrefix(base, "index.") || strings.HasPrefix(base, "default.") {
		p = strings.TrimSuffix(path.Dir(p), "/")
	}
	return bareHost(u) + p + "?" + u.Query().Encode()
}

func bareHost(u *url.URL) string { return strings.TrimPrefix(u.Host, "www.") }

// isFile reports whether a path names something other than a page by its
// extension. Unknown extensions are pages: sites invent them.
func isFile(u *url.URL) bool {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(u.Path), "."))
	switch ext {
	case "pdf", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "csv", "ppt", "pptx", "odp", "epub", "txt", "json", "xml", "rss", "atom",
		"zip", "gz", "tgz", "bz2", "xz", "7z", "rar", "tar", "iso", "dmg", "exe", "msi", "pkg", "deb", "rpm", "apk", "jar",
		"jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "ico", "bmp", "tif", "tiff", "heic",
		"mp3", "m4a", "wav", "ogg", "oga", "flac", "mp4", "m4v", "webm", "avi", "mov", "mkv", "wmv", "m3u8",
		"js", "mjs", "css", "map", "woff", "woff2", "ttf", "otf", "eot", "wasm", "ics", "vcf", "torrent", "sig", "asc":
		return true
	}
	p := strings.TrimSuffix(strings.ToLower(u.Path), "/")
	return strings.HasSuffix(p, "/feed") || strings.HasSuffix(p, "/rss") || strings.Contains(p, "/cdn-cgi/")
}

// hasAction reports whether a query asks the site to do something.
func hasAction(u *url.URL) bool {
	for key, values := range u.Query() {
		switch strings.ToLower(key) {
		case "action", "do", "cmd", "op", "task", "add-to-cart", "remove_item", "add_to_wishlist", "replytocom", "share", "print", "download", "_wpnonce", "csrf", "token", "nonce":
			return true
		}
		for _, v := range values {
			if anyIn(words().leave, padded(v)) {
				return true
			}
		}
	}
	return false
}

// redirectsAway reports whether a query holds the address of another site: the
// link counts a click or shares, and leads away.
func redirectsAway(site evidence.Site, u *url.URL) bool {
	for _, values := range u.Query() {
		for _, v := range values {
			to, err := url.Parse(v)
			if err == nil && (to.Scheme == "http" || to.Scheme == "https") && RegistrableDomain(to.Hostname()) != site.Domain {
				return true
			}
		}
	}
	return false
}

// isLanguageSwitch reports whether a link leads to the site in another language.
func isLanguageSwitch(home, u *url.URL, l Link) bool {
	if l.Lang != "" || words().names[fold(l.Text)] {
		return true
	}
	code := languageSegment(u)
	// A sitemap has the pages of every language; the links of a page are its own's.
	return code != "" && code != languageSegment(home) && (l.Mapped || len(strings.Split(strings.Trim(u.Path, "/"), "/")) == 1)
}

// languageSegment returns the language code that a path begins with, if any.
func languageSegment(u *url.URL) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	code, region, hasRegion := strings.Cut(strings.ReplaceAll(strings.ToLower(first), "_", "-"), "-")
	if !words().codes[code] || hasRegion && len(region) != 2 {
		return ""
	}
	return code
}

// addressWords returns the words of a path, for matching.
func addressWords(u *url.URL) string {
	return padded(u.Path)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

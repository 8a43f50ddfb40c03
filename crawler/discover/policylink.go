package discover

import (
	"cmp"
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// A PolicyKind is what a document is probably about.
type PolicyKind string

// The kinds, in the order in which they are read.
const (
	CookiePolicy  PolicyKind = "cookie"
	PrivacyPolicy PolicyKind = "privacy"
	// LegalNotice: small sites keep their few sentences about cookies there.
	LegalNotice PolicyKind = "legal"

	notPolicy PolicyKind = ""
)

// A PolicyLink is a link that probably leads to a policy.
type PolicyLink struct {
	// URL is where it leads. A fragment is kept: it may name the section on
	// cookies of a longer page.
	URL  string
	Text string
	Kind PolicyKind
	// Score compares links of one kind; higher is likelier.
	Score int
	// SameSite is false for a document on another registrable domain.
	SameSite bool

	// aside: the policy of another audience or thing than the website.
	aside bool
	// language: the address or the link says that it is in another language than
	// the landing page.
	language bool
}

// Scores of a link. What a visitor reads weighs more than an address.
const (
	scoreNamed    = 100 // "Cookie policy"
	scoreWord     = 80  // "Cookies", "Privacy"
	scoreAddress  = 50  // the address alone says it
	scoreSettings = 30  // "Cookie settings"
	scoreRel      = 40  // rel=privacy-policy
	scoreBanner   = 15
	scoreFooter   = 10
	scoreForeign  = -40
	scoreArticle  = -30 // a long text that mentions the word
)

// PolicyLinks returns the links that probably lead to a cookie policy, then
// those to a privacy policy, then those to a legal notice, the likeliest of each
// first, each document once. A link to another site counts only where its text
// names such a document: policies lie at parent companies and consent managers,
// but an address alone proves nothing there. The policies of an app or for job
// applicants, and those in another language, count only where there are no others.
func PolicyLinks(site evidence.Site, links []Link) []PolicyLink {
	at := map[string]int{}
	var out []PolicyLink
	for _, l := range links {
		p, ok := policyLink(site, l)
		if !ok {
			continue
		}
		key := documentKey(p.URL)
		i, seen := at[key]
		switch {
		case !seen:
			at[key] = len(out)
			out = append(out, p)
		case rank(p.Kind) < rank(out[i].Kind) || p.Kind == out[i].Kind && p.Score > out[i].Score:
			out[i] = p
		}
	}
	out = withoutAsides(out)
	slices.SortStableFunc(out, func(a, b PolicyLink) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(b.Score, a.Score))
	})
	return out
}

// withoutAsides drops the policies of other audiences where the site has one of
// its own, and those in other languages where there is one of their kind in the
// landing page's.
func withoutAsides(list []PolicyLink) []PolicyLink {
	own := map[PolicyKind]bool{}
	for _, p := range list {
		own[p.Kind] = own[p.Kind] || !p.aside && !p.language
	}
	policy := slices.ContainsFunc(list, func(p PolicyLink) bool { return !p.aside && p.Kind != LegalNotice })
	return slices.DeleteFunc(list, func(p PolicyLink) bool {
		return p.aside && policy || p.language && own[p.Kind]
	})
}

func rank(k PolicyKind) int {
	return slices.Index([]PolicyKind{CookiePolicy, PrivacyPolicy, LegalNotice}, k)
}

// documentKey is an address without what does not change the document.
func documentKey(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return pageKey(u)
}

func policyLink(site evidence.Site, l Link) (PolicyLink, bool) {
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return PolicyLink{}, false
	}
	if isFile(u) && !strings.HasSuffix(strings.ToLower(u.Path), ".pdf") {
		return PolicyLink{}, false
	}
	v := kindOf(u, l)
	same := RegistrableDomain(u.Hostname()) == site.Domain
	if v.kind == notPolicy || !same && !v.named || isGoods(u, v) {
		return PolicyLink{}, false
	}
	if opensDialog(site, u, v) || hasAction(u) {
		return PolicyLink{}, false
	}
	score := v.score
	if !same {
		score += scoreForeign
	}
	if l.InFooter {
		score += scoreFooter
	}
	if l.InBanner {
		score += scoreBanner
	}
	x := words()
	return PolicyLink{
		URL: l.URL, Text: l.Text, Kind: v.kind, Score: score, SameSite: same,
		aside:    anyIn(x.others, padded(l.Text)) || same && anyIn(x.others, addressWords(u)),
		language: inOtherLanguage(site, u),
	}, true
}

// inOtherLanguage reports whether an address begins with the code of another
// language than the landing page's. One without a code may be in any.
func inOtherLanguage(site evidence.Site, u *url.URL) bool {
	home, err := url.Parse(site.URL)
	code := languageSegment(u)
	return err == nil && code != "" && bareHost(home) == bareHost(u) && code != languageSegment(home)
}

// isGoods reports whether the word for cookies is probably that of a shop, of a
// recipe or of an article: the link names no document, and its address says where
// it lies.
func isGoods(u *url.URL, v kindView) bool {
	x := words()
	address := addressWords(u)
	return v.kind == CookiePolicy && v.score != scoreNamed && anyIn(x.goods, address) && !anyIn(x.document, address) && !anyIn(x.privacy, address)
}

// opensDialog reports whether a link leads to the landing page again: a fragment
// of it opens a dialog, and a query such as ?cookies=reject is a choice.
func opensDialog(site evidence.Site, u *url.URL, v kindView) bool {
	home, err := url.Parse(site.URL)
	if err != nil {
		return false
	}
	return pageKey(home) == pageKey(u) || v.score <= scoreSettings && bareHost(home) == bareHost(u) && home.Path == u.Path
}

// A kindView is what text and address of a link say about its target.
type kindView struct {
	kind  PolicyKind
	score int
	// named: the text itself names such a document.
	named bool
}

// articleWords is from how many words on a link's text is a title or a teaser.
const articleWords = 8

func kindOf(u *url.URL, l Link) kindView {
	x := words()
	text, address := padded(l.Text), addressWords(u)
	cookieText, cookieAddress := anyIn(x.cookie, text), anyIn(x.cookie, address)
	privacyText, privacyAddress := anyIn(x.privacy, text), anyIn(x.privacy, address)
	document := anyIn(x.document, text)
	long := len(strings.Fields(text)) >= articleWords

	v := kindView{}
	switch {
	case cookieText && onlyCookieWords(x, text):
		v = kindView{CookiePolicy, scoreWord, true}
	case cookieText && document:
		v = kindView{CookiePolicy, scoreNamed, true}
	case cookieText && anyIn(x.settings, text):
		v = kindView{CookiePolicy, scoreSettings, false}
	case cookieText && privacyText:
		v = kindView{CookiePolicy, scoreWord, true}
	case privacyText && cookieAddress:
		v = kindView{CookiePolicy, scoreAddress, false}
	case privacyText:
		v = kindView{PrivacyPolicy, scoreWord, true}
		if document {
			v.score = scoreNamed
		}
	case cookieAddress && (anyIn(x.document, address) || isLast(u, x.cookie) || privacyAddress):
		v = kindView{CookiePolicy, scoreAddress, false}
	case privacyAddress && !cookieText:
		v = kindView{PrivacyPolicy, scoreAddress, false}
	case anyIn(x.legalNotice, text):
		v = kindView{LegalNotice, scoreWord, false}
	}
	if v.kind != notPolicy && long {
		v.score += scoreArticle
		v.named = false
	}
	if strings.Contains(l.Rel, "privacy-policy") {
		if v.kind == notPolicy || v.kind == LegalNotice {
			v = kindView{PrivacyPolicy, scoreWord, true}
		}
		v.score += scoreRel
	}
	return v
}

// onlyCookieWords reports whether a text says nothing but "cookies": a shop's
// "Chocolate cookies" says more.
func onlyCookieWords(x *lexicon, text string) bool {
	for _, p := range x.cookie {
		if len(p) == 1 && strings.TrimSpace(p[0]) == strings.TrimSpace(text) {
			return true // a name of several words
		}
	}
	for _, w := range strings.Fields(text) {
		if !anyIn(x.cookie, " "+w+" ") {
			return false
		}
	}
	return true
}

// isLast reports whether the last segment of a path is made of the words alone.
func isLast(u *url.URL, ps []phrase) bool {
	p := strings.Trim(u.Path, "/")
	for _, w := range strings.Fields(fold(p[strings.LastIndexByte(p, '/')+1:])) {
		if !anyIn(ps, " "+w+" ") {
			return false
		}
	}
	return p != ""
}

// WellKnownPolicyPaths returns paths where policies often lie, for a site in
// which no link led to one: those of the given languages (BCP 47, the region
// does not matter) first, then the English ones, each once. Every path is a
// request to the site, so a caller bounds how many it tries.
func WellKnownPolicyPaths(languages ...string) []string {
	var out []string
	seen := map[string]bool{}
	for _, want := range append(slices.Clone(languages), "en") {
		want, _, _ = strings.Cut(strings.ToLower(strings.ReplaceAll(want, "_", "-")), "-")
		if want == "nb" || want == "nn" {
			want = "no"
		}
		for _, l := range words().languages {
			if l.Lang != want {
				continue
			}
			for _, p := range l.Paths {
				if !seen[p] {
					seen[p] = true
					out = append(out, p)
				}
			}
		}
	}
	return out
}

// MappedPolicies returns the policies that a site's sitemaps list, by their
// addresses, as PolicyLinks orders them; those in the language of the site's
// address come first. What cannot be read lists none: a sitemap is a hint.
func (f *Finder) MappedPolicies(ctx context.Context, site evidence.Site, honourRobots bool) []PolicyLink {
	ctx, cancel := context.WithTimeoutCause(ctx, surveyTimeout, errSurveyTimeout)
	defer cancel()
	s := &survey{f: f, site: site, choice: Choice{HonourRobots: honourRobots}}
	s.readRobots(ctx)
	home, err := url.Parse(site.URL)
	if err != nil || s.shut {
		return nil
	}
	links := s.readMaps(ctx)
	if honourRobots {
		links = slices.DeleteFunc(links, func(l Link) bool {
			u, err := url.Parse(l.URL)
			return err != nil || s.robots.disallows(u)
		})
	}
	out := PolicyLinks(site, links)
	slices.SortStableFunc(out, func(a, b PolicyLink) int {
		return cmp.Compare(btoi(otherLanguage(home, a.URL)), btoi(otherLanguage(home, b.URL)))
	})
	return out
}

// otherLanguage reports whether an address begins with the code of another
// language than the site's.
func otherLanguage(home *url.URL, address string) bool {
	u, err := url.Parse(address)
	return err != nil || languageSegment(u) != languageSegment(home)
}

var declaredLanguage = regexp.MustCompile(`(?i)<html\b[^>]{0,1000}?\slang\s*=\s*["']?([a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3})\b`)

// Language is the language that a page declares (BCP 47), "" where it declares
// none.
func Language(page string) string {
	if m := declaredLanguage.FindStringSubmatch(page[:min(len(page), 16<<10)]); m != nil {
		return m[1]
	}
	return ""
}

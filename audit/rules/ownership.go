package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"

	"cookieaudit/crawler/evidence"
)

// label returns a registrable domain without its public suffix: "example" for
// "example.co.uk".
func label(domain string) string {
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return strings.TrimSuffix(strings.TrimSuffix(domain, suffix), ".")
}

// affixes are words that sites join to their own name for the hosts of their
// files.
func affixes() []string {
	return []string{"static", "cdn", "img", "images", "assets", "media", "files", "content", "usercontent", "web", "site", "app", "apps", "api", "online", "group"}
}

// minLabel is the shortest label that is taken for a name.
const minLabel = 4

// sameOwner reports whether two registrable domains carry one name: the same
// under different endings, or one of them with a word for files joined to it.
func sameOwner(a, b string) bool {
	if a == b {
		return true
	}
	la, lb := label(a), label(b)
	if len(la) > len(lb) {
		la, lb = lb, la
	}
	if len(la) < minLabel {
		return false
	}
	if la == lb {
		return true
	}
	for _, word := range affixes() {
		for _, joined := range []string{la + word, la + "-" + word, word + la, word + "-" + la} {
			if lb == joined {
				return true
			}
		}
	}
	return false
}

// listedAsOwn reports whether a policy declares one cookie for the site's own
// host and for this domain alike: the site runs both.
func listedAsOwn(s *evidence.Scan, domain string) bool {
	for i := range s.Declarations {
		hosts := strings.Fields(s.Declarations[i].Host)
		if len(hosts) > 1 && slices.ContainsFunc(hosts, func(h string) bool { return within(h, s.Site.Domain) }) &&
			slices.ContainsFunc(hosts, func(h string) bool { return within(h, domain) }) {
			return true
		}
	}
	return false
}

func within(host, domain string) bool {
	host = strings.Trim(strings.ToLower(host), "*.")
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// A policyText is all that the policies say, for finding names in.
type policyText struct{ exact, lower string }

func newPolicyText(s *evidence.Scan) policyText {
	var b strings.Builder
	for i := range s.Policies {
		b.WriteString(s.Policies[i].Text)
		b.WriteByte('\n')
	}
	for i := range s.Declarations {
		d := &s.Declarations[i]
		b.WriteString(d.Host + "\n" + d.Provider + "\n" + d.Description + "\n" + d.Source.Quote + "\n")
	}
	return policyText{exact: b.String(), lower: strings.ToLower(b.String())}
}

func (t policyText) empty() bool { return strings.TrimSpace(t.exact) == "" }

// discloses reports whether the policies name a party.
func (t policyText) discloses(p *party) bool {
	for _, n := range p.names {
		if t.names(n) {
			return true
		}
	}
	for _, d := range p.domains {
		if holdsWord(t.lower, strings.ToLower(d)) {
			return true
		}
		l := label(d)
		if p.provider != "" || len(l) < minLabel || slices.Contains(genericLabels(), l) {
			continue
		}
		if holdsWord(t.lower, l) || strings.Contains(l, "-") && holdsWord(t.lower, strings.ReplaceAll(l, "-", " ")) {
			return true
		}
	}
	return false
}

// names finds a name as a whole word. One that is an ordinary word too must be
// spelled as a name, and a single letter is never looked for.
func (t policyText) names(name string) bool {
	if utf8.RuneCountInString(name) < 2 {
		return false
	}
	if slices.Contains(ordinaryNames(), name) {
		return holdsWord(t.exact, name)
	}
	return holdsWord(t.lower, strings.ToLower(name))
}

// ordinaryNames are organisations whose names are words of the language that
// policies are written in.
func ordinaryNames() []string {
	return []string{"Segment", "Clarity", "Meta", "Snap", "Heap", "Drift", "Crisp", "Piano", "Fathom", "Plausible", "Braze", "Bunny", "Bing", "Wistia", "Civic"}
}

// genericLabels are domain names that say what a host does, not whose it is.
func genericLabels() []string {
	return []string{
		"social", "media", "analytics", "statistics", "stats", "tracking", "tracker", "video", "chat", "support", "marketing", "advertising",
		"content", "static", "images", "cookie", "cookies", "website", "websites", "service", "services", "cloud", "online", "digital",
		"consent", "privacy", "data", "partner", "partners", "player", "share", "sharing", "widget", "widgets", "news", "mail", "search",
		"fonts", "maps", "login", "account", "payment", "payments", "shop", "store", "browser", "internet", "network", "server", "example",
	}
}

// holdsWord finds a word that no letter or digit continues on either side. A
// domain may follow the dot of its sub-domain.
func holdsWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 || word == "" {
			return false
		}
		start, end := from+i, from+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !wordRune(before) && !wordRune(after) {
			return true
		}
		from = start + 1
	}
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// registrable returns the registrable domain of a host, or the host itself
// where it has none.
func registrable(host string) string {
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

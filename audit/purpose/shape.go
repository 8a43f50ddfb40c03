package purpose

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// A shape is a word in a name that hints at a purpose. It is a hint only: the
// name is the site's own choice.
type shape struct {
	words    []string
	category evidence.Category
	class    string
}

const shapeConfidence = 0.55

// shapes are tried in order: the words that protect come before "session",
// which many names carry beside them.
func shapes() []shape {
	return []shape{
		{[]string{"csrf", "xsrf", "antiforgery", "requesttoken", "nonce"}, evidence.Necessary, "security"},
		{[]string{
			"consent", "cookieconsent", "gdpr", "rgpd", "dsgvo", "cookiepolicy", "cookienotice", "cookiebanner", "cookiebar",
			"cookieaccepted", "cookiesaccepted", "cookieaccept", "cookielaw", "cookieoptin", "cookiechoice", "cookiechoices", "cookieconsents", "allowcookies", "acceptcookies", "cookiesettings", "cookiepreferences", "cookieprefs",
		}, evidence.Necessary, "consent"},
		{[]string{"lb", "loadbalancer", "affinity", "sticky"}, evidence.Necessary, "load balancing"},
		{[]string{"auth", "login", "loggedin", "rememberme", "sso"}, evidence.Necessary, "authentication"},
		{[]string{"cart", "basket"}, evidence.Necessary, "shopping basket"},
		{[]string{"session", "sess", "sessionid", "sessid"}, evidence.Necessary, "session"},
		{[]string{"lang", "language", "locale", "langue", "sprache", "idioma", "lingua", "theme", "darkmode", "currency", "fontsize", "contrast"}, evidence.Functional, "interface"},
	}
}

// trackers are words of names that tell visitors apart. They show a risk, not
// a purpose, so the category stays unknown.
func trackers() []string {
	return []string{"uid", "uuid", "guid", "visitor", "visitorid", "track", "tracking", "tracker", "deviceid", "clientid", "anonymousid"}
}

// A hint is what one word of a name says. Of a name's words the one of the lowest
// rank counts.
type hint struct {
	rank   int
	word   string
	tracks bool
	vote   vote
}

// hints are trackers and shapes by their words.
func hints() map[string]hint {
	all := map[string]hint{}
	for _, w := range trackers() {
		all[w] = hint{rank: len(all), word: w, tracks: true}
	}
	for _, sh := range shapes() {
		for _, w := range sh.words {
			all[w] = hint{rank: len(all), word: w, vote: vote{category: sh.category, class: sh.class, exempt: true, confidence: shapeConfidence}}
		}
	}
	return all
}

func (c *Classifier) shapeSource(s *subject) source {
	v, note := c.shapeVote(s)
	return source{vote: v, kind: fromShape, note: note}
}

// shapeVote reads the words of a name. Only what the site itself stores can be
// exempt by its name: on another's domain "session" says nothing of whose.
func (c *Classifier) shapeVote(s *subject) (vote, string) {
	first := hint{rank: len(c.hints)}
	for w := range wordsOf(s.name) {
		if h, ok := c.hints[w]; ok && h.rank < first.rank {
			first = h
		}
	}
	switch {
	case first.tracks:
		return vote{}, fmt.Sprintf("the name holds %q: it may tell visitors apart", first.word)
	case !s.first || s.setter.host != "":
		return vote{}, ""
	case first.word != "" && c.plain(s, first.vote.class):
		v := first.vote
		v.confidence = ownNameConfidence
		if v.class == "consent" { // sites that wrote their own call it so
			v.also = []evidence.Category{evidence.Functional}
		}
		return v, fmt.Sprintf("the site's own name and %q, a common word for %s, are all of the name", first.word, v.class)
	case first.word != "":
		return first.vote, fmt.Sprintf("the name holds %q, a common word for %s", first.word, first.vote.class)
	}
	if f5(s.name) {
		return vote{category: evidence.Necessary, class: "security", exempt: true, confidence: shapeConfidence},
			"the name has the form of an F5 BIG-IP security cookie"
	}
	return vote{}, ""
}

// ownNameConfidence is of a name that frameworks and sites give to what is the
// site's own: its name, and what it is for.
const ownNameConfidence = 0.75

// leastLabel is how long a site's name must be to be known in another.
const leastLabel = 4

// plain reports whether a name consists of the site's own name and of words for
// one purpose, as Laravel names its session (hazelmill_session) and sites their
// records of consent. A value that could tell visitors apart for long says more
// than any name does.
func (c *Classifier) plain(s *subject, class string) bool {
	label, _, _ := strings.Cut(s.site, ".")
	label = letters(label)
	name := strings.TrimPrefix(strings.TrimPrefix(s.name, "__Host-"), "__Secure-")
	if len(label) < leastLabel || len(name) > maxName || s.identifying && (s.endless || s.days > longLived) {
		return false
	}
	at, seen := 0, 0 // how much of the name is the site's
	for at < len(name) && seen < len(label) {
		if b := name[at] | 0x20; 'a' <= b && b <= 'z' || '0' <= b && b <= '9' {
			if b != label[seen] {
				return false
			}
			seen++
		}
		at++
	}
	if seen < len(label) || at == len(name) || strings.ContainsAny(name[at:at+1], "abcdefghijklmnopqrstuvwxyz") {
		return false
	}
	for _, w := range parts(name[at:]) {
		h, known := c.hints[w]
		if known && h.vote.class != class || !known && !slices.Contains(neutral(), w) {
			return false
		}
	}
	return true
}

// neutral are words that stand beside those for a purpose.
func neutral() []string {
	return []string{"cookie", "cookies", "id", "token", "status", "accepted", "accept", "choice", "settings", "preferences", "prefs", "policy", "notice", "banner", "user"}
}

// letters leaves the letters and digits of a name, lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// maxName bounds how much of a name is read for words.
const maxName = 256

// wordsOf splits a name at punctuation, digits and changes of case, and also
// joins neighbours: "sessionId" gives session, id and sessionid.
func wordsOf(name string) map[string]bool {
	words := map[string]bool{}
	last := ""
	for _, p := range parts(name[:min(len(name), maxName)]) {
		words[p] = true
		if last != "" {
			words[last+p] = true
		}
		last = p
		if strings.HasSuffix(p, "sessionid") || strings.HasSuffix(p, "sessid") {
			words["sessionid"] = true
		}
	}
	return words
}

// parts splits a name at punctuation, digits and changes of case, in lower case.
func parts(name string) []string {
	var parts []string
	start, lower := -1, false
	flush := func(end int) {
		if start >= 0 {
			parts = append(parts, strings.ToLower(name[start:end]))
		}
		start = -1
	}
	for i := 0; i < len(name); i++ {
		b := name[i]
		up, low := 'A' <= b && b <= 'Z', 'a' <= b && b <= 'z'
		if !up && !low {
			flush(i)
			lower = false
			continue
		}
		if up && lower {
			flush(i)
		}
		if start < 0 {
			start = i
		}
		lower = low
	}
	flush(len(name))
	return parts
}

// f5 reports whether a name is "TS" and eight hexadecimal digits or more.
func f5(name string) bool {
	hex, ok := strings.CutPrefix(name, "TS")
	return ok && len(hex) >= 6 && strings.Trim(hex, "0123456789abcdef") == ""
}

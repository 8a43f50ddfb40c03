package purpose

import (
	"fmt"
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
			"cookieaccepted", "cookiesaccepted", "acceptcookies", "cookiesettings", "cookiepreferences", "cookieprefs",
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
	case first.word != "":
		return first.vote, fmt.Sprintf("the name holds %q, a common word for %s", first.word, first.vote.class)
	}
	if f5(s.name) {
		return vote{category: evidence.Necessary, class: "security", exempt: true, confidence: shapeConfidence},
			"the name has the form of an F5 BIG-IP security cookie"
	}
	return vote{}, ""
}

// maxName bounds how much of a name is read for words.
const maxName = 256

// wordsOf splits a name at punctuation, digits and changes of case, and also
// joins neighbours: "sessionId" gives session, id and sessionid.
func wordsOf(name string) map[string]bool {
	name = name[:min(len(name), maxName)]
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
	words := map[string]bool{}
	for i, p := range parts {
		words[p] = true
		if i > 0 {
			words[parts[i-1]+p] = true
		}
		if strings.HasSuffix(p, "sessionid") || strings.HasSuffix(p, "sessid") {
			words["sessionid"] = true
		}
	}
	return words
}

// f5 reports whether a name is "TS" and eight hexadecimal digits or more.
func f5(name string) bool {
	hex, ok := strings.CutPrefix(name, "TS")
	return ok && len(hex) >= 6 && strings.Trim(hex, "0123456789abcdef") == ""
}

package policy

import (
	"regexp"
	"strings"
)

var ownerWord = regexp.MustCompile(`^["”“»«'’」]? (?:of|by|from|von|de|di|van|od|av|fra|från|z|del|da|на|от|від) `)

// ownerBehind is the organisation behind the last of a sentence's names ("the
// cookie “_ga” of Google Analytics").
func ownerBehind(sentence string, refs []nameRef) string {
	name := refs[len(refs)-1].name
	at := strings.Index(sentence, name)
	if at < 0 {
		return ""
	}
	rest := sentence[at+len(name):]
	word := ownerWord.FindString(rest)
	if word == "" {
		return ""
	}
	return properName(rest[len(word):])
}

// noteBehind is the host behind a name and the lifetime in the bracket behind it
// ("“_pk_id” (13 months)", "fr of facebook.com (90 days)"); "" for anything else.
func noteBehind(rest string) string {
	rest = clip(rest, 200)
	host := hostBehind(rest)
	if host != "" {
		rest = rest[strings.Index(rest, host)+len(host):]
	}
	rest = strings.TrimLeft(rest, "\"“”„'’»«」 ")
	if !strings.HasPrefix(rest, "(") && !strings.HasPrefix(rest, ", ") {
		return host // "Hotjar (_hjid, 1 year)" opened its bracket before the name
	}
	note, _, closed := strings.Cut(rest[1:], ")")
	if rest[0] == ',' && !lifetimeOnly(strings.TrimSpace(note)) {
		return host
	}
	if _, ok := ParseLifetime(note); !closed || !ok {
		return host
	}
	return strings.TrimSpace(host + " " + note)
}

// hostBehind is the host that the words behind a name give it to, as written; ""
// where they do not.
func hostBehind(rest string) string {
	word := ownerWord.FindString(rest)
	if word == "" {
		return ""
	}
	host, _, _ := strings.Cut(clip(rest[len(word):], 120), " ")
	if host = strings.Trim(host, "\"“”'».,;:()"); hostOf(host) == "" {
		return ""
	}
	return host
}

// isPlainListed reports whether a plain word that is set as code is a name: in a
// list with others, before a host, or right behind the word for a cookie.
func isPlainListed(before, name, rest string, code []string) bool {
	if labelClass(name).found || labelKind(name) != noField || strings.ToLower(name) != name {
		return false
	}
	if hostBehind(rest) != "" {
		return true
	}
	for _, other := range code {
		if other == name || strengthOf(other) != strongName {
			continue
		}
		if at := strings.Index(rest, other); at >= 0 && joinsNames(rest[:at]) {
			return true
		}
		if at := strings.LastIndex(before, other); at >= 0 && joinsNames(before[at+len(other):]) {
			return true
		}
	}
	lead := strings.TrimRight(before, " ,:(\"“„«'")
	if callsName(lastWords(lead)) {
		return true // "a key called …"
	}
	word := fold(strings.Trim(lastWord(lead), ",:()\"'„“«"))
	return word != "" && isCookieWord(word)
}

// codedNames are the names among the texts that are set as code.
func codedNames(text string, code []string) []nameRef {
	var out []nameRef
	for _, c := range code {
		before, rest, found := strings.Cut(text, c)
		if !found {
			continue
		}
		least := likelyName
		if isPlainListed(before, c, rest, code) {
			least = weakName
		}
		for _, ref := range namesIn(c, least) {
			out = append(out, nameRef{ref.name, noteBehind(rest)})
		}
	}
	return out
}

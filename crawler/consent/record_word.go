package consent

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// decision finds the word that decides in a value that a version or a time stands
// beside, such as "v1.deny" or "accepted.1767225600". A value with two different
// decisions is left as it is.
func decision(value string) string {
	if wordReading(value) != unread {
		return value
	}
	word := ""
	for _, s := range strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(".~/ ", r) }) {
		switch r := wordReading(s); {
		case r == unread || isWeak(s):
		case word == "":
			word = s
		case r != wordReading(word):
			return value
		}
	}
	return cmp.Or(word, value)
}

// wordReading reads a single word.
func wordReading(v string) reading {
	switch strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(v)) {
	case "granted", "grant", "accept", "accepted", "acceptall", "acceptedall", "allaccepted", "allow", "allowed", "allowall", "all", "optin", "optedin", "agree", "agreed", "consented", "yes", "true", "on", "1", "enabled", "full", "y":
		return granted
	case "denied", "deny", "denyall", "reject", "rejected", "rejectall", "rejectedall", "refuse", "refused", "refuseall", "decline", "declined", "disallow", "disallowed", "optout", "optedout", "no", "false", "off", "0", "none", "necessary", "necessaryonly", "onlynecessary", "essential", "essentialonly", "onlyessential", "required", "requiredonly", "minimal", "strict", "disabled", "disagree", "disagreed", "n":
		return refused
	}
	return unread
}

// maxWord is the longest value that is read as an answer in words, in runes.
const maxWord = 40

// plainReading reads a value that is all of a record: a word of programs or, as
// words.yaml has it, what a visitor would read on the button ("nein",
// "alleen-noodzakelijk").
func plainReading(v string) reading {
	if r := wordReading(v); r != unread {
		return r
	}
	if utf8.RuneCountInString(v) > maxWord || strings.ContainsFunc(v, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune("-_ ", r)
	}) {
		return unread
	}
	switch labelRole(v) {
	case accept:
		return granted
	case reject:
		return refused
	}
	switch text := padded(v); {
	case len(strings.Fields(text)) != 1:
	case words().necessary.in(text):
		return refused
	case words().all.in(text):
		return granted
	}
	return unread
}

// longestWeak is the longest "yes" or "no" of words.yaml, in runes.
const longestWeak = 5

// isWeak reports whether a word means something only together with its key.
func isWeak(v string) bool {
	if utf8.RuneCountInString(v) <= longestWeak && wordReading(v) == unread {
		return true
	}
	switch strings.ToLower(v) {
	case "yes", "true", "on", "1", "y", "no", "false", "off", "0", "n", "all", "none", "enabled", "disabled", "required":
		return true
	}
	return false
}

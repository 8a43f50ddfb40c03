package consent

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Said is an entry that came or changed with an answer and whose value is nothing
// but the word for a yes or a no, under whatever name. Alone it proves nothing,
// since any question may have been meant; an entry that says no after a refusal
// and, in another visit, yes after an acceptance is the record of the choice.
type Said struct {
	Kind, Name, Where string
	Yes               bool
}

// longestWord bounds the values that are read as a word, in runes.
const longestWord = 24

// plainWord reads a value that is a word for yes or no in some language. Digits
// and "true" are none: counters, buckets of experiments and switches hold them too.
func plainWord(value string) (yes, ok bool) {
	value = decode(value)
	if utf8.RuneCountInString(value) > longestWord || strings.ContainsAny(value, "0123456789") {
		return false, false
	}
	switch r := labelRole(value); {
	case r == accept || r == reject:
		return r == accept, true
	case isWeak(value):
		return false, false
	}
	r := wordReading(value)
	return r == granted, r != unread
}

// saidSince lists the words that came or changed between two states.
func saidSince(before, after state) []Said {
	var out []Said
	for _, key := range slices.Sorted(maps.Keys(after.words)) {
		w := after.words[key]
		if old, was := before.words[key]; !was || old.Yes != w.Yes {
			out = append(out, w)
		}
	}
	return out
}

package report

import (
	"strings"
	"unicode/utf8"
)

// A LineChange is a line of a document that was added or removed.
type LineChange struct {
	Change ChangeKind `json:"change"` // new or gone
	Text   string     `json:"text"`   // cut where it is long
}

const (
	// maxPolicyLines bounds what is told of one document.
	maxPolicyLines = 60
	// maxLineText is how many characters of a line are told, and lineContext how
	// many of them before the first difference from its counterpart.
	maxLineText, lineContext = 300, 60
)

// policyLines are the lines of a text that have something in them, with single
// spaces.
func policyLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// lineChanges tells which lines a text has more often than another one, removed
// ones first. It looks at neither order nor place, which keeps it linear however
// long a site makes its policy. Where a text is empty, it is not at hand.
func lineChanges(older, newer string) (changes []LineChange, more int) {
	changes = []LineChange{}
	if older == "" || newer == "" {
		return changes, 0
	}
	was, is := policyLines(older), policyLines(newer)
	removed, added := without(was, is), without(is, was)
	paired := len(removed) == len(added) // then each most likely became the other
	cut := func(lines, others []string, i int) string {
		if !paired {
			return clipLine(lines[i], 0)
		}
		return clipLine(lines[i], commonPrefix(lines[i], others[i]))
	}
	// Of both kinds, as far as there are so many.
	told := min(len(removed), max(maxPolicyLines/2, maxPolicyLines-len(added)))
	for i := range told {
		changes = append(changes, LineChange{Gone, cut(removed, added, i)})
	}
	for i := range min(len(added), maxPolicyLines-told) {
		changes = append(changes, LineChange{Appeared, cut(added, removed, i)})
	}
	return changes, len(removed) + len(added) - len(changes)
}

// without returns the lines of a list less those of another one, each as often as
// it is there.
func without(lines, others []string) []string {
	count := map[string]int{}
	for _, line := range others {
		count[line]++
	}
	var rest []string
	for _, line := range lines {
		if count[line] > 0 {
			count[line]--
			continue
		}
		rest = append(rest, line)
	}
	return rest
}

// maxSimilarLines bounds what is looked at of a text to tell whether it is like
// another one.
const maxSimilarLines = 2000

// similarity is the share of lines that two texts have in common, from 0 to 1.
func similarity(a, b string) float64 {
	one, other := policyLines(a), policyLines(b)
	one, other = one[:min(len(one), maxSimilarLines)], other[:min(len(other), maxSimilarLines)]
	if len(one) == 0 || len(other) == 0 {
		return 0
	}
	common := len(one) - len(without(one, other))
	return float64(common) / float64(max(len(one), len(other)))
}

// commonPrefix is how many bytes two texts begin with alike.
func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n-- // not within a character
	}
	return n
}

// clipLine cuts a line around the byte at which it differs.
func clipLine(line string, differs int) string {
	if utf8.RuneCountInString(line) <= maxLineText {
		return line
	}
	before, after := []rune(line[:differs]), []rune(line[differs:])
	start := ""
	if len(before) > lineContext {
		start, before = "…", before[len(before)-lineContext:]
	}
	end := ""
	if room := maxLineText - len(before); len(after) > room {
		end, after = "…", after[:room]
	}
	return start + string(before) + string(after) + end
}

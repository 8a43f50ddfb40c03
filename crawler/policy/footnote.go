package policy

import "strings"

// footnotes maps a mark ("*", "**", "1") to the text that explains it.
type footnotes map[string]string

// readFootnotes collects the paragraphs that begin with a mark.
func readFootnotes(list []block) footnotes {
	notes := footnotes{}
	for _, b := range list {
		if b.table != nil || len(b.text) > 3000 {
			continue
		}
		mark := ""
		for line := range strings.SplitSeq(b.text, "\n") {
			next, rest := cutMark(line)
			if next == "" && mark != "" {
				notes[mark] += " " + line // the note goes on
				continue
			}
			if mark = next; mark == "" {
				break
			}
			if _, have := notes[mark]; have || len(strings.Fields(rest)) < 3 {
				break
			}
			notes[mark] = rest
		}
	}
	return notes
}

// cutMark takes a footnote mark off the front of a text.
func cutMark(text string) (mark, rest string) {
	text = strings.TrimSpace(text)
	if stars := len(text) - len(strings.TrimLeft(text, "*")); stars > 0 && stars < 5 {
		return text[:stars], strings.TrimSpace(text[stars:])
	}
	if text == "" || text[0] < 0x80 {
		return "", text
	}
	for i, r := range text {
		if !strings.ContainsRune("¹²³⁴⁵⁶⁷⁸⁹⁰⁎†‡", r) {
			return normalMark(text[:i]), strings.TrimSpace(text[i:])
		}
	}
	return "", text
}

// normalMark writes raised marks as plain ones.
func normalMark(mark string) string {
	return plainMarks.Replace(mark)
}

var plainMarks = strings.NewReplacer("⁎", "*", "¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9", "⁰", "0")

// markOf returns the footnote mark that ends a text.
func markOf(text string) string {
	text = strings.TrimSpace(text)
	core := strings.TrimRight(text, "*⁎¹²³⁴⁵⁶⁷⁸⁹⁰†‡")
	return normalMark(text[len(core):])
}

// lifetime reads a lifetime whose footnote may define it: "session*" with
// "*session cookies: your browser keeps these for 24 hours" is 24 hours. A
// length that the cell itself states stays.
func (n footnotes) lifetime(text string, unit float64) (*int64, bool) {
	seconds, ok := parseLifetime(text, unit)
	if ok && seconds != nil && *seconds > 0 {
		return seconds, true
	}
	note, found := n[markOf(text)]
	if !found {
		return seconds, ok
	}
	for _, sentence := range sentences(note) {
		if length, understood := ParseLifetime(sentence); understood && length != nil && *length > 0 {
			return length, true
		}
	}
	return seconds, ok
}

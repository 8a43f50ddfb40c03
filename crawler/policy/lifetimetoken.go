package policy

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A lifetimeToken is a number or a word of a lifetime's text.
type lifetimeToken struct {
	word     string
	number   float64
	isNumber bool
	comma    bool // a comma, slash or semicolon stands before it
	dash     bool // a dash stands before it
}

func tokenTexts(tokens []lifetimeToken) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = t.word
	}
	return out
}

// lifetimeTokens splits "1,5 years", "30min" and "2–3 ans" into numbers and
// words.
func lifetimeTokens(folded string) []lifetimeToken {
	out := make([]lifetimeToken, 0, len(folded)/6+1)
	comma, dash := false, false
	emit := func(t lifetimeToken) {
		t.comma, t.dash = comma, dash
		comma, dash = false, false
		out = append(out, t)
	}
	for i := 0; i < len(folded); {
		c := rune(folded[i])
		switch {
		case c >= '0' && c <= '9':
			j := numberEnd(folded, i)
			n, valid := parseNumber(folded[i:j])
			if valid {
				emit(lifetimeToken{word: folded[i:j], number: n, isNumber: true})
			}
			i = j
		case isWordByte(folded[i]):
			j := i
			for j < len(folded) && isWordByte(folded[j]) {
				j++
			}
			word := folded[i:j]
			// "an" is one in English and a year after a number in French.
			_, unitToo := unitWords[word]
			unitToo = unitToo && len(out) > 0 && out[len(out)-1].isNumber
			if n, found := numberWords[word]; found && !unitToo {
				if !compound(out, n, dash) {
					emit(lifetimeToken{word: word, number: n, isNumber: true})
				}
				dash = false
			} else if n, unit, found := easternNumber(word); found {
				emit(lifetimeToken{word: "1", number: n, isNumber: true})
				emit(lifetimeToken{word: unit})
			} else {
				emit(lifetimeToken{word: word})
			}
			i = j
		default:
			if c == ',' || c == '/' || c == ';' || c == '|' {
				comma = true
			}
			if c == '-' {
				dash = true
			}
			i++
		}
	}
	return out
}

// compound adds a number word behind a dash to the one before it ("thirty-one",
// "quatre-vingt-dix") and reports whether it did.
func compound(tokens []lifetimeToken, n float64, dash bool) bool {
	if !dash || len(tokens) == 0 || !tokens[len(tokens)-1].isNumber || isDigits(tokens[len(tokens)-1].word) {
		return false
	}
	last := &tokens[len(tokens)-1]
	switch {
	case last.number == 4 && n == 20:
		last.number = 80
	case last.number >= 20 && math.Mod(last.number, 10) == 0 && n < 20:
		last.number += n
	default:
		return false
	}
	return true
}

// easternNumber splits a Chinese or Japanese length that is written in their own
// digits ("三个月", "十二か月").
func easternNumber(word string) (n float64, unit string, found bool) {
	for i, r := range word {
		digit := strings.IndexRune(easternDigits, r) / utf8.RuneLen('一')
		switch {
		case r == '两':
			n += 2
		case r == '十':
			n = max(n, 1) * 10
		case strings.ContainsRune(easternDigits, r):
			n += float64(digit) + 1
		default:
			return n, word[i:], n > 0 && unitOf(word[i:]) > 0
		}
	}
	return 0, "", false
}

const easternDigits = "一二三四五六七八九"

func isWordByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 0x80
}

// numberEnd finds where the number that begins at i ends: digits with
// decimal or thousands separators inside.
func numberEnd(s string, i int) int {
	j := i
	for j < len(s) {
		if s[j] >= '0' && s[j] <= '9' {
			j++
			continue
		}
		separator := s[j] == '.' || s[j] == ',' || s[j] == ' ' && groupOfThree(s, j+1)
		if separator && j+1 < len(s) && s[j+1] >= '0' && s[j+1] <= '9' {
			j++
			continue
		}
		break
	}
	return j
}

// groupOfThree reports whether exactly three digits stand at i, as after the
// space of "1 000".
func groupOfThree(s string, i int) bool {
	if i+3 > len(s) {
		return false
	}
	for k := i; k < i+3; k++ {
		if s[k] < '0' || s[k] > '9' {
			return false
		}
	}
	return i+3 == len(s) || s[i+3] < '0' || s[i+3] > '9'
}

// parseNumber reads a decimal comma or point and thousands separators. A
// separator before exactly three digits groups them ("2,944 days", "1.825
// Tage"): no policy states a lifetime to a thousandth.
func parseNumber(s string) (float64, bool) {
	s = strings.ReplaceAll(s, " ", "")
	s = strings.TrimRight(s, ".,")
	last := strings.LastIndexAny(s, ".,")
	if last >= 0 {
		whole := strings.NewReplacer(".", "", ",", "").Replace(s[:last])
		if len(s)-last-1 == 3 && s[:last] != "0" {
			s = whole + s[last+1:]
		} else {
			s = whole + "." + s[last+1:]
		}
	}
	if len(s) > 18 {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

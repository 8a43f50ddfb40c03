package policy

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"
)

// ParseLifetime reads a declared lifetime. ok says whether the text was
// understood; seconds is then 0 for a session and nil where the text states no
// length ("persistent", "until deleted"). Months count 30 days and years 365;
// "up to" and "less than" give their bound and a range its upper end.
func ParseLifetime(text string) (seconds *int64, ok bool) {
	return parseLifetime(text, 0)
}

// monthLetter is the capital that stands for months; a small one stands for
// minutes (see unitAfter).
var monthLetter = regexp.MustCompile(`(\d)[ \x{a0}]?M\b`)

// parseLifetime is ParseLifetime for a cell whose heading names the unit of a
// bare number ("Duration (days)"); unit is that unit in seconds or 0.
func parseLifetime(text string, unit float64) (*int64, bool) {
	text = clip(text, 2000)
	if seconds, found := isoDuration(text); found {
		return toSeconds(seconds)
	}
	if strings.IndexByte(text, 'M') > 0 {
		text = monthLetter.ReplaceAllString(text, "$1 months")
	}
	return readLength(lifetimeTokens(foldLength(text)), unit)
}

// readLength is parseLifetime for the words of a text.
func readLength(tokens []lifetimeToken, unit float64) (*int64, bool) {
	if best, found := longest(tokens); found {
		return toSeconds(best)
	}
	if unit := loneUnit(tokens); unit > 0 {
		return toSeconds(unit)
	}
	if unit > 0 {
		if n, found := loneNumber(tokens); found {
			return toSeconds(n * unit)
		}
	}
	folded := " " + strings.Join(tokenTexts(tokens), " ") + " "
	if persistentPhrases.in(folded) {
		return nil, true
	}
	if saysSession(tokens) {
		return new(int64), true
	}
	for _, t := range tokens {
		if persistentStems.begin(t.word) {
			return nil, true
		}
	}
	return nil, false
}

// foldLength folds the text of a lifetime; a half is written as digits.
func foldLength(text string) string {
	if strings.Contains(text, "½") {
		text = digitHalf.ReplaceAllString(text, "$1.5")
		text = strings.ReplaceAll(text, "½", "0.5")
	}
	if strings.Contains(text, "lá") {
		text = irishDays.ReplaceAllString(text, "$1 laethanta$2")
	}
	return fold(text)
}

// irishDays are days; without its accent the word is an article of four languages.
var irishDays = regexp.MustCompile(`(\d) ?lá($|\PL)`)

var digitHalf = regexp.MustCompile(`(\d)\s?½`)

// loneUnit reads a unit that stands alone, or with a one behind it ("سنة واحدة");
// 0 for anything else.
func loneUnit(tokens []lifetimeToken) float64 {
	if len(tokens) == 0 || len(tokens) > 2 || len(tokens) == 2 && tokens[1].number != 1 {
		return 0
	}
	return loneUnits[tokens[0].word]
}

var isoShape = regexp.MustCompile(`^P(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?$`)

// isoDuration reads a duration of ISO 8601 ("P13M", "PT30M"), where an M is a
// month before the T and a minute behind it.
func isoDuration(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	if len(text) < 3 || len(text) > 40 || text[0] != 'P' || !isoShape.MatchString(text) {
		return 0, false
	}
	units := map[byte]float64{'Y': year, 'M': month, 'W': week, 'D': day}
	sum, number := 0.0, 0.0
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == 'T':
			units = map[byte]float64{'H': hour, 'M': minute, 'S': 1}
		case c <= '9':
			number = number*10 + float64(c-'0')
		default:
			sum, number = sum+number*units[c], 0
		}
	}
	return sum, true
}

// toSeconds refuses what no clock can hold.
func toSeconds(s float64) (*int64, bool) {
	if s < 0 || s > 1e15 || math.IsNaN(s) {
		return nil, false
	}
	n := int64(math.Round(s))
	return &n, true
}

// longest adds up lengths that belong together ("1 year 1 month 4 days") and
// returns the greatest of those that do not.
func longest(tokens []lifetimeToken) (float64, bool) {
	best, found := 0.0, false
	sum, lastUnit, lastEnd := 0.0, 0.0, -10
	for i := 0; i < len(tokens); i++ {
		if !tokens[i].isNumber {
			if half, ok := halfUnit(tokens, i); ok {
				best, found = max(best, half), true
			}
			continue
		}
		unit, end := unitAfter(tokens, i)
		if unit == 0 || i > 0 && isHalf(tokens[i-1].word) {
			continue // halfUnit has read "half a year"
		}
		length := tokens[i].number * unit
		joined := i-lastEnd <= 2 && unit < lastUnit && (!tokens[i].comma || isRemainder(length, unit, lastUnit)) && (i-lastEnd == 1 || isAnd(tokens[i-1].word))
		if joined {
			sum += length
		} else {
			sum = length
		}
		best, found = max(best, sum), true
		lastUnit, lastEnd = unit, end
		i = end
	}
	return best, found
}

// isRemainder reports whether a length behind a comma is what a longer one leaves
// over ("182 days, 12 hours") rather than another one ("1 year, 30 days").
func isRemainder(length, unit, above float64) bool {
	return unit < day && length < above && (above == day || above == hour)
}

// unitAfter finds the unit of the number at i: the next word, or the one after
// a number in words or brackets ("12 (twelve) months", "two to three years",
// "30 calendar days"). It returns the unit and its index.
func unitAfter(tokens []lifetimeToken, i int) (float64, int) {
	for j := i + 1; j < len(tokens) && j <= i+3; j++ {
		t := tokens[j]
		if t.isNumber {
			// "1 - 2 years": the second number ends the range and
			// carries the unit; "12 (twelve) months" says one twice.
			if t.number == tokens[i].number {
				continue
			}
			return 0, i
		}
		if len(t.word) < 2 && !isDigits(tokens[i].word) {
			return 0, i // "A/S" is no second
		}
		if unit := unitOf(t.word); unit > 0 {
			return unit, j
		}
		if n := tokens[i].number; t.word == "m" && n < 60 && n > 0 && math.Mod(n, 5) == 0 {
			return minute, j // "30m"; "12m" may be months
		}
		if t.word == "a" && j == len(tokens)-1 && isDigits(tokens[i].word) {
			return year, j // "2 a", of anni and años
		}
		if !unitFillers.begin(t.word) {
			return 0, i
		}
	}
	return 0, i
}

// halfUnit reads "half a year", "ein halbes Jahr", "a year".
func halfUnit(tokens []lifetimeToken, i int) (float64, bool) {
	if !isHalf(tokens[i].word) {
		return 0, false
	}
	for j := i + 1; j < len(tokens) && j <= i+2; j++ {
		if unit := unitOf(tokens[j].word); unit > 0 && !tokens[j].isNumber {
			return unit * (0.5 + wholeBefore(tokens[:i])), true
		}
	}
	return 0, false
}

// isHalf reports whether a word is one for half. The Polish "pół" begins too many
// other words.
func isHalf(word string) bool { return word == "pol" || halfStems.begin(word) }

// wholeBefore reads the number of "one and a half" that stands before the half;
// 0 where there is none.
func wholeBefore(tokens []lifetimeToken) float64 {
	last := len(tokens) - 1
	if last >= 0 && tokens[last].number == 1 && last >= 2 {
		last-- // "and a half"
	}
	if last >= 1 && isAnd(tokens[last].word) && tokens[last-1].isNumber {
		return tokens[last-1].number
	}
	return 0
}

func isAnd(word string) bool {
	switch word {
	case "and", "und", "et", "y", "e", "en", "i", "oraz", "och", "og", "ja", "es", "a":
		return true
	}
	return false
}

// unitOf returns the unit of a word in seconds, 0 where it is none.
func unitOf(word string) float64 {
	if unit, ok := unitWords[word]; ok {
		return unit
	}
	if len(word) < 3 { // a letter of Chinese has three bytes
		return 0
	}
	for _, u := range unitStems[word[0]] {
		if strings.HasPrefix(word, u.stem) {
			return u.seconds
		}
	}
	return 0
}

// loneNumber returns the largest number of a text that has no unit at all.
func loneNumber(tokens []lifetimeToken) (float64, bool) {
	best, found := 0.0, false
	for _, t := range tokens {
		if t.isNumber {
			best, found = max(best, t.number), true
		} else if !upToStems.begin(t.word) {
			return 0, false
		}
	}
	return best, found
}

// headerUnit is the unit that a heading or a key names ("Durée de vie (jours)",
// "expiresAfterDays").
func headerUnit(label string) float64 {
	if label == "" {
		return 0
	}
	ws := words(fold(splitKey(label)))
	for i := len(ws) - 1; i >= 0; i-- {
		if unit := unitOf(ws[i]); unit > 0 {
			return unit
		}
		if ws[i] == "ttl" || ws[i] == "maxage" {
			return 1
		}
	}
	folded := fold(label)
	if containsAny(folded, "max-age", "max_age", "maxage", "_seconds", "ttl") {
		return 1
	}
	return 0
}

// saysSession reports whether the words speak of the end of a session or of
// closing the browser.
func saysSession(tokens []lifetimeToken) bool {
	closes, browser, open, while := false, false, false, false
	for i, t := range tokens {
		if isSessionWord(t.word) {
			return i == 0 || !isNegation(tokens[i-1].word)
		}
		closes = closes || closeStems.begin(t.word)
		open = open || openStems.begin(t.word)
		while = while || whileStems.begin(t.word)
		browser = browser || t.word == "tab" || t.word == "tabs" || browserStems.begin(t.word)
	}
	return browser && (closes || while && open) // "as long as your browser is open"
}

func isSessionWord(w string) bool {
	return w == "okt" || sessionStems.begin(w) // Norwegian "økt", but not October
}

// lifetimeOnly reports whether a text is a lifetime and little else.
func lifetimeOnly(text string) bool {
	if len(text) > 90 || text == "" {
		return false
	}
	tokens := lifetimeTokens(fold(text))
	_, stated := longest(tokens)
	most := 1
	if stated && (tokens[0].isNumber || isLifetimeWord(tokens[0].word) || upToStems.begin(tokens[0].word)) {
		most = 5
	}
	for _, t := range tokens {
		if !t.isNumber && unitOf(t.word) == 0 && !isLifetimeWord(t.word) {
			if most--; most < 0 {
				return false
			}
		}
	}
	if namesSession(text) {
		return false
	}
	_, ok := ParseLifetime(text)
	return ok
}

// isLifetimeWord reports whether a word may stand in a lifetime that states no
// length ("until the end of the browser session").
func isLifetimeWord(w string) bool {
	if utf8.RuneCountInString(w) <= 2 || isCookieWord(w) || isNegation(w) {
		return true
	}
	return isSessionWord(w) || persistentStems.begin(w) || closeStems.begin(w) ||
		browserStems.begin(w) || expireStems.begin(w) || lifetimeFillers.begin(w)
}

// namesSession reports whether a text is the name of a cookie that has the word
// for a session in it ("laravel_session").
func namesSession(text string) bool {
	core := strings.TrimRight(strings.TrimSpace(text), "*⁎")
	for _, end := range []string{"id", "token", "key", "hash", "data"} {
		if begin, found := strings.CutSuffix(strings.ToLower(core), end); found && strings.HasPrefix(begin, "sess") && !strings.Contains(begin, " ") {
			return true // "sessionid"
		}
	}
	return !strings.ContainsAny(core, " \n") && strings.ContainsAny(core, "_[{<.#") && strengthOf(core) >= likelyName && storageOf(core) == ""
}

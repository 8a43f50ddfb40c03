package browser

import (
	"strings"
	"time"
)

// parseCookieDate reads the date of an Expires attribute by the algorithm that
// browsers use (RFC 6265bis section 5.1.1): it looks for a time, a day, a month
// and a year among the words, in any order, and takes the first of each.
func parseCookieDate(s string) (time.Time, bool) {
	var (
		clock            [3]int
		day, month, year int
		haveClock        bool
		haveDay          bool
		haveMonth        bool
		haveYear         bool
	)
	for _, word := range strings.FieldsFunc(s, isDateDelimiter) {
		if !haveClock {
			if c, ok := dateClock(word); ok {
				clock, haveClock = c, true
				continue
			}
		}
		if !haveDay {
			if n, ok := leadingDigits(word, 1, 2); ok {
				day, haveDay = n, true
				continue
			}
		}
		if !haveMonth {
			if n, ok := dateMonth(word); ok {
				month, haveMonth = n, true
				continue
			}
		}
		if !haveYear { // the RFC takes four digits at most, Chromium 156 five
			if n, ok := leadingDigits(word, 2, 5); ok {
				year, haveYear = n, true
			}
		}
	}
	if !haveClock || !haveDay || !haveMonth || !haveYear {
		return time.Time{}, false
	}
	switch {
	case year >= 70 && year <= 99:
		year += 1900
	case year >= 0 && year <= 69:
		year += 2000
	}
	// The RFC knows no year before 1601; to Chrome it is long past, and the cookie is
	// deleted (measured on Chromium 156).
	if day < 1 || day > 31 || clock[0] > 23 || clock[1] > 59 || clock[2] > 59 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, clock[0], clock[1], clock[2], 0, time.UTC)
	if t.Day() != day {
		return time.Time{}, false // 30 February
	}
	return t, true
}

// isDateDelimiter: %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E.
func isDateDelimiter(r rune) bool {
	return r == 0x09 || r >= 0x20 && r <= 0x2f || r >= 0x3b && r <= 0x40 || r >= 0x5b && r <= 0x60 || r >= 0x7b && r <= 0x7e
}

// dateClock reads "hh:mm:ss", one or two digits each; what follows a non-digit
// is ignored.
func dateClock(word string) (c [3]int, ok bool) {
	parts := strings.SplitN(word, ":", 3)
	if len(parts) != 3 {
		return c, false
	}
	for i, p := range parts {
		n, ok := leadingDigits(p, 1, 2)
		if !ok || i < 2 && len(p) > 2 {
			return c, false
		}
		if i < 2 && strings.ContainsFunc(p, func(r rune) bool { return r < '0' || r > '9' }) {
			return c, false
		}
		c[i] = n
	}
	return c, true
}

func dateMonth(word string) (int, bool) {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if len(word) < 3 {
		return 0, false
	}
	i := strings.Index(names, strings.ToLower(word[:3]))
	if i < 0 || i%3 != 0 {
		return 0, false
	}
	return i/3 + 1, true
}

// leadingDigits reads between low and high digits that begin word and are not
// followed by another digit.
func leadingDigits(word string, low, high int) (n int, ok bool) {
	i := 0
	for i < len(word) && word[i] >= '0' && word[i] <= '9' {
		if i == high {
			return 0, false
		}
		n = n*10 + int(word[i]-'0')
		i++
	}
	return n, i >= low
}

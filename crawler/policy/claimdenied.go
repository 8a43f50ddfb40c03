package policy

import (
	"strings"

	"cookieaudit/crawler/evidence"
)

// deniedLast reads a sentence that ends by denying the use of what it began with
// ("Cookies von Drittanbietern setzen wir nicht ein", "sütiket nem használunk").
func (s parsed) deniedLast(test func(string) bool) bool {
	for _, n := range s.denies {
		last := n == len(s.words)-1 || n == len(s.words)-2 && (len(s.words[n+1]) < 4 || isUse(s.words[n+1]))
		if last && s.within(n-3, n+1, isUseOrFused) && s.within(n-8, n-1, test) && s.within(n-8, n-1, isCookieWord) {
			return true
		}
	}
	return false
}

// noThirdParties reads "there are no third-party cookies" and "cookies are not
// shared with third parties".
func (s parsed) noThirdParties() bool {
	if !thirdPhrases.in(s.folded) {
		return false
	}
	third := func(w string) bool { return thirdStems.begin(w) }
	if s.deniedLast(third) {
		return true
	}
	for _, n := range s.denies {
		for j := n; j <= n+8 && j < len(s.words); j++ {
			if !third(s.words[j]) || s.ofThirdParties(n, j) {
				continue
			}
			// "no third-party cookies", "keine Cookies von Dritten"
			if s.within(n, j+3, isCookieWord) && !s.within(n, j+3, isDelete) && (s.within(n-5, j+6, isUseOrFused) || s.within(n-4, n, isBeing)) && !s.within(n, j, isShare) {
				return true
			}
			// "we do not allow third parties to set cookies"
			if s.within(n+1, j-1, isLetting) && s.within(j+1, j+4, isUse) && s.within(j+2, j+6, isCookieWord) {
				return true
			}
			// "we do not share cookies with third parties"
			if s.within(n-3, j, isShare) && s.within(n, j, isCookieWord) && !keepsDataWords(s.words[n:j]) {
				return true
			}
			// "cookies are not shared with third parties"
			if s.within(n-4, n, isCookieWord) && s.within(n, j, isShare) && !keepsDataWords(s.words[:n]) {
				return true
			}
		}
	}
	return false
}

// ofThirdParties reports whether the third parties at j are those of a kind of
// cookies that the negation at n denies ("no tracking cookies of third parties"):
// others of theirs may be set.
func (s parsed) ofThirdParties(n, j int) bool {
	return s.tied(n+1, j+3, j, func(w string) bool {
		return isTracking(w) || isAdvert(w) || wordClass(w) == evidence.Analytics
	})
}

// thirdBeside reports whether the tracking at j that the negation at n denies is
// that of third parties only.
func (s parsed) thirdBeside(n, j int) bool {
	return s.tied(n, j+4, j, func(w string) bool { return thirdStems.begin(w) })
}

// tied reports whether a word that the test accepts stands between two positions
// and no "or" parts it from the word at j.
func (s parsed) tied(from, to, j int, test func(string) bool) bool {
	for i := from; i <= to && i < len(s.words); i++ {
		if test(s.words[i]) && !s.within(min(i, j), max(i, j), isOr) {
			return true
		}
	}
	return false
}

func isLetting(w string) bool {
	return hasAnyPrefix(w, []string{"allow", "permit", "let", "erlaub", "gestatt", "autoris", "permet", "permit", "consent", "toesta", "pozwal", "tillat", "tillad"})
}

func keepsDataWords(ws []string) bool {
	for _, w := range ws {
		switch w {
		case "data", "daten", "information", "informationen", "informations", "donnees", "datos", "dati", "gegevens", "dane", "dados", "uppgifter", "oplysninger", "tiedot", "adatok", "udaje":
			return true
		}
	}
	return false
}

// noAdvertising reads "cookies are not used for advertising" and "we do not use
// marketing cookies".
func (s parsed) noAdvertising() bool {
	if s.deniedLast(isAdvert) {
		return true
	}
	for _, n := range s.denies {
		for j := n; j <= n+10 && j < len(s.words); j++ {
			if j > n && (isOnly(s.words[j]) || s.words[j] == "but" || s.words[j] == "sondern" || s.words[j] == "mais" || s.words[j] == "before" || s.words[j] == "without") {
				break
			}
			if isAdvert(s.words[j]) && s.within(n-4, j+4, isUseOrFused) && !s.within(n, j, isDelete) && !trackStems.begin(s.words[j]) {
				return true
			}
		}
	}
	return false
}

// noCrossSession reads "does not track across sessions" and "no tracking
// cookies".
func (s parsed) noCrossSession() bool {
	for _, n := range s.denies {
		for j := max(0, n-3); j <= n+12 && j < len(s.words); j++ {
			if !isTracking(s.words[j]) {
				continue
			}
			if acrossPhrases.in(s.folded) {
				return true
			}
			if j < n {
				continue
			}
			cookieNext := strings.HasSuffix(s.words[j], "cookies") || s.within(j-1, j+1, isCookieWord) ||
				s.within(j+1, j+1, isOr) && s.within(j+2, j+3, isCookieWord) // "tracking or advertising cookies"
			if cookieNext && !s.thirdBeside(n, j) && s.within(n-5, j+6, isUseOrFused) {
				return true
			}
		}
	}
	return false
}

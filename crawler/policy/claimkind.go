package policy

import (
	"strings"

	"cookieaudit/crawler/evidence"
)

// A parsed sentence is folded and split into words.
type parsed struct {
	words   []string
	folded  string               // the words with single spaces between and around them
	denies  []int                // where its negations stand
	advises bool                 // it has a negation and tells the reader what to do
	cookies bool                 // it has the word for cookies
	about   bool                 // it is about cookies, by itself or by what stands before it
	near    bool                 // a heading above speaks of cookies
	asks    bool                 // it is a question
	labels  bool                 // a label stands in front of it
	eastern []evidence.ClaimKind // of a sentence that is not parted into words
	reports bool                 // it says what others say
	unless  []int                // where it ties what it says to a consent
}

func parseSentence(sentence string) parsed {
	text := fold(clip(sentence, 2000))
	ws := words(text)
	s := parsed{words: ws, folded: " " + strings.Join(ws, " ") + " ", asks: asks(sentence), labels: strings.Contains(clip(sentence, 60), ": "), reports: reports(sentence), eastern: easternClaims(text)}
	for i, w := range ws {
		s.cookies = s.cookies || isCookieWord(w)
		if isNegationWord(w) {
			s.denies = append(s.denies, i)
		}
	}
	s.advises = len(s.denies) > 0 && s.addressesReader()
	s.unless = s.conditions()
	return s
}

func isCookieWord(w string) bool {
	if cookieStems.begin(w) {
		return true
	}
	for _, end := range cookieEnds {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

// cookieEnds end compounds ("Werbecookies", "reklámsütiket").
var cookieEnds = []string{"cookies", "cookie", "evasteita", "evaste", "evasteet", "evasteen", "kakor", "sutik", "sutit", "sutiket"}

// claims returns the kinds of promise that the sentence makes.
func (s parsed) claims() []evidence.ClaimKind {
	var out []evidence.ClaimKind
	if s.asks || s.reports {
		return nil
	}
	if len(s.words) < 3 || len(s.eastern) > 0 {
		return s.eastern
	}
	put := func(kind evidence.ClaimKind, says bool) {
		if says {
			out = append(out, kind)
		}
	}
	// What is done with consent only is not denied.
	denies := len(s.denies) > 0 && !s.advises && len(s.unless) == 0
	if s.about {
		noAdvertising := denies && s.noAdvertising()
		put(evidence.ClaimNoCookies, s.freeOfCookies() || denies && s.noCookies() && !(noAdvertising && s.limited()))
		put(evidence.ClaimNecessaryOnly, s.necessaryOnly())
		put(evidence.ClaimSessionOnly, s.sessionOnly())
		put(evidence.ClaimAfterConsent, s.afterConsent())
		put(evidence.ClaimNoThirdParties, denies && s.noThirdParties())
		put(evidence.ClaimNoAdvertising, noAdvertising)
	}
	put(evidence.ClaimNoCrossSession, denies && s.noCrossSession())
	put(evidence.ClaimWithdrawal, s.withdrawal())
	put(evidence.ClaimLastUpdated, s.lastUpdated())
	return out
}

// indexes returns where the words are that the test accepts.
func (s parsed) indexes(test func(string) bool) []int {
	var out []int
	for i, w := range s.words {
		if test(w) {
			out = append(out, i)
		}
	}
	return out
}

// within reports whether a word that the test accepts stands between two
// positions, both included.
func (s parsed) within(from, to int, test func(string) bool) bool {
	for i := max(0, from); i <= to && i < len(s.words); i++ {
		if test(s.words[i]) {
			return true
		}
	}
	return false
}

func isUse(w string) bool { return useStems.begin(w) }
func isConsent(w string) bool {
	return consentStems.begin(w) || isOptIn(w)
}
func isShare(w string) bool    { return shareStems.begin(w) }
func isSession(w string) bool  { return sessionStems.begin(w) }
func isAdvert(w string) bool   { return wordClass(w) == evidence.Marketing }
func isTracking(w string) bool { return trackStems.begin(w) || w == "follow" }

// addressesReader reports whether a sentence tells the reader what to do rather
// than what the site does.
func (s parsed) addressesReader() bool {
	return readerPhrases.in(s.folded)
}

// noCookies reads "this site does not use cookies": a negation, then the word
// for cookies, and between them nothing that names a kind of cookie.
func (s parsed) noCookies() bool {
	if otherScopes.in(s.folded) || warrants.in(s.folded) || s.afterConsent() {
		return false
	}
	if s.cookieFree() {
		return true
	}
	for _, n := range s.denies {
		if s.ofService(n) {
			continue
		}
		for j := n; j <= n+6 && j < len(s.words); j++ {
			if !isCookieWord(s.words[j]) {
				if j > n && !isUse(s.words[j]) && !isNoCookiesFiller(s.words[j]) && !fileStems.begin(s.words[j]) {
					break
				}
				continue
			}
			used := s.within(max(0, j-10), j+5, isUseOrFused) || s.within(n-2, n+1, isBeing) && siteStems.hold(s.words)
			if cookieStems.begin(s.words[j]) && used && !s.isKind(j+1) {
				return true
			}
			break
		}
	}
	return false
}

// freeOfCookies reads "our website is cookie-free".
func (s parsed) freeOfCookies() bool {
	return len(s.words) <= 10 && freePhrases.in(s.folded) && siteStems.hold(s.words) && s.within(0, len(s.words), isBeing) && len(s.denies) == 0 && !otherScopes.in(s.folded)
}

var freePhrases = phrasesOf(" cookie free ", " cookiefree ", " free of cookies ", " cookiefrei ", " cookievrij ", " cookiefri ", " cookiefritt ")

// warrants are words for a promise that is not made ("We cannot guarantee that no
// cookies are set").
var warrants = phrasesOf(" guarantee", " ensure", " warrant", " garant", " gewahrleist", " sicherstell", " zagwarant", " zaruc")

// cookieFree reads "on this page cookies are not used" where the verb carries
// the negation and stands behind ("se cookies nepoužívají").
func (s parsed) cookieFree() bool {
	for _, n := range s.denies {
		if n > 1 && fusedStems.begin(s.words[n]) && cookieStems.begin(s.words[n-1]) && wordClass(s.words[n-2]) == "" && siteStems.hold(s.words) && n >= len(s.words)-2 {
			return true
		}
	}
	return false
}

// isKind reports whether the words behind "cookies" narrow it to a kind.
func (s parsed) isKind(i int) bool {
	for j := i; j < len(s.words) && j < i+3; j++ {
		w := s.words[j]
		if isNegation(w) {
			return false // "keine Cookies und kein Tracking"
		}
		if hasAnyPrefix(w, []string{"except", "other", "apart", "auss", "sauf", "hormis", "salvo", "except", "eccett", "trann", "behalv", "oproc", "poza", "excet", "forutom", "utom", "undtag", "paitsi", "kivev", "krom"}) {
			return false // what the sentence takes out
		}
		if wordClass(w) != "" || isSession(w) || thirdStems.begin(w) || hasAnyPrefix(w, []string{"trac", "without", "unless", "until", "before", "bevor", "ohne", "sans", "sin", "senza", "zonder", "bez", "sem", "utan", "uden", "ilman", "nelkul"}) {
			return true
		}
	}
	return false
}

// isNegationWord accepts negations that are fused with the verb as well.
func isNegationWord(w string) bool {
	return isNegation(w) || fusedStems.begin(w)
}

func isUseOrFused(w string) bool {
	return isUse(w) || fusedStems.begin(w)
}

func isNoCookiesFiller(w string) bool {
	switch w {
	case "any", "t", "fa", "di", "the", "of", "all", "actively", "currently", "itself", "pas", "de", "des", "d", "aucun", "aucune", "plikow", "pliki", "typu", "soubory", "souborov", "souboru", "zadne", "eigene", "own", "sog", "sogenannte", "ningun", "ninguna", "tipo", "alcun", "nessun", "geen", "nenhum", "nenhuma", "nagra", "nogen", "mitaan", "semmilyen", "lainkaan", "a", "le", "i", "ole", "och", "und", "and", "or", "tracking", "its", "uri", "urilor":
		return w != "tracking"
	}
	return false
}

// limited reports whether a sentence without cookies is limited to a purpose
// ("does not use cookies to collect …").
func (s parsed) limited() bool {
	for i, w := range s.words {
		if isCookieWord(w) && s.within(i+1, i+2, leadsLimit) {
			return true
		}
	}
	return false
}

// leadsLimit reports whether a word leads to what the cookies are for, or to which
// of them are meant.
func leadsLimit(w string) bool {
	switch w {
	case "to", "for", "um", "zu", "zur", "fur", "pour", "afin", "para", "per", "om", "voor", "do", "w", "att", "til", "hogy", "k", "pro", "that", "which", "die", "qui", "que", "che":
		return true
	}
	return false
}

// purposeBehind reports whether a purpose that needs consent stands behind the
// word at i ("… of third parties for advertising").
func (s parsed) purposeBehind(i int) bool {
	for j := i + 1; j <= i+4 && j < len(s.words); j++ {
		w := s.words[j]
		if (leadsLimit(w) || w == "con" || w == "a" || w == "na") && s.within(j+1, j+5, func(w string) bool { return isAdvert(w) || isTracking(w) || wordClass(w) == evidence.Analytics }) {
			return true
		}
	}
	return false
}

// sessionOnly reads "only session cookies" and "any cookie we set expires when
// you close the browser".
func (s parsed) sessionOnly() bool {
	for _, o := range s.indexes(isOnly) {
		for j := o + 1; j <= o+6 && j < len(s.words); j++ {
			if !isSession(s.words[j]) {
				continue
			}
			cookieNext := isCookieWord(s.words[j]) || s.within(j-3, j+2, isCookieWord)
			basis := s.within(j+1, j+2, func(w string) bool { return w == "basis" || w == "only" })
			if (cookieNext || basis) && s.within(0, len(s.words), isUse) && !s.within(o-2, o, isNegation) {
				return true
			}
		}
	}
	if containsAny(s.folded, " session cookies only ", " session only ") && s.within(0, len(s.words), isUse) {
		return true
	}
	if !allCookies.in(s.folded) {
		return false
	}
	closes := s.within(0, len(s.words), func(w string) bool { return closeStems.begin(w) })
	browser := s.within(0, len(s.words), func(w string) bool { return browserStems.begin(w) || isSession(w) })
	ends := s.within(0, len(s.words), func(w string) bool { return expireStems.begin(w) })
	return closes && browser && ends && !s.addressesReader()
}

// afterConsent reads "set only after you have agreed", "no cookies before you
// consent", "we ask for your consent before setting cookies".
func (s parsed) afterConsent() bool {
	if s.deniedWithoutConsent() {
		return true
	}
	consents := s.indexes(isConsent)
	if len(consents) == 0 || !s.within(0, len(s.words), isUse) {
		return false
	}
	for _, c := range consents {
		for i := max(0, c-14); i < c; i++ {
			w := s.words[i]
			if s.onlyAt(i) && s.within(i+1, c, isCondition) && !s.within(i-1, i-1, isNegation) {
				return true
			}
			if beforeStems.begin(w) && s.negatedUse(i) {
				return true
			}
		}
		// "without your consent no cookies are set"; "consent before
		// installing cookies".
		for i := c + 1; i <= c+4 && i < len(s.words); i++ {
			if beforeStems.begin(s.words[i]) && s.within(i+1, i+4, isUse) && s.within(c-6, c, isAsking) {
				return true
			}
		}
	}
	return false
}

// deniedWithoutConsent reads "without your consent no cookies are set" and "no
// cookies are set unless you agree".
func (s parsed) deniedWithoutConsent() bool {
	for _, i := range s.unless {
		for n := max(0, i-12); n < i && s.cookies; n++ {
			if blockStems.begin(s.words[n]) || s.words[n] == "off" || isNegationWord(s.words[n]) && !withoutStems.begin(s.words[n]) && s.within(n-5, i, isUseOrFused) {
				return true
			}
		}
		for n := i + 1; n <= i+14 && n < len(s.words) && !startsClause(s.words[n]); n++ {
			given := s.within(i-2, n, isConsent)
			if given && isNegationWord(s.words[n]) && (s.within(n, n+5, isUseOrFused) || s.within(n, n+5, isCookieWord)) {
				return true
			}
		}
	}
	return false
}

// conditions returns where a sentence ties what it says to a consent ("without
// your consent", "unless you agree", "hozzájárulása nélkül").
func (s parsed) conditions() []int {
	var out []int
	for i, w := range s.words {
		switch {
		case withoutStems.begin(w) && (s.within(i+1, i+6, isGiven) || s.within(i-2, i-1, isConsent)),
			beforeStems.begin(w) && s.within(i+1, i+5, isConsent):
			out = append(out, i)
		}
	}
	return out
}

// negatedUse reports whether something is not used or set in the words before
// position i.
func (s parsed) negatedUse(i int) bool {
	for j := max(0, i-30); j < i; j++ {
		if isNegationWord(s.words[j]) && s.within(j-4, min(j+8, i), isUseOrFused) {
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
	for _, n := range s.denies {
		for j := n; j <= n+8 && j < len(s.words); j++ {
			if !third(s.words[j]) || s.purposeBehind(j) {
				continue // "no third-party cookies for advertising" leaves others
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
			if cookieNext && s.within(n-5, j+6, isUseOrFused) {
				return true
			}
		}
	}
	return false
}

// withdrawal reads how a consent or a choice about cookies can be changed.
func (s parsed) withdrawal() bool {
	if !s.cookies && !s.near || !s.within(0, len(s.words), func(w string) bool { return withdrawStems.begin(w) }) || containsAny(s.folded, " personal data", " personenbezogen", " donnees personnelles", " datos personales", " dati personali", " persoonsgegevens") && !s.cookies {
		return false
	}
	if containsAny(s.folded, " app ", " application", " telephone", " smartphone") && !s.cookies {
		return false
	}
	can := mayPhrases.in(s.folded)
	for _, i := range s.indexes(func(w string) bool { return withdrawStems.begin(w) }) {
		if revokeStems.begin(s.words[i]) && can && s.within(i-20, i+8, isConsent) {
			return true
		}
		choice := s.within(i-8, i+8, func(w string) bool { return isConsent(w) || choiceStems.begin(w) })
		if choice && !containsAny(s.folded, " browser") && anyTime.in(s.folded) {
			return true
		}
	}
	return false
}

// lastUpdated reads the date of the document.
func (s parsed) lastUpdated() bool {
	if len(s.words) > 40 || !s.within(0, len(s.words), isYear) || strings.Contains(s.folded, " archived ") {
		return false
	}
	return updatedPhrases.in(s.folded) || s.words[0] == "stand" && len(s.words) < 7
}

func isYear(w string) bool {
	return len(w) == 4 && (strings.HasPrefix(w, "20") || strings.HasPrefix(w, "19")) && w[2] >= '0' && w[2] <= '9'
}

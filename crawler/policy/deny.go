package policy

import "strings"

// deniesNames reports whether a sentence says that the cookies it names are not
// used ("We do not use analytics cookies such as _ga"). One that speaks of a
// consent, or of what the reader may do, declares them after all, and so does
// one that goes on with what is used.
func deniesNames(sentence, name string) bool {
	core, _, _ := strings.Cut(name, "*")
	at := strings.Index(sentence, core)
	if at <= 0 || core == "" {
		return false
	}
	all := parseSentence(sentence)
	if len(all.denies) == 0 || all.advises || all.within(0, len(all.words), isConsent) {
		return false
	}
	clause := sentence[:at]
	if cut := strings.LastIndexAny(clause, ";:"); cut >= 0 {
		clause = clause[cut:]
	}
	s := parseSentence(clause)
	for _, n := range s.denies {
		if s.within(n+1, len(s.words), turnsRound) || s.usesElse(n+1) {
			continue
		}
		if fusedStems.begin(s.words[n]) || s.within(n+1, n+2, isUse) || s.within(n+1, n+3, isCookieWord) && s.within(0, len(s.words), isUse) {
			return true
		}
	}
	return false
}

// usesElse reports whether a clause behind the word at i says that something is
// used ("Plausible, which sets no cookies, and Hotjar, which sets …").
func (s parsed) usesElse(i int) bool {
	for ; i < len(s.words); i++ {
		if startsClause(s.words[i]) && s.within(i+1, i+5, isUse) && !s.within(i+1, i+5, isNegationWord) {
			return true
		}
	}
	return false
}

// turnsRound reports whether a word leads from what is denied to what is not.
func turnsRound(w string) bool {
	if isOnly(w) {
		return true
	}
	switch w {
	case "but", "except", "besides", "other", "apart", "sondern", "ausser", "aber", "mais", "sauf", "sino", "pero", "salvo", "excepto", "ma", "bensi", "eccetto", "tranne", "maar", "behalve", "ale", "oprocz", "mas", "exceto", "men", "utom", "forutom", "undtagen", "mutta", "vaan", "paitsi", "hanem", "kiveve", "krome", "ci", "dar", "nego", "ampak", "vaid", "no", "но", "а", "αλλα", "ama":
		return true
	}
	return false
}

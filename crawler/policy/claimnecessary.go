package policy

import "cookieaudit/crawler/evidence"

// necessaryOnly reads "we only use strictly necessary cookies", and nothing that
// holds only where a visitor refuses, has not answered yet or is somewhere else.
func (s parsed) necessaryOnly() bool {
	if !s.cookies || s.labels || len(s.unless) > 0 || len(s.indexes(isCookieWord)) > 1 || !s.within(0, len(s.words), isNecessaryWord) || readerPhrases.in(s.folded) || conditionPhrases.in(s.folded) || partPhrases.in(s.folded) || otherScopes.in(s.folded) {
		return false
	}
	for i, w := range s.words {
		switch class := wordClass(w); {
		case class == evidence.Necessary:
		case class == evidence.Analytics, class == evidence.Marketing, isConsent(w), refuseStems.begin(w), revokeStems.begin(w), allowStems.begin(w), choiceStems.begin(w):
			return false
		case isNegationWord(w) && !s.limits(i):
			return false
		}
	}
	if !s.within(0, len(s.words), isUse) {
		return s.allNecessary()
	}
	for i := range s.words {
		if (isOnly(s.words[i]) || s.onlyAt(i) && !isOnlyOrFirst(s.words[i])) && (s.onlyNecessary(i) || s.necessaryBefore(i) || s.onlyOnes(i)) {
			return true
		}
	}
	return s.allNecessary()
}

// limits reports whether the word at i is the "ne" of a French "ne … que".
func (s parsed) limits(i int) bool {
	return (s.words[i] == "ne" || s.words[i] == "n") && s.within(i+2, i+7, func(w string) bool { return w == "que" || w == "qu" })
}

// onlyNecessary reports whether "only" at o is followed by the words for
// necessary and for cookies, in either order, and by little between them.
func (s parsed) onlyNecessary(o int) bool {
	necessary, cookies, others := false, false, 0
	for j := o + 1; j <= o+8 && j < len(s.words); j++ {
		switch w := s.words[j]; {
		case isUse(w) && !isCookieWord(w):
			if cookies || s.within(0, o, isCookieWord) {
				return false // "necessary cookies are only used to …"
			}
		case isNecessaryWord(w):
			necessary = true
		case isCookieWord(w):
			cookies = true
		case wordClass(w) == "" && !isClassFiller(w) && !isNoCookiesFiller(w) && !fileStems.begin(w):
			others++
		}
		if others > 2 || cookies && others > 0 && !necessary {
			return false // "only cookies needed to optimise …"
		}
		if necessary && cookies {
			return true
		}
	}
	return false
}

// necessaryBefore reports whether "necessary cookies" stands right before the
// "only" at o ("we set essential cookies only").
func (s parsed) necessaryBefore(o int) bool {
	return o >= 3 && isCookieWord(s.words[o-1]) && isNecessaryWord(s.words[o-2]) && s.within(0, o-3, isUse)
}

// onlyOnes reads "the only cookies we use are those required for the site".
func (s parsed) onlyOnes(o int) bool {
	if o+1 >= len(s.words) || !isCookieWord(s.words[o+1]) {
		return false
	}
	for i := o + 2; i <= o+6 && i < len(s.words); i++ {
		if isBeing(s.words[i]) {
			return s.within(o+2, i, isUse) && s.within(i+1, i+4, isNecessaryWord)
		}
	}
	return false
}

// allNecessary reads "all cookies on this website are strictly necessary".
func (s parsed) allNecessary() bool {
	if !everyCookie.in(s.folded) {
		return false
	}
	for i := 2; i <= 9 && i < len(s.words); i++ {
		if isBeing(s.words[i]) {
			if s.within(0, i, isCookieWord) && s.within(i+1, i+3, isNecessaryWord) && len(s.words) <= i+10 {
				return true
			}
		}
	}
	return false
}

// isNecessaryWord accepts the words that lawyers use for the class; what is
// merely needed or for security is needed for something.
func isNecessaryWord(w string) bool {
	return wordClass(w) == evidence.Necessary && !hasAnyPrefix(w, []string{"needed", "secur", "sicher", "segur", "sicur", "beveil", "bezp", "saker", "sikker", "turval", "bizton"})
}

// everyCookie begins a sentence that speaks of all cookies.
var everyCookie = phrasesOf(" all cookies ", " all the cookies ", " all our cookies ", " all of our cookies ", " alle cookies ", " alle unsere cookies ", " tous les cookies ", " tous nos cookies ", " todas las cookies ", " tutti i cookie ", " al onze cookies ", " wszystkie pliki cookie", " todos os cookies ", " alla cookies ", " alla kakor ", " kaikki evasteet ", " minden suti ", " vsechny cookies ", " vsechny soubory cookie", " vsetky subory cookie", " toate cookie")

// conditionPhrases make a sentence hold for some visitors or for some time only.
var conditionPhrases = phrasesOf(" if ", " when ", " before ", " until ", " default", " initially ", " case ", " then ", " otherwise ", " otherwise", " click", " press", " wenn ", " falls ", " sofern ", " solange ", " bevor ", " zunachst ", " voreinstell", " standardmassig", " dann ", " sonst ", " ansonsten ", " diesem fall", " klick", " lorsque", " quand ", " si vous ", " avant ", " tant que ", " par defaut ", " dans ce cas", " alors ", " sinon ", " cuando ", " si no ", " si el ", " si la ", " si usted ", " antes ", " por defecto", " este caso", " ese caso", " tal caso", " entonces ", " quando ", " qualora ", " se l ", " se il ", " se non ", " prima ", " predefinit", " tal caso", " questo caso", " als ", " wanneer ", " voordat ", " zolang ", " standaard ", " dat geval", " anders ", " jesli ", " jezeli ", " gdy ", " domyslnie", " wowczas ", " przypadku", " caso ", " por padrao", " predefinic", " om du ", " nar du ", " innan ", " da fall", " hvis ", " nar ", " inden ", " tilfaelde", " dersom ", " jos ", " kun olet", " ennen ", " tapauksessa", " oletus", " ha ", " amennyiben", " esetben", " alapertelmez", " pokud ", " kdyz ", " dokud", " pripade", " vychozi", " ak ", " kym ", " pripade", " daca ", " cand ", " cazul", " implicit", " ako ", " kada ", " slucaju", " kadar ", " primeru", " kui ", " juhul", " jei ", " kai ", " atveju", " gadijuma", " eger ", " durumda", " εαν ", " αν ", " οταν", " περιπτωση", " ako ", " ако ", " когато", " случай", " якщо ", " коли ", " випадку", " если ", " когда ", " случае")

// partPhrases make a sentence speak of some cookies or some pages only, or add
// others.
var partPhrases = phrasesOf(" category", " section", " kategorie", " categorie", " categoria", " abschnitt", " following", " folgende", " suivant", " siguiente", " seguent", " that are ", " which are ", " except", " login", " log in ", " checkout", " anmelde", " banner", " baner", " visit", " besuch", " grundeinstell", " closing", " chiud", " chiusur", " cerrando", " cierre", " schliess", " zamkn", " ferme", " as well as ", " in addition ", " sowie ", " ausserdem ", " ainsi que ", " asi como ", " oltre ", " nonche ", " alsook ", " alsmede ", " oraz ", " assim como ", " samt ", " valamint ", " embedded", " eingebunden", " eingebettet")

// otherScopes are what a policy speaks of beside the website.
var otherScopes = phrasesOf(" app ", " apps ", " api ", " sdk ", " widget ", " mobile ", " newsletter", " e mail", " email", " career", " job", " applicant", " karriere", " employee", " staff ", " mitarbeiter", " bewerb", " recrut", " candidat", " partner", " many websites", " some websites", " most websites", " many sites", " some sites", " most sites", " viele websites", " manche websites", " einige websites", " de nombreux sites", " certains sites", " muchos sitios", " algunos sitios", " molti siti", " alcuni siti", " veel websites", " sommige websites", " wiele stron", " niektore strony", " muitos sites", " alguns sites")

// refuseStems begin the words for a refusal.
var refuseStems = stemsOf("refus", "reject", "declin", "deny", "denied", "object", "ablehn", "abgelehnt", "verweiger", "widersprech", "rechaz", "rifiut", "neg", "weiger", "neka", "nej", "afvis", "avsla", "avvis", "odrzuc", "odmow", "odmit", "odmiet", "recus", "rejeit", "kielta", "kiella", "hylk", "elutasit", "visszautas", "respin", "refuz", "odbij", "zavrn", "keeldu", "atsisak", "noraid", "atteik", "redded", "αρνη", "απορρι", "откаж", "отказ", "отхвърл", "відмов", "відхил", "отклон")

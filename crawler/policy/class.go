package policy

import (
	"regexp"
	"strings"
	"unicode"

	"cookieaudit/crawler/evidence"
)

// classStems are beginnings of the words that name a purpose class.
var classStems = []struct {
	class evidence.Category
	stems []string
}{
	{evidence.Necessary, []string{"necessar", "necess", "neces", "essenti", "esencial", "essenzi", "essenc", "requir", "mandator", "technic", "techni", "tecni", "teknis", "tekni", "security", "sicherheit", "securite", "seguridad", "sicurezza", "beveilig", "bezpiecz", "seguranca", "sakerhet", "sikkerhed", "turvalli", "biztonsag", "bezpecnost", "notwendig", "erforderlich", "obligat", "oblig", "indispens", "imprescind", "noodzakelijk", "niezbedn", "konieczn", "nodvand", "nodvend", "valttamat", "pakolli", "szukseg", "elengedhet", "nezbytn", "nutn", "unerlasslich", "unverzichtbar", "vereist", "nevyhnutn", "kravd", "needed", "nuzn", "nujn", "neophodn", "obavezn", "potrebn", "obvezn", "butin", "nepieciesam", "vajali", "hadavajali", "kohustusli", "απαραιτητ", "αναγκαι", "необходим", "задължител", "строго", "zorunlu", "gerekli", "hanfodol", "angenrheidiol", "feltetlen", "esenti", "requis", "requerid", "podstawow", "wymagan", "pakraev", "pakrev", "alapvet", "tarpeelli", "wesentlich", "grundlegend", "основн", "osnovn", "обов", "необхідн", "потрібн", "технічн", "обязательн", "технич", "必須", "必要", "必需", "絶対", "厳密", "严格", "嚴格", "필수", "riachtan", "essenzj", "неопходн", "задолжител", "naudsyn", "zaruri", "zwingend", "pflicht", "basisc", "mehtieg", "ضروري", "الضروري", "اساسي", "הכרחי", "חיוני"}},
	{evidence.Functional, []string{"functional", "funktional", "funktionell", "funktionale", "fonctionnel", "funcional", "funzional", "functionele", "functioneel", "funkcjonaln", "funktionel", "toiminnalli", "funkcional", "funkcni", "functionality", "funktionalitat", "prefer", "praferenz", "praeferenc", "preferenc", "voorkeur", "preferenz", "installning", "vorlieben", "komfort", "comfort", "confort", "personalis", "personaliz", "personnalis", "personalizac", "mieltym", "beallit", "gemak", "convenience", "funksjon", "preferans", "preferint", "funkcin", "funktsionaal", "eelistus", "λειτουργικ", "προτιμησ", "функцион", "предпочит", "zapamat", "mukavuus", "islevsel", "fonctionnalit", "funzionalit", "funcionalid", "tercih", "функціонал", "налаштуван", "уподобан", "вподобан", "настрое", "機能", "設定", "功能", "偏好", "기능", "feidhmi", "funzjon", "virkni", "islev", "personalitz", "kenyel", "funkcion", "وظيفي", "تفضيل", "الوظيفي", "פונקציונל", "העדפ", "udobn", "pamiet"}},
	{evidence.Analytics, []string{"analytic", "analytis", "analyt", "analyse", "analys", "analis", "analit", "analiz", "statist", "estadist", "estatist", "performance", "leistung", "messung", "measurement", "audience", "rendimient", "prestazion", "medicion", "medicao", "misurazion", "prestatie", "meting", "wydajno", "pomiar", "desempenho", "prestanda", "suorituskyky", "suoritusky", "tilasto", "ydeevne", "prestatio", "teljesitmeny", "elemz", "statiszt", "vykon", "reichweite", "webanaly", "tracage", "metrics", "metric", "matning", "analyysi", "seuranta", "analuuti", "στατιστικ", "αναλυτικ", "αναλυσ", "αποδοσ", "επιδοσ", "статист", "аналит", "производит", "dadansodd", "ucinkovit", "performant", "misur", "statyst", "performans", "olcum", "аналітич", "продуктивн", "ефективн", "эффектив", "分析", "解析", "統計", "统计", "パフォーマンス", "性能", "분석", "통계", "성능", "anailis", "tolfraedi", "analitic", "istatist", "mesurament", "staitist", "تحليل", "التحليل", "الاحصا", "احصا", "اداء", "الاداء", "אנליט", "סטטיסט", "ביצוע", "mjeren", "merjen", "meren", "mittau", "kavijamit", "kavijaseur", "kavijatil", "latogatottsag"}},
	{evidence.Marketing, []string{"marketing", "markedsfor", "marknadsfor", "advert", "ads", "targeting", "social", "sociaux", "sociales", "sociais", "sozial", "tracking", "werbe", "werbung", "ciblage", "publicit", "publicid", "pubblicit", "profilaz", "profiling", "profilage", "reklam", "markkino", "mainos", "mainon", "hirdet", "retarget", "remarket", "tracciament", "verfolgung", "targetow", "kohden", "cilen", "annons", "commercial", "kommerz", "anuncio", "sociale", "spolecznosc", "doelgroep", "promoc", "profilov", "advertis", "advertent", "marketin", "oglas", "oglasev", "trzen", "rinkodar", "reklaam", "turundu", "διαφημι", "στοχευσ", "μαρκετινγκ", "κοινωνικ", "εμπορικ", "προωθησ", "reclam", "реклам", "маркетинг", "таргет", "социалн", "ciljan", "tikslin", "pazarlama", "hedefleme", "tintir", "tintit", "directionare", "malret", "inriktning", "celzo", "насочен", "gezielt", "zielgerichtet", "zielorient", "segmentac", "targhett", "cible", "цільов", "целев", "広告", "廣告", "广告", "マーケティング", "ターゲティング", "ソーシャル", "营销", "行銷", "定向", "광고", "마케팅", "타겟", "margaioch", "fograioch", "markads", "auglys", "рекламн", "оглас", "маркетин", "sosial", "sosyal", "kozossegi", "sotsiaal", "sosiaali", "druzben", "druzabn", "drustven", "соціальн", "affili", "partnerprogram", "zielgrupp", "comportament", "تسويق", "اعلان", "التسويق", "الاعلان", "دعائ", "استهداف", "שיווק", "פרסום"}},
}

// classified is a purpose class and the words it was read from.
type classified struct {
	class evidence.Category
	weak  bool // the words are part of something else, such as a product's name
	mixed bool // words of another class stand beside them
	found bool
}

// classesOf walks the words of a text and returns the class of each word that
// names one, in order, with the count of all words.
func classesOf(text string) (found []evidence.Category, total, fillers int) {
	ws := words(fold(text))
	for i, w := range ws {
		class := wordClass(w)
		if class == "" {
			if isClassFiller(w) {
				fillers++
			}
			continue
		}
		if i > 0 && isNegation(ws[i-1]) || i > 1 && isNegation(ws[i-2]) && isClassFiller(ws[i-1]) {
			continue
		}
		if consents := beside(ws, i, isConsent); consents && (class == evidence.Necessary || !beside(ws, i, isOptIn)) || class == evidence.Necessary && i > 1 && isOptIn(ws[i-2]) {
			continue // "(consent required)", "(opt-in required)"
		}
		if isTrackingWord(w) && len(ws) > 2 && !beside(ws, i, isCookieWord) {
			fillers++ // "tracking technologies" are cookies of any class
			continue
		}
		found = append(found, class)
	}
	return found, len(ws), fillers
}

// isOptIn reports whether a word begins "opt-in", which may follow the name of a
// class.
func isOptIn(w string) bool { return w == "opt" || w == "optin" || w == "opted" }

func isTrackingWord(w string) bool {
	return hasAnyPrefix(w, []string{"tracking", "tracciament", "verfolgung"})
}

// beside reports whether a word next to the one at i passes the test.
func beside(ws []string, i int, test func(string) bool) bool {
	return i > 0 && test(ws[i-1]) || i+1 < len(ws) && test(ws[i+1])
}

func wordClass(w string) evidence.Category {
	if otherStems.begin(w) {
		return ""
	}
	for _, s := range classesByLetter[w[0]] {
		if strings.HasPrefix(w, s.stem) {
			return s.class
		}
	}
	if !strings.HasSuffix(w, "cookies") || w == "cookies" {
		return ""
	}
	// A compound: "advertentiecookies" begins with its class, "webanalysecookies"
	// has it inside.
	for _, group := range classStems {
		for _, stem := range group.stems {
			if len(stem) >= 6 && len(w) <= len(stem)+18 && strings.Contains(w, stem) {
				return group.class
			}
		}
	}
	return ""
}

// otherStems begin words that begin as those of a class do and name none.
var otherStems = stemsOf("unnecess", "nonessen", "nonnec", "technolog", "tecnolog", "technik")

type classStem struct {
	stem  string
	class evidence.Category
}

// classesByLetter sorts classStems by first letter, in their order.
var classesByLetter = func() (out [256][]classStem) {
	for _, group := range classStems {
		for _, stem := range group.stems {
			stem = fold(stem)
			out[stem[0]] = append(out[stem[0]], classStem{stem, group.class})
		}
	}
	return out
}()

// isClassFiller reports whether a word may stand in the name of a class without
// being one.
func isClassFiller(w string) bool {
	if w == "" || unicode.IsDigit(rune(w[0])) || cookieStems.begin(w) {
		return true
	}
	switch w {
	case "strictly", "strict", "strikt", "unbedingt", "technisch", "strictement", "estrictamente", "strettamente", "scisle", "estritamente", "absolut", "absolutt", "ehdottoman", "and", "und", "et", "y", "e", "en", "i", "oraz", "och", "og", "ja", "es", "a", "o", "ou", "oder", "or", "u", "eller", "tai", "vagy", "nebo", "lub", "of", "de", "del", "la", "le", "les", "di", "do", "das", "der", "die", "den", "for", "zu", "zum", "zur", "purposes", "purpose", "media", "medien", "medier", "medie", "mediji", "medija", "medios", "network", "networks", "netzwerke", "redes", "reseaux", "site", "web", "website", "optional", "always", "active", "anonymous", "anonym", "anonimo", "first", "third", "party", "user", "other", "is", "are", "as", "von", "mesure", "d", "l", "aktiv", "immer", "files", "pliki", "plikow", "group", "category", "own", "propia", "propias", "propio", "tercero", "terceros", "terceras", "propre", "propres", "tiers", "eigene", "dritte", "proprio", "prima", "terza", "terze", "parte", "parti", "eerste", "derde", "partij", "session", "persistent", "non", "not", "kategorie", "type", "the", "our", "us", "based", "storage", "απολυτως", "αυστηρως", "και", "строго", "и", "feltetlenul", "kesinlikle", "apsolutno", "strengt", "nujno", "strogo", "absolutely", "igualmente", "tambem", "tambien", "egalement", "aussi", "ebenfalls", "auch", "anche", "ugualmente", "ook", "eveneens", "ocksa", "ogsa", "myos", "szinten", "rowniez", "takze", "takez", "rovnez", "taktiez", "asemenea", "also", "likewise", "equally", "επισης", "също", "також", "также":
		return true
	}
	return false
}

// recordsConsent fits the names of records of a consent, which are made of the
// words for classes ("cookie-preferences").
var recordsConsent = regexp.MustCompile(`^cookies?[-_.][a-z]`)

// labelClass is the class of a text that should be a class and nothing else: a
// cell of a category column, a label's value, a stacked heading.
func labelClass(text string) classified {
	if len(text) > 120 {
		return classified{}
	}
	if before, c := bracketClass(text); c.found && !labelClass(before).found {
		return c
	}
	found, total, fillers := classesOf(text)
	if (len(found)+fillers < total || recordsConsent.MatchString(text)) && !strings.Contains(strings.TrimSpace(text), " ") {
		return classified{} // a name, such as "cookielawinfo-checkbox-necessary"
	}
	if len(found) == 0 || (len(found)+fillers)*2 < total && total > 3 || len(found)+fillers < total && total <= 2 {
		return classified{}
	}
	return pick(found)
}

// bracketClass is the class in the bracket that ends a text ("Keeps the basket
// (necessary)"), and the text before it.
func bracketClass(text string) (before string, c classified) {
	if len(text) > 600 {
		return "", classified{}
	}
	m := bracketAtEnd(text)
	if m == nil {
		return "", classified{}
	}
	return m[1], wholeClass(m[2])
}

// headingClass is the class that a heading gives to what stands below it.
func headingClass(text string) classified {
	if len(text) > 160 {
		return classified{}
	}
	found, total, _ := classesOf(text)
	if len(found) == 0 && total == 1 && isFunctionWord(fold(text)) {
		return classified{class: evidence.Functional, found: true}
	}
	if len(found) == 0 && mentionsCookies(text) {
		c := sentenceClass(text) // "Cookies that measure website use"
		c.weak = true
		return c
	}
	if len(found) == 0 || total > 14 {
		return classified{}
	}
	c := pick(found)
	c.weak = !labelClass(text).found && !labelClass(beforeBracket(text)).found
	return c
}

// isFunctionWord reports whether a text is the name that some managers give to
// the class of what a site's functions need ("Function").
func isFunctionWord(folded string) bool {
	switch strings.Trim(folded, " :") {
	case "function", "functions", "funktion", "funktionen", "fonction", "fonctions", "funcion", "funciones", "funzione", "funzioni", "functies", "funkcje":
		return true
	}
	return false
}

func pick(found []evidence.Category) classified {
	out := classified{class: found[0], found: true}
	for _, c := range found[1:] {
		out.mixed = out.mixed || c != out.class
	}
	return out
}

// leadingClass reads a class that the purpose text begins with, set in capitals
// or as a sentence of its own, in front or behind ("SECURITY Ensures …",
// "FUNCTIONALStores …", "Necessary. Keeps …").
func leadingClass(text string) classified {
	text = strings.TrimSpace(text)
	end := 0
	for i, r := range text {
		if !unicode.IsUpper(r) && r != ' ' && r != '/' && r != '&' && r != '-' {
			end = i
			break
		}
		end = i + len(string(r))
	}
	lead := text[:end]
	if end < len(text) && end > 0 && unicode.IsLower([]rune(text[end:])[0]) {
		// The last capital begins the fused word.
		runes := []rune(lead)
		lead = string(runes[:len(runes)-1])
	}
	if len(strings.TrimSpace(lead)) >= 4 {
		if c := labelClass(lead); c.found {
			return c
		}
	}
	for _, mark := range []string{"\n", ". ", ": "} {
		first, _, cut := strings.Cut(text, mark)
		if !cut {
			continue
		}
		if c := wholeClass(first); c.found {
			return c
		}
		break
	}
	if all := sentences(clip(text, 600)); len(all) > 1 {
		return wholeClass(all[len(all)-1])
	}
	return classified{}
}

// wholeClass is the class of a text that says nothing else.
func wholeClass(text string) classified {
	if len(text) > 60 {
		return classified{}
	}
	found, total, fillers := classesOf(text)
	if len(found) == 0 || len(found)+fillers != total {
		return classified{}
	}
	return pick(found)
}

// purposeClass reads a class from what a purpose text says outright. It is the
// weakest source and looks only for statements that leave little doubt.
func purposeClass(text string) classified {
	if c := wholeClass(strings.TrimSpace(text)); c.found {
		return c // "Advertising"
	}
	if _, c := bracketClass(text); c.found {
		return c
	}
	for _, sentence := range sentences(clip(text, 1500)) {
		if c := sentenceClass(quotedWord.ReplaceAllString(sentence, " ")); c.found {
			return c
		}
	}
	return classified{}
}

// quotedWord is a word that a text only mentions: what a cookie keeps ("the choice
// for the category "advertising"").
var quotedWord = regexp.MustCompile(`["“„«‘][\pL -]{3,30}["”“»’']`)

func sentenceClass(sentence string) classified {
	ws := words(fold(sentence))
	folded := " " + strings.Join(ws, " ") + " "
	if !underCondition(ws) && containsAny(folded, " consent", " einwilligung", " zustimmung", " consentement", " consentimiento", " consenso", " toestemming", " zgod", " consentimento", " samtyck", " samtykke", " suostumu", " hozzajarul", " souhlas") {
		// Cookies that keep a choice name all the classes to choose from.
		return classified{}
	}
	var found []evidence.Category
	for _, group := range purposePhrases {
		if group.phrases.in(folded) {
			found = append(found, group.class)
		}
	}
	if len(found) == 0 {
		found = besideCookies(ws)
	}
	if len(found) == 0 {
		found = compoundClass(ws)
	}
	if len(found) == 0 {
		return classified{}
	}
	return pick(found)
}

// compoundClass reads the class that a compound ends with ("Besucherstatistik").
func compoundClass(ws []string) []evidence.Category {
	for _, w := range ws {
		for _, end := range compoundEnds {
			if strings.HasSuffix(w, end.text) {
				return []evidence.Category{end.class}
			}
		}
	}
	return nil
}

var compoundEnds = []struct {
	class evidence.Category
	text  string
}{
	{evidence.Analytics, "statistik"},
	{evidence.Analytics, "statistiken"},
	{evidence.Analytics, "statistieken"},
	{evidence.Analytics, "statistikk"},
	{evidence.Analytics, "tilastot"},
	{evidence.Marketing, "werbung"},
	{evidence.Marketing, "reklam"},
	{evidence.Marketing, "reklame"},
	{evidence.Marketing, "mainonta"},
	{evidence.Marketing, "mainonnan"},
}

// besideCookies reads the class that stands beside the word for cookies
// ("аналитический файл cookie") or for a purpose ("na marketingové účely").
func besideCookies(ws []string) []evidence.Category {
	var found []evidence.Category
	for i, w := range ws {
		class := wordClass(w)
		if class == "" || i > 0 && isNegation(ws[i-1]) {
			continue
		}
		if class == evidence.Necessary && saysOfIt(ws, i) || isCookieWord(w) {
			found = append(found, class) // "je nevyhnutný na fungovanie stránky", "Werbecookie"
			continue
		}
		if (class == evidence.Analytics || class == evidence.Marketing) && i > 0 && leadsPurpose(ws[i-1]) {
			found = append(found, class)
			continue
		}
		if i > 1 && isOf(ws[i-1]) && purposeStems.begin(ws[i-2]) {
			found = append(found, class) // "în scopuri de marketing"
			continue
		}
		next := i + 1
		if next < len(ws) && fileStems.begin(ws[next]) {
			next++
		}
		if next < len(ws) && (isCookieWord(ws[next]) || purposeStems.begin(ws[next])) || i > 0 && (isCookieWord(ws[i-1]) || purposeStems.begin(ws[i-1])) {
			found = append(found, class)
		}
	}
	return found
}

// saysOfIt reports whether a form of "to be" stands before the word at i, or
// before the adverbs in front of it.
func saysOfIt(ws []string, i int) bool {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		switch w := ws[j]; {
		case isBeing(w), w == "ir", w == "yra", w == "ar", w == "e", w == "е", w == "є", w == "является", w == "ειναι":
			return true
		case !isClassFiller(w) && wordClass(w) != evidence.Necessary:
			return false
		}
	}
	return false
}

func isOf(w string) bool {
	switch w {
	case "de", "di", "of", "van", "von", "do", "da":
		return true
	}
	return false
}

// leadsPurpose accepts the prepositions before a purpose ("for advertising").
func leadsPurpose(w string) bool {
	switch w {
	case "for", "fur", "zur", "pour", "para", "per", "voor", "dla", "till", "til", "za", "pentru", "για", "за", "для", "pro", "pre":
		return true
	}
	return false
}

// underCondition reports whether a consent is what a sentence makes its cookies
// wait for ("nach Ihrer Einwilligung"), not what they keep.
func underCondition(ws []string) bool {
	for i, w := range ws {
		if !isConsent(w) {
			continue
		}
		for j := max(0, i-3); j < i; j++ {
			if isCondition(ws[j]) {
				return true
			}
		}
	}
	return false
}

// fileStems begin the word for a file, which some languages put before "cookie";
// purposeStems that for a purpose.
var (
	fileStems    = stemsOf("file", "fichier", "plik", "soubor", "subor", "modul", "файл", "αρχει", "archiv", "fajl", "datei", "archivo", "bestand")
	purposeStems = stemsOf("purpose", "zweck", "fins", "finalid", "finalit", "doeleind", "celach", "celow", "ucel", "syfte", "andamal", "formal", "tarkoit", "fines", "scopuri", "svrhe", "celbol", "celjabol", "celokra", "celra", "namene", "цел", "σκοπ", "amac")
)

// purposePhrases state a class inside a sentence.
var purposePhrases = []struct {
	class   evidence.Category
	phrases *phrases
}{
	{evidence.Marketing, phrasesOf(" advertis", " targeted ads", " remarketing", " retargeting", " werbung", " werbezwecke", " publicit", " publicid", " pubblicit", " advertent", " reklam", " profilaz", " mainon", " annons", " hirdet", " annoncer", " mainos", " реклам", " διαφημ", " oglas", " reklaam", " fograiocht", " 广告", " 廣告", " 広告", " 광고")},
	{evidence.Necessary, phrasesOf(" essential cookie", " strictly necessary", " is essential ", " are essential ", " is necessary ", " absolutely necessary ", " are necessary ", " security cookie", " website to function", " site needs ", " website needs ", " cookies de fonctionnement", " site to function", " functioning of the site", " functioning of the website", " funktionieren der website", " bon fonctionnement du site", " funcionamiento del sitio", " funzionamento del sito", " werking van de website", " dzialania strony", " funcionamento do site", " webbplatsen ska fungera", " oldal mukodes", " weboldal mukodes", " fungovani webu", " unbedingt erforderlich", " technisch erforderlich", " zwingend erforderlich", " techniquement necessaire", " technisch notwendig", " strictement necessaire", " estrictamente necesari", " strettamente necessari", " strikt noodzakelijk", " niezbedn", " estritamente necessari", " absolut nodvandig", " strengt nodvendig", " valttamaton", " elengedhetetlen", " nezbytn")},
	{evidence.Analytics, phrasesOf(" google analytics ", " statistic", " analytics ", " statistik", " statistiques", " estadistic", " statistich", " statystyk", " estatistic", " tilasto", " statisztik", " статистик", " στατιστικ", " istatisti", " statisti", " staitisti", " 統計", " 统计", " 통계", " monitor traffic", " traffic levels", " mesure d audience", " measure audience", " audience measurement", " measures audience", " measure website use", " measure how", " measures how", " measure your use")},
	{evidence.Functional, phrasesOf(" preference", " praferenz", " einstellungen speicher", " preferencia", " preferenz", " voorkeur", " preferencj", " preferencias", " remember your settings", " installningar", " indstillinger", " asetukset", " beallitas", " nastaveni", " предпочит", " налаштуван", " настройк", " tercih", " προτιμησ", " preferin")},
}

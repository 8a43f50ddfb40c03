package policy

import "slices"

// Word lists of the claims, folded, in the languages of lifetimewords.go.

var useStems = stemsOf("use", "using", "set", "place", "placing", "store", "storing", "instal", "deploy", "employ", "activat", "load", "fire", "drop", "collect", "creat", "writ", "verwend", "nutz", "setz", "einsetz", "eingesetz", "einsatz", "gesetz", "speicher", "gespeichert", "aktivier", "geladen", "platzier", "utilis", "depos", "activ", "usa", "uso", "emple", "servir", "utiliz", "instal", "impost", "attiv", "memorizz", "gebrui", "plaats", "geplaatst", "zet", "uzyw", "stosuj", "wykorzyst", "zapis", "aktywow", "umieszcz", "usamos", "colocad", "armazen", "ativad", "anvand", "satt", "satts", "placer", "lagra", "bruge", "anvend", "saett", "seett", "kayt", "aset", "tallen", "hasznal", "helyez", "tarol", "alkalmaz", "pouziv", "pouzit", "uklad", "uloz", "nastav", "contain", "enthal", "contien", "contiene", "zawiera", "bevat", "innehall", "indehold", "sisalt", "obsahuj", "folos", "utiliz", "plas", "stoc", "pouziv", "uklad", "korist", "postavlja", "pohran", "uporablj", "nalag", "naloz", "hrani", "brukes", "bruker", "settes", "kasuta", "salvest", "paigalda", "naudo", "irasom", "izmanto", "uzstad", "kullan", "yerlestir", "sakla", "χρησιμοποι", "εγκαθιστ", "τοποθετ", "αποθηκευ", "използва", "поставя", "записва", "съхраня", "використов", "зберіга", "встановл", "использ", "сохран", "устанавл")

// fusedStems are verbs of use that carry their negation.
var fusedStems = stemsOf("nepouziv", "neuklad", "nenastav", "nevyuziv", "neukladaj", "nepouziv", "neuklad", "nekorist", "nenaudo", "neizmanto", "kullanmiyor", "kullanmama", "kullanmaz", "kullanmayiz", "kullanmadi", "kullanmayac", "kullanilmiyor", "kullanilmama", "kullanilmaz", "kullanilmayac", "yerlestirmiyor", "yerlestirmeme", "yerlestirmez", "yerlestirilmiyor", "yerlestirilmeme", "yerlestirilmez", "saklanmiyor", "saklanmama", "saklanmaz", "bulundurmuyor", "bulundurmama", "bulundurmaz")

// siteStems begin the words for the website.
var siteStems = stemsOf("website", "site", "webseite", "seite", "internetseite", "homepage", "internetauftritt", "web", "stranc", "sitio", "pagina", "sito", "stron", "serwis", "witryn", "webbplats", "hjemmeside", "nettsted", "sivust", "strank", "oldal", "stranic", "spletn", "veebileh", "vietne", "svetain", "сайт", "ιστοτοπ", "ιστοσελιδ")

var consentStems = stemsOf("consent", "agree", "accept", "permission", "approv", "einwillig", "eingewillig", "zustimm", "zugestimm", "akzept", "accord", "acconsent", "consens", "acept", "accett", "toestem", "akkoord", "instem", "zgod", "zgad", "wyraz", "consentim", "aceit", "samtyck", "godkan", "godkend", "samtykk", "suostumu", "hyvaksy", "hozzajarul", "beleegyez", "elfogad", "souhlas", "autoris", "autoriz", "consimta", "consimtam", "acord", "suhlas", "pristank", "privol", "soglas", "privolj", "samtykke", "nousolek", "noustu", "sutikim", "piekris", "onay", "riza", "συγκαταθεσ", "συναιν", "съгласи", "прием", "згод", "соглас")

var shareStems = stemsOf("shar", "disclos", "pass", "transmit", "transfer", "sold", "sell", "verkauf", "vend", "verkop", "weitergegeb", "weitergeb", "ubermitt", "partag", "transmis", "communiqu", "compart", "cedid", "cede", "condivi", "trasmess", "ceduti", "gedeeld", "deel", "udostepn", "przekaz", "partilh", "delas", "delar", "deler", "delt", "deles", "videregiv", "jaeta", "luovut", "megoszt", "atad", "sdil", "predav")

var trackStems = stemsOf("track", "trac", "verfolg", "suivr", "suiv", "suit", "rastre", "segu", "monitor", "volg", "sledz", "rastrei", "spar", "spor", "seura", "kovet", "sledu")

var thirdStems = stemsOf("third", "3rd", "dritt", "tiers", "tercer", "terze", "terzi", "derde", "trzec", "terceir", "tredj", "kolman", "harmadik", "tret", "tert", "treti", "tretj", "tredjep", "kolmand", "trecij", "tresa", "ucuncu", "τριτ", "трет")

var thirdPhrases = phrasesOf(" third part", " 3rd part", " dritt", " tiers ", " tercero", " terceras", " terze parti", " terzi ", " derden ", " derde part", " trzeci", " terceiro", " tredje", " kolman", " harmadik", " tretich", " treti ", " tert", " treti", " tretj", " kolmanda", " trecij", " tres", " ucuncu", " τριτ", " трет")

var withdrawStems = stemsOf("withdraw", "revok", "chang", "modif", "adjust", "updat", "manag", "widerruf", "ander", "geandert", "anpass", "retir", "retrait", "chang", "revoc", "cambi", "ritir", "intrek", "wijzig", "aanpass", "wycof", "zmien", "zmian", "cofn", "revog", "alter", "aterkall", "andra", "traek", "aendr", "tilbagekald", "peru", "muut", "visszavon", "modosit", "odvol", "zmen", "retrag", "schimb", "odvol", "zmen", "opoz", "promijen", "povuc", "preklic", "sprem", "trekk", "endr", "tagasi", "muut", "atsauk", "keis", "atsauk", "main", "geri", "degistir", "ανακαλ", "αλλαξ", "оттегл", "промен", "відклик", "зміни", "отозв", "измен")

var revokeStems = stemsOf("withdraw", "revok", "widerruf", "retir", "retrait", "revoc", "intrek", "wycof", "cofn", "revog", "aterkall", "traek", "tilbagekald", "peru", "visszavon", "odvol", "retrag", "opoz", "povuc", "preklic", "trekk", "atsauk", "geri", "ανακαλ", "оттегл", "відклик", "отозв")

var choiceStems = stemsOf("choice", "preference", "setting", "selection", "einstellung", "auswahl", "entscheidung", "choix", "preferenc", "parametr", "configur", "preferenz", "scelt", "impostazion", "keuze", "voorkeur", "instelling", "wybor", "ustawien", "opco", "definico", "val", "installning", "valg", "indstilling", "valint", "asetuk", "valasztas", "beallit", "volb", "nastaven", "preferint", "setari", "opti", "predvol", "nastaven", "postavk", "izbor", "nastavitv", "innstilling", "valg", "eelist", "seade", "nustatym", "pasirink", "iestatij", "izvel", "tercih", "ayar", "επιλογ", "ρυθμισ", "προτιμ", "настройк", "избор", "предпочит", "налаштуван", "вибір", "выбор")

var anyTime = phrasesOf(" any time", " anytime", " jederzeit", " tout moment", " cualquier momento", " qualsiasi momento", " ogni momento", " elk moment", " elk gewenst moment", " allen tijde", " kazdej chwili", " dowolnym momencie", " qualquer momento", " qualquer altura", " nar som helst", " enhver tid", " hver tid", " milloin tahansa", " barmikor", " kdykoli", " click", " footer", " klick", " cliqu", " clic ", " klik", " fusszeile", " oricand", " orice moment", " kedykolvek", " u bilo kojem trenutku", " kadar koli", " nar som helst", " igal ajal", " bet kada", " jebkura laika", " istediginiz zaman", " her zaman", " ανα πασα στιγμη", " οποιαδηποτε στιγμη", " по всяко време", " будь який час", " в любое время", " в будь")

// mayPhrases say that something can be done.
var mayPhrases = phrasesOf(" can ", " may ", " right to ", " konnen ", " konnt ", " kannst ", " recht ", " pouvez ", " peut ", " peuvent ", " puede", " podra", " puoi ", " puo ", " kunt ", " kan ", " mozesz ", " mozna ", " moze ", " pode", " kan ", " voit ", " visszavonhat", " modosithat", " muzete ", " lze ", " moznost", " puteti", " poti ", " mozete", " mozno", " lahko", " saate", " galite", " varat", " bilirsiniz", " edebilir", " μπορειτε", " μπορεις", " можете", " можна", " можно")

// readerPhrases address the reader.
var readerPhrases = phrasesOf(" if you ", " you can ", " you may ", " you do not ", " you don ", " you want ", " you choose ", " you could ", " your browser to ", " you are not ", " you would ", " you refuse ", " wenn sie ", " sie konnen ", " konnen sie ", " falls sie ", " mochten sie ", " si vous ", " vous pouvez ", " vous ne ", " si usted ", " puede ", " si no ", " se non ", " puoi ", " puo ", " se l utente ", " als u ", " als je ", " u kunt ", " je kunt ", " kunt u ", " kun je ", " jesli ", " jezeli ", " mozesz ", " mozna ", " se nao ", " pode ", " podera ", " om du ", " du kan ", " hvis du ", " kan du ", " jos ", " voit ", " ha on ", " ha nem ", " amennyiben ", " pokud ", " muzete ", " wer keine ", " daca ", " puteti", " ak ", " mozete", " ako ", " lahko", " dersom ", " kui te ", " saate ", " jei ", " galite ", " ja jus ", " varat ", " eger ", " bilirsiniz", " εαν ", " μπορειτε", " ако ", " можете ", " якщо ", " если ")

var beforeStems = stemsOf("before", "until", "unless", "without", "prior", "bevor", "vor", "bis", "ohne", "avant", "sans", "tant", "antes", "sin", "hasta", "prima", "senza", "finche", "voordat", "voor", "zonder", "totdat", "tot", "przed", "bez", "dopoki", "sem", "ate", "innan", "fore", "utan", "forrän", "forran", "for", "uden", "indtil", "ennen", "ilman", "elott", "nelkul", "amig", "dokud", "pred", "inainte", "fara", "pana", "pred", "bez", "kym", "prije", "dok", "preden", "brez", "dokler", "enne", "ilma", "kuni", "pries", "kol", "pirms", "lidz", "once", "olmadan", "πριν", "χωρις", "преди", "без", "докато", "до", "поки", "пока")

var withoutStems = stemsOf("without", "unless", "until", "ohne", "solang", "zolang", "sans", "sin", "senza", "zonder", "bez", "dopoki", "sem", "utan", "uden", "ilman", "nelkul", "dokud", "fara", "brez", "ilma", "olmadan", "χωρις", "без")

// blockStems say that something is kept from happening.
var blockStems = stemsOf("block", "disabl", "deaktiv", "gesperrt", "bloqu", "desactiv", "blocc", "disattiv", "geblokkeer", "zablok", "desativ", "blocker", "inaktiv", "estet", "blokova", "dezactiv")

// allowStems are what a visitor does who consents, where "unless" or "until"
// stands before it.
var allowStems = stemsOf("enabl", "switch", "turn", "activat", "allow", "choice", "choos", "decid", "auswahl", "entscheid", "erlaub", "aktivier", "choix", "autoris", "activ", "elec", "decid", "permit", "scelt", "attiv", "keuze", "toestaa", "wybor", "wybierz")

// allCookies speak of every cookie of the site.
var allCookies = phrasesOf(" any cookie", " all cookies we ", " all our cookies ", " all of our cookies ", " all cookies used ", " all cookies are ", " every cookie ", " alle cookies ", " alle unsere cookies ", " alle von uns ", " tous nos cookies ", " tous les cookies ", " todas nuestras cookies ", " todas las cookies ", " tutti i nostri cookie ", " tutti i cookie ", " al onze cookies ", " wszystkie pliki ", " wszystkie nasze ", " todos os nossos cookies ", " todos os cookies ", " alla vara cookies ", " alla cookies ", " alle vores cookies ", " kaikki evasteet ", " kaikki evasteemme ", " minden suti ", " vsechny cookies ", " vsechny soubory ")

var expireStems = stemsOf("expir", "discard", "delet", "remov", "eras", "gelosch", "verfall", "ablauf", "abgelaufen", "supprim", "efface", "elimin", "borran", "caduc", "cancell", "scad", "verwijder", "verlo", "usuwan", "wygas", "eliminad", "apagad", "rader", "tas", "slett", "poist", "vanhen", "torl", "lejar", "maza", "smaz", "vyprs", "disappear", "verschwind", "disparai", "desapar", "scompa", "verdwijn", "znika", "forsvin", "katoa", "eltun", "zmiz", "ληγ", "διαγραφ", "изтич", "изтри", "истек", "удал", "видал", "silin", "dzest", "dzes", "kustut", "istrin", "odstran", "entfernt", "borr", "gewist", "wymaz", "brise", "izbris", "obrise", "sterg", "sters", "stearsa", "vymaz", "izgub", "削除", "scrios", "usun", "goes", "disappears", "zanik", "konci", "gasn")

var acrossPhrases = phrasesOf(" different sessions", " across sessions", " between sessions", " multiple sessions", " several sessions", " from session to session", " one website to another", " one site to another", " site to site", " across websites", " across sites", " across different", " across other", " across multiple", " other websites", " other sites", " sitzungsubergreifend", " websiteubergreifend", " websiteubergreifende", " mehrere websites", " andere websites", " anderen websites", " verschiedene sitzungen", " verschiedene websites", " verschiedene webseiten", " verschiedenen websites", " verschiedenen sitzungen", " differentes sessions", " plusieurs sites", " d autres sites", " autres sites", " distintas sesiones", " otros sitios", " otras paginas", " diverse sessioni", " sessioni diverse", " altri siti", " verschillende sessies", " verschillende websites", " roznych sesji", " innych stron", " innych witryn", " diferentes sessoes", " outros sites", " olika sessioner", " andra webbplatser", " forskellige sessioner", " andre websites", " andre hjemmesider", " eri istunto", " muilla sivusto", " kulonbozo munkamenet", " mas webold", " ruznymi relacemi", " jinych web", " jinymi web")

var updatedPhrases = phrasesOf(" last updated", " last update ", " updated on ", " last modified", " last revised", " last reviewed", " effective date", " effective as of ", " effective from ", " zuletzt aktualisiert", " zuletzt am ", " letzte mal ", " zuletzt geandert", " letzte aktualisierung", " letzte anderung", " derniere mise a jour", " mise a jour le ", " mis a jour le ", " derniere modification", " ultima actualizacion", " actualizado el ", " actualizada el ", " ultima modificacion", " ultimo aggiornamento", " aggiornata l ultima volta", " aggiornato l ultima volta", " aggiornato il ", " aggiornata il ", " ultima modifica", " laatst bijgewerkt", " laatst gewijzigd", " laatste update", " bijgewerkt op ", " ostatnia aktualizacja", " ostatnio zaktualizowan", " data aktualizacji", " ultima atualizacao", " atualizado em ", " atualizada em ", " senast uppdaterad", " uppdaterades senast", " senaste uppdatering", " sidst opdateret", " senest opdateret", " opdateret den ", " viimeksi paivitetty", " paivitetty ", " utolso frissites", " utoljara frissit", " utolso modositas", " posledni aktualizace", " naposledy aktualizov", " aktualizovano ", " ucinnost od ", " actualizata ultima data", " ultima actualizare", " actualizat la ", " posledna aktualizacia", " naposledy aktualizovan", " zadnje azuriran", " posljednje azuriran", " zadnja posodobitev", " nazadnje posodobljen", " sist oppdatert", " viimati uuendatud", " paskutini karta atnaujint", " atnaujinta ", " pedejo reizi atjauninat", " pedejas izmainas", " son guncelleme", " en son ", " guncellen", " τελευταια ενημερωση", " ενημερωθηκε", " последна актуализация", " последно обновен", " последна промяна", " останнє оновлення", " востаннє оновлено", " последнее обновление", " последнее изменение")

func isOnlyOrFirst(w string) bool {
	if isOnly(w) {
		return true
	}
	switch w {
	case "erst", "tek", "sele", "pas", "dopiero", "forst", "vasta", "az", "first", "s'ils", "hanya", "so", "teprve":
		return true
	}
	return false
}

// onlyAt reports whether the word at i says "only"; in French that takes the
// "ne" before it as well ("ne sont déposés qu'après").
func (s parsed) onlyAt(i int) bool {
	w := s.words[i]
	if w == "qu" || w == "que" {
		return s.within(i-7, i-1, func(w string) bool { return w == "ne" || w == "n" }) &&
			!s.within(i-3, i-1, func(w string) bool { return w == "pas" })
	}
	return isOnlyOrFirst(w)
}

// isCondition accepts the words that tie an act to a consent.
func isCondition(w string) bool {
	switch w {
	case "after", "once", "if", "reserve", "subject", "vorbehaltlich", "when", "with", "upon", "where", "following", "nach", "nachdem", "wenn", "sobald", "mit", "apres", "si", "avec", "lorsque", "qu", "que", "tras", "despues", "con", "cuando", "dopo", "previo", "se", "nadat", "na", "met", "als", "wanneer", "po", "za", "gdy", "jesli", "apos", "depois", "com", "quando", "mediante", "efter", "med", "nar", "om", "hvis", "jalkeen", "mikali", "jos", "utan", "eseten", "birtokaban", "alapjan", "ha", "s", "pokud", "hogy", "dupa", "cu", "daca", "uz", "nakon", "ako", "ak", "z", "ob", "etter", "dersom", "parast", "gavus", "pec", "ar", "sonra", "ile", "μετα", "με", "εφοσον", "след", "при", "със", "после", "після", "з":
		return true
	}
	return isConsentCase(w)
}

// isConsentCase accepts Finnish and Hungarian forms that hold the condition in
// their ending ("suostumuksellasi", "hozzájárulásával").
func isConsentCase(w string) bool {
	return hasAnyPrefix(w, []string{"suostumuks", "hozzajarulas", "beleegyezes"})
}

func isAsking(w string) bool {
	return hasAnyPrefix(w, []string{"ask", "request", "obtain", "seek", "get", "bitten", "holen", "einhol", "fragen", "demand", "recueil", "solicit", "pedim", "chied", "richied", "vrag", "prosi", "ber", "anmod", "pyyd", "kerj", "zada"})
}

// isDelete accepts verbs that have nothing to do with setting a cookie.
func isDelete(w string) bool {
	return hasAnyPrefix(w, []string{"delet", "remov", "control", "refus", "block", "losch", "supprim", "bloqu", "elimin", "verwijder", "usun", "apag", "radera", "slet", "poist", "torol", "smaz", "responsib", "verantwort", "respons", "influence", "einfluss", "access", "zugriff"})
}

// isBeing accepts "there are no …".
func isBeing(w string) bool {
	switch w {
	case "is", "are", "ist", "est", "sont", "es", "son", "je", "jest", "este", "sunt", "there", "contains", "sind", "gibt", "existe", "hay", "ci", "sono", "zijn", "er", "sa", "ha", "finns", "findes", "on", "ole", "van", "jsou":
		return true
	}
	return false
}

// isGiven accepts what a visitor does who consents, behind "without" and
// "unless".
func isGiven(w string) bool { return isConsent(w) || allowStems.begin(w) }

func isOr(w string) bool {
	switch w {
	case "or", "and", "oder", "und", "ou", "et", "o", "y", "e", "of", "en", "i", "lub", "eller", "och", "og", "tai", "ja", "vagy", "es", "nebo", "a":
		return true
	}
	return false
}

// startsClause accepts words behind which a sentence speaks of something else.
func startsClause(w string) bool {
	switch w {
	case "and", "but", "because", "as", "since", "which", "und", "aber", "da", "weil", "denn", "et", "mais", "car", "y", "pero", "porque", "ma", "perche", "maar", "omdat", "ale", "och", "men", "og":
		return true
	}
	return false
}

// ofService reports whether a service or a part of the page that is named before a
// negation is what goes without cookies, not the site ("we count visits with
// Matomo, which sets no cookies").
func (s parsed) ofService(negation int) bool {
	for i := negation - 1; i >= 0 && i >= negation-8; i-- {
		switch w := s.words[i]; {
		case services[w] || parts.begin(w) || isCookielessService(w):
			return true
		case isWe(w) || siteStems.begin(w) && s.within(i-1, i-1, isThis):
			return false
		}
	}
	return false
}

// belowService reports whether the heading right above names a service: what is
// said there without a subject is said of it.
func belowService(path []entry) bool {
	if len(path) == 0 || path[len(path)-1].cookies {
		return false
	}
	return slices.ContainsFunc(words(fold(path[len(path)-1].text)), func(w string) bool { return services[w] || isCookielessService(w) })
}

// parts begin the words for what sites embed.
var parts = stemsOf("plugin", "plug", "widget", "software", "tool", "player", "video", "script", "skript", "outil", "herramient", "strument", "verktoj", "narzedzi")

// isCookielessService accepts services that are named because they set none.
func isCookielessService(w string) bool {
	switch w {
	case "plausible", "fathom", "umami", "goatcounter", "pirsch", "ackee", "counter", "simpleanalytics", "koko", "statify", "burst":
		return true
	}
	return false
}

func isWe(w string) bool {
	switch w {
	case "we", "wir", "nous", "noi", "wij", "nosotros", "vi", "my", "me":
		return true
	}
	return false
}

func isThis(w string) bool {
	switch w {
	case "this", "our", "the", "diese", "dieser", "unsere", "unser", "ce", "cette", "notre", "este", "esta", "nuestro", "nuestra", "questo", "nostro", "deze", "onze", "ta", "nasza", "nasz", "denna", "var", "denne", "vores":
		return true
	}
	return false
}

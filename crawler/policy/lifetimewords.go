package policy

// The word lists hold folded forms (see fold) in the languages that the reader
// knows: en, de, fr, es, it, nl, pl, pt, sv, da, fi, hu, cs, and the common
// words of sk, ro, no, hr, sl, et, lv, lt where they cannot be mistaken.

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
	week   = 7 * day
	month  = 30 * day
	year   = 365 * day
)

// unitWords are units that are too short for a stem.
var unitWords = foldedKeys(map[string]float64{
	"s": 1, "sec": 1, "secs": 1, "sek": 1, "seg": 1, "segs": 1, "mp": 1, "ms": 0.001,
	"min": minute, "mins": minute, "mn": minute, "perc": minute, "мин": minute, "minuut": minute, "minuten": minute,
	"h": hour, "hr": hour, "hrs": hour, "std": hour, "ora": hour, "ore": hour, "uur": hour, "uren": hour, "godz": hour, "tim": hour, "hod": hour, "t": hour, "oraig": hour, "orara": hour, "oras": hour, "percig": minute, "sat": hour, "sata": hour, "sati": hour, "ura": hour, "ure": hour, "uri": hour, "ur": hour, "hores": hour, "awr": hour, "oriau": hour, "saat": hour, "час": hour, "часа": hour, "часов": hour, "ωρα": hour, "ωρες": hour, "ωρων": hour,
	"d": day, "j": day, "day": day, "days": day, "tag": day, "tage": day, "tagen": day, "jour": day, "jours": day, "dia": day, "dias": day, "giorno": day, "giorni": day, "gg": day, "dag": day, "dagen": day, "dagar": day, "dage": day, "dni": day, "dnia": day, "dzien": day, "nap": day, "napig": day, "napos": day, "dny": day, "dnu": day, "den": day, "paiva": day, "paivaa": day, "pv": day, "vrk": day, "vuorokausi": day, "vuorokautta": day, "zile": day, "zi": day, "dana": day, "dan": day, "dnev": day, "dneva": day, "dager": day, "diena": day, "dienas": day, "dienos": day, "dienu": day, "dienam": day, "dies": day, "gun": day, "ден": day, "дни": day, "дня": day, "дней": day, "дена": day, "μερα": day, "μερες": day,
	"w": week, "wk": week, "wks": week, "semaine": week, "semaines": week, "semana": week, "semanas": week, "week": week, "weken": week, "vecka": week, "veckor": week, "uge": week, "uger": week, "het": week, "hetig": week, "viikko": week, "viikkoa": week, "tyden": week, "tydny": week, "tydnu": week, "uke": week, "uker": week, "uka": week, "tjedan": week, "tjedna": week, "tjedana": week,
	"mo": month, "mos": month, "mois": month, "mes": month, "meses": month, "mese": month, "mesi": month, "mies": month, "mnd": month, "mdr": month, "ho": month, "hoig": month, "kk": month, "mand": month, "man": month, "luni": month, "luna": month, "kuu": month, "kuud": month, "mesos": month, "mis": month, "ay": month,
	"рік": year, "роки": year, "року": year, "років": year, "день": day, "дні": day, "днів": day, "годин": hour, "y": year, "yr": year, "yrs": year, "an": year, "ans": year, "annee": year, "annees": year, "ano": year, "anos": year, "anno": year, "anni": year, "jaar": year, "jaren": year, "rok": year, "roku": year, "roky": year, "lat": year, "lata": year, "let": year, "leta": year, "leti": year, "leto": year, "metai": year, "metus": year, "metu": year, "gads": year, "gadi": year, "gadu": year, "gada": year, "gadus": year, "any": year, "anys": year, "yil": year, "ετος": year, "ετη": year, "ετους": year, "ετων": year, "годы": year, "год": year, "года": year, "лет": year, "ar": year, "aar": year, "ev": year, "evig": year, "eves": year, "vuosi": year, "vuotta": year, "vuoden": year, "v": year, "ani": year, "godina": year, "godine": year, "a": 0,
	"bliain": year, "bhliain": year, "bliana": year, "mbliana": year, "bhliana": year, "sena": year, "snin": year, "godini": year,
	"mhi": month, "mionna": month, "xahar": month, "xhur": month, "mth": month, "mths": month,
	"laethanta": day, "jum": day, "ijiem": day, "jiem": day, "doba": day, "doby": day, "dob": day, "dagur": day,
	"uair": hour, "huaire": hour, "uaireanta": hour, "siegha": hour, "sighat": hour, "klst": hour,
})

// foldedKeys is a list of words as fold writes them.
func foldedKeys(words map[string]float64) map[string]float64 {
	out := make(map[string]float64, len(words))
	for word, n := range words {
		out[fold(word)] = n
	}
	return out
}

type unitStem struct {
	stem    string
	seconds float64
}

// unitStems are beginnings of unit words in every inflection.
var unitStems = foldedUnits([]unitStem{
	{"milliseco", 0.001},
	{"millisek", 0.001},
	{"second", 1},
	{"sekund", 1},
	{"segund", 1},
	{"sekunt", 1},
	{"masodperc", 1},
	{"vterin", 1},
	{"seconde", 1},
	{"minut", minute},
	{"perce", minute},
	{"hour", hour},
	{"stunde", hour},
	{"heure", hour},
	{"hora", hour},
	{"godzin", hour},
	{"timm", hour},
	{"time", hour},
	{"tunti", hour},
	{"tunni", hour},
	{"hodin", hour},
	{"tage", day},
	{"giorn", day},
	{"dagar", day},
	{"paiva", day},
	{"paivi", day},
	{"dzien", day},
	{"week", week},
	{"woche", week},
	{"semain", week},
	{"seman", week},
	{"settiman", week},
	{"tydzien", week},
	{"tygodni", week},
	{"veck", week},
	{"viikko", week},
	{"viiko", week},
	{"month", month},
	{"monat", month},
	{"maand", month},
	{"miesi", month},
	{"manad", month},
	{"maned", month},
	{"kuukau", month},
	{"mesic", month},
	{"mesiac", month},
	{"honap", month},
	{"maneder", month},
	{"year", year},
	{"jahr", year},
	{"annee", year},
	{"jaren", year},
	{"vuode", year},
	{"vuosi", year},
	{"eves", year},
	{"paev", day},
	{"ημερ", day},
	{"stund", hour},
	{"valand", hour},
	{"tund", hour},
	{"dakika", minute},
	{"saniye", 1},
	{"minuu", minute},
	{"munud", minute},
	{"λεπτ", minute},
	{"минут", minute},
	{"секунд", 1},
	{"δευτερολεπτ", 1},
	{"nedel", week},
	{"tyzd", week},
	{"teden", week},
	{"tedn", week},
	{"savait", week},
	{"nadal", week},
	{"setman", week},
	{"wythnos", week},
	{"hafta", week},
	{"εβδομαδ", week},
	{"седмиц", week},
	{"недел", week},
	{"mjesec", month},
	{"mesec", month},
	{"menes", month},
	{"menuo", month},
	{"misoedd", month},
	{"μην", month},
	{"месец", month},
	{"месяц", month},
	{"godin", year},
	{"noimea", minute},
	{"seachtain", week},
	{"gimgh", week},
	{"vik", week},
	{"manud", month},
	{"aasta", year},
	{"blynedd", year},
	{"flynedd", year},
	{"blwyddyn", year},
	{"flwyddyn", year},
	{"diwrnod", day},
	{"niwrnod", day},
	{"ddiwrnod", day},
	{"χρονι", year},
	{"χρονο", year},
	{"годин", year},
	{"хвилин", minute},
	{"тижд", week},
	{"тижн", week},
	{"місяц", month},
	{"年", year},
	{"か月", month},
	{"ヶ月", month},
	{"カ月", month},
	{"ヵ月", month},
	{"ケ月", month},
	{"个月", month},
	{"個月", month},
	{"週", week},
	{"周", week},
	{"日", day},
	{"天", day},
	{"時間", hour},
	{"小时", hour},
	{"小時", hour},
	{"分", minute},
	{"秒", 1},
	{"년", year},
	{"개월", month},
	{"주", week},
	{"일", day},
	{"시간", hour},
	{"분", minute},
	{"초", 1},
})

func foldedUnits(list []unitStem) []unitStem {
	for i := range list {
		list[i].stem = fold(list[i].stem)
	}
	return list
}

// numberWords are small numbers in words; the articles among them count only
// before a unit.
var numberWords = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90, "a": 1, "an": 1,
	"ein": 1, "eine": 1, "einem": 1, "einen": 1, "einer": 1, "eines": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwolf": 12, "dreizehn": 13, "vierundzwanzig": 24, "dreissig": 30, "anderthalb": 1.5, "eineinhalb": 1.5,
	"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "douze": 12, "treize": 13, "trente": 30,
	"una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "doce": 12, "trece": 13, "treinta": 30,
	"due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8, "nove": 9, "dieci": 10, "dodici": 12, "tredici": 13, "ventiquattro": 24, "trenta": 30,
	"een": 1, "twee": 2, "drie": 3, "vijf": 5, "zes": 6, "zeven": 7, "negen": 9, "tien": 10, "twaalf": 12, "dertien": 13, "dertig": 30, "anderhalf": 1.5,
	"jeden": 1, "jedna": 1, "jednego": 1, "dwa": 2, "dwie": 2, "dwoch": 2, "trzy": 3, "trzech": 3, "cztery": 4, "piec": 5, "szesc": 6, "szesciu": 6, "siedem": 7, "osiem": 8, "dziesiec": 10, "dwanascie": 12, "trzydziesci": 30,
	"um": 1, "uma": 1, "dois": 2, "duas": 2, "quatro": 4, "sete": 7, "oito": 8, "dez": 10, "doze": 12, "treze": 13, "trinta": 30,
	"en": 1, "ett": 1, "et": 1, "tva": 2, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "atta": 8, "nio": 9, "tio": 10, "tolv": 12, "tretton": 13, "trettio": 30,
	"to": 2, "fire": 4, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10, "tretten": 13, "tredive": 30,
	"yksi": 1, "yhden": 1, "kaksi": 2, "kahden": 2, "kolme": 3, "kolmen": 3, "nelja": 4, "viisi": 5, "kuusi": 6, "kuuden": 6, "seitseman": 7, "kymmenen": 10, "kaksitoista": 12, "kolmetoista": 13, "kolmekymmenta": 30,
	"egy": 1, "ket": 2, "ketto": 2, "harom": 3, "negy": 4, "ot": 5, "hat": 6, "het": 7, "tiz": 10, "tizenket": 12, "harminc": 30,
	"jedno": 1, "jednoho": 1, "dva": 2, "dve": 2, "tri": 3, "ctyri": 4, "pet": 5, "sest": 6, "sedm": 7, "deset": 10, "dvanact": 12, "tricet": 30,
}

// loneUnits are units that some languages write without the number one.
var loneUnits = foldedKeys(map[string]float64{
	"rok": year, "miesiąc": month, "tydzień": week, "dzień": day, "doba": day, "godzina": hour, "měsíc": month, "mesiac": month, "týden": week, "týždeň": week, "hodina": hour,
	"год": year, "месяц": month, "неделя": week, "сутки": day, "рік": year, "місяць": month, "тиждень": week, "доба": day, "месец": month, "година": year, "седмица": week, "mjesec": month, "godina": year, "sena": year,
})

// unitFillers may stand between a number and its unit.
var unitFillers = stemsOf("de", "il", "full", "calendar", "consecutive", "whole", "volle", "kalender", "further", "more", "weitere", "of", "s")

var halfStems = stemsOf("half", "halb", "demi", "medio", "mezz", "polow", "halv", "puol", "fel", "pul")

var upToStems = stemsOf("up", "to", "max", "bis", "zu", "jusqu", "hasta", "fino", "tot", "do", "ate", "upp", "till", "op", "til", "less", "than", "about", "ca", "circa", "env", "a")

// lifetimeFillers stand around the words of a lifetime.
var lifetimeFillers = stemsOf("until", "upon", "when", "after", "your", "user", "the", "for", "duration", "during", "conclusion", "window", "tab", "visit", "manual", "only", "http", "bis", "zum", "zur", "ende", "des", "der", "nach", "wahrend", "dauer", "jusqu", "fin", "apres", "duree", "votre", "lors", "pendant", "hasta", "final", "del", "los", "las", "cierre", "fino", "alla", "della", "fine", "durata", "tot", "einde", "van", "het", "na", "koniec", "konca", "czas", "trwania", "ate", "fim", "till", "slut", "nar", "naar", "loppu", "ajan", "kunnes", "vege", "vegeig", "idej", "konec", "konce", "dobu", "storage", "speicher", "manuel", "manual", "unlimited", "time", "termine", "den", "din", "kehti", "lopuni", "lopp", "lopus", "kuni", "iki", "lidz", "do", "deireadh", "tmiem", "valid", "gilt", "до", "края", "конца", "кінця", "μεχρι", "τελος", "lok", "vegeig", "kadar", "sonu", "sonuna")

// sessionStems begin the word for a browsing session.
var sessionStems = stemsOf("session", "sesion", "sessio", "sessao", "sesja", "sesji", "sesje", "sesyj", "sessie", "sitzung", "istun", "munkamenet", "relac", "relace", "sezen", "zasedan", "seanss", "seansa", "sesij", "sesiun", "sesiune", "szesszio", "session", "browsersitzung", "browsersession", "browsersessie", "okten", "sej", "seans", "sesiwn", "oturum", "συνεδρι", "сеси", "сесс", "сеанс", "сесі", "セッション", "ブラウザを閉", "会话", "會話", "关闭浏览器", "浏览器关闭", "세션", "seisiu", "tseisiu", "sessjoni", "lota")

var closeStems = stemsOf("clos", "quit", "exit", "shut", "end", "schliess", "geschlossen", "beend", "verlass", "ferm", "quitt", "cerr", "cierr", "finaliz", "chiu", "termin", "sluit", "gesloten", "afsluit", "zamkn", "zakoncz", "fech", "encerr", "stang", "avslut", "luk", "afslut", "sulje", "suljet", "bezar", "zavr", "zavren", "ukonc", "zatvar", "zatvor", "zaprt", "zapre", "uzdar", "aizver", "sulge", "sulg", "lukk", "inchid", "tanca", "kapat", "κλεισ", "κλειν", "затвар", "закры", "закр", "край")

var browserStems = stemsOf("browser", "navigat", "navegad", "przegladark", "webblasar", "selai", "selain", "bongeszo", "prohlizec", "nettleser", "prehliadac", "preglednik", "pregledac", "brskalnik", "narsykl", "parlukprogramm", "brauser", "lehitseja", "veebilehitseja", "tarayici", "φυλλομετρητ", "περιηγητ", "περιηγησ", "браузър", "браузер", "браузор", "переглядач")

// persistentPhrases say that there is no length; they win over session words
// ("until you delete it").
var persistentPhrases = phrasesOf(" no expiry ", " no expiration ", " does not expire ", " not expire ", " never ", " niemals ", " jamais ", " nunca ", " mai ", " nooit ", " nigdy ", " aldrig ", " soha ", " nikdy ", " until deleted ", " until cleared ", " until you delete ", " until manually ", " ohne ablauf ", " bis zur loschung ", " lauft nicht ab ", " local storage ", " kein ablauf ", " sans expiration ", " pas d expiration ", " sin caducidad ", " no caduca ", " senza scadenza ", " nessuna scadenza ", " geen vervaldatum ", " verloopt niet ", " bez terminu ", " nie wygasa ", " sem expiracao ", " nao expira ", " inget utgangsdatum ", " ingen udlob ", " udlober ikke ", " ei vanhene ", " nem jar le ", " bez omezeni ", " bez vyprseni ", " nevyprsi ", " no limit ", " n a ")

// persistentStems begin words for a cookie that is kept without a stated end.
var persistentStems = stemsOf("persist", "permanent", "permament", "unlimited", "indefinit", "indefinid", "forever", "unbegrenzt", "unbefristet", "dauerhaft", "hartnackig", "dauerhafte", "illimit", "ilimit", "stay", "stal", "trwal", "bezterminow", "nieogranicz", "pysyv", "toistaiseksi", "vedvarende", "varaktig", "bestandig", "allando", "korlatlan", "tartos", "trval", "neomezen", "nichts", "none", "keine", "aucun", "ninguna", "nessun", "geen", "brak", "nenhum", "ingen", "nincs", "zadna", "localstorage", "html5", "constant", "onbeperkt", "blijvend", "indefin", "μονιμ", "επιμον", "постоян", "трайн", "trajn", "pastavig", "pusiv", "nuolat", "pidev", "kalici", "永続", "無期限", "无期限", "永久", "영구", "постійн")

func isNegation(word string) bool {
	switch word {
	case "don", "doesn", "isn", "aren", "won", "no", "non", "not", "never", "neither", "nor", "without", "nicht", "kein", "keine", "keinen", "keiner", "keinerlei", "nie", "niemals", "ohne", "pas", "aucun", "aucune", "jamais", "ne", "n", "sans", "ni", "nunca", "ningun", "ninguna", "ninguno", "sin", "nessun", "nessuna", "senza", "mai", "niet", "geen", "nooit", "zonder", "zadnych", "zadne", "zaden", "bez", "nao", "nenhum", "nenhuma", "sem", "inte", "inga", "ingen", "icke", "aldrig", "utan", "ikke", "ej", "uden", "ei", "eika", "emme", "eivat", "ilman", "nem", "nelkul", "zadny", "nu", "fara", "nici", "niciun", "nicio", "ziadne", "ziaden", "nepouzivame", "neukladame", "nema", "nijedan", "brez", "nobenih", "mitte", "ilma", "nera", "jokiu", "nav", "nekad", "degil", "hic", "δεν", "μη", "χωρις", "κανενα", "καμια", "не", "няма", "никакви", "без", "нет", "ні", "немає", "жодних", "yok":
		return true
	}
	return false
}

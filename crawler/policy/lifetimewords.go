package policy

import "strings"

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
	"h": hour, "hr": hour, "hrs": hour, "std": hour, "ora": hour, "ore": hour, "uur": hour, "uren": hour, "godz": hour, "tim": hour, "hod": hour, "t": hour, "oraig": hour, "orara": hour, "oras": hour, "percig": minute, "sat": hour, "sata": hour, "sati": hour, "casa": hour, "casova": hour, "ura": hour, "ure": hour, "uri": hour, "ur": hour, "hores": hour, "awr": hour, "oriau": hour, "saat": hour, "час": hour, "часа": hour, "часов": hour, "ωρα": hour, "ωρες": hour, "ωρων": hour,
	"d": day, "j": day, "day": day, "days": day, "tag": day, "tage": day, "tagen": day, "jour": day, "jours": day, "dia": day, "dias": day, "giorno": day, "giorni": day, "gg": day, "dag": day, "dagen": day, "dagar": day, "dage": day, "dni": day, "dnia": day, "dzien": day, "nap": day, "napig": day, "napos": day, "dny": day, "dnu": day, "den": day, "paiva": day, "paivaa": day, "pv": day, "vrk": day, "vuorokausi": day, "vuorokautta": day, "zile": day, "zi": day, "dana": day, "dan": day, "dnev": day, "dneva": day, "dager": day, "diena": day, "dienas": day, "dienos": day, "dienu": day, "dienam": day, "dies": day, "gun": day, "ден": day, "дни": day, "дня": day, "дней": day, "дена": day, "μερα": day, "μερες": day,
	"w": week, "wk": week, "wks": week, "semaine": week, "semaines": week, "semana": week, "semanas": week, "week": week, "weken": week, "vecka": week, "veckor": week, "uge": week, "uger": week, "het": week, "hetig": week, "viikko": week, "viikkoa": week, "tyden": week, "tydny": week, "tydnu": week, "uke": week, "uker": week, "uka": week, "tjedan": week, "tjedna": week, "tjedana": week,
	"mo": month, "mon": month, "mos": month, "mois": month, "mes": month, "meses": month, "mese": month, "mesi": month, "mies": month, "mnd": month, "mdr": month, "ho": month, "hoig": month, "kk": month, "mand": month, "man": month, "luni": month, "luna": month, "kuu": month, "kuud": month, "mesos": month, "mis": month, "ay": month,
	"рік": year, "роки": year, "року": year, "років": year, "день": day, "дні": day, "днів": day, "годин": hour, "y": year, "yr": year, "yrs": year, "an": year, "ans": year, "annee": year, "annees": year, "ano": year, "anos": year, "anno": year, "anni": year, "jaar": year, "jaren": year, "rok": year, "roku": year, "roky": year, "lat": year, "lata": year, "let": year, "leta": year, "leti": year, "leto": year, "metai": year, "metus": year, "metu": year, "gads": year, "gadi": year, "gadu": year, "gada": year, "gadus": year, "any": year, "anys": year, "yil": year, "ετος": year, "ετη": year, "ετους": year, "ετων": year, "годы": year, "год": year, "года": year, "лет": year, "ar": year, "aar": year, "ev": year, "evig": year, "eves": year, "vuosi": year, "vuotta": year, "vuoden": year, "v": year, "ani": year, "godina": year, "godine": year, "a": 0,
	"bliain": year, "bhliain": year, "bliana": year, "mbliana": year, "bhliana": year, "sena": year, "snin": year, "godini": year,
	"mhi": month, "mionna": month, "xahar": month, "xhur": month, "mth": month, "mths": month,
	"jr": year, "jrs": year, "g": year, "г": year, "mc": month, "mce": month, "men": month, "мес": month, "wo": week, "tyg": week, "vk": week, "vko": week, "sapt": week, "dgn": day, "dn": day, "дн": day, "сут": day, "dygn": day, "dogn": day, "val": hour, "u": hour, "ч": hour,
	"سنة": year, "سنوات": year, "عام": year, "عاما": year, "اعوام": year, "شهر": month, "شهرا": month, "أشهر": month, "شهور": month, "أسبوع": week, "أسابيع": week, "يوم": day, "يوما": day, "أيام": day, "ساعة": hour, "ساعات": hour, "دقيقة": minute, "دقائق": minute, "ثانية": 1, "ثوان": 1,
	"שנה": year, "שנים": year, "חודש": month, "חודשים": month, "שבוע": week, "שבועות": week, "יום": day, "ימים": day, "שעה": hour, "שעות": hour, "דקה": minute, "דקות": minute,
	"laethanta": day, "dg": day, "dgr": day, "jum": day, "ijiem": day, "jiem": day, "doba": day, "doby": day, "dob": day, "dagur": day,
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
	{"fortnight", 14 * day},
	{"quinzaine", 15 * day},
	{"trimest", 90 * day},
	{"quartal", 90 * day},
	{"semest", 180 * day},
	{"decade", 10 * year},
	{"jahrzehnt", 10 * year},
	{"second", 1},
	{"sekund", 1},
	{"segund", 1},
	{"sekunt", 1},
	{"masodperc", 1},
	{"vterin", 1},
	{"seconde", 1},
	{"minut", minute},
	{"minn", minute},
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

// foldedUnits sorts stems by their first byte.
func foldedUnits(list []unitStem) (out [256][]unitStem) {
	for _, u := range list {
		u.stem = fold(u.stem)
		out[u.stem[0]] = append(out[u.stem[0]], u)
	}
	return out
}

// numberWords are small numbers in words; the articles among them count only
// before a unit.
var numberWords = func() map[string]float64 {
	out := map[string]float64{}
	for n, list := range numbersInWords {
		for w := range strings.FieldsSeq(list) {
			out[fold(w)] = n
		}
	}
	return out
}()

var numbersInWords = map[float64]string{
	1:   "one a an ein eine einem einen einer eines un une una uno een jeden jedna jednego um uma en ett et yksi yhden egy o eno ena enega един една едно один одна одного одной одну ενα ενας μια μιας ενος bir uks uhe viens vienu viena vienus vieneri vienerius vienas vieno واحد واحدة jedno jednoho",
	1.5: "anderthalb eineinhalb anderhalf poltora poltorej",
	2:   "two zwei deux dos due twee dwa dwie dwoch dois duas tva to kaksi kahden ket ketto doi doua dvoch dvoma dvou два две двух дві двох δυο iki kaks kahe divi divus divas dveji dvejus dvi dva dve",
	3:   "three drei trois tres tre drie trzy trzech kolme kolmen harom trei trech troch три трех трьох τρεις τρια τριων uc kolm tris trys ثلاث ثلاثة tri",
	4:   "four vier quatre cuatro quattro cztery quatro fyra fire nelja negy patru styri styroch cetiri stiri stirih четири четыре четырех чотири τεσσερα τεσσερις dort neli cetrus keturis اربع اربعة ctyri",
	5:   "five funf cinq cinco cinque vijf piec fem viisi ot cinci пет пять πεντε bes viis خمس خمسة pet",
	6:   "six sechs seis sei zes szesc szesciu sex seks kuusi kuuden hat sase sesti siestich шест шесть шести шість εξι alti kuus kuue sesi sesus sesis sis ست ستة sest",
	7:   "seven sieben sept siete sette zeven siedem sete sju syv seitseman het sapte седем yedi سبعة sedm",
	8:   "eight acht huit ocho otto osiem oito atta otte осем sekiz",
	9:   "nine neun neuf nueve nove negen nio ni девет dokuz",
	10:  "ten zehn dix diez dieci tien dziesiec dez tio ti kymmenen tiz zece десет десять δεκα عشرة deset",
	11:  "eleven onze",
	12:  "twelve zwolf douze doce dodici twaalf dwanascie doze tolv kaksitoista tizenket doisprezece douasprezece dvanast dvanastich dvanacti dvanaest dvanajst дванадесет двенадцать двенадцати дванадцять δωδεκα kaksteist kaheteist divpadsmit dvylika dotze dvanact",
	13:  "thirteen dreizehn treize trece tredici dertien treze tretton tretten kolmetoista treisprezece trinast trinact trinaest trinajst тринадесет тринадцать тринадцять δεκατρεις trispadsmit trylika tretze tizenharom",
	14:  "fourteen quatorze vierzehn veertien",
	15:  "fifteen quinze funfzehn quindici",
	16:  "sixteen",
	17:  "seventeen",
	18:  "eighteen",
	19:  "nineteen",
	20:  "twenty vingt veinte zwanzig venti twintig vinte dvadsat dvacet dvadeset vingts",
	23:  "dreiundzwanzig",
	24:  "vierundzwanzig ventiquattro veinticuatro vierentwintig",
	30:  "thirty dreissig trente treinta trenta dertig trzydziesci trinta trettio tredive kolmekymmenta harminc treizeci tridsat tridsiatich triceti trideset тридесет тридцать тридцати тридцять τριαντα otuz ثلاثون ثلاثين tricet",
	40:  "quarante forty vierzig",
	50:  "cinquante fifty halvtreds",
	60:  "sixty soixante sechzig sesenta sessanta zestig sessenta hatvan",
	90:  "ninety neunzig noventa novanta negentig nitti nittio yhdeksankymmenta devedeset kilencven",
}

// loneUnits are units that some languages write without the number one.
var loneUnits = foldedKeys(map[string]float64{
	"rok": year, "miesiąc": month, "tydzień": week, "dzień": day, "doba": day, "godzina": hour, "měsíc": month, "mesiac": month, "týden": week, "týždeň": week, "hodina": hour,
	"год": year, "месяц": month, "неделя": week, "сутки": day, "рік": year, "місяць": month, "тиждень": week, "доба": day, "месец": month, "година": year, "седмица": week, "mjesec": month, "godina": year, "sena": year,
	"godinu": year, "vuosi": year, "kuukausi": month, "viikko": week, "päivä": day, "vuorokausi": day, "tunti": hour, "dygn": day, "døgn": day, "metai": year, "mėnuo": month, "gads": year, "mēnesis": month, "aasta": year, "leto": year, "mesec": month, "годину": hour,
	"sentejn": 2 * year, "xahrejn": 2 * month, "jumejn": 2 * day, "سنة": year, "عام": year, "شهر": month, "يوم": day, "ساعة": hour, "سنتان": 2 * year, "سنتين": 2 * year, "عامان": 2 * year, "عامين": 2 * year, "شهران": 2 * month, "شهرين": 2 * month, "يومان": 2 * day, "يومين": 2 * day, "ساعتان": 2 * hour, "ساعتين": 2 * hour, "שנתיים": 2 * year, "חודשיים": 2 * month, "שנה": year, "חודש": month, "יום": day, "שעה": hour, "半年": 182 * day, "kwartał": 90 * day, "kvartal": 90 * day, "kvartál": 90 * day, "čtvrtletí": 90 * day, "trimestre": 90 * day, "quartal": 90 * day, "квартал": 90 * day, "negyedév": 90 * day, "semestre": 180 * day, "полгода": 182 * day, "півроку": 182 * day, "pusmetis": 182 * day, "pusgads": 182 * day, "halvår": 182 * day, "halbjahr": 182 * day, "félév": 182 * day, "půlrok": 182 * day, "polrok": 182 * day, "półrocze": 182 * day, "εξάμηνο": 182 * day,
})

// unitFillers may stand between a number and its unit.
var unitFillers = stemsOf("de", "il", "full", "calendar", "consecutive", "whole", "volle", "kalender", "further", "more", "weitere", "of", "s")

var halfStems = stemsOf("half", "halb", "demi", "medio", "mezz", "polow", "halv", "puol", "fel", "pul", "pol", "половин", "пол", "пів", "pus", "pool", "yarim", "μισ", "jumat", "meio", "meia", "mig", "mitja", "leath")

var upToStems = stemsOf("up", "to", "max", "bis", "zu", "jusqu", "hasta", "fino", "tot", "do", "ate", "upp", "till", "op", "til", "less", "than", "about", "ca", "circa", "env", "a", "до", "legfeljebb", "maks", "enintaan", "hojst", "najviac", "nejvyse", "εως", "μεχρι")

// lifetimeFillers stand around the words of a lifetime.
var lifetimeFillers = stemsOf("until", "upon", "when", "after", "your", "user", "the", "for", "duration", "during", "conclusion", "window", "tab", "visit", "manual", "only", "http", "bis", "zum", "zur", "ende", "des", "der", "nach", "wahrend", "dauer", "jusqu", "fin", "apres", "duree", "votre", "lors", "pendant", "hasta", "final", "del", "los", "las", "cierre", "fino", "alla", "della", "fine", "durata", "tot", "einde", "van", "het", "na", "koniec", "konca", "czas", "trwania", "ate", "fim", "till", "slut", "nar", "naar", "loppu", "ajan", "kunnes", "vege", "vegeig", "idej", "konec", "konce", "dobu", "storage", "speicher", "manuel", "manual", "unlimited", "time", "termine", "den", "din", "kehti", "lopuni", "lopp", "lopus", "kuni", "iki", "lidz", "do", "deireadh", "tmiem", "valid", "gilt", "до", "края", "конца", "кінця", "μεχρι", "τελος", "lok", "vegeig", "kadar", "sonu", "sonuna")

// sessionStems begin the word for a browsing session.
var sessionStems = stemsOf("session", "sesion", "sessio", "sessao", "sesja", "sesji", "sesje", "sesyj", "sessie", "sitzung", "istun", "munkamenet", "relac", "relace", "sezen", "zasedan", "seanss", "seansa", "sesij", "sesiun", "sesiune", "szesszio", "session", "browsersitzung", "browsersession", "browsersessie", "okten", "sej", "seans", "sesiwn", "oturum", "συνεδρι", "συνδεσ", "сеси", "сесс", "сеанс", "сесі", "セッション", "ブラウザを閉", "会话", "會話", "关闭浏览器", "浏览器关闭", "세션", "seisiu", "tseisiu", "sessjoni", "lota", "جلسة", "الجلسة", "لجلسة", "הפעלה")

var closeStems = stemsOf("clos", "quit", "exit", "shut", "end", "schliess", "geschlossen", "beend", "verlass", "ferm", "quitt", "cerr", "cierr", "finaliz", "chiu", "termin", "sluit", "gesloten", "afsluit", "zamkn", "zakoncz", "fech", "encerr", "stang", "avslut", "luk", "afslut", "sulje", "suljet", "sulk", "bezar", "zavr", "zavren", "ukonc", "zatvar", "zatvor", "zaprt", "zapre", "uzdar", "aizver", "sulge", "sulg", "lukk", "inchid", "tanca", "kapat", "κλεισ", "κλειν", "затвар", "закры", "закр", "край", "종료", "닫", "اغلاق", "تغلق", "סגירת", "zatvaranj", "zapir")

// whileStems begin "as long as", openStems what a browser is until it is closed.
var (
	whileStems = stemsOf("while", "long", "solang", "zolang", "terwijl", "tant", "pendant", "mientras", "finche", "dopoki", "enquanto", "lange", "laenge", "kauan", "amig", "dokud", "timp", "pokial", "dok", "dokler", "όσο", "докато", "пока", "поки")
	openStems  = stemsOf("open", "offen", "geoffnet", "ouvert", "abiert", "apert", "otwart", "abert", "oppen", "aben", "apen", "auki", "avoinna", "nyitva", "otevren", "otvoren", "deschis", "odprt", "ανοιχτ", "отворен", "открыт", "відкрит")
)

var browserStems = stemsOf("browser", "navigat", "navegad", "przegladark", "webblasar", "selai", "selain", "bongeszo", "prohlizec", "nettleser", "prehliadac", "preglednik", "pregledac", "brskalnik", "narsykl", "parluk", "brauser", "lehitseja", "veebilehitseja", "tarayici", "φυλλομετρητ", "περιηγητ", "περιηγησ", "браузър", "браузер", "браузор", "переглядач", "브라우저", "المتصفح", "متصفح", "הדפדפן")

// persistentPhrases say that there is no length; they win over session words
// ("until you delete it").
var persistentPhrases = phrasesOf(" no expiry ", " no expiration ", " does not expire ", " not expire ", " never ", " niemals ", " jamais ", " nunca ", " mai ", " nooit ", " nigdy ", " aldrig ", " soha ", " nikdy ", " until deleted ", " until cleared ", " until you delete ", " until you clear ", " until you remove ", " until manually ", " ohne ablauf ", " bis zur loschung ", " lauft nicht ab ", " local storage ", " kein ablauf ", " sans expiration ", " pas d expiration ", " sin caducidad ", " no caduca ", " senza scadenza ", " nessuna scadenza ", " geen vervaldatum ", " verloopt niet ", " bez terminu ", " nie wygasa ", " sem expiracao ", " nao expira ", " inget utgangsdatum ", " ingen udlob ", " udlober ikke ", " ei vanhene ", " nem jar le ", " bez omezeni ", " bez vyprseni ", " nevyprsi ", " no limit ", " n a ")

// persistentStems begin words for a cookie that is kept without a stated end.
var persistentStems = stemsOf("persist", "permanent", "permament", "unlimited", "indefinit", "indefinid", "forever", "unbegrenzt", "unbefristet", "dauerhaft", "hartnackig", "dauerhafte", "illimit", "ilimit", "stay", "stal", "trwal", "bezterminow", "nieogranicz", "pysyv", "toistaiseksi", "vedvarende", "varaktig", "bestandig", "allando", "korlatlan", "tartos", "trval", "neomezen", "nichts", "none", "keine", "aucun", "ninguna", "nessun", "geen", "brak", "nenhum", "ingen", "nincs", "zadna", "localstorage", "html5", "constant", "onbeperkt", "blijvend", "indefin", "μονιμ", "επιμον", "постоян", "трайн", "trajn", "pastavig", "pusiv", "nuolat", "pidev", "kalici", "永続", "無期限", "无期限", "永久", "영구", "постійн")

func isNegation(word string) bool {
	switch word {
	case "don", "doesn", "isn", "aren", "won", "no", "non", "not", "never", "neither", "nor", "without", "nicht", "kein", "keine", "keinen", "keiner", "keinerlei", "nie", "niemals", "ohne", "pas", "aucun", "aucune", "jamais", "ne", "n", "sans", "ni", "nunca", "ningun", "ninguna", "ninguno", "sin", "nessun", "nessuna", "senza", "mai", "niet", "geen", "nooit", "zonder", "zadnych", "zadne", "zaden", "bez", "nao", "nenhum", "nenhuma", "sem", "inte", "inga", "ingen", "icke", "aldrig", "utan", "ikke", "ej", "uden", "ei", "eika", "emme", "eivat", "ilman", "nem", "nelkul", "zadny", "nu", "fara", "nici", "niciun", "nicio", "ziadne", "ziaden", "nepouzivame", "neukladame", "nema", "nijedan", "brez", "nobenih", "mitte", "ilma", "nera", "jokiu", "nav", "nekad", "degil", "hic", "δεν", "μη", "χωρις", "κανενα", "καμια", "не", "няма", "никакви", "без", "нет", "ні", "немає", "жодних", "yok":
		return true
	}
	return false
}

package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// fieldKind is what a labelled text of a record holds.
type fieldKind int

const (
	noField fieldKind = iota
	nameField
	hostField
	providerField
	categoryField
	typeField // class, storage kind, party or lifetime: the cell decides
	storageField
	lifetimeField
	purposeField
	ignoredField // links, values, examples
)

// labelStems are beginnings of label words, in the order in which they
// decide: "cookie retention" is a lifetime although it says "cookie". One that
// ends with a full stop, or has less than four letters, is a whole word.
var labelStems = []struct {
	kind  fieldKind
	stems []string
}{
	{ignoredField, []string{"link", "url", "optout", "opt", "parameter", "value", "wert", "valeur", "valor", "valore", "waarde", "wartosc", "varde", "vaerdi", "arvo", "ertek", "hodnota", "example", "beispiel", "exemple", "ejemplo", "esempio", "voorbeeld", "learn", "datenschutz", "privacy", "richtlin", "secure", "httponly", "samesite", "path", "pfad", "size", "grosse", "contenu", "inhalt", "inhoud", "contenuto", "contenido", "conteudo", "innehall", "indhold", "content", "zawartosc", "obsah"}},
	{lifetimeField, []string{"expir", "length.", "durat", "duree", "dauer", "laufzeit", "speicherdauer", "lebensdauer", "ablauf", "ablaufdatum", "gultig", "verfall", "aufbewahr", "retention", "lifetime", "lifespan", "life", "span.", "validity", "period", "ttl", "maxage", "conservation", "съхран", "caduc", "duracion", "venc", "plazo", "validez", "vigencia", "durata", "scadenz", "conservazion", "bewaar", "looptijd", "verval", "verloop", "levensduur", "geldig", "duur", "czas", "okres", "wygas", "waznosc", "trwani", "przechowywan", "duracao", "validade", "prazo", "conservacao", "varaktighet", "lagringstid", "giltig", "livslangd", "utgang", "utgar", "lopnad", "lagringsperiod", "varighed", "udlob", "udlober", "levetid", "opbevaring", "gyldig", "kesto", "voimassa", "sailyt", "vanhen", "elinika", "idotartam", "lejar", "elettartam", "ervenyes", "megorz", "doba", "platnost", "vyprs", "trvani", "zivotnost", "persistence", "speicherfrist", "loschfrist", "zeitraum", "seconds", "stored", "echeance", "deadline", "expiracion", "expiracao", "vervaldatum", "kestoaika", "wygasniecia", "storing", "haltbar", "varighet", "utlop", "trajan", "istek", "galiojim", "trukm", "saugojim", "derigum", "termin", "glabasan", "ilgum", "kehtivus", "aegumi", "sailitus", "durada", "διαρκει", "ληξη", "ισχυ", "χρονος", "χρονικ", "срок", "продължител", "валидност", "период", "изтича", "хранен", "expirare", "exp.", "perioad", "pastrare", "valabil", "disponibil", "gildistim", "saklama", "exp", "daw.", "ulozen", "kept", "lasts.", "verweil", "термін", "строк", "дії", "тривал", "зберіган", "действ", "длительн", "истеч", "有効期", "保存期間", "保持期間", "期限", "期間", "有效期", "保留", "时长", "時長", "到期", "만료", "기간", "보존", "gecerli", "lengd", "sure.", "suresi", "eag.", "eaga.", "zmien", "tul.", "времетр", "траење", "trvanliv", "utlopstid", "rok.", "re.", "fad.", "vida", "مدة", "المدة", "صلاحية", "انتهاء", "משך", "תוקף", "galioj", "skladist", "caducita", "gueltig", "utloper", "vigor", "conserva"}},
	{hostField, []string{"domain", "host", "hote", "domane", "domaine", "dominio", "domein", "domen", "domaen", "verkkotunnus", "tartomany", "website", "domena", "domenii", "domeni", "τομεας", "τομεα", "домейн", "домен", "ιστοτοπ", "anfitri", "hostitel", "hostiteľ", "хост", "ドメイン", "ホスト", "域名", "网域", "網域", "도메인"}},
	{providerField, []string{"provider", "vendor", "databehandl", "auftragsverarbeit", "verwerker", "company", "service", "controller", "publisher", "issuer", "source", "partner", "supplier", "owner", "platform", "party", "origin", "origem", "origen", "herkomst", "oprindelse", "ursprung", "pochodzen", "puvod", "eredet", "provenien", "izvor", "päritolu", "произход", "источник", "джерело", "πηγη", "herausgeber", "anbieter", "dienst", "firma", "verantwort", "herkunft", "unternehmen", "fournisseur", "emetteur", "editeur", "societe", "prestataire", "tiers", "proveedor", "titular", "responsable", "empresa", "emisor", "editor", "servicio", "fornitor", "titolare", "gestor", "provenienza", "servizi", "societa", "aanbieder", "uitgever", "leverancier", "partij", "plaatser", "eigenaar", "bedrijf", "dostawc", "uslug", "podmiot", "wlasciciel", "firm", "fornecedor", "provedor", "propiedad", "titularidad", "appartenance", "proprieta", "eigentumer", "servico", "entidade", "leverantor", "tjanst", "utgivar", "foretag", "udbyder", "tjeneste", "leverandor", "virksomhed", "palvelu", "tarjoaja", "toimittaja", "yritys", "julkaisija", "szolgaltat", "kiado", "poskytovatel", "sluzb", "vydavatel", "spolecnost", "organisation", "organization", "processor", "placed", "gesetzt", "plaatst", "geplaatst", "mottagar", "ontvanger", "empfanger", "recipient", "destinatar", "davatelj", "pruzatelj", "dobavlj", "ponudnik", "teikej", "nodrosin", "pakkuja", "teenusepakkuja", "furnizor", "compani", "proveidor", "παροχο", "εκδοτ", "εταιρει", "υπηρεσι", "доставчик", "поставщик", "издател", "компания", "услуг", "avsandare", "vastaanottaja", "odbiorca", "prijemce", "saglayic", "operator", "betreiber", "afzender", "absender", "avsender", "afsender", "lahettaj", "nadawc", "sender", "постачальник", "провайдер", "надавач", "власник", "提供元", "提供者", "提供会社", "提供商", "提供方", "発行元", "発行者", "事業者", "プロバイダ", "サービス", "供应商", "公司", "제공", "회사", "solathra", "fornitur", "servizz", "давател", "مزود", "المزود", "مقدم", "الجهة", "ספק", "urheber", "responsabil", "saettes"}},
	{storageField, []string{"storage", "technolog", "speicherort", "speicherart", "speichertyp", "tecnolog", "techniek", "technik", "stockage", "almacenamiento", "armazenamento", "opslag", "uloziste"}},
	{categoryField, []string{"categor", "kategor", "catagoir", "flokkur", "luokka", "class", "klass", "gruppe", "group", "κατηγορι", "категори", "luoka", "категорі", "カテゴリ", "分類", "区分", "类别", "類別", "分类", "범주", "카테고리", "분류", "구분", "فئة", "الفئة", "קטגור", "grupa", "skupin", "kategooria", "kategorij"}},
	{typeField, []string{"type", "typ", "cineal", "tegund", "art", "tipo", "tipolog", "soort", "rodzaj", "tyypp", "tipus", "druh", "slag", "clase", "nature", "natura", "charakter", "vrsta", "tipas", "τυπος", "ειδος", "вид", "тип", "tuup", "veids", "種類", "種別", "タイプ", "类型", "類型", "유형", "종류", "turu.", "kind", "نوع", "النوع", "סוג", "vrst", "rusis", "klasse."}},
	{purposeField, []string{"purpose", "descr", "usage", "use", "used", "function", "functie", "info", "detail", "reason", "goal", "what", "why", "zweck", "beschreib", "funktion", "verwend", "erklar", "erlauter", "finalit", "fonction", "utilis", "utilit", "objectif", "objet", "but", "descripcion", "finalidad", "funcion", "proposito", "uso", "descriz", "finalita", "scopo", "funzion", "doel", "omschrijv", "beschrijv", "toelicht", "uitleg", "cel", "opis", "funkcj", "zastosowan", "przeznacz", "funcao", "objetivo", "syfte", "beskriv", "andamal", "anvand", "formal", "anvendelse", "tarkoit", "kuvaus", "kaytto", "leiras", "funkcio", "ucel", "popis", "funkce", "vyuziti", "comment", "note", "role", "task", "data", "svrha", "namen", "paskirtis", "tikslas", "aprasym", "merkis", "noluk", "apraksts", "eesmark", "otstarve", "kirjeldus", "scop.", "scopul.", "descriere", "rol", "finalitat", "σκοπο", "περιγραφ", "χρηση", "λειτουργια", "описание", "предназнач", "цел", "ucelem", "pwrpas", "diben", "tilgangur", "amac", "aciklama", "desc.", "explanation", "celja", "призначен", "мета.", "опис", "назначен", "目的", "説明", "用途", "内容", "概要", "機能", "描述", "说明", "說明", "목적", "설명", "cuspoir", "ghan.", "намена", "цел.", "غرض", "الغرض", "وصف", "الوصف", "מטרה", "תיאור", "skop.", "namjen", "vyznam", "vysvetlen", "waarvoor", "wofur"}},
	{nameField, []string{"cookie", "name", "nom", "nome", "nombre", "naam", "nazwa", "namn", "navn", "nimi", "nev", "neve", "nazev", "jmeno", "bezeichnung", "identifier", "kennung", "key", "schlussel", "cle.", "clave", "chiave", "chave", "sleutel", "klucz", "nyckel", "avain", "kulcs", "klic.", "ключ.", "tracker", "traceur", "kakor", "kaka", "evaste", "suti", "sutinev", "ciasteczk", "piskot", "denominacion", "denominazione", "benaming", "denominac", "cookienavn", "sessionname", "variable", "naziv", "pavadinimas", "nosaukum", "nimetus", "denumire", "nume.", "nazov", "ονομα", "ονομασια", "име", "наименов", "название", "piskotk", "kolacic", "slapuk", "sikdat", "kupsis", "biskvitk", "бисквитк", "enw", "nafn", "informasjonskaps", "cwci", "galet", "cerez", "ime", "назв", "имя", "куки", "クッキー", "名称", "名前", "キー", "名稱", "名字", "쿠키", "이름", "adi.", "ad.", "ainm", "isem", "heiti", "fianan", "колачињ", "اسم", "الاسم", "שם"}},
}

// columnKind reads a table heading: any label word in it decides.
func columnKind(text string) fieldKind {
	return foldedKind(labelText(text))
}

// foldedKind is columnKind for a text of labelText.
func foldedKind(folded string) fieldKind {
	if folded == "" || len(folded) > 80 {
		return noField
	}
	if kind, ok := labelPhrases[folded]; ok {
		return kind
	}
	ws := words(folded)
	if len(ws) > 9 {
		return noField
	}
	for _, q := range labelQuestions[folded[0]] {
		if strings.HasPrefix(folded, q.begins) {
			return q.kind
		}
	}
	first := len(labelStems)
	for _, w := range ws {
		first = min(first, labelGroup(w))
	}
	if first == len(labelStems) {
		return noField
	}
	return labelStems[first].kind
}

// labelGroup is the place in labelStems of the first group that a word belongs
// to, or their number where there is none. A stem may begin a word or end a
// compound ("Speicherdauer").
func labelGroup(word string) int {
	first := len(labelStems)
	if len(word) < 2 {
		return first
	}
	for _, s := range labelIndex.begin[[2]byte{word[0], word[1]}] {
		if s.group < first && (word == s.stem || !s.whole && strings.HasPrefix(word, s.stem)) {
			first = s.group
		}
	}
	for _, s := range labelIndex.end[[2]byte{word[len(word)-2], word[len(word)-1]}] {
		if s.group < first && len(word) <= len(s.stem)+9 && strings.HasSuffix(word, s.stem) && (len(word) == len(s.stem) || len(word) > len(s.stem)+2) {
			first = s.group
		}
	}
	return first
}

type labelStem struct {
	stem  string
	group int
	whole bool // the stem is a word, not the beginning of one
}

// labelIndex sorts the stems by their first two and their last two bytes; none
// is shorter.
var labelIndex = func() (index struct{ begin, end map[[2]byte][]labelStem }) {
	index.begin, index.end = map[[2]byte][]labelStem{}, map[[2]byte][]labelStem{}
	for i, group := range labelStems {
		for _, stem := range group.stems {
			word, whole := strings.CutSuffix(fold(stem), ".")
			// Chinese and Japanese say in two letters what others say in five.
			s := labelStem{word, i, whole || utf8.RuneCountInString(word) < 4 && word[0] < 0xe3}
			first, last := [2]byte([]byte(word[:2])), [2]byte([]byte(word[len(word)-2:]))
			index.begin[first] = append(index.begin[first], s)
			if !s.whole {
				index.end[last] = append(index.end[last], s)
			}
		}
	}
	return index
}()

// labelPhrases are labels that the words alone would misread.
var labelPhrases = map[string]fieldKind{
	"web domain": hostField, "domain name": hostField, "cookie domain": hostField,
	"type of storage": storageField, "storage type": storageField, "storage": storageField,
	"storage duration": lifetimeField, "storage period": lifetimeField, "storage time": lifetimeField,
	"time": lifetimeField, "how long": lifetimeField, "where": typeField, "stored in": typeField, "where stored": typeField, "active": lifetimeField,
	"set by": providerField, "alan adi": hostField, "kept for": lifetimeField, "maximum age": lifetimeField, "max age": lifetimeField, "max-age": lifetimeField, "max. age": lifetimeField, "placed by": providerField, "who": providerField,
	"name of the cookie": nameField, "cookie": nameField, "cookies": nameField, "cookie names": nameField, "technical cookie definition": nameField, "technische cookie-definition": nameField, "technische cookie definition": nameField, "definition technique des cookies": nameField, "definizione tecnica dei cookie": nameField, "definicion tecnica de las cookies": nameField, "technische cookiedefinitie": nameField, "cookies used": nameField, "technical name": nameField, "cookies utilises": nameField, "cookies utilizadas": nameField, "verwendete cookies": nameField, "cookie key": nameField, "cookie id": nameField,
	"last seen": ignoredField, "last seen date": ignoredField, "is secure": ignoredField, "is http only": ignoredField, "about this cookie": purposeField,
	"cookie info": purposeField, "cookie information": purposeField, "data collected": purposeField, "what it does": purposeField, "more information": ignoredField, "mas informacion": ignoredField, "weitere informationen": ignoredField, "meer informatie": ignoredField, "lisatietoja": ignoredField, "plus d'informations": ignoredField, "en savoir plus": ignoredField, "ulteriori informazioni": ignoredField, "wiecej informacji": ignoredField, "mer information": ignoredField, "more info": ignoredField,
	"cookie type": typeField, "type of cookie": typeField, "type de cookie": typeField, "cookietyp": typeField, "cookie-typ": typeField, "tipo de cookie": typeField, "tipo di cookie": typeField, "soort cookie": typeField, "type cookie": typeField,
	"category of cookies": categoryField, "types of cookies": categoryField, "type of cookies": categoryField, "tipos de cookies": categoryField,
	"first party or third party": typeField, "first or third party": typeField, "third party": providerField, "terza parte": providerField, "derde partij": providerField, "tredjepart": providerField, "1st or 3rd party": typeField, "party": typeField, "first/third party": typeField,
	"provider/domain": providerField, "funktionsweise": purposeField, "data use": purposeField,
	"maximale storage duration": lifetimeField, "maximum storage duration": lifetimeField, "maximum storage": lifetimeField,
	"lagring": lifetimeField, "site(s) concerne(s)": ignoredField, "applies to": ignoredField,
}

// labelQuestions begin headings that ask ("Who sets it?", "How long is it
// kept?").
var labelQuestions = questionsByLetter([]labelQuestion{
	{"who ", providerField},
	{"wer ", providerField},
	{"qui ", providerField},
	{"quien ", providerField},
	{"chi ", providerField},
	{"quem ", providerField},
	{"kto ", providerField},
	{"kdo ", providerField},
	{"how long", lifetimeField},
	{"kept ", lifetimeField},
	{"lasts ", lifetimeField},
	{"wie lang", lifetimeField},
	{"hoe lang", lifetimeField},
	{"combien de temps", lifetimeField},
	{"cuanto ", lifetimeField},
	{"quanto ", lifetimeField},
	{"per quanto", lifetimeField},
	{"por quanto", lifetimeField},
	{"jak dlugo", lifetimeField},
	{"jak dlouho", lifetimeField},
	{"hur lange", lifetimeField},
	{"hvor lenge", lifetimeField},
	{"hvor laenge", lifetimeField},
	{"kuinka kauan", lifetimeField},
	{"meddig", lifetimeField},
	{"what for", purposeField},
	{"what it", purposeField},
	{"what does it", purposeField},
	{"when does it", lifetimeField},
	{"is it ", ignoredField},
	{"why ", purposeField},
	{"wozu", purposeField},
	{"wofur", purposeField},
	{"a quoi", purposeField},
	{"pourquoi", purposeField},
	{"para que", purposeField},
	{"a cosa", purposeField},
	{"perche", purposeField},
	{"waarvoor", purposeField},
	{"waarom", purposeField},
	{"do czego", purposeField},
	{"po co", purposeField},
	{"k cemu", purposeField},
	{"varfor", purposeField},
	{"hvorfor", purposeField},
})

type labelQuestion struct {
	begins string
	kind   fieldKind
}

func questionsByLetter(list []labelQuestion) (out [256][]labelQuestion) {
	for _, q := range list {
		out[q.begins[0]] = append(out[q.begins[0]], q)
	}
	return out
}

// labelText folds a label and takes off its numbering, colon and brackets.
func labelText(text string) string {
	if len(text) > 200 {
		return ""
	}
	folded := fold(text)
	if i := strings.IndexByte(folded, '('); i > 2 && strings.HasSuffix(strings.TrimRight(folded, ": "), ")") {
		folded = folded[:i]
	}
	folded = strings.Trim(folded, " :*.|-_#\"'`?")
	return strings.ReplaceAll(strings.ReplaceAll(folded, "_", " "), " / ", "/")
}

// labelKind reads a text that may be the label of a block or a line. It is
// strict: every word must belong to a label.
func labelKind(text string) fieldKind {
	if len(text) > 60 || strings.Count(text, " ") > 8 {
		return noField
	}
	if left, value, found := strings.Cut(text, ": "); found && strings.TrimSpace(value) != "" && wordsKind(left) != noField {
		return noField // a label and its value
	}
	kind := wordsKind(text)
	if kind == noField || innerCapital(text) || strengthOf(strings.Trim(text, " :")) == strongName {
		return noField
	}
	return kind
}

// wordsKind is the kind that the words of a label give it.
func wordsKind(text string) fieldKind {
	folded := labelText(text)
	if kind, ok := labelPhrases[folded]; ok {
		return kind
	}
	if kind := questionKind(folded); kind != noField {
		return kind
	}
	ws := words(folded)
	if len(ws) == 0 || len(ws) > 5 {
		return noField
	}
	used := cookiesUsed(ws)
	if !used && !allLabelWords(ws) || namesClass(ws) {
		return noField
	}
	if used {
		return nameField
	}
	return foldedKind(folded)
}

// cookiesUsed reports whether words say that cookies are used, set or stored, and
// nothing else ("Cookie utilizzati", "Gesetzte Cookies", "Używane pliki cookie").
func cookiesUsed(ws []string) bool {
	cookies, used := 0, 0
	for _, w := range ws {
		switch {
		case isCookieWord(w):
			cookies++
		case len(w) > 3 && isUse(w):
			used++
		case !fileStems.begin(w):
			return false
		}
	}
	return cookies == 1 && used == 1
}

// questionKind is the kind of a label that asks.
func questionKind(folded string) fieldKind {
	if folded == "" || len(folded) >= 40 {
		return noField
	}
	for _, q := range labelQuestions[folded[0]] {
		if core := strings.TrimSuffix(q.begins, " "); strings.HasPrefix(folded, core) && (core == q.begins || len(folded) == len(core) || folded[len(core)] == ' ') {
			return q.kind
		}
	}
	return noField
}

// foreignLabel reports whether a line begins as a label does, whatever its words
// mean: one or two words, the first with a capital, before a colon.
func foreignLabel(line string) bool {
	head, _, found := strings.Cut(clip(line, 60), ": ")
	if !found || head == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(head)
	return unicode.IsUpper(first) && strings.Count(head, " ") <= 1 && !strings.ContainsAny(head, ".,;()")
}

// innerCapital reports whether a text is one word with a capital behind a small
// letter, as names of cookies have and labels do not ("CookieConsent").
func innerCapital(text string) bool {
	text = strings.Trim(text, " :*")
	if strings.ContainsAny(text, " /-") {
		return false
	}
	for i := 1; i < len(text); i++ {
		if text[i] >= 'A' && text[i] <= 'Z' && text[i-1] >= 'a' && text[i-1] <= 'z' {
			return true
		}
	}
	return false
}

// namesClass reports whether the words are the name of a purpose class, which
// is close to a label in some languages ("funktionelle").
func namesClass(ws []string) bool {
	classes := 0
	for _, w := range ws {
		if wordClass(w) != "" {
			classes++
		} else if !isClassFiller(w) {
			return false
		}
	}
	return classes > 0
}

func allLabelWords(ws []string) bool {
	for _, w := range ws {
		if !isLabelWord(w) {
			return false
		}
	}
	return true
}

// isLabelWord reports whether a word may stand in a label of one line.
func isLabelWord(word string) bool {
	switch word {
	case "of", "the", "de", "del", "della", "dei", "di", "la", "le", "el", "il", "lo", "du", "des", "der", "die", "das", "van", "het", "pliku", "plikow", "plik", "do", "da", "dos", "s", "d", "l", "av", "for", "max", "maximum", "maximale", "maximal", "and", "und", "et", "y", "e", "en", "i", "our", "full", "by", "door", "von", "durch", "par", "por", "af", "przez", "od", "fra", "on", "is", "id", "file", "arquivo", "soubor", "souboru", "suborov", "time", "date", "datum", "fecha", "data", "web", "vie", "vita", "vida", "trwania", "long", "how", "in", "more", "default", "typical", "standard", "normal", "του", "της", "των", "на", "за", "si":
		return true
	}
	return labelGroup(word) < len(labelStems)
}

// isHeaderRow reports whether a row's cells are labels: the row is marked as a
// heading, or at least two cells and half of them read as labels.
func isHeaderRow(r row) bool {
	labels, filled := 0, 0
	for _, c := range r.cells {
		if c.text == "" || c.merged {
			continue
		}
		filled++
		if labelKind(c.text) != noField || columnKind(c.text) != noField && len(words(fold(c.text))) <= 5 && strengthOf(c.text) < likelyName {
			labels++
		}
	}
	if r.header {
		return filled > 0
	}
	return labels >= 2 && labels*2 > filled
}

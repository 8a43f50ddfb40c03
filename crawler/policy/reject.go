package policy

import (
	"slices"
	"strings"
)

// declares reports whether a table with a column of names declares cookies.
// Policies hold tables of many other things with a column headed "name".
func declares(c columns, profiles []profile, body []row, path []entry) bool {
	p := profiles[c.name]
	named := p.share(p.strong) + p.share(p.likely) + p.share(p.weak)
	identifiers := p.share(p.strong) + p.share(p.likely)
	label := labelText(c.labels[c.name])
	if named < 0.34 || containsAny(" "+label+" ", " parameter", " url ", " sdk", " app ") {
		return false
	}
	if p.share(p.class) >= 0.5 && p.strong == 0 && !(mentionsCookies(label) && columnKind(label) == nameField && c.holds(lifetimeField, profiles) && plainWords(c, body)) {
		return false // definitions of categories
	}
	if label != "" && columnKind(c.labels[c.name]) != nameField && !c.speakOfCookies() && !nearCookies(path) && !c.classed(profiles) && !c.stores(profiles) {
		return false // identifiers under another heading: fields of a form, permissions
	}
	if c.mailed(profiles) || c.typed(body) || c.priced() || identifiers == 0 && !mentionsCookies(label) && c.lawful() {
		return false // people, parameters of a call, goods, what is kept of persons
	}
	if kindsOnly(c, body) || tellsOfRecords(c.labels[c.name], path) && !c.stores(profiles) {
		return false
	}
	if tellsOfSoftware(label) && p.share(p.strong) < 0.3 {
		return false
	}
	if c.located() && !c.holds(lifetimeField, profiles) && !c.speakOfCookies() && !nearCookies(path) {
		return false // companies and where they are
	}
	if identifiers < 0.3 && (vendors(c, body) || addressed(c, profiles)) {
		return false
	}
	if identifiers < 0.1 && c.holdsRival(profiles) {
		return false // the plain words name what the other column numbers
	}
	if p.share(p.strong) >= 0.3 {
		// Identifiers of which nothing is said that only storage has need a heading
		// that does.
		return len(path) == 0 || c.speakOfCookies() || nearCookies(path) || classAbove(path) || c.holds(lifetimeField, profiles) || c.holds(hostField, profiles) || c.holds(categoryField, profiles) || c.stores(profiles)
	}
	if mentionsCookies(label) && named >= 0.5 {
		return true
	}
	if identifiers == 0 && !nearCookies(path) && !c.speakOfCookies() && !c.classed(profiles) && !c.stores(profiles) && !(underClass(path) && c.holds(lifetimeField, profiles)) {
		return false // plain words on a page about something else
	}
	return c.kinds[c.name] == nameField && (c.holds(lifetimeField, profiles) || c.holds(hostField, profiles) || identifiers >= 0.5 || nearCookies(path))
}

// plainWords reports whether the names are single words in small letters, as
// headings of categories are not.
func plainWords(c columns, body []row) bool {
	for _, r := range body[:min(len(body), sampled)] {
		if c.name < len(r.cells) && (strings.Contains(r.cells[c.name].text, " ") || strings.ToLower(r.cells[c.name].text) != r.cells[c.name].text) {
			return false
		}
	}
	return true
}

// speakOfCookies reports whether a heading of a column has the word for cookies
// or for a storage.
func (c columns) speakOfCookies() bool {
	for _, label := range c.labels {
		if mentionsCookies(label) || storageOf(label) != "" {
			return true
		}
	}
	return false
}

// kindsOnly reports whether most names are words for a kind of cookie
// ("Sessiecookies").
func kindsOnly(c columns, body []row) bool {
	kinds, all := 0, 0
	for _, r := range body[:min(len(body), sampled)] {
		if c.name >= len(r.cells) || r.cells[c.name].text == "" {
			continue
		}
		all++
		text := fold(r.cells[c.name].text)
		if strengthOf(text) < likelyName && (strings.HasSuffix(text, "cookies") || strings.HasSuffix(text, "kakor") || strings.HasSuffix(text, "evasteet")) {
			kinds++
		}
	}
	return all > 0 && kinds*2 > all
}

// tellsOfRecords reports whether a heading says that a column holds fields of
// a log or a database, or the numbers of goods.
func tellsOfRecords(label string, path []entry) bool {
	if mentionsCookies(label) {
		return false
	}
	if wordsBegin(label, []string{"field", "feld", "champ", "campo", "veld", "column", "spalte", "colonne", "table", "header", "attribut", "article", "artikel", "product", "produkt", "sku", "item", "event", "ereignis", "setting", "einstellung", "option", "property", "permission"}) {
		return true
	}
	return len(path) > 0 && !mentionsCookies(path[len(path)-1].text) &&
		!containsAny(fold(path[len(path)-1].text), "log-in", "log in", "login") &&
		wordsBegin(path[len(path)-1].text, []string{"api", "endpoint", "parameter", "token", "log", "logs", "logfile", "logfiles", "protokolldat", "journaux", "database", "datenbank", "fields", "felder", "champs", "velden", "campos", "campi"})
}

// wordsBegin reports whether a word of a text begins with one of the stems.
func wordsBegin(text string, stems []string) bool {
	for w := range wordSeq(fold(text)) {
		if hasAnyPrefix(w, stems) {
			return true
		}
	}
	return false
}

// holdsRival reports whether another column holds what looks much more like
// names.
func (c columns) holdsRival(profiles []profile) bool {
	for j, p := range profiles {
		if j != c.name && p.share(p.strong) >= 0.5 && p.filled >= profiles[c.name].filled {
			return true
		}
	}
	return false
}

func tellsOfSoftware(label string) bool {
	for _, w := range words(label) {
		if hasAnyPrefix(w, []string{"tracker", "traceur", "tool", "sdk", "plugin", "software", "outil", "rastreador", "app"}) {
			return true
		}
	}
	return false
}

// vendors reports whether most rows name the same thing in the name column as
// in the provider's.
func vendors(c columns, body []row) bool {
	same, all := 0, 0
	for _, r := range body {
		if c.name >= len(r.cells) || r.cells[c.name].text == "" {
			continue
		}
		all++
		name := fold(r.cells[c.name].text)
		for j, cell := range r.cells {
			if j == c.name || j >= len(c.kinds) || c.kinds[j] != providerField || cell.text == "" {
				continue
			}
			if other := fold(cell.text); strings.Contains(other, name) || strings.Contains(name, other) {
				same++
				break
			}
		}
	}
	return all > 0 && same*2 > all
}

// addressed reports whether another column holds addresses of pages and
// nothing says how long the named things live.
func addressed(c columns, profiles []profile) bool {
	for j, p := range profiles {
		if j != c.name && p.filled > 0 && p.share(p.address) > 0.6 {
			return !c.holds(lifetimeField, profiles)
		}
	}
	return false
}

// holds reports whether a column of the kind has cells that bear it out.
func (c columns) holds(kind fieldKind, profiles []profile) bool {
	for j, k := range c.kinds {
		if k != kind {
			continue
		}
		p := profiles[j]
		if kind == lifetimeField && p.share(p.lifetime) > 0.3 || kind == hostField && p.share(p.host) > 0.3 || kind == categoryField && p.share(p.class) > 0.3 {
			return true
		}
	}
	return false
}

// nearCookies reports whether a heading above speaks of cookies.
func nearCookies(path []entry) bool {
	for _, e := range path {
		if e.cookies || e.storage != "" {
			return true
		}
	}
	return false
}

// classAbove reports whether a heading above names a purpose class, if only in the
// name of a product ("Google Analytics").
func classAbove(path []entry) bool {
	return slices.ContainsFunc(path, func(e entry) bool { return e.class.found })
}

// underClass reports whether a heading above is that of a purpose class.
func underClass(path []entry) bool {
	return slices.ContainsFunc(path, func(e entry) bool { return e.class.found && !e.class.weak })
}

// mailed reports whether another column holds addresses of e-mail, and none of
// the names is one for sure.
func (c columns) mailed(profiles []profile) bool {
	for j, p := range profiles {
		if j != c.name && p.share(p.mail) >= 0.3 && profiles[c.name].strong == 0 {
			return true
		}
	}
	return false
}

// located reports whether a heading of a column is that of a country.
func (c columns) located() bool {
	for _, label := range c.labels {
		for _, w := range words(fold(label)) {
			switch w {
			case "country", "countries", "land", "lander", "pays", "pais", "paises", "paese", "paesi", "kraj", "maa", "zeme", "orszag", "tara", "χωρα", "държава", "location", "standort":
				return true
			}
		}
	}
	return false
}

// typed reports whether another column holds the types of a programming
// language.
func (c columns) typed(body []row) bool {
	for j := range c.kinds {
		types, all := 0, 0
		for _, r := range body[:min(len(body), sampled)] {
			if j == c.name || j >= len(r.cells) || r.cells[j].text == "" {
				continue
			}
			all++
			switch fold(r.cells[j].text) {
			case "string", "integer", "int", "number", "boolean", "bool", "object", "array", "float", "uuid", "varchar", "text", "date", "datetime", "timestamp":
				types++
			}
		}
		if types*2 > all {
			return true
		}
	}
	return false
}

// lawful reports whether a heading of a column asks for the legal basis, as that
// of a table of personal data does.
func (c columns) lawful() bool {
	for _, label := range c.labels {
		if containsAny(fold(label), "rechtsgrund", "legal basis", "legal ground", "lawful basis", "base legale", "base juridique", "base legal", "base juridica", "base giuridica", "rechtsgrond", "wettelijke", "podstawa prawna", "rattslig grund", "retsgrundlag", "rettslig grunnlag", "oikeusperuste", "jogalap", "pravni zaklad", "pravny zaklad", "temei") {
			return true
		}
	}
	return false
}

// stores reports whether a column says where in the browser something is stored.
func (c columns) stores(profiles []profile) bool {
	for j, p := range profiles {
		if c.kinds[j] == storageField && p.share(p.storage) >= 0.6 {
			return true
		}
	}
	return false
}

// classed reports whether the rows have lifetimes and purpose classes, which
// together say enough under any heading.
func (c columns) classed(profiles []profile) bool {
	for j, p := range profiles {
		if c.kinds[j] == categoryField && p.share(p.class) >= 0.6 {
			return c.holds(lifetimeField, profiles)
		}
	}
	return false
}

// priced reports whether a heading of a column is that of a price.
func (c columns) priced() bool {
	for _, label := range c.labels {
		if wordsBegin(label, []string{"price", "preis", "prix", "precio", "prezzo", "prijs", "cena", "preco"}) {
			return true
		}
	}
	return false
}

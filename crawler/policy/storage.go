package policy

import (
	"strings"

	"cookieaudit/crawler/evidence"
)

// storageOf reads a storage kind from a short text; "" where it names none.
// Generated declarations write "HTML" for local storage and "HTTP" for cookies.
func storageOf(text string) evidence.StorageKind {
	if len(text) > 80 {
		return ""
	}
	if strings.Contains(text, ".") { // a host may be called after a storage it offers
		_, text = hostsIn(text)
	}
	if first, _, more := strings.Cut(text, "/"); more && storageOf(first) == evidence.KindCookie {
		return evidence.KindCookie // "Cookie / local storage": the first that is named
	}
	folded := strings.Join(words(fold(text)), " ")
	switch {
	case containsAny(folded, "session storage", "sessionstorage", "sitzungsspeicher"):
		return evidence.KindSessionStorage
	case containsAny(folded, "local storage", "localstorage", "lokaler speicher", "lokale opslag", "almacenamiento local", "stockage local", "archiviazione locale", "armazenamento local", "html5", "html local", "pamiec lokalna", "paikallinen tallennus", "lokal lagring", "helyi tarhely", "mistni uloziste", "web storage"):
		return evidence.KindLocalStorage
	case containsAny(folded, "indexeddb", "indexed db"):
		return evidence.KindIndexedDB
	case containsAny(folded, "pixel", "beacon", "zahlpixel"):
		return evidence.KindPixel
	case containsAny(folded, "flash", "lso"):
		return evidence.KindOther
	}
	if kind := storageByWords(folded); kind != "" {
		return kind
	}
	switch folded {
	case "web": // as the device storage disclosures of the TCF have it
		return evidence.KindLocalStorage
	case "ls":
		return evidence.KindLocalStorage
	case "ss":
		return evidence.KindSessionStorage
	case "html", "idb":
		if folded == "idb" {
			return evidence.KindIndexedDB
		}
		return evidence.KindLocalStorage
	case "http", "https", "http cookie", "cookie", "cookies", "server cookie", "browser cookie", "web cookie", "http cookies", "script cookie", "javascript cookie":
		return evidence.KindCookie
	}
	return ""
}

// storageByWords reads "HTML helyi tároló" and "stockage de session": the word
// for a store beside the one for local or for a session.
func storageByWords(folded string) evidence.StorageKind {
	store, local, session := false, strings.HasPrefix(folded, "html "), false
	for w := range strings.SplitSeq(folded, " ") {
		store = store || storeStems.begin(w)
		local = local || localStems.begin(w)
		session = session || isSessionWord(w)
	}
	switch {
	case store && session:
		return evidence.KindSessionStorage
	case store && local:
		return evidence.KindLocalStorage
	}
	return ""
}

// storeStems begin the word for a place to store in, localStems that for local.
var (
	storeStems = stemsOf("storage", "speicher", "lokalspeicher", "opslag", "almacen", "stockage", "archiviaz", "armazen", "pamiec", "magazyn", "tallennu", "lagring", "lager", "tarolo", "tarhely", "uloziste", "ulozisk", "shramb", "pohran", "stocare", "saugykl", "kratuv", "salvestu", "hoidl", "spremist", "depola", "geyms", "αποθηκευ", "съхран", "хранилищ", "сховищ", "складир")
	localStems = stemsOf("local", "lokal", "locale", "helyi", "mistni", "miestn", "yerel", "paikalli", "vieti", "kohali", "локал", "τοπικ")
)

// storedIn reads a purpose text that says where the item of a name is stored.
func storedIn(text, name string) evidence.StorageKind {
	if m := bracketAtEnd(clip(text, 1000)); m != nil {
		if kind := storageOf(m[2]); kind != "" {
			return kind // "Keeps your choice (local storage)"
		}
	}
	folded := fold(clip(text, 1000))
	if name != "" {
		folded = strings.ReplaceAll(folded, fold(name), "")
	}
	ws := words(folded)
	for i, w := range ws {
		if !goesBeforePlace(w) {
			continue
		}
		for j := i + 1; j < min(len(ws), i+6) && !mentionsCookies(ws[j]); j++ {
			if strings.HasSuffix(ws[j], "storage") {
				if kind := storageOf(strings.Join(ws[i+1:j+1], " ")); kind != "" {
					return kind
				}
			}
			if j+1 < len(ws) && (storeStems.begin(ws[j]) && localStems.begin(ws[j+1]) || localStems.begin(ws[j]) && storeStems.begin(ws[j+1])) {
				return evidence.KindLocalStorage // "im lokalen Speicher", "dans le stockage local"
			}
		}
	}
	return ""
}

// keyStems begin the word for a key, which storages have and cookies have not.
var keyStems = []string{"key", "schlussel", "cle", "clave", "chiave", "chave", "sleutel", "klucz", "nyckel", "nogle", "nokkel", "avain", "kulcs", "klic", "kluc", "ključ", "ключ"}

// isKeyLabel reports whether a label of names speaks of keys.
func isKeyLabel(label string) bool {
	return !mentionsCookies(label) && wordsBegin(label, keyStems)
}

// goesBeforePlace reports whether a word may stand before the place in which
// something is kept: "in your browser's local storage".
func goesBeforePlace(word string) bool {
	switch word {
	case "in", "im", "dans", "en", "nel", "w", "no", "na", "i", "v":
		return true
	}
	return false
}

// sectionStorage is the storage kind that a heading gives to what stands below
// it. A heading that names cookies too says nothing.
func sectionStorage(path []entry) evidence.StorageKind {
	for i := len(path) - 1; i >= 0; i-- {
		kind := path[i].storage
		if kind == evidence.KindPixel && namesPixel(path[i].text) {
			kind = ""
		}
		if kind == "" {
			if path[i].cookies {
				return ""
			}
			continue
		}
		if kind != evidence.KindCookie && path[i].cookies {
			return ""
		}
		return kind
	}
	return ""
}

// namesPixel reports whether a text is the name of a service, such as "Meta
// Pixel", rather than a kind of storage.
func namesPixel(text string) bool {
	return startsUpper(text) && len(strings.Fields(text)) > 1 && !strings.HasSuffix(fold(text), "s") && !wordsBegin(text, []string{"tracking", "web", "html", "image", "tracker", "zahl"})
}

// mentionsCookies reports whether a text has the word for cookies.
func mentionsCookies(text string) bool {
	for w := range wordSeq(fold(text)) {
		if cookieStems.begin(w) || strings.HasSuffix(w, "cookies") || strings.HasSuffix(w, "cookie") {
			return true
		}
	}
	return false
}

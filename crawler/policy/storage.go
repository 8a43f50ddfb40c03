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
	switch folded {
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

// sectionStorage is the storage kind that a heading gives to what stands below
// it. A heading that names cookies too says nothing.
func sectionStorage(path []entry) evidence.StorageKind {
	for i := len(path) - 1; i >= 0; i-- {
		kind := storageOf(path[i].text)
		if kind == "" {
			if mentionsCookies(path[i].text) {
				return ""
			}
			continue
		}
		if kind != evidence.KindCookie && mentionsCookies(path[i].text) {
			return ""
		}
		return kind
	}
	return ""
}

// mentionsCookies reports whether a text has the word for cookies.
func mentionsCookies(text string) bool {
	for _, w := range words(fold(text)) {
		if hasAnyPrefix(w, cookieStems) || strings.HasSuffix(w, "cookies") || strings.HasSuffix(w, "cookie") {
			return true
		}
	}
	return false
}

package policy

// aboutCookies reports whether a document may be about cookies. One that is not
// has a title or headings, none of them speaks of cookies or of privacy, and its
// text has the word for cookies once at most, in its foot.
func aboutCookies(s structure) bool {
	titled, mentions := s.title != "", 0
	if namesTopic(s.title) {
		return true
	}
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.kind == heading {
			titled = true
			if namesTopic(b.text) {
				return true
			}
		}
		if b.table == nil && hasCookieWord(b.text) {
			if mentions++; mentions > 1 {
				return true
			}
		}
	}
	return !titled
}

// namesTopic reports whether a title is that of a page on cookies or on privacy.
func namesTopic(title string) bool {
	if title == "" {
		return false
	}
	e := newEntry(0, title)
	return nearCookies([]entry{e}) || underClass([]entry{e}) || topicStems.hold(words(fold(e.text)))
}

// topicStems begin the words for privacy, tracking and consent.
var topicStems = stemsOf("privac", "prive", "privat", "tracking", "trackers", "consent", "gdpr", "rgpd", "dsgvo", "datenschutz", "confidential", "traceur", "consentement", "proteccion", "consentimiento", "riservatezza", "traccia", "consenso", "gegevensbescherming", "toestemming", "prywatn", "protecao", "integritet", "samtyck", "personvern", "persondata", "samtykke", "tietosuoja", "adatvedel", "adatkezel", "soukrom", "ochran", "sukrom", "confidentialit", "поверителн", "απορρητ", "личн", "конфиденц", "приватн", "gizlilik", "privaatsus", "privatum", "zasebnost", "プライバシー", "隐私", "隱私", "개인정보", "الخصوصية", "פרטיות")

// ofStorage reports whether a record itself says that it is about what a browser
// stores.
func (r *record) ofStorage() bool {
	if nearCookies(r.path) || underClass(r.path) || mentionsCookies(r.quote) || r.intro.found {
		return true
	}
	for _, f := range r.fields {
		if mentionsCookies(f.label) || f.kind == hostField && hostOf(f.text) != "" || f.kind == storageField && storageOf(f.text) != "" || f.kind == categoryField && labelClass(f.text).found {
			return true
		}
	}
	return false
}

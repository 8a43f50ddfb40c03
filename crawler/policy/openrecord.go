package policy

import (
	"regexp"
	"strings"
	"unicode"
)

// An openRecord is a block about one cookie, or several, that is still being
// read.
type openRecord struct {
	record
	level   int       // of the heading that is the name, else 0
	waiting fieldKind // the label whose value comes next
	label   string
	marked  bool // the names were set as code or emphasised
	coded   bool // the names were set as code
	stated  bool // a label called them names
	// nameLabel is that label.
	nameLabel string
	// leading is the label that stood before the name, in front of the record.
	leading string
	item    int  // the depth of the list item that it is, or 0
	labels  int  // how many other labels the block has, filled or not
	bare    bool // the names stood alone in their block
	listed  bool // others of the list are surely names
}

// convinces reports whether a block in running text declares cookies: the
// weaker the look of its names, the more must speak for it.
func (o *openRecord) convinces() bool {
	best := notName
	for _, ref := range o.names {
		best = max(best, strengthOf(ref.name))
	}
	evidence := 0
	for _, kind := range []fieldKind{lifetimeField, hostField, providerField, categoryField, typeField, storageField} {
		if o.has(kind) {
			evidence++
		}
	}
	lives := o.has(lifetimeField)
	if o.has(purposeField) && o.text(purposeField) != "" {
		evidence++
		if !lives && best < strongName && lifetimeClause(o.text(purposeField)) != "" {
			lives = true
			evidence++
		}
	}
	for _, ref := range o.names {
		if ref.lives() {
			evidence += 2
		} else if ref.note != "" && hostOf(ref.note) != "" {
			evidence++
		}
	}
	near := nearCookies(o.path) || mentionsCookies(o.quote) || mentionsCookies(o.text(purposeField))
	if len(o.path) > 0 && tellsOfRecords("", o.path) {
		return false
	}
	if speaksOfParameters(o.quote) || len(o.path) > 0 && leadsParameters(o.path[len(o.path)-1].text) {
		return false
	}
	switch {
	case o.labels >= 3 && best >= likelyName && lives && (o.has(categoryField) || o.has(typeField)):
		return true // labels say all of it
	case o.stated:
		return evidence+o.labels >= 1 || best == strongName
	case best == strongName && cutWord(o.quote) && !o.listed:
		return evidence > 0
	case best == strongName && evidence == 1 && o.text(purposeField) != "" && !near && !o.headed():
		return false // a setting, and what it is
	case best == strongName:
		return evidence > 0 || near && nearest(o.path) || mentionsCookies(o.quote)
	case o.coded && near && (evidence > 0 || nearest(o.path)):
		return true
	case best == likelyName && brandLike(o.names[0].name):
		return near && (lives || evidence > 1)
	case best == likelyName:
		return (near || o.listed || o.headed()) && evidence > 0 && (o.marked || o.listed || evidence > 1 || lives)
	}
	return (near && o.listed || o.headed() || mentionsCookies(o.quote)) && o.plausible(lives) && (o.listed || o.marked && (lives || evidence > 1) || evidence > 2)
}

// cutWord reports whether a text is a plain word with dots behind it
// ("Loading…").
func cutWord(text string) bool {
	word := strings.TrimRight(text, ".…")
	return word != text && strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// plausible reports whether a plain word may be the name of a cookie: few begin
// with a capital, and what stands below "personal data" is no cookie.
func (o *openRecord) plausible(lives bool) bool {
	if o.names[0].name[0] >= 'A' && o.names[0].name[0] <= 'Z' && !(o.listed && lives && nearest(o.path)) {
		return false
	}
	return len(o.path) == 0 || !speaksOfPersonalData(o.path[len(o.path)-1].text)
}

// headed reports whether a heading right above speaks of cookies or is the name
// of a class and nothing else.
func (o *openRecord) headed() bool {
	for i := len(o.path) - 1; i >= 0; i-- {
		if e := o.path[i]; e.class.found && !e.class.weak || nearCookies(o.path[i:i+1]) {
			return true
		}
		if o.path[i].level < softLevel {
			break
		}
	}
	return false
}

// nearest reports whether the nearest heading speaks of cookies or names a
// class; a paragraph that stands as one leaves it to the one above.
func nearest(path []entry) bool {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i].class.found || nearCookies(path[i:i+1]) {
			return true
		}
		if path[i].level < softLevel {
			return false
		}
	}
	return false
}

// brandLike reports whether a name is spelled as products are: a capital first
// and small letters behind it ("PostHog").
func brandLike(name string) bool {
	upper, lower := false, false
	for i, r := range name {
		upper = upper || i == 0 && unicode.IsUpper(r)
		lower = lower || unicode.IsLower(r)
	}
	return upper && lower
}

// speaksOfParameters reports whether a text is about parameters of addresses.
func speaksOfParameters(text string) bool {
	folded := fold(text)
	return containsAny(folded, " url-", " url ", "url param", "parameter", "parametre", "parametro", "query string") && !mentionsCookies(folded)
}

// leadsParameters reports whether the sentence before a list is about
// parameters of addresses.
func leadsParameters(heading string) bool {
	all := sentences(heading)
	return len(all) > 0 && speaksOfParameters(all[len(all)-1])
}

// lastBracket is a bracket that ends a text.
var lastBracket = regexp.MustCompile(`^([^()]*)\(([^()]*)\)[. ]*$`)

// bracketAtEnd matches a text with lastBracket, if its end lets it.
func bracketAtEnd(text string) []string {
	if !strings.HasSuffix(strings.TrimRight(text, ". "), ")") {
		return nil
	}
	return lastBracket.FindStringSubmatch(text)
}

// row takes the text behind a name. Parts with arrows, pipes or tabs between
// them are cells; else all of it is the purpose.
func (o *openRecord) row(text string) {
	var parts []string
	for _, mark := range []string{" -> ", " → ", " | ", " => ", "\t", " ; "} {
		if parts = strings.Split(text, mark); len(parts) > 1 {
			break
		}
	}
	if len(parts) < 2 {
		parts = dashedCells(text)
	}
	if len(parts) < 2 {
		text = strings.TrimRight(text, ";, ")
		if m := bracketAtEnd(text); m != nil && o.bracket(m[2]) {
			if host := hostOf(strings.TrimSpace(m[1])); host != "" {
				o.add(hostField, "", host)
				return
			}
			o.add(purposeField, "", m[1])
			return
		}
		if core := strings.TrimRight(text, ". "); lifetimeOnly(core) && !strings.Contains(core, ". ") {
			o.add(lifetimeField, "", core)
			if sentenceClass(core).found {
				o.add(purposeField, "", core)
			}
			return
		}
		if at := strings.LastIndexAny(text, ",;"); at > 0 && lifetimeOnly(strings.TrimRight(text[at+1:], ". ")) {
			o.add(lifetimeField, "", strings.TrimRight(text[at+1:], ". "))
			text = text[:at]
		}
		if hostOf(strings.TrimRight(text, ". ")) != "" {
			o.add(hostField, "", strings.TrimRight(text, ". "))
			return
		}
		o.add(purposeField, "", text)
		return
	}
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if first, rest, found := strings.Cut(part, ", "); found && hostOf(first) != "" {
			o.add(hostField, "", first)
			part = rest
		}
		core := strings.TrimRight(part, ". ")
		switch {
		case lifetimeOnly(core):
			o.add(lifetimeField, "", core)
		case hostOf(core) != "":
			o.add(hostField, "", core)
		case labelClass(core).found && len(strings.Fields(core)) <= 4:
			o.add(categoryField, "", core)
		case !o.has(providerField) && len(strings.Fields(core)) <= 3 && startsUpper(core):
			o.add(providerField, "", core)
		default:
			o.add(purposeField, "", part)
		}
	}
}

// bracket takes the bracket behind a text where it has a lifetime, with or without
// a class, and nothing else ("(1 year, functional)").
func (o *openRecord) bracket(text string) bool {
	var found []field
	lives := false
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' }) {
		part = strings.TrimSpace(part)
		switch {
		case wholeClass(part).found:
			found = append(found, field{categoryField, "", part})
		case lifetimeOnly(part):
			found, lives = append(found, field{lifetimeField, "", part}), true
		default:
			return false
		}
	}
	if lives {
		o.fields = append(o.fields, found...)
	}
	return lives
}

// dashedCells splits a text at dashes where one of its parts is a lifetime and
// nothing else: a dash alone may stand in any sentence.
func dashedCells(text string) []string {
	for _, mark := range []string{" – ", " — ", " - "} {
		parts := strings.Split(text, mark)
		if len(parts) < 2 {
			continue
		}
		for _, part := range parts {
			if lifetimeOnly(strings.Trim(part, ". ")) {
				return parts
			}
		}
	}
	return nil
}

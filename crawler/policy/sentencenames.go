package policy

import "strings"

// sentenceNames reads sentences that list names of cookies.
func (g *gatherer) sentenceNames(b *block) bool {
	if !mayList(b.text, b.code) {
		return false
	}
	if g.open != nil && (g.open.level > 0 || g.open.bare) {
		return false // the text of a block that has its name
	}
	near, about := nearest(g.outline.entries), nearCookies(g.outline.entries)
	found := false
	var before classified // of the sentence before
	for _, sentence := range sentences(b.text) {
		refs := begun(sentence, listedNames(sentence, b.code, near || about && firstLength(sentence) != ""))
		own := sentenceClass(sentence)
		if !own.found && refersBack(sentence) {
			own = before // "We use Google Analytics. It sets …"
		}
		before = own
		if len(refs) > 0 && deniesNames(sentence, refs[0].name) {
			continue
		}
		if len(refs) > 0 && !found {
			found = true
			g.close()
			g.introduce(b.text)
		}
		switch {
		case len(refs) > 0:
			at := *b
			at.text, at.label = sentence, nil
			stated := len(calledNames(sentence)) > 0
			for _, part := range lifePerName(sentence, refs) {
				g.start(&at, part.refs)
				g.open.stated = stated
				if own.found {
					g.open.intro = own
				}
				g.open.add(lifetimeField, "", part.life)
				g.open.add(providerField, "", ownerBehind(sentence, part.refs))
				g.open.add(hostField, "", hostNear(sentence, part.refs))
				g.open.add(purposeField, "", sentence)
			}
		case found && g.open != nil && refersBack(sentence):
			g.open.add(purposeField, "", sentence)
		}
	}
	if found {
		g.close()
	}
	return found
}

// begun makes patterns of the names that a sentence only begins ("a cookie whose
// name begins with “_shibsession_”").
func begun(sentence string, refs []nameRef) []nameRef {
	for i, ref := range refs {
		before, _, found := strings.Cut(sentence, ref.name)
		ws := words(fold(clipFront(before, 60)))
		for _, w := range ws[max(0, len(ws)-3):] {
			if found && beginStems.begin(w) && !strings.HasSuffix(ref.name, "*") {
				refs[i].name += "*"
				break
			}
		}
	}
	return refs
}

// beginStems begin the words for beginning and for a prefix.
var beginStems = stemsOf("begin", "start", "prefix", "anfang", "commenc", "comienz", "empiez", "inizia", "zaczyna", "comec", "borja", "begyn", "zacina")

// refersBack reports whether a sentence goes on about the cookie of the sentence
// before it.
func refersBack(sentence string) bool {
	first, _, _ := strings.Cut(fold(sentence), " ")
	switch first {
	case "it", "this", "these", "they", "dieses", "dieser", "diese", "ce", "cet", "celui-ci", "il", "ils", "esta", "este", "questo", "questi", "deze", "dit", "ten", "esse", "denna", "denne", "tento", "acesta":
		return true
	case "den", "det", "es", "er", "elle", "elles", "ella", "hij", "ze", "het", "se", "ta", "to", "on", "jest", "dessa", "disse", "tama", "ez", "ezt", "tato", "tyto", "acest", "aceasta", "той", "тя", "то", "тази", "това", "он", "она", "этот", "він", "цей", "το", "αυτο", "bu", "ovaj", "tas", "sis", "jis":
		return !mentionsCookies(sentence) // "Es werden keine Cookies …" begins anew
	}
	return false
}

// introduce notes what a sentence says of the cookies listed below it, or of
// all cookies of the document.
func (g *gatherer) introduce(text string) {
	if len(text) > 8000 || !mentionsCookies(text) {
		return
	}
	spoken := false // of cookies, in the sentence before
	for _, sentence := range sentences(text) {
		folded := " " + strings.Join(words(fold(sentence)), " ") + " "
		if !mentionsCookies(folded) {
			if spoken && allOfThem.in(folded) {
				if c := sentenceClass(sentence); c.found {
					g.intro = c // "We use cookies. They are all necessary."
				}
			}
			spoken = false
			continue
		}
		spoken = true
		if limited, ok := onlyClass(folded); ok && !g.out.class.found {
			g.out.class = limited
		}
		if g.out.life == "" {
			g.out.life = lifetimeOfAll(sentence, folded)
		}
		if theseCookies.in(folded) {
			c := purposeClass(sentence)
			if !c.found {
				if found, _, _ := classesOf(clip(sentence, 160)); len(found) > 0 {
					c = pick(found)
				}
			}
			if c.found {
				g.intro = c
			}
		}
	}
}

package policy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// start opens the block of the named cookies.
func (g *gatherer) start(b *block, refs []nameRef) {
	g.close()
	g.open = &openRecord{record: record{
		names: refs, quote: clip(squeeze(b.text), quoteBytes), pos: b.pos, path: g.outline.path(), intro: g.intro,
	}}
	g.open.marked = len(b.code) > 0 || b.lead != ""
	g.open.listed = b.listed
	if b.kind == item {
		g.open.item = b.level
	}
	g.open.coded = len(b.code) > 0 && len(refs) > 0 && strings.Contains(strings.Join(b.code, " "), refs[0].name)
}

// close ends the open block and keeps it where it declares a cookie.
func (g *gatherer) close() {
	open := g.open
	g.open = nil
	if open == nil || len(open.names) == 0 || !open.convinces() {
		return
	}
	g.keep(open.record)
}

// labelBlock reads a block that is only a label; its value is the next block.
func (g *gatherer) labelBlock(b, next *block) bool {
	kind := b.labelKind()
	if kind == noField || strings.Contains(b.text, "\n") {
		return false
	}
	if kind == nameField {
		if next == nil || next.table != nil || len(next.text) > 160 || next.kind == item && b.kind != item {
			return false
		}
		if labelKind(next.text) == noField && !namesCookie(b, next.text) {
			return false
		}
		if labelKind(next.text) == nameField {
			return false
		}
		if g.open == nil || g.open.leading == "" || len(g.open.names) > 0 {
			g.start(b, nil)
		}
		g.open.stated = true
		g.open.waiting, g.open.label = nameField, b.text
		return true
	}
	if b.kind == term && next != nil && next.kind == definition && (g.open == nil || g.open.leading == b.text) {
		g.start(b, nil) // a provider or a host may stand above the name
		g.open.leading = b.text
	}
	if g.open == nil || b.kind == heading && (g.open.item > 0 || g.open.level > 0 && b.level <= g.open.level) {
		return false
	}
	g.open.waiting, g.open.label = kind, b.text
	g.open.labels++
	return true
}

// namesCookie reports whether a text below a label of names is one. A heading
// "Cookies" stands above anything.
func namesCookie(label *block, text string) bool {
	refs := namesIn(text, weakName)
	if len(refs) == 0 || labelClass(text).found || coversMore(text, refs) || cutWord(text) {
		return false // a sentence below "Cookie policy"
	}
	if kind, _ := valueLabel(text); kind != noField {
		return false // "Provider: Nile" below "Cookie manager"
	}
	core, _, _ := strings.Cut(refs[0].name, "*")
	if lead, _, found := strings.Cut(text, core); found && len(strings.Fields(lead)) > 2 {
		return false // a sentence that leads to its names
	}
	return label.kind != heading || !mentionsCookies(label.text) || strengthOf(refs[0].name) >= likelyName
}

// labelled takes a text with its label.
func (g *gatherer) labelled(b *block, kind fieldKind, label, text string) {
	if kind == nameField {
		text, told := firstSentence(text)
		refs := namesIn(text, weakName)
		if len(refs) == 0 {
			return
		}
		switch {
		case g.open == nil:
			g.start(b, refs)
		case len(g.open.names) == 0:
			g.open.names = refs
			g.quote(b)
		case g.open.stated && mentionsCookies(label) && !mentionsCookies(g.open.nameLabel):
			// The earlier "Name" was that of a service, with a "Cookie name" of
			// its own.
			if !g.open.has(providerField) {
				g.open.add(providerField, g.open.nameLabel, g.open.names[0].name)
			}
			g.open.names = refs
			g.quote(b)
		default:
			g.start(b, refs)
		}
		g.open.stated, g.open.nameLabel = true, label
		g.open.add(purposeField, "", told)
		return
	}
	if g.open == nil {
		// A provider or a host may stand above the name.
		g.start(b, nil)
	} else {
		g.quote(b)
	}
	if kind != ignoredField {
		g.open.add(kind, label, text)
		g.open.labels++
	}
}

// firstSentence parts the names behind a label from the sentences that tell of
// them ("Cookies used: _ga, _gid. They last up to two years.").
func firstSentence(text string) (names, told string) {
	all := sentences(clip(text, 4000))
	if len(all) == 0 || strings.HasSuffix(all[0], "..") {
		return text, ""
	}
	told = strings.TrimSpace(strings.TrimPrefix(text, all[0]))
	return strings.TrimSuffix(all[0], "."), told
}

// quote adds a block's text to the quote of the open record.
func (g *gatherer) quote(b *block) {
	if text := squeeze(b.text); !strings.Contains(g.open.record.quote, text) {
		g.open.record.quote = clip(g.open.record.quote+" | "+text, quoteBytes)
	}
}

// running reads a paragraph, an item, a term or a definition.
func (g *gatherer) running(b, next *block) {
	waits := g.open != nil && g.open.waiting != noField
	if waits && b.kind == definition {
		g.value(b) // also where it reads like a label
		return
	}
	if g.labelBlock(b, next) {
		return
	}
	if waits {
		g.value(b)
		return
	}
	if o := g.open; o != nil && b.kind == item && o.item > 0 && b.level <= o.item && !o.bare && !o.stated {
		g.close() // the labels of another item are not its own
	}
	b = g.titled(b)
	if g.classLines(b) || g.keyed(b) || g.namedLines(b) || g.named(b) || g.namedAbove(b, next) {
		return
	}
	if titles := g.titlesNames(b, next); titles || softHeading(b, next) {
		g.close()
		level := softLevel
		switch {
		case b.kind == item:
			level += b.level
		case titles && !mentionsCookies(b.text), g.divides(b.text):
			level++
		}
		g.subtitle(b)
		if !(!strings.Contains(b.text, " ") && isCookieWord(fold(b.text)) && !labelClass(b.text).found && g.outline.classed(level)) {
			g.outline.push(level, strings.TrimSpace(b.text)) // unless it is the caption "Cookies" below a class
		}
		if mentionsCookies(b.text) && !introducesList(b.text) {
			g.intro = classified{} // of the cookies above
		}
		return
	}
	b = g.classAbove(b)
	if g.sentenceNames(b) {
		return
	}
	if o := g.open; o != nil && o.stated && next != nil && len(b.text) < 600 && labelKind(next.text) != noField {
		o.add(purposeField, "", b.text) // a second paragraph before the next label
		return
	}
	g.text(b)
}

// titled takes the first line of a paragraph off where it is emphasised as a whole
// and no name or label: the heading of a service.
func (g *gatherer) titled(b *block) *block {
	first, rest, found := strings.Cut(b.text, "\n")
	core := strings.TrimRight(first, ": ")
	if !found || len(core) < 3 || core != strings.TrimRight(b.lead, ": ") || !strings.Contains(core, " ") || len(core) > 100 || labelKind(core) != noField || g.open != nil && (g.open.level > 0 || len(g.open.names) == 0) {
		return b
	}
	if refs := namesIn(core, weakName); len(refs) > 0 && !coversMore(core, refs) {
		return b
	}
	return g.below(b, core, rest)
}

// below takes the first line of a text as the heading of the rest.
func (g *gatherer) below(b *block, first, rest string) *block {
	g.headLine(first)
	below := *b
	below.text, below.lead, below.label = rest, "", nil
	return &below
}

// divides reports whether a heading with a colon divides what stands below the
// name of a class that has none.
func (g *gatherer) divides(text string) bool {
	if !strings.HasSuffix(text, ":") || !g.outline.classed(softLevel) {
		return false
	}
	last := g.outline.entries[len(g.outline.entries)-1]
	if strings.HasSuffix(last.text, ":") {
		return last.level > softLevel
	}
	c := headingClass(text)
	return c.weak || !c.found && !mentionsCookies(text)
}

// titlesNames reports whether a short line without a stop is the title of the
// names below it: what stands above it has ended, and a name alone follows.
func (g *gatherer) titlesNames(b, next *block) bool {
	if b.kind != paragraph || next == nil || next.kind != paragraph || strengthOf(next.text) != strongName || len(strings.Fields(b.text)) > 4 || !startsUpper(b.text) || strings.ContainsAny(b.text[len(b.text)-1:], ".,;") || lifetimeOnly(b.text) || hostOf(b.text) != "" {
		return false
	}
	return g.open == nil || strings.HasSuffix(g.open.text(purposeField), ".")
}

// classAbove takes a class that stands on the first line of a text as the heading of
// what follows: no empty line parts the two.
func (g *gatherer) classAbove(b *block) *block {
	first, rest, found := strings.Cut(b.text, "\n")
	if !found || b.kind != paragraph || strings.HasSuffix(first, ".") || !labelClass(first).found || strengthOf(first) == strongName || strings.Count(clip(rest, 400), " ") < 6 {
		return b
	}
	return g.below(b, first, rest)
}

// subtitle gives a class that stands right below a heading to what the heading
// does.
func (g *gatherer) subtitle(b *block) {
	last := len(g.outline.entries) - 1
	if last < 0 || g.headed != b.pos-1 || g.outline.entries[last].level >= softLevel || g.outline.entries[last].class.found {
		return
	}
	if c := labelClass(b.text); c.found && !c.mixed {
		g.outline.entries[last].class = c
	}
}

// value takes a block as the value of the label before it.
func (g *gatherer) value(b *block) {
	o := g.open
	kind := o.waiting
	o.waiting = noField
	if kind == nameField {
		o.names = namesIn(b.text, weakName)
		o.record.quote = clip(squeeze(b.text), quoteBytes)
		return
	}
	g.quote(b)
	if kind != ignoredField {
		o.add(kind, o.label, b.text)
	}
}

// text takes a block that has no names and no labels.
func (g *gatherer) text(b *block) {
	leads := strings.HasSuffix(b.text, ":") && mentionsCookies(b.text) // other cookies follow
	bare := isAddress(b.text)
	if o := g.open; o != nil && !leads && !beginsAnew(b) && !bare && (b.kind != item || o.item == 0 || b.level > o.item) {
		if len(o.names) > 0 && b.kind == definition && !o.has(lifetimeField) && lifetimeOnly(strings.Trim(b.text, ". ")) {
			o.add(lifetimeField, "", b.text)
			g.quote(b)
			return
		}
		described := len(o.text(purposeField))
		if len(o.names) > 0 && described < 1500 && (o.level > 0 || o.bare && len(o.fields) > 0 && len(b.text) < 700 || described == 0 && !o.stated || b.kind == definition || b.kind == item && o.level == 0 && b.level > 1) {
			o.add(purposeField, "", b.text)
			g.quote(b)
			return
		}
	}
	g.close()
	if bare {
		return
	}
	if leads {
		g.outline.drop(softLevel + 1)
	}
	if kind := storedIn(b.text, ""); kind != "" {
		g.stored = kind
	}
	g.introduce(b.text)
}

// beginsAnew reports whether the first line of a text is a heading about cookies.
func beginsAnew(b *block) bool {
	first, _, more := strings.Cut(b.text, "\n")
	return more && b.kind == paragraph && strings.Count(first, " ") < 6 && !strings.HasSuffix(first, ".") && mentionsCookies(first)
}

// unbullet takes bullets, emoji and numbers off the front of a line.
func unbullet(line string) string {
	line = strings.TrimSpace(line)
	for line != "" {
		r, _ := utf8.DecodeRuneInString(line)
		if r == '•' || r == '·' || r == '・' || r == '∙' || r == '⁃' || r == '▪' || r == '►' || r == '–' || r == '—' || r == '\uFE0F' || r == '●' || r == '○' || r == '■' || r > 0x2000 && (unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r)) {
			line = strings.TrimSpace(line[len(string(r)):])
			continue
		}
		if rest, found := strings.CutPrefix(line, "- "); found {
			line = strings.TrimSpace(rest)
			continue
		}
		break
	}
	return line
}

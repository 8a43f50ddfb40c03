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
	g.out.records = append(g.out.records, open.record)
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
	if g.open == nil || g.open.level > 0 && b.kind == heading && b.level <= g.open.level {
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
	return label.kind != heading || !mentionsCookies(label.text) || strengthOf(refs[0].name) >= likelyName
}

// labelled takes a text with its label.
func (g *gatherer) labelled(b *block, kind fieldKind, label, text string) {
	if kind == nameField {
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

// quote adds a block's text to the quote of the open record.
func (g *gatherer) quote(b *block) {
	if text := squeeze(b.text); !strings.Contains(g.open.record.quote, text) {
		g.open.record.quote = clip(g.open.record.quote+" | "+text, quoteBytes)
	}
}

// running reads a paragraph, an item, a term or a definition.
func (g *gatherer) running(b, next *block) {
	if g.labelBlock(b, next) {
		return
	}
	if o := g.open; o != nil && o.waiting != noField {
		g.value(b)
		return
	}
	if g.classLines(b) || g.keyed(b) || g.namedLines(b) || g.named(b) || g.namedAbove(b, next) {
		return
	}
	if softHeading(b, next) {
		g.close()
		level := softLevel
		if b.kind == item {
			level += b.level
		}
		g.subtitle(b)
		g.outline.push(level, strings.TrimSpace(b.text))
		return
	}
	if g.sentenceNames(b) {
		return
	}
	if o := g.open; o != nil && o.stated && next != nil && len(b.text) < 600 && labelKind(next.text) != noField {
		o.add(purposeField, "", b.text) // a second paragraph before the next label
		return
	}
	g.text(b)
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

// keyed reads a block of "label: value" parts.
func (g *gatherer) keyed(b *block) bool {
	if g.markedLabel(b) {
		return true
	}
	lines := labelledLines(b.text)
	found := false
	for _, l := range lines {
		line, head, parts := l.text, l.head, l.parts
		if len(parts) == 0 {
			if found && g.open != nil && foreignLabel(line) {
				g.open.add(purposeField, "", line)
			} else if found && g.open != nil {
				g.text(&block{kind: b.kind, text: line, pos: b.pos})
			} else if refs, rest := leadingNames(unbullet(line), "", weakName); len(refs) > 0 && strings.Contains(b.text, "\n") {
				g.start(&block{text: line, pos: b.pos}, refs)
				g.open.add(purposeField, "", rest)
				found = true
			}
			continue
		}
		at := &block{kind: b.kind, text: line, pos: b.pos, lead: b.lead, code: b.code}
		if g.head(at, head, parts) {
			found = true
			continue
		}
		for _, p := range parts {
			if p.kind != nameField && g.open == nil {
				continue
			}
			g.labelled(at, p.kind, p.label, p.text)
			found = true
		}
	}
	return found
}

// markedLabel reads a line whose label is set apart from its value by emphasis
// alone ("<b>Expires</b> 1 year").
func (g *gatherer) markedLabel(b *block) bool {
	kind := labelKind(b.lead)
	value, found := strings.CutPrefix(b.text, b.lead)
	if kind == noField || !found || strings.ContainsAny(value, ":\n") || strings.HasSuffix(b.lead, ":") || strings.TrimSpace(value) == "" || kind != nameField && g.open == nil {
		return false
	}
	if kind == nameField && len(namesIn(value, likelyName)) == 0 {
		return false
	}
	g.labelled(b, kind, b.lead, strings.TrimSpace(value))
	return true
}

// A labelledLine is a line of a block with its parts.
type labelledLine struct {
	text, head string
	parts      []field
}

// labelledLines splits a block in which a line has a label; nil for any other.
func labelledLines(text string) []labelledLine {
	if len(text) > 20_000 || !strings.Contains(text, ":") {
		return nil
	}
	var out []labelledLine
	labels := 0
	for line := range strings.SplitSeq(text, "\n") {
		head, parts := labelledParts(unbullet(line))
		labels += len(parts)
		out = append(out, labelledLine{line, head, parts})
	}
	if labels == 0 {
		return nil
	}
	return out
}

// head reads what stands before the first label of a line: the name itself,
// or a sentence with a list of names.
func (g *gatherer) head(b *block, head string, parts []field) bool {
	if strings.TrimSpace(head) == "" {
		return false
	}
	refs, rest := leadingNames(head, b.lead, likelyName)
	if len(refs) == 0 {
		refs, rest = listedNames(head, b.code, false), head
	}
	if len(refs) == 0 {
		return false
	}
	g.start(b, refs)
	g.open.add(purposeField, "", rest)
	for _, p := range parts {
		if p.kind != ignoredField && p.kind != nameField {
			g.open.add(p.kind, p.label, p.text)
		}
	}
	return true
}

// named reads a block that begins with the name of a cookie.
func (g *gatherer) named(b *block) bool {
	text := unbullet(b.text)
	least := likelyName
	if b.lead != "" || b.kind == term || b.listed {
		least = weakName
	}
	if cells := commaCells(text); cells != nil {
		text = strings.Join(cells, " | ")
	}
	refs, rest := leadingNames(text, b.lead, least)
	if len(refs) == 0 {
		return g.serviceLine(b, text)
	}
	g.start(b, refs)
	if len(b.code) == 0 {
		g.open.marked = b.lead != "" && strings.HasPrefix(text, b.lead) || b.kind == term
	}
	g.open.bare = rest == ""
	_, noted := ParseLifetime(refs[0].note)
	switch {
	case g.open.bare:
	case noted && refs[0].note != "" && firstLength(rest) == "" && hostOf(rest) == "":
		g.open.add(purposeField, "", rest) // the bracket has stated the lifetime
	default:
		g.open.row(rest)
	}
	return true
}

// namedAbove reads a plain word that stands alone above the labels of its cookie.
func (g *gatherer) namedAbove(b, next *block) bool {
	if next == nil || next.kind == heading || next.table != nil || len(b.text) > 80 || !startsWithLabel(next.text) || labelClass(b.text).found {
		return false
	}
	if g.open != nil && g.open.labels == 0 {
		return false // the text of a record whose labels follow
	}
	refs := namesIn(strings.TrimRight(b.text, ": "), weakName)
	if len(refs) != 1 || coversMore(b.text, refs) || strings.ToLower(refs[0].name) != refs[0].name {
		return false
	}
	g.start(b, refs)
	g.open.bare = true
	return true
}

// text takes a block that has no names and no labels.
func (g *gatherer) text(b *block) {
	if o := g.open; o != nil && (b.kind != item || o.item == 0 || b.level > o.item) {
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
	g.introduce(b.text)
}

// unbullet takes bullets, emoji and numbers off the front of a line.
func unbullet(line string) string {
	line = strings.TrimSpace(line)
	for line != "" {
		r, _ := utf8.DecodeRuneInString(line)
		if r == '•' || r == '·' || r == '▪' || r == '►' || r == '–' || r == '—' || r == '\uFE0F' || r == '●' || r == '○' || r == '■' || r > 0x2000 && (unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r)) {
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

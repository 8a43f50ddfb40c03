package policy

import (
	"slices"
	"strings"
)

// named reads a block that begins with the name of a cookie.
func (g *gatherer) named(b *block) bool {
	text := unbullet(b.text)
	least := likelyName
	if first, _, _ := strings.Cut(text, " "); b.kind == item && g.outline.below() && strings.ToLower(first) == first && namedLength(text) != notName {
		b.listed = true // a plain word and a lifetime
	}
	if b.lead != "" || b.kind == term || b.listed {
		least = weakName
	}
	cells := commaCells(text)
	if cells == nil {
		cells = stopCells(text)
	}
	if cells != nil {
		text = strings.Join(cells, " | ")
	}
	refs, rest := livingNames(text), ""
	if len(refs) == 0 {
		refs, rest = quotedLead(text)
	}
	if len(refs) == 0 {
		refs, rest = leadingNames(text, b.lead, least)
	}
	if len(refs) == 0 {
		return g.serviceLine(b, text)
	}
	if titlesText(refs, rest, b.code) {
		return false
	}
	if lives := livesInOrder(text, refs); len(lives) > 1 {
		for _, part := range lives {
			g.start(b, part.refs)
			g.open.add(lifetimeField, "", part.life)
			g.open.row(rest)
		}
		return true
	}
	if o := g.open; o != nil && o.bare && b.kind == paragraph && rest == "" && len(o.fields) == 0 && o.pos+o.rows+1 == b.pos && b.pos > o.pos {
		o.names = append(o.names, refs...) // names below each other share the text that follows
		o.rows++
		g.quote(b)
		return true
	}
	g.start(b, refs)
	if len(b.code) == 0 {
		g.open.marked = b.lead != "" && strings.HasPrefix(text, b.lead) || b.kind == term
	}
	g.open.bare = rest == ""
	switch {
	case g.open.bare:
	case refs[0].lives() && firstLength(rest) == "" && hostOf(rest) == "":
		g.open.add(purposeField, "", rest) // the bracket has stated the lifetime
	default:
		g.open.row(rest)
	}
	return true
}

// titlesText reports whether what stands in front of a text is a title of it
// ("Payment: our processor sets `__mid`"): a word with a capital, where names that
// are surely such are set as code behind it.
func titlesText(refs []nameRef, rest string, code []string) bool {
	if len(refs) != 1 || len(code) == 0 || strengthOf(refs[0].name) > weakName || !startsUpper(refs[0].name) {
		return false
	}
	return slices.ContainsFunc(codedNames(rest, code), func(ref nameRef) bool { return strengthOf(ref.name) >= likelyName })
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

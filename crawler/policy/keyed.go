package policy

import "strings"

// keyed reads a block of "label: value" parts.
func (g *gatherer) keyed(b *block) bool {
	if g.markedLabel(b) {
		return true
	}
	lines := labelledLines(b.text)
	found := false
	for i, l := range lines {
		line, head, parts := l.text, l.head, l.parts
		if i == 0 && len(lines) > 1 && len(parts) == 0 && isClassLine(line) {
			g.headLine(line)
			continue
		}
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
		if g.open != nil && parts[0].kind == nameField {
			g.open.add(purposeField, "", head)
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
	if first, _, _ := strings.Cut(rest, " "); hostOf(strings.TrimRight(first, ".,;")) != "" {
		g.open.add(hostField, "", strings.TrimRight(first, ".,;")) // "IDE – doubleclick.net. Shows …"
	}
	g.open.add(purposeField, "", rest)
	for _, p := range parts {
		if p.kind != ignoredField && p.kind != nameField {
			g.open.add(p.kind, p.label, p.text)
		}
	}
	return true
}

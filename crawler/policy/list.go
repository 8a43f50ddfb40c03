package policy

import "strings"

// markLists marks the items of lists whose items all begin with what may be a
// name and one with what surely is, or all end with a lifetime or a host: a plain
// word there is a name as well.
func markLists(list []block) {
	for i := 0; i < len(list); {
		j := i
		names, lives, strong := 0, 0, false
		for j < len(list) && list[j].kind == item && list[j].level == list[i].level {
			s := leadStrength(&list[j])
			if s >= weakName {
				names++
				if endsInField(list[j].text) || !strong && lifetimeClause(list[j].text) != "" {
					lives++
				}
			}
			strong = strong || s == strongName
			j++
		}
		if j == i {
			j = i + dashedRun(list[i:])
			strong, names = j-i > 1, j-i
		}
		if names == j-i && (strong || lives == names && names > 1) {
			for k := i; k < j; k++ {
				list[k].listed = true
			}
		}
		if list[i].kind == item && leadsLabels(list[i:]) && leadStrength(&list[i]) >= weakName {
			list[i].listed = true
		}
		i = max(j, i+1)
	}
}

// endsInField reports whether the last part of a text is a lifetime or a host.
func endsInField(text string) bool {
	text = strings.TrimRight(clipFront(text, 120), ".) ")
	at := max(strings.LastIndexAny(text, ",;("), strings.LastIndex(text, ". "))
	if at <= 0 {
		return false
	}
	last := strings.TrimSpace(text[at+1:])
	return lifetimeOnly(last) || hostOf(last) != ""
}

// dashedRun is how many paragraphs of one line from here on begin with what is
// likely a name and a dash: a list whose bullets are lost.
func dashedRun(list []block) int {
	n := 0
	for n < len(list) && list[n].kind == paragraph && !strings.Contains(list[n].text, "\n") && (dashedRow(list[n].text) || colonRow(list[n].text)) && leadStrength(&list[n]) >= likelyName {
		n++
	}
	return n
}

// colonRow reports whether a line is one word, a colon and a text.
func colonRow(line string) bool {
	head, text, found := strings.Cut(clip(line, 200), ": ")
	return found && head != "" && !strings.Contains(head, " ") && strings.Contains(text, " ")
}

// markTrees marks the items of nested lists: those of one depth are one list,
// whatever items stand above them.
func markTrees(list []block) {
	for i := 0; i < len(list); {
		j := i
		var names, items [maxListDepth]int
		var strong [maxListDepth]bool
		for ; j < len(list) && list[j].kind == item; j++ {
			depth := min(list[j].level, maxListDepth) - 1
			s := leadStrength(&list[j])
			items[depth]++
			if s >= weakName {
				names[depth]++
			}
			strong[depth] = strong[depth] || s == strongName
		}
		for k := i; k < j; k++ {
			depth := min(list[k].level, maxListDepth) - 1
			if depth > 0 && strong[depth] && names[depth] == items[depth] {
				list[k].listed = true
			}
		}
		i = max(j, i+1)
	}
}

// maxListDepth is how deep lists are told apart.
const maxListDepth = 6

// markHeadings marks the headings of one depth below another that all may be
// names, and of which one surely is.
func markHeadings(list []block) {
	type siblings struct {
		level       int
		at          []int
		other, sure bool
	}
	var open []siblings
	end := func() {
		last := open[len(open)-1]
		open = open[:len(open)-1]
		for _, i := range last.at {
			list[i].listed = last.sure && !last.other
		}
	}
	for i := range list {
		b := &list[i]
		if b.kind != heading {
			continue
		}
		for len(open) > 0 && open[len(open)-1].level > b.level {
			end()
		}
		if len(open) == 0 || open[len(open)-1].level < b.level {
			open = append(open, siblings{level: b.level})
		}
		group := &open[len(open)-1]
		text := strings.TrimRight(b.text, ": ")
		s := strengthOf(text)
		group.at = append(group.at, i)
		group.other = group.other || s == notName || labelClass(text).found || labelKind(text) != noField
		group.sure = group.sure || s == strongName
	}
	for len(open) > 0 {
		end()
	}
	markLevels(list)
}

// markLevels marks the headings of a depth of which all in the document may be
// names, and two are.
func markLevels(list []block) {
	var names, sure, all [7]int
	each := func(visit func(b *block, s strength)) {
		for i := range list {
			if b := &list[i]; b.kind == heading && b.level < len(all) && len(b.text) < 200 {
				visit(b, strengthOf(strings.TrimRight(b.text, ": ")))
			}
		}
	}
	each(func(b *block, s strength) {
		all[b.level]++
		if s >= likelyName {
			names[b.level]++
		}
		if s == strongName {
			sure[b.level]++
		}
	})
	each(func(b *block, s strength) {
		if s >= likelyName && names[b.level] == all[b.level] && names[b.level] > 1 && sure[b.level] > 0 {
			b.listed = true
		}
	})
}

// leadsLabels reports whether an item of one word stands above deeper ones of
// which the first begins with a label: it is the name of what they tell of.
func leadsLabels(list []block) bool {
	return len(list) > 1 && list[1].kind == item && list[1].level > list[0].level && startsWithLabel(list[1].text) &&
		!strings.ContainsAny(strings.TrimSpace(list[0].text), " \n")
}

// leadStrength judges the one word that stands in front of the text of an item;
// notName where there is none.
func leadStrength(b *block) strength {
	text := clip(unbullet(b.text), 200)
	cut := len(text)
	for _, s := range separators {
		if i := strings.Index(text, s); i > 0 {
			cut = min(cut, i)
		}
	}
	if cells := commaCells(text); cells != nil {
		cut = len(cells[0])
	} else if cells := stopCells(text); cells != nil {
		cut = len(cells[0])
	}
	lead := strings.Trim(text[:cut], " :\"'“”„«»")
	if labelClass(lead).found || labelKind(lead) != noField || lifetimeOnly(lead) && !innerCapital(lead) && !(startsLower(lead) && strengthOf(lead) >= likelyName) {
		return notName // but "session-id" is one
	}
	return strengthOf(lead)
}

// stopCells splits an item at its full stops where they stand between cells: a
// name in front, a lifetime and a class behind it ("_ga. Analytics. 2 years.").
func stopCells(line string) []string {
	if len(line) > 400 {
		return nil
	}
	parts := strings.Split(strings.TrimRight(line, ". "), ". ")
	if len(parts) < 3 || len(parts) > 8 || strengthOf(parts[0]) < likelyName {
		return nil
	}
	lives, classed := false, false
	for _, part := range parts[1:] {
		lives = lives || lifetimeOnly(part)
		classed = classed || labelClass(part).found
	}
	if !classed || !lives && len(parts) < 4 {
		return nil
	}
	return parts
}

// commaCells splits a line at its commas where they stand between cells: a name
// in front, no name behind it, and one part that is a lifetime.
func commaCells(line string) []string {
	if len(line) > 400 {
		return nil
	}
	parts := strings.Split(line, ", ")
	if len(parts) < 2 || len(parts) > 6 || strengthOf(parts[0]) < likelyName {
		return nil
	}
	lives := false
	for _, part := range parts[1:] {
		first, _, _ := strings.Cut(strings.TrimSpace(part), " ")
		if strengthOf(part) >= likelyName || strengthOf(first) == strongName {
			return nil
		}
		lives = lives || lifetimeOnly(strings.Trim(part, ". "))
	}
	if !lives {
		return nil
	}
	return parts
}

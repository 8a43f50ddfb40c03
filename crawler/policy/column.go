package policy

import (
	"strings"
	"unicode"
)

// sampled is how many rows a column is judged by.
const sampled = 300

// A profile counts what the cells of a column look like.
type profile struct {
	filled, lifetime, host, class, storage int
	strong, likely, weak, longText         int
	address, mail                          int
	lettered                               int // cells with a letter
	wordsTotal                             int
}

func (p profile) share(n int) float64 {
	if p.filled == 0 {
		return 0
	}
	return float64(n) / float64(p.filled)
}

func (p *profile) see(text string) {
	if text == "" {
		return
	}
	p.filled++
	if strings.IndexFunc(text, unicode.IsLetter) >= 0 {
		p.lettered++
	}
	n := len(strings.Fields(clip(text, 400)))
	p.wordsTotal += n
	if n >= 6 {
		p.longText++
	}
	if strings.Contains(text, "://") || strings.HasPrefix(text, "www.") {
		p.address++
	}
	if at := strings.IndexByte(text, '@'); at > 0 && strings.Contains(text[at:], ".") {
		p.mail++
	}
	if lifetimeOnly(text) {
		p.lifetime++
	}
	if hostOf(text) != "" {
		p.host++
	}
	if labelClass(text).found {
		p.class++
	}
	if storageOf(text) != "" {
		p.storage++
	}
	if len(text) > 3000 {
		return
	}
	best := notName
	for _, ref := range namesIn(text, weakName) {
		s := strengthOf(ref.name)
		if s == likelyName && brandLike(ref.name) {
			s = weakName
		}
		best = max(best, s)
	}
	switch best {
	case strongName:
		p.strong++
	case likelyName:
		p.likely++
	case weakName:
		p.weak++
	}
}

// columns is what each column of a table holds.
type columns struct {
	kinds  []fieldKind
	labels []string
	name   int // the column of names, -1 where there is none
	// reasons are columns of purposes that mostly name a class.
	reasons []bool
}

// judge decides what the columns hold, by their cells as much as by their
// headings.
func judge(labels []string, body []row, width int) (columns, []profile) {
	c := columns{kinds: make([]fieldKind, width), labels: make([]string, width), name: -1, reasons: make([]bool, width)}
	profiles := profileOf(body, width)
	for j := range width {
		if j < len(labels) {
			c.labels[j] = labels[j]
		}
		labelled := columnKind(c.labels[j])
		if labelled == providerField && mentionsCookies(c.labels[j]) && profiles[j].share(profiles[j].strong) >= 0.5 {
			labelled = nameField // "Third-party cookies"
		}
		c.kinds[j] = settledKind(labelled, profiles[j])
		c.reasons[j] = labelled == purposeField && c.kinds[j] == categoryField
	}
	best := 0.0
	for j := range width {
		if score := nameScore(c.kinds[j], c.labels[j], profiles[j]); score > best {
			best, c.name = score, j
		}
	}
	for j := range width {
		if c.kinds[j] == nameField && j != c.name && c.name >= 0 && mentionsCookies(c.labels[j]) && mentionsCookies(c.labels[c.name]) && profiles[j].share(profiles[j].strong) >= 0.5 {
			continue // "First-party cookies", "Third-party cookies"
		}
		if c.kinds[j] == nameField && j != c.name {
			c.kinds[j] = noField
			if profiles[j].share(profiles[j].longText) > 0.5 {
				c.kinds[j] = purposeField
			} else if profiles[j].filled > 0 {
				c.kinds[j] = providerField
			}
		}
	}
	if c.name >= 0 {
		c.kinds[c.name] = nameField
	}
	for j := range max(0, c.name) {
		// What stands left of the names groups them, under any heading.
		if p := profiles[j]; p.filled > 0 && p.lettered == 0 {
			c.kinds[j] = ignoredField // the rows' numbers
		} else if c.kinds[j] == noField && p.filled > 0 && p.wordsTotal <= 3*p.filled {
			c.kinds[j] = providerField
		}
	}
	c.purpose(profiles)
	return c, profiles
}

func profileOf(body []row, width int) []profile {
	profiles := make([]profile, width)
	full := false
	for _, r := range body[:min(len(body), sampled)] {
		full = full || len(r.cells) == width && r.cells[width-1].text != ""
	}
	for i, r := range body {
		if i >= sampled {
			break
		}
		// A row that had cells moved says nothing about a column.
		short := len(r.cells) == width && r.cells[width-1].text == ""
		if len(r.cells) > width || short && (r.loose || full) {
			continue
		}
		if len(r.cells) > 0 && r.cells[0].width > 1 && onlyText(r) != "" {
			continue // a heading inside the table
		}
		for j, cell := range r.cells {
			if !cell.merged {
				profiles[j].see(cell.text)
			}
		}
	}
	return profiles
}

// settledKind weighs a heading against the cells below it.
func settledKind(kind fieldKind, p profile) fieldKind {
	if p.filled == 0 {
		return kind
	}
	long := p.share(p.longText) > 0.5
	switch {
	case kind == lifetimeField && p.share(p.lifetime) < 0.5 && p.share(p.strong) >= 0.5:
		return nameField // "Cookies and their lifetimes"
	case kind == ignoredField && p.share(p.lifetime) < 0.6 && p.share(p.class) < 0.6:
		return kind
	case p.share(p.storage) >= 0.6 && p.storage > p.lifetime && !long && (kind == noField || kind == typeField || kind == storageField):
		return storageField // "Session storage" begins as a lifetime does
	case kind == typeField && p.share(p.class) >= 0.5 && p.share(p.lifetime) >= 0.5:
		return kind // "Statistics, 1 year"
	case p.share(p.lifetime) >= 0.5 && !long && kind != nameField && kind != categoryField:
		return lifetimeField
	case kind == lifetimeField && p.share(p.lifetime) < 0.2 && long:
		return purposeField
	case p.share(p.class) >= 0.6 && !long && (kind != nameField || p.strong+p.likely == 0):
		return categoryField
	case p.share(p.storage) >= 0.6 && !long && kind != nameField && kind != lifetimeField && kind != purposeField:
		return storageField
	case p.share(p.host) >= 0.6 && (kind == noField || kind == nameField || kind == typeField || kind == categoryField):
		return hostField
	}
	return kind
}

// nameScore is how well a column would do as the column of names; 0 not at
// all.
func nameScore(kind fieldKind, label string, p profile) float64 {
	if p.filled == 0 {
		return 0
	}
	named := p.share(p.strong) + p.share(p.likely) + p.share(p.weak)
	looks := p.share(p.strong) + 0.6*p.share(p.likely) + 0.2*p.share(p.weak)
	folded := labelText(label)
	switch {
	case kind == nameField:
		if named < 0.34 {
			return 0
		}
		score := 1 + looks
		if strings.Contains(folded, "cookie") || mentionsCookies(folded) {
			score += 0.3
		}
		return score
	case kind == noField || kind == purposeField || kind == providerField || kind == typeField || kind == ignoredField:
		if p.share(p.strong) >= 0.5 && (kind == noField || p.share(p.longText) < 0.3) {
			return looks
		}
	}
	return 0
}

// purpose gives the column of longest texts to the purpose where no heading
// does.
func (c *columns) purpose(profiles []profile) {
	longest, at := 3.0, -1
	for j, kind := range c.kinds {
		if kind == purposeField {
			return
		}
		if kind == noField && profiles[j].filled > 0 {
			if average := float64(profiles[j].wordsTotal) / float64(profiles[j].filled); average > longest {
				longest, at = average, j
			}
		}
	}
	if at >= 0 {
		c.kinds[at] = purposeField
	}
}

package policy

import "strings"

// classLines reads a paragraph whose lines each begin with a class and go on with
// its names ("Necessary: a, b (1 year)"), also those that a semicolon parts.
func (g *gatherer) classLines(b *block) bool {
	if !strings.ContainsAny(b.text, "\n;") || !strings.Contains(b.text, ": ") || len(b.text) > 20_000 {
		return false
	}
	lines := strings.FieldsFunc(b.text, func(r rune) bool { return r == '\n' || r == ';' })
	for _, line := range lines {
		if class, _, found := strings.Cut(strings.TrimSpace(line), ": "); !found || !labelClass(class).found || len(serviceNames(line)) == 0 {
			return false
		}
	}
	for _, line := range lines {
		g.serviceLine(&block{kind: b.kind, text: line, pos: b.pos}, strings.TrimSpace(line))
	}
	return true
}

// serviceNames are the names behind the colon of "Service: name, name", up to the
// end of the sentence.
func serviceNames(text string) []nameRef {
	service, list := cutService(text)
	list, _, _ = strings.Cut(list, ". ")
	if list == "" || len(strings.Fields(service)) > 6 || len(list) > 400 {
		return nil
	}
	list = strings.TrimRight(list, ". ")
	refs := namesIn(list, weakName)
	if len(strings.Fields(service)) > 4 && (!mentionsCookies(service) || strings.Contains(service, "(") || !allLive(refs)) {
		return nil
	}
	if len(refs) == 0 || coversMore(list, refs) {
		return nil
	}
	return refs
}

// cutService parts a text at its first colon or dash.
func cutService(text string) (service, list string) {
	text = strings.TrimSpace(text)
	cut, size := len(text), 0
	for _, mark := range []string{": ", " – ", " — ", " - "} {
		if at := strings.Index(text, mark); at > 0 && at < cut {
			cut, size = at, len(mark)
		}
	}
	return text[:cut], text[cut+size:]
}

// serviceLine reads "Service: name, name": a few words, a colon or a dash, and names
// only.
func (g *gatherer) serviceLine(b *block, text string) bool {
	refs := serviceNames(text)
	service, _ := cutService(text)
	strong, likely, plain := false, false, false
	for _, ref := range refs {
		s := strengthOf(ref.name)
		strong = strong || s == strongName
		likely = likely || s == likelyName
		plain = plain || s < likelyName
	}
	named := mentionsCookies(service)
	lives := allLive(refs)
	plain = plain && !lives
	if len(refs) == 0 || !strong && (plain || !labelClass(service).found) && !(named && (likely || lives)) && !(lives && nearest(g.outline.entries)) {
		return false
	}
	if path := g.outline.entries; plain && !named && !nearCookies(path) && !underClass(path) && !labelClass(service).found {
		return false // "Permissions: camera, location_fine"
	}
	g.start(b, refs)
	_, behind, _ := strings.Cut(text, ". ")
	g.open.add(purposeField, "", behind)
	switch {
	case labelClass(service).found:
		g.open.add(categoryField, "", service)
	case named:
		if hosts, _ := hostsIn(service); len(hosts) > 0 {
			g.open.add(hostField, "", hosts[0])
		}
		g.open.add(purposeField, "", service) // "advertising cookies of seznam.cz"
	default:
		g.open.add(providerField, "", service)
	}
	return true
}

package policy

import "strings"

// managerSigns are words of the configurations of consent managers that list
// cookies: Cookiebot, OneTrust, vanilla-cookieconsent, Klaro and Orejime,
// tarteaucitron, Usercentrics, Didomi.
var managerSigns = []string{"cookieTable", "FirstPartyCookies", "autoClear", "cookies", "deviceStorage", "disclosures"}

// scriptRecords reads the cookies that the configuration of a consent manager
// declares in a script. Only what stands below a key that speaks of cookies
// counts: scripts are full of objects with a name.
func scriptRecords(script string, pos int) []record {
	if !containsAny(script, managerSigns...) && !listsCookies(script) {
		return nil
	}
	w := &dataWalker{pos: pos, strict: true}
	for _, l := range literals(script) {
		var path []entry
		if l.name != "" {
			path = appendEntry(nil, 1, splitKey(l.name))
		}
		w.below = mentionsCookies(splitKey(l.name))
		w.walk(l.node, path, l.name, 0)
	}
	return w.records
}

// listsCookies reports whether a script of another make may hold a list of
// cookies: it has the word, and one for a lifetime.
func listsCookies(script string) bool {
	return containsAny(script, "ookie") && containsAny(script, "xpir", "uration", "ifetime", "ifespan", "etention")
}

// rowOfTexts reads a cookie that is a list of texts, as Cookiebot has it: the
// name first, then the provider, the purpose, the lifetime and the kind, in any
// order.
func (w *dataWalker) rowOfTexts(n *node, path []entry) bool {
	if len(n.values) < 4 {
		return false
	}
	r := record{path: path}
	var quote []string
	for i, v := range n.values[:min(len(n.values), 12)] {
		text := stripTags(v.text)
		switch {
		case v.object || v.list:
			return false
		case i == 0:
			if r.names = namesIn(text, weakName); len(r.names) == 0 {
				return false
			}
		case lifetimeOnly(text) && !r.has(lifetimeField):
			r.add(lifetimeField, "", text)
		case hostOf(text) != "" && !r.has(hostField):
			r.add(hostField, "", text)
		case storageOf(text) != "" && !r.has(storageField):
			r.add(storageField, "", text)
		case strings.Count(text, " ") > 2 && !r.has(purposeField):
			r.add(purposeField, "", text)
		case i == 1:
			r.add(providerField, "", text)
		default:
			continue
		}
		quote = append(quote, text)
	}
	if !r.has(lifetimeField) {
		return false
	}
	w.pos++
	r.pos, r.quote = w.pos, clip(squeeze(strings.Join(quote, " | ")), quoteBytes)
	w.records = append(w.records, r)
	return true
}

// sessionLength reads the two members by which OneTrust states a lifetime: days,
// or that the cookie lasts for the session.
func sessionLength(n *node) (text string, ok bool) {
	session, length := n.member("issession"), n.member("length")
	switch {
	case session == nil || length == nil:
		return "", false
	case session.text == "true" || length.text == "0":
		return "session", true
	}
	return length.text + " days", length.text != ""
}

package policy

import "strings"

// managerSigns are words of the configurations of consent managers that list
// cookies: Cookiebot, OneTrust, vanilla-cookieconsent, Klaro and Orejime,
// tarteaucitron, Usercentrics, Didomi.
var managerSigns = []string{"cookieTable", "FirstPartyCookies", "autoClear", "cookies", "deviceStorage", "disclosures"}

// scriptRecords reads the cookies that the configuration of a consent manager
// declares in a script. Only what stands below a key that speaks of cookies
// counts: scripts are full of objects with a name. about says what the page
// calls the whole of it, and path stands above it.
func scriptRecords(script, about string, path []entry, pos int) []record {
	if !containsAny(script, managerSigns...) && !listsCookies(script, about) {
		return nil
	}
	w := &dataWalker{pos: pos, strict: true}
	for _, l := range literals(script) {
		path := path
		if l.name != "" {
			path = appendEntry(path, len(path)+1, splitKey(l.name))
		}
		w.below = mentionsCookies(splitKey(l.name)) || l.whole && mentionsCookies(splitKey(about))
		w.walk(l.node, path, l.name, 0)
	}
	return w.records
}

// listsCookies reports whether a script of another make may hold a list of
// cookies: it or its name has the word, and it has one for a lifetime.
func listsCookies(script, about string) bool {
	return (containsAny(script, "ookie") || containsAny(about, "ookie")) &&
		containsAny(script, "xpir", "uration", "ifetime", "ifespan", "etention", "urée", "auer", "aufzeit", "urata", "ewaar", "uración")
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

// statedLength reads members that state a lifetime together: days, or that the
// cookie lasts for the session (OneTrust); a number and its unit (Real Cookie
// Banner, Sourcepoint).
func statedLength(n *node) string {
	if session, length := n.member("issession"), n.member("length"); session != nil && length != nil {
		if session.text == "true" || length.text == "0" {
			return "session"
		}
		if length.text == "" {
			return ""
		}
		return length.text + " days"
	}
	key, unit := unitMember(n)
	if session := n.member("issessionduration"); key != "" && session != nil && session.text == "true" {
		return "session"
	}
	length := n.member(key)
	if length == nil || length.text == "" || length.text == "0" {
		return ""
	}
	return length.text + " " + unit
}

// unitMember finds a lifetime whose unit is a member of its own: the key of the
// number, and the unit. Of letters, "m" are minutes and "mo" are months.
func unitMember(n *node) (key, unit string) {
	for i, k := range n.keys {
		base, found := strings.CutSuffix(bareKey(k), "unit")
		if !found || base == "" || n.member(base) == nil || base != "maxage" && columnKind(splitKey(k)) != lifetimeField {
			continue
		}
		switch text := n.values[i].text; text {
		case "s":
			return base, "seconds"
		case "m":
			return base, "minutes"
		case "h":
			return base, "hours"
		case "d":
			return base, "days"
		case "mo":
			return base, "months"
		case "y":
			return base, "years"
		default:
			if unitOf(fold(text)) > 0 {
				return base, text
			}
		}
	}
	return "", ""
}

// storageMember is the kind of storage where a member says so in a word that
// means something else anywhere else.
func storageMember(n *node) string {
	if m := n.member("storagetype"); m != nil {
		switch m.text { // as the consent settings of the Helsinki Design System number them
		case "1":
			return "cookie"
		case "2":
			return "local storage"
		case "3":
			return "session storage"
		case "4":
			return "IndexedDB"
		}
	}
	kind := n.member("type")
	if key, _ := unitMember(n); kind == nil || key == "" {
		return ""
	}
	switch kind.text {
	case "local":
		return "local storage"
	case "session":
		return "session storage"
	}
	return ""
}

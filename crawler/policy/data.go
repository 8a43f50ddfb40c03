package policy

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// maxDepth is how deep a data file may nest before the rest is left out.
const maxDepth = 60

// A node is a value of a data file; members keep their order.
type node struct {
	keys   []string // of an object
	values []*node  // of an object or a list
	object bool
	list   bool
	text   string
}

func (n *node) member(key string) *node {
	for i, k := range n.keys {
		if bareKey(k) == key {
			return n.values[i]
		}
	}
	return nil
}

// readData reads JSON or YAML: objects with a name and something else that is
// said of cookies, below objects that name a class.
func readData(text, format string) (structure, bool) {
	var root *node
	var err error
	if format == formatJSON {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		root, err = jsonNode(decoder, 0)
	} else {
		var tree yaml.Node
		if err = yaml.Unmarshal([]byte(text), &tree); err == nil {
			root = yamlNode(&tree, 0)
		}
	}
	if err != nil || root == nil || !root.object && !root.list {
		return structure{}, false
	}
	w := &dataWalker{}
	w.walk(root, nil, "", 0)
	s := structure{records: w.records}
	for _, text := range w.texts {
		w.blocks.add(block{kind: paragraph, text: text})
	}
	s.blocks = w.blocks.list
	if len(s.records) == 0 && len(s.blocks) == 0 {
		return structure{}, false
	}
	return s, true
}

// jsonNode reads the next value; deeper ones than maxDepth are read and
// dropped.
func jsonNode(d *json.Decoder, depth int) (*node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("parse JSON: %w", err)
	}
	delim, ok := token.(json.Delim)
	if !ok {
		if token == nil {
			return &node{}, nil
		}
		return &node{text: fmt.Sprint(token)}, nil
	}
	if depth > maxDepth {
		return &node{}, skipJSON(d)
	}
	n := &node{object: delim == '{', list: delim == '['}
	for d.More() {
		if n.object {
			key, err := d.Token()
			if err != nil {
				return nil, fmt.Errorf("parse JSON: %w", err)
			}
			n.keys = append(n.keys, fmt.Sprint(key))
		}
		value, err := jsonNode(d, depth+1)
		if err != nil {
			return nil, err
		}
		n.values = append(n.values, value)
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("parse JSON: %w", err)
	}
	return n, nil
}

// skipJSON reads to the end of the value whose opening was just read.
func skipJSON(d *json.Decoder) error {
	for open := 1; open > 0; {
		token, err := d.Token()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("parse JSON: %w", err)
		}
		if delim, ok := token.(json.Delim); ok {
			if delim == '{' || delim == '[' {
				open++
			} else {
				open--
			}
		}
	}
	return nil
}

// yamlNode turns a YAML tree into nodes. Aliases are not followed: a few lines
// of them can stand for gigabytes.
func yamlNode(y *yaml.Node, depth int) *node {
	if depth > maxDepth {
		return &node{}
	}
	switch y.Kind {
	case yaml.DocumentNode:
		if len(y.Content) > 0 {
			return yamlNode(y.Content[0], depth)
		}
	case yaml.MappingNode:
		n := &node{object: true}
		for i := 0; i+1 < len(y.Content); i += 2 {
			n.keys = append(n.keys, y.Content[i].Value)
			n.values = append(n.values, yamlNode(y.Content[i+1], depth+1))
		}
		return n
	case yaml.SequenceNode:
		n := &node{list: true}
		for _, c := range y.Content {
			n.values = append(n.values, yamlNode(c, depth+1))
		}
		return n
	case yaml.ScalarNode:
		if y.Tag == "!!null" {
			return &node{}
		}
		return &node{text: y.Value}
	}
	return &node{}
}

// A dataWalker collects records and longer texts from a tree.
type dataWalker struct {
	records  []record
	texts    []string
	blocks   blocks
	pos      int
	named    bool   // the keys of the current object are names
	provider string // of an object above
	host     string // of an object above
	strict   bool   // only what stands below a key for cookies declares any
	below    bool   // such a key stands above
}

// namedMembers reports whether the keys of an object are names of cookies: all
// look as if they could be, and one surely is.
func namedMembers(n *node) bool {
	strong := false
	for i, key := range n.keys {
		s := strengthOf(key)
		if s == notName || !n.values[i].object {
			return false
		}
		strong = strong || s == strongName
	}
	return strong
}

// walk reads a value. key is the key it stands under.
func (w *dataWalker) walk(n *node, path []entry, key string, depth int) {
	switch {
	case n.list:
		w.list(n, path, key, depth)
	case n.object:
		if (w.below || !w.strict) && w.record(n, path, key) {
			return
		}
		path = w.enter(n, path)
		provider, host := w.provider, w.host
		w.provider = cmp.Or(memberText(n, providerField), provider)
		w.host = cmp.Or(memberText(n, hostField), host)
		defer func() { w.provider, w.host = provider, host }()
		named := namedMembers(n)
		for i, child := range n.values {
			inner := path
			if child.object || child.list {
				inner = appendEntry(path, depth*2+1, n.keys[i])
				if !labelClass(splitKey(n.keys[i])).found {
					inner[len(inner)-1].class = classified{} // "technicalDefinitions"
				}
			}
			w.named = named
			below := w.below
			w.below = below || mentionsCookies(splitKey(n.keys[i])) || bareKey(n.keys[i]) == "devicestorage" || bareKey(n.keys[i]) == "disclosures"
			w.walk(child, inner, n.keys[i], depth+1)
			w.below = below
		}
	default:
		if (w.below || !w.strict) && isPage(n.text) {
			w.page(n.text, path)
			return
		}
		if len(strings.Fields(n.text)) > 4 {
			w.texts = append(w.texts, n.text)
		}
	}
}

// memberText is the organisation or the host that an object names for what it
// holds.
func memberText(n *node, kind fieldKind) string {
	for i, k := range n.keys {
		if v := n.values[i]; v.text != "" && len(v.text) < 100 && columnKind(splitKey(k)) == kind && (kind != hostField || hostOf(v.text) != "") {
			return v.text
		}
	}
	return ""
}

// list reads a list; one of plain texts under a key for cookies is a list of
// names.
func (w *dataWalker) list(n *node, path []entry, key string, depth int) {
	cookies := mentionsCookies(splitKey(key))
	if cookies && w.rowOfTexts(n, path) {
		return
	}
	for i, child := range n.values {
		if child.list && cookies && len(child.values) > 0 && strings.HasPrefix(child.values[0].text, "/") {
			child = child.values[0] // Klaro: a pattern, a path and a host
		}
		if child.object || child.list || !cookies {
			w.walk(child, path, key, depth+1)
			continue
		}
		if w.strict && i > 0 && n.values[0].text != "" && strings.HasPrefix(child.text, "/") && !strings.HasSuffix(child.text, "/") {
			continue // the path of a cookie
		}
		if child.text == "true" || child.text == "false" {
			continue // a setting
		}
		if refs := namesIn(regexpName(child.text), weakName); len(refs) > 0 {
			w.pos++
			w.records = append(w.records, record{names: refs, quote: clip(child.text, quoteBytes), pos: w.pos, path: path})
		}
	}
}

// enter adds the object's own title to the path.
func (w *dataWalker) enter(n *node, path []entry) []entry {
	title := ""
	for _, key := range []string{"category", "groupname", "purposes", "linkedcategory", "categoryslug", "name", "title", "heading", "label", "id", "slug", "key", "purpose", "type", "class", "group", "titulo", "titre", "titel", "titolo", "tytul", "rubrik", "grupo", "groupe", "gruppo", "gruppe", "groep", "grupp", "grupa", "skupina", "kategorie", "kategori", "kategoria", "categoria", "categorie", "klasse", "clase", "classe"} {
		m := n.member(key)
		if m != nil && m.list && len(m.values) > 0 {
			m = m.values[0]
		}
		if m != nil && m.text != "" && len(m.text) < 100 && (key != "type" || headingClass(m.text).found) {
			title = m.text
			if headingClass(title).found {
				break
			}
		}
	}
	if title == "" {
		return path
	}
	return appendEntry(path, len(path)*2+2, title)
}

func appendEntry(path []entry, level int, text string) []entry {
	out := append([]entry(nil), path...)
	return append(out, newEntry(level, text))
}

// isRow reports whether an object may be that of one cookie: it holds no objects of
// its own, once its texts in several languages are one text, and no list of
// cookies.
func isRow(n *node) bool {
	for i, child := range n.values {
		if text, ok := translated(child); ok {
			child = &node{text: text}
			n.values[i] = child
		}
		if child.object || child.list && len(child.values) > 0 && (child.values[0].object || child.values[0].list || mentionsCookies(n.keys[i])) {
			return false
		}
	}
	return true
}

// nameKeys are the keys of a name, the surest first.
var nameKeys = []string{"cookiename", "cookie", "name", "cookiekey", "key", "col1", "id", "title", "identifier", "cookieid"}

// record reads an object that declares a cookie: it has a name and at least one
// other member that tells of cookies, and no objects of its own.
func (w *dataWalker) record(n *node, path []entry, key string) bool {
	if !isRow(n) {
		return false
	}
	r := record{path: path}
	nameKey := ""
	for _, k := range nameKeys {
		if m := n.member(k); m != nil && m.text != "" {
			if refs := namesIn(regexpName(m.text), weakName); len(refs) > 0 {
				nameKey, r.names = k, refs
				break
			}
		}
	}
	if nameKey == "" {
		nameKey, r.names = labelledName(n)
	}
	if nameKey == "" {
		// An object under the name itself: {"_ga": {"duration": …}}.
		least := likelyName
		if w.named {
			least = weakName
		}
		refs := namesIn(key, least)
		if len(refs) == 0 {
			return false
		}
		r.names = refs
	}
	told := 0
	if life := statedLength(n); life != "" {
		r.add(lifetimeField, "", life)
		told++
	}
	r.add(storageField, "type", storageMember(n))
	told += w.members(n, nameKey, &r)
	if m := n.member("wildcardmatch"); m != nil && (m.text == "1" || m.text == "true") && !strings.Contains(r.names[0].name, "*") {
		r.names[0].name += "*"
	}
	w.inherit(&r)
	best := strengthOf(r.names[0].name)
	if best < strongName && !w.strict && !nearCookies(path) && !mentionsCookies(splitKey(nameKey)) && !r.tellsOfStorage() {
		return false
	}
	if w.strict && nameKey == "" && best < strongName && !r.tellsOfStorage() {
		return false // a setting beside the cookies
	}
	if told == 0 && best < strongName || told < 2 && best == weakName && !nearCookies(path) || best < strongName && r.introduces(nameKey) {
		return false
	}
	w.pos++
	r.pos = w.pos
	w.records = append(w.records, r)
	return true
}

// introduces reports whether a record is none of a cookie: its members are the
// headings of a table, or a title with the text below it.
func (r *record) introduces(nameKey string) bool {
	purposeOnly := true
	for _, f := range r.fields {
		if f.kind == lifetimeField && columnKind(f.text) == lifetimeField {
			if _, length := ParseLifetime(f.text); !length {
				return true
			}
		}
		purposeOnly = purposeOnly && (f.kind == purposeField || f.kind == ignoredField)
	}
	return purposeOnly && nameKey == "title"
}

// inherit gives a record the organisation and the host of the objects above.
func (w *dataWalker) inherit(r *record) {
	if !r.has(providerField) {
		r.add(providerField, "", w.provider)
	}
	if !r.has(hostField) {
		r.add(hostField, "", w.host)
	}
}

// members reads the other members of an object and returns how many tell of
// cookies.
func (w *dataWalker) members(n *node, nameKey string, r *record) int {
	told := 0
	quote := []string{r.names[0].name}
	apart, _ := unitMember(n)
	for i, k := range n.keys {
		child := n.values[i]
		if bareKey(k) == nameKey || child.object || apart != "" && strings.Contains(bareKey(k), apart) || r.has(storageField) && bareKey(k) == "type" {
			continue
		}
		text := child.text
		if child.list {
			var parts []string
			for _, v := range child.values {
				parts = append(parts, v.text)
			}
			text = strings.Join(parts, " ")
		}
		if text == "" {
			continue
		}
		kind := columnKind(splitKey(k))
		if kind == nameField || kind == noField {
			continue
		}
		if kind == purposeField && !strings.ContainsFunc(text, unicode.IsLetter) {
			continue // a list of numbers
		}
		if kind != ignoredField {
			told++
		}
		quote = append(quote, k+": "+text)
		r.add(kind, k, text)
	}
	r.quote = clip(squeeze(strings.Join(quote, " | ")), quoteBytes)
	return told
}

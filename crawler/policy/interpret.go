package policy

import (
	"strings"

	"cookieaudit/crawler/evidence"
)

// quoteBytes is how much of a row or sentence a quote keeps.
const quoteBytes = 500

// An interpreter turns records of every layout into declarations.
type interpreter struct {
	url   string
	notes footnotes
	// class is the class that the document gives to all its cookies, and
	// life the lifetime.
	class classified
	life  string
}

// declarations reads one record.
func (in *interpreter) declarations(r *record) []evidence.Declaration {
	var out []evidence.Declaration
	lives := in.lifetimes(r)
	class, unsure := in.classOf(r)
	for i, ref := range r.names {
		d := evidence.Declaration{
			Name:        ref.name,
			Pattern:     strings.Contains(ref.name, "*"),
			Category:    class,
			Description: clip(squeeze(r.text(purposeField)), 2000),
			Source:      evidence.Source{URL: in.url, Quote: r.quote, Section: r.section(), Position: r.pos},
		}
		d.Host, d.Provider = in.origin(r, ref)
		d.Storage = in.storage(r, ref)
		life := lives[min(i, len(lives)-1)]
		if life.text == "" {
			life = in.noteLifetime(ref.note)
		}
		if life.text == "" && d.Storage == evidence.KindCookie && in.life != "" {
			life = lifetime{text: in.life, unsure: ""}
			life.seconds, _ = ParseLifetime(in.life)
		}
		d.Lifetime, d.Seconds = life.text, life.seconds
		d.Unsure = joinUnsure(unsure, life.unsure)
		out = append(out, d)
	}
	return out
}

func joinUnsure(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "; ")
}

// classOf finds the purpose class: the cell, the first words of the purpose, the
// heading row, the headings above, a sentence above, the document, the purpose.
func (in *interpreter) classOf(r *record) (evidence.Category, string) {
	for _, f := range r.fields {
		if f.kind != categoryField && f.kind != typeField && f.kind != storageField {
			continue
		}
		if c := labelClass(f.text); c.found {
			return mixed(c, f.text)
		}
		if f.kind == categoryField && saysUnclassified(f.text) {
			return evidence.UnknownCategory, ""
		}
		if c := leadingClass(f.text); c.found {
			return mixed(c, f.text)
		}
	}
	if c := leadingClass(r.text(purposeField)); c.found {
		return mixed(c, "the purpose text")
	}
	if class, unsure, found := pathClass(r.path); found {
		return class, unsure
	}
	if r.intro.found {
		return mixed(r.intro, "the sentence above")
	}
	if in.class.found {
		return in.class.class, ""
	}
	if c := purposeClass(r.text(purposeField)); c.found {
		return c.class, "category read from the purpose text"
	}
	return evidence.UnknownCategory, ""
}

// pathClass is the class of the nearest heading that is the name of one. The
// word in the name of a product ("Google Analytics") counts only where no
// heading above says more.
func pathClass(path []entry) (evidence.Category, string, bool) {
	for _, weak := range []bool{false, true} {
		for i := len(path) - 1; i >= 0; i-- {
			if c := path[i].class; c.found && c.weak == weak {
				class, unsure := mixed(c, path[i].text)
				return class, unsure, true
			}
			if saysUnclassified(path[i].text) {
				return evidence.UnknownCategory, "", true
			}
		}
	}
	return "", "", false
}

func mixed(c classified, where string) (evidence.Category, string) {
	if c.mixed {
		return c.class, "more than one category in \"" + clip(squeeze(where), 80) + "\""
	}
	return c.class, ""
}

// saysUnclassified reports whether a text says that there is no class yet.
func saysUnclassified(text string) bool {
	if len(text) > 80 {
		return false
	}
	return containsAny(fold(text), "unclassified", "uncategori", "unknown", "nicht klassifiziert", "unklassifiziert", "non classe", "sin clasificar", "no clasificad", "non classificat", "niet geclassificeerd", "niesklasyfikowan", "nao classificad", "oklassificera", "uklassificer", "luokittelem", "nem besorolt", "nezarazen", "neklasifikovan")
}

// origin finds the host and the provider of a name.
func (in *interpreter) origin(r *record, ref nameRef) (host, provider string) {
	var hosts []string
	for _, f := range r.fields {
		if f.kind != hostField && f.kind != providerField {
			continue
		}
		found, rest := hostsIn(f.text)
		for _, h := range found {
			hosts = appendNew(hosts, h)
		}
		if f.kind == providerField && provider == "" {
			provider = cleanProvider(rest)
			if first, _, more := strings.Cut(f.text, "\n"); more && hostOf(first) == "" {
				// Links to a provider's policy stand below its name.
				provider = cleanProvider(first)
			}
		}
	}
	if len(hosts) == 0 {
		hosts, _ = hostsIn(ref.note)
	}
	if len(hosts) == 0 {
		hosts = hostsInProse(r.text(purposeField))
	}
	if provider == "" {
		provider = in.impliedProvider(r, ref)
	}
	if provider == "" && len(hosts) > 0 && r.has(providerField) && cleanProvider(r.text(providerField)) != "" {
		provider = squeeze(r.text(providerField))
	}
	return clip(strings.Join(hosts, " "), 1000), clip(provider, 200)
}

// impliedProvider is the organisation that the surroundings name: the heading
// row of the table, the bracket behind the name, the purpose text, the heading
// of a service.
func (in *interpreter) impliedProvider(r *record, ref nameRef) string {
	if r.group != "" && !labelClass(r.group).found && !mentionsCookies(r.group) {
		return squeeze(r.group)
	}
	if p := noteProvider(ref.note); p != "" {
		return p
	}
	if p := proseProvider(r.text(purposeField)); p != "" {
		return p
	}
	if len(r.path) > 0 {
		return serviceHeading(r)
	}
	return ""
}

// storage finds the kind of storage.
func (in *interpreter) storage(r *record, ref nameRef) evidence.StorageKind {
	if kind := storageOf(ref.note); kind != "" {
		return kind
	}
	for _, want := range []fieldKind{storageField, typeField, lifetimeField, categoryField} {
		for _, f := range r.fields {
			if f.kind != want {
				continue
			}
			if kind := storageOf(f.text); kind != "" {
				return kind
			}
		}
	}
	if r.group != "" {
		if kind := storageOf(r.group); kind != "" {
			return kind
		}
	}
	if kind := sectionStorage(r.path); kind != "" {
		return kind
	}
	if kind := storedIn(r.text(purposeField)); kind != "" {
		return kind
	}
	return evidence.KindCookie
}

const notUnderstood = "lifetime not understood"

// A lifetime is the raw text and what was read from it.
type lifetime struct {
	text    string
	seconds *int64
	unsure  string
}

// lifetimes returns one lifetime for all names of a record, or one for each
// where the cell stacks as many as there are names.
func (in *interpreter) lifetimes(r *record) []lifetime {
	var stated []lifetime
	for _, f := range r.fields {
		if f.kind != lifetimeField {
			continue
		}
		if each := in.stacked(f, r.names); each != nil {
			return each
		}
		life := in.lifetime(f.text, headerUnit(f.label), r)
		// One column may say "persistent" and another how long.
		if len(stated) == 0 || stated[0].seconds == nil && life.seconds != nil || life.seconds != nil && *stated[0].seconds == 0 {
			stated = []lifetime{life}
		}
	}
	if len(stated) > 0 {
		return stated
	}
	for _, f := range r.fields {
		if f.kind != typeField && f.kind != categoryField {
			continue
		}
		if seconds, ok := ParseLifetime(f.text); ok && len(f.text) < 60 {
			return []lifetime{{text: f.text, seconds: seconds}}
		}
	}
	if clause := lifetimeClause(r.text(purposeField)); clause != "" {
		seconds, _ := ParseLifetime(clause)
		return []lifetime{{text: clause, seconds: seconds}}
	}
	return []lifetime{{}}
}

func (in *interpreter) lifetime(text string, unit float64, r *record) lifetime {
	out := lifetime{text: squeeze(strings.TrimRight(text, " ."))}
	seconds, ok := in.notes.lifetime(out.text, unit)
	out.seconds = seconds
	if !ok {
		out.unsure = notUnderstood
	}
	if ok && seconds == nil {
		if clause := firstLength(r.text(purposeField)); clause != "" {
			out.unsure = "the description states \"" + clip(clause, 80) + "\""
		}
	}
	return out
}

// stacked reads a cell with one lifetime per name.
func (in *interpreter) stacked(f field, names []nameRef) []lifetime {
	lines := strings.Split(f.text, "\n")
	if len(lines) == 1 && len(names) > 1 {
		lines = strings.FieldsFunc(f.text, func(r rune) bool { return r == ',' || r == ';' || r == '/' })
	}
	if len(names) < 2 || len(lines) != len(names) {
		return nil
	}
	out := make([]lifetime, len(lines))
	understood := 0
	for i, line := range lines {
		seconds, ok := in.notes.lifetime(line, headerUnit(f.label))
		out[i] = lifetime{text: squeeze(line), seconds: seconds}
		if ok {
			understood++
		} else {
			out[i].unsure = notUnderstood
		}
	}
	if understood == 0 {
		return nil
	}
	return out
}

// noteLifetime reads a lifetime from the bracket behind a name.
func (in *interpreter) noteLifetime(note string) lifetime {
	if note == "" || len(note) > 120 {
		return lifetime{}
	}
	if seconds, ok := ParseLifetime(note); ok && storageOf(note) == "" {
		return lifetime{text: note, seconds: seconds}
	}
	return lifetime{}
}

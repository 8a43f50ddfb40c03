package policy

import (
	"slices"
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
	// ukrainian is true for a document in which "година" is an hour.
	ukrainian bool
	// german is true for one in which "2 J." are years.
	german bool

	basis []evidence.FieldBasis // of the declaration that is being read
}

// because notes which text gave a field.
func (in *interpreter) because(field, from, text string) {
	if text = clip(text, 200); text != "" {
		in.basis = append(in.basis, evidence.FieldBasis{Field: field, From: from, Text: text})
	}
}

// where says where the text of a field stands.
func (f field) where() string {
	if label := squeeze(f.label); label != "" {
		return "beside \"" + clip(label, 80) + "\""
	}
	if f.kind == purposeField {
		return fromPurpose
	}
	return "behind the name"
}

// Where a text stands that has no label.
const (
	fromPurpose = "in the purpose text"
	fromHeading = "in a heading above"
	fromBracket = "in the bracket behind the name"
)

// declarations reads one record.
func (in *interpreter) declarations(r *record) []evidence.Declaration {
	var out []evidence.Declaration
	in.basis = nil
	lives := in.lifetimes(r)
	class, unsure := in.classOf(r)
	shared := in.basis
	for i, ref := range r.names {
		in.basis = nil
		in.because("name", "in the text", nameText(r))
		in.basis = append(in.basis, shared...)
		d := evidence.Declaration{
			Name:        ref.name,
			Pattern:     strings.Contains(ref.name, "*"),
			Category:    class,
			Description: clip(squeeze(r.text(purposeField)), 2000),
			Source:      evidence.Source{URL: in.url, Quote: r.quote, Section: r.section(), Position: r.pos},
		}
		if c := noteClass(ref.note); c.found && class == evidence.UnknownCategory {
			d.Category = c.class
			in.because("category", fromBracket, ref.note)
		}
		d.Host, d.Provider = in.origin(r, ref)
		d.Storage = in.storage(r, ref)
		life := lives[min(i, len(lives)-1)]
		if life.text == "" || life.unsure == notUnderstood || life.prose {
			// A column may only say "see each cookie", and a sentence states
			// another length behind each name.
			if own := in.noteLifetime(ref.note); own.text != "" || life.text == "" {
				life = own
				in.because("lifetime", fromBracket, life.text)
			}
		}
		if life.text == "" && d.Storage == evidence.KindCookie && in.life != "" {
			life = lifetime{text: in.life, unsure: ""}
			life.seconds, _ = ParseLifetime(in.spelled(in.life, ""))
			in.because("lifetime", "in a sentence about all cookies", in.life)
		}
		d.Lifetime, d.Seconds = life.text, life.seconds
		d.Unsure = joinUnsure(unsure, life.unsure)
		d.Basis = in.basis
		out = append(out, d)
	}
	return out
}

// nameText is the cell that the names were read from, or the whole quote.
func nameText(r *record) string {
	if text := r.text(nameField); text != "" {
		return text
	}
	return r.quote
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

// classFields are the fields that can state a class, those first that are headed
// as such: a column "Type" may tell what the cookies of a row do.
func classFields(fields []field) []field {
	var headed, others []field
	for _, f := range fields {
		switch {
		case f.kind != categoryField && f.kind != typeField && f.kind != storageField:
		case f.kind == categoryField && columnKind(f.label) == categoryField:
			headed = append(headed, f)
		default:
			others = append(others, f)
		}
	}
	return append(headed, others...)
}

// classOf finds the purpose class: the cell, the first words of the purpose, the
// heading row, the headings above, a sentence above, the document, the purpose.
func (in *interpreter) classOf(r *record) (evidence.Category, string) {
	for _, f := range classFields(r.fields) {
		if c := labelClass(f.text); c.found {
			in.because("category", f.where(), f.text)
			return mixed(c, f.text)
		}
		if f.kind == categoryField && saysUnclassified(f.text) {
			in.because("category", f.where(), f.text)
			return evidence.UnknownCategory, ""
		}
		if c := leadingClass(f.text); c.found {
			in.because("category", f.where(), f.text)
			return mixed(c, f.text)
		}
	}
	for _, f := range r.fields {
		if c := wholeClass(f.text); c.found && !c.mixed && f.kind == purposeField && f.label != "" {
			in.because("category", f.where(), f.text) // "Purpose: Performance"
			return mixed(c, f.text)
		}
	}
	if c := leadingClass(r.text(purposeField)); c.found {
		in.because("category", fromPurpose, r.text(purposeField))
		return mixed(c, "the purpose text")
	}
	if class, text, unsure := pathClass(r.path); text != "" {
		in.because("category", fromHeading, text)
		return class, unsure
	}
	if r.intro.found {
		in.because("category", "in a sentence above", string(r.intro.class))
		return mixed(r.intro, "the sentence above")
	}
	if in.class.found {
		in.because("category", "in a sentence about all cookies", string(in.class.class))
		return in.class.class, ""
	}
	if c := purposeClass(r.text(purposeField)); c.found {
		in.because("category", fromPurpose, r.text(purposeField))
		return c.class, "category read from the purpose text"
	}
	return evidence.UnknownCategory, ""
}

// noteClass is the class in the bracket behind a name ("_ga (statistics, 2 years)").
func noteClass(note string) classified {
	if len(note) > 120 {
		return classified{}
	}
	for part := range strings.SplitSeq(note, ",") {
		if c := wholeClass(strings.TrimSpace(part)); c.found {
			return c
		}
	}
	return classified{}
}

// pathClass is the class of the nearest heading that is the name of one. The
// word in the name of a product ("Google Analytics") counts only where no
// heading above says more.
func pathClass(path []entry) (class evidence.Category, text, unsure string) {
	for _, weak := range []bool{false, true} {
		for i := len(path) - 1; i >= 0; i-- {
			if c := path[i].class; c.found && c.weak == weak {
				if c.mixed {
					i = clearer(path, i)
					c = path[i].class
				}
				class, unsure = mixed(c, path[i].text)
				return class, path[i].text, unsure
			}
			if saysUnclassified(path[i].text) {
				return evidence.UnknownCategory, path[i].text, ""
			}
		}
	}
	return "", "", ""
}

// clearer is the heading above one of several classes that names one of them
// ("Preference cookies necessary for …" below "Necessary"), or that one itself.
func clearer(path []entry, at int) int {
	found, _, _ := classesOf(path[at].text)
	for i := at - 1; i >= 0; i-- {
		if c := path[i].class; c.found && !c.weak {
			if !c.mixed && slices.Contains(found, c.class) {
				return i
			}
			break
		}
	}
	return at
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

package policy

import (
	"cmp"
	"regexp"
	"strings"
)

const notUnderstood = "lifetime not understood"

// A lifetime is the raw text and what was read from it.
type lifetime struct {
	text    string
	seconds *int64
	unsure  string
	prose   bool // read from the purpose text, for all names of it
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
			in.because("lifetime", f.where(), f.text)
			return each
		}
		life := in.lifetime(f, r)
		// One column may say "persistent" and another how long.
		if len(stated) == 0 || stated[0].seconds == nil && life.seconds != nil || life.seconds != nil && *stated[0].seconds == 0 {
			stated = []lifetime{life}
			in.because("lifetime", f.where(), f.text)
		}
	}
	if len(stated) > 0 {
		return stated
	}
	for _, f := range r.fields {
		if f.kind != typeField && f.kind != categoryField {
			continue
		}
		if seconds, ok := ParseLifetime(in.spelled(f.text, f.label)); ok && len(f.text) < 60 {
			in.because("lifetime", f.where(), f.text)
			return []lifetime{{text: f.text, seconds: seconds}}
		}
	}
	if clause := lifetimeClause(r.text(purposeField)); clause != "" {
		in.because("lifetime", fromPurpose, clause)
		if each := in.stacked(field{kind: lifetimeField, text: clause}, r.names); each != nil {
			return each
		}
		seconds, _ := ParseLifetime(in.spelled(clause, ""))
		return []lifetime{{text: clause, seconds: seconds, prose: true}}
	}
	return []lifetime{in.headedLife(r.path)}
}

// headedLife is the lifetime that the nearest heading gives to what stands below it
// ("Session cookies", "Persistent cookies (1 year)").
func (in *interpreter) headedLife(path []entry) lifetime {
	if len(path) == 0 {
		return lifetime{}
	}
	text := path[len(path)-1].text
	if m := bracketAtEnd(text); m != nil {
		text = m[2]
	} else if path[len(path)-1].level >= softLevel {
		return lifetime{}
	}
	if !lifetimeOnly(text) {
		return lifetime{}
	}
	seconds, _ := ParseLifetime(in.spelled(text, ""))
	if seconds == nil {
		return lifetime{}
	}
	in.because("lifetime", fromHeading, text)
	return lifetime{text: text, seconds: seconds, prose: true}
}

func (in *interpreter) lifetime(f field, r *record) lifetime {
	out := lifetime{text: squeeze(strings.TrimRight(f.text, " ."))}
	seconds, ok := in.notes.lifetime(in.spelled(out.text, f.label), headerUnit(f.label))
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
	if each := in.perName(f, names); each != nil {
		return each
	}
	lines := strings.Split(f.text, "\n")
	if own := ownLengths(f.text, names); own != nil {
		lines = own
	} else if len(lines) == 1 && len(names) > 1 {
		lines = eachLength(f.text, len(names))
	}
	if len(names) < 2 || len(lines) != len(names) {
		return nil
	}
	out := make([]lifetime, len(lines))
	understood := 0
	for i, line := range lines {
		seconds, ok := in.notes.lifetime(in.spelled(line, f.label), headerUnit(f.label))
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

// ownLengths reads a list of lifetimes of which some stand beside the name that they
// are for; one without a name is for the others ("session; kb_device 10 years"). nil
// where there is no such list.
func ownLengths(text string, names []nameRef) []string {
	if len(names) < 2 || len(names) > 50 || len(text) > 2000 || !strings.ContainsAny(text, ",;\n") {
		return nil
	}
	at := map[string]int{}
	for i, ref := range names {
		at[ref.name] = i
	}
	out := make([]string, len(names))
	others, named := "", 0
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		of := -1
		for token := range strings.FieldsSeq(part) {
			if i, found := at[canonicalName(strings.Trim(token, ":()"))]; found {
				of = i
			}
		}
		switch {
		case of >= 0:
			out[of] = part
			named++
		case others != "":
			return nil
		default:
			others = part
		}
	}
	if named == 0 || others == "" && named < len(names) {
		return nil
	}
	for i := range out {
		out[i] = cmp.Or(out[i], others)
	}
	return out
}

// eachLength splits a list of lifetimes at its marks, and at the word before the
// last where that makes as many as there are names ("2 years, 24 hours and 1
// minute respectively").
func eachLength(text string, names int) []string {
	split := func(text string) []string {
		return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '/' })
	}
	lines := split(text)
	if len(lines)+1 != names || len(text) > 2000 {
		return lines
	}
	joined := split(andWord.ReplaceAllString(text, ", "))
	if len(joined) != names {
		return lines
	}
	for _, line := range joined {
		if _, ok := ParseLifetime(line); !ok {
			return lines
		}
	}
	last, _, _ := strings.Cut(strings.TrimSpace(joined[names-1]), " resp")
	joined[names-1] = last
	return joined
}

// noteLifetime reads a lifetime from the bracket behind a name.
func (in *interpreter) noteLifetime(note string) lifetime {
	if _, note = hostsIn(note); note == "" || len(note) > 120 {
		return lifetime{}
	}
	note = noteWithout(note, func(part string) bool { return storageOf(part) != "" })
	if seconds, ok := ParseLifetime(in.spelled(note, "")); ok && storageOf(note) == "" {
		return lifetime{text: note, seconds: seconds}
	}
	return lifetime{}
}

// noteWithout takes the parts out of a bracket that something else reads ("cookie,
// Google, 2 years"); a bracket of one part stays.
func noteWithout(note string, other func(part string) bool) string {
	parts := strings.FieldsFunc(note, func(r rune) bool { return r == ',' || r == ';' || r == '·' || r == '|' })
	if len(parts) < 2 {
		return note
	}
	kept := parts[:0]
	for _, part := range parts {
		if part = strings.TrimSpace(part); !other(part) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, ", ")
}

// spelled writes out what the language of the document decides. Ukrainian hours
// become Russian ones: "години" are hours there and years in Bulgarian and
// Macedonian. A German "J." is a year, which in French is a day, and "T." a day,
// which in Danish is an hour.
func (in *interpreter) spelled(text, label string) string {
	switch {
	case in.ukrainian:
		return ukrainianHours.Replace(text)
	case in.german, germanLabels.begin(fold(label)):
		return germanDays.ReplaceAllString(germanYears.ReplaceAllString(text, "$1 Jahre"), "$1 Tage")
	}
	return text
}

// germanLabels begin German labels of lifetimes: a list may be too short for its
// language to be told.
var germanLabels = stemsOf("laufzeit", "lebensdauer", "speicherdauer", "speicherfrist", "gültig", "ablauf", "dauer", "aufbewahrung")

var (
	germanYears = regexp.MustCompile(`(\d)\s?J\b\.?`)
	germanDays  = regexp.MustCompile(`(\d)\s?T\b\.?`)
)

var ukrainianHours = strings.NewReplacer("години", "часа", "година", "час", "годину", "час", "годин", "часов")

package policy

import (
	"strings"
	"unicode"

	"cookieaudit/crawler/evidence"
)

// comparedRows is how many declarations of one name a further one is compared
// with; a page that declares a name a hundred thousand times must not cost the
// square of that.
const comparedRows = 40

// merge drops declarations that say nothing new: the same row twice, or a name
// that a sentence only mentions again.
func merge(list []evidence.Declaration) []evidence.Declaration {
	out := make([]evidence.Declaration, 0, len(list))
	byName := map[string][]int{}
	for _, d := range list {
		key := strings.ToLower(d.Name)
		absorbed := false
		same := byName[key]
		for _, i := range same[max(0, len(same)-comparedRows):] {
			if absorbs(&out[i], d) {
				absorbed = true
				break
			}
		}
		if !absorbed {
			byName[key] = append(byName[key], len(out))
			out = append(out, d)
		}
	}
	return out
}

// absorbs reports whether d says nothing that have does not, and gives have
// what only d states. Two rows of tables stay two unless they are equal.
func absorbs(have *evidence.Declaration, d evidence.Declaration) bool {
	if have.Name != d.Name && !sentenceCase(have.Name, d.Name) && !sentenceCase(d.Name, have.Name) {
		return false
	}
	if conflict(have.Host, d.Host) || conflict(have.Lifetime, d.Lifetime) && !sameSeconds(have.Seconds, d.Seconds) || have.Storage != d.Storage {
		return false
	}
	if have.Category != d.Category && have.Category != evidence.UnknownCategory && d.Category != evidence.UnknownCategory {
		return false
	}
	same := have.Host == d.Host && have.Category == d.Category && sameSeconds(have.Seconds, d.Seconds)
	bare := d.Host == "" && d.Lifetime == "" && d.Provider == ""
	haveBare := have.Host == "" && have.Lifetime == "" && have.Provider == ""
	told := ofProse(have) && ofProse(&d) && !conflict(have.Provider, d.Provider) && (have.Lifetime == "" || d.Lifetime == "")
	if !same && !bare && !haveBare && !told && have.Name == d.Name {
		return false
	}
	if sentenceCase(d.Name, have.Name) {
		have.Name = d.Name
	}
	if have.Host == "" {
		have.Host = d.Host
		takeBasis(have, d, "host")
	}
	if have.Provider == "" {
		have.Provider = d.Provider
		takeBasis(have, d, "provider")
	}
	if have.Category == evidence.UnknownCategory {
		have.Category = d.Category
		takeBasis(have, d, "category")
	}
	if have.Lifetime == "" {
		have.Lifetime, have.Seconds = d.Lifetime, d.Seconds
		takeBasis(have, d, "lifetime")
	}
	if have.Description == "" {
		have.Description = d.Description
	}
	return true
}

// ofProse reports whether a declaration was read from a sentence: its description
// is what was quoted. Two sentences may share what they say of one cookie.
func ofProse(d *evidence.Declaration) bool {
	return d.Source.Quote != "" && strings.HasPrefix(d.Description, d.Source.Quote)
}

// takeBasis takes over which text gave a field.
func takeBasis(have *evidence.Declaration, d evidence.Declaration, field string) {
	for _, b := range d.Basis {
		if b.Field == field {
			have.Basis = append(have.Basis, b)
		}
	}
}

// sentenceCase reports whether b is a with its first letter raised, as a word
// processor does at the start of a line.
func sentenceCase(a, b string) bool {
	if len(a) != len(b) || len(a) < 4 || a == b {
		return false
	}
	return a[1:] == b[1:] && unicode.ToUpper(rune(a[0])) == rune(b[0])
}

func conflict(a, b string) bool {
	return a != "" && b != "" && a != b
}

func sameSeconds(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

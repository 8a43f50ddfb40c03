package policy

import "strings"

// perName reads a cell whose lengths say which of several names they are of
// ("2 years (_ga), 24 hours (_gid)", "_ga: 2 years; _gid: 24 hours"). A name that
// the cell leaves out has all of it. It is nil for any other cell.
func (in *interpreter) perName(f field, names []nameRef) []lifetime {
	if len(names) < 2 || len(names) > maxColumns || len(f.text) > 1000 || !strings.ContainsAny(f.text, ",;\n") {
		return nil
	}
	out := make([]lifetime, len(names))
	given := map[string]lifetime{}
	for _, part := range strings.FieldsFunc(f.text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		name, rest := nameOfPart(part, names)
		if name == "" {
			return nil
		}
		seconds, ok := parseLifetime(in.spelled(rest, f.label), headerUnit(f.label))
		if !ok {
			return nil
		}
		given[name] = lifetime{text: rest, seconds: seconds}
	}
	if len(given) < 2 {
		return nil
	}
	for i, ref := range names {
		life, found := given[ref.name]
		if !found {
			life = lifetime{text: squeeze(f.text)}
			life.seconds, _ = parseLifetime(in.spelled(f.text, f.label), headerUnit(f.label))
		}
		out[i] = life
	}
	return out
}

// nameOfPart finds the one of the names that a part of a list speaks of, and what
// stands beside it.
func nameOfPart(part string, names []nameRef) (name, rest string) {
	fields := strings.Fields(part)
	for i, f := range fields {
		core := canonicalName(strings.Trim(f, "():=–—"))
		for _, ref := range names {
			if core != ref.name || core == "" {
				continue
			}
			left := append(append([]string(nil), fields[:i]...), fields[i+1:]...)
			return core, strings.Trim(strings.Join(left, " "), " ():=–—-")
		}
	}
	return "", ""
}

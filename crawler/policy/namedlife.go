package policy

import "strings"

// A namedLife is what a sentence says of some of its names.
type namedLife struct {
	refs []nameRef
	life string
}

// lifePerName reads a sentence that states a lifetime behind every name ("“a”,
// which is kept for a year, and “b”, for 30 minutes"), or behind every group of
// them; for any other, all names share what it says.
func lifePerName(sentence string, refs []nameRef) []namedLife {
	together := []namedLife{{refs: refs}}
	if len(refs) < 2 || len(refs) > 20 {
		return together
	}
	if out := livesInOrder(sentence, refs); out != nil {
		return out
	}
	var out []namedLife
	rest := sentence
	first := 0 // of the names that wait for their lifetime
	for i, ref := range refs {
		core, _, _ := strings.Cut(ref.name, "*")
		at := strings.Index(rest, core)
		if at < 0 || core == "" || ref.note != "" {
			return together // a name that begins with a placeholder, or has its own bracket
		}
		rest = rest[at+len(core):]
		part := rest
		if i+1 < len(refs) {
			following, _, _ := strings.Cut(refs[i+1].name, "*")
			if next := strings.Index(rest, following); next >= 0 {
				part = rest[:next]
			}
		}
		life := firstLength(part)
		if life == "" && len(part) < 120 {
			if seconds, ok := ParseLifetime(part); ok && seconds != nil {
				life = strings.Trim(squeeze(part), " ,.;()\"“”»'")
			}
		}
		if life != "" {
			out = append(out, namedLife{refs[first : i+1], life})
			first = i + 1
		}
	}
	if first < len(refs) || len(out) < 2 {
		return together
	}
	return out
}

// livesInOrder reads a sentence that states as many lengths as it has names,
// behind the last of them ("a and b are kept for two years and one day").
func livesInOrder(sentence string, refs []nameRef) []namedLife {
	rest := sentence
	for _, ref := range refs {
		at := strings.Index(rest, ref.name)
		if at < 0 || ref.note != "" || firstLength(rest[:at]) != "" {
			return nil
		}
		rest = rest[at+len(ref.name):]
	}
	var out []namedLife
	for i := range refs {
		life := firstLength(rest)
		at := strings.Index(rest, life)
		if life == "" || at < 0 {
			return nil
		}
		out = append(out, namedLife{refs[i : i+1], life})
		rest = rest[at+len(life):]
	}
	if firstLength(rest) != "" {
		return nil
	}
	return out
}

// hostNear is the host that stands close behind the one name of a sentence, or
// of its part ("the cookie “IDE” of doubleclick.net").
func hostNear(sentence string, refs []nameRef) string {
	if len(refs) != 1 {
		return ""
	}
	_, rest, found := strings.Cut(sentence, refs[0].name)
	if !found {
		return ""
	}
	for i, f := range strings.Fields(clip(rest, 200)) {
		f = strings.Trim(f, "\"“”„«»'’()[],;:!?")
		if host := hostOf(strings.TrimRight(f, ".")); host != "" {
			return host
		}
		if i == 4 || strengthOf(f) == strongName {
			break
		}
	}
	return ""
}

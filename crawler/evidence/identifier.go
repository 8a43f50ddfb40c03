package evidence

import "slices"

// Identifiers returns the parts of a cookie's value that tell visitors apart, as
// Value.Tokens has them: each visit is a fresh one, so what differs between two
// visits and stays the same through one was made for the visitor. It is empty
// where fewer than two visits held the cookie: then nothing is known.
func (c *Cookie) Identifiers() []string {
	tokens := func(w Write) bool { return len(w.Value.Tokens) > 0 }
	if !slices.ContainsFunc(c.Writes, tokens) {
		return nil
	}
	var visits [][][]string
	for _, p := range Phases() {
		var values [][]string
		for _, w := range c.WrittenIn(p) {
			values = append(values, w.Value.Tokens)
		}
		visits = append(visits, values)
	}
	return identifiers(visits)
}

// Identifiers is the same for a storage item.
func (s *StorageItem) Identifiers() []string {
	visits := make([][][]string, len(s.Held))
	for i, h := range s.Held {
		visits[i] = [][]string{h.Value.Tokens}
	}
	return identifiers(visits)
}

// identifiers compares the parts of the values of fresh visits: a part counts
// that was there from the first to the last value of its visit, and in no other
// visit.
func identifiers(visits [][][]string) []string {
	seen := map[string]int{} // in how many visits
	var stable [][]string
	held := 0
	for _, values := range visits {
		if len(values) == 0 {
			continue
		}
		held++
		var all []string
		for _, parts := range values {
			for _, t := range parts {
				if !slices.Contains(all, t) {
					all = append(all, t)
					seen[t]++
				}
			}
		}
		var kept []string
		for _, t := range values[0] {
			if slices.Contains(values[len(values)-1], t) {
				kept = append(kept, t)
			}
		}
		stable = append(stable, kept)
	}
	if held < 2 {
		return nil
	}
	var out []string
	for _, tokens := range stable {
		for _, t := range tokens {
			if seen[t] == 1 {
				out = append(out, t)
			}
		}
	}
	return out
}

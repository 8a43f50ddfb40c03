package policy

import "strings"

// A fitter judges how well texts sit in columns. It keeps its answers: a table
// without its cells asks for the same text once per column and row length, and
// rows repeat each other's lifetimes, classes and hosts.
type fitter struct {
	seen map[fitKey]int
}

type fitKey struct {
	text string
	kind fieldKind
}

// keptFits and longestFit bound what a fitter keeps.
const (
	keptFits   = 20_000
	longestFit = 200
)

// fits is how well a text sits in a column of a kind.
func (f *fitter) fits(text string, kind fieldKind) int {
	key := fitKey{text, kind}
	if score, have := f.seen[key]; have {
		return score
	}
	score := fits(text, kind)
	if len(text) > longestFit {
		return score
	}
	if f.seen == nil || len(f.seen) >= keptFits {
		f.seen = map[fitKey]int{}
	}
	f.seen[key] = score
	return score
}

func fits(text string, kind fieldKind) int {
	switch kind {
	case nameField:
		refs := namesIn(text, weakName)
		if len(refs) == 0 || statesClassOrLifetime(text) {
			return -4
		}
		return 1 + 2*int(strengthOf(refs[0].name)-weakName)
	case lifetimeField:
		if lifetimeOnly(text) {
			return 5
		}
		return -3
	case typeField:
		if statesClassOrLifetime(text) || storageOf(text) != "" {
			return 4
		}
		return -1
	case categoryField:
		if labelClass(text).found {
			return 4
		}
		return -3
	case hostField, providerField:
		if hosts, _ := hostsIn(text); len(hosts) > 0 {
			return 4
		}
		if len(strings.Fields(text)) > 5 || statesClassOrLifetime(text) {
			return -2
		}
		return 1
	case purposeField:
		if len(strings.Fields(text)) >= 3 {
			return 2
		}
		if statesClassOrLifetime(text) {
			return -2
		}
	}
	return 0
}

func statesClassOrLifetime(text string) bool {
	return labelClass(text).found || lifetimeOnly(text)
}

// alignRow gives the texts of a row that lost its empty cells to columns, in
// order, so that they fit best.
func (f *fitter) alignRow(texts []string, kinds []fieldKind) []string {
	if len(texts) == 0 || len(texts) >= len(kinds) {
		return texts
	}
	p := placing{fit: f, kinds: kinds}
	for _, text := range texts {
		p.add(text)
	}
	return p.row()
}

// A placing gives one text after another to columns.
type placing struct {
	fit   *fitter
	kinds []fieldKind
	texts []string
	// best[i][j] is how well the first i+1 texts fit into the first j columns;
	// into fewer than their number they do not.
	best [][]int
}

func (p *placing) add(text string) {
	i := len(p.texts)
	p.texts = append(p.texts, text)
	line := make([]int, len(p.kinds)+1)
	for j := i + 1; j < len(line); j++ {
		line[j] = p.fit.fits(text, p.kinds[j-1])
		if i > 0 {
			line[j] += p.best[i-1][j-1]
		}
		if j > i+1 {
			line[j] = max(line[j], line[j-1])
		}
	}
	p.best = append(p.best, line)
}

// score is how well the texts fit.
func (p *placing) score() int { return p.best[len(p.best)-1][len(p.kinds)] }

// row is the texts in their columns.
func (p *placing) row() []string {
	out := make([]string, len(p.kinds))
	for i, j := len(p.texts), len(p.kinds); i > 0; j-- {
		if i < j && p.best[i-1][j] == p.best[i-1][j-1] {
			continue
		}
		out[j-1] = p.texts[i-1]
		i--
	}
	return out
}

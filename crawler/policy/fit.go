package policy

import "strings"

// A look is how well a text sits in a column of each kind.
type look [ignoredField + 1]int

// A fitter judges how texts look. It keeps its answers: a table without its cells
// asks for the same text once per row length, and rows repeat each other's
// lifetimes, classes and hosts.
type fitter struct {
	seen map[string]look
}

// keptLooks and longestKept bound what a fitter keeps.
const (
	keptLooks   = 10_000
	longestKept = 200
)

// look is lookOf with a memory.
func (f *fitter) look(text string) look {
	if l, have := f.seen[text]; have {
		return l
	}
	l := lookOf(text)
	if len(text) > longestKept {
		return l
	}
	if f.seen == nil || len(f.seen) >= keptLooks {
		f.seen = map[string]look{}
	}
	f.seen[text] = l
	return l
}

func lookOf(text string) look {
	classed, lives := labelClass(text).found, lifetimeOnly(text)
	states := classed || lives
	l := look{nameField: -4, lifetimeField: -3, categoryField: -3, typeField: -1}
	if refs := namesIn(text, weakName); len(refs) > 0 && !states {
		l[nameField] = 1 + 2*int(strengthOf(refs[0].name)-weakName)
	}
	if lives {
		l[lifetimeField] = 5
	}
	if classed {
		l[categoryField] = 4
	}
	if states || storageOf(text) != "" {
		l[typeField] = 4
	}
	count := len(strings.Fields(text))
	l[hostField] = 1
	if count > 5 || states {
		l[hostField] = -2
	}
	if hosts, _ := hostsIn(text); len(hosts) > 0 {
		l[hostField] = 4
	}
	l[providerField] = l[hostField]
	if count >= 3 {
		l[purposeField] = 2
	} else if states {
		l[purposeField] = -2
	}
	return l
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
	i, l := len(p.texts), p.fit.look(text)
	p.texts = append(p.texts, text)
	line := make([]int, len(p.kinds)+1)
	for j := i + 1; j < len(line); j++ {
		line[j] = l[p.kinds[j-1]]
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

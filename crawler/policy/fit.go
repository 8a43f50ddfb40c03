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
	n, m := len(texts), len(kinds)
	if n == 0 || n >= m {
		return texts
	}
	const never = -1 << 30
	// score[i][j]: the best for the first i texts in the first j columns.
	score := make([][]int, n+1)
	for i := range score {
		score[i] = make([]int, m+1)
		for j := range score[i] {
			if i > j {
				score[i][j] = never
				continue
			}
			if j == 0 {
				continue
			}
			best := score[i][j-1]
			if i > 0 {
				best = max(best, score[i-1][j-1]+f.fits(texts[i-1], kinds[j-1]))
			}
			score[i][j] = best
		}
	}
	out := make([]string, m)
	for i, j := n, m; i > 0; j-- {
		if i <= j-1 && score[i][j] == score[i][j-1] {
			continue
		}
		out[j-1] = texts[i-1]
		i--
	}
	return out
}

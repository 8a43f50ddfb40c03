package crawler

// A Login is a script.
type Login struct{ Steps []Step }

// A Step is one.
type Step struct{}

func (l *Login) steps() int {
	if l == nil {
		return 0
	}
	return len(l.Steps)
}

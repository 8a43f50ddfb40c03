package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

// A Login is a script that runs in each visit before the landing page, in real
// time. What the site writes meanwhile is recorded and marked.
type Login struct{ Steps []Step }

// A Step does one thing: exactly one of its fields is set.
type Step struct {
	// Navigate is an address, or a path on the landing page's host.
	Navigate string `yaml:"navigate"`
	Fill     *Fill  `yaml:"fill"`
	// Click is the CSS selector of what is clicked.
	Click string `yaml:"click"`
	Wait  *Wait  `yaml:"wait"`

	line int
}

// Fill puts a text into the first visible field that a CSS selector fits.
type Fill struct {
	Selector string `yaml:"selector"`
	Value    string `yaml:"value"`

	secret bool // it came from the environment or a file
}

// Wait waits for an element that is shown, for an address, or for a time;
// exactly one of its fields is set.
type Wait struct {
	Selector string `yaml:"selector"`
	// URL is a pattern for the address: "*" stands for any characters.
	URL  string        `yaml:"url"`
	Time time.Duration `yaml:"time"`
}

// maxLoginWait bounds a wait for a time.
const maxLoginWait = time.Minute

// ParseLogin reads a login script: a YAML list of steps. Texts to fill in are
// given to expand, which puts secrets in the place of their names and says
// whether there were any.
func ParseLogin(script []byte, expand func(string) (text string, secret bool, err error)) (*Login, error) {
	var nodes []yaml.Node
	if err := yaml.Unmarshal(script, &nodes); err != nil {
		return nil, fmt.Errorf("it is no YAML list of steps: %w", err)
	}
	if len(nodes) == 0 {
		return nil, errors.New("it has no steps")
	}
	l := &Login{}
	for i := range nodes {
		s, err := parseStep(&nodes[i])
		if err == nil && s.Fill != nil {
			s.Fill.Value, s.Fill.secret, err = expand(s.Fill.Value)
		}
		if err != nil {
			return nil, fmt.Errorf("step %d (line %d): %w", i+1, nodes[i].Line, err)
		}
		l.Steps = append(l.Steps, s)
	}
	return l, nil
}

func parseStep(n *yaml.Node) (Step, error) {
	const form = "a step is one of navigate: ADDRESS, fill: {selector: CSS, value: TEXT}, click: CSS, wait: {selector: CSS}, wait: {url: PATTERN}, wait: {time: 2s}"
	s := Step{line: n.Line}
	// Only a decoder of its own refuses what it does not know.
	text, err := yaml.Marshal(n)
	if err != nil {
		return s, err
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if d.Decode(&s) != nil { // its message may repeat a value
		return s, errors.New(form)
	}
	given := 0
	for _, is := range []bool{s.Navigate != "", s.Fill != nil, s.Click != "", s.Wait != nil} {
		if is {
			given++
		}
	}
	if given != 1 || s.Fill != nil && s.Fill.Selector == "" {
		return s, errors.New(form)
	}
	if w := s.Wait; w != nil {
		ways := 0
		for _, is := range []bool{w.Selector != "", w.URL != "", w.Time != 0} {
			if is {
				ways++
			}
		}
		if ways != 1 || w.Time < 0 {
			return s, errors.New(form)
		}
		if w.Time > maxLoginWait {
			return s, fmt.Errorf("a wait is at most %s", maxLoginWait)
		}
	}
	return s, nil
}

// String tells a step without what it fills in.
func (s *Step) String() string {
	switch {
	case s.Navigate != "":
		return "navigate " + s.Navigate
	case s.Fill != nil:
		return "fill " + s.Fill.Selector
	case s.Click != "":
		return "click " + s.Click
	case s.Wait.Selector != "":
		return "wait for " + s.Wait.Selector
	case s.Wait.URL != "":
		return "wait for the address " + s.Wait.URL
	}
	return "wait " + s.Wait.Time.String()
}

func (l *Login) steps() int {
	if l == nil {
		return 0
	}
	return len(l.Steps)
}

// login runs the login script. A visit whose script failed is not made: its
// pages would be those of another visitor.
func (t *tour) login(ctx context.Context) (ok bool, err error) {
	if t.c.Start.Login == nil {
		return true, nil
	}
	for i := range t.c.Start.Login.Steps {
		step := &t.c.Start.Login.Steps[i]
		t.progress(t.visit.Phase, fmt.Sprintf("login step %d of %d", i+1, t.c.Start.Login.steps()))
		limit, cancel := context.WithTimeoutCause(ctx, t.c.PageTimeout+maxLoginWait, errLoginStep)
		err := t.step(limit, step)
		cancel()
		switch {
		case errors.Is(err, browser.ErrGone) || ctx.Err() != nil:
			return false, err
		case err != nil:
			t.visit.Outcome = evidence.Unavailable
			t.visit.Why = fmt.Sprintf("the login script failed at step %d, line %d (%s): %v", i+1, step.line, step, err)
			return false, nil
		}
	}
	if err := t.v.Idle(ctx); err != nil {
		return false, err
	}
	err = t.v.Snapshot(ctx)
	t.v.EndLogin()
	return err == nil, err
}

var errLoginStep = errors.New("it took too long")

func (t *tour) step(ctx context.Context, s *Step) error {
	switch {
	case s.Navigate != "":
		base, err := url.Parse(t.site.URL)
		if err != nil {
			return err
		}
		to, err := base.Parse(s.Navigate)
		if err != nil {
			return errors.New("it is not an address")
		}
		p, err := t.v.Open(ctx, to.String(), "", t.c.PageTimeout)
		if err == nil && p.Outcome == evidence.Unavailable {
			err = errors.New(p.Why)
		}
		if err != nil {
			return err
		}
		return t.v.Idle(ctx)
	case s.Fill != nil:
		return t.v.Fill(ctx, s.Fill.Selector, s.Fill.Value, s.Fill.secret, t.c.PageTimeout)
	case s.Click != "":
		if err := t.v.Click(ctx, s.Click, t.c.PageTimeout); err != nil {
			return err
		}
		return t.v.Idle(ctx)
	case s.Wait.Selector != "":
		return t.v.WaitFor(ctx, s.Wait.Selector, t.c.PageTimeout)
	case s.Wait.URL != "":
		return t.v.WaitURL(ctx, func(address string) bool { return fits(s.Wait.URL, address) }, t.c.PageTimeout)
	}
	return t.v.Pass(ctx, s.Wait.Time)
}

// fits matches an address, or its path, with a pattern of "*".
func fits(pattern, address string) bool {
	if u, err := url.Parse(address); err == nil && strings.HasPrefix(pattern, "/") {
		address = u.RequestURI()
	}
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(address, parts[0])
	for i := 1; ok && i < len(parts); i++ {
		if i == len(parts)-1 {
			return strings.HasSuffix(rest, parts[i])
		}
		_, rest, ok = strings.Cut(rest, parts[i])
	}
	return ok && rest == ""
}

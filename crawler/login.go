package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"go.yaml.in/yaml/v3"

	"cookieaudit/crawler/browser"
	"cookieaudit/crawler/evidence"
)

// A Login is a script that runs in each visit before the landing page, in real
// time. What the site writes meanwhile is recorded and marked.
type Login struct{ Steps []Step }

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
		limit, cancel := context.WithTimeoutCause(ctx, t.c.PageTimeout+maxWait, errLoginStep)
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

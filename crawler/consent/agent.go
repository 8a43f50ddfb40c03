package consent

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cookieaudit/crawler/consent/autoconsent"
	"cookieaudit/crawler/evidence"
)

const (
	// agentLooks is how long autoconsent may take to find a popup, in page time:
	// it looks twice a second, and every second time with its heuristics.
	agentLooks = 3 * chunk
	// agentAnswers bounds its clicking, in page time.
	agentAnswers = 6 * time.Second
	// agentEval bounds the evaluations that it asks for: it waits no longer.
	agentEval = time.Second
	// agentRounds bounds the questions that are answered at one moment.
	agentRounds = 20
)

// An agent is autoconsent at work in a page. It is asked where own detection
// finds no banner or cannot answer it, because own detection tells what a
// visitor sees and what an answer costs him, and this does not.
type agent struct {
	page Page
	in   []Frame // where it runs
	// popup is the frame in which it found one, cmp its rule.
	popup Frame
	cmp   string
	// done is its last word: whether it says that it answered, and its clicks.
	done   bool
	result bool
	clicks int
}

type agentMessage struct {
	Type   string `json:"type"`
	CMP    string `json:"cmp"`
	ID     string `json:"id"`
	Code   string `json:"code"`
	Result bool   `json:"result"`
	Clicks int    `json:"clicks"`
}

// Automation names the autoconsent that was built in, as a scan does; its
// version is "none" where there was none.
func Automation() (evidence.Dataset, error) {
	pack, err := autoconsent.Find()
	if pack == nil || err != nil {
		return evidence.Dataset{Name: autoconsent.Name, Version: "none"}, err
	}
	return pack.Dataset(), nil
}

// newAgent starts autoconsent in every frame and waits for it to find a popup;
// nil where it finds none or was not built in.
func newAgent(ctx context.Context, p Page) (*agent, error) {
	pack, err := autoconsent.Find()
	if pack == nil || err != nil {
		return nil, err
	}
	a := &agent{page: p}
	for _, f := range p.Frames() {
		there := false
		if eval(ctx, f.Eval, autoconsent.Again, &there) == nil && !there {
			script, err := pack.Script(f.URL(), f.Top())
			if err != nil {
				return nil, err
			}
			there = eval(ctx, f.Eval, script, nil) == nil
		}
		if there {
			a.in = append(a.in, f)
		}
	}
	for waited := time.Duration(0); waited < agentLooks && len(a.in) > 0; waited += chunk {
		if err := a.live(ctx); err != nil {
			return nil, err
		}
		if a.popup != nil {
			return a, nil
		}
	}
	return nil, nil
}

// live lets the page live for a moment and hears what autoconsent says.
func (a *agent) live(ctx context.Context) error {
	if err := a.page.Advance(ctx, chunk); err != nil {
		return fmt.Errorf("wait for autoconsent: %w", err)
	}
	for _, f := range a.in {
		for range agentRounds {
			var said []agentMessage
			if eval(ctx, f.Eval, "autoconsent.fetch()", &said) != nil || !a.hear(ctx, f, said) {
				break
			}
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("wait for autoconsent: %w", context.Cause(ctx))
	}
	return nil
}

// hear takes messages and reports whether one was a question, which was
// answered: there may be more.
func (a *agent) hear(ctx context.Context, f Frame, said []agentMessage) bool {
	asked := false
	for _, m := range said {
		switch m.Type {
		case "popupFound":
			if a.popup == nil {
				a.popup, a.cmp = f, m.CMP
			}
		case "eval":
			asked = true
			a.tell(ctx, f, map[string]any{"type": "evalResp", "id": m.ID, "result": evalMain(ctx, f, m.Code)})
		case "optOutResult", "optInResult":
			a.done, a.result = true, m.Result
		case "autoconsentDone":
			a.clicks = m.Clicks
		}
	}
	return asked
}

// evalMain evaluates a rule's question in the page's own world. An error is a no.
func evalMain(ctx context.Context, f Frame, code string) bool {
	ctx, cancel := context.WithTimeoutCause(ctx, agentEval, errEvalTimeout)
	defer cancel()
	var yes bool
	err := f.EvalMain(ctx, "(async () => { try { return !!(await ("+code+")); } catch { return false; } })()", &yes)
	return err == nil && yes
}

// tell sends a message to autoconsent in a frame. One that is lost, because the
// document went away, is missed by nobody.
func (a *agent) tell(ctx context.Context, f Frame, message map[string]any) {
	if b, err := json.Marshal(message); err == nil {
		_ = eval(ctx, f.Eval, "autoconsent.tell("+string(b)+")", nil)
	}
}

// answer lets autoconsent answer and proves what came of it: what it says itself
// counts for nothing.
func (a *agent) answer(ctx context.Context, want Choice, o Options) (evidence.Consent, error) {
	s := &session{page: a.page, o: o, want: want, banner: &evidence.Banner{}, consent: evidence.Consent{CMP: a.cmp, By: autoconsent.Name}}
	var err error
	if s.before, err = readState(ctx, a.page, a.popup.URL()); err != nil {
		return s.consent, err
	}
	l, err := lookAt(ctx, a.page)
	if err != nil {
		return s.consent, err
	}
	if err := s.mark(ctx); err != nil {
		return s.consent, err
	}
	a.tell(ctx, a.popup, map[string]any{"type": map[Choice]string{RejectAll: "optOut", AcceptAll: "optIn"}[want]})
	for waited := time.Duration(0); waited < agentAnswers && !a.done; waited += chunk {
		if err := a.live(ctx); err != nil {
			return s.consent, err
		}
	}
	left, err := s.remaining(ctx)
	if err != nil {
		return s.consent, err
	}
	// A document that went away took its popup along.
	_ = eval(ctx, a.popup.Eval, "autoconsent.look()", nil)
	if err := a.live(ctx); err != nil {
		return s.consent, err
	}
	open := false
	_ = eval(ctx, a.popup.Eval, "autoconsent.open", &open)
	after, err := readState(ctx, a.page, a.popup.URL())
	if err != nil {
		return s.consent, err
	}
	s.consent.Clicks = a.clicks
	// Where own detection sees the banner it knows best whether it went: what
	// fades is still visible to autoconsent while the clock stands.
	stillThere := left != nil || open && l.best() == nil
	s.conclude(stillThere, compare(s.before, after, want))
	return s.consent, o.seen(ctx, Answered)
}

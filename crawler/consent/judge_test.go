package consent

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"cookieaudit/crawler/evidence"
)

func TestWords(t *testing.T) {
	t.Parallel()
	official := []string{"bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv", "no", "uk", "tr", "ja"}
	have := map[string]bool{}
	for _, l := range words().perLang {
		have[l.lang] = true
	}
	for _, l := range official {
		if !have[l] {
			t.Errorf("no words for %s", l)
		}
	}
}

func FuzzLabelRole(f *testing.F) {
	for _, s := range []string{"Accept all", "同意する", "×", "\x00", " ", "ﬁ", "Ǆ", "a\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, label string) {
		if r := labelRole(label); r == "" {
			t.Errorf("labelRole(%q) is empty", label)
		}
		c := candidate{Form: "fixed", Text: label, Controls: []control{{Kind: "button", Name: label, Text: label}}}
		if v, ok := judge(c); ok && v.choices() == 0 {
			t.Errorf("%q is a banner without a choice", label)
		}
	})
}

// A script is a page that follows a script: what the probe sees at each moment
// and what the state says before and after the answer.
type script struct {
	now         int64
	looks       func(now int64, clicked int) (probed, error) // of the top frame
	state       func(clicked int) apiState
	actErr      error
	clicked     int
	marked      []int64
	clickedAt   []int64
	noFrames    bool
	advanceErr  error
	missClicks  int // so many clicks find nothing
	childFrames []Frame
}

func (s *script) Frames() []Frame {
	if s.noFrames {
		return nil
	}
	return append([]Frame{scriptFrame{s}}, s.childFrames...)
}
func (s *script) Now() int64 { return s.now }
func (s *script) MarkAnswer(context.Context) error {
	s.marked = append(s.marked, s.now)
	return nil
}
func (s *script) Reveal(context.Context) (int, error)             { return 0, nil }
func (s *script) Closed() bool                                    { return false }
func (s *script) Cookies(context.Context) ([]StoredCookie, error) { return nil, nil }
func (s *script) Advance(_ context.Context, d time.Duration) error {
	s.now += d.Milliseconds()
	return s.advanceErr
}

type scriptFrame struct{ s *script }

func (f scriptFrame) URL() string { return "https://example.org/" }
func (f scriptFrame) Top() bool   { return true }

func (f scriptFrame) Eval(_ context.Context, expression string, out any) error {
	switch {
	case strings.HasPrefix(expression, actJS):
		if f.s.missClicks > 0 {
			f.s.missClicks--
			return put(out, 0)
		}
		f.s.clicked++
		f.s.clickedAt = append(f.s.clickedAt, f.s.now)
		if f.s.actErr != nil {
			return f.s.actErr
		}
		return put(out, 1)
	case expression == storageJS:
		return put(out, []string{})
	}
	p, err := f.s.looks(f.s.now, f.s.clicked)
	if err != nil {
		return err
	}
	return put(out, p)
}

func (f scriptFrame) EvalMain(_ context.Context, _ string, out any) error {
	if f.s.state == nil {
		return errors.New("the page broke JSON")
	}
	return put(out, f.s.state(f.s.clicked))
}

func (f scriptFrame) Click(context.Context, string) error { return errors.New("nothing to click") }

func put(out, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, out)
}

func box(labels ...string) probed {
	c := candidate{Form: "fixed", Text: "We use cookies on this website. " + strings.Join(labels, " ")}
	for i, l := range labels {
		c.Controls = append(c.Controls, control{Kind: "button", Path: []int{i}, Name: l, Text: l})
	}
	return probed{Candidates: []candidate{c}, Lang: "en"}
}

// untilClicked shows a banner from a moment on until it was clicked.
func untilClicked(from int64, p probed) func(int64, int) (probed, error) {
	return func(now int64, clicked int) (probed, error) {
		if now >= from && clicked == 0 {
			return p, nil
		}
		return probed{}, nil
	}
}

func TestNoBannerIsWaitedForInPageTime(t *testing.T) {
	t.Parallel()
	s := &script{looks: func(int64, int) (probed, error) { return probed{}, nil }}
	b, err := Detect(t.Context(), s, Options{})
	if err != nil || b.Found {
		t.Fatalf("%+v, %v", b, err)
	}
	if s.now != lateBanner.Milliseconds() {
		t.Errorf("waited %d ms of page time, want %d", s.now, lateBanner.Milliseconds())
	}
}

func TestAnswerTimes(t *testing.T) {
	t.Parallel()
	s := &script{looks: untilClicked(1000, box("Reject", "Accept"))}
	c, _, err := Answer(t.Context(), s, RejectAll, Options{})
	if err != nil || c.Result != evidence.Clicked || c.Clicks != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	// Seen at 1000, answered one chunk later, the moment taken before the click.
	if c.AtMS != 1500 || len(s.marked) != 1 || s.marked[0] != 1500 || s.clickedAt[0] != 1500 {
		t.Errorf("at %d, marked %v, clicked %v", c.AtMS, s.marked, s.clickedAt)
	}
}

func TestPageThatCannotBeSeen(t *testing.T) {
	t.Parallel()
	broken := errors.New("context destroyed")
	s := &script{looks: func(int64, int) (probed, error) { return probed{}, broken }}
	if b, err := Detect(t.Context(), s, Options{}); !errors.Is(err, ErrNotLooked) || !errors.Is(err, broken) || b != nil {
		t.Errorf("detect: %+v, %v", b, err)
	}
	c, b, err := Answer(t.Context(), s, RejectAll, Options{})
	if !errors.Is(err, ErrNotLooked) || b != nil || c.Result != evidence.Failed || c.Why == "" {
		t.Errorf("answer: %+v, %+v, %v", c, b, err)
	}
	if _, err := Detect(t.Context(), &script{noFrames: true}, Options{}); !errors.Is(err, ErrNotLooked) {
		t.Errorf("without frames: %v", err)
	}
	gone := errors.New("browser is gone")
	if _, err := Detect(t.Context(), &script{looks: untilClicked(0, probed{}), advanceErr: gone}, Options{}); !errors.Is(err, gone) {
		t.Errorf("browser gone: %v", err)
	}
	// One failed look is a document on its way, not a page that cannot be seen.
	flaky := &script{looks: func(now int64, clicked int) (probed, error) {
		if now < 1000 {
			return probed{}, broken
		}
		return untilClicked(0, box("Reject", "Accept"))(now, clicked)
	}}
	if b, err := Detect(t.Context(), flaky, Options{}); err != nil || !b.Found {
		t.Errorf("late document: %+v, %v", b, err)
	}
}

// A blindFrame is a frame of another site that cannot be evaluated in.
type blindFrame struct{}

func (blindFrame) URL() string                                 { return "https://other.test/" }
func (blindFrame) Top() bool                                   { return false }
func (blindFrame) Eval(context.Context, string, any) error     { return errGoneFrame }
func (blindFrame) EvalMain(context.Context, string, any) error { return errGoneFrame }
func (blindFrame) Click(context.Context, string) error         { return errGoneFrame }

var errGoneFrame = errors.New("frame is gone")

func TestUnseenFrameIsSaid(t *testing.T) {
	t.Parallel()
	s := &script{looks: untilClicked(0, probed{}), childFrames: []Frame{blindFrame{}}}
	c, _, err := Answer(t.Context(), s, RejectAll, Options{})
	if err != nil || c.Result != evidence.NoBanner || !strings.Contains(c.Why, "1 frame") {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestAnswerProofs(t *testing.T) {
	t.Parallel()
	purposes := func(v bool) map[string]bool { return map[string]bool{"1": v, "2": v} }
	tcf := func(status string, v bool) apiState {
		var a apiState
		if err := put(&a, map[string]any{"tcf": map[string]any{"status": status, "applies": true, "purposes": purposes(v)}}); err != nil {
			t.Error(err)
		}
		return a
	}
	klaro := func(decided bool, choices map[string]bool) apiState {
		return apiState{Managers: []managerState{{Name: "Klaro", Decided: decided, Choices: choices}}}
	}
	mode := func(v ...string) apiState {
		a := apiState{Mode: map[string]string{"ad_storage": "denied"}}
		for _, x := range v {
			a.ModeUpdates = append(a.ModeUpdates, map[string]string{"ad_storage": x, "analytics_storage": x})
		}
		return a
	}
	usp := func(s string) apiState { return apiState{USP: s} }
	for _, tt := range []struct {
		name          string
		want          Choice
		before, after apiState
		result        evidence.ConsentResult
	}{
		{"TCF refused", RejectAll, tcf("cmpuishown", false), tcf("useractioncomplete", false), evidence.Verified},
		{"TCF still open", RejectAll, tcf("cmpuishown", false), tcf("cmpuishown", false), evidence.Clicked},
		{"TCF granted after a refusal", RejectAll, tcf("cmpuishown", false), tcf("useractioncomplete", true), evidence.Clicked},
		{"TCF granted", AcceptAll, tcf("cmpuishown", false), tcf("useractioncomplete", true), evidence.Verified},
		{"TCF refused after an acceptance", AcceptAll, tcf("cmpuishown", false), tcf("useractioncomplete", false), evidence.Clicked},
		{"manager refused", RejectAll, klaro(false, purposes(false)), klaro(true, purposes(false)), evidence.Verified},
		{"manager undecided", RejectAll, klaro(false, purposes(false)), klaro(false, purposes(false)), evidence.Clicked},
		{"manager in part", RejectAll, klaro(false, nil), klaro(true, map[string]bool{"a": true, "b": false}), evidence.Clicked},
		{"default denies, no update", RejectAll, mode(), mode(), evidence.Clicked},
		{"mode updated", RejectAll, mode(), mode("denied"), evidence.Verified},
		{"an older update", RejectAll, mode("denied"), mode("denied"), evidence.Clicked},
		{"mode granted after a refusal", RejectAll, mode("denied"), mode("denied", "granted"), evidence.Clicked},
		{"US opt-out", RejectAll, usp("1YNN"), usp("1YYN"), evidence.Verified},
		{"US string as before", RejectAll, usp("1YYN"), usp("1YYN"), evidence.Clicked},
		{"nothing", AcceptAll, apiState{}, apiState{}, evidence.Clicked},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &script{looks: untilClicked(0, box("Reject", "Accept")), state: func(clicked int) apiState {
				if clicked == 0 {
					return tt.before
				}
				return tt.after
			}}
			c, _, err := Answer(t.Context(), s, tt.want, Options{})
			if err != nil || c.Result != tt.result {
				t.Errorf("%+v, %v, want %s", c, err, tt.result)
			}
			if (c.Result == evidence.Verified) != (c.Proof != "") || (c.Result != evidence.Verified) != (c.Why != "") {
				t.Errorf("proof and reason do not fit: %+v", c)
			}
		})
	}
}

func TestClickThatHitsNothing(t *testing.T) {
	t.Parallel()
	s := &script{looks: untilClicked(0, box("Reject", "Accept")), missClicks: 1}
	if c, _, err := Answer(t.Context(), s, RejectAll, Options{}); err != nil || c.Clicks != 1 || c.Result != evidence.Clicked {
		t.Errorf("redrawn once: %+v, %v", c, err)
	}
	s = &script{looks: untilClicked(0, box("Reject", "Accept")), missClicks: 9}
	if c, _, err := Answer(t.Context(), s, RejectAll, Options{}); err != nil || c.Clicks != 0 || c.Result != evidence.Failed {
		t.Errorf("never there: %+v, %v", c, err)
	}
	s = &script{looks: untilClicked(0, box("Reject", "Accept")), actErr: errors.New("document navigated")}
	if c, _, err := Answer(t.Context(), s, RejectAll, Options{}); err != nil || c.Clicks != 1 || !strings.Contains(c.Why, "went away") {
		t.Errorf("navigated: %+v, %v", c, err)
	}
}

func TestAnswerEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	s := &script{actErr: context.Canceled}
	s.looks = func(now int64, clicked int) (probed, error) {
		if clicked > 0 || now > 400 {
			cancel(enough)
		}
		return box("Reject", "Accept"), nil
	}
	c, _, err := Answer(ctx, s, RejectAll, Options{})
	if !errors.Is(err, enough) || c.Result == evidence.Verified || c.Result == evidence.Clicked {
		t.Errorf("%+v, %v", c, err)
	}
}

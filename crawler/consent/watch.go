package consent

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cookieaudit/crawler/consent/signal"
	"cookieaudit/crawler/evidence"
)

// maxSignals bounds what is kept of a site that changes its mind for ever.
const maxSignals = 500

// A Watch keeps what a site states about consent over the pages of a visit: each
// statement when it is first seen, and again when it has changed or is gone. The
// zero value is ready.
type Watch struct {
	Signals []evidence.Signal

	last map[watchKey]evidence.Signal
}

type watchKey struct {
	kind        evidence.SignalKind
	source      evidence.SignalSource
	name, frame string
	// nth tells several strings apart that one cookie or key holds.
	nth int
}

// A Moment says of a look at what page it is.
type Moment struct {
	// Page is the visited page's address, PageMS when it was opened.
	Page   string
	PageMS int64
	// AfterAnswer: the banner has been answered.
	AfterAnswer bool
}

// Look reads what the page states now. What cannot be read is missing; only the
// end of the context is an error.
func (w *Watch) Look(ctx context.Context, p Page, at Moment) error {
	now := map[watchKey]evidence.Signal{}
	looked := map[string]bool{"jar": true} // what a missing signal is missing from
	for _, f := range p.Frames() {
		if !f.Top() {
			continue
		}
		var api apiState
		if eval(ctx, f.EvalMain, stateJS, &api) == nil {
			api.signals(f.URL(), now)
		}
		var items []struct{ Kind, Key, Value string }
		if eval(ctx, f.Eval, storageJS, &items) == nil {
			origin := originOf(f.URL())
			looked[origin] = true
			for _, it := range items {
				stored(evidence.SignalSource(it.Kind), it.Key, origin, it.Value, now)
			}
		}
	}
	cookies, err := p.Cookies(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("read the consent signals: %w", context.Cause(ctx))
	}
	if err != nil {
		delete(looked, "jar")
	}
	for _, c := range cookies {
		stored(evidence.FromCookie, c.Name, c.Domain, c.Value, now)
	}
	w.note(now, looked, p.Now(), at)
	return nil
}

// note keeps what is new, in an order of its own: kind, source, name.
func (w *Watch) note(now map[watchKey]evidence.Signal, looked map[string]bool, ms int64, at Moment) {
	if w.last == nil {
		w.last = map[watchKey]evidence.Signal{}
	}
	keep := func(s evidence.Signal) {
		if len(w.Signals) < maxSignals {
			s.Page, s.AtMS, s.PageMS, s.AfterAnswer = at.Page, ms, ms-at.PageMS, at.AfterAnswer
			w.Signals = append(w.Signals, s)
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(now), compareWatchKeys) {
		s := now[k]
		if old, known := w.last[k]; known && same(old, s) {
			continue
		}
		w.last[k] = s
		keep(s)
	}
	for _, k := range slices.SortedFunc(maps.Keys(w.last), compareWatchKeys) {
		place := k.frame
		switch k.source {
		case evidence.FromCookie:
			place = "jar"
		case evidence.FromAPI, evidence.FromDataLayer: // the page may only be one without the manager
			continue
		}
		if _, there := now[k]; there || !looked[place] {
			continue
		}
		delete(w.last, k)
		keep(evidence.Signal{Kind: k.kind, Source: k.source, Name: k.name, Frame: k.frame, Gone: true})
	}
}

func compareWatchKeys(a, b watchKey) int {
	return cmp.Or(strings.Compare(string(a.kind), string(b.kind)), strings.Compare(string(a.source), string(b.source)),
		strings.Compare(a.name, b.name), strings.Compare(a.frame, b.frame), cmp.Compare(a.nth, b.nth))
}

// same reports whether two signals state the same.
func same(a, b evidence.Signal) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// signals are what the page's interfaces say.
func (a *apiState) signals(frame string, out map[watchKey]evidence.Signal) {
	add := func(s evidence.Signal) {
		s.Source, s.Frame = evidence.FromAPI, clip(frame, maxAddress)
		if s.Kind == evidence.SignalConsentMode {
			s.Source = evidence.FromDataLayer
		}
		out[watchKey{kind: s.Kind, source: s.Source, name: s.Name, frame: originOf(frame)}] = s
	}
	if t := a.TCF; t != nil {
		s := evidence.Signal{Kind: evidence.SignalTCF, Name: "__tcfapi", Raw: t.Text}
		if decoded, err := signal.TCF(t.Text); err == nil {
			decoded.Status, decoded.Applies = clip(t.Status, 40), &t.Applies
			s.TCF = decoded
		} else {
			s.Error = err.Error()
		}
		add(s)
	}
	if a.GPPText != "" {
		s := evidence.Signal{Kind: evidence.SignalGPP, Name: "__gpp", Raw: a.GPPText}
		if decoded, err := signal.GPP(a.GPPText); err == nil {
			decoded.Applicable = a.GPPApplicable
			s.GPP = decoded
		} else {
			s.Error = err.Error()
		}
		add(s)
	}
	if a.USP != "" {
		s := evidence.Signal{Kind: evidence.SignalUSPrivacy, Name: "__uspapi", Raw: clip(a.USP, 20)}
		var err error
		if s.USPrivacy, err = signal.USPrivacy(a.USP); err != nil {
			s.Error = err.Error()
		}
		add(s)
	}
	a.modeSignals(add)
	for _, m := range a.Managers {
		s := evidence.Signal{Kind: evidence.SignalManager, Name: clip(m.Name, 40), Choices: m.Choices, Reads: "undecided"}
		if m.Decided {
			s.Reads = readFlags(m.Choices).String()
		}
		add(s)
	}
}

// modeSignals are the commands of Google's consent mode.
func (a *apiState) modeSignals(add func(evidence.Signal)) {
	if len(a.Mode) > 0 {
		add(evidence.Signal{Kind: evidence.SignalConsentMode, Name: "dataLayer default", ConsentMode: &evidence.ConsentMode{
			Command: "default", States: a.Mode, AfterTag: a.ModeAfterTag,
		}})
	}
	for _, r := range a.ModeRegions {
		slices.Sort(r.Regions)
		add(evidence.Signal{
			Kind: evidence.SignalConsentMode, Name: clip("dataLayer default "+strings.Join(r.Regions, ","), 200),
			ConsentMode: &evidence.ConsentMode{Command: "default", States: r.States, Regions: r.Regions, AfterTag: r.AfterTag},
		})
	}
	if len(a.ModeUpdates) > 0 {
		states := map[string]string{}
		for _, u := range a.ModeUpdates {
			maps.Copy(states, u)
		}
		add(evidence.Signal{Kind: evidence.SignalConsentMode, Name: "dataLayer update", ConsentMode: &evidence.ConsentMode{Command: "update", States: states}})
	}
}

const maxAddress = 2000

// What the strings of the frameworks look like inside a value; which of them are
// any is for the decoders to say.
var (
	tcfText = regexp.MustCompile(`\bC[A-Za-z0-9_-]{35,}(?:\.[A-Za-z0-9_-]+)*`)
	gppText = regexp.MustCompile(`\bDB[A-Za-z0-9_-]{2,}(?:~[A-Za-z0-9_.-]+)+`)
	uspText = regexp.MustCompile(`^1[YyNn-]{3}$`)
	uspName = regexp.MustCompile(`(?i)us_?p|ccpa|privacy`)
)

// stored reads a cookie or a storage entry: the strings that it holds, and where
// it holds none and is named after consent, what it amounts to.
func stored(source evidence.SignalSource, name, place, value string, out map[watchKey]evidence.Signal) {
	name = clip(name, 200)
	add := func(s evidence.Signal, nth int) {
		s.Source, s.Name, s.Frame = source, name, place
		out[watchKey{s.Kind, source, name, place, nth}] = s
	}
	found := false
	if text := decode(value); len(value) <= maxRecord {
		for i, raw := range tcfText.FindAllString(text, 3) {
			if t, err := signal.TCF(raw); err == nil && t.CMPID > 0 && t.Created.Year() >= 2018 && t.Created.Year() < 2100 {
				add(evidence.Signal{Kind: evidence.SignalTCF, Raw: raw, TCF: t}, i)
				found = true
			}
		}
		for i, raw := range gppText.FindAllString(text, 3) {
			if g, err := signal.GPP(raw); err == nil && len(g.Sections) > 0 {
				add(evidence.Signal{Kind: evidence.SignalGPP, Raw: raw, GPP: g}, i)
				found = true
			}
		}
		if uspText.MatchString(text) && uspName.MatchString(name) {
			if u, err := signal.USPrivacy(text); err == nil {
				add(evidence.Signal{Kind: evidence.SignalUSPrivacy, Raw: text, USPrivacy: u}, 0)
				found = true
			}
		}
	}
	if found || len(value) > maxRecord || !speaksOfConsent(name) {
		return
	}
	if r := readRecord(name, value); r != unread {
		add(evidence.Signal{Kind: evidence.SignalRecord, Reads: r.String()}, 0)
	}
}

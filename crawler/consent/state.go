package consent

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

//go:embed state.js
var stateJS string

//go:embed storage.js
var storageJS string

// A state is what a page's consent APIs, cookies and storage say at a moment.
type state struct {
	api apiState
	// entries holds cookies and storage whose name speaks of consent: kind, name
	// and host as the key.
	entries map[string]entry
	// words holds, by the same keys, what of the site's own is a plain yes or no.
	words map[string]Said
}

type entry struct {
	kind, name, value string
}

// An apiState is what the page's own scripts say; see state.js.
type apiState struct {
	TCF *struct {
		Status   string          `json:"status"`
		Applies  bool            `json:"applies"`
		Purposes map[string]bool `json:"purposes"`
		Text     string          `json:"text"`
	} `json:"tcf"`
	GPPText       string `json:"gppText"`
	GPPApplicable []int  `json:"gppApplicable"`
	GPP           []struct {
		Section string  `json:"section"`
		Key     string  `json:"key"`
		Value   float64 `json:"value"`
	} `json:"gpp"`
	USP         string              `json:"usp"`
	ModeUpdates []map[string]string `json:"modeUpdates"`
	Mode        map[string]string   `json:"mode"`
	// ModeAfterTag: a command for a tag stood before the first default; nil where
	// that is not known.
	ModeAfterTag *bool          `json:"modeAfterTag"`
	ModeRegions  []modeRegion   `json:"modeRegions"`
	Managers     []managerState `json:"managers"`
}

// A modeRegion is a default of the consent mode for some regions.
type modeRegion struct {
	States   map[string]string `json:"states"`
	Regions  []string          `json:"regions"`
	AfterTag *bool             `json:"afterTag"`
}

type managerState struct {
	Name    string          `json:"name"`
	Decided bool            `json:"decided"`
	Choices map[string]bool `json:"choices"`
}

// readState reads the state of the top-level document and of the document that
// holds the banner. A part that cannot be read is missing: it proves nothing.
// Only the end of the context is an error.
func readState(ctx context.Context, p Page, bannerURL string) (state, error) {
	s := state{entries: map[string]entry{}, words: map[string]Said{}}
	var site string
	for _, f := range p.Frames() {
		if !f.Top() && f.URL() != bannerURL {
			continue
		}
		if f.Top() {
			site = evidence.HostOf(f.URL())
			var api apiState
			if eval(ctx, f.EvalMain, stateJS, &api) == nil {
				s.api = api
			}
		}
		var items []struct{ Kind, Key, Value string }
		if eval(ctx, f.Eval, storageJS, &items) == nil {
			for _, it := range items {
				s.add(it.Kind, it.Key, originOf(f.URL()), it.Value, true)
			}
		}
	}
	cookies, err := p.Cookies(ctx)
	if ctx.Err() != nil {
		return s, fmt.Errorf("read the consent state: %w", context.Cause(ctx))
	}
	if err == nil {
		for _, c := range cookies {
			s.add("cookie", c.Name, c.Domain, c.Value, strings.HasSuffix("."+site, "."+strings.TrimPrefix(c.Domain, ".")))
		}
	}
	return s, nil
}

func (s state) add(kind, name, where, value string, own bool) {
	if yes, ok := plainWord(value); ok && own {
		s.words[kind+" "+name+" "+where] = Said{Kind: kind, Name: name, Where: where, Yes: yes}
	}
	if len(value) <= maxRecord && (speaksOfConsent(name) || isPlainAnswer(name, value)) {
		s.entries[kind+" "+name+" "+where] = entry{kind, name, value}
	}
}

func originOf(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// A proof is what the state says about an answer, each with its source.
type proof struct {
	agrees, against []string
	said            []Said
}

// compare judges what changed between two states against what was wanted. Only
// what is new counts: a default that denies is no record of a refusal.
func compare(before, after state, want Choice) proof {
	var p proof
	changes(before, after, func(source string, r reading) {
		switch {
		case r == unread || r == mixed:
		case r == refused && want == RejectAll, r == granted && want == AcceptAll, r == given && want == AcceptAll:
			p.agrees = append(p.agrees, source)
		case r == given: // too weak to contradict a refusal
		default:
			p.against = append(p.against, source)
		}
	})
	return p
}

// compareWithdrawal judges a state after a withdrawal: it refuses, or what
// granted before is gone.
func compareWithdrawal(before, after state) proof {
	p := compare(before, after, RejectAll)
	for _, key := range slices.Sorted(maps.Keys(before.entries)) {
		e := before.entries[key]
		if _, kept := after.entries[key]; kept {
			continue
		}
		if r := readRecord(e.name, e.value); r == granted || r == given {
			p.agrees = append(p.agrees, fmt.Sprintf("%s %s, which read as %s, is gone", e.kind, clip(e.name, 80), r))
		}
	}
	return p
}

// changes tells what each part of the state that is new or has changed says.
func changes(before, after state, note func(string, reading)) {
	readTCF(before.api, after.api, note)
	readMode(before.api, after.api, note)
	readUS(before.api, after.api, note)
	readManagers(before.api, after.api, note)
	for _, key := range slices.Sorted(maps.Keys(after.entries)) {
		e := after.entries[key]
		if old, ok := before.entries[key]; ok && old.value == e.value {
			continue
		}
		r := readRecord(e.name, e.value)
		note(fmt.Sprintf("%s %s reads as %s", e.kind, clip(e.name, 80), r), r)
	}
}

// readTCF reads the IAB's transparency and consent framework, version 2, where it
// changed. Before the user acted, its purposes are defaults.
func readTCF(before, after apiState, note func(string, reading)) {
	t, old := after.TCF, before.TCF
	if t == nil || !t.Applies || t.Status != "useractioncomplete" && t.Status != "tcloaded" {
		return
	}
	if old != nil && old.Status == t.Status && maps.Equal(old.Purposes, t.Purposes) {
		return
	}
	r := readFlags(t.Purposes)
	if len(t.Purposes) == 0 {
		r = refused // purposes that were not consented may be left out
	}
	note(fmt.Sprintf("TCF (%s) reads as %s", t.Status, r), r)
}

// readFlags: one granted purpose is not a refusal of everything, and one denied
// purpose is not an acceptance of everything.
func readFlags(flags map[string]bool) reading {
	yes, no := 0, 0
	for _, v := range flags {
		if v {
			yes++
		} else {
			no++
		}
	}
	switch {
	case yes+no == 0:
		return unread
	case no == 0:
		return granted
	case yes == 0:
		return refused
	}
	return mixed
}

// readMode reads updates of Google's consent mode that came since.
func readMode(before, after apiState, note func(string, reading)) {
	flags := modeFlags(before, after)
	r := readFlags(flags)
	if r == mixed && (flags["ad_storage"] || flags["analytics_storage"]) {
		r = granted // in part, which is no refusal
	}
	if r != unread {
		note(fmt.Sprintf("Consent Mode was updated and reads as %s", r), r)
	}
}

// modeFlags are the states of the consent mode that were updated since.
func modeFlags(before, after apiState) map[string]bool {
	updates := after.ModeUpdates
	if n := len(before.ModeUpdates); n <= len(updates) {
		same := slices.EqualFunc(before.ModeUpdates, updates[:n], maps.Equal[map[string]string])
		if same {
			updates = updates[n:]
		}
	}
	flags := map[string]bool{}
	for _, u := range updates {
		for _, k := range []string{"ad_storage", "analytics_storage", "ad_user_data", "ad_personalization", "personalization_storage"} {
			if v, ok := u[k]; ok {
				flags[k] = v == "granted"
			}
		}
	}
	return flags
}

// readUS reads the opt-outs of GPP and the older US Privacy string, where they
// changed.
func readUS(before, after apiState, note func(string, reading)) {
	old := map[string]float64{}
	for _, g := range before.GPP {
		old[g.Section+g.Key] = g.Value
	}
	for _, g := range after.GPP {
		if v, ok := old[g.Section+g.Key]; ok && v == g.Value {
			continue
		}
		switch g.Value {
		case 1:
			note(fmt.Sprintf("GPP %s %s is opted out", g.Section, g.Key), refused)
		case 2:
			note(fmt.Sprintf("GPP %s %s is not opted out", g.Section, g.Key), given)
		}
	}
	if after.USP != before.USP && len(after.USP) == 4 && after.USP[2] == 'Y' {
		note("US Privacy string "+after.USP+" is opted out", refused)
	}
}

// readManagers reads what known managers say themselves.
func readManagers(before, after apiState, note func(string, reading)) {
	for _, m := range after.Managers {
		i := slices.IndexFunc(before.Managers, func(o managerState) bool { return o.Name == m.Name })
		if !m.Decided || i >= 0 && before.Managers[i].Decided && maps.Equal(before.Managers[i].Choices, m.Choices) {
			continue
		}
		if r := readFlags(m.Choices); r != unread {
			note(fmt.Sprintf("%s reads as %s", clip(m.Name, 40), r), r)
		}
	}
}

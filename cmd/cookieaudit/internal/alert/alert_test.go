package alert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

var day = time.Date(2026, 3, 1, 4, 0, 0, 0, time.UTC)

// A memory is the scans of one site, in order, and what was told of them.
type memory struct {
	scans []*report.Report
	told  map[string]map[string]Told
	fails error // of Tell
}

func (m *memory) Report(_ context.Context, id string) (*report.Report, error) {
	for _, r := range m.scans {
		if r.Scan.ID == id {
			return r, nil
		}
	}
	return nil, errors.New("no such scan")
}

func (m *memory) Before(_ context.Context, _ string, started time.Time) ([]Earlier, error) {
	var out []Earlier
	for _, r := range slices.Backward(m.scans) {
		if r.Scan.Started.Before(started) {
			out = append(out, Earlier{r.Scan.ID, r.Scan.Outcome})
		}
	}
	return out, nil
}

func (m *memory) Told(_ context.Context, _, destination string) ([]Told, error) {
	var out []Told
	for _, t := range m.told[destination] {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Told) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

func (m *memory) Tell(_ context.Context, _, destination string, told []Told) error {
	if m.fails != nil {
		return m.fails
	}
	if m.told == nil {
		m.told = map[string]map[string]Told{}
	}
	if m.told[destination] == nil {
		m.told[destination] = map[string]Told{}
	}
	for _, t := range told {
		m.told[destination][t.Key] = t
	}
	return nil
}

// A box keeps what it was sent, as one line per event; fails is how often it
// refuses first.
type box struct {
	lines []string
	ids   []string
	fails int
}

func (b *box) Send(_ context.Context, m *Message) error {
	b.ids = append(b.ids, m.ID)
	if b.fails > 0 {
		b.fails--
		return errors.New("away")
	}
	for _, e := range m.Events {
		b.lines = append(b.lines, fmt.Sprintf("%s %s %s %s", m.Scan, e.State, e.Subject, e.Name))
	}
	return nil
}

// A look is what one scan saw.
type look struct {
	outcome  evidence.Outcome // default complete
	reject   evidence.Outcome // of the phase after a rejection; default complete
	cookies  []string         // seen after a rejection; NAME or NAME@PROVIDER
	finding  audit.Severity
	couldNot bool // the rule could not be answered
	accepted bool
	policy   string // its text
	untold   bool   // nobody is told of the scan
}

func (l look) report(n int) *report.Report {
	s := &evidence.Scan{
		ID: fmt.Sprint("scan", n), Site: evidence.Site{URL: "https://weir.test/", Host: "weir.test", Domain: "weir.test"},
		Started: day.Add(time.Duration(n) * time.Hour), Outcome: cmpOr(l.outcome, evidence.Complete), Why: "the name is not known",
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Found: true},
	}
	j := &audit.Judgement{}
	if s.Outcome != evidence.Unavailable {
		s.Visits = []evidence.Visit{{Phase: evidence.Reject, Outcome: cmpOr(l.reject, evidence.Complete), Consent: evidence.Consent{Result: evidence.Verified}}}
	}
	for _, name := range l.cookies {
		provider := ""
		for i := range name {
			if name[i] == '@' {
				name, provider = name[:i], name[i+1:]
				break
			}
		}
		s.Cookies = append(s.Cookies, evidence.Cookie{CookieKey: evidence.CookieKey{Name: name, Domain: "weir.test", Path: "/"}, Phases: []evidence.Phase{evidence.Reject}})
		j.Cookies = append(j.Cookies, audit.Assessment{Purpose: audit.Purpose{Provider: provider}})
	}
	if l.policy != "" {
		s.Policies = []evidence.PolicyDocument{{URL: "https://weir.test/cookies", SHA256: l.policy, Text: l.policy}}
	}
	f := audit.Finding{Rule: "A_RULE", Verdict: audit.Pass}
	if l.finding != "" {
		f = audit.Finding{Rule: "A_RULE", Verdict: audit.Violation, Severity: l.finding, Message: "found", Subject: audit.Subject{Kind: "cookie", Name: "_ga", Domain: "weir.test"}}
	}
	if l.couldNot {
		f.Verdict = audit.Inconclusive
	}
	if l.accepted {
		f.Accepted = &audit.Acceptance{Reason: "known"}
	}
	j.Findings = []audit.Finding{f}
	return report.New(s, j)
}

func cmpOr(a, b evidence.Outcome) evidence.Outcome {
	if a == "" {
		return b
	}
	return a
}

func TestAlert(t *testing.T) {
	t.Parallel()
	gone := look{outcome: evidence.Unavailable}
	for name, test := range map[string]struct {
		looks []look
		want  []string
		d     Destination
	}{
		"the first scan brings no news": {looks: []look{{cookies: []string{"a"}, finding: audit.High}}},
		"a cookie comes, stays and goes": {
			looks: []look{{}, {cookies: []string{"a"}}, {cookies: []string{"a"}}, {}, {}},
			want:  []string{"scan1 new cookie a", "scan3 over cookie a"},
		},
		"it comes back": {
			looks: []look{{}, {cookies: []string{"a"}}, {}, {cookies: []string{"a"}}},
			want:  []string{"scan1 new cookie a", "scan2 over cookie a", "scan3 new cookie a"},
		},
		"another random part is no other cookie": {looks: []look{{cookies: []string{"visit_8f3a9c21d4"}}, {cookies: []string{"visit_0b7e5d4411"}}}},
		"a provider with its cookie": {
			looks: []look{{}, {cookies: []string{"a@Aqueduct"}}},
			want:  []string{"scan1 new cookie a", "scan1 new provider Aqueduct"},
		},
		"what could not be looked at is neither over nor new": {
			looks: []look{
				{cookies: []string{"a"}, finding: audit.High},
				{outcome: evidence.Partial, reject: evidence.Unavailable, couldNot: true},
				{cookies: []string{"a"}, finding: audit.High},
			},
		},
		"over after a scan in between that saw nothing": {
			looks: []look{{}, {cookies: []string{"a"}, finding: audit.High}, {outcome: evidence.Partial, reject: evidence.Unavailable, couldNot: true}, {}},
			want:  []string{"scan1 new finding _ga", "scan1 new cookie a", "scan3 over finding _ga", "scan3 over cookie a"},
		},
		"away and back, told once each": {
			looks: []look{{cookies: []string{"a"}}, gone, gone, {cookies: []string{"a"}}, {cookies: []string{"a"}}},
			want:  []string{"scan1 new unreachable weir.test", "scan3 over unreachable weir.test"},
		},
		"away from the first": {
			looks: []look{gone, {}}, want: []string{"scan0 new unreachable weir.test", "scan1 over unreachable weir.test"},
		},
		"news across an outage": {
			looks: []look{{}, gone, {finding: audit.High}},
			want:  []string{"scan1 new unreachable weir.test", "scan2 over unreachable weir.test", "scan2 new finding _ga"},
		},
		"graver": {
			looks: []look{{finding: audit.Low}, {finding: audit.High}, {finding: audit.High}, {}},
			want:  []string{"scan1 graver finding _ga", "scan3 over finding _ga"},
		},
		"accepted": {looks: []look{{}, {finding: audit.High, accepted: true}}},
		"each text of the policy": {
			looks: []look{{policy: "a"}, {policy: "b"}, {policy: "b"}, {policy: "a"}},
			want:  []string{"scan1 changed policy https://weir.test/cookies", "scan3 changed policy https://weir.test/cookies"},
		},
		"a scan between that nobody is told of": {
			looks: []look{{}, {cookies: []string{"a"}, finding: audit.High, untold: true}, {cookies: []string{"a"}, finding: audit.High}},
			want:  []string{"scan2 new finding _ga", "scan2 new cookie a"},
		},
		"news after a scan that could not look": {
			looks: []look{{}, {outcome: evidence.Partial, reject: evidence.Unavailable, couldNot: true}, {cookies: []string{"a"}, finding: audit.High}},
			want:  []string{"scan2 new finding _ga", "scan2 new cookie a"},
		},
		"what came and went unheard": {looks: []look{{}, {cookies: []string{"a"}, untold: true}, {}}},
		"findings from a severity on": {
			looks: []look{{}, {finding: audit.Medium, cookies: []string{"a"}}, {finding: audit.Critical, cookies: []string{"a"}}},
			want:  []string{"scan1 new cookie a", "scan2 graver finding _ga"}, d: Destination{MinSeverity: audit.High},
		},
		"findings alone": {
			looks: []look{{}, {finding: audit.Low, cookies: []string{"a"}}, gone},
			want:  []string{"scan1 new finding _ga"}, d: Destination{On: []Subject{Finding}},
		},
		"other sites": {looks: []look{{}, {finding: audit.High}}, d: Destination{Sites: []string{"*.weir.test"}}},
		"this site":   {looks: []look{{}, {finding: audit.High}}, d: Destination{Sites: []string{"wei*.test"}}, want: []string{"scan1 new finding _ga"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, b := &memory{}, &box{}
			test.d.Name, test.d.Sender = "box", b
			a := Alerter{Scans: m, Record: m, Destinations: []Destination{test.d}}
			for i, l := range test.looks {
				m.scans = append(m.scans, l.report(i))
				if l.untold {
					continue
				}
				for range 2 { // a job is worked again
					if err := a.Alert(t.Context(), fmt.Sprint("scan", i)); err != nil {
						t.Fatal(err)
					}
				}
			}
			if diff := cmp.Diff(test.want, b.lines); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestAlertAgain has one destination that is away and one whose delivery is not
// kept: the first is told later, the other again with the same ID, and what
// arrived and was kept is not told again.
func TestAlertAgain(t *testing.T) {
	t.Parallel()
	m := &memory{scans: []*report.Report{look{}.report(0), look{cookies: []string{"a"}}.report(1)}}
	good, away := &box{}, &box{fails: 1}
	a := Alerter{Scans: m, Record: m, Destinations: []Destination{{Name: "good", Sender: good}, {Name: "away", Sender: away}}}
	m.fails = errors.New("the disk is full")
	if err := a.Alert(t.Context(), "scan1"); err == nil {
		t.Error("no error")
	}
	m.fails = nil
	for range 2 {
		if err := a.Alert(t.Context(), "scan1"); err != nil {
			t.Error(err)
		}
	}
	if len(good.ids) != 2 || good.ids[0] != good.ids[1] {
		t.Errorf("IDs of the first: %v", good.ids)
	}
	if len(away.ids) != 2 || away.ids[0] != away.ids[1] || len(away.lines) != 1 || away.ids[0] == good.ids[0] {
		t.Errorf("IDs of the second: %v, told %v", away.ids, away.lines)
	}
}

// TestAlertLate tells of a scan after a later one was told of: it is history.
func TestAlertLate(t *testing.T) {
	t.Parallel()
	m := &memory{scans: []*report.Report{look{}.report(0), look{cookies: []string{"a"}}.report(1), look{}.report(2)}}
	b := &box{}
	a := Alerter{Scans: m, Record: m, Destinations: []Destination{{Name: "box", Sender: b}}}
	for _, scan := range []string{"scan2", "scan1", "scan2"} {
		if err := a.Alert(t.Context(), scan); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"scan2 over cookie a"}, b.lines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

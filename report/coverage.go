package report

import (
	"cmp"
	"fmt"
	"slices"

	"cookieaudit/crawler/evidence"
)

// Coverage says what the scan could look at and what it could not. Whoever reads
// that nothing was found needs it to know what "nothing" is worth.
type Coverage struct {
	// Phases holds the phases of the scan and those of before, reject and
	// accept that it left out, in reporting order.
	Phases []PhaseCoverage `json:"phases"`
	// Banner is true where a banner was looked for.
	Banner bool           `json:"banner_looked_for"`
	Policy PolicyCoverage `json:"policy"`
	// Gaps lists everything that was asked for and could not be looked at or
	// could not be proven. Empty means that absence is proven throughout.
	Gaps []Gap `json:"gaps"`
	// Notes are facts about the scan that bear on how to read it.
	Notes []Note `json:"notes"`
}

// NotScanned stands in place of an outcome for a phase that was not asked for.
const NotScanned evidence.Outcome = "not_scanned"

// PhaseCoverage is what could be looked at in one phase.
type PhaseCoverage struct {
	Phase   evidence.Phase         `json:"phase"`
	Outcome evidence.Outcome       `json:"outcome"` // or NotScanned
	Why     string                 `json:"why"`
	Pages   int                    `json:"pages"`          // visited
	Whole   int                    `json:"pages_complete"` // of Pages
	Answer  evidence.ConsentResult `json:"answer"`
	// AbsenceProven is true where something that was not seen in this phase was
	// not there: the phase is complete, and where it had to answer a banner the
	// answer did not fail.
	AbsenceProven bool `json:"absence_proven"`
}

// PolicyCoverage is what could be looked at of the site's policy.
type PolicyCoverage struct {
	Outcome   evidence.Outcome `json:"outcome"`
	Why       string           `json:"why"`
	Found     bool             `json:"found"`
	Looked    []string         `json:"looked"` // addresses that were opened
	Documents int              `json:"documents"`
}

// A Gap is one thing that could not be looked at.
type Gap struct {
	Area  string         `json:"area"` // scan, phase, page, answer, banner, policy
	Phase evidence.Phase `json:"phase,omitempty"`
	What  string         `json:"what"`
	Why   string         `json:"why"`
}

// A Note is a remark on the scan; Phase is empty where it concerns all of it.
type Note struct {
	Phase evidence.Phase `json:"phase,omitempty"`
	Text  string         `json:"text"`
}

func newCoverage(s *evidence.Scan) Coverage {
	c := Coverage{Banner: s.Banner != nil, Gaps: []Gap{}, Notes: []Note{}}
	if s.Outcome != evidence.Complete {
		c.Gaps = append(c.Gaps, Gap{Area: "scan", What: "the scan is " + string(s.Outcome), Why: s.Why})
	}
	for _, p := range evidence.Phases() {
		v := s.Visit(p)
		if v != nil {
			c.addVisit(v)
		} else if slices.Contains([]evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept}, p) {
			c.Phases = append(c.Phases, PhaseCoverage{Phase: p, Outcome: NotScanned, Answer: evidence.NotAsked})
			c.Notes = append(c.Notes, Note{Phase: p, Text: "this phase was not part of the scan"})
		}
	}
	if s.Banner == nil {
		c.Gaps = append(c.Gaps, Gap{Area: "banner", What: "no banner could be looked for"})
	}
	c.addPolicy(s)
	if s.Settle == "virtual" && c.looked() {
		c.Notes = append(c.Notes, Note{Text: "pages ran on virtual time: their timers were brought forward"})
	}
	if state := s.Start.String(); state != "" {
		c.Notes = append(c.Notes, Note{Text: "every visit began in a state that the user chose, not as a new visitor's: " + state})
	}
	for _, n := range s.Notes {
		c.Notes = append(c.Notes, Note{Text: n})
	}
	return c
}

func (c *Coverage) addVisit(v *evidence.Visit) {
	pc := PhaseCoverage{Phase: v.Phase, Outcome: v.Outcome, Why: v.Why, Pages: len(v.Pages), Answer: cmp.Or(v.Consent.Result, evidence.NotAsked)}
	pc.AbsenceProven = v.Outcome == evidence.Complete && v.Consent.Result != evidence.Failed
	if v.Outcome != evidence.Complete {
		c.Gaps = append(c.Gaps, Gap{Area: "phase", Phase: v.Phase, What: "the phase is " + string(v.Outcome), Why: v.Why})
	}
	for _, p := range v.Pages {
		if p.Outcome == evidence.Complete {
			pc.Whole++
			continue
		}
		if v.Outcome == evidence.Unavailable {
			continue // the phase says it for all its pages
		}
		c.Gaps = append(c.Gaps, Gap{Area: "page", Phase: v.Phase, What: p.URL + " is " + string(p.Outcome), Why: p.Why})
	}
	c.Phases = append(c.Phases, pc)
	c.addAnswer(v)
	if v.Attempts > 1 {
		c.Notes = append(c.Notes, Note{Phase: v.Phase, Text: fmt.Sprintf("the phase was begun %d times", v.Attempts)})
	}
	for _, n := range append(choiceNotes(v), v.Notes...) {
		c.Notes = append(c.Notes, Note{Phase: v.Phase, Text: n})
	}
}

// addAnswer tells apart what the tool could not prove (a gap) and what the site
// did not offer (a fact about the site).
func (c *Coverage) addAnswer(v *evidence.Visit) {
	switch v.Consent.Result {
	case evidence.Failed:
		if v.Phase == evidence.Close {
			c.Gaps = append(c.Gaps, Gap{Area: "answer", Phase: v.Phase, What: "the banner could not be closed", Why: v.Consent.Why})
			return
		}
		c.Gaps = append(c.Gaps, Gap{Area: "answer", Phase: v.Phase, What: "the banner could not be answered", Why: v.Consent.Why})
	case evidence.Clicked:
		why := cmp.Or(v.Consent.Why, "nothing that the site stores shows the answer")
		c.Gaps = append(c.Gaps, Gap{Area: "answer", Phase: v.Phase, What: "the banner was answered, the effect is not proven", Why: why})
	case evidence.NoRejectOffered:
		c.Notes = append(c.Notes, Note{Phase: v.Phase, Text: "the banner offers no refusal: nothing was refused in this phase"})
	case evidence.NoChoiceOffered:
		c.Notes = append(c.Notes, Note{Phase: v.Phase, Text: "the banner offers no choice of these categories: nothing was answered in this phase"})
	case evidence.NoCloseOffered:
		c.Notes = append(c.Notes, Note{Phase: v.Phase, Text: "the banner has nothing that only closes it: nothing was clicked in this phase"})
	case evidence.NotReachable:
		c.Notes = append(c.Notes, Note{Phase: v.Phase, Text: "nothing led back to the choice: nothing was withdrawn in this phase"})
	case evidence.NoBanner:
		c.Notes = append(c.Notes, Note{Phase: v.Phase, Text: "no banner to answer: this phase shows a visit without an answer"})
	}
}

func (c *Coverage) addPolicy(s *evidence.Scan) {
	ps := s.PolicySearch
	c.Policy = PolicyCoverage{
		Outcome: cmp.Or(ps.Outcome, evidence.Unavailable), Why: ps.Why, Found: ps.Found,
		Looked: list(ps.Looked), Documents: len(s.Policies),
	}
	if c.Policy.Outcome != evidence.Complete {
		c.Gaps = append(c.Gaps, Gap{Area: "policy", What: "the search for the policy is " + string(c.Policy.Outcome), Why: ps.Why})
	}
	unsure := 0
	for i := range s.Declarations {
		if s.Declarations[i].Unsure != "" {
			unsure++
		}
	}
	if unsure > 0 {
		c.Notes = append(c.Notes, Note{Text: fmt.Sprintf("%s could not be read with certainty: see \"unsure\" in the JSON form", Plural(unsure, "declaration"))})
	}
}

// phase returns the coverage of p; a phase that is not listed was not scanned.
func (c *Coverage) phase(p evidence.Phase) PhaseCoverage {
	for _, pc := range c.Phases {
		if pc.Phase == p {
			return pc
		}
	}
	return PhaseCoverage{Phase: p, Outcome: NotScanned, Answer: evidence.NotAsked}
}

// observable is true where every phase proves absence. A phase that was left
// out proves none: most cookies appear only after acceptance.
func (c *Coverage) observable() bool {
	return !slices.ContainsFunc(c.Phases, func(pc PhaseCoverage) bool { return !pc.AbsenceProven })
}

// looked is true where at least one phase saw anything at all.
func (c *Coverage) looked() bool {
	return slices.ContainsFunc(c.Phases, func(pc PhaseCoverage) bool {
		return pc.Outcome == evidence.Complete || pc.Outcome == evidence.Partial
	})
}

// scannedWhole is true where no phase that was asked for is cut short.
func (c *Coverage) scannedWhole() bool {
	return !slices.ContainsFunc(c.Phases, func(pc PhaseCoverage) bool {
		return pc.Outcome == evidence.Partial || pc.Outcome == evidence.Unavailable
	})
}

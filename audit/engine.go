package audit

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// A Classifier tells what observed things are for.
type Classifier interface {
	Cookie(*evidence.Scan, *evidence.Cookie) Purpose
	Storage(*evidence.Scan, *evidence.StorageItem) Purpose
	Request(*evidence.Scan, *evidence.Request) Purpose
	// Host tells what stands behind a host of the visited site, by the names that
	// its own is an alias of.
	Host(*evidence.Scan, *evidence.ResolvedHost) Purpose
	// Declaration tells what a declared name is known for, whatever class the
	// policy gives it.
	Declaration(*evidence.Scan, *evidence.Declaration) Purpose
}

// A Matcher compares what was observed with what is declared.
type Matcher interface {
	// Match returns one match for each cookie and each storage item of the
	// scan and, for each declaration, whether it was observed.
	Match(scan *evidence.Scan, cookies, storage []Purpose) (c, s []Match, observed []bool)
}

// An Engine audits scans with a fixed list of rules.
type Engine struct {
	Rules      []Rule
	Classifier Classifier
	Matcher    Matcher
	Profile    Profile
	// Strict compares declared and observed lengths with little tolerance.
	Strict bool
	// Suppressions mark violations as accepted, by the day of the scan.
	Suppressions []Suppression
}

// A Judgement is the whole result of an audit.
type Judgement struct {
	Cookies  []Assessment `json:"cookies"`
	Storage  []Assessment `json:"storage"`
	Requests []Assessment `json:"requests"`
	Observed []bool       `json:"observed"`
	Findings []Finding    `json:"findings"`
	// Profile names the law that was judged by.
	Profile ProfileName `json:"profile"`
	// Score is nil where no rule could be answered.
	Score *Score `json:"score,omitempty"`
}

// A ProfileName names a profile and how old it is.
type ProfileName struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	AsOf  string `json:"as_of"` // ISO 8601
	// Strict is true where lengths were compared with little tolerance.
	Strict bool `json:"strict,omitempty"`
}

// Judge audits one scan. The order of the findings is that of the rules, and
// within a rule that of the evidence.
func (e *Engine) Judge(scan *evidence.Scan) *Judgement {
	c := e.prepare(scan)
	j := &Judgement{Cookies: c.Cookies, Storage: c.Storage, Requests: c.Requests, Observed: c.Observed, Findings: []Finding{}}
	j.Profile = ProfileName{Name: e.Profile.Name, Title: e.Profile.Title, AsOf: e.Profile.AsOf, Strict: e.Strict}
	for i := range e.Rules {
		r := e.Rules[i].under(&e.Profile)
		change := e.Profile.Changes[r.ID]
		if change.Off != "" {
			j.Findings = append(j.Findings, r.finding(scan.Site, NotApplicable, "not under the profile "+e.Profile.Name+": "+change.Off))
			continue
		}
		fs := r.apply(c)
		for k := range fs {
			change.cap(&fs[k])
		}
		j.Findings = append(j.Findings, fs...)
	}
	j.Findings = Accept(j.Findings, scan.Site, scan.Started, e.Suppressions)
	j.Score = ScoreOf(j.Findings)
	return j
}

func (e *Engine) prepare(scan *evidence.Scan) *Case {
	c := &Case{Scan: scan, Profile: &e.Profile, Strict: e.Strict, Cookies: []Assessment{}, Storage: []Assessment{}, Requests: []Assessment{}}
	var cookies, storage []Purpose
	for i := range scan.Cookies {
		cookies = append(cookies, e.Classifier.Cookie(scan, &scan.Cookies[i]))
	}
	for i := range scan.Storage {
		storage = append(storage, e.Classifier.Storage(scan, &scan.Storage[i]))
	}
	for i := range scan.Requests {
		c.Requests = append(c.Requests, Assessment{Purpose: e.Classifier.Request(scan, &scan.Requests[i]), Match: Match{State: NotKnown}})
	}
	if scan.DNS != nil {
		for i := range scan.DNS.Hosts {
			c.Hosts = append(c.Hosts, e.Classifier.Host(scan, &scan.DNS.Hosts[i]))
		}
	}
	for i := range scan.Declarations {
		c.Declared = append(c.Declared, e.Classifier.Declaration(scan, &scan.Declarations[i]))
	}
	cm, sm, observed := e.Matcher.Match(scan, cookies, storage)
	for i, p := range cookies {
		c.Cookies = append(c.Cookies, Assessment{Purpose: p, Match: cm[i]})
	}
	for i, p := range storage {
		c.Storage = append(c.Storage, Assessment{Purpose: p, Match: sm[i]})
	}
	c.Observed = observed
	return c
}

// apply runs one rule. What could not be looked at makes the answer
// inconclusive, never a pass; a violation that was seen stands even where the
// rest of the phase was cut short.
func (r *Rule) apply(c *Case) []Finding {
	answer := func(v Verdict, message string) []Finding { return []Finding{r.finding(c.Scan.Site, v, message)} }
	notRequested := func(phases []evidence.Phase, message string) []Finding {
		f := r.finding(c.Scan.Site, Inconclusive, message)
		f.NotRequested = phases
		return []Finding{f}
	}
	if why := r.unseen(c.Scan); why != "" {
		return answer(Inconclusive, why)
	}
	if phases := r.notRequested(c.Scan); len(phases) > 0 {
		return notRequested(phases, "the scan was not asked for "+phaseNames(phases))
	}
	if r.NeedsPolicy && !c.Scan.PolicySearch.Found {
		return answer(NotApplicable, "no policy was found to compare with")
	}
	res := r.Check(c)
	if len(res.Violations) > 0 {
		out := make([]Finding, len(res.Violations))
		for i, v := range res.Violations {
			out[i] = r.complete(v)
		}
		return out
	}
	if res.NotApplicable != "" {
		return answer(NotApplicable, res.NotApplicable)
	}
	if res.Inconclusive != "" {
		return notRequested(res.NotRequested, res.Inconclusive)
	}
	if why := r.partial(c.Scan); why != "" {
		return answer(Inconclusive, why)
	}
	return answer(Pass, "nothing found")
}

// unseen says what the rule needs and the scan tried in vain to look at.
func (r *Rule) unseen(s *evidence.Scan) string {
	var why []string
	for _, p := range r.Needs {
		if v := s.Visit(p); v != nil && v.Outcome == evidence.Unavailable {
			why = append(why, fmt.Sprintf("phase %s could not be looked at: %s", p, v.Why))
		}
	}
	if r.NeedsPolicy && !s.PolicySearch.Found && s.PolicySearch.Outcome != evidence.Complete {
		why = append(why, "the policy could not be looked for: "+s.PolicySearch.Why)
	}
	return strings.Join(why, "; ")
}

// notRequested lists the phases that the rule needs and that are no part of the
// scan.
func (r *Rule) notRequested(s *evidence.Scan) []evidence.Phase {
	var phases []evidence.Phase
	for _, p := range r.Needs {
		if s.Visit(p) == nil {
			phases = append(phases, p)
		}
	}
	return phases
}

// phaseNames says "phase withdraw" or "phases reject, accept".
func phaseNames(phases []evidence.Phase) string {
	names := make([]string, len(phases))
	for i, p := range phases {
		names[i] = string(p)
	}
	if len(names) == 1 {
		return "phase " + names[0]
	}
	return "phases " + strings.Join(names, ", ")
}

func (r *Rule) partial(s *evidence.Scan) string {
	var why []string
	for _, p := range r.Needs {
		if v := s.Visit(p); v.Outcome == evidence.Partial {
			why = append(why, fmt.Sprintf("phase %s was cut short: %s", p, v.Why))
		}
	}
	if r.NeedsPolicy && s.PolicySearch.Outcome != evidence.Complete {
		why = append(why, "the search for policies was cut short: "+s.PolicySearch.Why)
	}
	return strings.Join(why, "; ")
}

// finding is an answer that is about the site as a whole.
func (r *Rule) finding(site evidence.Site, v Verdict, message string) Finding {
	f := r.complete(Finding{Subject: Subject{Kind: SubjectSite, Domain: site.Domain}, Message: message})
	f.Verdict = v
	return f
}

func (r *Rule) complete(f Finding) Finding {
	f.Rule, f.Title, f.Verdict = r.ID, r.Title, Violation
	if f.Severity == "" {
		f.Severity = r.Severity
	}
	if f.Certainty == "" {
		f.Certainty = r.Certainty
	}
	if f.Remediation == "" {
		f.Remediation = r.Remediation
	}
	if f.Citations == nil {
		f.Citations = slices.Clone(r.Cites)
	}
	if f.Citations == nil {
		f.Citations = []law.Citation{}
	}
	if f.Evidence == nil {
		f.Evidence = []Exhibit{}
	}
	return f
}

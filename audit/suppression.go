package audit

import (
	"slices"
	"time"

	"cookieaudit/crawler/evidence"
)

// A Suppression is a finding that somebody has looked at and accepts for a
// while. It never hides the finding.
type Suppression struct {
	// Rule is a rule's ID. Site is a pattern for the site's domain or host,
	// Subject one for the subject's name; empty fits all.
	Rule    string
	Site    string
	Subject string
	Acceptance
}

// An Acceptance says why, by whom and until when a finding is accepted.
type Acceptance struct {
	// ID names the Decision that it comes of; empty where it stands in a file.
	ID     string `json:"id,omitempty"`
	Reason string `json:"reason"`
	Owner  string `json:"owner"`
	// Expires is the last day on which it holds, ISO 8601.
	Expires string `json:"expires"`
}

// A Decision is a suppression that was made while the program ran. It stays on
// record after it has expired or was withdrawn. Its ID is that of Acceptance.
type Decision struct {
	Suppression
	By   string // the user who made it
	Made time.Time
	// WithdrawnBy ended it before its time; empty where nobody did.
	WithdrawnBy string
	Withdrawn   time.Time
}

// Standing returns the suppressions of the decisions that nobody has withdrawn.
func Standing(all []Decision) []Suppression {
	var out []Suppression
	for i := range all {
		if all[i].WithdrawnBy == "" {
			out = append(out, all[i].Suppression)
		}
	}
	return out
}

// Holds reports whether an acceptance has not expired on a day.
func (a *Acceptance) Holds(day time.Time) bool {
	last, err := time.Parse(time.DateOnly, a.Expires)
	return err == nil && day.Before(last.AddDate(0, 0, 1))
}

// SpeaksOf reports whether the suppression is for a site.
func (s *Suppression) SpeaksOf(site evidence.Site) bool {
	return s.Site == "" || MatchName(s.Site, site.Domain) || MatchName(s.Site, site.Host)
}

// fits reports whether the suppression speaks of a finding of a site.
func (s *Suppression) fits(site evidence.Site, f *Finding) bool {
	return s.Rule == f.Rule && f.Verdict == Violation && s.SpeaksOf(site) &&
		(s.Subject == "" || MatchName(s.Subject, f.Subject.Name))
}

// Accept returns the findings of a site as they stand on a day: with what the
// suppressions accept, and without acceptances that have expired or, if they came
// of a Decision, are among the suppressions no more. It does not change fs.
//
// An audit runs it on the day of its scan, whoever shows a stored audit runs it
// again on the day of showing.
func Accept(fs []Finding, site evidence.Site, day time.Time, suppressions []Suppression) []Finding {
	out := slices.Clone(fs)
	for i := range out {
		f := &out[i]
		if f.byFile() && f.Accepted.Holds(day) {
			continue
		}
		f.Accepted = nil
		for k := range suppressions {
			if s := &suppressions[k]; s.Holds(day) && s.fits(site, f) {
				f.Accepted = &s.Acceptance
				break
			}
		}
	}
	return out
}

// byFile reports whether a file accepts the finding, which is not at hand later.
func (f *Finding) byFile() bool { return f.Accepted != nil && f.Accepted.ID == "" }

// AcceptedUntil is the last day on which Accept would return a finding of a site
// as accepted, ISO 8601; empty where there is none.
func AcceptedUntil(f *Finding, site evidence.Site, suppressions []Suppression) string {
	last := ""
	if f.byFile() && f.Accepted.isDay() {
		last = f.Accepted.Expires
	}
	for i := range suppressions {
		if s := &suppressions[i]; s.isDay() && s.fits(site, f) {
			last = max(last, s.Expires)
		}
	}
	return last
}

// isDay reports whether the acceptance says until when it holds: else it never
// does.
func (a *Acceptance) isDay() bool {
	_, err := time.Parse(time.DateOnly, a.Expires)
	return err == nil
}

// On returns the judgement as it stands on a day, by Accept.
func (j *Judgement) On(site evidence.Site, day time.Time, suppressions []Suppression) *Judgement {
	out := *j
	out.Findings = Accept(j.Findings, site, day, suppressions)
	out.Score = ScoreOf(out.Findings)
	return &out
}

package audit

import "time"

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
	Reason string `json:"reason"`
	Owner  string `json:"owner"`
	// Expires is the last day on which it holds, ISO 8601.
	Expires string `json:"expires"`
}

// fits reports whether the suppression speaks of a finding of a scan that was
// made on a day, and still holds then.
func (s *Suppression) fits(site, host string, day time.Time, f *Finding) bool {
	last, err := time.Parse(time.DateOnly, s.Expires)
	if err != nil || !day.Before(last.AddDate(0, 0, 1)) {
		return false
	}
	return s.Rule == f.Rule && f.Verdict == Violation &&
		(s.Site == "" || MatchName(s.Site, site) || MatchName(s.Site, host)) &&
		(s.Subject == "" || MatchName(s.Subject, f.Subject.Name))
}

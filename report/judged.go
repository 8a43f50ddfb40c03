package report

import (
	"cmp"
	"fmt"

	"cookieaudit/audit"
)

// Judged says by what law a scan was judged, and what came of it in one number.
type Judged struct {
	Profile audit.ProfileName `json:"profile"`
	// Score is nil where no rule could be answered, or there was no audit.
	Score *audit.Score `json:"score"`
}

// profileText names the profile and how old it is.
func (r *Report) profileText() string {
	s := cmp.Or(prose(r.Scan.Profile), "not stated")
	if r.Judged.Profile.AsOf != "" {
		s += " as of " + prose(r.Judged.Profile.AsOf)
	}
	if r.Judged.Profile.Strict {
		s += ", strict"
	}
	return s
}

// ScoreText says the score, never without how much of the audit it rests on;
// empty where there is none.
func (r *Report) ScoreText() string {
	s := r.Judged.Score
	if s == nil {
		return ""
	}
	text := fmt.Sprintf("Score %d of 100, from %d of %s that apply", s.Value, s.Answered, Plural(s.Answered+s.Open, "rule"))
	if n := s.Open - s.NotRequested; n > 0 {
		text += fmt.Sprintf("; %d could not be answered", n)
	}
	if s.NotRequested > 0 {
		text += fmt.Sprintf("; %s phases that were not asked for", needs(s.NotRequested))
	}
	if s.Accepted > 0 {
		text += fmt.Sprintf("; %s not counted", Plural(s.Accepted, "accepted finding"))
	}
	return text + "."
}

// acceptedText says by whom, why and until when a finding is accepted; empty
// where it is not.
func acceptedText(f audit.Finding) string {
	a := f.Accepted
	if a == nil {
		return ""
	}
	return fmt.Sprintf("Accepted until %s by %s: %s", prose(a.Expires), prose(a.Owner), prose(a.Reason))
}

package audit

import "math"

// A Score is one number for a site. It is never shown without its coverage: how
// many of the rules that apply could be answered.
type Score struct {
	// Value is 100 where no violation is open, and falls towards 0:
	//
	//	100 / (1 + points / 50), rounded
	//
	// where each open violation adds the points of its severity (critical 25,
	// high 10, medium 4, low 1, info 0), times 1 if it is confirmed, 0.75 if it
	// is likely and 0.4 if it is possible. Fixing a finding never lowers it.
	Value int `json:"value"`
	// Answered counts the rules that were answered by a violation or a pass,
	// Open those that could not be answered. Rules that do not apply are in
	// neither.
	Answered int `json:"answered"`
	Open     int `json:"open"`
	// NotRequested counts those of Open that need phases which the scan was not
	// asked to visit.
	NotRequested int `json:"not_requested"`
	// Accepted counts violations that are accepted, and so in no points.
	Accepted int `json:"accepted"`
}

// ScoreOf computes the score of a list of findings; nil where no rule could be
// answered.
func ScoreOf(fs []Finding) *Score {
	s := &Score{}
	points := 0.0
	last := ""
	for i := range fs {
		f := &fs[i]
		first := f.Rule != last
		last = f.Rule
		switch f.Verdict {
		case Violation:
			if f.Accepted != nil {
				s.Accepted++
			} else {
				points += f.Severity.points() * f.Certainty.weight()
			}
			if first {
				s.Answered++
			}
		case Pass:
			s.Answered++
		case Inconclusive:
			s.Open++
			if !f.CouldNotTell() {
				s.NotRequested++
			}
		case NotApplicable:
		}
	}
	if s.Answered == 0 {
		return nil
	}
	s.Value = int(math.Round(100 / (1 + points/50)))
	if s.Value == 100 && points > 0 {
		s.Value = 99 // a hundred is for nothing at all
	}
	return s
}

func (s Severity) points() float64 {
	return map[Severity]float64{Critical: 25, High: 10, Medium: 4, Low: 1}[s]
}

func (c Certainty) weight() float64 {
	return map[Certainty]float64{Confirmed: 1, Likely: 0.75, Possible: 0.4}[c]
}

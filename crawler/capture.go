package crawler

import (
	"slices"

	"cookieaudit/crawler/evidence"
)

// capture joins what the phases heard beside their records; nil unless the scan
// captures.
func (s *scan) capture(found policies) *evidence.Capture {
	if s.c.Capture == nil {
		return nil
	}
	out := &evidence.Capture{
		Exchanges: []evidence.Exchange{}, Events: []evidence.Event{}, Certificates: []evidence.CertificateChain{},
		Policies: found.copies, Cut: []string{},
	}
	for _, r := range s.results {
		if c := r.capture; c != nil {
			out.Exchanges = append(out.Exchanges, c.Exchanges...)
			out.Events = append(out.Events, c.Events...)
			out.Certificates = append(out.Certificates, c.Certificates...)
			out.Cut = append(out.Cut, c.Cut...)
		}
	}
	slices.SortStableFunc(out.Events, func(a, b evidence.Event) int { return a.Time.Compare(b.Time) })
	return out
}

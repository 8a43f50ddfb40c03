package report

import (
	"slices"

	"cookieaudit/crawler/evidence"
)

// A Sighting says what a phase tells about one cookie or storage item.
type Sighting string

// The sightings. Absent is proof, NotKnown is none: the phase was cut short,
// could not be looked at or could not answer the banner.
const (
	Seen        Sighting = "seen"
	AfterAnswer Sighting = "after_answer" // written after the answer to the banner; in the phase close, after it was closed
	Refused     Sighting = "refused"      // written, and refused by the browser
	Absent      Sighting = "absent"
	NotKnown    Sighting = "unknown"
	NotPart     Sighting = "not_scanned" // the phase was not part of the scan
)

// sightingText gives the mark of a sighting in narrow tables and its meaning.
type sightingText struct {
	Sighting Sighting
	Mark     string
	Meaning  string
}

// sightings lists every sighting once: tables, legends and the HTML matrix
// read it here.
func sightings() []sightingText {
	return []sightingText{
		{Seen, "x", "seen"},
		{AfterAnswer, "+", "written after the answer or the closing"},
		{Refused, "r", "refused by the browser"},
		{Absent, "-", "looked, not there"},
		{NotKnown, "?", "could not be looked at"},
		{NotPart, ".", "not part of the scan"},
	}
}

func (s Sighting) text() sightingText {
	all := sightings()
	i := slices.IndexFunc(all, func(t sightingText) bool { return t.Sighting == s })
	return all[i]
}

// sighting tells what phase p says of a cookie.
func (r *Report) sighting(c *Cookie, p evidence.Phase) Sighting {
	accepted, refused := false, false
	for i := range c.Writes {
		w := &c.Writes[i]
		if w.Phase == p && !w.Deletes {
			accepted = accepted || len(w.Blocked) == 0
			refused = refused || len(w.Blocked) > 0
		}
	}
	if refused && !accepted && !slices.Contains(c.AfterAnswer, p) && (!c.Stored || !slices.Contains(c.Phases, p)) {
		return Refused
	}
	return r.presence(c.Phases, c.AfterAnswer, p)
}

// storageSighting tells what phase p says of a storage item.
func (r *Report) storageSighting(s *StorageItem, p evidence.Phase) Sighting {
	return r.presence(s.Phases, s.AfterAnswer, p)
}

func (r *Report) presence(phases, afterAnswer []evidence.Phase, p evidence.Phase) Sighting {
	pc := r.Coverage.phase(p)
	switch {
	case slices.Contains(afterAnswer, p):
		return AfterAnswer
	case slices.Contains(phases, p):
		return Seen
	case pc.Outcome == NotScanned:
		return NotPart
	case !pc.AbsenceProven:
		return NotKnown
	default:
		return Absent
	}
}

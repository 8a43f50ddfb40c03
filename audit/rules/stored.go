package rules

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// writesIn returns the writes of a phase that the browser took and that held
// data. A cookie that was set and then deleted was stored all the same.
func writesIn(k *evidence.Cookie, p evidence.Phase) []*evidence.Write {
	return slices.DeleteFunc(k.WrittenIn(p), func(w *evidence.Write) bool { return w.Value.Length == 0 })
}

// storedIn reports whether a phase stored the cookie: by a write that was seen
// or, where none was, because the phase's jar held it.
func storedIn(k *evidence.Cookie, p evidence.Phase) bool {
	if len(writesIn(k, p)) > 0 {
		return true
	}
	tried := slices.ContainsFunc(k.Writes, func(w evidence.Write) bool { return w.Phase == p })
	return !tried && k.Stored && slices.Contains(k.Phases, p)
}

// stored reports whether any phase stored the cookie.
func stored(k *evidence.Cookie) bool {
	return slices.ContainsFunc(evidence.Phases(), func(p evidence.Phase) bool { return storedIn(k, p) })
}

// afterAnswer returns the writes of a phase that came after the answer to the
// banner.
func afterAnswer(k *evidence.Cookie, p evidence.Phase) []*evidence.Write {
	return slices.DeleteFunc(writesIn(k, p), func(w *evidence.Write) bool { return !w.AfterAnswer })
}

// asked returns the longest lifetime, in seconds, that an accepted write asked
// for or, where none was seen to ask, that the browser keeps; 0 for a session
// cookie and where it is not known.
func asked(k *evidence.Cookie) int64 {
	var longest int64
	seen := false
	for _, p := range evidence.Phases() {
		for _, w := range writesIn(k, p) {
			seen = true
			if w.Requested != nil {
				longest = max(longest, *w.Requested)
			}
		}
	}
	switch {
	case longest > 0 || seen && k.Kept == nil:
		return longest
	case k.Requested != nil:
		return *k.Requested
	case k.Kept != nil:
		return *k.Kept
	}
	return 0
}

func cookieSubject(k *evidence.Cookie) audit.Subject {
	return audit.Subject{Kind: audit.SubjectCookie, Name: k.Name, Domain: strings.TrimPrefix(k.Domain, ".")}
}

// banded lowers a severity by one where the purpose is only possible, or rests
// on a name that neither a domain nor a script confirms, and gives
// the certainty of a purpose's confidence. What needs consent for sure, but is
// filed under different categories, is likely.
func banded(p audit.Purpose, s audit.Severity) (audit.Severity, audit.Certainty) {
	switch {
	case p.NameOnly:
		return s.Lower(), audit.Possible
	case p.Confidence >= 0.9:
		return s, audit.Confirmed
	case p.Sure() >= 0.7:
		return s, audit.Likely
	}
	return s.Lower(), audit.Possible
}

// weaker returns the less sure of two certainties.
func weaker(a, b audit.Certainty) audit.Certainty {
	order := []audit.Certainty{audit.Confirmed, audit.Likely, audit.Possible}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

// unseen says what of a scan could not be looked at, so that the absence of
// something in it proves nothing; empty where all was.
func unseen(s *evidence.Scan) string {
	var why []string
	for i := range s.Visits {
		if v := &s.Visits[i]; v.Outcome != evidence.Complete {
			why = append(why, fmt.Sprintf("phase %s is %s: %s", v.Phase, v.Outcome, v.Why))
		}
	}
	return strings.Join(append(why, unaccepted(s)...), "; ")
}

// unaccepted says why what a site stores after acceptance was not seen.
func unaccepted(s *evidence.Scan) []string {
	v := s.Visit(evidence.Accept)
	switch {
	case v == nil:
		return []string{"what is stored after accepting was not looked at"}
	case v.Outcome == evidence.Unavailable:
		return nil // said already
	case v.Consent.Result == evidence.NoBanner, v.Consent.Result == evidence.Clicked, v.Consent.Result == evidence.Verified:
		return nil
	case s.Banner != nil && s.Banner.Found && !canAccept(s.Banner):
		return nil // a notice that offers nothing to accept
	}
	return []string{"the banner could not be accepted: " + v.Consent.Why}
}

func canAccept(b *evidence.Banner) bool {
	return b.FirstLayerAccept || slices.ContainsFunc(b.Controls, func(c evidence.BannerControl) bool {
		return c.Role == "accept" || c.Role == "settings" || c.Role == "save"
	})
}

// passUnless passes where everything was seen, and says why not otherwise.
func passUnless(s *evidence.Scan) audit.Result {
	res := audit.Result{Inconclusive: unseen(s)}
	whole := !slices.ContainsFunc(s.Visits, func(v evidence.Visit) bool { return v.Outcome != evidence.Complete })
	if whole && s.Visit(evidence.Accept) == nil {
		res.NotRequested = []evidence.Phase{evidence.Accept}
	}
	return res
}

// A collection gathers violations, one per subject.
type collection struct {
	list []audit.Finding
	at   map[audit.Subject]int
}

// maxExhibits bounds the evidence of one finding: a cookie that is written on
// every page is proven by a few of its writes.
const maxExhibits = 12

// add appends a violation, or joins it to the one of the same subject: a cookie
// that exists under two paths is one finding.
func (c *collection) add(f audit.Finding) {
	if c.at == nil {
		c.at = map[audit.Subject]int{}
	}
	i, ok := c.at[f.Subject]
	if !ok {
		c.at[f.Subject] = len(c.list)
		f.Evidence = f.Evidence[:min(len(f.Evidence), maxExhibits)]
		c.list = append(c.list, f)
		return
	}
	old := &c.list[i]
	evidence := append(slices.Clone(old.Evidence), f.Evidence...)
	if f.Severity != old.Severity && f.Severity.AtLeast(old.Severity) {
		*old = f
	}
	old.Evidence = evidence[:min(len(evidence), maxExhibits)]
}

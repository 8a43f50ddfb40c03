package report

import (
	"cmp"
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
	year   = 365 * day
)

// span writes a length of time exactly: "2 y", "400 d", "1 d 30 min". A year is
// 365 days and appears only where the length is a whole number of years; months
// do not appear because they have no fixed length.
func span(seconds int64) string {
	if seconds <= 0 {
		return fmt.Sprintf("%d s", seconds)
	}
	if seconds%year == 0 {
		return fmt.Sprintf("%d y", seconds/year)
	}
	var parts []string
	for _, u := range units() {
		if n := seconds / u.seconds; n > 0 && u.seconds != year {
			parts = append(parts, fmt.Sprintf("%d %s", n, u.name))
			seconds %= u.seconds
		}
	}
	return strings.Join(parts, " ")
}

// about writes a length for narrow columns: exactly where that takes no more than
// two figures, else rounded by at most a twentieth and marked with "~".
func about(seconds int64) string {
	exact := span(seconds)
	if strings.Count(exact, " ") <= 3 {
		return exact
	}
	for _, u := range units() {
		if seconds >= 10*u.seconds && u.seconds != year {
			return "~" + span((seconds+u.seconds/2)/u.seconds*u.seconds)
		}
	}
	return exact
}

type unit struct {
	name    string
	seconds int64
}

func units() []unit {
	return []unit{{"y", year}, {"d", day}, {"h", hour}, {"min", minute}, {"s", 1}}
}

// lifetime says in words how long a cookie asked to live.
func (c *Cookie) lifetime(length func(int64) string) string {
	switch {
	case c.Session:
		return "session"
	case c.RequestedSeconds != nil:
		return length(*c.RequestedSeconds)
	case c.StoredSeconds != nil:
		return length(*c.StoredSeconds) + " stored"
	default:
		return "not seen"
	}
}

// kept says how long the browser keeps the cookie.
func (c *Cookie) kept() string {
	switch {
	case !c.Stored:
		return "not stored"
	case c.Session:
		return "session"
	case c.StoredSeconds != nil:
		return span(*c.StoredSeconds)
	default:
		return "not seen"
	}
}

// declaredLifetime says in words how long the policy says that something lives.
func declaredLifetime(d *evidence.Declaration) string {
	switch {
	case d.Seconds == nil && d.Lifetime == "":
		return "not stated"
	case d.Seconds == nil:
		return "no length"
	case *d.Seconds == 0:
		return "session"
	default:
		return span(*d.Seconds)
	}
}

// observedText says whether a declared thing was seen. A pixel leaves nothing
// behind that could be matched by name, and an item that was not seen in a scan
// with gaps may well be there.
func (r *Report) observedText(d *Declaration) string {
	switch {
	case d.Observed:
		return "yes"
	case d.Storage == evidence.KindPixel || d.Storage == evidence.KindOther:
		return "not looked for"
	case !r.Coverage.observable():
		return "unknown"
	default:
		return "no"
	}
}

func declaredText(s audit.DeclaredState) string {
	switch s {
	case audit.Declared:
		return "yes"
	case audit.Undeclared:
		return "no"
	default:
		return "unknown"
	}
}

func partyText(p evidence.Party) string {
	if p == evidence.Third {
		return "third party"
	}
	return "first party"
}

// sure is the confidence below which a category is a guess: no rule takes it as
// known (audit.Purpose.NonExempt).
const sure = 0.7

// otherwise says in words what others call a cookie whose class is contested.
func (c *Cookie) otherwise() string {
	if len(c.Also) == 0 {
		return ""
	}
	need := "needs"
	if c.Exempt {
		need = "needs no"
	}
	var also []string
	for _, o := range c.Also {
		also = append(also, string(o))
	}
	return fmt.Sprintf(" (others file it under %s; that it %s consent: %.2f)", strings.Join(also, " or "), need, c.ExemptConfidence)
}

// purposeText names a category and marks a guess with "?". The confidence is that
// of whether consent is needed, which is what rules go by.
func purposeText(c evidence.Category, confidence float64) string {
	if c != evidence.UnknownCategory && confidence < sure {
		return string(c) + "?"
	}
	return string(c)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// phaseText names a phase. It speaks of visits, because a visit that refuses
// begins before the refusal.
func phaseText(p evidence.Phase) string {
	switch p {
	case evidence.Before:
		return "before any answer"
	case evidence.Reject:
		return "in the visit that refuses"
	case evidence.Accept:
		return "in the visit that accepts"
	case evidence.Withdraw:
		return "in the visit that withdraws"
	case evidence.Return:
		return "in the return visit"
	case evidence.GPC:
		return "in the visit with Global Privacy Control"
	case evidence.Choose:
		return "in the visit that chooses"
	case evidence.Close:
		return "in the visit that closes the banner"
	default:
		return "in phase " + string(p)
	}
}

// answerText says what came of answering the banner.
func answerText(c evidence.ConsentResult) string {
	switch c {
	case evidence.NoBanner:
		return "no banner"
	case evidence.NoRejectOffered:
		return "no refusal offered"
	case evidence.NoChoiceOffered:
		return "no such choice offered"
	case evidence.NoCloseOffered:
		return "nothing that closes the banner"
	case evidence.Closed:
		return "banner closed, nothing answered"
	case evidence.NotReachable:
		return "no way back to the choice"
	case evidence.Clicked:
		return "clicked, effect not proven"
	case evidence.Verified:
		return "clicked, effect verified"
	case evidence.Failed:
		return "could not be answered"
	default:
		return "not answered"
	}
}

func outcomeText(o evidence.Outcome) string {
	switch o {
	case evidence.Complete:
		return "complete"
	case evidence.Partial:
		return "PARTIAL"
	case NotScanned:
		return "not scanned"
	default:
		return "NOT LOOKED AT"
	}
}

// shortLaw cites in a few words: "EPRIVACY Art. 5(3)".
func shortLaw(c law.Citation) string {
	p := strings.NewReplacer("Article ", "Art. ", "Articles ", "Arts. ", "Section ", "s. ", "paragraph ", "para. ").Replace(c.Provision)
	return strings.TrimSpace(cmp.Or(c.Instrument.ID, c.Instrument.Name) + " " + p)
}

func shortLaws(cs []law.Citation) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = shortLaw(c)
	}
	return strings.Join(parts, "; ")
}

// subjectText names what a finding is about.
func subjectText(s audit.Subject) string {
	switch {
	case s.Kind == audit.SubjectSite && s.Name == "":
		return "the site"
	case s.Name == "" && s.Domain != "":
		return fmt.Sprintf("%s (%s)", s.Kind, identifier(s.Domain))
	case s.Domain != "" && s.Domain != s.Name:
		return fmt.Sprintf("%s %s (%s)", s.Kind, identifier(s.Name), identifier(s.Domain))
	default:
		return fmt.Sprintf("%s %s", s.Kind, identifier(s.Name))
	}
}

// moment writes a time within a phase: "1.25 s".
func moment(ms int64) string {
	return fmt.Sprintf("%.2f s", float64(ms)/1000)
}

// longLaws cites instruments by name, with their provisions.
func longLaws(cs []law.Citation) string {
	parts := make([]string, len(cs))
	for i, c := range cs {
		parts[i] = longLaw(c)
	}
	return strings.Join(parts, listSeparator)
}

func longLaw(c law.Citation) string {
	if c.Provision == "" {
		return c.Instrument.Name
	}
	return c.Instrument.Name + ", " + c.Provision
}

// roundShare is how much a published lifetime may be longer than the true one.
const roundShare = 0.02

// publicLength writes a lifetime for visitors, in one unit: "2 years", "400
// days", "session". It rounds up by at most a fiftieth: a table must not promise
// less than what is kept.
func publicLength(seconds int64) string {
	if seconds <= 0 {
		return "session"
	}
	for _, u := range []unit{{"year", year}, {"day", day}, {"hour", hour}, {"minute", minute}} {
		n := (seconds + u.seconds - 1) / u.seconds
		if over := n*u.seconds - seconds; float64(over) <= roundShare*float64(seconds) {
			return Plural(int(n), u.name)
		}
	}
	return Plural(int(seconds), "second")
}

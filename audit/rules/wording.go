package rules

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// span words a length in seconds as a person would compare it.
func span(seconds int64) string {
	const day = 86400
	switch {
	case seconds >= day:
		return count((seconds+day/2)/day, "day")
	case seconds >= 2*3600:
		return count((seconds+1800)/3600, "hour")
	case seconds >= 120:
		return count((seconds+30)/60, "minute")
	}
	return count(seconds, "second")
}

func count(n int64, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// lifetime words how long a cookie asks to be kept.
func lifetime(k *evidence.Cookie) string {
	if s := asked(k); s > 0 {
		return "for " + span(s)
	}
	return "for the session"
}

// purposeWords words a purpose: "analytics, Google Analytics".
func purposeWords(p audit.Purpose) string {
	words := string(p.Category)
	if p.Category == evidence.UnknownCategory {
		words = "purpose unknown"
	}
	if p.Provider != "" {
		words += ", " + p.Provider
	}
	return words
}

// maxNames is how many names a message lists before it counts the rest.
const maxNames = 5

// list joins quoted names: `"a", "b" and 3 more`.
func list(names []string) string {
	var quoted []string
	for _, n := range names[:min(len(names), maxNames)] {
		quoted = append(quoted, quote(n))
	}
	s := strings.Join(quoted, ", ")
	if more := len(names) - maxNames; more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

// maxQuote bounds what a message repeats of a site's own words, in characters.
const maxQuote = 200

func quote(s string) string { return `"` + clip(s) + `"` }

// clip shortens a text that a site wrote, on one line.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxQuote {
		return string(r[:maxQuote]) + "…"
	}
	return s
}

// place words an address without what follows the path: query strings are long
// and hold identifiers. The exhibit has the whole.
func place(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return clip(raw)
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return clip(u.String())
}

// setBy words who wrote a cookie.
func setBy(w *evidence.Write) string {
	switch {
	case w.Mechanism == evidence.HTTP:
		return "by the response of " + place(w.URL)
	case w.Script != "" && w.Line > 0:
		return fmt.Sprintf("by the script %s, line %d", place(w.Script), w.Line)
	case w.Script != "":
		return "by the script " + place(w.Script)
	}
	return "by something that was not seen"
}

// setter is the setter's full address for an exhibit.
func setter(w *evidence.Write) string {
	if w.Mechanism == evidence.HTTP || w.Script == "" {
		return w.URL
	}
	if w.Line > 0 {
		return fmt.Sprintf("%s:%d:%d", w.Script, w.Line, w.Column)
	}
	return w.Script
}

// writeExhibit shows one write.
func writeExhibit(k *evidence.Cookie, w *evidence.Write) audit.Exhibit {
	asks := "asks to be kept for the session"
	if w.Requested != nil {
		asks = "asks to be kept for " + span(*w.Requested)
	}
	return audit.Exhibit{
		Phase: w.Phase, Page: w.Page, AtMS: w.AtMS,
		What: fmt.Sprintf("%q set on %s %s; %s", k.Name, k.Domain, setBy(w), asks),
		Raw:  w.Raw, Source: setter(w),
	}
}

// storedExhibit shows how a phase came to hold a cookie.
func storedExhibit(k *evidence.Cookie, p evidence.Phase) audit.Exhibit {
	if ws := writesIn(k, p); len(ws) > 0 {
		return writeExhibit(k, ws[0])
	}
	what := fmt.Sprintf("%q held for %s in the browser's cookie jar at the end of the phase; what set it was not seen", k.Name, k.Domain)
	return audit.Exhibit{Phase: p, What: what}
}

// firstExhibit shows how a cookie was first stored.
func firstExhibit(k *evidence.Cookie) []audit.Exhibit {
	for _, p := range evidence.Phases() {
		if storedIn(k, p) {
			return []audit.Exhibit{storedExhibit(k, p)}
		}
	}
	return nil
}

// basisExhibit shows what a purpose rests on.
func basisExhibit(p audit.Purpose) audit.Exhibit {
	if len(p.Basis) == 0 {
		return audit.Exhibit{What: "nothing is known of what it is for"}
	}
	return audit.Exhibit{What: fmt.Sprintf("held for %s with confidence %.2f: %s", p.Category, p.Confidence, strings.Join(p.Basis, "; "))}
}

// declarationExhibit shows what the policy says.
func declarationExhibit(d *evidence.Declaration) audit.Exhibit {
	what := fmt.Sprintf("the policy declares %q", d.Name)
	if d.Lifetime != "" {
		what += ", kept " + quote(d.Lifetime)
	}
	if d.Unsure != "" {
		what += " (not read with certainty: " + d.Unsure + ")"
	}
	return audit.Exhibit{What: what, Raw: d.Source.Quote, Source: d.Source.URL}
}

// policyExhibits lists the documents that were compared with.
func policyExhibits(s *evidence.Scan) []audit.Exhibit {
	var es []audit.Exhibit
	for i := range s.Policies {
		es = append(es, audit.Exhibit{What: "policy that was read", Source: s.Policies[i].URL})
	}
	return es
}

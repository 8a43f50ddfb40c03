package report

import (
	"fmt"
	"slices"
	"strings"

	"cookieaudit/crawler/evidence"
)

// choiceNotes says in a line each what a phase saw of the site's consent beside
// the answer to its banner.
func choiceNotes(v *evidence.Visit) []string {
	var out []string
	if w := v.Reopening; w != nil {
		switch {
		case w.Reached:
			out = append(out, fmt.Sprintf("the way back to the choice: %q, %s", w.Label, Plural(w.Clicks, "click")))
		case w.By != "":
			out = append(out, fmt.Sprintf("no control leads back to the choice, only the script function %s does", w.Label))
		default:
			out = append(out, "no way back to the choice: "+w.Why)
		}
	}
	if r := v.Returned; r != nil {
		out = append(out, fmt.Sprintf("on the return visit the banner came back: %s; the answer was kept: %s", answered(r.Banner), answered(r.Kept)))
	}
	if s := signalSources(v.Signals); s != "" {
		out = append(out, "consent is stated by: "+s)
	}
	return out
}

// signalSources lists the kinds of signals and where each was seen.
func signalSources(signals []evidence.Signal) string {
	var kinds []evidence.SignalKind
	seen := map[evidence.SignalKind][]string{}
	for i := range signals {
		s := &signals[i]
		if !slices.Contains(kinds, s.Kind) {
			kinds = append(kinds, s.Kind)
		}
		if from := string(s.Source); !slices.Contains(seen[s.Kind], from) {
			seen[s.Kind] = append(seen[s.Kind], from)
		}
	}
	var parts []string
	for _, k := range kinds {
		parts = append(parts, fmt.Sprintf("%s (%s)", signalText(k), strings.Join(seen[k], ", ")))
	}
	return strings.Join(parts, ", ")
}

func signalText(k evidence.SignalKind) string {
	switch k {
	case evidence.SignalTCF:
		return "TCF"
	case evidence.SignalGPP:
		return "GPP"
	case evidence.SignalUSPrivacy:
		return "US Privacy"
	case evidence.SignalConsentMode:
		return "Consent Mode"
	case evidence.SignalManager:
		return "the consent manager"
	case evidence.SignalRecord:
		return "a record of its own"
	}
	return string(k)
}

// answered says what is known of something that may not have been looked at.
func answered(b *bool) string {
	if b == nil {
		return "not known"
	}
	return yesNo(*b)
}

package rules

import (
	"cmp"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A closing is what came of closing the banner without an answer: a message and
// its evidence where that counted as consent, or why it is not known.
type closing struct {
	message      string
	certainty    audit.Certainty
	evidence     []audit.Exhibit
	unseen       string
	notRequested []evidence.Phase
}

// closedBanner says what closing the banner did. A banner that nothing closes
// needs no visit.
func closedBanner(c *audit.Case, b *evidence.Banner) closing {
	v, before := c.Scan.Visit(evidence.Close), c.Scan.Visit(evidence.Before)
	switch {
	case v == nil && firstLayer(b, "close") == nil:
		return closing{}
	case v == nil && before.Outcome != evidence.Complete:
		return closing{unseen: "what closing the banner does was not tried"}
	case v == nil:
		return closing{
			unseen:       "the banner can be closed, and what that does was not tried: the scan was not asked for phase close",
			notRequested: []evidence.Phase{evidence.Close},
		}
	case v.Consent.Result == evidence.NoCloseOffered:
		return closing{}
	case v.Consent.Result != evidence.Closed:
		return closing{unseen: "the banner could not be closed: " + cmp.Or(v.Consent.Why, v.Why, "it did not come again")}
	}
	return sinceClosed(c, b, v)
}

// sinceClosed looks at what the site stated and did after the banner was closed.
func sinceClosed(c *audit.Case, b *evidence.Banner, v *evidence.Visit) closing {
	clicked := audit.Exhibit{Phase: evidence.Close, AtMS: v.Consent.AtMS, What: "the banner was closed, and nothing was answered", Source: v.Consent.CMP}
	var said []string
	out := closing{certainty: audit.Likely}
	if isTrue(b.CloseGrants) {
		said = append(said, "the site's state says that consent was given")
		clicked.What += ": " + v.Consent.Proof
		if grantedByInterface(v) {
			out.certainty = audit.Confirmed
		}
	}
	names, exhibits := firstAfterClosing(c)
	if len(names) > 0 {
		said = append(said, "what was silent until then tracks the visitor: "+list(names))
		if isTrue(b.CloseGrants) {
			out.certainty = audit.Confirmed
		}
	}
	if len(said) > 0 {
		out.message = "The visitor only closed the banner, and " + strings.Join(said, ", and ") + "."
		out.evidence = append([]audit.Exhibit{clicked}, exhibits...)
	} else if v.Outcome != evidence.Complete {
		out.unseen = "phase close was cut short: " + v.Why
	} else if b.CloseGrants == nil {
		out.unseen = "what the site's state says after the banner was closed could not be read"
	}
	return out
}

// grantedByInterface reports whether an interface of the page, and not only a
// stored record, came to grant.
func grantedByInterface(v *evidence.Visit) bool {
	return slices.ContainsFunc(v.Signals, func(s evidence.Signal) bool {
		if !s.AfterAnswer || s.Error != "" || s.Gone {
			return false
		}
		if m := s.ConsentMode; m != nil {
			return m.Command == "update" && (m.States["ad_storage"] == "granted" || m.States["analytics_storage"] == "granted")
		}
		what, sure := grants(&s)
		return what != "" && sure
	})
}

// firstAfterClosing names the trackers that stored or were asked after the banner
// was closed, and never in the visit that left it alone. Of that visit all has to
// be known. What a national exemption may cover needs no consent to begin with.
func firstAfterClosing(c *audit.Case) (names []string, exhibits []audit.Exhibit) {
	if c.Scan.Visit(evidence.Before).Outcome != evidence.Complete {
		return nil, nil
	}
	add := func(name string, e audit.Exhibit) {
		if !slices.Contains(names, name) {
			names, exhibits = append(names, name), append(exhibits, e)
		}
	}
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		p, _ := admitted(c, i)
		ws := afterAnswer(k, evidence.Close)
		if len(ws) > 0 && tracks(p) && !slices.Contains(k.Phases, evidence.Before) && exception(c, p, k.Party) == nil {
			add(k.Name, writeExhibit(k, ws[0]))
		}
	}
	for i := range c.Scan.Storage {
		it, p := &c.Scan.Storage[i], c.Storage[i].Purpose
		w := writtenAfter(it, evidence.Close)
		if w != nil && tracks(p) && !slices.Contains(it.Phases, evidence.Before) && exception(c, p, it.Party) == nil {
			add(it.Key, storageExhibit(it, w))
		}
	}
	asked := map[string]bool{}
	for i := range c.Scan.Requests {
		if r := &c.Scan.Requests[i]; r.Phase == evidence.Before {
			asked[r.Host] = true
		}
	}
	for i := range c.Scan.Requests {
		r, p := &c.Scan.Requests[i], c.Requests[i].Purpose
		if r.Phase == evidence.Close && r.AfterAnswer && r.Site != c.Scan.Site.Domain && tracks(p) && !asked[r.Host] {
			add(r.Host, requestExhibit(r))
		}
	}
	return names, exhibits[:min(len(exhibits), maxExhibits/2)]
}

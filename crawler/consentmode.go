package crawler

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"cookieaudit/crawler/consent/signal"
	"cookieaudit/crawler/evidence"
)

// consentMode adds to the signals of a visit what its requests to Google say of
// the consent mode, each statement of a page once, and to every command when the
// page first asked for a tag and first sent a measurement.
func consentMode(v *evidence.Visit, requests []evidence.Request) {
	type visited struct {
		page   string
		opened int64
	}
	type span struct{ tag, hit *int64 }
	pages := map[visited]*span{}
	said := map[string]bool{}
	for i := range requests {
		r := &requests[i]
		states, raw := signal.Mode(r.URL)
		at := visited{r.Page, opened(v, r.Page, r.AtMS)}
		p := pages[at]
		if p == nil {
			p = &span{}
			pages[at] = p
		}
		switch {
		case isTag(r.URL):
			p.tag = earlier(p.tag, r.AtMS)
		case raw != "":
			p.hit = earlier(p.hit, r.AtMS)
		}
		key := fmt.Sprint(at, r.Host, raw)
		if raw == "" || said[key] {
			continue
		}
		said[key] = true
		v.Signals = append(v.Signals, evidence.Signal{
			Kind: evidence.SignalConsentMode, Source: evidence.FromRequest, Name: r.Host, Page: r.Page, AtMS: r.AtMS, PageMS: r.AtMS - at.opened,
			AfterAnswer: r.AfterAnswer, Raw: raw, ConsentMode: &evidence.ConsentMode{States: states},
		})
	}
	for i := range v.Signals {
		s := &v.Signals[i]
		if p := pages[visited{s.Page, opened(v, s.Page, s.AtMS)}]; s.ConsentMode != nil && p != nil {
			s.ConsentMode.FirstTagMS, s.ConsentMode.FirstHitMS = p.tag, p.hit
		}
	}
	slices.SortStableFunc(v.Signals, func(a, b evidence.Signal) int { return cmp.Compare(a.AtMS, b.AtMS) })
}

func earlier(known *int64, at int64) *int64 {
	if known != nil && *known <= at {
		return known
	}
	return &at
}

// opened is when the page was opened that was at an address at a moment: a page
// may be visited twice.
func opened(v *evidence.Visit, page string, at int64) int64 {
	var when int64
	for _, p := range v.Pages {
		if p.URL == page && p.AtMS <= at {
			when = p.AtMS
		}
	}
	return when
}

// isTag reports whether a request is for Google's tag, also where the site serves
// it under a name of its own.
func isTag(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (strings.HasSuffix(u.Path, "/gtm.js") || strings.HasSuffix(u.Path, "/gtag/js"))
}

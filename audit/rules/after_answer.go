package rules

import (
	"cmp"
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// An answer is what the visitor told the site, and in which phase.
type answer struct {
	phase   evidence.Phase
	consent evidence.Consent
	noun    string // "refusal"
	done    string // "had refused"
}

// trackersAfter finds cookies and web storage that track and are written, and
// trackers that are asked, after an answer that forbids it.
func trackersAfter(c *audit.Case, ans *answer) audit.Result {
	var found collection
	covered := map[string]bool{}
	for i := range c.Scan.Cookies {
		k := &c.Scan.Cookies[i]
		p, byPolicy := admitted(c, i)
		ws := afterAnswer(k, ans.phase)
		if !tracks(p) || len(ws) == 0 {
			continue
		}
		found.add(afterRefusal(c, cookieAfter(k, p, admittedWords(p, byPolicy), ws, ans), p, k.Party))
		cover(covered, p.Provider, k.Site)
		for j := range ws {
			cover(covered, "", ws[j].Host)
		}
	}
	for _, f := range storageAfter(c, ans, covered) {
		found.add(f)
	}
	delete(covered, "")
	delete(covered, c.Scan.Site.Domain)
	delete(covered, c.Scan.Site.Host)
	for _, f := range requestsAfter(c, covered, ans) {
		found.add(f)
	}
	return audit.Result{Violations: found.list}
}

// cover notes whose requests need no finding of their own.
func cover(covered map[string]bool, provider string, hosts ...string) {
	covered[strings.ToLower(provider)] = true
	for _, h := range hosts {
		covered[h] = true
	}
}

// tracks reports whether a purpose is one that a refusal must stop and that
// nobody mistakes for a service: analytics or advertising.
func tracks(p audit.Purpose) bool {
	return p.NonExempt() && (p.Category == evidence.Analytics || p.Category == evidence.Marketing)
}

// inFlight is how long after the click, in milliseconds, a response may be the
// answer to a request that was made before it.
const inFlight = 1000

func cookieAfter(k *evidence.Cookie, p audit.Purpose, what string, ws []*evidence.Write, ans *answer) audit.Finding {
	severity, certainty := banded(p, audit.Critical)
	settled := false
	for i := range ws {
		settled = settled || ws[i].Mechanism != evidence.HTTP || ws[i].AtMS-ans.consent.AtMS >= inFlight
	}
	if !settled {
		certainty = weaker(certainty, audit.Likely)
	}
	severity, certainty = unverified(ans.consent, severity, certainty)
	f := audit.Finding{
		Subject: cookieSubject(k), Severity: severity, Certainty: certainty,
		Message: fmt.Sprintf("%q (%s) was written on %s after the visitor %s, to be kept %s; set %s.",
			k.Name, what, k.Domain, ans.done, lifetime(k), setBy(ws[0])),
		Evidence: []audit.Exhibit{ans.exhibit()},
	}
	for i := range ws[:min(len(ws), 3)] {
		f.Evidence = append(f.Evidence, writeExhibit(k, ws[i]))
	}
	f.Evidence = append(f.Evidence, basisExhibit(p))
	return f
}

// unverified takes back what rests on a refusal whose effect is not known.
func unverified(consent evidence.Consent, s audit.Severity, c audit.Certainty) (audit.Severity, audit.Certainty) {
	if consent.Result == evidence.Verified {
		return s, c
	}
	return s.Lower(), audit.Possible
}

func (ans *answer) exhibit() audit.Exhibit {
	consent := ans.consent
	what := "the " + ans.noun + " was clicked; its effect could not be verified"
	if consent.Result == evidence.Verified {
		what = "the " + ans.noun + " was given and verified"
	}
	if more := cmp.Or(consent.Proof, consent.Why); more != "" {
		what += ": " + more
	}
	return audit.Exhibit{Phase: ans.phase, AtMS: consent.AtMS, What: what, Source: consent.CMP}
}

// requestsAfter finds hosts of trackers that were asked after the answer
// and whose organisation has no finding about what it stores.
func requestsAfter(c *audit.Case, covered map[string]bool, ans *answer) []audit.Finding {
	var fs []audit.Finding
	at, withCookie := map[string]int{}, map[string]bool{}
	for i := range c.Scan.Requests {
		r, p := &c.Scan.Requests[i], c.Requests[i].Purpose
		if r.Phase != ans.phase || !r.AfterAnswer || r.Site == c.Scan.Site.Domain || !tracks(p) {
			continue
		}
		if covered[strings.ToLower(p.Provider)] || covered[r.Site] || covered[r.Host] {
			continue
		}
		severity, certainty := banded(p, audit.Critical)
		if !r.SentCookie {
			certainty = weaker(certainty, audit.Likely)
		}
		severity, certainty = unverified(ans.consent, severity, certainty)
		withCookie[r.Host] = withCookie[r.Host] || r.SentCookie
		j, ok := at[r.Host]
		if !ok {
			j = len(fs)
			at[r.Host] = j
			fs = append(fs, audit.Finding{
				Subject:  audit.Subject{Kind: audit.SubjectRequest, Name: r.Host, Domain: r.Site},
				Severity: severity, Certainty: certainty,
				Message:  fmt.Sprintf("%s (%s) was asked after the visitor %s.", r.Host, purposeWords(p), ans.done),
				Evidence: []audit.Exhibit{ans.exhibit(), basisExhibit(p)},
			})
		}
		f := &fs[j]
		if weaker(f.Certainty, certainty) == f.Certainty {
			f.Certainty = certainty // one request with a cookie is proof enough
		}
		if len(f.Evidence) < maxExhibits {
			f.Evidence = append(f.Evidence, requestExhibit(r))
		}
	}
	for i := range fs {
		sayPing(&fs[i], c.Scan.Visit(ans.phase), withCookie[fs[i].Subject.Name])
	}
	return fs
}

func requestExhibit(r *evidence.Request) audit.Exhibit {
	what := "request to " + r.Host
	if r.SentCookie {
		what += " that carried a cookie"
	}
	return audit.Exhibit{Phase: r.Phase, Page: r.Page, AtMS: r.AtMS, What: what, Raw: r.URL, Source: r.Initiator}
}

// afterRefusal turns a finding into information where a national exemption
// holds although the visitor has refused.
func afterRefusal(c *audit.Case, f audit.Finding, p audit.Purpose, party evidence.Party) audit.Finding {
	if e := exception(c, p, party); e != nil && e.AfterRefusal {
		return conditional(c, f, p, party)
	}
	return f
}

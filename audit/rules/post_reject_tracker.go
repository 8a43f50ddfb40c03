package rules

import (
	"cmp"
	"fmt"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// PostRejectTracker: a refusal that changes nothing is no choice.
var PostRejectTracker = audit.Rule{
	ID:        "POST_REJECT_TRACKER",
	Title:     "Tracking goes on after a refusal",
	Severity:  audit.Critical,
	Certainty: audit.Confirmed,
	Needs:     []evidence.Phase{evidence.Reject},
	Condition: "After the visitor has refused, a cookie for analytics or advertising is written, or a host that serves only these is asked.",
	Control: "Only what happens after the refusal counts, not what is left over from before. A refusal whose effect could not be verified " +
		"lowers the severity by one and makes the finding possible. A response within a second of the click may have been on its way: likely. " +
		"A request that carried no cookie is likely too. Delivery networks, fonts, tag managers and the consent manager do not count.",
	Remediation: "Make the tag obey the refusal: stop it in the consent manager or tag manager and test it with the refusal stored.",
	Cites:       []law.Citation{law.EPrivacy5_3, law.GDPR7, law.TechnicalScopeTracking},
	Check:       checkPostRejectTracker,
}

func checkPostRejectTracker(c *audit.Case) audit.Result {
	consent := c.Scan.Visit(evidence.Reject).Consent
	switch consent.Result {
	case evidence.NoBanner:
		return audit.Result{NotApplicable: "there was no banner to refuse in"}
	case evidence.NoRejectOffered:
		return audit.Result{NotApplicable: "the banner offered no refusal"}
	case evidence.Clicked, evidence.Verified:
	default:
		return audit.Result{Inconclusive: "the refusal could not be given: " + consent.Why}
	}
	var found collection
	covered := map[string]bool{}
	for i := range c.Scan.Cookies {
		k, p := &c.Scan.Cookies[i], c.Cookies[i].Purpose
		ws := afterAnswer(k, evidence.Reject)
		if !tracks(p) || len(ws) == 0 {
			continue
		}
		found.add(cookieAfterReject(k, p, ws, consent))
		covered[strings.ToLower(p.Provider)] = true
		covered[k.Site] = true
		for j := range ws {
			covered[ws[j].Host] = true
		}
	}
	delete(covered, "")
	delete(covered, c.Scan.Site.Domain)
	delete(covered, c.Scan.Site.Host)
	for _, f := range requestsAfterReject(c, covered, consent) {
		found.add(f)
	}
	return audit.Result{Violations: found.list}
}

// tracks reports whether a purpose is one that a refusal must stop and that
// nobody mistakes for a service: analytics or advertising.
func tracks(p audit.Purpose) bool {
	return p.NonExempt() && (p.Category == evidence.Analytics || p.Category == evidence.Marketing)
}

// inFlight is how long after the click, in milliseconds, a response may be the
// answer to a request that was made before it.
const inFlight = 1000

func cookieAfterReject(k *evidence.Cookie, p audit.Purpose, ws []evidence.Write, consent evidence.Consent) audit.Finding {
	severity, certainty := banded(p, audit.Critical)
	settled := false
	for i := range ws {
		settled = settled || ws[i].Mechanism != evidence.HTTP || ws[i].AtMS-consent.AtMS >= inFlight
	}
	if !settled {
		certainty = weaker(certainty, audit.Likely)
	}
	severity, certainty = unverified(consent, severity, certainty)
	f := audit.Finding{
		Subject: cookieSubject(k), Severity: severity, Certainty: certainty,
		Message: fmt.Sprintf("%q (%s) was written on %s after the visitor had refused, to be kept %s; set %s.",
			k.Name, purposeWords(p), k.Domain, lifetime(k), setBy(&ws[0])),
		Evidence: []audit.Exhibit{consentExhibit(consent)},
	}
	for i := range ws[:min(len(ws), 3)] {
		f.Evidence = append(f.Evidence, writeExhibit(k, &ws[i]))
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

func consentExhibit(consent evidence.Consent) audit.Exhibit {
	what := "the refusal was clicked; its effect could not be verified"
	if consent.Result == evidence.Verified {
		what = "the refusal was given and verified"
	}
	if more := cmp.Or(consent.Proof, consent.Why); more != "" {
		what += ": " + more
	}
	return audit.Exhibit{Phase: evidence.Reject, AtMS: consent.AtMS, What: what, Source: consent.CMP}
}

// requestsAfterReject finds hosts of trackers that were asked after the refusal
// and whose organisation has no finding about a cookie.
func requestsAfterReject(c *audit.Case, covered map[string]bool, consent evidence.Consent) []audit.Finding {
	var fs []audit.Finding
	at := map[string]int{}
	for i := range c.Scan.Requests {
		r, p := &c.Scan.Requests[i], c.Requests[i].Purpose
		if r.Phase != evidence.Reject || !r.AfterAnswer || r.Site == c.Scan.Site.Domain || !tracks(p) {
			continue
		}
		if covered[strings.ToLower(p.Provider)] || covered[r.Site] || covered[r.Host] {
			continue
		}
		severity, certainty := banded(p, audit.Critical)
		if !r.SentCookie {
			certainty = weaker(certainty, audit.Likely)
		}
		severity, certainty = unverified(consent, severity, certainty)
		j, ok := at[r.Host]
		if !ok {
			j = len(fs)
			at[r.Host] = j
			fs = append(fs, audit.Finding{
				Subject:  audit.Subject{Kind: audit.SubjectRequest, Name: r.Host, Domain: r.Site},
				Severity: severity, Certainty: certainty,
				Message:  fmt.Sprintf("%s (%s) was asked after the visitor had refused.", r.Host, purposeWords(p)),
				Evidence: []audit.Exhibit{consentExhibit(consent), basisExhibit(p)},
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
	return fs
}

func requestExhibit(r *evidence.Request) audit.Exhibit {
	what := "request to " + r.Host
	if r.SentCookie {
		what += " that carried a cookie"
	}
	return audit.Exhibit{Phase: r.Phase, Page: r.Page, AtMS: r.AtMS, What: what, Raw: r.URL, Source: r.Initiator}
}

package report_test

import (
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

// A sample is a hand-built scan with its judgement.
type sample struct {
	name  string
	scan  *evidence.Scan
	judge *audit.Judgement
}

func samples() []sample {
	return []sample{rich(), empty(), partial(), unavailable(), hostile()}
}

func ptr[T any](v T) *T { return &v }

func at(minutes int) time.Time { return time.Date(2026, 3, 4, 10, minutes, 5, 0, time.UTC) }

var (
	ePrivacy = law.Citation{
		Instrument: law.Instrument{ID: "EPRIVACY", Name: "Directive 2002/58/EC", URL: "https://eur-lex.europa.eu/eli/dir/2002/58/oj", Authority: law.Statute, Date: "2002-07-12"},
		Provision:  "Article 5(3)", AsOf: "2026-01-15",
	}
	planet49 = law.Citation{
		Instrument: law.Instrument{ID: "PLANET49", Name: "CJEU C-673/17 Planet49", URL: "https://curia.europa.eu/juris/liste.jsf?num=C-673/17", Authority: law.Case, Date: "2019-10-01"},
		AsOf:       "2026-01-15",
	}
)

func newScan(id, host string) *evidence.Scan {
	return &evidence.Scan{
		ID: id, Site: evidence.Site{URL: "https://" + host + "/", Host: host, Domain: strings.TrimPrefix(host, "www.")},
		Started: at(0), Finished: at(0).Add(2345 * time.Millisecond), Profile: "eu", Settle: "virtual", Outcome: evidence.Complete,
		Tool: evidence.Tool{Name: "cookieaudit", Version: "0.1.0"}, Browser: evidence.Tool{Name: "HeadlessChrome", Version: "156.0.1"},
		Datasets:     []evidence.Dataset{{Name: "purposes", Version: "2026-02", SHA256: strings.Repeat("ab", 32), Licence: "Apache-2.0"}},
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Looked: []string{"https://" + host + "/cookies"}, Found: true},
	}
}

func visit(p evidence.Phase, host string, result evidence.ConsentResult) evidence.Visit {
	v := evidence.Visit{
		Phase: p, Outcome: evidence.Complete, Started: at(0), TookMS: 900, Attempts: 1, Consent: evidence.Consent{Result: result},
		Pages: []evidence.Page{
			{URL: "https://" + host + "/", FinalURL: "https://" + host + "/", Status: 200, Title: "Home", Outcome: evidence.Complete},
			{URL: "https://" + host + "/news", FinalURL: "https://" + host + "/news", Status: 200, Title: "News", AtMS: 4200, Outcome: evidence.Complete},
		},
	}
	if result == evidence.Verified || result == evidence.Clicked {
		v.Consent.Clicks, v.Consent.AtMS, v.Consent.By, v.Consent.CMP = 1, 1800, "detection", "Town Consent"
	}
	return v
}

func passes(ids ...string) []audit.Finding {
	var fs []audit.Finding
	for _, id := range ids {
		fs = append(fs, audit.Finding{
			Rule: id, Title: "A rule that found nothing", Verdict: audit.Pass, Severity: audit.Medium, Certainty: audit.Confirmed,
			Subject: audit.Subject{Kind: audit.SubjectSite}, Message: "nothing found", Citations: []law.Citation{ePrivacy},
		})
	}
	return fs
}

// empty is a complete look at a site that sets nothing and says so.
func empty() sample {
	s := newScan("scan-empty", "quiet.test")
	s.Settle = "real"
	s.Banner = &evidence.Banner{}
	s.Visits = []evidence.Visit{
		visit(evidence.Before, "quiet.test", evidence.NotAsked),
		visit(evidence.Reject, "quiet.test", evidence.NoBanner), visit(evidence.Accept, "quiet.test", evidence.NoBanner),
	}
	s.Policies = []evidence.PolicyDocument{{URL: "https://quiet.test/cookies", Title: "Cookies", Language: "en", Format: "html", Fetched: at(0), DeclaresNone: true}}
	return sample{"empty", s, &audit.Judgement{Findings: passes("PRE_CONSENT_ANALYTICS", "UNDECLARED_COOKIE")}}
}

// unavailable is a site that nothing could be seen of.
func unavailable() sample {
	s := newScan("scan-unavailable", "gone.test")
	why := "no address is known for gone.test"
	s.Outcome, s.Why = evidence.Unavailable, why
	s.PolicySearch = evidence.PolicySearch{Outcome: evidence.Unavailable, Why: why}
	for _, p := range []evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept} {
		s.Visits = append(s.Visits, evidence.Visit{
			Phase: p, Outcome: evidence.Unavailable, Why: why, Attempts: 1, Consent: evidence.Consent{Result: evidence.NotAsked},
			Pages: []evidence.Page{{URL: "https://gone.test/", Outcome: evidence.Unavailable, Why: why}},
		})
	}
	return sample{"unavailable", s, &audit.Judgement{Findings: []audit.Finding{{
		Rule: "PRE_CONSENT_ANALYTICS", Title: "Analytics stored before consent", Verdict: audit.Inconclusive, Severity: audit.High,
		Certainty: audit.Confirmed, Subject: audit.Subject{Kind: audit.SubjectSite}, Message: "phase before could not be looked at: " + why,
		Citations: []law.Citation{ePrivacy},
	}}}}
}

// partial is a scan with a phase that died, an answer that failed and a policy
// search that was cut short; what was seen is kept.
func partial() sample {
	s := newScan("scan-partial", "www.flaky.test")
	s.Outcome, s.Why = evidence.Partial, "phase accept: the browser stopped twice"
	s.Banner = &evidence.Banner{Found: true, Language: "de", FirstLayerAccept: true, ClicksAccept: ptr(1)}
	before, reject := visit(evidence.Before, "www.flaky.test", evidence.NotAsked), visit(evidence.Reject, "www.flaky.test", evidence.Failed)
	before.Pages[1].Outcome, before.Pages[1].Why = evidence.Unavailable, "not loaded after 20 s"
	before.Outcome, before.Why = evidence.Partial, "1 of 2 pages could not be loaded"
	reject.Consent.Why = "the button could not be reached"
	reject.Notes = []string{"a dialog was closed"}
	s.Visits = []evidence.Visit{reject, before, {
		Phase: evidence.Accept, Outcome: evidence.Unavailable, Why: "the browser stopped twice", Attempts: 2, Consent: evidence.Consent{Result: evidence.NotAsked},
	}}
	s.PolicySearch = evidence.PolicySearch{Outcome: evidence.Partial, Why: "the site stopped answering", Looked: []string{"https://www.flaky.test/datenschutz"}}
	s.Cookies = []evidence.Cookie{{
		CookieKey: evidence.CookieKey{Name: "lb", Domain: "www.flaky.test", Path: "/", HostOnly: true}, Site: "flaky.test", Party: evidence.First,
		Phases: []evidence.Phase{evidence.Before}, Stored: true, Session: true,
		Writes: []evidence.Write{{Phase: evidence.Before, Page: "https://www.flaky.test/", AtMS: 40, Mechanism: evidence.HTTP, URL: "https://www.flaky.test/", Host: "www.flaky.test", Raw: "lb=<8>; Path=/"}},
	}}
	return sample{"partial", s, nil}
}

// hostile is a site whose every text wants to be something else.
func hostile() sample {
	names := []string{
		"\x1b[31mred\x1b]0;title\x07", "=cmd|' /C calc'!A0", "+1;=HYPERLINK(\"http://evil.example\")", "@SUM(1)", "-2", "\ttab", "\rcr",
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(2)>`, "safe\u202egnp.exe", "zero\u200bwidth\u2066", "c1\u009b31m",
		"bad\xff\xfeutf8", strings.Repeat("n", 4096), "日本語クッキーの名前はとても長いことがあります", "line\nbreak", "`code` | pipe [x](http://evil.example) @all {{.}}",
		"", "javascript:alert(1)", "</style></script>",
	}
	s := newScan("scan-hostile", "hostile.test")
	s.Banner = &evidence.Banner{
		Found: true, CMP: names[7], Language: names[0], PreTicked: names[:8], Text: strings.Join(names, " "),
		Controls: []evidence.BannerControl{{Layer: 1, Role: "accept", Label: names[8], Width: 100, Height: 40}}, Links: []string{"javascript:alert(3)", "https://evil.example/\"onmouseover=x"},
	}
	s.Visits = []evidence.Visit{
		visit(evidence.Before, "hostile.test", evidence.NotAsked), visit(evidence.Reject, "hostile.test", evidence.Clicked), visit(evidence.Accept, "hostile.test", evidence.Verified),
	}
	s.Visits[0].Notes, s.Visits[0].Pages[0].Title = names, names[8]
	s.Visits[0].Screenshots = []evidence.Screenshot{{Phase: evidence.Before, Stage: names[7], PNG: []byte("<svg onload=alert(1)>")}}
	j := &audit.Judgement{}
	for i, n := range names {
		url := []string{"javascript:alert(1)//" + n, "https://evil.example/" + n, "data:text/html," + n}[i%3]
		s.Cookies = append(s.Cookies, evidence.Cookie{
			CookieKey: evidence.CookieKey{Name: n, Domain: n + ".hostile.test", Path: n, PartitionKey: n}, Site: "hostile.test",
			Party: []evidence.Party{evidence.First, evidence.Third}[i%2], Phases: []evidence.Phase{evidence.Before, evidence.Reject},
			AfterAnswer: []evidence.Phase{evidence.Reject}, Stored: true, Requested: ptr(int64(i) * 86399), SameSite: n, Value: evidence.Value{SHA256: n, Length: 3},
			Writes: []evidence.Write{
				{Phase: evidence.Before, Page: url, Frame: n, AtMS: int64(i) * 90, Mechanism: evidence.DocumentCookie, URL: url, Host: n, Script: url, Line: 7, Raw: n},
				{Phase: evidence.Reject, Page: url, Frame: n, AtMS: -5, Mechanism: evidence.Mechanism(n), URL: url, Host: n, Script: url, Line: 7, Raw: n, Blocked: []string{n}, AfterAnswer: true},
			},
		})
		s.Storage = append(s.Storage, evidence.StorageItem{Kind: evidence.KindLocalStorage, Origin: url, Key: n, Site: n, Party: evidence.Third, Phases: []evidence.Phase{evidence.Accept}})
		s.Requests = append(s.Requests, evidence.Request{Phase: evidence.Before, Page: url, URL: url, Host: n, Site: n, Party: evidence.Third, Type: n, Initiator: url})
		s.Declarations = append(s.Declarations, evidence.Declaration{
			Name: n, Host: n, Provider: n, Lifetime: n, Description: n, Storage: evidence.KindCookie, Unsure: n, Source: evidence.Source{URL: url, Quote: n + "\n\n" + n},
			Basis: []evidence.FieldBasis{{Field: "name", From: n, Text: n}},
		})
		s.Claims = append(s.Claims, evidence.Claim{Kind: evidence.ClaimNoCookies, Quote: n, Source: evidence.Source{URL: url, Quote: n}, Scope: "page"})
		j.Cookies = append(j.Cookies, audit.Assessment{Purpose: audit.Purpose{Category: evidence.Marketing, Provider: n, Basis: []string{n}}, Match: audit.Match{State: audit.Undeclared, NearMisses: names[:3]}})
		j.Findings = append(j.Findings, audit.Finding{
			Rule: "UNDECLARED_COOKIE", Title: "Cookie that the policy does not name", Verdict: audit.Violation, Severity: audit.Medium, Certainty: audit.Confirmed,
			Subject: audit.Subject{Kind: audit.SubjectCookie, Name: n, Domain: n}, Message: "the policy does not name " + n, Remediation: n,
			Evidence:  []audit.Exhibit{{Phase: evidence.Before, Page: url, AtMS: 12, What: n, Raw: n, Source: url}},
			Citations: []law.Citation{ePrivacy},
		})
	}
	s.Policies = []evidence.PolicyDocument{{URL: "javascript:alert(4)", Title: names[8], Language: "en", Format: "html", Fetched: at(0)}}
	return sample{"hostile", s, j}
}

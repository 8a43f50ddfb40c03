package report_test

import (
	"bytes"
	"image"
	"image/png"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

const town = "www.civic.test"

type write struct {
	phase evidence.Phase
	ms    int64
	after bool
	mech  evidence.Mechanism
	from  string
}

func cookie(name, domain string, party evidence.Party, requested *int64, ws ...write) evidence.Cookie {
	c := evidence.Cookie{
		CookieKey: evidence.CookieKey{Name: name, Domain: domain, Path: "/"}, Site: domain, Party: party, Stored: true,
		Session: requested == nil, Requested: requested, SameSite: "Lax", Secure: true, Value: evidence.Value{SHA256: strings.Repeat("5e", 32), Length: 26},
	}
	if requested != nil {
		c.Kept = ptr(min(*requested, 400*86400))
	}
	for _, w := range ws {
		x := evidence.Write{
			Phase: w.phase, Page: "https://" + town + "/", Frame: "https://" + town + "/", AtMS: w.ms, Mechanism: w.mech, AfterAnswer: w.after,
			URL: w.from, Host: domain, Raw: name + "=<26>; Max-Age=63072000; Path=/", Requested: requested, Value: c.Value,
		}
		if w.mech == evidence.DocumentCookie {
			x.URL, x.Script, x.Line, x.Column = "https://"+town+"/", w.from, 112, 9
			x.Stack = []evidence.Call{{Function: "setCookie", URL: w.from, Line: 112, Column: 9}}
		}
		c.Writes = append(c.Writes, x)
		if n := len(c.Phases); n == 0 || c.Phases[n-1] != w.phase {
			c.Phases = append(c.Phases, w.phase)
			if w.after {
				c.AfterAnswer = append(c.AfterAnswer, w.phase)
			}
		}
	}
	return c
}

func declaration(name, host, provider string, cat evidence.Category, lifetime string, seconds *int64) evidence.Declaration {
	return evidence.Declaration{
		Name: name, Pattern: strings.Contains(name, "*"), Host: host, Provider: provider, Category: cat, Lifetime: lifetime, Seconds: seconds,
		Storage: evidence.KindCookie, Description: "What " + name + " is for.",
		Source: evidence.Source{URL: "https://" + town + "/cookies", Quote: name + " | " + provider + " | " + lifetime, Section: "Cookies we use", Position: 4},
	}
}

// rich is a complete scan with something of everything.
func rich() sample {
	s := newScan("scan-rich", town)
	s.Banner = &evidence.Banner{
		Found: true, CMP: "Town Consent", Language: "en", FirstLayerAccept: true, PreTicked: []string{"Statistics"}, ClicksAccept: ptr(1), ClicksReject: ptr(2),
		Text: "We use cookies to improve this site.", Links: []string{"https://" + town + "/cookies"},
		Controls: []evidence.BannerControl{
			{Layer: 1, Role: "accept", Kind: "button", Label: "Agree to all", Width: 160, Height: 44, X: ptr(900), Y: ptr(700), Contrast: ptr(8.59), Color: "#ffffff", Background: "#003399", FontSize: 16, FontWeight: 700},
			{Layer: 1, Role: "settings", Kind: "link", Label: "Choose", Width: 90, Height: 20, FontSize: 12, FontWeight: 400},
		},
		Form: "fixed", Box: &evidence.Box{Y: 640, Width: 1280, Height: 160}, ViewWidth: 1280, ViewHeight: 800, ScrollLocked: ptr(false), ScrollGrants: ptr(true), GrantProof: "after scrolling: cookie town_consent reads as granted",
	}
	s.Visits = []evidence.Visit{
		visit(evidence.Before, town, evidence.NotAsked), visit(evidence.Reject, town, evidence.Verified), visit(evidence.Accept, town, evidence.Verified),
	}
	s.Visits[1].Consent.Clicks, s.Visits[1].Consent.Proof = 2, "the banner went; town_consent says statistics=0"
	s.Visits[0].Pages[0].Banner, s.Visits[1].Pages[0].Banner = ptr(true), ptr(true)
	s.Visits[1].Signals = signals()
	s.Visits[0].Screenshots = []evidence.Screenshot{{Phase: evidence.Before, Stage: "first_layer", AtMS: 900, PNG: picture()}}
	s.Policies = []evidence.PolicyDocument{{URL: "https://" + town + "/cookies", Title: "Cookies on this site", Language: "en", Format: "html", Fetched: at(1), SHA256: strings.Repeat("c0", 32)}}
	const stats, ads, video = "https://stats.metrics.test/s.js", "https://ads.adnet.test/sync", "https://player.video.test/embed"
	b, r, a := evidence.Before, evidence.Reject, evidence.Accept
	s.Cookies = []evidence.Cookie{
		cookie("PHPSESSID", town, evidence.First, nil, write{b, 60, false, evidence.HTTP, "https://" + town + "/"}, write{r, 55, false, evidence.HTTP, "https://" + town + "/"}, write{a, 58, false, evidence.HTTP, "https://" + town + "/"}),
		cookie("_mt_id", "civic.test", evidence.First, ptr(int64(63072000)), write{b, 420, false, evidence.DocumentCookie, stats}, write{r, 400, false, evidence.DocumentCookie, stats}, write{a, 410, false, evidence.DocumentCookie, stats}),
		cookie("town_consent", town, evidence.First, ptr(int64(180*86400)), write{r, 1810, true, evidence.DocumentCookie, "https://" + town + "/consent.js"}, write{a, 1805, true, evidence.CookieStore, "https://" + town + "/consent.js"}),
		cookie("uid", "adnet.test", evidence.Third, ptr(int64(34560000)), write{b, 700, false, evidence.HTTP, ads}, write{r, 2400, true, evidence.HTTP, ads}, write{a, 2300, true, evidence.HTTP, ads}),
		cookie("pref", "video.test", evidence.Third, ptr(int64(63071998)), write{a, 2900, true, evidence.HTTP, video}),
		cookie("lax", "metrics.test", evidence.Third, ptr(int64(1800)), write{a, 2600, true, evidence.HTTP, stats}),
	}
	refused := &s.Cookies[5]
	refused.Stored, refused.Kept, refused.Phases, refused.AfterAnswer = false, nil, nil, nil
	refused.Writes[0].Blocked = []string{"SameSiteLax", "UserPreferences"}
	s.Storage = []evidence.StorageItem{{
		Kind: evidence.KindLocalStorage, Origin: "https://" + town, Key: "mt.queue", Site: "civic.test", Party: evidence.First, Phases: []evidence.Phase{b, a}, Bytes: 210,
		Writes: []evidence.StorageWrite{{Phase: b, Page: "https://" + town + "/", Frame: "https://" + town + "/", AtMS: 430, Script: stats, Line: 90}},
	}}
	s.DNS = &evidence.DNS{
		Outcome: evidence.Partial, Why: "no answer within 2s", Resolver: "192.0.2.53:53",
		Hosts: []evidence.ResolvedHost{
			{Host: "img." + town, At: at(0), Why: "no answer within 2s"}, {Host: "stats." + town, Names: []string{"civic.metrics.test"}, At: at(0)},
		},
	}
	s.Requests = []evidence.Request{
		{Phase: b, Page: "https://" + town + "/", URL: ads + "?partner=7", Host: "ads.adnet.test", Site: "adnet.test", Party: evidence.Third, AtMS: 640, Type: "Image", Initiator: stats, SentCookie: true, Cookies: []string{"adid"}, Carries: []evidence.Carried{{Kind: evidence.KindCookie, Name: "_stat", Owner: town, Encoding: "md5", In: "url"}}},
		{Phase: a, Page: "https://" + town + "/", URL: video, Host: "player.video.test", Site: "video.test", Party: evidence.Third, AtMS: 2850, AfterAnswer: true, Type: "Document", Initiator: "https://" + town + "/"},
	}
	s.Declarations = []evidence.Declaration{
		declaration("PHPSESSID", "", "Town of Civic", evidence.Necessary, "When you close your browser", ptr(int64(0))),
		declaration("_mt_*", "", "Metrics", evidence.Analytics, "13 months", ptr(int64(390*86400))),
		declaration("town_consent", "", "Town of Civic", evidence.Necessary, "6 months", ptr(int64(180*86400))),
		declaration("NID", "", "", evidence.Marketing, "persistent", nil),
		declaration("old_survey", "", "", "", "", nil),
	}
	s.Declarations[4].Storage = evidence.KindPixel
	s.Claims = []evidence.Claim{{
		Kind: evidence.ClaimAfterConsent, Quote: "We only use statistics cookies once you agree.", Scope: "page",
		Source: evidence.Source{URL: "https://" + town + "/cookies", Quote: "We only use statistics cookies once you agree.", Position: 2},
	}}
	return sample{"rich", s, richJudgement(stats, ads)}
}

func richJudgement(stats, ads string) *audit.Judgement {
	purpose := func(c evidence.Category, provider string) audit.Purpose {
		return audit.Purpose{Category: c, Confidence: 0.9, Provider: provider, ProviderConfidence: 0.9, Basis: []string{"name", "setter host"}}
	}
	declared := func(i int, how string) audit.Match {
		return audit.Match{State: audit.Declared, Declarations: []int{i}, How: how}
	}
	undeclared := audit.Match{State: audit.Undeclared, NearMisses: []string{"NID"}}
	f := func(rule, title string, sev audit.Severity, subject audit.Subject, message, raw, source string, cites ...law.Citation) audit.Finding {
		return audit.Finding{
			Rule: rule, Title: title, Verdict: audit.Violation, Severity: sev, Certainty: audit.Confirmed, Subject: subject, Message: message,
			Remediation: "Load it only after the visitor has agreed, and say so in the policy.", Citations: cites,
			Evidence: []audit.Exhibit{
				{Phase: evidence.Before, Page: "https://" + town + "/", AtMS: 420, What: "written before any answer", Raw: raw, Source: source},
				{What: "what the policy says", Raw: "We only use statistics cookies once you agree.", Source: "https://" + town + "/cookies"},
			},
		}
	}
	c := func(name, domain string) audit.Subject {
		return audit.Subject{Kind: audit.SubjectCookie, Name: name, Domain: domain}
	}
	return &audit.Judgement{
		Profile: audit.ProfileName{Name: "eu", Title: "European Union", AsOf: "2026-11-21", Strict: true},
		Score:   &audit.Score{Value: 41, Answered: 9, Open: 3, NotRequested: 2, Accepted: 1},
		Cookies: []audit.Assessment{
			{Purpose: purpose(evidence.Necessary, "Town of Civic"), Match: declared(0, "exact")},
			{Purpose: purpose(evidence.Analytics, "Metrics Ltd"), Match: declared(1, "pattern")},
			{Purpose: purpose(evidence.Necessary, "Town of Civic"), Match: declared(2, "exact")},
			{Purpose: purpose(evidence.Marketing, "Adnet"), Match: undeclared},
			{Purpose: purpose(evidence.Functional, "Video Inc"), Match: undeclared},
			{Purpose: purpose(evidence.Analytics, "Metrics Ltd"), Match: undeclared},
		},
		Storage:  []audit.Assessment{{Purpose: purpose(evidence.Analytics, "Metrics Ltd"), Match: undeclared}},
		Requests: []audit.Assessment{{Purpose: purpose(evidence.Marketing, "Adnet")}, {Purpose: purpose(evidence.Functional, "Video Inc")}},
		Observed: []bool{true, true, true, false, false},
		Findings: append([]audit.Finding{
			f("PRE_CONSENT_ADVERTISING", "Advertising stored before consent", audit.Critical, c("uid", "adnet.test"), "uid of adnet.test (Adnet, marketing) was stored 0.70 s after the page began to load, before anybody could agree", "uid=<26>; Max-Age=34560000; Path=/", ads, ePrivacy, planet49),
			f("POST_REJECT_TRACKER", "Tracker after refusal", audit.Critical, c("uid", "adnet.test"), "uid of adnet.test was written again 0.60 s after everything was refused", "uid=<26>", ads, ePrivacy),
			f("PRE_CONSENT_ANALYTICS", "Analytics stored before consent", audit.High, c("_mt_id", "civic.test"), "_mt_id (Metrics Ltd, analytics) was stored before any answer", "_mt_id=<26>; Max-Age=63072000", stats, ePrivacy),
			f("UNDECLARED_COOKIE", "Cookie that the policy does not name", audit.High, c("uid", "adnet.test"), "the policy does not name uid", "uid=<26>", ads, ePrivacy, planet49),
			f("UNDECLARED_COOKIE", "Cookie that the policy does not name", audit.High, c("pref", "video.test"), "the policy does not name pref", "pref=<26>", "https://player.video.test/embed", ePrivacy, planet49),
			f("LIFETIME_LONGER_THAN_DECLARED", "Lives longer than declared", audit.Medium, c("_mt_id", "civic.test"), "declared 13 months, asked for 2 y", "_mt_id=<26>; Max-Age=63072000", stats, planet49),
			{
				Rule: "DECLARED_NOT_OBSERVED", Title: "Declared and not seen", Verdict: audit.Violation, Severity: audit.Info, Certainty: audit.Possible,
				Accepted: &audit.Acceptance{Reason: "only behind the log-in", Owner: "web team", Expires: "2027-03-31"},
				Message:  "NID was not seen on 2 pages in 3 phases",
				Subject:  audit.Subject{Kind: audit.SubjectDeclaration, Name: "NID"},
			},
			{
				Rule: "CNAME_CLOAKED_TRACKER", Title: "Tracker behind a first-party name", Verdict: audit.Inconclusive, Severity: audit.High, Certainty: audit.Likely,
				Subject: audit.Subject{Kind: audit.SubjectSite}, Message: "the names of the hosts could not be resolved",
			},
			{
				Rule: "POST_WITHDRAW_TRACKER", Title: "Tracking goes on after consent was withdrawn", Verdict: audit.Inconclusive, Severity: audit.Critical,
				Certainty: audit.Confirmed, Subject: audit.Subject{Kind: audit.SubjectSite}, Message: "the scan was not asked for phase withdraw",
				NotRequested: []evidence.Phase{evidence.Withdraw},
			},
			{
				Rule: "CONSENT_NOT_PERSISTED", Title: "Banner asks again on the next visit", Verdict: audit.Inconclusive, Severity: audit.Medium,
				Certainty: audit.Confirmed, Subject: audit.Subject{Kind: audit.SubjectSite}, Message: "the scan was not asked for phase return",
				NotRequested: []evidence.Phase{evidence.Return},
			},
			{
				Rule: "GPC_IGNORED", Title: "Global Privacy Control ignored", Verdict: audit.NotApplicable, Severity: audit.High, Certainty: audit.Likely,
				Subject: audit.Subject{Kind: audit.SubjectSite}, Message: "profile eu",
			},
		}, passes("DECLARED_SESSION_BUT_PERSISTENT", "NO_CONSENT_MECHANISM")...),
	}
}

func picture() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 160, 100))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

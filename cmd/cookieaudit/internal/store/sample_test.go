package store

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/crawler/evidence"
)

func moment(nanos int) time.Time {
	return time.Date(2026, 3, 14, 9, 26, 53, nanos, time.UTC)
}

// sampleScan has every field of every type set.
func sampleScan(id string) *evidence.Scan {
	return &evidence.Scan{
		ID:       id,
		Site:     evidence.Site{URL: "https://www.example.test/?a=1&b=<2>", Host: "www.example.test", Domain: "example.test"},
		Started:  moment(123456789),
		Finished: moment(0).Add(9 * time.Second),
		Profile:  "eu",
		Settle:   "virtual",
		Outcome:  evidence.Partial,
		Why:      "phase reject was cut short",
		Tool:     evidence.Tool{Name: "cookieaudit", Version: "0.1.0"},
		Browser:  evidence.Tool{Name: "chrome-headless-shell", Version: "140.0.7339.82"},
		Start: &evidence.StartState{
			Locale: "de-AT", Timezone: "Europe/Vienna", Device: "phone", UserAgent: "Example/1", Position: "48.2,16.37", Proxy: "http://proxy.test:3128",
			GPC: true, DNT: true, Headers: []string{"X-Key"}, Cookies: []string{"sid"}, OtherCookies: 2, Storage: []string{"token"}, LoginSteps: 3,
		},
		Notes: []string{"looked for under http too"}, ValuesKept: true,
		Datasets: []evidence.Dataset{{Name: "purposes", Version: "2026-03-01", SHA256: "ab12", Licence: "CC0-1.0"}},
		Banner: &evidence.Banner{
			Found: true, CMP: "Beispiel", Language: "de", FirstLayerAccept: true, FirstLayerReject: true,
			PreTicked: []string{"Statistik"}, ClicksAccept: new(1), ClicksReject: new(2),
			Text: "Wir verwenden „Cookies“.\nMehr dazu …",
			Controls: []evidence.BannerControl{{
				Layer: 1, Role: "accept", Label: "Alle annehmen", Width: 120, Height: 40, Kind: "button", X: new(10), Y: new(0),
				Contrast: new(4.5), Color: "#ffffff", Background: "#767676", FontSize: 13.5, FontWeight: 700, Checked: true, Locked: true,
			}},
			Links: []string{"https://www.example.test/privacy"},
			Form:  "dialog", Box: &evidence.Box{X: 5, Y: 6, Width: 700, Height: 300}, ViewWidth: 1280, ViewHeight: 800,
			ScrollLocked: new(true), ScrollGrants: new(false), NavigationGrants: new(true), CloseGrants: new(true), GrantProof: "cookie consent reads as granted",
		},
		DNS: &evidence.DNS{
			Outcome: evidence.Partial, Why: "no answer", Resolver: "192.0.2.53:53",
			Hosts: []evidence.ResolvedHost{{Host: "go.example.test", Names: []string{"x.stats.test"}, At: moment(0), Why: "no answer"}},
		},
		Visits:       sampleVisits(),
		Cookies:      sampleCookies(),
		Storage:      sampleStorage(),
		Requests:     sampleRequests(),
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Why: "followed a link", Looked: []string{"https://www.example.test/privacy"}, Found: true},
		Policies: []evidence.PolicyDocument{{
			URL: "https://www.example.test/privacy", Title: "Privacy", Language: "en-GB", Format: "html",
			Fetched: moment(500_000_000), SHA256: "cd34", DeclaresNone: true, Text: "We use no cookies.\x00\u2028End",
		}},
		Declarations: []evidence.Declaration{{
			Name: "_stat_*", Pattern: true, Host: "stats.test", Provider: "Stats Ltd", Category: evidence.Analytics,
			Lifetime: "13 months", Seconds: new(int64(33_696_000)), Storage: evidence.KindCookie, Description: "counts visits",
			Source: sampleSource(), Unsure: "two lengths in one cell",
		}, {
			Name: "sid", Seconds: new(int64(0)),
		}},
		Claims: []evidence.Claim{{
			Kind: evidence.ClaimAfterConsent, Quote: "Only after you agree.", Source: sampleSource(),
			Scope: "row", Subjects: []string{"_stat_*"}, Except: "except strictly necessary cookies", Limited: true,
		}},
		Corpus: &evidence.Corpus{Classes: []evidence.ClassElsewhere{{Name: "_stat_*", Category: evidence.Analytics, Sites: 12}}},
	}
}

func sampleSource() evidence.Source {
	return evidence.Source{URL: "https://www.example.test/privacy", Quote: "_stat_* | 13 months", Section: "Cookies", Position: 7}
}

func sampleVisits() []evidence.Visit {
	return []evidence.Visit{{
		Phase: evidence.Before, Outcome: evidence.Partial, Why: "page 2 timed out", Started: moment(1), TookMS: 4321, Attempts: 2, BrowserDied: true,
		Consent: evidence.Consent{
			Result: evidence.Verified, CMP: "Beispiel", Clicks: 2, By: "detection", AtMS: 2500,
			Proof: "the banner went", Why: "second layer",
		},
		Earlier:   &evidence.Consent{Result: evidence.Clicked, CMP: "Beispiel", Clicks: 1, By: "detection", AtMS: 900, Proof: "banner gone", Why: "the document went away"},
		Reopening: &evidence.Reopening{Reached: true, Clicks: 1, By: "control", Label: "Cookie settings", Why: "in the footer"},
		Returned:  &evidence.ReturnVisit{AtMS: 9000, Banner: new(true), Kept: new(false), Why: "asks again"},
		Chosen:    []string{"analytics"},
		Signals:   sampleSignals(),
		Pages: []evidence.Page{
			{URL: "https://www.example.test/", FinalURL: "https://www.example.test/en", Status: 200, Title: "Home", AtMS: 10, Outcome: evidence.Complete, Why: "redirected", Banner: new(true)},
			{URL: "https://www.example.test/2", Outcome: evidence.Unavailable, Why: "timed out"},
		},
		Screenshots: []evidence.Screenshot{
			{Phase: evidence.Before, Stage: "first_layer", AtMS: 900, PNG: []byte("\x89PNG\r\n\x1a\n\x00\xff")},
			{Phase: evidence.Before, Stage: "end"},
		},
		Notes: []string{"a dialog was closed"},
	}, {
		Phase: evidence.Accept, Outcome: evidence.Unavailable, Why: "no connection", Pages: []evidence.Page{},
	}}
}

func sampleCookies() []evidence.Cookie {
	return []evidence.Cookie{{
		CookieKey: evidence.CookieKey{Name: "_stat_é\"\\", Domain: "stats.test", Path: "/p", PartitionKey: "https://example.test", HostOnly: true},
		Site:      "stats.test", Party: evidence.Third,
		Phases: []evidence.Phase{evidence.Before, evidence.Accept}, AfterAnswer: []evidence.Phase{evidence.Accept},
		Writes: []evidence.Write{{
			Phase: evidence.Before, Page: "https://www.example.test/", Frame: "https://stats.test/f", AtMS: 77,
			Mechanism: evidence.DocumentCookie, AfterAnswer: true, Login: true,
			URL: "https://stats.test/f?x=1&y=2", Host: "stats.test", Party: evidence.Third, Bounce: true, Status: 200, ResourceType: "Script",
			Redirects: []string{"https://stats.test/r"}, Script: "https://stats.test/s.js", Line: 12, Column: 34,
			Stack:      []evidence.Call{{Function: "set", URL: "https://stats.test/s.js", Line: 12, Column: 34}},
			Initiators: []string{"https://www.example.test/app.js"},
			Raw:        "_stat=‹32›; Max-Age=63072000", Requested: new(int64(63_072_000)),
			Value: evidence.Value{SHA256: "ef56", Length: 32, Tokens: []string{"1a2b"}, Text: "visitor 1a2b"}, Deletes: true, Blocked: []string{"SameSiteLax"},
		}, {
			Phase: evidence.Accept, Mechanism: evidence.HTTP, Requested: new(int64(0)), Blocked: []string{},
		}},
		Stored: true, Session: true, Requested: new(int64(63_072_000)), Kept: new(int64(34_560_000)),
		Secure: true, HTTPOnly: true, SameSite: "Lax", Value: evidence.Value{SHA256: "ef56", Length: 32, Tokens: []string{"1a2b"}, Text: "visitor 1a2b"},
	}, {
		// A cookie that only the jar knew: empty lists and nil lists differ.
		CookieKey: evidence.CookieKey{Name: "sid", Domain: "www.example.test", Path: "/"},
		Party:     evidence.First, Phases: []evidence.Phase{}, Writes: []evidence.Write{},
	}, {
		CookieKey: evidence.CookieKey{Domain: "www.example.test", Path: "/"}, // a cookie may have no name
	}}
}

func sampleStorage() []evidence.StorageItem {
	return []evidence.StorageItem{{
		Kind: evidence.KindLocalStorage, Origin: "https://www.example.test", Key: "seen", Site: "example.test",
		Party: evidence.First, Phases: []evidence.Phase{evidence.Before}, Bytes: 12, Value: evidence.Value{SHA256: "0a", Length: 12, Tokens: []string{"3c4d"}, Text: "visitor 3c4d"},
		Held:    []evidence.HeldValue{{Phase: evidence.Before, Value: evidence.Value{SHA256: "0a", Length: 12, Tokens: []string{"3c4d"}, Text: "visitor 3c4d"}}},
		Entries: new(int64(3)), Parts: []string{"events"}, Script: "https://www.example.test/sw.js",
		Writes: []evidence.StorageWrite{{
			Phase: evidence.Before, Page: "https://www.example.test/", Frame: "https://www.example.test/", AtMS: 5, AfterAnswer: true, Login: true,
			Script: "https://www.example.test/app.js", Line: 3,
			Stack: []evidence.Call{{Function: "f", URL: "https://www.example.test/app.js", Line: 3, Column: 9}},
		}},
	}}
}

func sampleRequests() []evidence.Request {
	return []evidence.Request{{
		Phase: evidence.Before, Page: "https://www.example.test/", URL: "https://stats.test/c?id=1&u=2", Host: "stats.test",
		Site: "stats.test", Party: evidence.Third, AtMS: 99, AfterAnswer: true, Login: true, Type: "Ping",
		Initiator: "https://stats.test/s.js", SentCookie: true, Cookies: []string{"uid"},
		Carries: []evidence.Carried{{Kind: evidence.KindCookie, Name: "sid", Owner: "www.example.test", Encoding: "sha256", In: "body"}},
	}, {
		URL: "https://cdn.test/", Host: "cdn.test", Party: evidence.Third,
	}}
}

// hostileScan has what a database may refuse: U+0000 in names and keys, texts
// that look like escapes, stray bytes in a policy, numbers at the ends of their
// range, and names longer than a row of an index.
func hostileScan(id string) *evidence.Scan {
	scan := sampleScan(id)
	long := strings.Repeat("é\x00\\u0000", 20_000)
	scan.Site = evidence.Site{URL: "https://a.test/" + long, Host: long, Domain: long}
	for i, text := range []string{"\x00", "\\u0000", long} {
		scan.Cookies[i].Name, scan.Cookies[i].Domain, scan.Cookies[i].Path = text, text, text
	}
	scan.Cookies[0].Requested, scan.Cookies[0].Kept = new(int64(math.MaxInt64)), new(int64(math.MinInt64))
	scan.Declarations[0].Name, scan.Declarations[0].Provider, scan.Declarations[0].Seconds = long, "\x00", new(int64(math.MaxInt64))
	scan.Visits[0].Signals[3].ConsentMode.States = map[string]string{"\x00": "\x00", "\\": "\x10"}
	scan.Policies[0].Text = "\x00 \xff\xfe\xc3 \\x41 \\u0000"
	return scan
}

// sampleJudgement has every field of every type set and fits sampleScan.
func sampleJudgement() *audit.Judgement {
	full := audit.Assessment{
		Purpose: audit.Purpose{
			Category: evidence.Analytics, Class: "statistics", Exempt: true, Confidence: 0.1 + 0.2, ExemptConfidence: 0.4,
			Also: []evidence.Category{evidence.Marketing}, Basis: []string{"name _stat_*"},
			Provider: "Stats Ltd", ProviderConfidence: 0.95, Aliases: []string{"Stats"}, NeedsReview: true, NameOnly: true,
		},
		Match: audit.Match{State: audit.Declared, Declarations: []int{0, 1}, How: "pattern", NearMisses: []string{"_stats"}},
	}
	bare := audit.Assessment{
		Purpose: audit.Purpose{Category: evidence.UnknownCategory, Basis: []string{}},
		Match:   audit.Match{State: audit.Undeclared, Declarations: []int{}},
	}
	planet := law.Instrument{ID: "PLANET49", Name: "C-673/17", URL: "https://curia.europa.eu/", Authority: law.Case, Date: "2019-10-01", Place: "EU"}
	return &audit.Judgement{
		Cookies:  []audit.Assessment{full, bare, bare},
		Storage:  []audit.Assessment{full},
		Requests: []audit.Assessment{full, bare},
		Observed: []bool{true, false},
		Profile:  audit.ProfileName{Name: "eu", Title: "European Union", AsOf: "2026-11-21", Strict: true},
		Score:    &audit.Score{Value: 71, Answered: 12, Open: 3, NotRequested: 2, Accepted: 1},
		Findings: []audit.Finding{{
			Rule: "PRE_CONSENT_ANALYTICS", Title: "Analytics stored before consent", Verdict: audit.Violation,
			Severity: audit.High, Certainty: audit.Confirmed,
			Subject:      audit.Subject{Kind: audit.SubjectCookie, Name: "_stat_é\"\\", Domain: "stats.test"},
			NotRequested: []evidence.Phase{evidence.Return},
			Accepted:     &audit.Acceptance{ID: "d1", Reason: "known", Owner: "a team", Expires: "2027-01-31"},
			Message:      "stored before any answer", Remediation: "load it after consent",
			Evidence: []audit.Exhibit{{
				Phase: evidence.Before, Page: "https://www.example.test/", AtMS: 77, What: "document.cookie",
				Raw: "_stat=‹32›", Source: "https://stats.test/s.js:12",
			}},
			Citations: []law.Citation{{Instrument: planet, Provision: "paragraph 75", AsOf: "2026-03-01"}},
		}, {
			Rule: "UNDECLARED_COOKIE", Verdict: audit.Violation, Severity: audit.Medium, Evidence: []audit.Exhibit{}, Citations: []law.Citation{},
		}, {
			Rule: "NO_CONSENT_MECHANISM", Verdict: audit.Pass, Severity: audit.Critical, NotRequested: []evidence.Phase{evidence.Reject},
		}},
	}
}

// TestSampleSetsEveryField keeps the sample complete: a field that is added to
// the types later and that nobody sets here would not be tested at all.
func TestSampleSetsEveryField(t *testing.T) {
	t.Parallel()
	for _, sample := range []any{sampleScan("full"), sampleJudgement()} {
		seen := map[string]bool{} // field path → set somewhere
		fieldsSet(reflect.ValueOf(sample).Elem(), reflect.TypeOf(sample).Elem().Name(), seen)
		if len(seen) < 20 {
			t.Fatalf("%T: only %d fields were visited", sample, len(seen))
		}
		for path, set := range seen {
			if !set {
				t.Errorf("%s is zero in the sample", path)
			}
		}
	}
}

// fieldsSet notes for every field below v whether any item sets it.
func fieldsSet(v reflect.Value, path string, seen map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fieldsSet(v.Elem(), path, seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			fieldsSet(v.Index(i), path, seen)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") == "-" {
				continue // not stored
			}
			f := path + "." + v.Type().Field(i).Name
			empty := v.Field(i).IsZero() || v.Field(i).Kind() == reflect.Slice && v.Field(i).Len() == 0
			seen[f] = seen[f] || !empty
			fieldsSet(v.Field(i), f, seen)
		}
	}
}

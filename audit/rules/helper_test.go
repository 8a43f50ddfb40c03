package rules_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/audit/declared"
	"cookieaudit/audit/purpose"
	"cookieaudit/crawler/evidence"
)

const days = 86400

// knowledge are the invented third parties of the tests.
const knowledge = `
rows:
  - {host: kite.test, provider: Kite Statistics, aliases: [Kite], category: analytics, class: audience measurement}
  - {host: adlane.test, provider: Adlane, category: marketing, class: advertising}
  - {host: finch.test, provider: Finch, category: functional, class: chat}
  - {host: fonts.test, provider: Fontyard, category: unknown, class: delivery network}
`

// newScan is a whole scan of a site with a banner and a policy that stores
// nothing.
func newScan(change ...func(*evidence.Scan)) *evidence.Scan {
	s := &evidence.Scan{
		Site:   evidence.Site{URL: "https://www.mill.test/", Host: "www.mill.test", Domain: "mill.test"},
		Banner: &evidence.Banner{Found: true, FirstLayerAccept: true, FirstLayerReject: true},
		Visits: []evidence.Visit{
			visit(evidence.Before, evidence.NotAsked), visit(evidence.Reject, evidence.Verified), visit(evidence.Accept, evidence.Verified),
		},
		DNS:          &evidence.DNS{Outcome: evidence.Complete, Resolver: "192.0.2.53:53"},
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Found: true, Looked: []string{"https://www.mill.test/", "https://www.mill.test/cookies"}},
		Policies:     []evidence.PolicyDocument{{URL: "https://www.mill.test/cookies", Text: "We use cookies. Statistics: Kite Statistics."}},
	}
	for _, f := range change {
		f(s)
	}
	return s
}

func visit(p evidence.Phase, r evidence.ConsentResult) evidence.Visit {
	v := evidence.Visit{Phase: p, Outcome: evidence.Complete, Consent: evidence.Consent{Result: r}}
	if r == evidence.Verified || r == evidence.Clicked {
		v.Consent.AtMS, v.Consent.Clicks = 500, 1
	}
	if r == evidence.Failed {
		v.Consent.Why = "the button did not react"
	}
	return v
}

// everyPhase adds the phases that a scan visits on request, in all of which the
// site does as it should.
func everyPhase(s *evidence.Scan) {
	no, yes := false, true
	s.Banner.ScrollGrants, s.Banner.NavigationGrants = &no, &no
	withdraw, back, gpc := visit(evidence.Withdraw, evidence.Verified), visit(evidence.Return, evidence.Verified), visit(evidence.GPC, evidence.NotAsked)
	withdraw.Earlier = &evidence.Consent{Result: evidence.Verified, Clicks: 1, AtMS: 400}
	withdraw.Reopening = &evidence.Reopening{Reached: true, Clicks: 1, By: "control", Label: "Cookies"}
	back.Returned = &evidence.ReturnVisit{AtMS: 9000, Banner: &no, Kept: &yes}
	s.Visits = append(s.Visits, withdraw, back, gpc)
}

func secured(k *evidence.Cookie) { k.Secure, k.HTTPOnly, k.SameSite = true, true, "Lax" }

func with(cs ...evidence.Cookie) func(*evidence.Scan) {
	return func(s *evidence.Scan) { s.Cookies = append(s.Cookies, cs...) }
}

func declares(ds ...evidence.Declaration) func(*evidence.Scan) {
	return func(s *evidence.Scan) { s.Declarations = append(s.Declarations, ds...) }
}

func asked(results map[evidence.Phase]evidence.ConsentResult) func(*evidence.Scan) {
	return func(s *evidence.Scan) {
		for i := range s.Visits {
			if r, ok := results[s.Visits[i].Phase]; ok {
				s.Visits[i] = visit(s.Visits[i].Phase, r)
			}
		}
	}
}

func outcome(p evidence.Phase, o evidence.Outcome) func(*evidence.Scan) {
	return func(s *evidence.Scan) {
		v := s.Visit(p)
		v.Outcome, v.Why = o, "the browser died"
	}
}

func noPolicy(o evidence.Outcome) func(*evidence.Scan) {
	return func(s *evidence.Scan) {
		s.Policies, s.Declarations, s.Claims = nil, nil, nil
		s.PolicySearch.Found, s.PolicySearch.Outcome = false, o
		if o != evidence.Complete {
			s.PolicySearch.Why = "no answer"
		}
	}
}

func policyText(text string) func(*evidence.Scan) {
	return func(s *evidence.Scan) { s.Policies[0].Text = text }
}

// cookie is one that the site's own server sets in every phase, for a number
// of seconds (0 for the session).
func cookie(name, domain string, seconds int64, change ...func(*evidence.Cookie)) evidence.Cookie {
	k := evidence.Cookie{
		CookieKey: evidence.CookieKey{Name: name, Domain: domain, Path: "/"}, Site: registrable(domain), Party: evidence.Third,
		Stored: true, Session: seconds == 0, Value: evidence.Value{SHA256: "ab", Length: 16},
	}
	if k.Site == "mill.test" {
		k.Party = evidence.First
	}
	if seconds > 0 {
		k.Requested = &seconds
		kept := min(seconds, 400*days)
		k.Kept = &kept
	}
	for _, p := range []evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept} {
		k.Phases = append(k.Phases, p)
		k.Writes = append(k.Writes, evidence.Write{
			Phase: p, Page: "https://www.mill.test/", AtMS: 100, Mechanism: evidence.HTTP, URL: "https://" + domain + "/set", Host: domain,
			Raw: name + "=<16 bytes>", Requested: k.Requested, Value: k.Value,
		})
	}
	for _, f := range change {
		f(&k)
	}
	return k
}

func registrable(host string) string {
	parts := strings.Split(host, ".")
	return strings.Join(parts[max(0, len(parts)-2):], ".")
}

// only keeps the writes of some phases.
func only(phases ...evidence.Phase) func(*evidence.Cookie) {
	return func(k *evidence.Cookie) {
		var ws []evidence.Write
		for _, w := range k.Writes {
			for _, p := range phases {
				if w.Phase == p {
					ws = append(ws, w)
				}
			}
		}
		k.Writes, k.Phases = ws, phases
	}
}

// answered makes the writes come after the answer, so many milliseconds in.
func answered(at int64) func(*evidence.Cookie) {
	return func(k *evidence.Cookie) {
		for i := range k.Writes {
			k.Writes[i].AfterAnswer, k.Writes[i].AtMS = true, at
		}
	}
}

func refused(k *evidence.Cookie) {
	k.Stored, k.Kept = false, nil
	for i := range k.Writes {
		k.Writes[i].Blocked = []string{"ThirdPartyBlocked"}
	}
}

func byScript(url string) func(*evidence.Cookie) {
	return func(k *evidence.Cookie) {
		for i := range k.Writes {
			w := &k.Writes[i]
			w.Mechanism, w.Script, w.Line, w.URL = evidence.DocumentCookie, url, 7, w.Page
		}
	}
}

// jarOnly takes the writes away: only the jar knew the cookie.
func jarOnly(k *evidence.Cookie) { k.Writes, k.Requested = nil, nil }

func declaration(name, host, lifetime string, seconds int64) evidence.Declaration {
	d := evidence.Declaration{
		Name: name, Pattern: strings.Contains(name, "*"), Host: host, Lifetime: lifetime, Storage: evidence.KindCookie,
		Source: evidence.Source{URL: "https://www.mill.test/cookies", Quote: name + " | " + lifetime},
	}
	if seconds >= 0 {
		d.Seconds = &seconds
	}
	return d
}

// noLength is the number of seconds of a declaration without a length.
const noLength = -1

// A verdictCase is a scan and what a rule must answer.
type verdictCase struct {
	name string
	scan *evidence.Scan
	want audit.Verdict
	// profile is the law; none changes nothing.
	profile audit.Profile
	strict  bool
	// subjects of the violations, in order.
	subjects  []audit.Subject
	severity  audit.Severity  // of the first violation, where given
	certainty audit.Certainty // of the first violation, where given
	// says are parts of the first message.
	says []string
}

func judge(t *testing.T, rule audit.Rule, cases []verdictCase) {
	t.Helper()
	c, err := purpose.New([]byte(knowledge))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := audit.Engine{Rules: []audit.Rule{rule}, Classifier: c, Matcher: declared.Matcher{}, Profile: tt.profile, Strict: tt.strict}
			fs := e.Judge(tt.scan).Findings
			if len(fs) == 0 || fs[0].Verdict != tt.want {
				t.Fatalf("want %s, got %+v", tt.want, fs)
			}
			if tt.want == audit.Violation {
				var subjects []audit.Subject
				for _, f := range fs {
					subjects = append(subjects, f.Subject)
					if len(f.Evidence) == 0 || len(f.Citations) == 0 || f.Remediation == "" {
						t.Errorf("a violation needs evidence, law and a remedy: %+v", f)
					}
				}
				if diff := cmp.Diff(tt.subjects, subjects); diff != "" {
					t.Errorf("subjects: %s", diff)
				}
			}
			if tt.severity != "" && fs[0].Severity != tt.severity {
				t.Errorf("severity %s, want %s", fs[0].Severity, tt.severity)
			}
			if tt.certainty != "" && fs[0].Certainty != tt.certainty {
				t.Errorf("certainty %s, want %s", fs[0].Certainty, tt.certainty)
			}
			for _, s := range tt.says {
				if !strings.Contains(fs[0].Message, s) {
					t.Errorf("message %q does not say %q", fs[0].Message, s)
				}
			}
		})
	}
}

func cookies(pairs ...string) []audit.Subject {
	var ss []audit.Subject
	for i := 0; i < len(pairs); i += 2 {
		ss = append(ss, audit.Subject{Kind: audit.SubjectCookie, Name: pairs[i], Domain: pairs[i+1]})
	}
	return ss
}

func subject(kind audit.SubjectKind, name, domain string) []audit.Subject {
	return []audit.Subject{{Kind: kind, Name: name, Domain: domain}}
}

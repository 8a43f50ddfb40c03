package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/audit/rules"
	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/crawler/discover"
	"cookieaudit/crawler/evidence"
)

// today is when the tests take place.
func today() time.Time { return time.Date(2026, time.May, 20, 10, 0, 0, 0, time.UTC) }

const testPassword = "a long pass phrase for tests"

// cheap makes hashing fast; what it costs for real is not what is tested here.
func cheap() *account.Hasher { return account.NewHasher(account.Cost{Time: 1, Memory: 64, Threads: 1}) }

// A site under test with what it stands on.
type testSite struct {
	*httptest.Server
	memory *memory
	log    *logBuffer
	now    *clock
}

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newTestSite(t *testing.T, change ...func(*Options)) *testSite {
	t.Helper()
	s := &testSite{memory: newMemory(), log: &logBuffer{}, now: &clock{t: today()}}
	s.memory.records = sampleRecords()
	hasher := cheap()
	hash, err := hasher.Hash(t.Context(), testPassword)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range account.Roles() {
		s.memory.users[string(r)] = account.User{Name: string(r), Role: r, Hash: hash, Created: today(), Changed: today()}
	}
	o := Options{
		Scans: s.memory, Findings: s.memory, Decisions: s.memory, Accounts: s.memory, Queue: s.memory, Rules: rules.All(), ParseSite: discover.ParseSite,
		Version: "test", Log: slog.New(slog.NewJSONHandler(s.log, nil)), Now: s.now.Now, Passwords: hasher,
	}
	for _, f := range change {
		f(&o)
	}
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// A visitor is a browser, or a program with a token.
type visitor struct {
	t      *testing.T
	site   *testSite
	client *http.Client
	token  string
}

func (s *testSite) visitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &visitor{t: t, site: s, client: client}
}

// as signs in.
func (s *testSite) as(t *testing.T, role account.Role) *visitor {
	t.Helper()
	v := s.visitor(t)
	if a := v.form("/login", "name", string(role), "password", testPassword); a.status != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d\n%s", role, a.status, a.body)
	}
	return v
}

// program returns a visitor that sends a token of a user.
func (s *testSite) program(t *testing.T, role account.Role) *visitor {
	t.Helper()
	tok, secret, err := account.MakeToken(string(role), "test", account.Admin, today(), 30*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.memory.AddToken(t.Context(), tok); err != nil {
		t.Fatal(err)
	}
	v := s.visitor(t)
	v.token = secret
	return v
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (v *visitor) do(method, path, mediaType, body string, headers ...string) answer {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), method, v.site.URL+path, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	if mediaType != "" {
		req.Header.Set("Content-Type", mediaType)
	}
	if v.token != "" {
		req.Header.Set("Authorization", "Bearer "+v.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(b)}
}

func (v *visitor) get(path string, headers ...string) answer {
	v.t.Helper()
	return v.do(http.MethodGet, path, "", "", headers...)
}

func (v *visitor) form(path string, pairs ...string) answer {
	v.t.Helper()
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return v.do(http.MethodPost, path, "application/x-www-form-urlencoded", q.Encode())
}

func (v *visitor) json(method, path string, body any) answer {
	v.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.do(method, path, "application/json", string(b))
}

// value reads an answer in JSON.
func value[T any](t *testing.T, a answer) T {
	t.Helper()
	var out T
	if a.status >= 300 {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		t.Fatalf("%v\n%s", err, a.body)
	}
	return out
}

// hostileText is what a site can call its things.
const hostileText = `"><script>alert(1)</script><img src=x onerror=alert(1)>` + "\u202e\x00\x1b[31m" + `javascript:alert(1)`

// sampleRecords are scans of three sites: one with violations, scanned three
// times; one that could not be looked at; one that is hostile and was cut short.
func sampleRecords() []record {
	shop := evidence.Site{URL: "https://shop.example/", Host: "shop.example", Domain: "shop.example"}
	gone := evidence.Site{URL: "https://gone.example/", Host: "gone.example", Domain: "gone.example"}
	evil := evidence.Site{URL: "https://evil.example/" + url.PathEscape(hostileText), Host: "evil.example", Domain: "evil.example"}
	var out []record
	for i := range 3 {
		scan, j := sampleScan(fmt.Sprintf("shop-%d", i+1), shop, today().AddDate(0, 0, i-5), evidence.Complete)
		if i == 1 {
			j.Findings = j.Findings[1:] // the finding comes and goes
		}
		j.Score = audit.ScoreOf(j.Findings)
		out = append(out, record{scan, j})
	}
	scan, _ := sampleScan("gone-1", gone, today().AddDate(0, 0, -1), evidence.Unavailable)
	scan.Cookies = nil
	out = append(out, record{scan, &audit.Judgement{Findings: []audit.Finding{{
		Rule: "UNDECLARED_COOKIE", Title: "Cookie that the policy does not name", Verdict: audit.Inconclusive, Severity: audit.High,
		Certainty: audit.Confirmed, Subject: audit.Subject{Kind: audit.SubjectSite}, Message: "the site could not be reached",
	}}}})
	scan, j := sampleScan("evil-1", evil, today().AddDate(0, 0, -1), evidence.Partial)
	scan.Cookies[0].Name = hostileText
	j.Findings[0].Subject.Name, j.Findings[0].Message, scan.Why = hostileText, hostileText, hostileText
	j.Score = audit.ScoreOf(j.Findings)
	return append(out, record{scan, j})
}

func sampleScan(id string, site evidence.Site, at time.Time, outcome evidence.Outcome) (*evidence.Scan, *audit.Judgement) {
	s := &evidence.Scan{
		ID: id, Site: site, Started: at, Finished: at.Add(3 * time.Second), Profile: "eu", Settle: "virtual", Outcome: outcome,
		Tool: evidence.Tool{Name: "cookieaudit", Version: "test"}, Browser: evidence.Tool{Name: "Chrome", Version: "1"},
		Datasets: []evidence.Dataset{}, PolicySearch: evidence.PolicySearch{Outcome: outcome, Looked: []string{}},
		Cookies: []evidence.Cookie{{
			CookieKey: evidence.CookieKey{Name: "_pk_id", Domain: site.Host, Path: "/"}, Site: site.Domain, Party: evidence.First,
			Phases: []evidence.Phase{evidence.Before}, AfterAnswer: []evidence.Phase{}, Writes: []evidence.Write{}, Stored: true, Session: true,
		}},
	}
	if outcome != evidence.Complete {
		s.Why = "host does not resolve"
	}
	for _, p := range []evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept} {
		s.Visits = append(s.Visits, evidence.Visit{Phase: p, Outcome: outcome, Why: s.Why, Started: at, Attempts: 1, Pages: []evidence.Page{}})
	}
	violation := func(rule, title string, sev audit.Severity, subject string) audit.Finding {
		return audit.Finding{
			Rule: rule, Title: title, Verdict: audit.Violation, Severity: sev, Certainty: audit.Confirmed,
			Subject: audit.Subject{Kind: audit.SubjectCookie, Name: subject, Domain: site.Host}, Message: "This does not fit.",
			Evidence: []audit.Exhibit{}, Citations: []law.Citation{},
		}
	}
	return s, &audit.Judgement{
		Cookies: []audit.Assessment{{Match: audit.Match{State: audit.Undeclared}}},
		Findings: []audit.Finding{
			violation("PRE_CONSENT_ANALYTICS", "Analytics stored before consent", audit.High, "_pk_id"),
			violation("UNDECLARED_COOKIE", "Cookie that the policy does not name", audit.Medium, "_pk_id"),
			{Rule: "COOKIE_NO_SECURE", Title: "Cookie without Secure", Verdict: audit.Pass, Severity: audit.Low, Certainty: audit.Confirmed, Subject: audit.Subject{Kind: audit.SubjectSite}, Message: "nothing found"},
		},
	}
}

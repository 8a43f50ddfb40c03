package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"cookieaudit/cmd/cookieaudit/internal/account"
	"cookieaudit/crawler/evidence"
	"cookieaudit/report"
)

// describedAPI is the description of the API, read by a library that is not ours.
func describedAPI(t *testing.T, s *testSite) *openapi3.T {
	t.Helper()
	a := s.visitor(t).get("/api/v1/openapi.json")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestDescription wants the description to be valid, to name every operation and
// no other, and every answer to be as it says.
func TestDescription(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	doc := describedAPI(t, s)
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %s", doc.OpenAPI)
	}
	var described, there []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
			a := s.visitor(t).do(method, apiRoot+strings.NewReplacer("{", "", "}", "").Replace(path), "", "")
			if a.status != http.StatusUnauthorized {
				t.Errorf("%s %s is described, and answers %d without a token", method, path, a.status)
			}
		}
	}
	for _, o := range (&server{}).operations() {
		there = append(there, o.Method+" "+o.Path)
	}
	there = append(there, "GET /scans/{id}/{file}")
	slices.Sort(described)
	slices.Sort(there)
	if diff := cmp.Diff(there, described); diff != "" {
		t.Errorf("operations (-there +described):\n%s", diff)
	}

	v := s.program(t, account.Admin)
	v.json(http.MethodPost, apiRoot+"/scans", map[string]any{"sites": []string{"a.test"}})
	v.json(http.MethodPost, apiRoot+"/acceptances", map[string]any{"rule": "UNDECLARED_COOKIE", "reason": "r", "owner": "o", "expires": "2026-08-01"})
	for path, request := range map[string]string{
		"/sites": "/sites?sort=latest", "/site": "/site?site=shop.example", "/scans/{id}": "/scans/evil-1", "/diff": "/diff?old=shop-2&new=shop-3",
		"/findings": "/findings?severity=high", "/findings/summary": "/findings/summary", "/search": "/search?q=example",
		"/acceptances": "/acceptances", "/queue": "/queue", "/me": "/me", "/me/tokens": "/me/tokens", "/users": "/users",
	} {
		a := v.get(apiRoot + request)
		var got any
		if err := json.Unmarshal([]byte(a.body), &got); err != nil || a.status != http.StatusOK {
			t.Errorf("%s: %d %v", request, a.status, err)
			continue
		}
		schema := doc.Paths.Find(path).Get.Responses.Status(http.StatusOK).Value.Content["application/json"].Schema.Value
		if err := schema.VisitJSON(got, openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("%s is not as described: %v", request, err)
		}
	}
}

func TestReads(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.program(t, account.Viewer)
	sites := value[siteList](t, v.get("/api/v1/sites"))
	if sites.Total != 3 || len(sites.Sites) != 3 || len(sites.Sites[2].Trend) != 3 {
		t.Errorf("sites %+v", sites)
	}
	if gone := sites.Sites[1].Latest; gone.Score != nil || gone.Why == "" {
		t.Errorf("a site that could not be looked at: %+v", gone)
	}
	second := value[siteList](t, v.get("/api/v1/sites?per_page=2&page=2"))
	if second.Total != 3 || len(second.Sites) != 1 {
		t.Errorf("the second page: %+v", second)
	}
	r := value[report.Report](t, v.get("/api/v1/scans/shop-3"))
	if r.Schema != report.Schema || r.Scan.ID != "shop-3" || len(r.Findings) != 3 {
		t.Errorf("report %+v", r.Scan)
	}
	d := value[report.Diff](t, v.get("/api/v1/diff?old=shop-3&new=shop-2")) // in the wrong order
	if d.Old.ID != "shop-2" || len(d.Findings) != 1 || d.Findings[0].Kind != "PRE_CONSENT_ANALYTICS" {
		t.Errorf("diff %+v", d)
	}
	for query, want := range map[string]int{
		"": 4, "?rule=UNDECLARED_COOKIE": 2, "?severity=high": 2, "?site=shop.example": 2, "?state=open": 4, "?state=accepted": 0, "?per_page=1": 4, "?provider=nobody": 4,
	} {
		if query == "?provider=nobody" {
			want = 0
		}
		if got := value[findingList](t, v.get("/api/v1/findings"+query)); got.Total != want {
			t.Errorf("findings%s: %d, want %d", query, got.Total, want)
		}
	}
	a := v.get("/api/v1/sites")
	tag := a.header.Get("ETag")
	if again := v.get("/api/v1/sites", "If-None-Match", tag); tag == "" || again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("the same again with its tag %s: %d", tag, again.status)
	}
}

// TestPolicyChange wants every form of a report to tell what became of the policy
// since an earlier scan.
func TestPolicyChange(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	text := map[string]string{"shop-1": "We use no cookies.", "shop-2": "We use no cookies.", "shop-3": "We use one cookie."}
	for _, r := range s.memory.records {
		if text[r.scan.ID] != "" {
			sum := sha256.Sum256([]byte(text[r.scan.ID]))
			r.scan.Policies = []evidence.PolicyDocument{{URL: "https://shop.example/cookies", Title: "Cookies", Fetched: r.scan.Started, SHA256: hex.EncodeToString(sum[:]), Text: text[r.scan.ID]}}
		}
	}
	v := s.as(t, account.Viewer)
	for path, want := range map[string]string{
		"/scans/shop-3":               "policy changed since scan shop-2 of",
		"/scans/shop-3/report.html":   "Policy changed since scan shop-2 of",
		"/scans/shop-3/report.json":   `"outcome": "compared"`,
		"/scans/shop-2":               "unchanged since scan shop-1 of",
		"/scans/shop-2/report.html":   "Unchanged since scan shop-1 of",
		"/scans/shop-1/report.json":   `"outcome": "no_earlier_scan"`,
		apiRoot + "/scans/shop-3":     `"old_text_sha256": "`,
		"/scans/evil-1/report.json":   `"outcome": "no_earlier_scan"`,
		"/diff?old=shop-2&new=shop-3": "https://shop.example/cookies",
	} {
		if a := v.get(path); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d, lacks %q", path, a.status, want)
		}
	}
}

// TestDownloadsHoldNoFormula wants what a site calls its things to be text to a
// spreadsheet.
func TestDownloadsHoldNoFormula(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.as(t, account.Viewer)
	for _, name := range []string{`=HYPERLINK("http://evil.test","x")`, "+1", "-1", "@SUM(A1)", "\t=1"} {
		for _, r := range s.memory.records {
			if r.scan.ID == "shop-3" {
				r.scan.Cookies[0].Name, r.j.Findings[0].Subject.Name, r.j.Findings[0].Message = name, name, name
			}
		}
		for _, file := range []string{"cookies.csv", "findings.csv"} {
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(v.get("/scans/shop-3/"+file).body, "\ufeff"))).ReadAll()
			if err != nil || len(rows) < 2 {
				t.Fatalf("%s: %d rows, error %v", file, len(rows), err)
			}
			for _, cell := range slices.Concat(rows...) {
				if cell != "" && strings.Contains("=+-@\t\r", cell[:1]) {
					t.Errorf("%s has the cell %q", file, cell)
				}
			}
		}
	}
}

func TestDownloads(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.as(t, account.Viewer)
	for _, f := range downloads() {
		for _, id := range []string{"shop-3", "gone-1", "evil-1"} {
			a := v.get("/scans/" + id + "/" + f.Name)
			if a.status != http.StatusOK || a.header.Get("Content-Type") != f.mediaType || a.body == "" {
				t.Errorf("%s of %s: %d %s", f.Name, id, a.status, a.header.Get("Content-Type"))
			}
			policy, kept := a.header.Get("Content-Security-Policy"), a.header.Get("Content-Disposition")
			if f.page && (!strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || !strings.Contains(policy, "frame-ancestors 'none'") || kept != "") {
				t.Errorf("%s: policy %q, disposition %q", f.Name, policy, kept)
			}
			if !f.page && (policy != pagePolicy || !strings.HasPrefix(kept, `attachment; filename="cookieaudit-`)) {
				t.Errorf("%s: policy %q, disposition %q", f.Name, policy, kept)
			}
		}
	}
	if a := v.get("/scans/shop-3/passwd"); a.status != http.StatusNotFound {
		t.Error(a.status)
	}
}

// TestAccept follows one finding: open, accepted by everybody who shows it, open
// again after the last day, and after somebody takes it back.
func TestAccept(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.program(t, account.Operator)
	state := func() string {
		f := value[findingList](t, v.get("/api/v1/findings?rule=UNDECLARED_COOKIE&site=shop.example")).Findings[0]
		site := value[siteList](t, v.get("/api/v1/sites?q=shop")).Sites[0].Latest
		line := value[siteDetail](t, v.get("/api/v1/site?site=shop.example")).Scans[0]
		r := value[report.Report](t, v.get("/api/v1/scans/shop-3"))
		counts := value[findingSummary](t, v.get("/api/v1/findings/summary"))
		rule := counts.Rules[slices.IndexFunc(counts.Rules, func(c FindingCount) bool { return c.Name == "UNDECLARED_COOKIE" })]
		open := value[findingList](t, v.get("/api/v1/findings?rule=UNDECLARED_COOKIE&state=open")).Total
		html := strings.Contains(v.get("/scans/shop-3/report.html").body, "accepted until")
		return fmt.Sprint(f.Accepted != nil, site.Accepted, site.Open["medium"], site.Score.Value, line.Accepted, r.Findings[1].Accepted != nil, r.Judged.Score.Value, rule.Open, rule.Accepted, open, html)
	}
	const isOpen, isAccepted = "false 0 1 78 0 false 78 2 0 2 false", "true 1 0 83 1 true 83 1 1 1 true"
	if got := state(); got != isOpen {
		t.Fatalf("before: %s, want %s", got, isOpen)
	}
	accept := map[string]any{"rule": "UNDECLARED_COOKIE", "site": "*.example", "subject": "_pk*", "reason": "in the next version", "owner": "legal", "expires": "2026-05-22"}
	accept["site"] = "shop.example"
	made := value[acceptance](t, v.json(http.MethodPost, "/api/v1/acceptances", accept))
	if made.By != "operator" || made.State != stateActive {
		t.Errorf("acceptance %+v", made)
	}
	if got := state(); got != isAccepted {
		t.Errorf("accepted: %s, want %s", got, isAccepted)
	}
	s.now.advance(2 * 24 * 3600e9)
	if got := state(); got != isAccepted {
		t.Errorf("on the last day: %s, want %s", got, isAccepted)
	}
	s.now.advance(24 * 3600e9)
	if got := state(); got != isOpen {
		t.Errorf("the day after: %s, want %s", got, isOpen)
	}
	accept["expires"] = "2026-09-01"
	made = value[acceptance](t, v.json(http.MethodPost, "/api/v1/acceptances", accept))
	if got := state(); got != isAccepted {
		t.Errorf("accepted again: %s, want %s", got, isAccepted)
	}
	if a := v.do(http.MethodDelete, "/api/v1/acceptances/"+made.ID, "", ""); a.status != http.StatusNoContent {
		t.Error(a.status)
	}
	if got := state(); got != isOpen {
		t.Errorf("withdrawn: %s, want %s", got, isOpen)
	}
	if a := v.do(http.MethodDelete, "/api/v1/acceptances/"+made.ID, "", ""); a.status != http.StatusConflict {
		t.Errorf("withdrawn twice: %d", a.status)
	}
	list := value[acceptanceList](t, v.get("/api/v1/acceptances")).Acceptances
	if len(list) != 2 || list[0].State != stateWithdrawn || list[0].WithdrawnBy != "operator" || list[1].State != stateExpired {
		t.Errorf("what is on record: %+v", list)
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.program(t, account.Operator)
	sent := value[Enqueued](t, v.json(http.MethodPost, "/api/v1/scans", map[string]any{"sites": []string{"a.test", "https://a.test/", "b.test"}}))
	if sent != (Enqueued{Added: 2}) {
		t.Errorf("enqueued %+v", sent)
	}
	if a := v.json(http.MethodPost, "/api/v1/scans", map[string]any{"sites": []string{"c.test", "not an address"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "sites[1]") {
		t.Errorf("a list with a slip: %d %s", a.status, a.body)
	}
	for _, file := range []string{
		"url\nc.test\nd.test\n", "\ufeffname;site\nC;c.test\nD;https://d.test/\n", "c.test\r\n\r\n# no\r\nd.test\r\n", "\"name\",\"Address\"\n\"a, b\",\"c.test\"\nx,d.test",
	} {
		s.memory.jobs = nil
		if got := value[Enqueued](t, v.do(http.MethodPost, "/api/v1/scans", "text/csv", file)); got != (Enqueued{Added: 2}) {
			t.Errorf("%q: %+v", file, got)
		}
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "sites.csv")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(part, "e.test\nf.test\n")
	w.Close()
	if a := s.as(t, account.Operator).do(http.MethodPost, "/scans", w.FormDataContentType(), body.String()); a.status != http.StatusSeeOther {
		t.Errorf("upload: %d %s", a.status, a.body)
	}
	jobs := value[jobList](t, v.get("/api/v1/queue?state=pending"))
	if jobs.Total != 4 || jobs.Jobs[3].URL != "https://f.test/" || jobs.Jobs[3].By != "operator" || jobs.Jobs[3].Priority != 1 {
		t.Errorf("queue %+v", jobs)
	}
	for _, step := range []struct {
		path string
		want int
	}{{"/queue/1/cancel", 204}, {"/queue/1/cancel", 409}, {"/queue/1/retry", 204}, {"/queue/99/retry", 404}, {"/queue/x/cancel", 404}} {
		if a := v.do(http.MethodPost, apiRoot+step.path, "", ""); a.status != step.want {
			t.Errorf("%s: %d, want %d", step.path, a.status, step.want)
		}
	}
	s.memory.refuse = fmt.Errorf("http://10.0.0.1/: %w: a private address", ErrRefused)
	if a := v.json(http.MethodPost, "/api/v1/scans", map[string]any{"sites": []string{"http://10.0.0.1/"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "private address") {
		t.Errorf("a private address: %d %s", a.status, a.body)
	}
	s.memory.refuse = errors.New("disk full at /secret/path")
	if a := v.json(http.MethodPost, "/api/v1/scans", map[string]any{"sites": []string{"a.test"}}); a.status != http.StatusInternalServerError || strings.Contains(a.body, "secret") {
		t.Errorf("a failure of ours: %d %s", a.status, a.body)
	}
	none := newTestSite(t, func(o *Options) { o.Queue = nil })
	if a := none.program(t, account.Operator).get("/api/v1/queue"); a.status != http.StatusServiceUnavailable {
		t.Errorf("without a queue: %d", a.status)
	}
}

package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// fillDashboard saves, not in the order of their times: three scans of a shop,
// two of a blog and one of a site that could not be reached and was not judged.
func fillDashboard(t *testing.T, s *Store) {
	t.Helper()
	for _, scan := range []struct {
		id, url string
		hour    int
		score   *int
		rules   string // of violations: rule:severity:provider's cookie, * for an accepted one
	}{
		{"shop-2", "https://shop.test/", 2, new(40), "A:high:_s B:low:sid"},
		{"shop-3", "https://shop.test/", 3, new(0), "A:high:_s A:medium:_t B:low:sid C:critical:_s*"},
		{"shop-1", "https://shop.test/", 1, new(90), ""},
		{"blog-5", "https://blog.test/Über_uns?50%", 5, new(70), "A:medium:_s"},
		{"blog-4", "https://blog.test/Über_uns?50%", 4, nil, ""},
		{"gone-1", "https://gone.test/", 1, nil, "no audit"},
	} {
		host := strings.SplitN(scan.url, "/", 4)[2]
		record := &evidence.Scan{
			ID: scan.id, Site: evidence.Site{URL: scan.url, Host: host, Domain: host}, Outcome: evidence.Complete,
			Started: moment(0).Add(time.Duration(scan.hour) * time.Hour), Finished: moment(0).Add(time.Duration(scan.hour)*time.Hour + time.Minute),
		}
		if scan.rules == "no audit" {
			record.Outcome, record.Why = evidence.Unavailable, "refused"
			save(t, s, record, nil)
			continue
		}
		j := &audit.Judgement{Cookies: []audit.Assessment{}}
		if scan.score != nil {
			j.Score = &audit.Score{Value: *scan.score, Answered: 9, Open: 1}
		}
		for _, c := range []struct{ name, provider string }{{"_s", "Stats Ltd"}, {"_t", "Track % Co"}, {"sid", ""}} {
			record.Cookies = append(record.Cookies, evidence.Cookie{CookieKey: evidence.CookieKey{Name: c.name, Domain: host}})
			j.Cookies = append(j.Cookies, audit.Assessment{Purpose: audit.Purpose{Provider: c.provider}})
		}
		for _, rule := range strings.Fields(scan.rules) {
			parts := strings.Split(strings.TrimSuffix(rule, "*"), ":")
			f := audit.Finding{
				Rule: parts[0], Title: "rule " + parts[0], Verdict: audit.Violation, Severity: audit.Severity(parts[1]), Certainty: audit.Confirmed,
				Subject: audit.Subject{Kind: audit.SubjectCookie, Name: parts[2], Domain: host}, Message: "message",
			}
			if strings.HasSuffix(rule, "*") {
				f.Accepted = &audit.Acceptance{Reason: "known", Expires: "2026-03-31"}
			}
			j.Findings = append(j.Findings, f, audit.Finding{Rule: "D", Verdict: audit.Pass, Severity: audit.Critical})
		}
		save(t, s, record, j)
	}
}

func TestSites(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		fillDashboard(t, s)
		tests := []struct {
			query SiteQuery
			want  string
			total int
		}{
			{SiteQuery{}, "blog-5 gone-1 shop-3", 3},
			{SiteQuery{Sort: "score"}, "shop-3 blog-5 gone-1", 3},
			{SiteQuery{Sort: "latest"}, "blog-5 shop-3 gone-1", 3},
			{SiteQuery{Sort: "oldest"}, "gone-1 shop-3 blog-5", 3},
			{SiteQuery{Limit: 1, Offset: 1}, "gone-1", 3},
			{SiteQuery{Limit: 2, Offset: 9}, "", 3},
			{SiteQuery{Text: "SHOP"}, "shop-3", 1},
			{SiteQuery{Text: "_uns?50%"}, "blog-5", 1},
			{SiteQuery{Text: "%"}, "blog-5", 1},
			{SiteQuery{Text: `\`}, "", 0},
			{SiteQuery{Text: "' OR 1=1"}, "", 0},
			{SiteQuery{Text: "\x00"}, "", 0},
		}
		for _, test := range tests {
			sites, total, err := s.Sites(t.Context(), test.query)
			if err != nil {
				t.Fatalf("%+v: %v", test.query, err)
			}
			var ids []string
			for i := range sites {
				ids = append(ids, sites[i].Latest.ID)
			}
			if got := strings.Join(ids, " "); got != test.want || total != test.total {
				t.Errorf("%+v: %q of %d, want %q of %d", test.query, got, total, test.want, test.total)
			}
		}
		if _, _, err := s.Sites(t.Context(), SiteQuery{Sort: "url; DROP TABLE scans"}); err == nil {
			t.Error("an order that there is not was taken")
		}
	})
}

func TestSiteStatus(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		fillDashboard(t, s)
		got, _, err := s.Sites(t.Context(), SiteQuery{Trend: 2})
		must(t, err)
		at := func(hour int) time.Time { return moment(0).Add(time.Duration(hour) * time.Hour) }
		site := func(url, host string) evidence.Site { return evidence.Site{URL: url, Host: host, Domain: host} }
		want := []SiteStatus{{
			Latest: ScanStatus{
				ID: "blog-5", Site: site("https://blog.test/Über_uns?50%", "blog.test"), Started: at(5), Finished: at(5).Add(time.Minute), Outcome: evidence.Complete,
				Score: &audit.Score{Value: 70, Answered: 9, Open: 1}, Open: map[audit.Severity]int{audit.Medium: 1}, Cookies: 3,
			},
			Trend: []Point{{at(4), evidence.Complete, nil}, {at(5), evidence.Complete, new(70)}},
		}, {
			Latest: ScanStatus{ID: "gone-1", Site: site("https://gone.test/", "gone.test"), Started: at(1), Finished: at(1).Add(time.Minute), Outcome: evidence.Unavailable, Why: "refused"},
			Trend:  []Point{{at(1), evidence.Unavailable, nil}},
		}, {
			Latest: ScanStatus{
				ID: "shop-3", Site: site("https://shop.test/", "shop.test"), Started: at(3), Finished: at(3).Add(time.Minute), Outcome: evidence.Complete,
				Score: &audit.Score{Value: 0, Answered: 9, Open: 1}, Open: map[audit.Severity]int{audit.High: 1, audit.Medium: 1, audit.Low: 1}, Accepted: 1, Cookies: 3,
			},
			Trend: []Point{{at(2), evidence.Complete, new(40)}, {at(3), evidence.Complete, new(0)}},
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		history, total, err := s.SiteHistory(t.Context(), "shop.test", 1, 0)
		must(t, err)
		if diff := cmp.Diff([]ScanStatus{want[2].Latest}, history); diff != "" || total != 3 {
			t.Errorf("history of %d scans (-want +got):\n%s", total, diff)
		}
		for site, want := range map[string]string{"https://shop.test/": "shop-2 shop-1", "nowhere.test": ""} {
			history, _, err := s.SiteHistory(t.Context(), site, 0, 1)
			must(t, err)
			var ids []string
			for _, h := range history {
				ids = append(ids, h.ID)
			}
			if got := strings.Join(ids, " "); got != want {
				t.Errorf("history of %s from the second on: %q, want %q", site, got, want)
			}
		}
	})
}

func TestFindings(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		fillDashboard(t, s)
		const all = "C/critical/shop-3/_s* A/high/shop-3/_s A/medium/blog-5/_s A/medium/shop-3/_t B/low/shop-3/sid"
		tests := []struct {
			query FindingQuery
			want  string
			total int
		}{
			{FindingQuery{}, all, 5},
			{FindingQuery{Limit: 2, Offset: 1}, "A/high/shop-3/_s A/medium/blog-5/_s", 5},
			{FindingQuery{Rule: "A"}, "A/high/shop-3/_s A/medium/blog-5/_s A/medium/shop-3/_t", 3},
			{FindingQuery{Rule: "D"}, "", 0},
			{FindingQuery{Provider: "Track % Co"}, "A/medium/shop-3/_t", 1},
			{FindingQuery{Severity: audit.Low}, "B/low/shop-3/sid", 1},
			{FindingQuery{Site: "blog.test"}, "A/medium/blog-5/_s", 1},
			{FindingQuery{Site: "https://shop.test", Rule: "B"}, "B/low/shop-3/sid", 1},
			{FindingQuery{State: "accepted", Day: moment(0)}, "C/critical/shop-3/_s*", 1},
			{FindingQuery{State: "open", Day: moment(0), Rule: "C"}, "", 0},
			{FindingQuery{State: "open", Day: moment(0).AddDate(0, 1, 0), Rule: "C"}, "C/critical/shop-3/_s*", 1},
		}
		for _, test := range tests {
			found, total, err := s.Findings(t.Context(), test.query)
			if err != nil {
				t.Fatalf("%+v: %v", test.query, err)
			}
			if got := violationsText(found); got != test.want || total != test.total {
				t.Errorf("%+v: %q of %d, want %q of %d", test.query, got, total, test.want, test.total)
			}
		}
		if _, _, err := s.Findings(t.Context(), FindingQuery{State: "perhaps"}); err == nil {
			t.Error("a state that there is not was taken")
		}
		ofScans, err := s.FindingsOf(t.Context(), []string{"shop-2", "nothing", "shop-3"}, []string{"B"})
		must(t, err)
		for _, fs := range ofScans {
			slices.SortFunc(fs, func(a, b audit.Finding) int { return strings.Compare(a.Rule, b.Rule) })
		}
		if diff := cmp.Diff(map[string][]audit.Finding{
			"shop-2": {
				{Rule: "A", Verdict: audit.Violation, Severity: audit.High, Certainty: audit.Confirmed},
				{Rule: "B", Verdict: audit.Violation, Severity: audit.Low, Certainty: audit.Confirmed, Subject: audit.Subject{Name: "sid"}},
			},
			"shop-3": {
				{Rule: "C", Verdict: audit.Violation, Severity: audit.Critical, Certainty: audit.Confirmed, Subject: audit.Subject{Name: "_s"}, Accepted: &audit.Acceptance{Reason: "known", Expires: "2026-03-31"}},
			},
		}, map[string][]audit.Finding{"shop-2": ofScans["shop-2"], "shop-3": ofScans["shop-3"][3:]}); diff != "" || len(ofScans) != 2 {
			t.Errorf("of %d scans (-want +got):\n%s", len(ofScans), diff)
		}
		none, err := s.FindingsOf(t.Context(), nil, nil)
		if len(none) != 0 || err != nil {
			t.Errorf("of no scan: %v (%v)", none, err)
		}
		found, _, err := s.Findings(t.Context(), FindingQuery{Provider: "Track % Co"})
		must(t, err)
		want := []Violation{{
			Scan: "shop-3", Site: evidence.Site{URL: "https://shop.test/", Host: "shop.test", Domain: "shop.test"}, Started: moment(0).Add(3 * time.Hour),
			Rule: "A", Title: "rule A", Severity: audit.Medium, Certainty: audit.Confirmed,
			Subject: audit.Subject{Kind: audit.SubjectCookie, Name: "_t", Domain: "shop.test"}, Provider: "Track % Co", Message: "message",
		}}
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func violationsText(found []Violation) string {
	var list []string
	for _, f := range found {
		text := fmt.Sprintf("%s/%s/%s/%s", f.Rule, f.Severity, f.Scan, f.Subject.Name)
		if f.Accepted != nil {
			text += "*"
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

func TestViolationCounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		fillDashboard(t, s)
		byRule, err := s.CountByRule(t.Context(), moment(0))
		must(t, err)
		if diff := cmp.Diff([]ViolationCount{
			{Name: "C", Severity: audit.Critical, Accepted: 1},
			{Name: "A", Severity: audit.High, Open: 3, Sites: 2},
			{Name: "B", Severity: audit.Low, Open: 1, Sites: 1},
		}, byRule); diff != "" {
			t.Errorf("by rule (-want +got):\n%s", diff)
		}
		byProvider, err := s.CountByProvider(t.Context(), moment(0))
		must(t, err)
		if diff := cmp.Diff([]ViolationCount{
			{Name: "Stats Ltd", Severity: audit.Critical, Open: 2, Accepted: 1, Sites: 2},
			{Name: "Track % Co", Severity: audit.Medium, Open: 1, Sites: 1},
		}, byProvider); diff != "" {
			t.Errorf("by provider (-want +got):\n%s", diff)
		}
	})
}

func TestSearch(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		fillDashboard(t, s)
		for text, want := range map[string]string{
			"S":          "host/blog.test/1 host/gone.test/1 host/shop.test/1 cookie/_s/2 cookie/sid/2 provider/Stats Ltd/2",
			"_":          "cookie/_s/2 cookie/_t/2",
			"%":          "provider/Track % Co/2",
			"shop":       "host/shop.test/1",
			"stats ltd":  "provider/Stats Ltd/2",
			"nothing":    "",
			"' OR 1=1--": "",
		} {
			hits, err := s.Search(t.Context(), text, 0)
			must(t, err)
			var list []string
			for _, h := range hits {
				list = append(list, fmt.Sprintf("%s/%s/%d", h.Kind, h.Text, h.Sites))
			}
			if got := strings.Join(list, " "); got != want {
				t.Errorf("%q: %q, want %q", text, got, want)
			}
		}
		hits, err := s.Search(t.Context(), "shop", 1)
		must(t, err)
		if diff := cmp.Diff([]Hit{{
			Kind: "host", Text: "shop.test", Sites: 1, Site: evidence.Site{URL: "https://shop.test/", Host: "shop.test", Domain: "shop.test"}, Scan: "shop-3",
		}}, hits); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

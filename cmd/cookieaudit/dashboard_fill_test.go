package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/audit/rules"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

// benchSite is a scan of site i as one of a shop is: 40 cookies and storage
// items, some of which are those of all sites and some its own, 150 requests, ten
// pages in each phase, two pictures, and a verdict of every rule, half of which
// are violations.
func benchSite(i int, id string, started time.Time) (*evidence.Scan, *audit.Judgement) {
	host := fmt.Sprintf("www.site%04d.test", i)
	scan := sampleScan(id, host, evidence.Complete)
	scan.Site.Domain, scan.Started, scan.Finished = host[4:], started, started.Add(9*time.Second)
	scan.Cookies = nil
	j := &audit.Judgement{Score: &audit.Score{Value: i % 101, Answered: 40, Open: 3}}
	for n := range scan.Visits {
		v := &scan.Visits[n]
		for p := range 10 {
			v.Pages = append(v.Pages, evidence.Page{URL: fmt.Sprintf("https://%s/page/%d", host, p), Status: 200, Title: "A page", Outcome: evidence.Complete})
		}
		v.Screenshots = []evidence.Screenshot{{Phase: v.Phase, Stage: "first_layer", PNG: bytes.Repeat([]byte{byte(i)}, 30_000)}}
	}
	for n := range 40 {
		name := fmt.Sprintf("cookie_%d", n)
		if n%3 == 0 {
			name = fmt.Sprintf("own_%d_%d", i, n)
		}
		write := evidence.Write{Phase: evidence.Before, Page: scan.Site.URL, URL: fmt.Sprintf("https://host%d.test/collect?v=2&id=%012d", n, n*7919), Host: fmt.Sprintf("host%d.test", n), Mechanism: evidence.HTTP}
		scan.Cookies = append(scan.Cookies, evidence.Cookie{
			CookieKey: evidence.CookieKey{Name: name, Domain: host, Path: "/"}, Site: scan.Site.Domain, Party: evidence.First,
			Phases: []evidence.Phase{evidence.Before}, Writes: []evidence.Write{write, write}, Stored: true,
		})
		j.Cookies = append(j.Cookies, audit.Assessment{Match: audit.Match{State: audit.Undeclared}, Purpose: benchPurpose(i + n)})
	}
	for n := range 150 {
		scan.Requests = append(scan.Requests, evidence.Request{
			Phase: evidence.Before, Page: scan.Site.URL, URL: fmt.Sprintf("https://host%d.test/assets/js/v4.2.1/bundle.%d.js", n%40, n), Host: fmt.Sprintf("host%d.test", n%40),
			Site: fmt.Sprintf("host%d.test", n%40), Party: evidence.Third, Type: "Script",
		})
		j.Requests = append(j.Requests, audit.Assessment{Match: audit.Match{State: audit.Undeclared}, Purpose: benchPurpose(i + n%40)})
	}
	for n, r := range rules.All() {
		c := &scan.Cookies[(i+n)%40]
		f := audit.Finding{
			Rule: r.ID, Title: r.Title, Severity: r.Severity, Certainty: audit.Confirmed, Verdict: audit.Violation,
			Subject: audit.Subject{Kind: audit.SubjectCookie, Name: c.Name, Domain: c.Domain}, Citations: []law.Citation{},
			Message: "Cookie " + c.Name + " was written before the banner was answered, and the policy does not name it.",
			Evidence: []audit.Exhibit{
				{Phase: evidence.Before, Page: scan.Site.URL, AtMS: 120, What: "written by a response", Raw: c.Name + "=…; Path=/; Max-Age=63072000", Source: c.Writes[0].URL},
				{Phase: evidence.Before, Page: scan.Site.URL, AtMS: 240, What: "written by a response", Raw: c.Name + "=…; Path=/; Max-Age=63072000", Source: c.Writes[1].URL},
			},
		}
		if (i+n)%2 == 0 {
			f.Verdict = audit.Pass
		}
		j.Findings = append(j.Findings, f)
	}
	return scan, j
}

func benchPurpose(n int) audit.Purpose {
	return audit.Purpose{Category: evidence.Analytics, Basis: []string{"name"}, Provider: fmt.Sprintf("Provider %d", n%300)}
}

// fillBench saves the first and the latest scan of each site, and copies the
// first one for those between.
func fillBench(b *testing.B, db *store.Store, sites, scans int) {
	b.Helper()
	batch := func(id string, day int) {
		b.Helper()
		noError(b, db.Write(b.Context(), func(tx *sql.Tx) error {
			for i := range sites {
				scan, j := benchSite(i, fmt.Sprintf("site%04d-%s", i, id), benchDay(day))
				if err := db.SaveTx(b.Context(), tx, scan, j); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	batch("000", 0)
	statistics := map[store.Engine]string{store.SQLite: "ANALYZE", store.Postgres: "VACUUM ANALYZE"}[db.Engine()]
	_, err := db.DB().ExecContext(b.Context(), statistics) // without, what follows is planned badly
	noError(b, err)
	for n := 1; n < scans-1; n++ {
		noError(b, db.Write(b.Context(), func(tx *sql.Tx) error { return copyScans(b.Context(), tx, sites, n) }))
	}
	batch("latest", scans-1)
	_, err = db.DB().ExecContext(b.Context(), statistics)
	noError(b, err)
}

func benchDay(n int) time.Time {
	return time.Date(2026, time.January, 1, 3, 0, 0, 0, time.UTC).AddDate(0, 0, n)
}

// copyScans copies the first scans for another day: what pages ask of scans that
// they do not open, with fewer findings, so that the database has some GB only.
func copyScans(ctx context.Context, tx *sql.Tx, sites, day int) error {
	var last int64
	if err := tx.QueryRowContext(ctx, `SELECT max(seq) FROM scans`).Scan(&last); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO scans (record, judgement, site)
		SELECT replace(replace(record, '-000"', $1), $2, $3), judgement, site FROM scans WHERE seq <= $4 ORDER BY seq`,
		fmt.Sprintf(`-%03d"`, day), benchDay(0).Format(time.DateOnly), benchDay(day).Format(time.DateOnly), sites)
	for _, table := range []struct{ name, columns, which string }{
		{"findings", "position, record, citations, provider", ` WHERE t.verdict = 'violation' AND t.position < 20`},
		{"summaries", "cookies, third_party_cookies, critical, high, medium, low, info, open_critical, open_high, open_medium, open_low, open_info", ``},
	} {
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO `+table.name+` (scan, `+table.columns+`)
			SELECT n, `+table.columns+` FROM (SELECT o.seq AS o, n.seq AS n FROM scans o JOIN scans n ON n.site = o.site WHERE o.seq <= $1 AND n.seq > $2)
			p JOIN `+table.name+` t ON t.scan = p.o`+table.which, sites, last)
	}
	return err
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

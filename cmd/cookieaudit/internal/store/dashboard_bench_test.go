package store

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/crawler/evidence"
)

// What is promised is measured with -sites 1000 -scans 100, which takes minutes
// to fill.
var (
	benchSites = flag.Int("sites", 100, "sites of BenchmarkDashboard")
	benchScans = flag.Int("scans", 20, "scans of each site of BenchmarkDashboard")
)

// benchSite is a scan of site i: some of its cookies and findings are those of
// all sites, others its own.
func benchSite(i, cookies int, id string, started time.Time) (*evidence.Scan, *audit.Judgement) {
	scan, j := sampleScan(id), sampleJudgement()
	host := fmt.Sprintf("www.site%04d.test", i)
	scan.Site = evidence.Site{URL: "https://" + host + "/", Host: host, Domain: host[4:]}
	scan.Started, scan.Finished = started, started.Add(9*time.Second)
	cookie, request, finding, seen, asked := scan.Cookies[0], scan.Requests[0], j.Findings[0], j.Cookies[0], j.Requests[0]
	scan.Cookies, scan.Requests, j.Cookies, j.Requests, j.Findings = nil, nil, nil, nil, nil
	cookie.Writes = cookie.Writes[:1]
	for n := range cookies {
		cookie.Name = fmt.Sprintf("cookie_%d", n)
		if n%3 == 0 {
			cookie.Name = fmt.Sprintf("own_%d_%d", i, n)
		}
		seen.Purpose.Provider = fmt.Sprintf("Provider %d", (i+n)%300)
		asked.Purpose.Provider = seen.Purpose.Provider
		request.Host = fmt.Sprintf("host%d.test", n)
		scan.Cookies, j.Cookies = append(scan.Cookies, cookie), append(j.Cookies, seen)
		scan.Requests, j.Requests = append(scan.Requests, request), append(j.Requests, asked)
		if n%2 == 0 {
			finding.Rule = fmt.Sprintf("RULE_%d", (i+n)%48)
			finding.Severity = audit.Severities()[n%5]
			finding.Subject.Name, finding.Subject.Domain = cookie.Name, cookie.Domain
			finding.Accepted = nil
			j.Findings = append(j.Findings, finding)
		}
	}
	j.Score = &audit.Score{Value: i % 101, Answered: 40, Open: 3}
	return scan, j
}

// fillBench saves the first and the latest scan of each site, and copies the
// first one for those between.
func fillBench(b *testing.B, s *Store, sites, scans int) {
	b.Helper()
	day := func(n int) time.Time { return moment(0).AddDate(0, 0, n) }
	batch := func(id string, cookies, n int) {
		must(b, s.Write(b.Context(), func(tx *sql.Tx) error {
			for i := range sites {
				scan, j := benchSite(i, cookies, fmt.Sprintf("s%04d-%s", i, id), day(n))
				if err := s.SaveTx(b.Context(), tx, scan, j); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	batch("000", 8, 0)
	for n := 1; n < scans-1; n++ {
		copyScans(b, s, sites, fmt.Sprintf("%03d", n), day(0).Format(time.DateOnly), day(n).Format(time.DateOnly))
	}
	batch(fmt.Sprintf("%03d", scans-1), 30, scans-1)
	_, err := s.write.ExecContext(b.Context(), map[Engine]string{SQLite: "ANALYZE", Postgres: "VACUUM ANALYZE"}[s.engine])
	must(b, err)
}

func copyScans(b *testing.B, s *Store, sites int, id, from, to string) {
	b.Helper()
	must(b, s.Write(b.Context(), func(tx *sql.Tx) error {
		var last int64
		if err := tx.QueryRowContext(b.Context(), `SELECT max(seq) FROM scans`).Scan(&last); err != nil {
			return err
		}
		_, err := tx.ExecContext(b.Context(), `INSERT INTO scans (record, judgement, site)
			SELECT replace(replace(record, '-000"', $1), $2, $3), judgement, site FROM scans WHERE seq <= $4 ORDER BY seq`,
			"-"+id+`"`, from, to, sites)
		for _, table := range []struct{ name, columns string }{
			{"cookies", "position, record, match, purpose"},
			{"cookie_writes", "cookie, position, record"},
			{"requests", "position, record, match, purpose"},
			{"findings", "position, record, citations, provider"},
			{"summaries", "cookies, third_party_cookies, critical, high, medium, low, info, open_critical, open_high, open_medium, open_low, open_info"},
		} {
			if err != nil {
				return err
			}
			_, err = tx.ExecContext(b.Context(), `INSERT INTO `+table.name+` (scan, `+table.columns+`)
				SELECT n, `+table.columns+` FROM (SELECT o.seq AS o, n.seq AS n FROM scans o JOIN scans n ON n.site = o.site WHERE o.seq <= $1 AND n.seq > $2)
				p JOIN `+table.name+` t ON t.scan = p.o`, sites, last)
		}
		return err
	}))
}

// BenchmarkDashboard tells the 95th percentile of each question that a page of
// the dashboard asks.
func BenchmarkDashboard(b *testing.B) {
	for engine, dsn := range map[Engine]func(testing.TB) string{SQLite: newFile, Postgres: postgrestest.URL} {
		b.Run(string(engine), func(b *testing.B) {
			s := openAt(b, dsn(b))
			fillBench(b, s, *benchSites, *benchScans)
			for _, q := range benchQueries(s, *benchSites) {
				b.Run(q.name, func(b *testing.B) {
					var took []time.Duration
					for i := 0; b.Loop(); i++ {
						begun := time.Now()
						n, err := q.ask(b.Context(), i)
						took = append(took, time.Since(begun))
						if err != nil || n == 0 {
							b.Fatalf("%d rows, error %v", n, err)
						}
					}
					slices.Sort(took)
					b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
				})
			}
		})
	}
}

type benchQuery struct {
	name string
	ask  func(ctx context.Context, i int) (rows int, err error)
}

func benchQueries(s *Store, sites int) []benchQuery {
	queries := []benchQuery{
		{"history", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.SiteHistory(ctx, fmt.Sprintf("site%04d.test", i%sites), 50, 0)
			return len(list), err
		}},
		{"findings of a rule", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Findings(ctx, FindingQuery{Rule: fmt.Sprintf("RULE_%d", i%48), Limit: 50})
			return len(list), err
		}},
		{"findings of a provider", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Findings(ctx, FindingQuery{Provider: fmt.Sprintf("Provider %d", i%sites%300), Limit: 50})
			return len(list), err
		}},
		{"findings", func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Findings(ctx, FindingQuery{Limit: 50, Offset: i % 20 * 50})
			return len(list), err
		}},
		{"count by rule", func(ctx context.Context, _ int) (int, error) {
			list, err := s.CountByRule(ctx)
			return len(list), err
		}},
		{"count by provider", func(ctx context.Context, _ int) (int, error) {
			list, err := s.CountByProvider(ctx)
			return len(list), err
		}},
		{"search", func(ctx context.Context, i int) (int, error) {
			list, err := s.Search(ctx, []string{"site00", "cookie_1", "provider 1", "o"}[i%4], 100)
			return len(list), err
		}},
		{"load", func(ctx context.Context, i int) (int, error) {
			scan, _, err := s.Latest(ctx, fmt.Sprintf("site%04d.test", i%sites))
			if err != nil {
				return 0, err
			}
			return len(scan.Cookies), nil
		}},
	}
	for _, sort := range SiteSorts() {
		queries = append(queries, benchQuery{"sites by " + sort, func(ctx context.Context, i int) (int, error) {
			list, _, err := s.Sites(ctx, SiteQuery{Sort: sort, Limit: 50, Offset: i % max(1, sites/50) * 50, Trend: 30})
			return len(list), err
		}})
	}
	return queries
}

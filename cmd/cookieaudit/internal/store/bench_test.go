package store

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// benchScan is like a scan of a large publisher: n cookies with two writes
// each, as many requests, and findings.
func benchScan(n int) (*evidence.Scan, *audit.Judgement) {
	scan, j := sampleScan(""), sampleJudgement()
	cookie, request, finding := scan.Cookies[0], scan.Requests[0], j.Findings[0]
	seen, asked := j.Cookies[0], j.Requests[0]
	scan.Cookies, scan.Requests, j.Cookies, j.Requests, j.Findings = nil, nil, nil, nil, nil
	text := strings.Repeat("We use cookies for this and that. ", 600)
	scan.Policies[0].Text = text
	for i := range n {
		c, r, f := cookie, request, finding
		c.Name = fmt.Sprintf("cookie_%d", i)
		write := cookie.Writes[0]
		write.URL = fmt.Sprintf("https://stats.test/collect?v=2&tid=G-%08d&cid=%012d&dl=https%%3A%%2F%%2Fwww.example.test%%2F", i, i*7919)
		write.Script = "https://cdn.stats.test/assets/js/v4.2.1/bundle.min.js"
		c.Writes = []evidence.Write{write, write}
		r.URL = write.URL
		scan.Cookies, scan.Requests = append(scan.Cookies, c), append(scan.Requests, r)
		purpose := seen
		purpose.Purpose.Basis = []string{fmt.Sprintf("table row %d", i%200)}
		j.Cookies, j.Requests = append(j.Cookies, purpose), append(j.Requests, asked)
		if i%5 == 0 {
			f.Subject.Name = c.Name
			j.Findings = append(j.Findings, f)
		}
	}
	return scan, j
}

func BenchmarkSave(b *testing.B) {
	for _, n := range []int{20, 100, 5000} {
		b.Run(fmt.Sprintf("cookies=%d", n), func(b *testing.B) {
			s := openTemp(b)
			scan, j := benchScan(n)
			i := 0
			for b.Loop() {
				scan.ID = fmt.Sprint(i)
				save(b, s, scan, j)
				i++
			}
			b.ReportMetric(float64(size(b, s))/float64(i), "file-bytes/op")
		})
	}
}

// size returns the size of the database once the log is folded into it.
func size(b *testing.B, s *Store) int64 {
	b.Helper()
	if _, err := s.write.ExecContext(b.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(s.name)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{20, 5000} {
		b.Run(fmt.Sprintf("cookies=%d", n), func(b *testing.B) {
			s := openTemp(b)
			scan, j := benchScan(n)
			scan.ID = "a"
			save(b, s, scan, j)
			for b.Loop() {
				if _, _, err := s.Load(b.Context(), "a"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkHistory(b *testing.B) {
	s := openTemp(b)
	scan, j := benchScan(20)
	const sites, scans = 100, 10
	for i := range sites * scans {
		scan.ID = fmt.Sprint(i)
		scan.Site.Host = fmt.Sprintf("www.site%d.test", i%sites)
		scan.Site.Domain = fmt.Sprintf("site%d.test", i%sites)
		scan.Started = moment(i)
		save(b, s, scan, j)
	}
	for _, f := range []Filter{{Limit: 50}, {Site: "site7.test"}, {}} {
		b.Run(fmt.Sprintf("site=%s,limit=%d", f.Site, f.Limit), func(b *testing.B) {
			for b.Loop() {
				if _, err := s.History(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	s := openTemp(b)
	for b.Loop() {
		again, err := Open(b.Context(), s.name)
		if err != nil {
			b.Fatal(err)
		}
		if err := again.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGrowth fills a database with scans of a hundred cookies and asks of it
// what users ask, at each tenfold size: no answer about one site may take longer
// because of the others.
func BenchmarkGrowth(b *testing.B) {
	const perScan = 100
	scan, j := benchScan(perScan)
	for _, cookies := range []int{100, 1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("cookies=%d", cookies), func(b *testing.B) {
			s := openTemp(b)
			began := time.Now()
			id := 0
			add := func() {
				scan.ID = fmt.Sprint(id)
				scan.Site.Host, scan.Site.Domain = fmt.Sprintf("www.site%d.test", id/10), fmt.Sprintf("site%d.test", id/10)
				scan.Started = moment(id)
				save(b, s, scan, j)
				id++
			}
			for range cookies / perScan {
				add()
			}
			filled := time.Since(began)
			bytes := size(b, s)
			timed := func(do func()) time.Duration {
				began := time.Now()
				for range 5 {
					do()
				}
				return time.Since(began) / 5
			}
			ms := func(d time.Duration) float64 { return d.Seconds() * 1000 }
			for b.Loop() {
				b.ReportMetric(ms(timed(add)), "save-ms")
				b.ReportMetric(ms(timed(func() {
					if _, _, err := s.Load(b.Context(), "0"); err != nil {
						b.Fatal(err)
					}
				})), "load-ms")
				b.ReportMetric(ms(timed(func() {
					if _, err := s.History(b.Context(), Filter{Site: "site0.test"}); err != nil {
						b.Fatal(err)
					}
				})), "history-ms")
				b.ReportMetric(ms(timed(func() {
					if _, err := s.History(b.Context(), Filter{Limit: 50}); err != nil {
						b.Fatal(err)
					}
				})), "latest50-ms")
			}
			b.ReportMetric(float64(bytes)/float64(cookies), "file-B/cookie")
			b.ReportMetric(ms(filled)/float64(cookies/perScan), "fill-ms/scan")
			b.ReportMetric(0, "ns/op")
		})
	}
}

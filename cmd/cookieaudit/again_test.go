package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

// fleetScan is one of many scans: a hundred cookies of known and unknown purpose,
// every third of them declared.
func fleetScan(n int) *evidence.Scan {
	const year = int64(365 * 86400)
	at := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
	host := fmt.Sprintf("www.site%d.test", n)
	s := &evidence.Scan{
		ID: fmt.Sprintf("fleet-%04d", n), Site: evidence.Site{URL: "https://" + host + "/", Host: host, Domain: host[4:]}, Started: at, Finished: at.Add(time.Minute),
		Profile: "eu", Settle: "virtual", Outcome: evidence.Complete, Banner: &evidence.Banner{Found: true, FirstLayerAccept: true, FirstLayerReject: true},
		PolicySearch: evidence.PolicySearch{Outcome: evidence.Complete, Found: true, Looked: []string{"https://" + host + "/cookies"}},
		Policies:     []evidence.PolicyDocument{{URL: "https://" + host + "/cookies", Fetched: at, Text: "We use cookies to count visits."}},
	}
	for _, p := range []evidence.Phase{evidence.Before, evidence.Reject, evidence.Accept} {
		s.Visits = append(s.Visits, evidence.Visit{Phase: p, Outcome: evidence.Complete, Started: at, Consent: evidence.Consent{Result: evidence.NotAsked}})
	}
	names := []string{"_ga", "PHPSESSID", "zq_%d", "_fbp", "uid_%d"}
	for i := range 100 {
		name := names[i%len(names)]
		if i >= len(names) || name[len(name)-1] == 'd' {
			name = fmt.Sprintf("c%d_%d", n, i)
		}
		k := evidence.Cookie{
			CookieKey: evidence.CookieKey{Name: name, Domain: host, Path: "/", HostOnly: true}, Site: s.Site.Domain, Party: evidence.First,
			Phases: []evidence.Phase{evidence.Before, evidence.Reject}, Stored: true, Requested: new(year), Secure: true, Value: evidence.Value{SHA256: "ab", Length: 20},
		}
		for _, p := range k.Phases {
			k.Writes = append(k.Writes, evidence.Write{
				Phase: p, Page: s.Site.URL, AtMS: int64(100 + i), Mechanism: evidence.HTTP, URL: s.Site.URL, Host: host, Raw: name + "=‹20 bytes›", Requested: new(year),
				Value: evidence.Value{SHA256: "ab", Length: 20, Tokens: []string{fmt.Sprintf("%s %s %d", p, name, n)}},
			})
		}
		s.Cookies = append(s.Cookies, k)
		if i%3 == 0 {
			s.Declarations = append(s.Declarations, evidence.Declaration{
				Name: name, Host: host, Category: evidence.Necessary, Lifetime: "1 month", Seconds: new(int64(30 * 86400)), Storage: evidence.KindCookie,
				Source: evidence.Source{URL: "https://" + host + "/cookies", Quote: name},
			})
		}
	}
	return s
}

// fleet stores n scans and returns their store and the engine that judged them.
func fleet(tb testing.TB, n int) (*store.Store, *audit.Engine) {
	tb.Helper()
	s, err := store.Open(tb.Context(), filepath.Join(tb.TempDir(), "fleet.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	e, _, err := newEngine()
	if err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		scan := fleetScan(i)
		if err := s.Save(tb.Context(), scan, e.Judge(scan)); err != nil {
			tb.Fatal(err)
		}
	}
	return s, e
}

// auditAgain judges n stored scans anew, one on each core, and returns a
// digest of all findings in their order and the most memory that was still in use
// after twenty of them.
func auditAgain(tb testing.TB, s *store.Store, e *audit.Engine, n int) (digest [sha256.Size]byte, peak uint64) {
	tb.Helper()
	digests := make([][sha256.Size]byte, n)
	for first := 0; first < n; first += 20 {
		var g errgroup.Group
		g.SetLimit(runtime.GOMAXPROCS(0))
		for i := first; i < min(first+20, n); i++ {
			g.Go(func() error {
				scan, stored, err := s.Load(context.WithoutCancel(tb.Context()), fmt.Sprintf("fleet-%04d", i))
				if err != nil {
					return err
				}
				again := e.Judge(scan)
				if len(again.Findings) != len(stored.Findings) {
					return fmt.Errorf("scan %d: %d findings were stored, %d are found again", i, len(stored.Findings), len(again.Findings))
				}
				list, err := json.Marshal(again.Findings)
				digests[i] = sha256.Sum256(list)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			tb.Fatal(err)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
	}
	sum := sha256.New()
	for i := range digests {
		sum.Write(digests[i][:])
	}
	sum.Sum(digest[:0])
	return digest, peak
}

// Stored scans audited again give the same findings in the same order every
// time, and what was judged does not stay in memory.
func TestAuditAgain(t *testing.T) {
	s, e := fleet(t, 40)
	first, few := auditAgain(t, s, e, 20)
	second, _ := auditAgain(t, s, e, 20)
	if first != second {
		t.Error("the findings of two audits differ")
	}
	if _, all := auditAgain(t, s, e, 40); all > few+few/2 {
		t.Errorf("%d bytes in use after 20 scans, %d after 40", few, all)
	}
}

// BenchmarkAuditAgain audits a thousand stored scans with a hundred thousand
// cookies.
func BenchmarkAuditAgain(b *testing.B) {
	const scans = 1000
	s, e := fleet(b, scans)
	b.ResetTimer()
	for b.Loop() {
		_, peak := auditAgain(b, s, e, scans)
		b.ReportMetric(float64(peak)/(1<<20), "MiB-in-use")
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(scans*b.N), "ms/scan")
}

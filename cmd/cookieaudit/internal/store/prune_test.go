package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// oldScan is a scan of a site on a day, with shared rows of its own.
func oldScan(site string, day int) (*evidence.Scan, *audit.Judgement) {
	scan, j := sampleScan(fmt.Sprintf("%s-%d", site, day)), sampleJudgement()
	scan.Site = evidence.Site{URL: "https://" + site + "/", Host: site, Domain: site}
	scan.Started = moment(0).AddDate(0, 0, day)
	scan.Policies[0].Text = scan.ID
	j.Cookies[0].Purpose.Provider = "provider of " + scan.ID
	j.Findings[0].Citations[0].Provision = scan.ID
	return scan, j
}

func TestPrune(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		for _, test := range []struct {
			latest bool
			kept   string
			shared int // purposes of their own, citations, policy texts: one each per scan kept
		}{
			{false, "a.test-9 a.test-8 b.test-4 c.test-1", 4},
			{true, "a.test-9 a.test-8", 2},
		} {
			s := openAt(t, another(t, dsn))
			for _, scan := range []struct {
				site string
				day  int
			}{{"a.test", 9}, {"b.test", 4}, {"a.test", 1}, {"a.test", 8}, {"c.test", 1}, {"b.test", 3}, {"b.test", 2}, {"a.test", 7}} {
				sc, j := oldScan(scan.site, scan.day)
				save(t, s, sc, j)
			}
			var progress []int
			o := PruneOptions{Before: moment(0).AddDate(0, 0, 8), Latest: test.latest, Batch: 2, Progress: func(n int) { progress = append(progress, n) }}
			expected, err := s.Prunable(t.Context(), o)
			must(t, err)
			n, err := s.Prune(t.Context(), o)
			must(t, err)
			entries, err := s.History(t.Context(), Filter{})
			must(t, err)
			var kept []string
			for _, e := range entries {
				kept = append(kept, e.ID)
				scan, j, err := s.Load(t.Context(), e.ID)
				must(t, err)
				wantScan, wantJ := oldScan(e.Site.Host, int(e.Started.Sub(moment(0)).Hours()/24))
				if diff := cmp.Diff(wantScan, scan) + cmp.Diff(wantJ, j); diff != "" {
					t.Errorf("%s (-saved +kept):\n%s", e.ID, diff)
				}
			}
			if got := strings.Join(kept, " "); got != test.kept || n != 8-len(kept) || n != expected {
				t.Errorf("latest %v: kept %s, %d deleted, %d expected; want %s kept", test.latest, got, n, expected, test.kept)
			}
			if len(progress) < 2 || progress[len(progress)-1] != n {
				t.Errorf("progress %v", progress)
			}
			for query, want := range map[string]int{
				`SELECT count(*) FROM purposes WHERE provider LIKE 'provider of %'`: test.shared,
				`SELECT count(*) FROM citations WHERE record LIKE '%.test-%'`:       test.shared,
				`SELECT count(*) FROM policy_texts`:                                 test.shared,
				`SELECT count(*) FROM cookies`:                                      3 * len(kept),
				`SELECT count(*) FROM sites WHERE latest IS NULL`:                   0,
			} {
				if got := count(t, s, query); got != want {
					t.Errorf("latest %v: %d, want %d: %s", test.latest, got, want, query)
				}
			}
			hits, err := s.Search(t.Context(), "b.test", 0)
			must(t, err)
			if found := len(hits) > 0; found == test.latest {
				t.Errorf("latest %v: a search finds %v", test.latest, hits)
			}
			if n, err := s.Prune(t.Context(), o); n != 0 || err != nil {
				t.Errorf("again: %d, %v", n, err)
			}
			checkIntegrity(t, s)
		}
	})
}

// Scans are saved while others are pruned, whose shared rows they have.
func TestPruneWhileSaving(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s, other := openAt(t, dsn), openAt(t, dsn)
		g, ctx := errgroup.WithContext(t.Context())
		const rounds = 30
		g.Go(func() error {
			for day := range rounds {
				scan, j := oldScan("a.test", day)
				j.Cookies[0].Purpose.Provider = fmt.Sprint("of days ", day/3)
				if err := s.Save(ctx, scan, j); err != nil {
					return err
				}
			}
			return nil
		})
		for _, latest := range []bool{false, true} {
			g.Go(func() error {
				for day := range rounds {
					if _, err := other.Prune(ctx, PruneOptions{Before: moment(0).AddDate(0, 0, day), Latest: latest, Batch: 1}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		must(t, g.Wait())
		if scan, _, err := s.Latest(t.Context(), "a.test"); err != nil || scan.ID != fmt.Sprintf("a.test-%d", rounds-1) {
			t.Errorf("latest %v, %v", scan, err)
		}
		checkIntegrity(t, s)
	})
}

func TestPruneGivesSpaceBack(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	for day := range 3 {
		scan, j := bigScan(fmt.Sprint(day))
		scan.Started = moment(0).AddDate(0, 0, day)
		save(t, s, scan, j)
	}
	size := func() int64 {
		t.Helper()
		_, err := s.write.ExecContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`)
		must(t, err)
		info, err := os.Stat(s.name)
		must(t, err)
		return info.Size()
	}
	before := size()
	if n, err := s.Prune(t.Context(), PruneOptions{Before: moment(0).AddDate(0, 0, 2)}); n != 2 || err != nil {
		t.Fatalf("%d deleted, error %v", n, err)
	}
	if after := size(); after > before/2 {
		t.Errorf("the file has %d bytes, %d before two of three scans went", after, before)
	}
	checkIntegrity(t, s)
}

func TestBackup(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	save(t, s, sampleScan("before"), sampleJudgement())
	// Others write all the time.
	ctx, cancel := context.WithCancel(t.Context())
	var saved int
	g := errgroup.Group{}
	started := make(chan struct{})
	g.Go(func() error {
		for ; ; saved++ {
			scan := sampleScan(fmt.Sprint(saved))
			scan.Started = moment(0).Add(time.Duration(saved+1) * time.Second)
			if err := s.Save(ctx, scan, sampleJudgement()); err != nil {
				return err
			}
			if saved == 0 {
				close(started)
			}
		}
	})
	<-started
	for n := range 5 {
		path := filepath.Join(t.TempDir(), fmt.Sprintf("it's a %d.db", n))
		must(t, s.Backup(t.Context(), path))
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("mode %o", info.Mode().Perm())
		}
		copied := openAt(t, path)
		checkIntegrity(t, copied)
		entries, err := copied.History(t.Context(), Filter{})
		must(t, err)
		for i, e := range entries { // one moment: of those that were saved in turn, none is left out
			if want := fmt.Sprint(len(entries) - 2 - i); e.ID != want && e.ID != "before" {
				t.Errorf("scan %s, want %s", e.ID, want)
			}
		}
		scan, j, err := copied.Load(t.Context(), "before")
		must(t, err)
		if diff := cmp.Diff(sampleScan("before"), scan) + cmp.Diff(sampleJudgement(), j); diff != "" {
			t.Errorf("(-saved +copied):\n%s", diff)
		}
		save(t, copied, sampleScan("after"), nil)
		if err := s.Backup(t.Context(), path); err == nil || !strings.Contains(err.Error(), "does not overwrite") {
			t.Errorf("a second backup: %v", err)
		}
		if err := s.Backup(t.Context(), s.name); err == nil || !strings.Contains(err.Error(), "does not overwrite") {
			t.Errorf("onto itself: %v", err)
		}
	}
	cancel()
	if err := g.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("saving meanwhile: %v", err)
	}
	missing := filepath.Join(t.TempDir(), "nowhere", "copy.db")
	if err := s.Backup(t.Context(), missing); err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("no folder: %v", err)
	}
	failing := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(ctx, failing); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if _, err := os.Stat(failing); !errors.Is(err, os.ErrNotExist) {
		t.Error("something is left of an interrupted backup")
	}
}

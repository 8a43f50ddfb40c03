package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// What a queue does together with a scan is done exactly if the scan is stored.
func TestSaveWithSomethingElse(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		_, err := s.DB().ExecContext(t.Context(), `CREATE TABLE jobs (id INTEGER NOT NULL)`)
		must(t, err)
		before := counts(t, s)
		boom := errors.New("boom")
		complete := func(tx *sql.Tx, id int) error {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO jobs (id) VALUES ($1)`, id)
			return err
		}
		err = s.Write(t.Context(), func(tx *sql.Tx) error {
			return errors.Join(s.SaveTx(t.Context(), tx, sampleScan("a"), sampleJudgement()), complete(tx, 1), boom)
		})
		if !errors.Is(err, boom) {
			t.Errorf("error %v, want that of the function", err)
		}
		func() {
			defer func() { _ = recover() }()
			_ = s.Write(t.Context(), func(tx *sql.Tx) error {
				must(t, s.SaveTx(t.Context(), tx, sampleScan("a"), nil))
				panic("a bug")
			})
		}()
		if diff := cmp.Diff(before, counts(t, s)); diff != "" {
			t.Errorf("something was left behind (-before +after):\n%s", diff)
		}
		// The second time, the scan is there already, and the job still ends.
		for id := range 2 {
			must(t, s.Write(t.Context(), func(tx *sql.Tx) error {
				err := s.SaveTx(t.Context(), tx, sampleScan("a"), sampleJudgement())
				if id == 1 && !errors.Is(err, ErrExists) {
					t.Errorf("error %v, want ErrExists", err)
				}
				return complete(tx, id)
			}))
		}
		if n := count(t, s, `SELECT count(*) FROM jobs`); n != 2 {
			t.Errorf("%d jobs are completed, want 2", n)
		}
		if _, _, err := s.Load(t.Context(), "a"); err != nil {
			t.Error(err)
		}
	})
}

// Many writers that add the same new shared rows and scans of the same sites, in
// different orders, neither fail nor wait for each other for ever.
func TestWritersShareRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		const writers, rounds, rows = 6, 5, 150
		stores := []*Store{openAt(t, dsn), openAt(t, dsn)}
		g, ctx := errgroup.WithContext(t.Context())
		for n := range writers {
			g.Go(func() error {
				for round := range rounds {
					scan, j := sampleScan(fmt.Sprintf("%d-%d", n, round)), sampleJudgement()
					scan.Site.URL = fmt.Sprintf("https://site%d.test/", round)
					scan.Started = moment(n)
					cookie, seen := scan.Cookies[0], j.Cookies[0]
					scan.Cookies, j.Cookies = nil, nil
					for i := range rows {
						if n%2 == 0 {
							i = rows - 1 - i
						}
						seen.Purpose.Provider = fmt.Sprintf("round %d provider %d", round, i)
						scan.Cookies, j.Cookies = append(scan.Cookies, cookie), append(j.Cookies, seen)
					}
					if err := stores[n%2].Save(ctx, scan, j); err != nil {
						return err
					}
				}
				return nil
			})
		}
		must(t, g.Wait())
		if n := count(t, stores[0], `SELECT count(*) FROM purposes WHERE provider LIKE 'round%'`); n != rounds*rows {
			t.Errorf("%d purposes, want %d", n, rounds*rows)
		}
		sites, total, err := stores[0].Sites(t.Context(), SiteQuery{})
		must(t, err)
		if total != rounds {
			t.Errorf("%d sites, want %d", total, rounds)
		}
		for _, site := range sites {
			if !strings.HasPrefix(site.Latest.ID, fmt.Sprintf("%d-", writers-1)) {
				t.Errorf("the latest scan of %s is %s, want that of the last writer", site.Latest.Site.URL, site.Latest.ID)
			}
		}
	})
}

// Scans are listed in the same order by every engine, whatever the collation of
// the server: also those without a time, and IDs in several cases and alphabets.
func TestOrderIsThatOfBytes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		for i, id := range []string{"p-b", "p-B", "p-ä", "p-a", "p_a", "p-A", "p-é", "p-Z", "p-1"} {
			scan := &evidence.Scan{ID: id, Site: evidence.Site{URL: "https://" + id + ".test/"}}
			if i%2 == 0 {
				scan.Started = moment(0).Add(time.Duration(i) * time.Minute)
			}
			save(t, s, scan, nil)
		}
		_, _, err := s.Load(t.Context(), "p-")
		var ambiguous *AmbiguousError
		if !errors.As(err, &ambiguous) {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"p-1", "p-A", "p-B", "p-Z", "p-a", "p-b", "p-ä", "p-é"}, ambiguous.Candidates); diff != "" {
			t.Errorf("IDs (-want +got):\n%s", diff)
		}
		entries, err := s.History(t.Context(), Filter{})
		must(t, err)
		var ids []string
		for _, e := range entries {
			ids = append(ids, e.ID)
		}
		if diff := cmp.Diff([]string{"p-1", "p-é", "p_a", "p-ä", "p-b", "p-Z", "p-A", "p-a", "p-B"}, ids); diff != "" {
			t.Errorf("history (-want +got):\n%s", diff)
		}
		sites, _, err := s.Sites(t.Context(), SiteQuery{})
		must(t, err)
		ids = nil
		for _, site := range sites {
			ids = append(ids, site.Latest.ID)
		}
		if diff := cmp.Diff([]string{"p-1", "p-A", "p-B", "p-Z", "p-a", "p-b", "p-ä", "p-é", "p_a"}, ids); diff != "" {
			t.Errorf("sites (-want +got):\n%s", diff)
		}
	})
}

// The columns of summaries stand in the order of audit.Severities.
func TestSeveritiesHaveColumns(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		scan, j, want := &evidence.Scan{ID: "a"}, &audit.Judgement{}, map[audit.Severity]int{}
		for n, severity := range audit.Severities() {
			for range n + 1 {
				j.Findings = append(j.Findings, audit.Finding{Verdict: audit.Violation, Severity: severity})
				want[severity]++
			}
		}
		save(t, s, scan, j)
		entries, err := s.History(t.Context(), Filter{})
		must(t, err)
		if diff := cmp.Diff(want, entries[0].Violations); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		history, _, err := s.SiteHistory(t.Context(), "", 0, 0)
		must(t, err)
		if len(history) != 0 {
			t.Errorf("%d scans of no site", len(history))
		}
		sites, _, err := s.Sites(t.Context(), SiteQuery{})
		must(t, err)
		if diff := cmp.Diff(want, sites[0].Latest.Open); diff != "" {
			t.Errorf("open (-want +got):\n%s", diff)
		}
	})
}

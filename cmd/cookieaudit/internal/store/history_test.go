package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// fill saves scans of two hosts of one domain and of another site, not in the
// order of their times.
func fill(t *testing.T, s *Store) {
	t.Helper()
	at := map[string]time.Time{
		// Text of different length, and the order of the alphabet is not that of time.
		"c1": moment(0), "a2": moment(500_000_000), "b3": moment(0).Add(time.Second),
		"z4": moment(10_000).Add(time.Hour), "y5": moment(1_000).Add(time.Hour),
	}
	for _, scan := range []struct{ id, url, host, domain string }{
		{"z4", "https://www.example.test/", "www.example.test", "example.test"},
		{"a2", "https://www.example.test/", "www.example.test", "example.test"},
		{"c1", "https://shop.example.test/de?x=1", "shop.example.test", "example.test"},
		{"b3", "https://other.test/", "other.test", "other.test"},
		{"y5", "https://shop.example.test/", "shop.example.test", "example.test"},
	} {
		sample := sampleScan(scan.id)
		sample.Site = evidence.Site{URL: scan.url, Host: scan.host, Domain: scan.domain}
		sample.Started = at[scan.id]
		save(t, s, sample, sampleJudgement())
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		fill(t, s)
		tests := []struct {
			filter Filter
			want   string
		}{
			{Filter{}, "z4 y5 b3 a2 c1"},
			{Filter{Limit: 2}, "z4 y5"},
			{Filter{Site: "example.test"}, "z4 y5 a2 c1"},
			{Filter{Site: "example.test", Limit: 1}, "z4"},
			{Filter{Site: "WWW.Example.test."}, "z4 a2"},
			{Filter{Site: "shop.example.test"}, "y5 c1"},
			{Filter{Site: "https://shop.example.test"}, "y5"},
			{Filter{Site: "HTTPS://me@shop.example.test/de?x=1#top"}, "c1"},
			{Filter{Site: "https://shop.example.test/de"}, ""},
			{Filter{Site: "nowhere.test"}, ""},
			{Filter{Site: "%' OR '1'='1"}, ""},
		}
		for _, test := range tests {
			entries, err := s.History(t.Context(), test.filter)
			if err != nil {
				t.Errorf("%+v: %v", test.filter, err)
			}
			var ids []string
			for _, e := range entries {
				ids = append(ids, e.ID)
			}
			if got := strings.Join(ids, " "); got != test.want {
				t.Errorf("%+v: %q, want %q", test.filter, got, test.want)
			}
			scan, _, err := s.Latest(t.Context(), test.filter.Site)
			if test.want == "" {
				if !errors.Is(err, ErrNotFound) {
					t.Errorf("latest of %q: error %v, want ErrNotFound", test.filter.Site, err)
				}
				continue
			}
			if err != nil || scan.ID != ids[0] {
				t.Errorf("latest of %q: %v, %v; want %s", test.filter.Site, scan, err, ids[0])
			}
		}
	})
}

func TestHistoryEntry(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		scan := sampleScan("full")
		save(t, s, scan, sampleJudgement())
		clean := &evidence.Scan{ID: "clean", Started: moment(2), Outcome: evidence.Complete}
		save(t, s, clean, &audit.Judgement{})
		unaudited := &evidence.Scan{ID: "not audited", Started: moment(1), Outcome: evidence.Unavailable, Why: "refused"}
		save(t, s, unaudited, nil)
		got, err := s.History(t.Context(), Filter{})
		if err != nil {
			t.Fatal(err)
		}
		want := []Entry{{
			ID: "full", Site: scan.Site, Started: scan.Started, Finished: scan.Finished, Profile: "eu",
			Outcome: evidence.Partial, Why: scan.Why, Cookies: 3, ThirdPartyCookies: 1,
			// The third finding of the sample is critical and a pass: no violation.
			Violations: map[audit.Severity]int{audit.High: 1, audit.Medium: 1},
		}, {
			ID: "clean", Started: moment(2), Outcome: evidence.Complete, Violations: map[audit.Severity]int{},
		}, {
			ID: "not audited", Started: moment(1), Outcome: evidence.Unavailable, Why: "refused",
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestLoadByBeginning(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		for _, id := range []string{"2026-ab12", "2026-ab34", "2026-cd", "2026-cd5", "x%", "x_y"} {
			save(t, s, &evidence.Scan{ID: id}, nil)
		}
		tests := []struct {
			given, want string
			err         string
		}{
			{given: "2026-ab12", want: "2026-ab12"},
			{given: "2026-ab1", want: "2026-ab12"},
			{given: "2026-cd", want: "2026-cd"}, // exactly, although another one begins with it
			{given: "2026-cd5", want: "2026-cd5"},
			{given: "x%", want: "x%"},
			{given: "x_", want: "x_y"},
			{given: "2026-ab", err: `several scans begin with "2026-ab": 2026-ab12, 2026-ab34`},
			{given: "2026-AB1", err: "no such scan"},
			{given: "ab12", err: "no such scan"},
			{given: "", err: "no such scan"},
		}
		for _, test := range tests {
			scan, _, err := s.Load(t.Context(), test.given)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("%q: error %v, want one with %q", test.given, err, test.err)
				}
				if strings.Contains(test.err, "no such") && !errors.Is(err, ErrNotFound) {
					t.Errorf("%q: error %v is not ErrNotFound", test.given, err)
				}
				continue
			}
			if err != nil || scan.ID != test.want {
				t.Errorf("%q: %v, %v; want %s", test.given, scan, err, test.want)
			}
		}
	})
}

func TestAmbiguousListsSome(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		for i := range maxCandidates + 1 {
			save(t, s, &evidence.Scan{ID: fmt.Sprintf("id%02d", i)}, nil)
		}
		_, _, err := s.Load(t.Context(), "id")
		var e *AmbiguousError
		if !errors.As(err, &e) || len(e.Candidates) != maxCandidates || !e.More || !strings.HasSuffix(err.Error(), "id09, …") {
			t.Errorf("error %v", err)
		}
	})
}

// Deleting a scan takes all of its rows along and leaves others alone.
func TestDeletedScanLeavesNoRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		save(t, s, sampleScan("kept"), sampleJudgement())
		before := counts(t, s)
		deleted := sampleScan("deleted")
		deleted.Started = deleted.Started.Add(-time.Hour) // the latest of a site is deleted after all others only
		save(t, s, deleted, sampleJudgement())
		if _, err := s.write.ExecContext(t.Context(), `DELETE FROM scans WHERE id = 'deleted'`); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, counts(t, s)); diff != "" {
			t.Errorf("rows (-before +after):\n%s", diff)
		}
		if _, _, err := s.Load(t.Context(), "kept"); err != nil {
			t.Error(err)
		}
	})
}

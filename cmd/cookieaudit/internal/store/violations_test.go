package store

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
)

// What the database answers of open and accepted violations is what audit.Accept
// says of each of them, whatever was decided, withdrawn, saved or deleted, and on
// any day.
func TestAcceptedAsAuditHasIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		decide := func(id, rule, site, subject, expires string) func() error {
			return func() error {
				return s.Decide(t.Context(), audit.Decision{Made: moment(0), By: "ann", Suppression: audit.Suppression{
					Rule: rule, Site: site, Subject: subject, Acceptance: audit.Acceptance{ID: id, Reason: "r", Owner: "o", Expires: expires},
				}})
			}
		}
		withdraw := func(id string) func() error {
			return func() error { return s.Withdraw(t.Context(), id, "bob", moment(1)) }
		}
		for i, step := range []func() error{
			decide("before", "A", "*.test", "_s", "2026-03-20"), // before there is anything
			func() error { fillDashboard(t, s); return nil },
			decide("d1", "A", "shop.test", "", "2026-04-10"),
			decide("d2", "B", "", "s*", "2026-03-14"),
			withdraw("before"),
			decide("d3", "A", "blog.test", "_t", "2027-01-01"), // of nothing that is there
			decide("d4", "C", "", "", "2026-12-31"),            // for longer than a file does
			func() error {
				scan, j, err := s.Load(t.Context(), "shop-3")
				scan.ID, scan.Started = "shop-6", scan.Started.Add(time.Hour)
				save(t, s, scan, j)
				return err
			},
			withdraw("d1"),
			func() error {
				n, err := s.Prune(t.Context(), PruneOptions{Before: moment(0).Add(5 * time.Hour)})
				if n != 4 {
					t.Errorf("%d scans are deleted", n)
				}
				return err
			},
			withdraw("d4"),
		} {
			must(t, step())
			checkAccepted(t, s, fmt.Sprintf("step %d", i))
		}
		must(t, withdraw("d2")())
		n, err := s.Prune(t.Context(), PruneOptions{Before: moment(0).AddDate(1, 0, 0), Latest: true})
		if n != 3 || err != nil || count(t, s, `SELECT count(*) FROM violations`) != 0 {
			t.Errorf("%d scans are deleted (%v), and violations are left", n, err)
		}
	})
}

// checkAccepted compares lists and counts with audit.Accept.
func checkAccepted(t *testing.T, s *Store, after string) {
	t.Helper()
	all, _, err := s.Findings(t.Context(), FindingQuery{})
	must(t, err)
	decisions, err := s.Decisions(t.Context())
	must(t, err)
	for _, day := range []time.Time{moment(0), moment(0).AddDate(0, 0, 6), moment(0).AddDate(0, 0, 20), moment(0).AddDate(0, 3, 0), moment(0).AddDate(1, 0, 0)} {
		want, rules := map[string][]Violation{}, map[string]ViolationCount{}
		for _, v := range all {
			f := audit.Finding{Rule: v.Rule, Verdict: audit.Violation, Subject: v.Subject, Accepted: v.Accepted}
			state, c := "open", rules[v.Rule]
			if audit.Accept([]audit.Finding{f}, v.Site, day, audit.Standing(decisions))[0].Accepted != nil {
				state = "accepted"
				c.Accepted++
			} else {
				c.Open++
			}
			want[state], rules[v.Rule] = append(want[state], v), c
		}
		for _, state := range []string{"open", "accepted"} {
			got, total, err := s.Findings(t.Context(), FindingQuery{State: state, Day: day})
			must(t, err)
			if diff := cmp.Diff(want[state], got); diff != "" || total != len(got) {
				t.Errorf("%s, %s on %s, %d (-want +got):\n%s", after, state, day, total, diff)
			}
		}
		counts, err := s.CountByRule(t.Context(), day)
		must(t, err)
		for _, c := range counts {
			if c.Open != rules[c.Name].Open || c.Accepted != rules[c.Name].Accepted {
				t.Errorf("%s, rule on %s: %+v, want %+v", after, day, c, rules[c.Name])
			}
		}
		if len(counts) != len(rules) {
			t.Errorf("%s: %d rules, want %d", after, len(counts), len(rules))
		}
	}
}

// A database of a version that did not list violations has them listed when it
// is opened.
func TestOpenListsViolations(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		fillDashboard(t, s)
		want, _, err := s.Findings(t.Context(), FindingQuery{})
		must(t, err)
		must(t, s.Write(t.Context(), func(tx *sql.Tx) error {
			for _, statement := range []string{`UPDATE sites SET listed = NULL`, `DELETE FROM violations`} {
				if _, err := tx.ExecContext(t.Context(), statement); err != nil {
					return err
				}
			}
			return nil
		}))
		if none, _, err := s.Findings(t.Context(), FindingQuery{}); len(none) > 0 || err != nil {
			t.Fatalf("%d, error %v", len(none), err)
		}
		again := openAt(t, dsn)
		got, _, err := again.Findings(t.Context(), FindingQuery{})
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// What a site chooses may be longer than a row of an index.
func TestViolationsOfHostileScans(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		scan, j := hostileScan("a"), sampleJudgement()
		long := scan.Site.Host
		f := j.Findings[0]
		f.Subject = audit.Subject{Kind: audit.SubjectProvider, Name: long}
		j.Findings = append(j.Findings, f)
		save(t, s, scan, j)
		found, _, err := s.Findings(t.Context(), FindingQuery{Provider: long})
		must(t, err)
		if !slices.ContainsFunc(found, func(v Violation) bool { return v.Subject.Name == long }) {
			t.Errorf("of a long provider: %d", len(found))
		}
		counts, err := s.CountByProvider(t.Context(), moment(0))
		must(t, err)
		for _, c := range counts {
			if of, _, err := s.Findings(t.Context(), FindingQuery{Provider: c.Name}); err != nil || len(of) != c.Open+c.Accepted {
				t.Errorf("%d findings of a provider of %d (%v)", len(of), c.Open+c.Accepted, err)
			}
		}
	})
}

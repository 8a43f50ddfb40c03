package store

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"

	"cookieaudit/audit"
)

// The questions that grow with the number of scans are answered from indexes: a
// table is never read whole, except for the two that hold only what the latest
// scans have.
func TestQueriesUseIndexes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		fillDashboard(t, s)
		ofShop := s.siteArgs("shop.test")
		list := func(q FindingQuery) (string, []any) {
			where, args, err := s.violationsOf(q)
			must(t, err)
			return listViolations(where, len(args)), append(args, 50, 0)
		}
		all, page := list(FindingQuery{})
		rule, ofRule := list(FindingQuery{Rule: "A"})
		provider, ofProvider := list(FindingQuery{Provider: "X", State: "open", Day: moment(0)})
		severity, ofSeverity := list(FindingQuery{Severity: audit.High})
		site, ofSite := list(FindingQuery{Site: "shop.test"})
		for _, q := range []struct {
			name, query string
			args        []any
		}{
			{"history", historyOfAll, []any{10}},
			{"history of a site", historyOfSite, append(ofShop, 10)},
			{"latest", latestOfAll, nil},
			{"latest of a site", latestOfSite, ofShop},
			{"a scan by its ID", `SELECT seq FROM scans WHERE id >= $1 AND id < $2`, []any{"a", "b"}},
			{"page of a site", listSiteScans, append(ofShop, 50, 0)},
			{"how many scans a site has", countSiteScans, ofShop},
			{"sites", listSites + siteOrders()["score"] + limited, []any{"%", 50, 0}},
			{"points of charts", trendQuery(2), []any{30, 1, 2}},
			{"findings", all, page},
			{"findings of a rule", rule, ofRule},
			{"open findings of a provider", provider, ofProvider},
			{"findings of a severity", severity, ofSeverity},
			{"findings of a site", site, ofSite},
			{"findings of some scans", violationsOfScans(1, 2), []any{"shop-1", "", "A"}},
			{"old scans", nextPrunable, []any{"2026", false, "", 0, 100}},
			{"earlier policies", earlierScans, []any{"https://shop.test/", "2026", 100}},
			{"classes of other sites", classesQuery(2), []any{"shop.test", "a", "b"}},
			{"findings by rule", countBy("rule"), []any{"2026-01-01"}},
			{"findings by provider", countBy("provider"), []any{"2026-01-01"}},
			{"search", searchTerms, []any{"%x%", 100}},
			{"cookies of a provider", `SELECT c.scan FROM purposes p JOIN cookies c ON c.purpose = p.seq WHERE p.provider = 'X'`, nil},
			{"requests to a provider", `SELECT r.scan FROM purposes p JOIN requests r ON r.purpose = p.seq WHERE p.provider = 'X'`, nil},
			{"storage of a provider", `SELECT i.scan FROM purposes p JOIN storage_items i ON i.purpose = p.seq WHERE p.provider = 'X'`, nil},
			{"cookies of a name", `SELECT scan FROM cookies WHERE name = 'sid'`, nil},
			{"delete a scan, with its all", `DELETE FROM scans WHERE seq = 1`, nil},
		} {
			for _, table := range wholeTables(t, s, q.query, q.args) {
				// The hits of a search (h), a page of a list and what is counted are subqueries.
				if !slices.Contains([]string{"terms", "sites", "x", "h", "page", "counted"}, table) {
					t.Errorf("%s: table %s is read whole", q.name, table)
				}
			}
		}
	})
}

// wholeTables returns the tables that a query reads without an index.
func wholeTables(t *testing.T, s *Store, query string, args []any) (tables []string) {
	t.Helper()
	explain, errRollback := "EXPLAIN QUERY PLAN ", errors.New("roll back")
	err := s.Write(t.Context(), func(tx *sql.Tx) error {
		if s.engine == Postgres {
			// Of a few rows it would read the whole table: where no index fits, it
			// does so even if that is forbidden.
			explain = "EXPLAIN "
			_, err := tx.ExecContext(t.Context(), `SET LOCAL enable_seqscan = off`)
			must(t, err)
		}
		var steps []string
		must(t, each(t.Context(), tx, explain+query, args, func(scan func(...any) error) error {
			var step string
			var err error
			if s.engine == Postgres {
				err = scan(&step)
			} else {
				var id, parent, unused int
				err = scan(&id, &parent, &unused, &step)
			}
			steps = append(steps, strings.TrimLeft(strings.TrimSpace(step), "-> "))
			return err
		}))
		if len(steps) == 0 {
			t.Errorf("no plan of %s", query)
		}
		for _, step := range steps {
			words := strings.Fields(step)
			switch {
			case s.engine == Postgres && strings.HasPrefix(step, "Seq Scan on "):
				tables = append(tables, words[3])
			case s.engine == SQLite && words[0] == "SCAN" && !strings.Contains(step, "INDEX") && !strings.HasPrefix(step, "SCAN ("):
				// "SCAN s USING INDEX" reads in the order of the index.
				tables = append(tables, words[1])
			}
		}
		t.Logf("%s\n  %s", query, strings.Join(steps, "\n  "))
		return errRollback
	})
	if !errors.Is(err, errRollback) {
		t.Fatal(err)
	}
	return tables
}

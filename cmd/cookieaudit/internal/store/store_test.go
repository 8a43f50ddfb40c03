package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
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

func save(t testing.TB, s *Store, scan *evidence.Scan, j *audit.Judgement) {
	t.Helper()
	if err := s.Save(t.Context(), scan, j); err != nil {
		t.Fatal(err)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	nilLists := &evidence.Scan{ID: "nil lists", Site: evidence.Site{Host: "h"}, Outcome: evidence.Unavailable, Why: "refused"}
	emptyLists := &evidence.Scan{
		ID: "empty lists", Started: moment(1000),
		Datasets: []evidence.Dataset{}, Visits: []evidence.Visit{}, Cookies: []evidence.Cookie{}, Storage: []evidence.StorageItem{},
		Requests: []evidence.Request{}, Policies: []evidence.PolicyDocument{}, Declarations: []evidence.Declaration{}, Claims: []evidence.Claim{},
	}
	tests := []struct {
		name string
		scan *evidence.Scan
		j    *audit.Judgement
	}{
		{"every field", sampleScan("full"), sampleJudgement()},
		{"hostile", hostileScan("hostile"), sampleJudgement()},
		{"not audited", sampleScan("not audited"), nil},
		{"nil lists", nilLists, &audit.Judgement{}},
		{"empty lists", emptyLists, &audit.Judgement{
			Cookies: []audit.Assessment{}, Storage: []audit.Assessment{}, Requests: []audit.Assessment{},
			Observed: []bool{}, Findings: []audit.Finding{},
		}},
	}
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		save(t, s, sampleScan("another one"), sampleJudgement()) // rows of others must not mix in
		for _, test := range tests {
			save(t, s, test.scan, test.j)
			scan, j, err := s.Load(t.Context(), test.scan.ID)
			if err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
			if diff := cmp.Diff(test.scan, scan); diff != "" {
				t.Errorf("%s: scan (-saved +loaded):\n%s", test.name, diff)
			}
			if diff := cmp.Diff(test.j, j); diff != "" {
				t.Errorf("%s: judgement (-saved +loaded):\n%s", test.name, diff)
			}
			if saved, loaded := render(t, test.scan, test.j), render(t, scan, j); saved != loaded {
				t.Errorf("%s: rendered: saved\n%s\nloaded\n%s", test.name, saved, loaded)
			}
		}
	})
}

func render(t *testing.T, values ...any) string {
	t.Helper()
	b, err := json.MarshalIndent(values, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTimesAreKeptAsTheSameMomentInUTC(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		scan := sampleScan("zone")
		scan.Started = scan.Started.In(time.FixedZone("", 2*60*60))
		save(t, s, scan, nil)
		got, _, err := s.Load(t.Context(), "zone")
		if err != nil {
			t.Fatal(err)
		}
		if want := moment(123456789); got.Started != want {
			t.Errorf("started %v, want %v", got.Started, want)
		}
	})
}

func TestSaveRefuses(t *testing.T) {
	t.Parallel()
	short := sampleJudgement()
	short.Cookies = short.Cookies[1:]
	unobserved := sampleJudgement()
	unobserved.Observed = nil
	unencodable := sampleScan("year 10000")
	unencodable.Policies[0].Fetched = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		scan *evidence.Scan
		j    *audit.Judgement
		want string
	}{
		{"the same ID twice", sampleScan("taken"), sampleJudgement(), "already stored"},
		{"no ID", sampleScan(""), nil, "no ID"},
		{"a judgement of another scan", sampleScan("a"), short, "speaks of 2 cookies, the scan has 3"},
		{"declarations without an answer", sampleScan("b"), unobserved, "speaks of 0 declarations, the scan has 2"},
		{"a value that JSON cannot hold, late in the record", unencodable, sampleJudgement(), "policies: encode"},
	}
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		save(t, s, sampleScan("taken"), sampleJudgement())
		before := counts(t, s)
		for _, test := range tests {
			err := s.Save(t.Context(), test.scan, test.j)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
			}
			if diff := cmp.Diff(before, counts(t, s)); diff != "" {
				t.Errorf("%s: something was left behind (-before +after):\n%s", test.name, diff)
			}
		}
		if err := s.Save(t.Context(), sampleScan("taken"), nil); !errors.Is(err, ErrExists) {
			t.Errorf("second save: %v, want ErrExists", err)
		}
	})
}

// counts returns the number of rows of every table.
func counts(t *testing.T, s *Store) map[string]int {
	t.Helper()
	tables := `SELECT name FROM sqlite_schema WHERE type = 'table'`
	if s.engine == Postgres {
		tables = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
	}
	rows, err := s.read.QueryContext(t.Context(), tables)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := map[string]int{}
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		n[table] = count(t, s, `SELECT count(*) FROM `+table)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}

func count(t *testing.T, s *Store, query string, args ...any) int {
	t.Helper()
	var n int
	if err := s.read.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestSaveWithCancelledContextLeavesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Save(ctx, sampleScan("a"), nil); !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v, want context.Canceled", err)
		}
		if _, _, err := s.Load(t.Context(), "a"); !errors.Is(err, ErrNotFound) {
			t.Fatalf("error %v, want ErrNotFound", err)
		}
	})
}

// What is the same in many scans is kept once.
func TestSharedRecordsAreKeptOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		save(t, s, sampleScan("a"), sampleJudgement())
		first := counts(t, s)
		save(t, s, sampleScan("b"), sampleJudgement())
		second := counts(t, s)
		for _, table := range []string{"purposes", "citations", "policy_texts"} {
			if first[table] == 0 || first[table] != second[table] {
				t.Errorf("%s: %d rows after one scan, %d after the same again", table, first[table], second[table])
			}
		}
		if got, want := second["cookies"], 2*first["cookies"]; got != want {
			t.Errorf("%d cookies, want %d", got, want)
		}
	})
}

// A person can ask by column; the columns speak the words of the types.
func TestColumns(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		save(t, s, sampleScan("a"), sampleJudgement())
		queries := []string{
			`SELECT count(*) FROM scans WHERE id = 'a' AND host = 'www.example.test' AND domain = 'example.test' AND outcome = 'partial'
				AND profile = 'eu' AND started = '2026-03-14T09:26:53.123456789' AND finished = '2026-03-14T09:27:02' AND why <> ''`,
			`SELECT count(*) FROM visits WHERE phase = 'before' AND outcome = 'partial' AND consent = 'verified' AND cmp = 'Beispiel' AND started > '2026' AND why <> ''`,
			`SELECT count(*) FROM pages WHERE url LIKE '%/2' AND outcome = 'unavailable' AND status IS NULL AND final_url IS NULL AND why = 'timed out'`,
			`SELECT count(*) FROM screenshots WHERE phase = 'before' AND stage = 'first_layer' AND length(png) = 10`,
			`SELECT count(*) FROM cookies JOIN purposes p ON p.seq = purpose WHERE domain = 'stats.test' AND path = '/p' AND site = 'stats.test'
				AND party = 'third' AND phases LIKE '%"before"%' AND after_answer = '["accept"]' AND stored AND session
				AND requested_seconds = 63072000 AND stored_seconds = 34560000 AND declared = 'declared'
				AND p.category = 'analytics' AND p.class = 'statistics' AND p.provider = 'Stats Ltd' AND p.exempt`,
			`SELECT count(*) FROM cookies WHERE name = 'sid' AND NOT stored AND NOT session AND requested_seconds IS NULL AND declared = 'undeclared'`,
			`SELECT count(*) FROM cookie_writes WHERE phase = 'before' AND mechanism = 'document.cookie' AND after_answer AND at_ms = 77 AND page <> ''
				AND host = 'stats.test' AND url LIKE '%&y=2' AND script LIKE '%.js' AND requested_seconds = 63072000 AND blocked = '["SameSiteLax"]'`,
			`SELECT count(*) FROM storage_items WHERE kind = 'localStorage' AND origin <> '' AND key = 'seen' AND site = 'example.test'
				AND party = 'first' AND phases = '["before"]' AND declared = 'declared'`,
			`SELECT count(*) FROM requests WHERE phase = 'before' AND page <> '' AND url <> '' AND host = 'stats.test' AND site = 'stats.test'
				AND party = 'third' AND at_ms = 99 AND after_answer`,
			`SELECT count(*) FROM policies WHERE url LIKE '%/privacy' AND title = 'Privacy' AND language = 'en-GB'
				AND fetched = '2026-03-14T09:26:53.5' AND sha256 = 'cd34' AND declares_none`,
			`SELECT count(*) FROM declarations WHERE name = '_stat_*' AND host = 'stats.test' AND provider = 'Stats Ltd' AND category = 'analytics'
				AND lifetime = '13 months' AND lifetime_seconds = 33696000 AND storage = 'cookie' AND observed`,
			`SELECT count(*) FROM claims WHERE kind = 'after_consent' AND scope = 'row' AND quote <> ''`,
			`SELECT count(*) FROM findings WHERE rule = 'PRE_CONSENT_ANALYTICS' AND verdict = 'violation' AND severity = 'high' AND certainty = 'confirmed'
				AND subject_kind = 'cookie' AND subject_name LIKE '_stat_é%' AND subject_domain = 'stats.test' AND message <> ''`,
		}
		for _, q := range queries {
			if n := count(t, s, q); n != 1 {
				t.Errorf("%d rows, want 1: %s", n, q)
			}
		}
	})
}

func TestManyGoroutinesAndStoresSaveAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, manySaveAtOnce)
}

func manySaveAtOnce(t *testing.T, dsn string) {
	const stores, scans = 3, 8
	g, ctx := errgroup.WithContext(t.Context())
	for n := range stores {
		g.Go(func() error {
			s, err := Open(ctx, dsn) // they also create and migrate it at once
			if err != nil {
				return err
			}
			saves, ctx := errgroup.WithContext(ctx)
			for i := range scans {
				saves.Go(func() error {
					return s.Save(ctx, sampleScan(fmt.Sprintf("%d-%d", n, i)), sampleJudgement())
				})
			}
			return errors.Join(saves.Wait(), s.Close())
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, dsn)
	checkIntegrity(t, s)
	entries, err := s.History(t.Context(), Filter{})
	if err != nil || len(entries) != stores*scans {
		t.Fatalf("%d scans, error %v; want %d", len(entries), err, stores*scans)
	}
}

// checkIntegrity has a file examine itself. A server checks references as they
// are written, and its files are its own affair.
func checkIntegrity(t *testing.T, s *Store) {
	t.Helper()
	if s.engine != SQLite {
		return
	}
	var answer string
	if err := s.read.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&answer); err != nil || answer != "ok" {
		t.Errorf("integrity_check: %q, %v", answer, err)
	}
	if n := count(t, s, `SELECT count(*) FROM pragma_foreign_key_check`); n != 0 {
		t.Errorf("foreign_key_check: %d broken references", n)
	}
}

func TestFileIsPrivate(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	save(t, s, sampleScan("a"), nil)
	files, err := filepath.Glob(s.name + "*") // the log files too
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, error %v", files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o, want 600", filepath.Base(f), mode)
		}
	}
}

func TestPragmasHoldForEveryConnection(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "foreign_keys": "1", "synchronous": "2", "busy_timeout": "15000"} {
		for name, db := range map[string]*sql.DB{"write": s.write, "read": s.read} {
			var got string
			if err := db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s connection: %s = %q (%v), want %q", name, pragma, got, err, want)
			}
		}
	}
}

func TestFullDiskLeavesNothing(t *testing.T) {
	t.Parallel()
	s := openTemp(t)
	save(t, s, sampleScan("before"), sampleJudgement())
	before := counts(t, s)
	limit := func(pages int) {
		t.Helper()
		_, err := s.write.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages))
		must(t, err)
	}
	limit(count(t, s, "PRAGMA page_count") + 50)
	scan, j := bigScan("too much")
	if err := s.Save(t.Context(), scan, j); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(before, counts(t, s)); diff != "" {
		t.Errorf("something was left behind (-before +after):\n%s", diff)
	}
	limit(1 << 30) // room again
	save(t, s, scan, j)
	checkIntegrity(t, s)
}

// Migrations are numbered without gaps and only go forward, and both engines
// make the same steps.
func TestMigrations(t *testing.T) {
	t.Parallel()
	names := map[Engine][]string{}
	for _, engine := range []Engine{SQLite, Postgres} {
		files, err := fs.ReadDir(steps(engine), ".")
		if err != nil || len(files) == 0 {
			t.Fatalf("%d migrations, error %v", len(files), err)
		}
		for i, f := range files {
			names[engine] = append(names[engine], f.Name())
			if want := fmt.Sprintf("%05d_", i+1); !strings.HasPrefix(f.Name(), want) {
				t.Errorf("%s does not begin with %s", f.Name(), want)
			}
			text, err := fs.ReadFile(steps(engine), f.Name())
			must(t, err)
			if strings.Contains(string(text), "+goose Down") || strings.Contains(string(text), "NO TRANSACTION") {
				t.Errorf("%s goes back or is not one transaction", f.Name())
			}
		}
	}
	if diff := cmp.Diff(names[SQLite], names[Postgres]); diff != "" {
		t.Errorf("(-sqlite +postgres):\n%s", diff)
	}
}

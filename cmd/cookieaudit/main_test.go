package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"cookieaudit/audit"
	"cookieaudit/audit/law"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
	"cookieaudit/crawler/consent/autoconsent"
	"cookieaudit/crawler/evidence"
)

func TestMain(m *testing.M) {
	testscript.Main(withServer{m}, map[string]func(){"cookieaudit": main})
}

// withServer stops the PostgreSQL server that the tests started, if any.
type withServer struct{ m *testing.M }

func (w withServer) Run() int { return postgrestest.Main(w.m) }

// TestScriptsOnServer runs commands on a database in PostgreSQL, $DB, with the
// same scans as sample.db of TestScripts.
func TestScriptsOnServer(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/server",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exit": exits},
		Setup: func(env *testscript.Env) error {
			dsn := postgrestest.URL(t)
			env.Setenv("DB", dsn)
			env.Setenv("NAME", store.NameOf(dsn))
			env.Setenv("WRONG", strings.Replace(dsn, ":s3cret", ":wr0ng", 1))
			return storeSample(dsn)
		},
	})
}

// TestScripts runs the commands that need no browser, and every failure that is
// known without one.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exit": exits},
		Setup: func(env *testscript.Env) error {
			return storeSample(filepath.Join(env.WorkDir, "sample.db"))
		},
	})
}

// exits runs a command and checks its exit code: "exit 2 cookieaudit scan".
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE PROGRAM [ARGS...]")
	}
	code := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exited interface{ ExitCode() int }
		if !errors.As(err, &exited) {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		code = fmt.Sprint(exited.ExitCode())
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// storeSample makes a database with an incomplete scan of one site and, later,
// a complete one of another.
func storeSample(path string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	defer db.Close()
	first := sampleScan("aaaa1111", "gone.example", evidence.Unavailable)
	first.Cookies = nil
	if err := db.Save(ctx, first, &audit.Judgement{Findings: []audit.Finding{}}); err != nil {
		return err
	}
	second := sampleScan("bbbb2222", "shop.example", evidence.Complete)
	second.Started = second.Started.Add(time.Hour)
	return db.Save(ctx, second, &audit.Judgement{
		Cookies:  []audit.Assessment{{Match: audit.Match{State: audit.Undeclared}}},
		Observed: []bool{},
		Findings: []audit.Finding{{
			Rule: "UNDECLARED_COOKIE", Title: "Cookie that the policy does not name", Verdict: audit.Violation,
			Severity: audit.High, Certainty: audit.Confirmed,
			Subject:  audit.Subject{Kind: audit.SubjectCookie, Name: "_pk_id", Domain: "shop.example"},
			Message:  "The policy names no such cookie.",
			Evidence: []audit.Exhibit{}, Citations: []law.Citation{},
		}},
	})
}

func sampleScan(id, host string, outcome evidence.Outcome) *evidence.Scan {
	start := time.Date(2026, time.March, 4, 5, 6, 7, 0, time.UTC)
	s := &evidence.Scan{
		ID: id, Site: evidence.Site{URL: "https://" + host + "/", Host: host, Domain: host},
		Started: start, Finished: start.Add(3 * time.Second), Profile: "eu", Settle: "virtual", Outcome: outcome,
		Tool: evidence.Tool{Name: "cookieaudit", Version: "test"}, Browser: evidence.Tool{Name: "Chrome", Version: "1"},
		Datasets: []evidence.Dataset{{Name: autoconsent.Name, Version: "16"}}, PolicySearch: evidence.PolicySearch{Outcome: outcome, Looked: []string{}},
		Cookies: []evidence.Cookie{{
			CookieKey: evidence.CookieKey{Name: "_pk_id", Domain: host, Path: "/"}, Site: host, Party: evidence.First,
			Phases: []evidence.Phase{evidence.Before}, AfterAnswer: []evidence.Phase{}, Writes: []evidence.Write{}, Stored: true, Session: true,
		}},
	}
	if outcome != evidence.Complete {
		s.Why = "host does not resolve"
	}
	for _, p := range evidence.DefaultPhases() {
		s.Visits = append(s.Visits, evidence.Visit{Phase: p, Outcome: outcome, Why: s.Why, Started: start, Attempts: 1, Pages: []evidence.Page{}})
	}
	return s
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(string(b), "\ufeff")
}

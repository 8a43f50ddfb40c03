package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"cookieaudit/cmd/cookieaudit/internal/store/postgrestest"
)

// with changes a database's address.
func with(t *testing.T, dsn string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(dsn)
	must(t, err)
	change(u)
	return u.String()
}

func TestOpenServerRefuses(t *testing.T) {
	t.Parallel()
	const secret = "t0p s3cret/@:%"
	good := postgrestest.URL(t)
	server := postgrestest.Shared(t)
	must(t, server.Exec(t.Context(), "postgres", `CREATE DATABASE latin1 TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`))
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, closed.Close())
	tests := []struct {
		name, dsn string
		want      []string
	}{
		{"a wrong password", with(t, good, func(u *url.URL) { u.User = url.UserPassword(postgrestest.Superuser, secret) }), []string{"password authentication failed", "are the address, the user and the password right?"}},
		{"a user that there is not", with(t, good, func(u *url.URL) { u.User = url.UserPassword("nobody", secret) }), []string{"password authentication failed", "nobody"}},
		{"a database that there is not", server.URL("nowhere"), []string{`database "nowhere" does not exist`}},
		{"a server that is not there", with(t, good, func(u *url.URL) { u.Host = closed.Addr().String(); u.User = url.UserPassword("me", secret) }), []string{"is the server running", closed.Addr().String()}},
		{"another encoding", server.URL("latin1"), []string{"its encoding is not UTF8", "LATIN1"}},
		{"an address that cannot be read", "postgres://me:t0p%zz" + secret + "@h/d", []string{"the address is not of the form"}},
		{"a port that is none", "postgres://me:" + url.QueryEscape(secret) + "@h:port/d", []string{"the address is not of the form"}},
		{"an option that there is not", with(t, good, func(u *url.URL) { u.RawQuery = "sslmode=sometimes&password=" + url.QueryEscape(secret) }), []string{"sslmode is invalid"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			err := openAndClose(t, test.dsn)
			if err == nil {
				t.Fatal("it was opened")
			}
			for _, want := range append(test.want, "open database") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q lacks %q", err, want)
				}
			}
			for _, text := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret), url.UserPassword("", secret).String()[1:], postgrestest.Password, "t0p"} {
				if strings.Contains(err.Error(), text) {
					t.Errorf("error %q tells the password", err)
				}
			}
		})
	}
}

func TestOpenTellsThatTheServersSchemaIsNewer(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.URL(t)
	s := openAt(t, dsn)
	_, err := s.write.ExecContext(t.Context(), `INSERT INTO cookieaudit_versions (version_id, is_applied) VALUES (9000, true)`)
	must(t, err)
	if err := openAndClose(t, dsn); err == nil || !strings.Contains(err.Error(), "newer cookieaudit (schema 9000") {
		t.Errorf("error %v", err)
	}
}

func TestServerIsNotBackedUp(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	if err := openAt(t, postgrestest.URL(t)).Backup(t.Context(), path); !errors.Is(err, ErrServerBackup) {
		t.Errorf("error %v, want ErrServerBackup", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("a file was made")
	}
}

// Tables of another program, whatever their names, are left alone.
func TestOpenLeavesAnotherProgramsTablesAlone(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.URL(t)
	exec := func(statements string) {
		t.Helper()
		must(t, postgrestest.Shared(t).Exec(t.Context(), databaseOf(t, dsn), statements))
	}
	exec(`CREATE TABLE goose_db_version (id INT); CREATE TABLE pages (id INT); INSERT INTO pages VALUES (7)`)
	if err := openAndClose(t, dsn); err == nil || !strings.Contains(err.Error(), `"pages" already exists`) {
		t.Errorf("error %v", err)
	}
	exec(`SELECT id FROM pages; DO $$ BEGIN IF to_regclass('scans') IS NOT NULL THEN RAISE 'scans was made'; END IF; END $$`)
	// A schema of our own is the way out.
	exec(`CREATE SCHEMA audits`)
	s := openAt(t, with(t, dsn, func(u *url.URL) { u.RawQuery += "&search_path=audits" }))
	save(t, s, sampleScan("a"), sampleJudgement())
}

func databaseOf(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	must(t, err)
	return strings.TrimPrefix(u.Path, "/")
}

// A worker's role may read and write rows and nothing else; the schema is its
// owner's affair.
func TestWorkerNeedsNoRightToChangeTheSchema(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.URL(t)
	server, database := postgrestest.Shared(t), databaseOf(t, dsn)
	exec := func(statements string) { t.Helper(); must(t, server.Exec(t.Context(), database, statements)) }
	exec(`REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE ROLE worker LOGIN PASSWORD 'w'`)
	worker := server.URLFor("worker", "w", database)
	if err := openAndClose(t, worker); err == nil || !strings.Contains(err.Error(), "the schema is changed by its owner") {
		t.Errorf("an empty database: error %v", err)
	}
	must(t, openAndClose(t, dsn))
	if err := openAndClose(t, worker); err == nil || !strings.Contains(err.Error(), "the role lacks a right") {
		t.Errorf("without rights: error %v", err)
	}
	rights, err := os.ReadFile("worker.sql")
	must(t, err)
	exec(string(rights) + `; GRANT cookieaudit_worker TO worker`)
	s := openAt(t, worker)
	save(t, s, sampleScan("a"), sampleJudgement())
	if _, _, err := s.Load(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	if _, err := s.write.ExecContext(t.Context(), `CREATE TABLE t (id INT)`); err == nil {
		t.Error("the worker may create tables: the test shows nothing")
	}
}

// Those who find the schema missing at the same moment make it once.
func TestManyOpenAServerAtOnce(t *testing.T) {
	t.Parallel()
	dsn := postgrestest.URL(t)
	g, ctx := errgroup.WithContext(t.Context())
	for n := range 8 {
		g.Go(func() error {
			s, err := Open(ctx, dsn)
			if err != nil {
				return err
			}
			return errors.Join(s.Save(ctx, sampleScan(fmt.Sprint(n)), sampleJudgement()), s.Close())
		})
	}
	must(t, g.Wait())
}

// A server that is restarted, or that crashes, in the middle of saves: what was
// reported as saved is there and whole, and the store goes on with the next one.
func TestServerGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	server, err := postgrestest.Start(t.Context()) // one that no other test uses
	if errors.Is(err, postgrestest.ErrNotInstalled) {
		t.Skip(err)
	}
	must(t, err)
	defer func() { must(t, server.Remove()) }()
	s := openAt(t, server.URL("postgres"))
	save(t, s, sampleScan("before"), sampleJudgement())
	for round, end := range []func() error{server.Stop, server.Kill} {
		saved := make(chan string, 10_000)
		ctx, cancel := context.WithCancel(t.Context())
		g := errgroup.Group{}
		for n := range 3 {
			g.Go(func() error {
				for i := 0; ; i++ {
					id := fmt.Sprintf("%d-%d-%d", round, n, i)
					if err := s.Save(ctx, sampleScan(id), sampleJudgement()); err != nil {
						return err
					}
					saved <- id
				}
			})
		}
		for range 5 {
			<-saved
		}
		must(t, end())
		if err := g.Wait(); err == nil {
			t.Error("saving went on without a server")
		}
		cancel()
		close(saved)
		must(t, server.Start(t.Context()))
		for id := range saved {
			if _, _, err := s.Load(t.Context(), id); err != nil {
				t.Errorf("%s was reported as saved: %v", id, err)
			}
		}
		entries, err := s.History(t.Context(), Filter{})
		must(t, err)
		for _, e := range entries {
			if scan, j, err := s.Load(t.Context(), e.ID); err != nil || len(scan.Cookies) != 3 || len(j.Findings) != 3 {
				t.Errorf("%s is not whole: %v", e.ID, err)
			}
		}
		save(t, s, sampleScan(fmt.Sprint("after ", round)), sampleJudgement())
	}
}

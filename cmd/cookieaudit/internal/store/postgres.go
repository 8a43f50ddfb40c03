package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

const (
	// maxServerConns bounds what one process takes of a server, which has 100
	// connections unless it was told otherwise, for a fleet of workers.
	maxServerConns = 8
	// idleTime is after how long a connection that nobody uses is given back.
	idleTime = 5 * time.Minute
	// connectTimeout holds unless the address says connect_timeout.
	connectTimeout = 10 * time.Second
)

// IsServer reports whether a database is named by the address of a server and
// not by the path of a file.
func IsServer(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// NameOf tells a database to people as Store.Name does, whether or not it can be
// opened.
func NameOf(dsn string) string {
	if !IsServer(dsn) {
		return dsn
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "the PostgreSQL database"
	}
	// Parameters can hold a password too.
	return (&url.URL{Scheme: u.Scheme, User: url.User(u.User.Username()), Host: u.Host, Path: u.Path}).String()
}

func openPostgres(ctx context.Context, dsn string) (*Store, error) {
	s := &Store{name: NameOf(dsn), dialect: dialect{
		engine: Postgres,
		// The name tells our steps from those of another program in the database.
		versions: versionTable{name: "cookieaudit_versions", dialect: goose.DialectPostgres, steps: steps(Postgres)},
		// A server can be told to report a commit before it is on disk. What was
		// reported as kept must outlive a crash: with the record, the queue's job
		// is done, and nobody would scan the site again.
		durable:    `SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`,
		lockSaves:  `SELECT pg_advisory_xact_lock_shared(` + lockKey + `)`,
		lockOthers: `SELECT pg_advisory_xact_lock(` + lockKey + `)`,
		raw:        func(text string) any { return []byte(text) },
		text:       postgresText,
		meaning:    postgresMeaning,
	}}
	config, err := postgresConfig(dsn)
	if err != nil {
		return nil, err
	}
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, s.explain("open database", err)
	}
	s.write = stdlib.OpenDBFromPool(s.pool)
	s.read = s.write
	if err := s.prepareServer(ctx); err != nil {
		return nil, errors.Join(s.explain("open database", err), s.Close())
	}
	return s, nil
}

// lockKey is the number of an advisory lock, which all programs in a database
// share: the letters "ckAu" and a 1.
const lockKey = `427001214209`

// postgresConfig reads an address. What the environment and the files of libpq
// say (PGPASSWORD, PGPASSFILE, PGSSLMODE …) holds where the address is silent.
func postgresConfig(dsn string) (*pgxpool.Config, error) {
	if _, err := url.Parse(dsn); err != nil {
		return nil, errAddress
	}
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		// The error's own text holds the address.
		why := errors.Unwrap(err)
		if why == nil {
			return nil, errAddress
		}
		return nil, fmt.Errorf("open database %s: %w", NameOf(dsn), why)
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "cookieaudit"
	}
	config.MaxConns, config.MaxConnIdleTime = maxServerConns, idleTime
	return config, nil
}

func (s *Store) prepareServer(ctx context.Context) error {
	var encoding string
	if err := s.write.QueryRowContext(ctx, `SHOW server_encoding`).Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("%w (it is %s)", errEncoding, encoding)
	}
	if err := s.migrate(ctx, s.versions); err != nil {
		return err
	}
	return s.catchUp(ctx)
}

// postgresText writes text as a column has it: see cookieaudit_field.
func postgresText(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\u2400")
}

// The codes are those of https://www.postgresql.org/docs/current/errcodes-appendix.html.
func postgresMeaning(err error) string {
	if connect := (*pgconn.ConnectError)(nil); errors.As(err, &connect) {
		return " (is the server running, and are the address, the user and the password right?)"
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return ""
	}
	switch e.Code {
	case "42501": // insufficient_privilege
		return " (the role lacks a right: the schema is changed by its owner, who runs any cookieaudit command once; " +
			"others are members of the role that worker.sql makes)"
	case "53100": // disk_full
		return " (no space left on the server)"
	case "53300": // too_many_connections
		return " (the server has no connection left: raise max_connections or run fewer workers)"
	}
	return ""
}

package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"cookieaudit/cmd/cookieaudit/internal/store"
)

// A driver is River's, with the store's kind of transaction for both engines.
type driver = riverdriver.Driver[*sql.Tx]

func newDriver(db *store.Store) driver {
	if db.Engine() == store.Postgres {
		return &postgresDriver{Driver: riverpgxv5.New(db.Pool())}
	}
	return riversqlite.New(db.DB())
}

// A postgresDriver lets River take part in a transaction that was begun through
// database/sql: River's driver for Postgres speaks pgx only.
type postgresDriver struct{ *riverpgxv5.Driver }

// UnwrapExecutor runs River's statements on the connection of a transaction. It
// cannot fail by its signature: an error comes back from the first statement.
func (d *postgresDriver) UnwrapExecutor(tx *sql.Tx) riverdriver.ExecutorTx {
	conn, err := connOf(tx)
	return d.Driver.UnwrapExecutor(&pgxTx{conn: conn, broken: err})
}

// UnwrapTx is for tests of River's own.
func (d *postgresDriver) UnwrapTx(riverdriver.ExecutorTx) *sql.Tx { return nil }

// connOf returns the connection of a transaction. database/sql does not tell it,
// but pgx hands it to an argument that rewrites its query.
func connOf(tx *sql.Tx) (*pgx.Conn, error) {
	var c connCatcher
	if _, err := tx.ExecContext(context.Background(), "", &c); err != nil {
		return nil, fmt.Errorf("find the transaction's connection: %w", err)
	}
	if c.conn == nil {
		return nil, errors.New("the transaction is not on a connection to PostgreSQL")
	}
	return c.conn, nil
}

type connCatcher struct{ conn *pgx.Conn }

// RewriteQuery keeps the connection; the query does nothing.
func (c *connCatcher) RewriteQuery(_ context.Context, conn *pgx.Conn, _ string, _ []any) (string, []any, error) {
	c.conn = conn
	return "SELECT", nil, nil
}

// A pgxTx is a transaction that somebody else has begun and ends, or with a
// depth a savepoint in one.
type pgxTx struct {
	conn   *pgx.Conn
	depth  int
	broken error
}

func (t *pgxTx) savepoint() string { return fmt.Sprintf("cookieaudit_%d", t.depth) }

// Begin makes a savepoint.
func (t *pgxTx) Begin(ctx context.Context) (pgx.Tx, error) {
	inner := &pgxTx{conn: t.conn, depth: t.depth + 1, broken: t.broken}
	if _, err := t.Exec(ctx, "SAVEPOINT "+inner.savepoint()); err != nil {
		return nil, err
	}
	return inner, nil
}

// Commit keeps what was done since the savepoint.
func (t *pgxTx) Commit(ctx context.Context) error {
	if t.depth == 0 {
		return errNotOurs
	}
	_, err := t.Exec(ctx, "RELEASE SAVEPOINT "+t.savepoint())
	return err
}

// Rollback undoes what was done since the savepoint.
func (t *pgxTx) Rollback(ctx context.Context) error {
	if t.depth == 0 {
		return errNotOurs
	}
	_, err := t.Exec(ctx, "ROLLBACK TO SAVEPOINT "+t.savepoint())
	return err
}

var errNotOurs = errors.New("the transaction is ended by whoever began it")

// Exec runs a statement.
func (t *pgxTx) Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error) {
	if t.broken != nil {
		return pgconn.CommandTag{}, t.broken
	}
	return t.conn.Exec(ctx, query, args...)
}

// Query runs a query.
func (t *pgxTx) Query(ctx context.Context, query string, args ...any) (pgx.Rows, error) {
	if t.broken != nil {
		return nil, t.broken
	}
	return t.conn.Query(ctx, query, args...)
}

// QueryRow runs a query for one row.
func (t *pgxTx) QueryRow(ctx context.Context, query string, args ...any) pgx.Row {
	if t.broken != nil {
		return brokenRow{t.broken}
	}
	return t.conn.QueryRow(ctx, query, args...)
}

type brokenRow struct{ err error }

func (r brokenRow) Scan(...any) error { return r.err }

// CopyFrom writes many rows at once.
func (t *pgxTx) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	if t.broken != nil {
		return 0, t.broken
	}
	return t.conn.CopyFrom(ctx, table, columns, rows)
}

// SendBatch runs several statements.
func (t *pgxTx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	return t.conn.SendBatch(ctx, b)
}

// LargeObjects is nothing that a queue uses.
func (t *pgxTx) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

// Prepare prepares a statement.
func (t *pgxTx) Prepare(ctx context.Context, name, query string) (*pgconn.StatementDescription, error) {
	if t.broken != nil {
		return nil, t.broken
	}
	return t.conn.Prepare(ctx, name, query)
}

// Conn returns the connection.
func (t *pgxTx) Conn() *pgx.Conn { return t.conn }

package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"
	"time"
)

// A queryer is a database or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each calls row for every row that a query returns.
func each(ctx context.Context, in queryer, query string, args []any, row func(scan func(...any) error) error) error {
	rows, err := in.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// limitOf returns the argument of LIMIT: 0 stands for all.
func limitOf(limit int) int {
	if limit <= 0 {
		return math.MaxInt
	}
	return limit
}

func placeholder(n int) string { return fmt.Sprintf("$%d", n) }

// placeholders returns a list of them, from one on: ($2,$3).
func placeholders(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = placeholder(from + i)
	}
	return "(" + strings.Join(list, ",") + ")"
}

// tuples returns placeholders for rows of as many columns: ($1,$2),($3,$4).
func tuples(rows, columns int) string {
	list := make([]string, rows)
	for i := range list {
		list[i] = placeholders(1+i*columns, columns)
	}
	return strings.Join(list, ",")
}

// parseStarted reads scans.started: RFC 3339 in UTC without the Z, empty for the
// zero time.
func parseStarted(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339Nano, text+"Z")
}

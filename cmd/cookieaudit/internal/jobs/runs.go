package jobs

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/config"
)

// A turn is what is done once: a site's in a slot of a schedule.
type turn struct{ Schedule, Slot, URL string }

// setAside is the outcome of a turn that no attempt could work.
const setAside = "set_aside"

// errTaken says that a turn has its record already.
var errTaken = errors.New("the turn has its record already")

// A querier is a database or a transaction in it.
type querier interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// taken reports whether a turn has its record.
func taken(ctx context.Context, db querier, t turn) (bool, error) {
	var n int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM runs WHERE schedule = $1 AND slot = $2 AND url = $3`, t.Schedule, t.Slot, t.URL).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for an earlier run of %s: %w", t.URL, err)
	}
	return n > 0, nil
}

// take writes down what came of a turn; errTaken where it has its record.
func take(ctx context.Context, tx *sql.Tx, t turn, scan, outcome string, at time.Time) error {
	done, err := tx.ExecContext(ctx, `INSERT INTO runs (schedule, slot, url, scan, outcome, finished) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, t.Schedule, t.Slot, t.URL, scan, outcome, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("write down the run: %w", err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return fmt.Errorf("write down the run: %w", err)
	}
	if n == 0 {
		return errTaken
	}
	return nil
}

// keepOptions makes sure that options can be found by their digest.
func keepOptions(ctx context.Context, tx *sql.Tx, o config.Options) (digest string, err error) {
	body, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	digest = hex.EncodeToString(sum[:])
	if _, err := tx.ExecContext(ctx, `INSERT INTO options (digest, body) VALUES ($1, $2) ON CONFLICT DO NOTHING`, digest, string(body)); err != nil {
		return "", fmt.Errorf("keep the options: %w", err)
	}
	return digest, nil
}

// loadOptions returns the options of a digest.
func loadOptions(ctx context.Context, db querier, digest string) (o config.Options, err error) {
	var body string
	if err := db.QueryRowContext(ctx, `SELECT body FROM options WHERE digest = $1`, digest).Scan(&body); err != nil {
		return o, fmt.Errorf("look for the options %.12s: %w", digest, err)
	}
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		return o, fmt.Errorf("read the options %.12s: %w", digest, err)
	}
	return o, nil
}

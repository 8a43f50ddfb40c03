package store

import (
	"context"
	"database/sql"
	"time"
)

// An Alerted is the last that a destination of alerts was told of a thing.
type Alerted struct {
	Thing   string
	State   string
	Scan    string    // ID
	Started time.Time // of the scan
}

// Alerted lists what a destination was told of a site.
func (s *Store) Alerted(ctx context.Context, site, destination string) ([]Alerted, error) {
	return list(ctx, s, "read the alerts in",
		`SELECT thing, state, scan, started FROM alerts WHERE site = $1 AND destination = $2 ORDER BY thing`,
		[]any{s.text(site), s.text(destination)}, func(a *Alerted) []any { return []any{&a.Thing, &a.State, &a.Scan, stamped{&a.Started}} })
}

// SaveAlerted keeps what a destination was told, all of it or nothing. What was
// told of a later scan stays.
func (s *Store) SaveAlerted(ctx context.Context, site, destination string, told []Alerted) error {
	return s.Write(ctx, func(tx *sql.Tx) error {
		for _, a := range told {
			if _, err := tx.ExecContext(ctx, `INSERT INTO alerts (site, destination, thing, state, scan, started) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (site, destination, thing) DO UPDATE SET state = excluded.state, scan = excluded.scan, started = excluded.started
				WHERE alerts.started <= excluded.started`,
				s.text(site), s.text(destination), s.text(a.Thing), a.State, a.Scan, stamp(a.Started)); err != nil {
				return s.explain("keep the alerts in", err)
			}
		}
		return nil
	})
}

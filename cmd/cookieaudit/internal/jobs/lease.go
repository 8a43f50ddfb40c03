package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/store"
)

// leaseTime is how long a lease holds without being renewed: that long after a
// crash nobody visits the domain.
const leaseTime = 90 * time.Second

// errLeaseLost ends a scan whose worker was silent for so long that somebody
// else may visit the domain by now.
var errLeaseLost = errors.New("the lease of the domain was lost")

// leases say who visits which registrable domain. Their clock is that of the
// database, which is one for a fleet.
type leases struct {
	db    *store.Store
	delay time.Duration
	life  time.Duration
}

func (l *leases) now(ctx context.Context) (time.Time, error) {
	if l.db.Engine() == store.SQLite {
		return time.Now(), nil // a file's processes are on one machine
	}
	var ms int64
	err := l.db.DB().QueryRowContext(ctx, `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint`).Scan(&ms)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask the database for the time: %w", err)
	}
	return time.UnixMilli(ms), nil
}

// take gets the lease of a domain for a holder. Where somebody else has it, wait
// is how long at least it takes.
func (l *leases) take(ctx context.Context, domain, holder string) (ok bool, wait time.Duration, err error) {
	now, err := l.now(ctx)
	if err != nil {
		return false, 0, err
	}
	// A time further ahead than any lease goes was written by a clock that was
	// wrong: it holds nothing.
	bound := now.Add(l.life + l.delay + time.Hour)
	var got string
	err = l.db.DB().QueryRowContext(ctx, `INSERT INTO leases (domain, holder, until) VALUES ($1, $2, $3)
		ON CONFLICT (domain) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE leases.until <= $4 OR leases.until > $5 OR leases.holder = excluded.holder RETURNING holder`,
		domain, holder, now.Add(l.life).UnixMilli(), now.UnixMilli(), bound.UnixMilli()).Scan(&got)
	switch {
	case err == nil:
		return true, 0, nil
	case !errors.Is(err, sql.ErrNoRows):
		return false, 0, fmt.Errorf("take the lease of %s: %w", domain, err)
	}
	var until int64
	var other string
	err = l.db.DB().QueryRowContext(ctx, `SELECT until, holder FROM leases WHERE domain = $1`, domain).Scan(&until, &other)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, 0, fmt.Errorf("look at the lease of %s: %w", domain, err)
	}
	if other != "" { // it is renewed until its scan ends, which nobody can tell
		return false, l.delay, nil
	}
	return false, time.UnixMilli(until).Sub(now), nil
}

// keep renews a lease until the context ends, and calls lost where it has gone
// to somebody else.
func (l *leases) keep(ctx context.Context, domain, holder string, lost func(error)) {
	t := time.NewTicker(l.life / 3)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		now, err := l.now(ctx)
		if err != nil {
			continue // the database is away; the lease is good for two further tries
		}
		done, err := l.db.DB().ExecContext(ctx, `UPDATE leases SET until = $1 WHERE domain = $2 AND holder = $3`,
			now.Add(l.life).UnixMilli(), domain, holder)
		if err != nil {
			continue
		}
		if n, err := done.RowsAffected(); err == nil && n == 0 {
			lost(errLeaseLost)
			return
		}
	}
}

// release ends a visit: the domain is left alone for the delay.
func (l *leases) release(ctx context.Context, domain, holder string) error {
	now, err := l.now(ctx)
	if err == nil {
		_, err = l.db.DB().ExecContext(ctx, `UPDATE leases SET holder = '', until = $1 WHERE domain = $2 AND holder = $3`,
			now.Add(l.delay).UnixMilli(), domain, holder)
	}
	if err != nil {
		return fmt.Errorf("release the lease of %s: %w", domain, err)
	}
	return nil
}

// forget deletes leases that ended long ago.
func (l *leases) forget(ctx context.Context) error {
	now, err := l.now(ctx)
	if err != nil {
		return err
	}
	if _, err := l.db.DB().ExecContext(ctx, `DELETE FROM leases WHERE until < $1`, now.Add(-24*time.Hour-l.delay).UnixMilli()); err != nil {
		return fmt.Errorf("delete old leases: %w", err)
	}
	return nil
}

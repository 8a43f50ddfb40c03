package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// PruneOptions say which scans go.
type PruneOptions struct {
	// Before is the time that scans were started before that go.
	Before time.Time
	// Latest is true where the latest scan of a site goes too, and with it what is
	// known of the site; else it stays, however old it is.
	Latest bool
	// Batch is how many scans go in one transaction, and so how long others wait
	// that write; 100 where it is 0.
	Batch int
	// Progress is called after each batch with what is gone so far; nil for none.
	Progress func(scans int)
}

// defaultBatch keeps the transaction of a batch below a second.
const defaultBatch = 100

const (
	prunable = ` FROM scans s LEFT JOIN sites x ON x.latest = s.seq
		WHERE s.started < $1 AND s.started <> '' AND (x.seq IS NULL OR $2)`
	countPrunable = `SELECT count(*)` + prunable
	// A scan that stays is passed over once, not in every batch.
	nextPrunable = `SELECT s.seq, s.started` + prunable + ` AND (s.started > $3 OR (s.started = $3 AND s.seq > $4))
		ORDER BY s.started, s.seq LIMIT $5`
)

// Prunable counts the scans that Prune would delete.
func (s *Store) Prunable(ctx context.Context, o PruneOptions) (scans int, err error) {
	err = s.read.QueryRowContext(ctx, countPrunable, startedText(o.Before), o.Latest).Scan(&scans)
	return scans, s.explain("count old scans in", err)
}

// Prune deletes scans, the oldest first, in batches, so that others that write
// never wait long, and then what no scan has any more. It may be interrupted and
// run again at any time. A file gives the space back to the disk, unless it was
// made by a version that did not; then later scans use it.
func (s *Store) Prune(ctx context.Context, o PruneOptions) (scans int, err error) {
	if o.Batch <= 0 {
		o.Batch = defaultBatch
	}
	var after pruned
	for {
		var n int
		if n, after, err = s.pruneBatch(ctx, o, after); err != nil {
			return scans, s.explain("delete old scans from", err)
		}
		if n == 0 {
			break
		}
		scans += n
		if o.Progress != nil {
			o.Progress(scans)
		}
	}
	if scans == 0 {
		return 0, nil
	}
	if err := s.dropUnshared(ctx); err != nil {
		return scans, s.explain("delete what no scan has from", err)
	}
	if s.reclaim != nil {
		err = s.reclaim(ctx, s.write)
	}
	return scans, s.explain("give back space of", err)
}

// pruned is the last scan that was deleted.
type pruned struct {
	started string
	seq     int64
}

func (s *Store) pruneBatch(ctx context.Context, o PruneOptions, after pruned) (n int, last pruned, err error) {
	last = after
	err = s.Write(ctx, func(tx *sql.Tx) error {
		if o.Latest { // sites may go, which a Save may be about to point to
			if err := s.lock(ctx, tx, s.lockOthers); err != nil {
				return err
			}
		}
		var rows []any
		args := []any{startedText(o.Before), o.Latest, after.started, after.seq, o.Batch}
		err := each(ctx, tx, nextPrunable, args, func(scan func(...any) error) error {
			err := scan(&last.seq, &last.started)
			rows = append(rows, last.seq)
			return err
		})
		n = len(rows)
		if err != nil || n == 0 {
			return err
		}
		these := `DELETE FROM scans WHERE seq IN ` + placeholders(1, n) //nolint:gosec // nothing but numbers of arguments is added
		if _, err := tx.ExecContext(ctx, these, rows...); err != nil {
			return err
		}
		if !o.Latest {
			return nil
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM sites WHERE latest IS NULL AND NOT EXISTS (SELECT 1 FROM scans s WHERE s.site = sites.seq)`)
		return err
	})
	return n, last, err
}

// dropUnshared deletes shared rows that no scan has any more.
func (s *Store) dropUnshared(ctx context.Context) error {
	return s.Write(ctx, func(tx *sql.Tx) error {
		if err := s.lock(ctx, tx, s.lockOthers); err != nil {
			return err
		}
		for _, statement := range []string{
			`DELETE FROM purposes WHERE NOT EXISTS (SELECT 1 FROM cookies c WHERE c.purpose = purposes.seq)
				AND NOT EXISTS (SELECT 1 FROM storage_items i WHERE i.purpose = purposes.seq)
				AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.purpose = purposes.seq)`,
			`DELETE FROM citations WHERE NOT EXISTS (SELECT 1 FROM findings f WHERE f.citations = citations.seq)`,
			`DELETE FROM policy_texts WHERE NOT EXISTS (SELECT 1 FROM policies p WHERE p.text = policy_texts.seq)`,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// lock runs one of the dialect's locks, which may be none.
func (d *dialect) lock(ctx context.Context, tx *sql.Tx, statement string) error {
	if statement == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, statement)
	return err
}

// startedText writes a time as scans.started has it.
func startedText(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999999") }

// reclaimFile gives free pages of a file back to the disk, some at a time, where
// the file keeps track of them.
func reclaimFile(ctx context.Context, db *sql.DB) error {
	const pages = 1000 // 4 MB
	for {
		var before, after int64
		if err := db.QueryRowContext(ctx, `PRAGMA freelist_count`).Scan(&before); err != nil || before == 0 {
			return err
		}
		// Every row that is read gives back a page: the statement has to be read to
		// its end.
		none := func(func(...any) error) error { return nil }
		if err := each(ctx, db, fmt.Sprintf(`PRAGMA incremental_vacuum(%d)`, pages), nil, none); err != nil {
			return err
		}
		if err := db.QueryRowContext(ctx, `PRAGMA freelist_count`).Scan(&after); err != nil {
			return err
		}
		if after >= before { // a file of an earlier version
			return nil
		}
		if after == 0 {
			_, err := db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
			return err
		}
	}
}

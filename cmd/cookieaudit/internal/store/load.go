package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// maxCandidates is how many IDs an AmbiguousError names.
const maxCandidates = 10

// Load returns a stored scan and its audit, which is nil where none was made.
// id is the scan's ID or the beginning of it; the error is ErrNotFound where no
// scan has it and an *AmbiguousError where several begin with it.
func (s *Store) Load(ctx context.Context, id string) (*evidence.Scan, *audit.Judgement, error) {
	scan, j, err := s.load(ctx, func(tx *sql.Tx) (int64, error) { return find(ctx, tx, s.text(id)) })
	if err != nil {
		return nil, nil, s.explain(fmt.Sprintf("load scan %q from", id), err)
	}
	return scan, j, nil
}

// Latest returns the scan of a site that was started last, whatever came of
// it. site is as in Filter; the error is ErrNotFound where there is none.
func (s *Store) Latest(ctx context.Context, site string) (*evidence.Scan, *audit.Judgement, error) {
	scan, j, err := s.load(ctx, func(tx *sql.Tx) (int64, error) { return s.latest(ctx, tx, site) })
	if err != nil {
		return nil, nil, s.explain(fmt.Sprintf("load the latest scan of %q from", site), err)
	}
	return scan, j, nil
}

// Has reports whether a scan of exactly this ID is stored.
func (s *Store) Has(ctx context.Context, id string) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM scans WHERE id = $1`, s.text(id)).Scan(&n)
	return n > 0, s.explain("look for a scan in", err)
}

func (s *Store) load(ctx context.Context, which func(*sql.Tx) (int64, error)) (scan *evidence.Scan, j *audit.Judgement, err error) {
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		seq, err := which(tx)
		if err != nil {
			return err
		}
		r := &reader{tx: tx, scan: seq}
		scan, j, err = r.record(ctx)
		return err
	})
	return scan, j, err
}

// find returns scans.seq of an ID or of the only one that begins with it.
func find(ctx context.Context, tx *sql.Tx, id string) (int64, error) {
	if id == "" {
		return 0, ErrNotFound
	}
	// An ID may itself be the beginning of another one: exactly it comes first.
	rows, err := tx.QueryContext(ctx,
		`SELECT seq, id FROM scans WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3`,
		id, id+"\U0010FFFF", maxCandidates+1)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var first int64
	var ids []string
	for rows.Next() {
		var seq int64
		var candidate string
		if err := rows.Scan(&seq, &candidate); err != nil {
			return 0, err
		}
		if candidate == id {
			return seq, nil
		}
		if first == 0 {
			first = seq
		}
		ids = append(ids, candidate)
	}
	switch {
	case rows.Err() != nil:
		return 0, rows.Err()
	case len(ids) == 0:
		return 0, ErrNotFound
	case len(ids) > maxCandidates:
		return 0, &AmbiguousError{Prefix: id, Candidates: ids[:maxCandidates], More: true}
	case len(ids) > 1:
		return 0, &AmbiguousError{Prefix: id, Candidates: ids}
	}
	return first, nil
}

func (s *Store) latest(ctx context.Context, tx *sql.Tx, site string) (int64, error) {
	query, args := latestOfAll, []any(nil)
	if site != "" {
		query, args = latestOfSite, s.siteArgs(site)
	}
	var seq int64
	err := tx.QueryRowContext(ctx, query, args...).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNotFound
	}
	return seq, err
}

// A reader reads one record within one transaction.
type reader struct {
	tx   *sql.Tx
	scan int64 // scans.seq
}

func (r *reader) record(ctx context.Context) (*evidence.Scan, *audit.Judgement, error) {
	scan, judgement := &evidence.Scan{}, &audit.Judgement{}
	audited, err := r.head(ctx, scan, judgement)
	if err != nil {
		return nil, nil, err
	}
	for _, read := range []func(context.Context, *evidence.Scan, *audit.Judgement) error{
		r.visits, r.cookies, r.storage, r.requests, r.declared, r.findings,
	} {
		if err := read(ctx, scan, judgement); err != nil {
			return nil, nil, err
		}
	}
	if !audited {
		return scan, nil, nil
	}
	return scan, judgement, nil
}

// head reads the scan and the judgement with their lists nil or empty, as they
// were; rows are then appended to them.
func (r *reader) head(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) (audited bool, err error) {
	var record string
	var judgement sql.NullString
	err = r.tx.QueryRowContext(ctx, `SELECT record, judgement FROM scans WHERE seq = $1`, r.scan).Scan(&record, &judgement)
	if err != nil {
		return false, err
	}
	if err := decode(record, scan); err != nil {
		return false, err
	}
	if !judgement.Valid {
		return false, nil
	}
	return true, decode(judgement.String, j)
}

// each calls row for every row of a query about the scan.
func (r *reader) each(ctx context.Context, query string, row func(scan func(...any) error) error) error {
	return each(ctx, r.tx, query, []any{r.scan}, row)
}

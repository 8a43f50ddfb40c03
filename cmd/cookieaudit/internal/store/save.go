package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// Save stores the record of one scan, whole or not at all. j is nil where the
// scan could not be audited; otherwise its lists run parallel to those of the
// scan. The error is ErrExists where the ID is taken.
func (s *Store) Save(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := s.save(ctx, scan, j)
	if err != nil {
		return s.explain(fmt.Sprintf("save scan %s of %s in", scan.ID, scan.Site.Host), err)
	}
	return nil
}

func (s *Store) save(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	if err := check(scan, j); err != nil {
		return err
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	w := &writer{tx: tx, enc: newEncoder(), interned: map[string]int64{}}
	if err := w.record(ctx, scan, j); err != nil {
		if e := tx.Rollback(); e != nil && !errors.Is(e, sql.ErrTxDone) {
			err = errors.Join(err, e)
		}
		return err
	}
	return tx.Commit()
}

// check refuses what could not be found again or not be read back as it was.
func check(scan *evidence.Scan, j *audit.Judgement) error {
	if scan.ID == "" {
		return errors.New("the scan has no ID")
	}
	if j == nil {
		return nil
	}
	for _, list := range []struct {
		name       string
		have, want int
	}{
		{"cookies", len(j.Cookies), len(scan.Cookies)},
		{"storage items", len(j.Storage), len(scan.Storage)},
		{"requests", len(j.Requests), len(scan.Requests)},
		{"declarations", len(j.Observed), len(scan.Declarations)},
	} {
		if list.have != list.want {
			return fmt.Errorf("the judgement speaks of %d %s, the scan has %d", list.have, list.name, list.want)
		}
	}
	return nil
}

// A writer writes one record within one transaction.
type writer struct {
	tx   *sql.Tx
	enc  *encoder
	scan int64 // scans.seq
	// interned maps statement and record to the row that holds it.
	interned map[string]int64
}

func (w *writer) record(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	if err := w.head(ctx, scan, j); err != nil {
		return err
	}
	if j == nil {
		j = &audit.Judgement{}
	}
	for _, write := range []func(context.Context, *evidence.Scan, *audit.Judgement) error{
		w.visits, w.cookies, w.storage, w.requests, w.declared, w.findings,
	} {
		if err := write(ctx, scan, j); err != nil {
			return err
		}
	}
	return nil
}

// head writes the row of the scan itself: everything but its lists, of which
// only remains whether they are nil or empty.
func (w *writer) head(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	head := *scan
	// The computed columns sort by text, which is by time in UTC only.
	head.Started, head.Finished = scan.Started.UTC(), scan.Finished.UTC()
	head.Visits = emptied(scan.Visits)
	head.Cookies = emptied(scan.Cookies)
	head.Storage = emptied(scan.Storage)
	head.Requests = emptied(scan.Requests)
	head.Policies = emptied(scan.Policies)
	head.Declarations = emptied(scan.Declarations)
	head.Claims = emptied(scan.Claims)
	record, err := w.enc.encode(&head)
	if err != nil {
		return err
	}
	var judgement sql.NullString
	if j != nil {
		judgement.Valid = true
		judgement.String, err = w.enc.encode(&audit.Judgement{
			Profile: j.Profile, Score: j.Score,
			Cookies:  emptied(j.Cookies),
			Storage:  emptied(j.Storage),
			Requests: emptied(j.Requests),
			Observed: emptied(j.Observed),
			Findings: emptied(j.Findings),
		})
		if err != nil {
			return err
		}
	}
	err = w.tx.QueryRowContext(ctx, `INSERT INTO scans (record, judgement) VALUES ($1, $2) RETURNING seq`,
		record, judgement).Scan(&w.scan)
	if isUnique(err) {
		return ErrExists
	}
	return err
}

// emptied returns a list without items that is nil where list is nil.
func emptied[T any](list []T) []T { return list[:0:0] }

// insert runs one prepared statement for each item.
func insert[T any](ctx context.Context, w *writer, query string, items []T, row func(i int, item *T) ([]any, error)) error {
	if len(items) == 0 {
		return nil
	}
	stmt, err := w.tx.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i := range items {
		values, err := row(i, &items[i])
		if err != nil {
			return err
		}
		if _, err := stmt.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return nil
}

// A shared table keeps a record once for all scans that have it.
type shared struct{ find, add string }

func purposes() shared {
	return shared{
		find: `SELECT seq FROM purposes WHERE sha256 = $1`,
		add:  `INSERT INTO purposes (sha256, record) VALUES ($1, $2) RETURNING seq`,
	}
}

func citations() shared {
	return shared{
		find: `SELECT seq FROM citations WHERE sha256 = $1`,
		add:  `INSERT INTO citations (sha256, record) VALUES ($1, $2) RETURNING seq`,
	}
}

func policyTexts() shared {
	return shared{
		find: `SELECT seq FROM policy_texts WHERE sha256 = $1`,
		add:  `INSERT INTO policy_texts (sha256, record) VALUES ($1, $2) RETURNING seq`,
	}
}

// intern returns the row of a record in a shared table. No other transaction
// writes between its two statements: ours holds the file's write lock.
func (w *writer) intern(ctx context.Context, t shared, record string) (int64, error) {
	key := t.find + record
	if seq, ok := w.interned[key]; ok {
		return seq, nil
	}
	hash := sha256.Sum256([]byte(record))
	var seq int64
	err := w.tx.QueryRowContext(ctx, t.find, hash[:]).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		err = w.tx.QueryRowContext(ctx, t.add, hash[:], record).Scan(&seq)
	}
	if err != nil {
		return 0, err
	}
	w.interned[key] = seq
	return seq, nil
}

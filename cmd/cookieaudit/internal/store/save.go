package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// maxID is how many bytes a scan's ID may have: the index that finds scans by
// the beginning of their ID holds no long rows on a server.
const maxID = 255

// Save stores the record of one scan, whole or not at all. j is nil where the
// scan could not be audited; otherwise its lists run parallel to those of the
// scan. The error is ErrExists where the ID is taken.
func (s *Store) Save(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	return s.Write(ctx, func(tx *sql.Tx) error { return s.SaveTx(ctx, tx, scan, j) })
}

// SaveTx is Save as a part of a transaction of Write, so that something else,
// such as the completion of the job that made the scan, is done exactly if the
// scan is stored. After ErrExists the transaction goes on; after any other error
// it can only be rolled back, for a part of the record may be in it.
func (s *Store) SaveTx(ctx context.Context, tx *sql.Tx, scan *evidence.Scan, j *audit.Judgement) error {
	err := check(scan, j)
	if err == nil {
		w := &writer{tx: tx, enc: newEncoder(), dialect: s.dialect}
		err = w.record(ctx, scan, j)
	}
	if err != nil {
		return s.explain(fmt.Sprintf("save scan %s of %s in", scan.ID, scan.Site.Host), err)
	}
	return nil
}

// check refuses what could not be found again or not be read back as it was.
func check(scan *evidence.Scan, j *audit.Judgement) error {
	if scan.ID == "" {
		return errors.New("the scan has no ID")
	}
	if len(scan.ID) > maxID {
		return fmt.Errorf("the scan's ID has %d bytes, more than %d", len(scan.ID), maxID)
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
	dialect
	tx     *sql.Tx
	enc    *encoder
	site   int64 // sites.seq
	scan   int64 // scans.seq
	shared sharedRows
}

// record writes a record. The order of the steps is also the one in which rows
// are locked that several transactions want, so that no two wait for each other:
// the site, what is shared, the scan's own, the site's latest scan.
func (w *writer) record(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	if err := w.lock(ctx, w.tx, w.lockSaves); err != nil {
		return err
	}
	if err := w.head(ctx, scan, j); err != nil {
		return err
	}
	if j == nil {
		j = &audit.Judgement{}
	}
	for _, write := range []func(context.Context, *evidence.Scan, *audit.Judgement) error{
		w.share, w.visits, w.cookies, w.storage, w.requests, w.declared, w.findings,
	} {
		if err := write(ctx, scan, j); err != nil {
			return err
		}
	}
	return w.summarise(ctx)
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
	if w.site, err = w.siteOf(ctx, scan.Site); err != nil {
		return fmt.Errorf("site: %w", err)
	}
	err = w.tx.QueryRowContext(ctx, `INSERT INTO scans (record, judgement, site) VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING RETURNING seq`, record, judgement, w.site).Scan(&w.scan)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrExists
	}
	return err
}

// emptied returns a list without items that is nil where list is nil.
func emptied[T any](list []T) []T { return list[:0:0] }

// rowsPerInsert is how many rows go to the database at once: a server is asked
// once for as many, over a network, and a file takes them faster too.
const rowsPerInsert = 50

// onConflictNothing leaves a row alone that is there already.
const onConflictNothing = " ON CONFLICT DO NOTHING"

// insert adds a row for each item. into names the table and its columns, end is
// the end of the statement.
func insert[T any](ctx context.Context, w *writer, into, end string, items []T, row func(i int, item *T) ([]any, error)) error {
	var values []any
	pending := 0
	for i := range items {
		r, err := row(i, &items[i])
		if err != nil {
			return err
		}
		values, pending = append(values, r...), pending+1
		if pending < rowsPerInsert && i+1 < len(items) {
			continue
		}
		statement := "INSERT INTO " + into + " VALUES " + tuples(pending, len(r)) + end //nolint:gosec // the program's own constants, and numbers of arguments
		if _, err := w.tx.ExecContext(ctx, statement, values...); err != nil {
			return err
		}
		values, pending = values[:0], 0
	}
	return nil
}

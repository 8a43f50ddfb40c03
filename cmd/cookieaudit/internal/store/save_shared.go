package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// sharedRows are the rows that a record points to, parallel to its lists.
type sharedRows struct {
	cookies, storage, requests []int64 // of purposes
	citations, texts           []int64
}

// share writes what many scans have in common, where it is not there yet.
func (w *writer) share(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	var records []any
	for _, list := range [][]audit.Assessment{j.Cookies, j.Storage, j.Requests} {
		for i := range list {
			record, err := w.enc.encode(&list[i].Purpose)
			if err != nil {
				return err
			}
			records = append(records, record)
		}
	}
	rows, err := w.intern(ctx, "purposes", records)
	if err != nil {
		return fmt.Errorf("purposes: %w", err)
	}
	w.shared.cookies, rows = rows[:len(j.Cookies)], rows[len(j.Cookies):]
	w.shared.storage, w.shared.requests = rows[:len(j.Storage)], rows[len(j.Storage):]

	records = nil
	for i := range j.Findings {
		record, err := w.enc.encode(j.Findings[i].Citations)
		if err != nil {
			return err
		}
		records = append(records, record)
	}
	if w.shared.citations, err = w.intern(ctx, "citations", records); err != nil {
		return fmt.Errorf("citations: %w", err)
	}

	records = nil
	for i := range scan.Policies {
		records = append(records, w.raw(scan.Policies[i].Text))
	}
	if w.shared.texts, err = w.intern(ctx, "policy_texts", records); err != nil {
		return fmt.Errorf("texts of policies: %w", err)
	}
	return nil
}

type hash = [sha256.Size]byte

// A distinctRecord is one that a scan has at least once.
type distinctRecord struct {
	hash   hash
	record any // string or []byte
	row    int64
}

// intern returns the rows of records, string or []byte, in a table that keeps
// each once. New ones are added in the order of their hashes: two transactions
// that add the same ones must not wait for each other in a circle.
func (w *writer) intern(ctx context.Context, table string, records []any) ([]int64, error) {
	distinct := map[hash]*distinctRecord{}
	hashes := make([]hash, len(records))
	for i, record := range records {
		switch r := record.(type) {
		case string:
			hashes[i] = sha256.Sum256([]byte(r))
		case []byte:
			hashes[i] = sha256.Sum256(r)
		}
		distinct[hashes[i]] = &distinctRecord{hash: hashes[i], record: record}
	}
	ordered := slices.SortedFunc(maps.Values(distinct), func(a, b *distinctRecord) int {
		return bytes.Compare(a.hash[:], b.hash[:])
	})
	if err := w.findShared(ctx, table, ordered, distinct); err != nil {
		return nil, err
	}
	missing := slices.DeleteFunc(ordered, func(d *distinctRecord) bool { return d.row != 0 })
	err := insert(ctx, w, table+" (sha256, record)", onConflictNothing, missing, func(_ int, d **distinctRecord) ([]any, error) {
		return []any{(*d).hash[:], (*d).record}, nil
	})
	if err != nil {
		return nil, err
	}
	// What another transaction added a moment before is found as well.
	if err := w.findShared(ctx, table, missing, distinct); err != nil {
		return nil, err
	}
	rows := make([]int64, len(records))
	for i := range records {
		rows[i] = distinct[hashes[i]].row
	}
	return rows, nil
}

// findShared notes the rows of those records that the table has.
func (w *writer) findShared(ctx context.Context, table string, wanted []*distinctRecord, distinct map[hash]*distinctRecord) error {
	for chunk := range slices.Chunk(wanted, rowsPerInsert) {
		hashes := make([]any, len(chunk))
		for i, d := range chunk {
			hashes[i] = d.hash[:]
		}
		query := "SELECT sha256, seq FROM " + table + " WHERE sha256 IN " + placeholders(1, len(chunk))
		err := each(ctx, w.tx, query, hashes, func(scan func(...any) error) error {
			var sum []byte
			var row int64
			if err := scan(&sum, &row); err != nil {
				return err
			}
			if d := distinct[hash(sum)]; d != nil {
				d.row = row
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// siteOf returns the row of a site, which is added where it is new.
func (w *writer) siteOf(ctx context.Context, site evidence.Site) (row int64, err error) {
	find := func() error {
		return w.tx.QueryRowContext(ctx, `SELECT seq FROM sites WHERE url = $1`, w.text(site.URL)).Scan(&row)
	}
	if err = find(); !errors.Is(err, sql.ErrNoRows) {
		return row, err
	}
	_, err = w.tx.ExecContext(ctx, `INSERT INTO sites (url, host, domain) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		w.text(site.URL), w.text(site.Host), w.text(site.Domain))
	if err != nil {
		return 0, err
	}
	return row, find()
}

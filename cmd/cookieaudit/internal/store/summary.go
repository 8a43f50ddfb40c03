package store

import (
	"context"
	"fmt"
)

// summarise writes what is derived of a record whose rows are written: what it
// counts, and, where none of its site was started later, that it is the latest.
func (w *writer) summarise(ctx context.Context) error {
	if _, err := w.tx.ExecContext(ctx, addSummary, w.scan); err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	done, err := w.tx.ExecContext(ctx, makeLatest, w.scan)
	if err != nil {
		return fmt.Errorf("latest scan of the site: %w", err)
	}
	if n, err := done.RowsAffected(); n == 0 || err != nil {
		return err
	}
	if err := w.index(ctx); err != nil {
		return err
	}
	return w.violations(ctx, w.site)
}

// index writes anew what a search finds of the scan's site, whose latest scan it
// is, and which classes it declares.
func (w *writer) index(ctx context.Context) error {
	for _, statement := range []string{
		`DELETE FROM terms WHERE site = $1`,
		`INSERT INTO terms (site, kind, text)
			SELECT x.seq, 'cookie', c.name FROM sites x
				JOIN cookies c ON c.scan = x.latest
				WHERE c.name <> '' AND x.seq = $1
			UNION SELECT x.seq, 'provider', p.provider FROM sites x
				JOIN cookies c ON c.scan = x.latest JOIN purposes p ON p.seq = c.purpose
				WHERE p.provider <> '' AND x.seq = $1
			UNION SELECT x.seq, 'provider', p.provider FROM sites x
				JOIN storage_items i ON i.scan = x.latest JOIN purposes p ON p.seq = i.purpose
				WHERE p.provider <> '' AND x.seq = $1
			UNION SELECT x.seq, 'provider', p.provider FROM sites x
				JOIN requests r ON r.scan = x.latest JOIN purposes p ON p.seq = r.purpose
				WHERE p.provider <> '' AND x.seq = $1`,
		`DELETE FROM classes WHERE site = $1`,
		`INSERT INTO classes (site, name, category)
			SELECT DISTINCT x.seq, d.name, d.category FROM sites x
				JOIN declarations d ON d.scan = x.latest
				WHERE d.name <> '' AND d.category NOT IN ('', 'unknown') AND d.unsure IS NULL AND x.seq = $1`,
	} {
		if _, err := w.tx.ExecContext(ctx, statement, w.site); err != nil {
			return fmt.Errorf("terms and classes of the site: %w", err)
		}
	}
	return nil
}

// The columns of severities stand in the order of audit.Severities.
const (
	addSummary = `INSERT INTO summaries
		SELECT s.seq,
			(SELECT count(*) FROM cookies c WHERE c.scan = s.seq),
			(SELECT count(*) FROM cookies c WHERE c.scan = s.seq AND c.party = 'third'),
			count(*) FILTER (WHERE f.severity = 'critical'),
			count(*) FILTER (WHERE f.severity = 'high'),
			count(*) FILTER (WHERE f.severity = 'medium'),
			count(*) FILTER (WHERE f.severity = 'low'),
			count(*) FILTER (WHERE f.severity = 'info'),
			count(*) FILTER (WHERE f.severity = 'critical' AND NOT f.accepted),
			count(*) FILTER (WHERE f.severity = 'high' AND NOT f.accepted),
			count(*) FILTER (WHERE f.severity = 'medium' AND NOT f.accepted),
			count(*) FILTER (WHERE f.severity = 'low' AND NOT f.accepted),
			count(*) FILTER (WHERE f.severity = 'info' AND NOT f.accepted)
		FROM scans s LEFT JOIN findings f ON f.scan = s.seq AND f.verdict = 'violation'
		WHERE s.seq = $1 GROUP BY s.seq`

	// The site's row has what is compared, not its latest scan: of a row that
	// another transaction has just changed, the new state is looked at.
	makeLatest = `UPDATE sites SET latest = s.seq, latest_started = coalesce(s.started, ''),
			host = coalesce(s.host, ''), domain = coalesce(s.domain, '')
		FROM scans s
		WHERE s.seq = $1 AND sites.seq = s.site AND (sites.latest IS NULL
			OR sites.latest_started < coalesce(s.started, '')
			OR (sites.latest_started = coalesce(s.started, '') AND sites.latest < s.seq))`
)

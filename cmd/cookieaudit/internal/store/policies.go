package store

import (
	"context"
	"database/sql"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// maxEarlier is how many earlier scans are looked through for one that could
// read the policies.
const maxEarlier = 100

const earlierScans = `SELECT s.seq, s.record, EXISTS (SELECT 1 FROM policies p WHERE p.scan = s.seq)
	FROM sites x JOIN scans s ON s.site = x.seq
	WHERE x.url = $1 AND s.started < $2` + newestFirst + ` LIMIT $3`

// EarlierPolicies returns what the latest earlier scan of the same site read of
// its policies, nil where there is none: the scan without its visits, cookies,
// storage items and requests. A scan that could not read them says nothing of
// them: the one before is taken, and the latest of those that were passed over
// is between.
func (s *Store) EarlierPolicies(ctx context.Context, scan *evidence.Scan) (earlier, between *evidence.Scan, err error) {
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		var found int64
		err := each(ctx, tx, earlierScans, []any{s.text(scan.Site.URL), startedText(scan.Started), maxEarlier}, func(row func(...any) error) error {
			if found != 0 {
				return nil
			}
			var candidate evidence.Scan
			var seq int64
			var has bool
			var record string
			if err := row(&seq, &record, &has); err != nil {
				return err
			}
			if err := decode(record, &candidate); err != nil {
				return err
			}
			switch {
			case has || candidate.PolicySearch.Outcome == evidence.Complete:
				found, earlier = seq, &candidate
			case between == nil:
				between = &candidate
			}
			return nil
		})
		if err != nil || found == 0 {
			return err
		}
		r := &reader{tx: tx, scan: found}
		return r.declared(ctx, earlier, &audit.Judgement{})
	})
	return earlier, between, s.explain("look for an earlier scan in", err)
}

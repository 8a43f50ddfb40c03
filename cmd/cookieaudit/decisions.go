package main

import (
	"context"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/store"
	"cookieaudit/crawler/evidence"
)

// decided are the findings that users of the dashboard have accepted and nobody
// has withdrawn. Every audit adds them to those of a file.
func decided(ctx context.Context, db *store.Store) ([]audit.Suppression, error) {
	all, err := db.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	return audit.Standing(all), nil
}

// asOfToday returns a stored judgement as it stands today; nil where there is
// none.
func asOfToday(scan *evidence.Scan, j *audit.Judgement, suppressions []audit.Suppression) *audit.Judgement {
	if j == nil {
		return nil
	}
	return j.On(scan.Site, time.Now(), suppressions)
}

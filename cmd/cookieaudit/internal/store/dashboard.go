package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A SiteQuery chooses sites.
type SiteQuery struct {
	// Text is a part of the address of the landing page, in any case.
	Text string
	// Sort is one of SiteSorts; the first of them where it is empty.
	Sort string
	// Limit is how many are listed at most, 0 for all; Offset how many are left
	// out before.
	Limit, Offset int
	// Trend is how many of the latest scans of each site are in SiteStatus.Trend.
	Trend int
}

// SiteSorts lists the orders of sites: by address, by the lowest score, by the
// latest and by the oldest of their latest scans.
func SiteSorts() []string { return []string{"site", "score", "latest", "oldest"} }

// siteOrders are the orders of SiteSorts. A site without a score comes last.
func siteOrders() map[string]string {
	return map[string]string{
		"site":   `x.url`,
		"score":  `coalesce(s.score, 101), x.url`,
		"latest": `x.latest_started DESC, x.seq DESC`,
		"oldest": `x.latest_started, x.seq`,
	}
}

// A SiteStatus is a site with what its scans say of it.
type SiteStatus struct {
	Latest ScanStatus
	// Trend are its latest scans, the oldest of them first.
	Trend []Point
}

// A ScanStatus is a scan with its numbers.
type ScanStatus struct {
	ID       string
	Site     evidence.Site
	Started  time.Time
	Finished time.Time
	Profile  string
	Outcome  evidence.Outcome
	Why      string
	// Score is nil where no rule could be answered, or there was no audit.
	Score *audit.Score
	// Open counts violations that nobody had accepted when the scan was judged,
	// by severity; one without any is absent. It is nil where there was no audit.
	Open map[audit.Severity]int
	// Accepted counts the others, and Cookies all cookies, refused ones too: what
	// could be seen where the outcome is not complete.
	Accepted int
	Cookies  int
}

// A Point is a scan in a chart. Score is as in ScanStatus.
type Point struct {
	Started time.Time
	Outcome evidence.Outcome
	Score   *int
}

const (
	statusColumns = ` s.record, s.judgement, c.cookies, c.critical + c.high + c.medium + c.low + c.info,
		c.open_critical, c.open_high, c.open_medium, c.open_low, c.open_info `

	siteTextCondition = ` WHERE lower(x.url) LIKE $1 ESCAPE '\'`

	countSites = `SELECT count(*) FROM sites x` + siteTextCondition + ` AND x.latest IS NOT NULL`
	// The order is put between the two.
	listSites = `SELECT x.seq,` + statusColumns + `FROM sites x
		JOIN scans s ON s.seq = x.latest JOIN summaries c ON c.scan = s.seq` + siteTextCondition + ` ORDER BY `
	limited = ` LIMIT $2 OFFSET $3`

	countSiteScans = `SELECT count(*) FROM scans s` + ofSite
	listSiteScans  = `SELECT` + statusColumns + `FROM scans s JOIN summaries c ON c.scan = s.seq` +
		ofSite + newestFirst + ` LIMIT $4 OFFSET $5`
)

// Sites lists the sites that have scans, each with its latest one, and counts
// all that the query chooses.
func (s *Store) Sites(ctx context.Context, q SiteQuery) (sites []SiteStatus, total int, err error) {
	order, ok := siteOrders()[q.Sort]
	if q.Sort == "" {
		order, ok = siteOrders()[SiteSorts()[0]], true
	}
	if !ok {
		return nil, 0, fmt.Errorf("list sites: there is no order %q", q.Sort)
	}
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		text := containing(q.Text)
		if err := tx.QueryRowContext(ctx, countSites, text).Scan(&total); err != nil {
			return err
		}
		var rows []int64
		err := each(ctx, tx, listSites+order+limited, []any{text, limitOf(q.Limit), q.Offset}, func(scan func(...any) error) error {
			var row int64
			status, err := scanStatus(scan, &row)
			sites, rows = append(sites, SiteStatus{Latest: status}), append(rows, row)
			return err
		})
		if err != nil || q.Trend <= 0 {
			return err
		}
		trends, err := trendsOf(ctx, tx, rows, q.Trend)
		for i, row := range rows {
			sites[i].Trend = trends[row]
		}
		return err
	})
	return sites, total, s.explain("list the sites in", err)
}

// SiteHistory lists scans of a site, which is as in Filter, the one that was
// started last first, and counts all of them. A limit of 0 means all.
func (s *Store) SiteHistory(ctx context.Context, site string, limit, offset int) (scans []ScanStatus, total int, err error) {
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		args := s.siteArgs(site)
		if err := tx.QueryRowContext(ctx, countSiteScans, args...).Scan(&total); err != nil {
			return err
		}
		return each(ctx, tx, listSiteScans, append(args, limitOf(limit), offset), func(scan func(...any) error) error {
			status, err := scanStatus(scan)
			scans = append(scans, status)
			return err
		})
	})
	return scans, total, s.explain("list the scans in", err)
}

// scanStatus reads further columns, then statusColumns.
func scanStatus(row func(...any) error, further ...any) (ScanStatus, error) {
	var status ScanStatus
	var record string
	var judgement sql.NullString
	var violations int
	open := make([]int, len(audit.Severities()))
	into := append(further, &record, &judgement, &status.Cookies, &violations)
	for i := range open {
		into = append(into, &open[i])
	}
	if err := row(into...); err != nil {
		return status, err
	}
	var head struct { // of evidence.Scan: the rest is not decoded
		ID                string
		Site              evidence.Site
		Started, Finished time.Time
		Profile           string
		Outcome           evidence.Outcome
		Why               string
	}
	if err := decode(record, &head); err != nil {
		return status, err
	}
	status.ID, status.Site, status.Started, status.Finished = head.ID, head.Site, head.Started, head.Finished
	status.Profile, status.Outcome, status.Why = head.Profile, head.Outcome, head.Why
	if !judgement.Valid {
		return status, nil
	}
	var judged struct{ Score *audit.Score }
	if err := decode(judgement.String, &judged); err != nil {
		return status, err
	}
	status.Score, status.Open, status.Accepted = judged.Score, bySeverity(open), violations
	for _, n := range open {
		status.Accepted -= n
	}
	return status, nil
}

// trendQuery asks for the points of some sites. The scan from which on they are
// listed is found by an index, and so are they. CROSS keeps SQLite from asking the
// other way round, for the beginning again with each scan: 200 sites took ten
// times as long.
func trendQuery(sites int) string {
	return `WITH chosen AS (
			SELECT x.seq, (SELECT t.started FROM scans t WHERE t.site = x.seq
				ORDER BY t.started DESC, t.seq DESC LIMIT 1 OFFSET $1) AS since
			FROM sites x WHERE x.seq IN ` + placeholders(2, sites) + `)
		SELECT s.site, s.started, s.outcome, s.score FROM chosen
			CROSS JOIN scans s WHERE s.site = chosen.seq AND s.started >= coalesce(chosen.since, '')
			ORDER BY s.site, s.started, s.seq`
}

// trendsOf returns the last points of each site, the oldest first.
func trendsOf(ctx context.Context, tx *sql.Tx, sites []int64, length int) (map[int64][]Point, error) {
	trends := map[int64][]Point{}
	if len(sites) == 0 {
		return trends, nil
	}
	args := []any{length - 1}
	for _, row := range sites {
		args = append(args, row)
	}
	err := each(ctx, tx, trendQuery(len(sites)), args, func(scan func(...any) error) error {
		var site int64
		var started string
		var p Point
		if err := scan(&site, &started, &p.Outcome, &p.Score); err != nil {
			return err
		}
		var err error
		p.Started, err = parseStarted(started)
		trends[site] = append(trends[site], p)
		return err
	})
	for site, points := range trends { // several may have been started at the same moment
		trends[site] = points[max(0, len(points)-length):]
	}
	return trends, err
}

// containing returns the pattern of LIKE for texts that contain a text in any
// case, of letters of ASCII as in lower() of both engines. LIKE of SQLite ends at
// U+0000: as in PostgreSQL, it is looked for by its symbol.
func containing(text string) string {
	escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(lower(postgresText(text)))
	return "%" + escaped + "%"
}

func lower(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

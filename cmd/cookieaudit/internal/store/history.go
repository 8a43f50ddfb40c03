package store

import (
	"context"
	"net/url"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A Filter chooses scans.
type Filter struct {
	// Site is a host, a registrable domain or the address of a landing page, as
	// in evidence.Site; empty for every site.
	Site string
	// Limit is how many scans are listed at most; 0 for all.
	Limit int
}

// An Entry is one line of a history.
type Entry struct {
	ID       string           `json:"id"`
	Site     evidence.Site    `json:"site"`
	Started  time.Time        `json:"started"`
	Finished time.Time        `json:"finished"`
	Profile  string           `json:"profile"`
	Outcome  evidence.Outcome `json:"outcome"`
	Why      string           `json:"why,omitempty"`
	// Cookies counts every cookie of the record, refused ones too. Where the
	// outcome is not complete, it is what could be seen, not what there is.
	Cookies           int `json:"cookies"`
	ThirdPartyCookies int `json:"third_party_cookies"`
	// Violations counts by severity; a severity without any is absent. It is
	// nil where the scan was not audited.
	Violations map[audit.Severity]int `json:"violations"`
}

// History lists stored scans, the one that was started last first.
func (s *Store) History(ctx context.Context, f Filter) ([]Entry, error) {
	entries, err := s.history(ctx, f)
	if err != nil {
		return nil, s.explain("list the scans in", err)
	}
	return entries, nil
}

func (s *Store) history(ctx context.Context, f Filter) ([]Entry, error) {
	query, args := historyOfAll, []any{}
	if f.Site != "" {
		query, args = historyOfSite, s.siteArgs(f.Site)
	}
	entries := []Entry{}
	err := each(ctx, s.read, query, append(args, limitOf(f.Limit)), func(scan func(...any) error) error {
		e, err := entry(scan)
		entries = append(entries, e)
		return err
	})
	return entries, err
}

const (
	ofSite      = ` WHERE s.url = $1 OR s.host = $2 OR s.domain = $3`
	newestFirst = ` ORDER BY s.started DESC, s.seq DESC`

	historyColumns = `SELECT s.record, s.judgement IS NOT NULL, c.cookies, c.third_party_cookies,
		c.critical, c.high, c.medium, c.low, c.info
		FROM scans s JOIN summaries c ON c.scan = s.seq`
	historyOfAll  = historyColumns + newestFirst + ` LIMIT $1`
	historyOfSite = historyColumns + ofSite + newestFirst + ` LIMIT $4`

	latestOfAll  = `SELECT s.seq FROM scans s` + newestFirst + ` LIMIT 1`
	latestOfSite = `SELECT s.seq FROM scans s` + ofSite + newestFirst + ` LIMIT 1`
)

// siteArgs returns the arguments of ofSite for Filter.Site. What is NULL equals
// nothing.
func (s *Store) siteArgs(site string) []any {
	site = s.text(site)
	u, err := url.Parse(site)
	if err != nil || u.Host == "" {
		name := strings.TrimSuffix(strings.ToLower(site), ".")
		return []any{nil, name, name}
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	u.User, u.Fragment = nil, ""
	if u.Path == "" {
		u.Path = "/"
	}
	return []any{u.String(), nil, nil}
}

func entry(row func(...any) error) (Entry, error) {
	var e Entry
	var record string
	var audited bool
	counts := make([]int, len(audit.Severities()))
	into := []any{&record, &audited, &e.Cookies, &e.ThirdPartyCookies}
	for i := range counts {
		into = append(into, &counts[i])
	}
	if err := row(into...); err != nil {
		return e, err
	}
	var scan evidence.Scan
	if err := decode(record, &scan); err != nil {
		return e, err
	}
	e.ID, e.Site, e.Started, e.Finished = scan.ID, scan.Site, scan.Started, scan.Finished
	e.Profile, e.Outcome, e.Why = scan.Profile, scan.Outcome, scan.Why
	if audited {
		e.Violations = bySeverity(counts)
	}
	return e, nil
}

// bySeverity names counts that stand in the order of audit.Severities, as the
// columns of summaries do.
func bySeverity(counts []int) map[audit.Severity]int {
	named := map[audit.Severity]int{}
	for i, severity := range audit.Severities() {
		if counts[i] > 0 {
			named[severity] = counts[i]
		}
	}
	return named
}

package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A FindingQuery chooses violations; empty fields choose all.
type FindingQuery struct {
	Rule     string
	Provider string
	// Site is as in Filter.
	Site     string
	Severity audit.Severity
	// Scans are IDs of the scans whose violations are meant, whether or not they
	// are the latest of their sites; nil for the latest scan of every site.
	Scans []string
	// Limit is how many are listed at most, 0 for all; Offset how many are left
	// out before.
	Limit, Offset int
}

// A Violation is a finding of a scan, as it was judged then.
type Violation struct {
	Scan      string
	Site      evidence.Site
	Started   time.Time
	Rule      string
	Title     string
	Severity  audit.Severity
	Certainty audit.Certainty
	Subject   audit.Subject
	// Provider is who is behind the subject; empty where that is not known.
	Provider string
	Message  string
	Accepted *audit.Acceptance
}

// A ViolationCount counts violations in the latest scans of all sites.
type ViolationCount struct {
	Name     string         // a rule's ID, or a provider
	Severity audit.Severity // the gravest, of accepted ones too
	Open     int
	Accepted int
	Sites    int // that have open ones
}

// severityRank is a column that sorts as audit.Severities does.
const severityRank = `CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END`

// Findings lists violations, the gravest first, then by rule and site, and
// counts all that the query chooses.
func (s *Store) Findings(ctx context.Context, q FindingQuery) (found []Violation, total int, err error) {
	if q.Scans != nil && len(q.Scans) == 0 {
		return nil, 0, nil
	}
	from, args := s.violationsOf(q)
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT count(*)`+from, args...).Scan(&total); err != nil {
			return err
		}
		page := placeholder(len(args)+1) + ` OFFSET ` + placeholder(len(args)+2)
		query := `SELECT x.url, x.host, x.domain, s.id, s.started, f.record, f.provider` + from +
			` ORDER BY ` + severityRank + `, f.rule, x.url, f.scan, f.position LIMIT ` + page
		return each(ctx, tx, query, append(args, limitOf(q.Limit), q.Offset), func(scan func(...any) error) error {
			v, err := violation(scan)
			found = append(found, v)
			return err
		})
	})
	return found, total, s.explain("list the findings in", err)
}

// violationsOf returns where the violations of a query are found.
func (s *Store) violationsOf(q FindingQuery) (from string, args []any) {
	var b strings.Builder
	b.WriteString(` FROM sites x JOIN scans s ON `)
	if q.Scans == nil {
		b.WriteString(`s.seq = x.latest`)
	} else {
		b.WriteString(`s.site = x.seq AND s.id IN ` + placeholders(1, len(q.Scans)))
		for _, id := range q.Scans {
			args = append(args, s.text(id))
		}
	}
	b.WriteString(` JOIN findings f ON f.scan = s.seq AND f.verdict = 'violation' WHERE TRUE`)
	equal := func(column, value string) {
		if value != "" {
			args = append(args, s.text(value))
			b.WriteString(` AND ` + column + ` = ` + placeholder(len(args)))
		}
	}
	equal(`f.rule`, q.Rule)
	equal(`f.provider`, q.Provider)
	equal(`f.severity`, string(q.Severity))
	if q.Site != "" {
		n := len(args)
		args = append(args, s.siteArgs(q.Site)...)
		b.WriteString(` AND (x.url = ` + placeholder(n+1) + ` OR x.host = ` + placeholder(n+2) + ` OR x.domain = ` + placeholder(n+3) + `)`)
	}
	return b.String(), args
}

func violation(row func(...any) error) (Violation, error) {
	var v Violation
	var started, provider sql.NullString
	var record string
	if err := row(&v.Site.URL, &v.Site.Host, &v.Site.Domain, &v.Scan, &started, &record, &provider); err != nil {
		return v, err
	}
	var f struct { // of audit.Finding: the rest is not decoded
		Rule      string
		Title     string
		Severity  audit.Severity
		Certainty audit.Certainty
		Subject   audit.Subject
		Message   string
		Accepted  *audit.Acceptance
	}
	if err := decode(record, &f); err != nil {
		return v, err
	}
	v.Rule, v.Title, v.Severity, v.Certainty, v.Subject = f.Rule, f.Title, f.Severity, f.Certainty, f.Subject
	v.Message, v.Accepted, v.Provider = f.Message, f.Accepted, provider.String
	var err error
	v.Started, err = parseStarted(started.String)
	return v, err
}

// CountByRule counts the violations of each rule in the latest scans of all
// sites, the gravest and most frequent first.
func (s *Store) CountByRule(ctx context.Context) ([]ViolationCount, error) {
	return s.countBy(ctx, countByRule)
}

// CountByProvider is CountByRule by who is behind what the violations are about.
// Those of which that is not known are not in it.
func (s *Store) CountByProvider(ctx context.Context) ([]ViolationCount, error) {
	return s.countBy(ctx, countByProvider)
}

const (
	countByRule = `SELECT f.rule` + countColumns + `GROUP BY f.rule ORDER BY 2, 5 DESC, 1`

	countByProvider = `SELECT f.provider` + countColumns + `AND f.provider <> '' GROUP BY f.provider ORDER BY 2, 5 DESC, 1`

	countColumns = `, min(` + severityRank + `), count(*) FILTER (WHERE NOT f.accepted), count(*) FILTER (WHERE f.accepted),
		count(DISTINCT f.scan) FILTER (WHERE NOT f.accepted)
		FROM sites x JOIN findings f ON f.scan = x.latest AND f.verdict = 'violation' WHERE f.rule <> '' `
)

func (s *Store) countBy(ctx context.Context, query string) (counts []ViolationCount, err error) {
	err = each(ctx, s.read, query, nil, func(scan func(...any) error) error {
		var c ViolationCount
		var rank int
		err := scan(&c.Name, &rank, &c.Open, &c.Accepted, &c.Sites)
		c.Severity = audit.Severities()[rank]
		counts = append(counts, c)
		return err
	})
	return counts, s.explain("count the findings in", err)
}

// A Hit is something that a search found in the latest scans.
type Hit struct {
	Kind  string // host, cookie or provider
	Text  string
	Sites int // that have it
	// Site and Scan are one of them, and its latest scan.
	Site evidence.Site
	Scan string
}

const searchTerms = `SELECT h.kind, h.text, h.sites, x.url, x.host, x.domain, s.id FROM (
		SELECT 0 AS rank, 'host' AS kind, host AS text, count(*) AS sites, min(seq) AS site FROM sites
			WHERE lower(host) LIKE $1 ESCAPE '\' AND latest IS NOT NULL GROUP BY host
		UNION ALL
		SELECT 1, kind, text, count(*), min(site) FROM terms
			WHERE lower(text) LIKE $1 ESCAPE '\' GROUP BY kind, text
	) h JOIN sites x ON x.seq = h.site JOIN scans s ON s.seq = x.latest
	ORDER BY h.rank, h.kind, h.sites DESC, h.text LIMIT $2`

// Search looks for a part of a host, of a cookie's name or of a provider, in any
// case, in the latest scans of all sites: hosts first, then by how many sites
// have it.
func (s *Store) Search(ctx context.Context, text string, limit int) (hits []Hit, err error) {
	err = each(ctx, s.read, searchTerms, []any{containing(text), limitOf(limit)}, func(scan func(...any) error) error {
		var h Hit
		err := scan(&h.Kind, &h.Text, &h.Sites, &h.Site.URL, &h.Site.Host, &h.Site.Domain, &h.Scan)
		hits = append(hits, h)
		return err
	})
	return hits, s.explain("search in", err)
}

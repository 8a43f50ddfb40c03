package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// A FindingQuery chooses violations in the latest scan of every site; empty fields
// choose all.
type FindingQuery struct {
	Rule     string
	Provider string
	// Site is as in Filter.
	Site     string
	Severity audit.Severity
	// State is "open" or "accepted", as it stands on Day; empty for both.
	State string
	Day   time.Time
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

// A ViolationCount counts violations in the latest scans of all sites, as they
// stand on a day.
type ViolationCount struct {
	Name     string         // a rule's ID, or a provider
	Severity audit.Severity // the gravest, of accepted ones too
	Open     int
	Accepted int
	Sites    int // that have open ones
}

// A site that has one host and several addresses is in the order of its scans.
const gravestFirst = `gravity, rule, host, scan, position`

// Findings lists violations, the gravest first, then by rule and host, and counts
// all that the query chooses.
func (s *Store) Findings(ctx context.Context, q FindingQuery) (found []Violation, total int, err error) {
	where, args, err := s.violationsOf(q)
	if err != nil {
		return nil, 0, err
	}
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT count(*)`+where, args...).Scan(&total); err != nil {
			return err
		}
		return each(ctx, tx, listViolations(where, len(args)), append(args, limitOf(q.Limit), q.Offset), func(scan func(...any) error) error {
			v, err := violation(scan)
			found = append(found, v)
			return err
		})
	})
	return found, total, s.explain("list the findings in", err)
}

// listViolations asks for a part of the violations of a condition with as many
// arguments: for their records once it is known which they are.
func listViolations(where string, args int) string {
	return `SELECT x.url, x.host, x.domain, s.id, s.started, f.record, f.provider FROM (SELECT ` + gravestFirst + where + ` ORDER BY ` + gravestFirst + ` LIMIT ` + placeholder(args+1) + ` OFFSET ` + placeholder(args+2) + `) page
		JOIN findings f ON f.scan = page.scan AND f.position = page.position JOIN scans s ON s.seq = page.scan JOIN sites x ON x.seq = s.site
		ORDER BY page.gravity, page.rule, page.host, page.scan, page.position`
}

// FindingsOf returns the violations of scans, whether or not they are the latest
// of their sites, by the scans' IDs: with what says how grave they are. The
// subject is told of those that are accepted or that one of the rules found.
func (s *Store) FindingsOf(ctx context.Context, scans, rules []string) (map[string][]audit.Finding, error) {
	found := map[string][]audit.Finding{}
	if len(scans) == 0 {
		return found, nil
	}
	rules = append([]string{""}, rules...) // the list is never empty
	var args []any
	for _, text := range slices.Concat(scans, rules) {
		args = append(args, s.text(text))
	}
	err := each(ctx, s.read, violationsOfScans(len(scans), len(rules)), args, func(row func(...any) error) error {
		f := audit.Finding{Verdict: audit.Violation}
		var scan string
		var certainty, subject, accepted sql.NullString
		if err := row(&scan, &f.Rule, &f.Severity, &certainty, &subject, &accepted); err != nil {
			return err
		}
		f.Certainty, f.Subject.Name = audit.Certainty(certainty.String), subject.String
		if accepted.Valid {
			var of struct{ Accepted *audit.Acceptance }
			if err := decode(accepted.String, &of); err != nil {
				return err
			}
			f.Accepted = of.Accepted
		}
		found[scan] = append(found[scan], f)
		return nil
	})
	return found, s.explain("list the findings in", err)
}

// violationsOfScans reads the records only of what is accepted, or may be: the rest
// is in the index.
func violationsOfScans(scans, rules int) string {
	from := ` FROM scans s JOIN findings f ON f.scan = s.seq AND f.verdict = 'violation' WHERE s.id IN ` + placeholders(1, scans)
	of := placeholders(1+scans, rules)
	return `SELECT s.id, f.rule, f.severity, f.certainty, NULL, NULL` + from + ` AND NOT f.accepted AND f.rule NOT IN ` + of + `
		UNION ALL SELECT s.id, f.rule, f.severity, f.certainty, f.subject_name, CASE WHEN f.accepted THEN f.record END` + from + `
		AND (f.accepted OR f.rule IN ` + of + `)`
}

// violationsOf returns where the violations of a query are found.
func (s *Store) violationsOf(q FindingQuery) (from string, args []any, err error) {
	var b strings.Builder
	b.WriteString(` FROM violations WHERE TRUE`)
	where := func(condition string, value any) {
		args = append(args, value)
		b.WriteString(` AND ` + condition + placeholder(len(args)))
	}
	if q.Rule != "" {
		where(`rule = `, s.key(q.Rule, maxRuleKey))
	}
	if q.Provider != "" {
		where(`provider = `, s.key(q.Provider, maxProviderKey))
	}
	if q.Severity != "" {
		where(`gravity = `, gravity(q.Severity))
	}
	if q.Site != "" {
		n := len(args)
		args = append(args, s.siteArgs(q.Site)...)
		b.WriteString(` AND site IN (SELECT seq FROM sites WHERE url = ` + placeholder(n+1) + ` OR host = ` + placeholder(n+2) + ` OR domain = ` + placeholder(n+3) + `)`)
	}
	switch q.State {
	case "":
	case "open":
		where(`accepted_until < `, dayOf(q.Day))
	case "accepted":
		where(`accepted_until >= `, dayOf(q.Day))
	default:
		return "", nil, fmt.Errorf("list findings: there is no state %q", q.State)
	}
	return b.String(), args, nil
}

// dayOf is a day as accepted_until has it: acceptances end with a day of UTC.
func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

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

// CountByRule counts the violations of each rule in the latest scans of all sites
// as they stand on a day, the gravest and most frequent first.
func (s *Store) CountByRule(ctx context.Context, day time.Time) ([]ViolationCount, error) {
	return s.countBy(ctx, countBy("rule"), day)
}

// CountByProvider is CountByRule by who is behind what the violations are about.
// Those of which that is not known are not in it.
func (s *Store) CountByProvider(ctx context.Context, day time.Time) ([]ViolationCount, error) {
	return s.countBy(ctx, countBy("provider"), day)
}

// countBy counts by a column, in two steps: first of each scan, of which a site
// has one here. The second one counts sites without sorting them.
func countBy(column string) string {
	return `SELECT name, min(gravity), sum(open), sum(accepted), count(*) FILTER (WHERE open > 0) FROM (
			SELECT ` + column + ` AS name, min(gravity) AS gravity, count(*) FILTER (WHERE accepted_until < $1) AS open,
				count(*) FILTER (WHERE accepted_until >= $1) AS accepted
			FROM violations WHERE ` + column + ` <> '' GROUP BY ` + column + `, scan) counted
		GROUP BY name ORDER BY 2, 5 DESC, 1`
}

func (s *Store) countBy(ctx context.Context, query string, day time.Time) (counts []ViolationCount, err error) {
	err = each(ctx, s.read, query, []any{dayOf(day)}, func(scan func(...any) error) error {
		var c ViolationCount
		var gravity int
		err := scan(&c.Name, &gravity, &c.Open, &c.Accepted, &c.Sites)
		c.Severity = audit.Severities()[gravity]
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

package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

// Characters of what is in the indexes of violations. A host of the DNS is
// shorter (RFC 1035, 2.3.4), and so is every rule's ID.
const (
	maxRuleKey     = 100
	maxHostKey     = 253
	maxProviderKey = 200
)

// key cuts a text to what an index holds.
func (d *dialect) key(text string, longest int) string {
	text = d.text(text)
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest])
	}
	return text
}

// gravity is the place of a severity, 0 for the gravest.
func gravity(s audit.Severity) int {
	all := audit.Severities()
	if i := slices.Index(all, s); i >= 0 {
		return i
	}
	return len(all) - 1
}

// A listedViolation is a row of violations, and what says how long it is accepted.
type listedViolation struct {
	scan, position int64
	site           evidence.Site
	provider       sql.NullString
	finding        audit.Finding
	until          string // accepted_until as it is
}

// violations writes anew what the latest scan of a site violates.
func (w *writer) violations(ctx context.Context, site int64) error {
	standing, err := standing(ctx, w.tx)
	if err != nil {
		return fmt.Errorf("accepted findings: %w", err)
	}
	found, err := listed(ctx, w.tx, `SELECT f.scan, f.position, x.host, x.domain, f.provider, f.record, ''
		FROM sites x JOIN findings f ON f.scan = x.latest AND f.verdict = 'violation' WHERE x.seq = $1`, site)
	if err != nil {
		return fmt.Errorf("violations: %w", err)
	}
	if _, err := w.tx.ExecContext(ctx, `DELETE FROM violations WHERE site = $1`, site); err != nil {
		return fmt.Errorf("violations: %w", err)
	}
	err = insert(ctx, w, `violations (scan, position, site, gravity, rule, host, provider, accepted_until)`, "",
		found, func(_ int, v *listedViolation) ([]any, error) {
			f := &v.finding
			return []any{
				v.scan, v.position, site, gravity(f.Severity), w.key(f.Rule, maxRuleKey), w.key(v.site.Host, maxHostKey),
				w.key(v.provider.String, maxProviderKey), audit.AcceptedUntil(f, v.site, standing),
			}, nil
		})
	if err == nil {
		_, err = w.tx.ExecContext(ctx, `UPDATE sites SET listed = latest WHERE seq = $1`, site)
	}
	if err != nil {
		return fmt.Errorf("violations: %w", err)
	}
	return nil
}

// listed reads rows of listedViolation.
func listed(ctx context.Context, tx *sql.Tx, query string, args ...any) (out []listedViolation, err error) {
	err = each(ctx, tx, query, args, func(row func(...any) error) error {
		var v listedViolation
		var record string
		if err := row(&v.scan, &v.position, &v.site.Host, &v.site.Domain, &v.provider, &record, &v.until); err != nil {
			return err
		}
		err := decode(record, &v.finding)
		out = append(out, v)
		return err
	})
	return out, err
}

// catchUp lists what versions before violations was there have not listed. Of
// sites of which nothing is missing it asks one question.
func (s *Store) catchUp(ctx context.Context) error {
	const atOnce = 100
	for {
		var sites []int64
		err := each(ctx, s.write, `SELECT seq FROM sites WHERE latest IS NOT NULL AND listed IS DISTINCT FROM latest ORDER BY seq LIMIT $1`,
			[]any{atOnce}, func(row func(...any) error) error {
				var site int64
				err := row(&site)
				sites = append(sites, site)
				return err
			})
		if err != nil || len(sites) == 0 {
			return err
		}
		err = s.Write(ctx, func(tx *sql.Tx) error {
			if err := s.lock(ctx, tx, s.lockOthers); err != nil {
				return err
			}
			w := &writer{tx: tx, dialect: s.dialect}
			for _, site := range sites {
				if err := w.violations(ctx, site); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// decide runs a change of the decisions on a rule, and sets until when the rule's
// violations are accepted now.
func (s *Store) decide(ctx context.Context, doing string, change func(*sql.Tx) (rule string, err error)) error {
	return s.Write(ctx, func(tx *sql.Tx) error {
		// A scan that is being saved has its violations listed by the decisions
		// before this one, or by those after it.
		err := s.lock(ctx, tx, s.lockOthers)
		var rule string
		if err == nil {
			rule, err = change(tx)
		}
		if err == nil {
			err = s.accept(ctx, tx, rule)
		}
		return s.explain(doing, err)
	})
}

// accept sets accepted_until of all violations of a rule.
func (s *Store) accept(ctx context.Context, tx *sql.Tx, rule string) error {
	standing, err := standing(ctx, tx)
	if err != nil {
		return err
	}
	found, err := listed(ctx, tx, `SELECT v.scan, v.position, x.host, x.domain, f.provider, f.record, v.accepted_until FROM violations v
		JOIN findings f ON f.scan = v.scan AND f.position = v.position JOIN sites x ON x.seq = v.site WHERE v.rule = $1`, s.key(rule, maxRuleKey))
	if err != nil {
		return err
	}
	changed := map[string][]any{} // rows by what they are to have
	for i := range found {
		v := &found[i]
		if until := audit.AcceptedUntil(&v.finding, v.site, standing); until != v.until {
			changed[until] = append(changed[until], v.scan, v.position)
		}
	}
	for until, rows := range changed {
		for chunk := range slices.Chunk(rows, 2*rowsPerInsert) {
			these := make([]string, len(chunk)/2)
			for i := range these {
				these[i] = `scan = ` + placeholder(2*i+2) + ` AND position = ` + placeholder(2*i+3)
			}
			statement := `UPDATE violations SET accepted_until = $1 WHERE ` + strings.Join(these, ` OR `) //nolint:gosec // numbers of arguments
			if _, err := tx.ExecContext(ctx, statement, append([]any{until}, chunk...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// standing returns what decisions say that nobody has withdrawn.
func standing(ctx context.Context, tx *sql.Tx) (out []audit.Suppression, err error) {
	err = each(ctx, tx, `SELECT rule, site, subject, expires FROM decisions WHERE withdrawn_by = ''`, nil, func(row func(...any) error) error {
		var s audit.Suppression
		err := row(&s.Rule, &s.Site, &s.Subject, &s.Expires)
		out = append(out, s)
		return err
	})
	return out, err
}

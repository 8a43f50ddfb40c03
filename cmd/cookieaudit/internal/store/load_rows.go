package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

func (r *reader) visits(ctx context.Context, scan *evidence.Scan, _ *audit.Judgement) error {
	err := r.each(ctx, `SELECT record FROM visits WHERE scan = $1 ORDER BY position`,
		func(row func(...any) error) error {
			var v evidence.Visit
			err := decodeRow(row, &v)
			scan.Visits = append(scan.Visits, v)
			return err
		})
	if err != nil {
		return fmt.Errorf("visits: %w", err)
	}
	err = r.each(ctx, `SELECT record, visit FROM pages WHERE scan = $1 ORDER BY visit, position`,
		func(row func(...any) error) error {
			var p evidence.Page
			var visit int
			if err := decodeRow(row, &p, &visit); err != nil {
				return err
			}
			v, err := at(scan.Visits, visit)
			if err != nil {
				return err
			}
			v.Pages = append(v.Pages, p)
			return nil
		})
	if err != nil {
		return fmt.Errorf("pages: %w", err)
	}
	err = r.each(ctx, `SELECT record, visit, png FROM screenshots WHERE scan = $1 ORDER BY visit, position`,
		func(row func(...any) error) error {
			var s evidence.Screenshot
			var visit int
			var png []byte
			if err := decodeRow(row, &s, &visit, &png); err != nil {
				return err
			}
			s.PNG = png
			v, err := at(scan.Visits, visit)
			if err != nil {
				return err
			}
			v.Screenshots = append(v.Screenshots, s)
			return nil
		})
	if err != nil {
		return fmt.Errorf("screenshots: %w", err)
	}
	return nil
}

func (r *reader) cookies(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := r.each(ctx, `SELECT c.record, c.match, p.record FROM cookies c LEFT JOIN purposes p ON p.seq = c.purpose
		WHERE c.scan = $1 ORDER BY c.position`,
		func(row func(...any) error) (err error) {
			var c evidence.Cookie
			j.Cookies, err = assessedRow(row, &c, j.Cookies)
			scan.Cookies = append(scan.Cookies, c)
			return err
		})
	if err != nil {
		return fmt.Errorf("cookies: %w", err)
	}
	err = r.each(ctx, `SELECT record, cookie FROM cookie_writes WHERE scan = $1 ORDER BY cookie, position`,
		func(row func(...any) error) error {
			var w evidence.Write
			var cookie int
			if err := decodeRow(row, &w, &cookie); err != nil {
				return err
			}
			c, err := at(scan.Cookies, cookie)
			if err != nil {
				return err
			}
			c.Writes = append(c.Writes, w)
			return nil
		})
	if err != nil {
		return fmt.Errorf("writes of cookies: %w", err)
	}
	return nil
}

func (r *reader) storage(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := r.each(ctx, `SELECT s.record, s.match, p.record FROM storage_items s LEFT JOIN purposes p ON p.seq = s.purpose
		WHERE s.scan = $1 ORDER BY s.position`,
		func(row func(...any) error) (err error) {
			var item evidence.StorageItem
			j.Storage, err = assessedRow(row, &item, j.Storage)
			scan.Storage = append(scan.Storage, item)
			return err
		})
	if err != nil {
		return fmt.Errorf("storage items: %w", err)
	}
	return nil
}

func (r *reader) requests(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := r.each(ctx, `SELECT r.record, r.match, p.record FROM requests r LEFT JOIN purposes p ON p.seq = r.purpose
		WHERE r.scan = $1 ORDER BY r.position`,
		func(row func(...any) error) (err error) {
			var req evidence.Request
			j.Requests, err = assessedRow(row, &req, j.Requests)
			scan.Requests = append(scan.Requests, req)
			return err
		})
	if err != nil {
		return fmt.Errorf("requests: %w", err)
	}
	return nil
}

func (r *reader) declared(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := r.each(ctx, `SELECT p.record, t.record FROM policies p JOIN policy_texts t ON t.seq = p.text
		WHERE p.scan = $1 ORDER BY p.position`,
		func(row func(...any) error) error {
			var p evidence.PolicyDocument
			var text string
			err := decodeRow(row, &p, &text)
			p.Text = text
			scan.Policies = append(scan.Policies, p)
			return err
		})
	if err != nil {
		return fmt.Errorf("policies: %w", err)
	}
	err = r.each(ctx, `SELECT record, observed FROM declarations WHERE scan = $1 ORDER BY position`,
		func(row func(...any) error) error {
			var d evidence.Declaration
			var observed sql.NullBool
			err := decodeRow(row, &d, &observed)
			scan.Declarations = append(scan.Declarations, d)
			if observed.Valid {
				j.Observed = append(j.Observed, observed.Bool)
			}
			return err
		})
	if err != nil {
		return fmt.Errorf("declarations: %w", err)
	}
	err = r.each(ctx, `SELECT record FROM claims WHERE scan = $1 ORDER BY position`,
		func(row func(...any) error) error {
			var c evidence.Claim
			err := decodeRow(row, &c)
			scan.Claims = append(scan.Claims, c)
			return err
		})
	if err != nil {
		return fmt.Errorf("claims: %w", err)
	}
	return nil
}

func (r *reader) findings(ctx context.Context, _ *evidence.Scan, j *audit.Judgement) error {
	// Many findings share their citations.
	cited := map[int64]audit.Finding{}
	err := r.each(ctx, `SELECT record, seq FROM citations WHERE seq IN (SELECT citations FROM findings WHERE scan = $1)`,
		func(row func(...any) error) error {
			var f audit.Finding
			var seq int64
			err := decodeRow(row, &f.Citations, &seq)
			cited[seq] = f
			return err
		})
	if err != nil {
		return fmt.Errorf("citations: %w", err)
	}
	err = r.each(ctx, `SELECT record, citations FROM findings WHERE scan = $1 ORDER BY position`,
		func(row func(...any) error) error {
			var f audit.Finding
			var seq int64
			err := decodeRow(row, &f, &seq)
			f.Citations = slices.Clone(cited[seq].Citations)
			j.Findings = append(j.Findings, f)
			return err
		})
	if err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	return nil
}

// at returns item i; a file that was changed by hand may point beyond the list.
func at[T any](list []T, i int) (*T, error) {
	if i < 0 || i >= len(list) {
		return nil, fmt.Errorf("the record is damaged: item %d of %d", i, len(list))
	}
	return &list[i], nil
}

// decodeRow reads a row whose first column is the record of into.
func decodeRow(row func(...any) error, into any, others ...any) error {
	var record sql.RawBytes // lives until the next row
	if err := row(append([]any{&record}, others...)...); err != nil {
		return err
	}
	return decode(record, into)
}

// assessedRow reads a row of record, match and purpose, and appends the
// assessment if there is one.
func assessedRow(row func(...any) error, into any, as []audit.Assessment) ([]audit.Assessment, error) {
	var match, purpose sql.RawBytes
	if err := decodeRow(row, into, &match, &purpose); err != nil {
		return as, err
	}
	if match == nil {
		return as, nil
	}
	var a audit.Assessment
	if err := decode(match, &a.Match); err != nil {
		return as, err
	}
	if err := decode(purpose, &a.Purpose); err != nil {
		return as, err
	}
	return append(as, a), nil
}

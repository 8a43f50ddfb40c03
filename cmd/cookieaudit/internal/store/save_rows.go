package store

import (
	"context"
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

func (w *writer) visits(ctx context.Context, scan *evidence.Scan, _ *audit.Judgement) error {
	err := insert(ctx, w, `INSERT INTO visits (scan, position, record) VALUES ($1, $2, $3)`,
		scan.Visits, func(i int, v *evidence.Visit) ([]any, error) {
			head := *v
			head.Pages, head.Screenshots = emptied(v.Pages), emptied(v.Screenshots)
			record, err := w.enc.encode(&head)
			return []any{w.scan, i, record}, err
		})
	if err != nil {
		return fmt.Errorf("visits: %w", err)
	}
	for n := range scan.Visits {
		v := &scan.Visits[n]
		err := insert(ctx, w, `INSERT INTO pages (scan, visit, position, record) VALUES ($1, $2, $3, $4)`,
			v.Pages, func(i int, p *evidence.Page) ([]any, error) {
				record, err := w.enc.encode(p)
				return []any{w.scan, n, i, record}, err
			})
		if err != nil {
			return fmt.Errorf("pages of phase %s: %w", v.Phase, err)
		}
		err = insert(ctx, w, `INSERT INTO screenshots (scan, visit, position, record, png) VALUES ($1, $2, $3, $4, $5)`,
			v.Screenshots, func(i int, s *evidence.Screenshot) ([]any, error) {
				head := *s
				head.PNG = nil
				record, err := w.enc.encode(&head)
				return []any{w.scan, n, i, record, s.PNG}, err
			})
		if err != nil {
			return fmt.Errorf("screenshots of phase %s: %w", v.Phase, err)
		}
	}
	return nil
}

func (w *writer) cookies(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := insert(ctx, w, `INSERT INTO cookies (scan, position, record, match, purpose) VALUES ($1, $2, $3, $4, $5)`,
		scan.Cookies, func(i int, c *evidence.Cookie) ([]any, error) {
			head := *c
			head.Writes = emptied(c.Writes)
			return w.assessed(ctx, i, &head, j.Cookies)
		})
	if err != nil {
		return fmt.Errorf("cookies: %w", err)
	}

	type write struct {
		cookie, position int
		*evidence.Write
	}
	var writes []write
	for n := range scan.Cookies {
		for i := range scan.Cookies[n].Writes {
			writes = append(writes, write{n, i, &scan.Cookies[n].Writes[i]})
		}
	}
	err = insert(ctx, w, `INSERT INTO cookie_writes (scan, cookie, position, record) VALUES ($1, $2, $3, $4)`,
		writes, func(_ int, wr *write) ([]any, error) {
			record, err := w.enc.encode(wr.Write)
			return []any{w.scan, wr.cookie, wr.position, record}, err
		})
	if err != nil {
		return fmt.Errorf("writes of cookies: %w", err)
	}
	return nil
}

func (w *writer) storage(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := insert(ctx, w, `INSERT INTO storage_items (scan, position, record, match, purpose) VALUES ($1, $2, $3, $4, $5)`,
		scan.Storage, func(i int, item *evidence.StorageItem) ([]any, error) {
			return w.assessed(ctx, i, item, j.Storage)
		})
	if err != nil {
		return fmt.Errorf("storage items: %w", err)
	}
	return nil
}

func (w *writer) requests(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := insert(ctx, w, `INSERT INTO requests (scan, position, record, match, purpose) VALUES ($1, $2, $3, $4, $5)`,
		scan.Requests, func(i int, r *evidence.Request) ([]any, error) {
			return w.assessed(ctx, i, r, j.Requests)
		})
	if err != nil {
		return fmt.Errorf("requests: %w", err)
	}
	return nil
}

// assessed returns the row of an observed thing and of its assessment, which
// is absent where no audit was made.
func (w *writer) assessed(ctx context.Context, i int, observed any, as []audit.Assessment) ([]any, error) {
	record, err := w.enc.encode(observed)
	if err != nil || as == nil {
		return []any{w.scan, i, record, nil, nil}, err
	}
	match, err := w.enc.encode(&as[i].Match)
	if err != nil {
		return nil, err
	}
	text, err := w.enc.encode(&as[i].Purpose)
	if err != nil {
		return nil, err
	}
	purpose, err := w.intern(ctx, purposes(), text)
	return []any{w.scan, i, record, match, purpose}, err
}

// declared writes what the site says: policies, declarations and claims.
func (w *writer) declared(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := insert(ctx, w, `INSERT INTO policies (scan, position, record, text) VALUES ($1, $2, $3, $4)`,
		scan.Policies, func(i int, p *evidence.PolicyDocument) ([]any, error) {
			head := *p
			head.Text = ""
			record, err := w.enc.encode(&head)
			if err != nil {
				return nil, err
			}
			text, err := w.intern(ctx, policyTexts(), p.Text)
			return []any{w.scan, i, record, text}, err
		})
	if err != nil {
		return fmt.Errorf("policies: %w", err)
	}
	err = insert(ctx, w, `INSERT INTO declarations (scan, position, record, observed) VALUES ($1, $2, $3, $4)`,
		scan.Declarations, func(i int, d *evidence.Declaration) ([]any, error) {
			var observed any
			if j.Observed != nil {
				observed = j.Observed[i]
			}
			record, err := w.enc.encode(d)
			return []any{w.scan, i, record, observed}, err
		})
	if err != nil {
		return fmt.Errorf("declarations: %w", err)
	}
	err = insert(ctx, w, `INSERT INTO claims (scan, position, record) VALUES ($1, $2, $3)`,
		scan.Claims, func(i int, c *evidence.Claim) ([]any, error) {
			record, err := w.enc.encode(c)
			return []any{w.scan, i, record}, err
		})
	if err != nil {
		return fmt.Errorf("claims: %w", err)
	}
	return nil
}

func (w *writer) findings(ctx context.Context, _ *evidence.Scan, j *audit.Judgement) error {
	err := insert(ctx, w, `INSERT INTO findings (scan, position, record, citations) VALUES ($1, $2, $3, $4)`,
		j.Findings, func(i int, f *audit.Finding) ([]any, error) {
			head := *f
			head.Citations = nil
			record, err := w.enc.encode(&head)
			if err != nil {
				return nil, err
			}
			law, err := w.enc.encode(f.Citations)
			if err != nil {
				return nil, err
			}
			cited, err := w.intern(ctx, citations(), law)
			return []any{w.scan, i, record, cited}, err
		})
	if err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	return nil
}

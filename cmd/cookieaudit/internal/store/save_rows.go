package store

import (
	"context"
	"database/sql"
	"fmt"

	"cookieaudit/audit"
	"cookieaudit/crawler/evidence"
)

func (w *writer) visits(ctx context.Context, scan *evidence.Scan, _ *audit.Judgement) error {
	err := insert(ctx, w, `visits (scan, position, record)`, "",
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
		err := insert(ctx, w, `pages (scan, visit, position, record)`, "",
			v.Pages, func(i int, p *evidence.Page) ([]any, error) {
				record, err := w.enc.encode(p)
				return []any{w.scan, n, i, record}, err
			})
		if err != nil {
			return fmt.Errorf("pages of phase %s: %w", v.Phase, err)
		}
		err = insert(ctx, w, `screenshots (scan, visit, position, record, png)`, "",
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
	err := insert(ctx, w, `cookies (scan, position, record, match, purpose)`, "",
		scan.Cookies, func(i int, c *evidence.Cookie) ([]any, error) {
			head := *c
			head.Writes = emptied(c.Writes)
			return w.assessed(i, &head, j.Cookies, w.shared.cookies)
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
	err = insert(ctx, w, `cookie_writes (scan, cookie, position, record)`, "",
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
	err := insert(ctx, w, `storage_items (scan, position, record, match, purpose)`, "",
		scan.Storage, func(i int, item *evidence.StorageItem) ([]any, error) {
			return w.assessed(i, item, j.Storage, w.shared.storage)
		})
	if err != nil {
		return fmt.Errorf("storage items: %w", err)
	}
	return nil
}

func (w *writer) requests(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := insert(ctx, w, `requests (scan, position, record, match, purpose)`, "",
		scan.Requests, func(i int, r *evidence.Request) ([]any, error) {
			return w.assessed(i, r, j.Requests, w.shared.requests)
		})
	if err != nil {
		return fmt.Errorf("requests: %w", err)
	}
	return nil
}

// assessed returns the row of an observed thing and of its assessment, which
// is absent where no audit was made.
func (w *writer) assessed(i int, observed any, as []audit.Assessment, purposes []int64) ([]any, error) {
	record, err := w.enc.encode(observed)
	if err != nil || as == nil {
		return []any{w.scan, i, record, nil, nil}, err
	}
	match, err := w.enc.encode(&as[i].Match)
	return []any{w.scan, i, record, match, purposes[i]}, err
}

// declared writes what the site says: policies, declarations and claims.
func (w *writer) declared(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	err := insert(ctx, w, `policies (scan, position, record, text)`, "",
		scan.Policies, func(i int, p *evidence.PolicyDocument) ([]any, error) {
			head := *p
			head.Text = ""
			record, err := w.enc.encode(&head)
			return []any{w.scan, i, record, w.shared.texts[i]}, err
		})
	if err != nil {
		return fmt.Errorf("policies: %w", err)
	}
	err = insert(ctx, w, `declarations (scan, position, record, observed)`, "",
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
	err = insert(ctx, w, `claims (scan, position, record)`, "",
		scan.Claims, func(i int, c *evidence.Claim) ([]any, error) {
			record, err := w.enc.encode(c)
			return []any{w.scan, i, record}, err
		})
	if err != nil {
		return fmt.Errorf("claims: %w", err)
	}
	return nil
}

func (w *writer) findings(ctx context.Context, scan *evidence.Scan, j *audit.Judgement) error {
	behind := providers(scan, j)
	err := insert(ctx, w, `findings (scan, position, record, citations, provider)`, "",
		j.Findings, func(i int, f *audit.Finding) ([]any, error) {
			head := *f
			head.Citations = nil
			record, err := w.enc.encode(&head)
			provider := behind(f.Subject)
			return []any{w.scan, i, record, w.shared.citations[i], sql.NullString{String: w.text(provider), Valid: provider != ""}}, err
		})
	if err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	return nil
}

// providers returns who is behind the subjects of a scan's findings, empty for
// those of whom it is not known, or that no provider is behind.
func providers(scan *evidence.Scan, j *audit.Judgement) func(audit.Subject) string {
	known := map[audit.Subject]string{}
	learn := func(kind audit.SubjectKind, name, domain, provider string) {
		if s := (audit.Subject{Kind: kind, Name: name, Domain: domain}); known[s] == "" {
			known[s] = provider
		}
	}
	for i := range j.Cookies {
		learn(audit.SubjectCookie, scan.Cookies[i].Name, scan.Cookies[i].Domain, j.Cookies[i].Purpose.Provider)
	}
	for i := range j.Storage {
		learn(audit.SubjectStorage, scan.Storage[i].Key, scan.Storage[i].Origin, j.Storage[i].Purpose.Provider)
	}
	for i := range j.Requests {
		learn(audit.SubjectRequest, scan.Requests[i].Host, scan.Requests[i].Site, j.Requests[i].Purpose.Provider)
	}
	return func(s audit.Subject) string {
		if s.Kind == audit.SubjectProvider {
			return s.Name
		}
		return known[s]
	}
}

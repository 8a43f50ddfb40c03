package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/account"
)

// StartSession keeps a session, and throws away those that are over.
func (s *Store) StartSession(ctx context.Context, x account.Session) error {
	return s.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE created < $1`, stamp(x.Created.Add(-account.SessionLife))); err != nil {
			return s.explain("end old sessions in", err)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO sessions (digest, user_name, created, seen) VALUES ($1, $2, $3, $4)`,
			x.ID[:], x.User, stamp(x.Created), stamp(x.Seen))
		return s.explain("start a session in", err)
	})
}

// Session returns a session with the role that its user has now, or
// account.ErrNotFound.
func (s *Store) Session(ctx context.Context, id account.Digest) (account.Session, error) {
	x, err := one(ctx, s, "find a session in", `SELECT s.user_name, u.role, s.created, s.seen
		FROM sessions s JOIN users u ON u.name = s.user_name WHERE s.digest = $1`, []any{id[:]}, func(x *account.Session) []any {
		return []any{&x.User, &x.Role, stamped{&x.Created}, stamped{&x.Seen}}
	})
	x.ID = id
	return x, err
}

// SeeSession notes when a session was last used.
func (s *Store) SeeSession(ctx context.Context, id account.Digest, at time.Time) error {
	return s.change(ctx, "note a session in", `UPDATE sessions SET seen = $1 WHERE digest = $2`, stamp(at), id[:])
}

// EndSession forgets a session.
func (s *Store) EndSession(ctx context.Context, id account.Digest) error {
	return s.change(ctx, "end a session in", `DELETE FROM sessions WHERE digest = $1`, id[:])
}

// Tokens lists the tokens of a user, the last one first.
func (s *Store) Tokens(ctx context.Context, user string) ([]account.Token, error) {
	return list(ctx, s, "list the tokens in", `SELECT id, user_name, name, role, created, used, expires FROM tokens
		WHERE user_name = $1 ORDER BY created DESC, id`, []any{user}, func(t *account.Token) []any {
		return []any{&t.ID, &t.User, &t.Name, &t.Role, stamped{&t.Created}, stamped{&t.Used}, stamped{&t.Expires}}
	})
}

// AddToken keeps a token.
func (s *Store) AddToken(ctx context.Context, t account.Token) error {
	return s.change(ctx, "add a token to", `INSERT INTO tokens (digest, id, user_name, name, role, created, used, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		t.Digest[:], t.ID, t.User, t.Name, string(t.Role), stamp(t.Created), stamp(t.Used), stamp(t.Expires))
}

// RemoveToken revokes a token of a user, or returns account.ErrNotFound.
func (s *Store) RemoveToken(ctx context.Context, user, id string) error {
	return s.change(ctx, "revoke a token in", `DELETE FROM tokens WHERE user_name = $1 AND id = $2`, user, s.text(id))
}

// Token returns a token and the role of its user, or account.ErrNotFound.
func (s *Store) Token(ctx context.Context, d account.Digest) (account.Token, account.Role, error) {
	type found struct {
		account.Token
		of account.Role
	}
	f, err := one(ctx, s, "find a token in", `SELECT t.id, t.user_name, t.name, t.role, t.created, t.used, t.expires, u.role
		FROM tokens t JOIN users u ON u.name = t.user_name WHERE t.digest = $1`, []any{d[:]}, func(f *found) []any {
		return []any{&f.ID, &f.User, &f.Name, &f.Role, stamped{&f.Created}, stamped{&f.Used}, stamped{&f.Expires}, &f.of}
	})
	f.Digest = d
	return f.Token, f.of, err
}

// SeeToken notes when a token was last used.
func (s *Store) SeeToken(ctx context.Context, d account.Digest, at time.Time) error {
	return s.change(ctx, "note a token in", `UPDATE tokens SET used = $1 WHERE digest = $2`, stamp(at), d[:])
}

// Decisions lists every acceptance of findings, the first one first; expired and
// withdrawn ones too.
func (s *Store) Decisions(ctx context.Context) ([]audit.Decision, error) {
	return list(ctx, s, "list the accepted findings in", `SELECT id, rule, site, subject, reason, owner, expires, made_by, made, withdrawn_by, withdrawn
		FROM decisions ORDER BY made, id`, nil, func(d *audit.Decision) []any {
		return []any{
			&d.ID, &d.Rule, &d.Site, &d.Subject, &d.Reason, &d.Owner, &d.Expires,
			&d.By,
			stamped{&d.Made},
			&d.WithdrawnBy,
			stamped{&d.Withdrawn},
		}
	})
}

// Decide keeps an acceptance.
func (s *Store) Decide(ctx context.Context, d audit.Decision) error {
	return s.decide(ctx, "accept a finding in", func(tx *sql.Tx) (string, error) {
		_, err := tx.ExecContext(ctx, `INSERT INTO decisions
			(id, rule, site, subject, reason, owner, expires, made_by, made, withdrawn_by, withdrawn)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '')`,
			d.ID, d.Rule, s.text(d.Site), s.text(d.Subject), s.text(d.Reason), s.text(d.Owner), d.Expires, d.By, stamp(d.Made))
		return d.Rule, err
	})
}

// Withdraw ends an acceptance, or returns account.ErrNotFound where there is
// none that stands.
func (s *Store) Withdraw(ctx context.Context, id, by string, at time.Time) error {
	return s.decide(ctx, "withdraw an acceptance in", func(tx *sql.Tx) (rule string, err error) {
		err = tx.QueryRowContext(ctx, `UPDATE decisions SET withdrawn_by = $1, withdrawn = $2
			WHERE id = $3 AND withdrawn_by = '' RETURNING rule`, by, stamp(at), s.text(id)).Scan(&rule)
		if errors.Is(err, sql.ErrNoRows) {
			err = account.ErrNotFound
		}
		return rule, err
	})
}

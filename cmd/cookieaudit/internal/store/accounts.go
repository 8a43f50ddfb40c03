package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/account"
)

// timeFormat has as many digits for every moment, so that text sorts by time.
const timeFormat = "2006-01-02T15:04:05.000000000Z"

// stamp writes a moment; what is zero is empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeFormat)
}

// A stamped column is read into a time.
type stamped struct{ t *time.Time }

// Scan implements sql.Scanner.
func (s stamped) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("a time is kept as %T", value)
	}
	if text == "" {
		*s.t = time.Time{}
		return nil
	}
	t, err := time.Parse(timeFormat, text)
	*s.t = t
	return err
}

// list reads every row of a query.
func list[T any](ctx context.Context, s *Store, doing, query string, args []any, into func(*T) []any) ([]T, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, s.explain(doing, err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var item T
		if err := rows.Scan(into(&item)...); err != nil {
			return nil, s.explain(doing, err)
		}
		out = append(out, item)
	}
	return out, s.explain(doing, rows.Err())
}

// one reads the only row of a query; account.ErrNotFound where there is none.
func one[T any](ctx context.Context, s *Store, doing, query string, args []any, into func(*T) []any) (T, error) {
	all, err := list(ctx, s, doing, query, args, into)
	if err == nil && len(all) == 0 {
		err = account.ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}

// change runs a statement that is to change a row; account.ErrNotFound where it
// changes none.
func (s *Store) change(ctx context.Context, doing, query string, args ...any) error {
	result, err := s.write.ExecContext(ctx, query, args...)
	if err != nil {
		return s.explain(doing, err)
	}
	return s.explain(doing, changed(result))
}

func changed(result sql.Result) error {
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return account.ErrNotFound
	}
	return err
}

const userColumns = `SELECT name, role, hash, created, changed FROM users`

func intoUser(u *account.User) []any {
	return []any{&u.Name, &u.Role, &u.Hash, stamped{&u.Created}, stamped{&u.Changed}}
}

// Users lists all users by their names.
func (s *Store) Users(ctx context.Context) ([]account.User, error) {
	return list(ctx, s, "list the users in", userColumns+` ORDER BY name`, nil, intoUser)
}

// User returns the user of a name, or account.ErrNotFound.
func (s *Store) User(ctx context.Context, name string) (account.User, error) {
	return one(ctx, s, "find a user in", userColumns+` WHERE name = $1`, []any{s.text(name)}, intoUser)
}

// AddUser adds a user, or returns account.ErrExists.
func (s *Store) AddUser(ctx context.Context, u account.User) error {
	err := s.change(ctx, "add a user to", `INSERT INTO users (name, role, hash, created, changed)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`, u.Name, string(u.Role), u.Hash, stamp(u.Created), stamp(u.Changed))
	if errors.Is(err, account.ErrNotFound) {
		return account.ErrExists
	}
	return err
}

// ChangeUser sets the role and the password of a user. A new password ends the
// user's sessions. The error is account.ErrLastAdmin where no admin would be left.
func (s *Store) ChangeUser(ctx context.Context, u account.User) error {
	return s.changeUsers(ctx, "change a user of", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM sessions WHERE user_name = $1
			AND NOT EXISTS (SELECT 1 FROM users WHERE name = $2 AND hash = $3)`, u.Name, u.Name, u.Hash)
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `UPDATE users SET role = $1, hash = $2, changed = $3 WHERE name = $4`,
			string(u.Role), u.Hash, stamp(u.Changed), u.Name)
		if err != nil {
			return err
		}
		return changed(result)
	})
}

// RemoveUser removes a user with all sessions and tokens. The error is
// account.ErrLastAdmin where no admin would be left.
func (s *Store) RemoveUser(ctx context.Context, name string) error {
	return s.changeUsers(ctx, "remove a user from", func(tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM users WHERE name = $1`, s.text(name))
		if err != nil {
			return err
		}
		return changed(result)
	})
}

// changeUsers runs a change that must not take the last admin away.
func (s *Store) changeUsers(ctx context.Context, doing string, do func(*sql.Tx) error) error {
	return s.Write(ctx, func(tx *sql.Tx) error {
		// Holds the rows until the end: two changes at once could each leave the
		// other's admin.
		before, err := tx.ExecContext(ctx, `UPDATE users SET role = role WHERE role = $1`, string(account.Admin))
		if err != nil {
			return s.explain(doing, err)
		}
		admins, err := before.RowsAffected()
		if err != nil {
			return s.explain(doing, err)
		}
		if err := do(tx); err != nil {
			return s.explain(doing, err)
		}
		var left int64
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM users WHERE role = $1`, string(account.Admin)).Scan(&left); err != nil {
			return s.explain(doing, err)
		}
		if admins > 0 && left == 0 {
			return account.ErrLastAdmin
		}
		return nil
	})
}

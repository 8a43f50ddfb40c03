package store

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cookieaudit/audit"
	"cookieaudit/cmd/cookieaudit/internal/account"
)

func oclock(hour int) time.Time {
	return time.Date(2026, time.May, 20, hour, 0, 0, 123456789, time.UTC)
}

func addUsers(t *testing.T, s *Store, users ...account.User) {
	t.Helper()
	for _, u := range users {
		if err := s.AddUser(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
}

func wantError(t *testing.T, doing string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: error %v, want %v", doing, got, want)
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s, ctx := openAt(t, dsn), t.Context()
		ann := account.User{Name: "ann", Role: account.Admin, Hash: "h1", Created: oclock(1), Changed: oclock(2)}
		bob := account.User{Name: "bob", Role: account.Viewer, Hash: "h2", Created: oclock(3), Changed: oclock(3)}
		addUsers(t, s, bob, ann)
		wantError(t, "add ann again", s.AddUser(ctx, account.User{Name: "ann", Role: account.Viewer, Hash: "h3"}), account.ErrExists)
		all, err := s.Users(ctx)
		if diff := cmp.Diff([]account.User{ann, bob}, all); err != nil || diff != "" {
			t.Errorf("users: %v (-want +got)\n%s", err, diff)
		}
		_, err = s.User(ctx, "eve")
		wantError(t, "find eve", err, account.ErrNotFound)
		wantError(t, "change eve", s.ChangeUser(ctx, account.User{Name: "eve"}), account.ErrNotFound)
		wantError(t, "remove eve", s.RemoveUser(ctx, "eve"), account.ErrNotFound)

		ann.Role = account.Viewer
		wantError(t, "demote the last admin", s.ChangeUser(ctx, ann), account.ErrLastAdmin)
		wantError(t, "remove the last admin", s.RemoveUser(ctx, "ann"), account.ErrLastAdmin)
		if got, err := s.User(ctx, "ann"); err != nil || got.Role != account.Admin {
			t.Errorf("ann is %v (%v) after what was refused", got, err)
		}
		bob.Role, bob.Hash, bob.Changed = account.Admin, "h4", oclock(5)
		wantError(t, "promote bob", s.ChangeUser(ctx, bob), nil)
		wantError(t, "demote ann", s.ChangeUser(ctx, ann), nil)
		if got, err := s.User(ctx, "bob"); err != nil || !cmp.Equal(got, bob) {
			t.Errorf("bob is %v (%v), want %v", got, err, bob)
		}
	})
}

// TestTwoAdmins wants one of two admins to stay who remove each other at once.
func TestTwoAdmins(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s := openAt(t, dsn)
		for range 5 {
			for _, name := range []string{"ann", "bob"} {
				if err := s.AddUser(t.Context(), account.User{Name: name, Role: account.Admin, Hash: "h"}); err != nil && !errors.Is(err, account.ErrExists) {
					t.Fatal(err)
				}
			}
			var wg sync.WaitGroup
			errs := make([]error, 2)
			for i, name := range []string{"ann", "bob"} {
				wg.Go(func() { errs[i] = s.RemoveUser(t.Context(), name) })
			}
			wg.Wait()
			refused := 0
			for _, err := range errs {
				if errors.Is(err, account.ErrLastAdmin) {
					refused++
				} else if err != nil {
					t.Fatal(err)
				}
			}
			if refused != 1 {
				t.Fatalf("%d of the two were refused, want one: %v", refused, errs)
			}
		}
	})
}

func TestSessions(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s, ctx := openAt(t, dsn), t.Context()
		addUsers(t, s, account.User{Name: "ann", Role: account.Admin, Hash: "h"}, account.User{Name: "bob", Role: account.Viewer, Hash: "h"})
		start := func(b byte, user string, when time.Time) account.Session {
			x := account.Session{ID: account.Digest{b}, User: user, Created: when, Seen: when}
			if err := s.StartSession(ctx, x); err != nil {
				t.Fatal(err)
			}
			return x
		}
		old := start(1, "bob", oclock(1).Add(-24*time.Hour))
		first, second := start(2, "bob", oclock(1)), start(3, "ann", oclock(1))
		_, err := s.Session(ctx, old.ID)
		wantError(t, "find what is over", err, account.ErrNotFound)

		wantError(t, "see", s.SeeSession(ctx, first.ID, oclock(2)), nil)
		first.Seen, first.Role = oclock(2), account.Viewer
		if got, err := s.Session(ctx, first.ID); err != nil || !cmp.Equal(got, first) {
			t.Errorf("session %v (%v), want %v", got, err, first)
		}
		wantError(t, "promote bob", s.ChangeUser(ctx, account.User{Name: "bob", Role: account.Operator, Hash: "h"}), nil)
		if got, err := s.Session(ctx, first.ID); err != nil || got.Role != account.Operator {
			t.Errorf("after a change of the role: %v (%v)", got, err)
		}
		wantError(t, "set bob's password", s.ChangeUser(ctx, account.User{Name: "bob", Role: account.Operator, Hash: "new"}), nil)
		_, err = s.Session(ctx, first.ID)
		wantError(t, "find bob's session after a new password", err, account.ErrNotFound)
		if _, err := s.Session(ctx, second.ID); err != nil {
			t.Errorf("ann's session: %v", err)
		}
		wantError(t, "end", s.EndSession(ctx, second.ID), nil)
		wantError(t, "end again", s.EndSession(ctx, second.ID), account.ErrNotFound)
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s, ctx := openAt(t, dsn), t.Context()
		addUsers(t, s, account.User{Name: "ann", Role: account.Admin, Hash: "h"}, account.User{Name: "bob", Role: account.Operator, Hash: "h"})
		tok := account.Token{ID: "t1", User: "bob", Name: "ci", Role: account.Viewer, Digest: account.Digest{7}, Created: oclock(1), Expires: oclock(9)}
		wantError(t, "add", s.AddToken(ctx, tok), nil)
		wantError(t, "see", s.SeeToken(ctx, tok.Digest, oclock(3)), nil)
		tok.Used = oclock(3)
		if got, role, err := s.Token(ctx, tok.Digest); err != nil || role != account.Operator || !cmp.Equal(got, tok) {
			t.Errorf("token %v of a %s (%v), want %v", got, role, err, tok)
		}
		listed := tok
		listed.Digest = account.Digest{} // no list needs it
		if all, err := s.Tokens(ctx, "bob"); err != nil || !cmp.Equal(all, []account.Token{listed}) {
			t.Errorf("tokens %v (%v)", all, err)
		}
		wantError(t, "revoke another's", s.RemoveToken(ctx, "ann", "t1"), account.ErrNotFound)
		wantError(t, "remove bob", s.RemoveUser(ctx, "bob"), nil)
		_, _, err := s.Token(ctx, tok.Digest)
		wantError(t, "find the token of a user who is gone", err, account.ErrNotFound)
	})
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, dsn string) {
		s, ctx := openAt(t, dsn), t.Context()
		d := audit.Decision{Suppression: audit.Suppression{
			Rule: "UNDECLARED_COOKIE", Site: "*.example.org", Subject: "lb*",
			Acceptance: audit.Acceptance{ID: "d1", Reason: "in the next version", Owner: "legal", Expires: "2026-12-31"},
		}, By: "ann", Made: oclock(1)}
		wantError(t, "decide", s.Decide(ctx, d), nil)
		if all, err := s.Decisions(ctx); err != nil || !cmp.Equal(all, []audit.Decision{d}) {
			t.Errorf("decisions: %v\n%s", err, cmp.Diff([]audit.Decision{d}, all))
		}
		wantError(t, "withdraw", s.Withdraw(ctx, "d1", "bob", oclock(2)), nil)
		wantError(t, "withdraw again", s.Withdraw(ctx, "d1", "eve", oclock(3)), account.ErrNotFound)
		d.WithdrawnBy, d.Withdrawn = "bob", oclock(2)
		if all, err := s.Decisions(ctx); err != nil || !cmp.Equal(all, []audit.Decision{d}) {
			t.Errorf("after it was withdrawn: %v\n%s", err, cmp.Diff([]audit.Decision{d}, all))
		}
	})
}

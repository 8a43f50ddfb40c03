package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/account"
)

type user struct {
	Name    string       `json:"name"`
	Role    account.Role `json:"role"`
	Created time.Time    `json:"created"`
	// PasswordSet is when the password was last set.
	PasswordSet time.Time `json:"password_set"`
}

func newUser(u *account.User) user {
	return user{Name: u.Name, Role: u.Role, Created: u.Created, PasswordSet: u.Changed}
}

type userList struct {
	Users []user `json:"users"`
}

func (s *server) listUsers(ctx context.Context, _ *caller, _ nothing) (userList, error) {
	all, err := s.Accounts.Users(ctx)
	if err != nil {
		return userList{}, err
	}
	out := userList{Users: []user{}}
	for i := range all {
		out.Users = append(out.Users, newUser(&all[i]))
	}
	return out, nil
}

type addUserInput struct {
	Name     string `json:"name" check:"required,max=64" doc:"lower-case letters, digits and . _ - @ +"`
	Role     string `json:"role" check:"required" enum:"viewer operator admin" doc:"what the user may do"`
	Password string `json:"password" check:"required,max=256" doc:"at least 15 characters"`
}

func (s *server) addUser(ctx context.Context, c *caller, in addUserInput) (user, error) {
	if err := account.CheckName(in.Name); err != nil {
		return user{}, invalid("name", err.Error())
	}
	hash, err := s.newHash(ctx, "password", in.Name, in.Password)
	if err != nil {
		return user{}, err
	}
	now := s.Now().UTC()
	u := account.User{Name: in.Name, Role: account.Role(in.Role), Hash: hash, Created: now, Changed: now}
	if err := s.Accounts.AddUser(ctx, u); err != nil {
		return user{}, err
	}
	s.Log.Info("user added", "user", u.Name, "role", u.Role, "by", c.User)
	return newUser(&u), nil
}

// newHash checks a new password and hashes it.
func (s *server) newHash(ctx context.Context, fieldName, name, password string) (string, error) {
	if err := account.CheckPassword(name, password); err != nil {
		return "", invalid(fieldName, err.Error())
	}
	return s.Passwords.Hash(ctx, password)
}

type changeUserInput struct {
	Name     string `json:"name" check:"required,max=64" doc:"of the user"`
	Role     string `json:"role" enum:"viewer operator admin" doc:"unchanged where it is absent"`
	Password string `json:"password" check:"max=256" doc:"unchanged where it is absent; a new one ends the user's sessions"`
}

func (s *server) changeUser(ctx context.Context, c *caller, in changeUserInput) (user, error) {
	if in.Role == "" && in.Password == "" {
		return user{}, invalid("role", "is missing, and so is a password: nothing would change")
	}
	u, err := s.Accounts.User(ctx, in.Name)
	if err != nil {
		return user{}, err
	}
	u.Role = cmp.Or(account.Role(in.Role), u.Role)
	if in.Password != "" {
		if u.Hash, err = s.newHash(ctx, "password", u.Name, in.Password); err != nil {
			return user{}, err
		}
		u.Changed = s.Now().UTC()
	}
	if err := s.Accounts.ChangeUser(ctx, u); err != nil {
		return user{}, err
	}
	s.Log.Info("user changed", "user", u.Name, "role", u.Role, "password", in.Password != "", "by", c.User)
	return newUser(&u), nil
}

type nameInput struct {
	Name string `json:"name" check:"required,max=64" doc:"of the user"`
}

func (s *server) removeUser(ctx context.Context, c *caller, in nameInput) (nothing, error) {
	if err := s.Accounts.RemoveUser(ctx, in.Name); err != nil {
		return nothing{}, err
	}
	s.Log.Info("user removed", "user", in.Name, "by", c.User)
	return nothing{}, nil
}

type me struct {
	Name string       `json:"name"`
	Role account.Role `json:"role"`
}

func (s *server) getMe(_ context.Context, c *caller, _ nothing) (me, error) {
	return me{Name: c.User, Role: c.Role}, nil
}

type passwordInput struct {
	Old string `json:"old" check:"required,max=256" doc:"the password until now"`
	New string `json:"new" check:"required,max=256" doc:"at least 15 characters"`
}

func (s *server) changePassword(ctx context.Context, c *caller, in passwordInput) (nothing, error) {
	if c.Token != "" {
		return nothing{}, &problem{Status: http.StatusForbidden, Detail: "a token cannot change the password of its user"}
	}
	// Whoever finds an open browser must not be able to try passwords here.
	u, err := s.checkPassword(ctx, c.User, in.Old, c.Address)
	if err != nil {
		if p := problemOf(err); p.Status == http.StatusUnauthorized {
			return nothing{}, invalid("old", "is not your password")
		}
		return nothing{}, err
	}
	if u.Hash, err = s.newHash(ctx, "new", u.Name, in.New); err != nil {
		return nothing{}, err
	}
	u.Changed = s.Now().UTC()
	if err := s.Accounts.ChangeUser(ctx, u); err != nil {
		return nothing{}, err
	}
	s.Log.Info("password changed", "user", u.Name)
	return nothing{}, nil
}

type token struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Role    account.Role `json:"role"`
	Created time.Time    `json:"created"`
	Used    *time.Time   `json:"used"`
	Expires *time.Time   `json:"expires"`
	// Secret is in the answer that makes the token and never again.
	Secret string `json:"secret,omitempty"`
}

func newToken(t *account.Token) token {
	out := token{ID: t.ID, Name: t.Name, Role: t.Role, Created: t.Created}
	if !t.Used.IsZero() {
		out.Used = &t.Used
	}
	if !t.Expires.IsZero() {
		out.Expires = &t.Expires
	}
	return out
}

type tokenList struct {
	Tokens []token `json:"tokens"`
}

func (s *server) listTokens(ctx context.Context, c *caller, _ nothing) (tokenList, error) {
	all, err := s.Accounts.Tokens(ctx, c.User)
	if err != nil {
		return tokenList{}, err
	}
	out := tokenList{Tokens: []token{}}
	for i := range all {
		out.Tokens = append(out.Tokens, newToken(&all[i]))
	}
	slices.SortStableFunc(out.Tokens, func(a, b token) int { return b.Created.Compare(a.Created) })
	return out, nil
}

type tokenInput struct {
	Name string `json:"name" check:"required,max=100" doc:"what it is for"`
	Role string `json:"role" enum:"viewer operator admin" doc:"what it may do at most; viewer unless stated"`
	Days int    `json:"days" check:"min=1,max=3650" doc:"how long it holds; 365 unless stated"`
}

// maxTokens bounds how many tokens a user has.
const maxTokens = 50

func (s *server) createToken(ctx context.Context, c *caller, in tokenInput) (token, error) {
	// A token that was published by mistake must not be able to live on in others.
	if c.Token != "" {
		return token{}, &problem{Status: http.StatusForbidden, Detail: "a token cannot make tokens: sign in"}
	}
	role := cmp.Or(account.Role(in.Role), account.Viewer)
	if !c.Role.Allows(role) {
		return token{}, invalid("role", "is more than you may do yourself")
	}
	all, err := s.Accounts.Tokens(ctx, c.User)
	if err != nil {
		return token{}, err
	}
	if len(all) >= maxTokens {
		return token{}, &problem{Status: http.StatusConflict, Detail: "you have 50 tokens: revoke one first"}
	}
	t, secret, err := account.MakeToken(c.User, strings.TrimSpace(in.Name), role, s.Now().UTC(), time.Duration(cmp.Or(in.Days, 365))*24*time.Hour)
	if err != nil {
		return token{}, err
	}
	if err := s.Accounts.AddToken(ctx, t); err != nil {
		return token{}, err
	}
	s.Log.Info("token created", "token", t.ID, "role", t.Role, "by", c.User)
	out := newToken(&t)
	out.Secret = secret
	return out, nil
}

func (s *server) removeToken(ctx context.Context, c *caller, in idInput) (nothing, error) {
	if err := s.Accounts.RemoveToken(ctx, c.User, in.ID); err != nil {
		return nothing{}, err
	}
	s.Log.Info("token revoked", "token", in.ID, "by", c.User)
	return nothing{}, nil
}

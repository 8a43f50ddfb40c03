package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/account"
)

// cookieName is what the session's cookie is called. The prefix __Host- makes
// browsers take it only from us and only with Secure. Without https it has
// neither: Chromium takes such a cookie of http://localhost and http://127.0.0.1
// all the same, but Safari does not, and of other hosts no browser does.
func (s *server) cookieName() string {
	if s.secure {
		return "__Host-cookieaudit_session"
	}
	return "cookieaudit_session"
}

func (s *server) cookie(secret string, life time.Duration) *http.Cookie {
	c := &http.Cookie{
		Name: s.cookieName(), Value: secret, Path: "/", MaxAge: int(life.Seconds()),
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if secret == "" {
		c.MaxAge = -1
	}
	return c
}

// errSignIn is the answer to somebody who is not signed in.
func errSignIn() error {
	return &problem{Status: http.StatusUnauthorized, Detail: "sign in, or send a token"}
}

// caller tells who makes a request: the owner of a token, or of a session. Where
// it is nobody the error is a problem 401.
func (s *server) caller(r *http.Request) (*caller, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		return s.tokenCaller(r, header)
	}
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil, errSignIn()
	}
	id, err := account.DigestOf(cookie.Value)
	if err != nil {
		return nil, errSignIn()
	}
	session, err := s.Accounts.Session(r.Context(), id)
	now := s.Now().UTC()
	switch {
	case errors.Is(err, account.ErrNotFound), err == nil && !session.Valid(now):
		return nil, errSignIn()
	case err != nil:
		return nil, err
	}
	if session.Stale(now) {
		if err := s.Accounts.SeeSession(r.Context(), id, now); err != nil {
			return nil, err
		}
	}
	return &caller{Session: session, Address: address(r)}, nil
}

func (s *server) tokenCaller(r *http.Request, header string) (*caller, error) {
	scheme, secret, _ := strings.Cut(header, " ")
	digest, err := account.DigestOf(strings.TrimSpace(secret))
	if !strings.EqualFold(scheme, "bearer") || err != nil {
		return nil, errSignIn()
	}
	t, role, err := s.Accounts.Token(r.Context(), digest)
	now := s.Now().UTC()
	switch {
	case errors.Is(err, account.ErrNotFound), err == nil && !t.Valid(now):
		return nil, errSignIn()
	case err != nil:
		return nil, err
	}
	if t.Stale(now) {
		if err := s.Accounts.SeeToken(r.Context(), digest, now); err != nil {
			return nil, err
		}
	}
	return &caller{Session: account.Session{User: t.User, Role: t.Role.AtMost(role)}, Token: t.ID, Address: address(r)}, nil
}

// address is where a request comes from; of IPv6 the /64, which is what one
// customer has.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return ip.String()
	}
	return prefix.String()
}

// loginLimits bound how often a password can be tried. Behind a proxy all
// users share an address, so its bound is not tight; that of a name is (OWASP,
// Authentication: lock by account).
type loginLimits struct{ byAddress, byName *account.Limiter }

const (
	loginWindow     = 15 * time.Minute
	loginsByAddress = 100
	loginsByName    = 10
)

func newLoginLimits() loginLimits {
	return loginLimits{account.NewLimiter(loginsByAddress, loginWindow), account.NewLimiter(loginsByName, loginWindow)}
}

// checkPassword returns the user of that name where the password is right. What
// is wrong, name or password, is not told, and takes as long.
func (s *server) checkPassword(ctx context.Context, name, password, from string) (account.User, error) {
	now := s.Now()
	for _, l := range []struct {
		limiter *account.Limiter
		key     string
	}{{s.logins.byAddress, from}, {s.logins.byName, name}} {
		if wait, ok := l.limiter.Take(l.key, now); !ok {
			s.Log.Warn("too many sign-ins", "address", from)
			return account.User{}, &problem{Status: http.StatusTooManyRequests, Detail: "there were too many attempts: try again in a quarter of an hour", after: wait}
		}
	}
	u, err := s.Accounts.User(ctx, name)
	if err != nil && !errors.Is(err, account.ErrNotFound) {
		return u, err
	}
	right, err := s.Passwords.Check(ctx, u.Hash, password)
	if err != nil {
		return u, err
	}
	if !right {
		// The name may be a password in the wrong field: it is not logged unless
		// there is such a user.
		s.Log.Warn("sign-in refused", "user", u.Name, "address", from)
		return account.User{}, &problem{Status: http.StatusUnauthorized, Detail: "the name or the password is not right"}
	}
	s.logins.byAddress.Undo(from)
	s.logins.byName.Undo(name)
	return u, nil
}

type loginInput struct {
	Name     string `json:"name" check:"required,max=64"`
	Password string `json:"password" check:"required,max=256"`
	Next     string `json:"next"`
}

// signIn starts a session and gives its secret to the browser.
func (s *server) signIn(w http.ResponseWriter, r *http.Request, in *loginInput) error {
	from := address(r)
	u, err := s.checkPassword(r.Context(), in.Name, in.Password, from)
	if err != nil {
		return err
	}
	secret := account.NewSecret()
	id, err := account.DigestOf(secret)
	if err != nil {
		return err
	}
	now := s.Now().UTC()
	if err := s.Accounts.StartSession(r.Context(), account.Session{ID: id, User: u.Name, Role: u.Role, Created: now, Seen: now}); err != nil {
		return err
	}
	s.Log.Info("signed in", "user", u.Name, "address", from)
	http.SetCookie(w, s.cookie(secret, account.SessionLife))
	return nil
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, s.cookie("", 0))
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil //nolint:nilerr // nobody was signed in
	}
	id, err := account.DigestOf(cookie.Value)
	if err != nil {
		return nil //nolint:nilerr // it is no session of ours
	}
	if err := s.Accounts.EndSession(r.Context(), id); err != nil && !errors.Is(err, account.ErrNotFound) {
		return err
	}
	return nil
}

// localPath returns where to go after a sign-in: a path of ours, whatever the
// request says. "//host" and "/\host" are other sites to a browser.
func localPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}

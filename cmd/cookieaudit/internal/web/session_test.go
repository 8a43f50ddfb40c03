package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"cookieaudit/cmd/cookieaudit/internal/account"
)

func sessionCookie(t *testing.T, a answer) *http.Cookie {
	t.Helper()
	cookies := (&http.Response{Header: a.header}).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("cookies %v, want one", cookies)
	}
	return cookies[0]
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.visitor(t)
	if a := v.get("/queue?state=running"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/login?next=%2Fqueue%3Fstate%3Drunning" {
		t.Fatalf("a page without a session: %d %s", a.status, a.header.Get("Location"))
	}
	for _, wrong := range [][2]string{{"viewer", "a long pass phrase for nobody"}, {"nobody", testPassword}, {"Viewer", testPassword}, {"viewer", testPassword + " "}} {
		a := v.form("/login", "name", wrong[0], "password", wrong[1])
		if a.status != http.StatusUnauthorized || len(a.header["Set-Cookie"]) > 0 || !strings.Contains(a.body, "the name or the password is not right") {
			t.Errorf("%v: %d %v", wrong, a.status, a.header["Set-Cookie"])
		}
	}
	a := v.form("/login", "name", "viewer", "password", testPassword, "next", "/queue?state=running")
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/queue?state=running" {
		t.Fatalf("sign in: %d %s", a.status, a.header.Get("Location"))
	}
	c := sessionCookie(t, a)
	if c.Name != "cookieaudit_session" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != int(account.SessionLife.Seconds()) || c.Secure {
		t.Errorf("cookie %v", c)
	}
	for id := range s.memory.sessions {
		if strings.Contains(c.Value, string(id[:])) {
			t.Error("the session's secret is kept as it is")
		}
	}
	if a := v.get("/"); a.status != http.StatusOK {
		t.Fatalf("a page with a session: %d", a.status)
	}
	s.now.advance(account.SessionIdle - time.Minute)
	if a := v.get("/"); a.status != http.StatusOK {
		t.Error("the session ended before its time")
	}
	s.now.advance(account.SessionIdle + time.Second)
	if a := v.get("/"); a.status != http.StatusSeeOther {
		t.Error("the session outlived its idle time")
	}
	v = s.as(t, account.Viewer)
	for range 11 {
		s.now.advance(time.Hour)
		if a := v.get("/"); a.status != http.StatusOK {
			t.Fatal("a session in use ended before its time")
		}
	}
	s.now.advance(time.Hour)
	if a := v.get("/"); a.status != http.StatusSeeOther {
		t.Error("the session outlived its longest time")
	}
	v = s.as(t, account.Viewer)
	a = v.form("/logout")
	if c := sessionCookie(t, a); c.MaxAge != -1 {
		t.Errorf("signing out leaves the cookie: %v", c)
	}
	if a := v.get("/"); a.status != http.StatusSeeOther {
		t.Error("signed out, and still in")
	}
}

func TestNextStaysHere(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"": "/", "/queue": "/queue", "/site?site=https://a.test/": "/site?site=https://a.test/",
		"//evil.test": "/", `/\evil.test`: "/", "https://evil.test": "/", "javascript:alert(1)": "/", "/\t/evil.test": "/", "/a\r\nSet-Cookie: a=b": "/",
	} {
		if got := localPath(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestTooManySignIns(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.visitor(t)
	for range loginsByName {
		if a := v.form("/login", "name", "admin", "password", "a wrong long pass phrase"); a.status != http.StatusUnauthorized {
			t.Fatal(a.status)
		}
	}
	a := v.form("/login", "name", "admin", "password", testPassword)
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") == "" {
		t.Fatalf("after %d wrong passwords: %d", loginsByName, a.status)
	}
	if a := v.form("/login", "name", "viewer", "password", testPassword); a.status != http.StatusSeeOther {
		t.Errorf("another user: %d", a.status)
	}
	s.now.advance(loginWindow)
	if a := v.form("/login", "name", "admin", "password", testPassword); a.status != http.StatusSeeOther {
		t.Errorf("a quarter of an hour later: %d", a.status)
	}
	for range 2 * loginsByName {
		if a := v.form("/login", "name", "admin", "password", testPassword); a.status != http.StatusSeeOther {
			t.Fatalf("right passwords are counted: %d", a.status)
		}
	}
}

// TestSecure wants what only https allows where users come by https.
func TestSecure(t *testing.T) {
	t.Parallel()
	s := newTestSite(t, func(o *Options) { o.Origin = "https://cookies.example.org" })
	v := s.visitor(t)
	a := v.do(http.MethodPost, "/login", "application/x-www-form-urlencoded", "name=viewer&password="+strings.ReplaceAll(testPassword, " ", "+"), "Host", "cookies.example.org", "Origin", "https://cookies.example.org")
	c := sessionCookie(t, a)
	if c.Name != "__Host-cookieaudit_session" || !c.Secure || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %v", c)
	}
	if a.header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
	if _, err := New(Options{Scans: s.memory, Findings: s.memory, Decisions: s.memory, Accounts: s.memory}); err == nil {
		t.Error("there is a dashboard without rules")
	}
}

// TestForeign wants nothing to be changed by a page of another site, and nothing
// to be told under another site's name.
func TestForeign(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.as(t, account.Admin)
	const form, addUser = "application/x-www-form-urlencoded", "name=eve&role=admin&password=a+long+pass+phrase+of+eve"
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
	} {
		for _, path := range []string{"/users", "/api/v1/users", "/login", "/logout", "/scans"} {
			if a := v.do(http.MethodPost, path, form, addUser, headers...); a.status != http.StatusForbidden {
				t.Errorf("POST %s with %v: %d", path, headers, a.status)
			}
		}
	}
	if len(s.memory.users) != len(account.Roles()) {
		t.Error("another site has added a user")
	}
	for host, want := range map[string]int{
		"evil.example": http.StatusMisdirectedRequest, "localhost.evil.example": http.StatusMisdirectedRequest, "": http.StatusOK,
		"localhost": http.StatusOK, "localhost:8080": http.StatusOK, "LOCALHOST.": http.StatusOK, "127.0.0.1:1": http.StatusOK, "[::1]:8080": http.StatusOK, "192.0.2.7": http.StatusOK,
	} {
		if host == "" {
			continue
		}
		if a := v.get("/cookies", "Host", host); a.status != want {
			t.Errorf("host %q: %d, want %d", host, a.status, want)
		}
	}
	if a := v.do(http.MethodPost, "/users", form, addUser, "Sec-Fetch-Site", "same-origin"); a.status != http.StatusSeeOther {
		t.Errorf("our own form: %d %s", a.status, a.body)
	}
}

// TestRoles tries every operation and every page as everybody.
func TestRoles(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	srv := &server{}
	visitors := map[account.Role]*visitor{"": s.visitor(t)}
	for _, r := range account.Roles() {
		visitors[r] = s.program(t, r)
	}
	for _, o := range srv.operations() {
		for role, v := range visitors {
			path := apiRoot + strings.NewReplacer("{id}", "nothing", "{name}", "nobody").Replace(o.Path)
			a := v.do(o.Method, path, "application/json", "{}")
			switch {
			case role == "":
				if a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" {
					t.Errorf("%s without a token: %d", o.ID, a.status)
				}
			case role.Allows(o.Role):
				if a.status == http.StatusUnauthorized || a.status == http.StatusForbidden && o.ID != "createToken" && o.ID != "changePassword" || a.status >= 500 {
					t.Errorf("%s as %s: %d %s", o.ID, role, a.status, a.body)
				}
			default:
				if a.status != http.StatusForbidden {
					t.Errorf("%s as %s: %d", o.ID, role, a.status)
				}
			}
		}
	}
	viewer := s.as(t, account.Viewer)
	if a := viewer.get("/users"); a.status != http.StatusForbidden {
		t.Errorf("users as viewer: %d", a.status)
	}
	for _, path := range []string{"/scans/shop-3", "/", "/queue", "/acceptances"} {
		for _, change := range []string{`action="/scans`, `action="/acceptances`, "/cancel"} {
			if strings.Contains(viewer.get(path).body, change) {
				t.Errorf("%s offers a viewer %s", path, change)
			}
		}
	}
}

// TestTokens wants a token to do what it says and no more.
func TestTokens(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.as(t, account.Operator)
	a := v.form("/account/tokens", "name", "ci", "role", "viewer", "days", "30")
	_, rest, ok := strings.Cut(a.body, `<p class="secret"><code>`)
	secret, _, _ := strings.Cut(rest, "<")
	if !ok || !strings.HasPrefix(secret, account.TokenPrefix) {
		t.Fatalf("no token in the answer: %d %s", a.status, a.body)
	}
	if strings.Contains(v.get("/account").body, secret) {
		t.Error("the token is shown again")
	}
	p := s.visitor(t)
	p.token = secret
	if who := value[me](t, p.get("/api/v1/me")); who.Name != "operator" || who.Role != account.Viewer {
		t.Errorf("the token is %v", who)
	}
	if a := p.json(http.MethodPost, "/api/v1/scans", map[string]any{"sites": []string{"a.test"}}); a.status != http.StatusForbidden {
		t.Errorf("a viewer's token scans: %d", a.status)
	}
	for _, path := range []string{"/api/v1/me/tokens", "/api/v1/me/password"} {
		if a := p.json(http.MethodPost, path, map[string]any{"name": "more", "old": testPassword, "new": "a new long pass phrase"}); a.status != http.StatusForbidden && a.status != http.StatusBadRequest {
			t.Errorf("a token changes %s: %d", path, a.status)
		}
	}
	if a := v.json(http.MethodPost, "/api/v1/me/tokens", map[string]any{"name": "god", "role": "admin"}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("an operator makes a token for an admin: %d", a.status)
	}
	s.now.advance(31 * 24 * time.Hour)
	if a := p.get("/api/v1/me"); a.status != http.StatusUnauthorized {
		t.Errorf("the token outlived its time: %d", a.status)
	}
	for _, wrong := range []string{"", "x", account.TokenPrefix, secret + "a", strings.ToUpper(secret)} {
		p.token = wrong
		if a := p.get("/api/v1/me"); a.status != http.StatusUnauthorized {
			t.Errorf("token %q: %d", wrong, a.status)
		}
	}
}

// TestNoSecretInTheLog signs in, fails to, sets passwords and makes tokens, and
// looks for all of that in the log.
func TestNoSecretInTheLog(t *testing.T) {
	t.Parallel()
	s := newTestSite(t)
	v := s.as(t, account.Admin)
	secrets := []string{testPassword}
	for id := range s.memory.sessions {
		secrets = append(secrets, string(id[:]))
	}
	try := func(secret string, do func()) {
		secrets = append(secrets, secret)
		do()
	}
	try("wrong pass phrase number one", func() { v.form("/login", "name", "admin", "password", "wrong pass phrase number one") })
	try("password in the wrong field", func() { v.form("/login", "name", "password in the wrong field", "password", "x") })
	try("the new user has this phrase", func() { v.form("/users", "name", "eve", "role", "viewer", "password", "the new user has this phrase") })
	try("eve was given this later on", func() { v.form("/users/eve/change", "password", "eve was given this later on") })
	try("this one was chosen at last", func() { v.form("/account/password", "old", testPassword, "new", "this one was chosen at last") })
	v = s.visitor(t)
	a := v.form("/login", "name", "admin", "password", "this one was chosen at last")
	secrets = append(secrets, sessionCookie(t, a).Value)
	made := value[token](t, v.json(http.MethodPost, "/api/v1/me/tokens", map[string]any{"name": "ci"}))
	secrets = append(secrets, made.Secret, strings.TrimPrefix(made.Secret, account.TokenPrefix))
	p := s.visitor(t)
	p.token = made.Secret
	p.get("/api/v1/sites")
	p.get("/api/v1/nothing?password=" + made.Secret)
	log := s.log.String()
	for _, what := range []string{"sign-in refused", "signed in", "user added", "user changed", "password changed", "token created"} {
		if !strings.Contains(log, what) {
			t.Errorf("the log does not tell: %s", what)
		}
	}
	for _, secret := range secrets {
		if strings.Contains(log, secret) {
			t.Errorf("the log has the secret %q", secret)
		}
	}
	for _, u := range s.memory.users {
		if strings.Contains(log, u.Hash) {
			t.Errorf("the log has the hash of %s", u.Name)
		}
	}
}
